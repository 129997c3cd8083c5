"""How far the records of each CRM reach, as the published set says."""

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

HAS_TABLE = """
    select count(*) from information_schema.tables
    where table_name = 'crm_freshness' and table_catalog = current_catalog()
"""
STALE = """
    select crm, data_through from crm_freshness
    where is_stale or data_through is null order by data_through, crm
"""


def is_told(con: "duckdb.DuckDBPyConnection") -> bool:
    """Whether the set says of any CRM how far it reaches, by the setting of its build."""
    [(is_kept,)] = con.execute(HAS_TABLE).fetchall()
    return bool(is_kept and con.execute("select count(*) from crm_freshness").fetchall()[0][0])


def stale_crms(con: "duckdb.DuckDBPyConnection") -> dict[str, datetime | None]:
    """CRM whose loader seems to have stopped -> its newest record (UTC), None when it has no time.

    A set that was published before this was kept has none.
    """
    [(is_kept,)] = con.execute(HAS_TABLE).fetchall()
    return dict(con.execute(STALE).fetchall()) if is_kept else {}

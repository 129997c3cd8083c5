"""Whether a published set is a demo CRM's, so that nobody's own numbers are held against it."""

from pathlib import Path

import duckdb

from leadsignal.errors import UsageError
from leadsignal.warehouse import open_published

# The ids of `leads.key`. A real org numbers otherwise, and never all of its leads like this.
_STRANGER = r"select 1 from fct_leads where not regexp_matches(lead_id, ':00Q5e[1-9]\d{9}AAA$')"


def is_demo(marts: Path) -> bool:
    """Whether the file is a set with leads, and all of them are a demo CRM's."""
    try:
        con = open_published(marts)
    except UsageError:
        return False
    try:
        some = con.execute("select 1 from fct_leads limit 1").fetchone()
        return bool(some) and not con.execute(f"{_STRANGER} limit 1").fetchone()
    except duckdb.Error:
        return False
    finally:
        con.close()

"""Whether a published set is a demo CRM's, so that nobody's own numbers are held against it."""

from pathlib import Path

import duckdb

from leadsignal.errors import UsageError
from leadsignal.warehouse import open_published

# The ids of `leads.key`. A real org numbers otherwise, and never all of its leads like this.
_STRANGER = r"select 1 from fct_leads where not regexp_matches(lead_id, ':00Q5e[1-9]\d{9}AAA$')"


def is_demo(marts: Path) -> bool | None:
    """Whether all leads of a set are a demo CRM's; None where there is no set, or no lead in it."""
    try:
        con = open_published(marts)
    except UsageError:
        return None
    try:
        if not con.execute("select 1 from fct_leads limit 1").fetchone():
            return None
        return not con.execute(f"{_STRANGER} limit 1").fetchone()
    except duckdb.Error:
        return None
    finally:
        con.close()

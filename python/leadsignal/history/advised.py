"""The advice of every build, kept so that it can be held against what came of it."""

import duckdb
import pyarrow

from leadsignal.history.carrying import Build, carry, contract
from leadsignal.periods import KINDS


def keep(con: duckdb.DuckDBPyConnection, build: Build) -> None:
    """Write advice_history: what earlier builds advised, and what this one does.

    Raises BuildFailed as `carry`.
    """
    from leadsignal.advice import history_rows

    named = {
        "build_number": build.number,
        "build_id": build.build_id,
        "as_of": build.as_of,
        "reported_at": build.reported_at,
    }
    rows = [named | row for kind in KINDS for row in history_rows(con, kind)]
    nothing = dict.fromkeys(contract()["advice_history"]["columns"])
    con.register("advised", pyarrow.Table.from_pylist([nothing, *rows]).slice(1))
    carry(con, "advice_history", "select * from advised")
    con.unregister("advised")

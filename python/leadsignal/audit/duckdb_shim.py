"""Great Expectations on DuckDB: keep the connection while a result is read.

Great Expectations 1.24.1 gives a pooled connection back before it fetches the rows of an aggregate,
and duckdb-engine then empties the result: every such expectation ends in an IndexError. For SQLite
and a few others it keeps one connection instead; this adds DuckDB to that list. A test shows that
the shim is still needed; when it fails, delete this module.
"""

from enum import Enum

from great_expectations.execution_engine import sqlalchemy_execution_engine


class _Dialect(str, Enum):  # noqa: UP042 - the list it joins holds enums that are strings by value
    """What the engine compares its dialect's name with."""

    DUCKDB = "duckdb"


def keep_connection() -> None:
    """Make Great Expectations keep its DuckDB connection open. Doing it twice changes nothing."""
    kept = sqlalchemy_execution_engine._PERSISTED_CONNECTION_DIALECTS
    if _Dialect.DUCKDB not in kept:
        sqlalchemy_execution_engine._PERSISTED_CONNECTION_DIALECTS = (*kept, _Dialect.DUCKDB)

"""Published sets of other versions: what they lack, and those that are too new to be read."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from leadsignal import contract
from leadsignal.contract import Table
from leadsignal.errors import UsageError

if TYPE_CHECKING:
    import duckdb

MOST_NAMED = 3


def check(con: "duckdb.DuckDBPyConnection", place: str) -> None:
    """Raises UsageError when the set in use is of a contract that is newer than ours.

    `place` is named in the error. A set that does not say its version is an older one.
    """
    version = _version(con)
    if not version:
        return
    try:
        is_newer = contract.number(version) > contract.number(contract.newest())
    except ValueError:
        is_newer = True
    if is_newer:
        raise UsageError(
            f"{place} is of contract {version}, and this leadsignal knows {contract.newest()}.",
            "Use a leadsignal as new as the one that published it.",
        )


def lacking(con: "duckdb.DuckDBPyConnection") -> list[str]:
    """Tables and columns of our contract that the set in use does not have, as names."""
    rows = con.execute(
        "select table_name, column_name from duckdb_columns()"
        " where database_name = current_database() and schema_name = current_schema()"
    ).fetchall()
    there: dict[str, set[str]] = {}
    for table, column in rows:
        there.setdefault(table, set()).add(column)
    return [name for table, told in contract.recorded(contract.newest()).items()
            for name in _lacking(table, told, there.get(table))]  # fmt: skip


@contextmanager
def read(con: "duckdb.DuckDBPyConnection") -> Iterator[None]:
    """Raises UsageError, in one line, when a reader meets something that an older set lacks."""
    import duckdb

    try:
        yield
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        missing = lacking(con)
        if not missing:
            raise
        raise UsageError(told(missing), REMEDY) from error


REMEDY = "Run `leadsignal build` to publish it anew; what it reported is kept."


def told(missing: list[str]) -> str:
    """What is missing, as a sentence."""
    named = ", ".join(missing[:MOST_NAMED])
    more = f" and {len(missing) - MOST_NAMED} more" if len(missing) > MOST_NAMED else ""
    return f"The published set is of an earlier leadsignal: it has no {named}{more}."


def _lacking(name: str, table: Table, columns: set[str] | None) -> list[str]:
    if columns is None:
        return [name]
    return [f"{name}.{column}" for column in table.columns if column not in columns]


def _version(con: "duckdb.DuckDBPyConnection") -> str:
    import duckdb

    try:
        rows = con.execute("select contract_version from publication").fetchall()
    except (duckdb.CatalogException, duckdb.BinderException):
        return ""
    return str(rows[0][0] or "") if rows else ""

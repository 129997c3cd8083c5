"""What commands read: the published set, and options that are moments or lists."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


@contextmanager
def published() -> "Iterator[duckdb.DuckDBPyConnection]":
    """A reading connection to the published set, closed at the end."""
    from leadsignal import settings, warehouse
    from leadsignal.contract import sets

    con = warehouse.open_published(settings.load().published)
    try:
        with sets.read(con):
            yield con
    finally:
        con.close()


def moment(as_of: str | None) -> str | None:
    """The option as an ISO date or timestamp, or None when it is not given."""
    from leadsignal import settings

    return settings.moment(as_of) if as_of else None


def names(texts: Iterable[str]) -> list[str]:
    """The names of lists with commas: `--by source --by owner` is `--by source,owner`."""
    return [name.strip() for name in ",".join(texts).split(",") if name.strip()]

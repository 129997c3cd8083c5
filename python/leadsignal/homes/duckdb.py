"""DuckDB, the default: what dbt has built is the serving file already."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from leadsignal.settings import Settings


class Embedded:
    """The files of the warehouse folder; see `Home`. Publishing them is all that is to do."""

    def prepare(self) -> Mapping[str, str]:
        """Nothing: the work place is always empty."""
        return {}

    def fetch(self, manifest: Path, marts: Path) -> None:
        """Nothing: dbt has built it there."""

    def previous(self, local: Path, copy: Path) -> Path | None:
        """The published file."""
        return local

    def publish(self, marts: Path) -> None:
        """Nothing: there are no readers but those of the file."""


@contextmanager
def opened(settings: Settings) -> Iterator[Embedded]:
    """The home; the lock of the warehouse folder is enough."""
    yield Embedded()

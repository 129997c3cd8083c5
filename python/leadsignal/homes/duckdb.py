"""DuckDB, the default: what dbt has built is the serving file already."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from leadsignal.layouts import tables_of_folders
from leadsignal.settings import Settings


class Embedded:
    """The files of the warehouse folder; see `Home`. Publishing them is all that is to do."""

    def __init__(self, settings: Settings) -> None:
        """The settings name the raw folder."""
        self.settings = settings

    def prepare(self) -> Mapping[str, str]:
        """Nothing: the work place is always empty."""
        return {}

    def raw_tables(self) -> Mapping[str, Collection[str]]:
        """The files of the raw folder."""
        return tables_of_folders(self.settings.raw, self.settings.crms)

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
    yield Embedded(settings)

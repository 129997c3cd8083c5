"""DuckDB, the default: what dbt has built is the serving file already."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from leadsignal.errors import BuildFailed
from leadsignal.layouts import files_by_table, tables_of_folders
from leadsignal.settings import Settings

Stamp = tuple[int, int]
"""What tells that a file was written or replaced: its size in bytes, its last change in ns."""


class Embedded:
    """The files of the warehouse folder; see `Home`. Publishing them is all that is to do."""

    def __init__(self, settings: Settings) -> None:
        """The settings name the raw folder."""
        self.settings = settings
        self.stamps: dict[Path, Stamp] = {}

    def prepare(self) -> Mapping[str, str]:
        """Note the raw files: the work place is always empty."""
        self.stamps = self._stamps()
        return {}

    def hold(self) -> None:
        """Nothing: the lock of the warehouse folder lasts as long as the process."""

    def raw_tables(self) -> Mapping[str, Collection[str]]:
        """The files of the raw folder."""
        return tables_of_folders(self.settings.raw, self.settings.crms)

    def fetch(self, manifest: Path, marts: Path) -> None:
        """Nothing, as dbt has built it there; but a raw file is read by several models in turn.

        Raises BuildFailed when one has changed meanwhile: tables would disagree without a sign.
        """
        now = self._stamps()
        changed = [
            file for file in {**self.stamps, **now} if self.stamps.get(file) != now.get(file)
        ]
        if changed:
            more = f" (and {len(changed) - 1} more)" if len(changed) > 1 else ""
            raise BuildFailed(
                f"{changed[0]}{more} changed while the tables were built from it.",
                "Run `leadsignal build` again when the export has ended; best, exports are written"
                " aside and moved into place. Nothing was published.",
            )

    def previous(self, local: Path, copy: Path) -> Path | None:
        """The published file."""
        return local

    def publish(self, marts: Path) -> None:
        """Nothing: there are no readers but those of the file."""

    def _stamps(self) -> dict[Path, Stamp]:
        """The raw files of every table as they are now; none of a folder that is gone."""
        settings = self.settings
        try:
            return {
                file: _stamp(file)
                for crm in tables_of_folders(settings.raw, settings.crms)
                for files in files_by_table(settings.raw / crm).values()
                for file in files
            }
        except OSError:
            return {}


def _stamp(file: Path) -> Stamp:
    stat = file.stat()
    return stat.st_size, stat.st_mtime_ns


def reach(settings: Settings) -> None:
    """Nothing: it is wherever we are."""


@contextmanager
def opened(settings: Settings) -> Iterator[Embedded]:
    """The home; the lock of the warehouse folder is enough."""
    yield Embedded(settings)

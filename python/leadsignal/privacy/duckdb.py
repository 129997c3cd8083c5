"""The list, the work files and the raw files of a warehouse folder; see `Store`."""

import shutil
from collections.abc import Iterator
from typing import Any

import duckdb

from leadsignal import warehouse
from leadsignal.errors import BuildFailed
from leadsignal.homes import Home
from leadsignal.privacy import raw_files, searching, suppression
from leadsignal.privacy.searching import Needles
from leadsignal.privacy.stores import RawRow
from leadsignal.privacy.suppression import Suppression
from leadsignal.settings import PREVIEW, Settings

WORK_FILES = (
    *("work*.duckdb*", "previous.duckdb*", "remembered.duckdb*"),
    *("dbt.log", "audit.log", "logs", "*.tmp"),
)
"""In the work place, and where a plain `dbt build` leaves them: all made anew by a build."""


class Files:
    """A warehouse folder and the raw folder."""

    def __init__(self, settings: Settings) -> None:
        """Nothing of it needs to exist."""
        self.settings = settings
        self.place = str(settings.forgotten)

    def suppression(self) -> Suppression | None:
        """The list in its file."""
        return suppression.read(self.settings.forgotten)

    def suppress(self, listed: Suppression) -> None:
        """Write the file anew."""
        suppression.write(listed, self.settings.forgotten)

    def tied(self) -> set[str]:
        """What the staging model of that name holds."""
        return {
            one for (one,) in self._read("select person_hash from staging.stg_forgotten__people")
        }

    def addresses(self) -> Iterator[list[tuple[str, str]]]:
        """Leads with what tells their persons apart."""
        yield self._read(
            "select lead_id, email_key from intermediate.int_people where email_key is not null"
        )

    def clear(self) -> None:
        """Remove the work databases, logs and copies."""
        shutil.rmtree(self.settings.warehouse / PREVIEW, ignore_errors=True)
        for folder in (self.settings.warehouse, self.settings.work):
            for pattern in WORK_FILES:
                for left_over in folder.glob(pattern):
                    if left_over.is_dir():
                        shutil.rmtree(left_over)
                    elif left_over != self.settings.published:
                        left_over.unlink()

    def found(self, needles: Needles) -> tuple[int, list[str]]:
        """Every file of the warehouse, and what a plain dbt command leaves in the project."""
        folders = [self.settings.warehouse, *self.settings.dbt_folders]
        left_out = [self.settings.raw, self.settings.forgotten]
        looked_at = list(searching.files(folders, left_out))
        return len(looked_at), [str(file) for file in looked_at if searching.holds(file, needles)]

    def raw_rows(self, needles: Needles, listed: Suppression) -> list[RawRow]:
        """Rows of the raw files."""
        return list(raw_files.rows(self.settings, needles, listed))

    def _read(self, sql: str) -> list[Any]:
        work = self.settings.work / "work.duckdb"
        try:
            with duckdb.connect() as con:
                con.execute(f"attach {warehouse.quoted(work)} as work (read_only); use work")
                return con.execute(sql).fetchall()
        except duckdb.Error as error:
            raise BuildFailed(
                f"{work} cannot be read: {str(error).splitlines()[0]}.",
                "Run `leadsignal build` again.",
            ) from error


def store(settings: Settings, home: Home) -> Files:
    """The files; the home itself keeps nothing."""
    return Files(settings)

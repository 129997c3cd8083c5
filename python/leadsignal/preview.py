"""`leadsignal build --preview`: what a build would change, and because of what, without publishing.

What a changed definition moves is told apart from what new data and the days that passed move by a
second build in between: the same raw rows at the same moment, judged by the definitions of the
published set.
"""

import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import yaml

from leadsignal import build, dbt_run, history, publish, settings, warehouse, workplace
from leadsignal.errors import BuildFailed, UsageError
from leadsignal.history import defined, verdicts, why
from leadsignal.history.builds import Reported, builds
from leadsignal.history.changed import Changed, told_definitions
from leadsignal.history.defined import Defined
from leadsignal.history.verdicts import Moved
from leadsignal.layouts import tables_of_folders
from leadsignal.metrics import definitions
from leadsignal.privacy.erasing import Erasing
from leadsignal.privacy.stores import store_of
from leadsignal.progress import Silent
from leadsignal.run_record import RunRecord
from leadsignal.settings import PREVIEW, PROFILES_FILE, PROJECT_FILE, Settings

BY_DEFINITIONS, BY_DATA, BY_EITHER = "the definitions", "data and time", "definitions or data"
OWN = ("seeds", PROJECT_FILE, PROFILES_FILE)
"""What a project of earlier definitions does not share with that of today."""
FIRST = "Nothing that kept its numbers is published: there is nothing to compare with."
UNKNOWN = (
    "The published set has not kept its definitions, so what they move is not told apart from what"
    " data and time move."
)


@dataclass(frozen=True)
class Part:
    """What one cause would change: leads by what is said of them, and reported numbers."""

    cause: str
    verdicts: tuple[Moved, ...]
    numbers: Changed

    def lines(self) -> Iterator[str]:
        """The part as text."""
        yield f"By {self.cause}:"
        if not self.verdicts:
            yield "  no lead would be judged otherwise"
        yield from (f"  {moved}" for moved in self.verdicts)
        yield from (f"  {line}".rstrip() for line in self.numbers.render_numbers())


@dataclass(frozen=True)
class Preview:
    """What a build would change in the published set; nothing was published."""

    build_id: str
    as_of: datetime
    against: Reported | None
    definitions: tuple[Defined, ...]
    parts: tuple[Part, ...]
    notes: tuple[str, ...]

    def render(self) -> str:
        """The comparison as text."""
        return "\n".join(self._lines())

    def to_dict(self) -> dict[str, Any]:
        """Everything, in types that JSON has."""
        against = self.against and {
            "build_id": self.against.build_id,
            "as_of": _iso(self.against.as_of),
        }
        return {
            "build_id": self.build_id,
            "as_of": _iso(self.as_of),
            "against": against,
            "definitions": [asdict(one) for one in self.definitions],
            "parts": [
                {
                    "cause": part.cause,
                    "verdicts": [asdict(one) for one in part.verdicts],
                    "numbers": part.numbers.to_dict(),
                }
                for part in self.parts
            ],
            "notes": list(self.notes),
        }

    def _lines(self) -> Iterator[str]:
        yield "Nothing was published."
        if self.against:
            now, then = (f"{one:%Y-%m-%d %H:%M}" for one in (self.as_of, self.against.as_of))
            yield (
                f"What a build as of {now} would change in the published build"
                f" {self.against.build_id}, as of {then}:"
            )
        yield from told_definitions(self.definitions)
        yield from self.notes
        for part in self.parts:
            yield ""
            yield from part.lines()


def run(
    given: Settings, *, wait_minutes: float = 0, progress: Silent, record: RunRecord
) -> Preview:
    """Build and audit in a work place of its own, and compare; `record` is told of each part.

    The published set, its pages and the work place of builds stay as they are. Raises as
    `build.run`; AuditRefused says that the build would be refused.
    """
    own = replace(given, work_name=PREVIEW)
    with build.opened(own, wait_minutes=wait_minutes, progress=progress, record=record) as held:
        try:
            new = build.made(held, Erasing(own, store_of(own, held.home)))
            held.begin("Comparing")
            found = _compared(held, new)
        finally:
            # The pages say why a set was refused; the databases hold persons and are done with.
            workplace.remove_databases(own.work)
    record.previewed(found.to_dict(), new.warned)
    return found


def _compared(held: build.Run, new: build.Made) -> Preview:
    """The finished set beside the published one."""
    con = warehouse.open_published(new.marts)
    try:
        known = builds(con)
        as_of, against = known[-1].as_of, known[-2] if len(known) > 1 else None
        if against is None:
            return Preview(new.build_id, as_of, None, (), (), (FIRST,))
        changed = defined.since(con, against.number)
        is_known = defined.is_known(con, against.number)
    finally:
        con.close()
    parts, notes = None, () if is_known else (UNKNOWN,)
    if changed and held.settings.home == "duckdb":
        held.begin("Judging by the definitions of the published set")
        try:
            parts = _apart(held, new, against, as_of)
        except (BuildFailed, UsageError) as error:
            notes = (f"What the definitions move could not be told apart: {error}",)
    if parts is None:
        cause = BY_EITHER if changed or not is_known else BY_DATA
        parts = (_part(new.marts, cause, against.number),)
    return Preview(new.build_id, as_of, against, changed, parts, notes)


def _apart(
    held: build.Run, new: build.Made, against: Reported, as_of: datetime
) -> tuple[Part, ...]:
    """The two parts, by a set between the published one and the new one."""
    between = _between(held, new, as_of)
    build.keep_history(new.marts, between, held.settings.project_dir)
    publish.finish(new.marts)
    return (
        _part(new.marts, BY_DEFINITIONS, against.number + 1),
        _part(between, BY_DATA, against.number),
    )


def _part(marts: Path, cause: str, since: int) -> Part:
    con = warehouse.open_published(marts)
    try:
        [earlier] = [build for build in builds(con) if build.number == since]
        numbers = history.changed(con, earlier.build_id)
        if cause == BY_DEFINITIONS:
            numbers = numbers.because(why.RULE)
        return Part(cause, tuple(verdicts.moved(con, since)), numbers)
    finally:
        con.close()


def _between(held: build.Run, new: build.Made, as_of: datetime) -> Path:
    """The raw rows of the new set by the definitions of the published one, with its history."""
    own = held.settings
    folder = own.work / "before"
    project = folder / "project"
    shutil.rmtree(project, ignore_errors=True)
    with duckdb.connect() as con:
        con.execute(warehouse.attach_previous(new.previous or own.published))
        con.execute(f"use {warehouse.PREVIOUS}.{warehouse.SCHEMA}")
        _write_project(own, project, defined.seeds(con))
    before = settings.load(
        raw=own.raw,
        as_of=as_of.isoformat(sep=" "),
        target=own.target,
        warehouse=folder,
        project_dir=project,
    )
    before.work.mkdir(exist_ok=True)
    marts = before.work / "work_marts.duckdb"
    for left_over in before.work.glob("*.duckdb*"):
        left_over.unlink()
    env = workplace.environment(before, f"{new.build_id}-before")
    env["LEADSIGNAL_FORGOTTEN"] = str(own.forgotten)
    tables = tables_of_folders(before.raw, before.crms)
    dbt_run.build(before, env, tables, is_tested=False, progress=held.progress)
    target = dbt_run.target(before, env)
    held.home.fetch(target / "manifest.json", marts)  # of the same raw files, or it says so
    definitions.store(target / "semantic_manifest.json", marts)
    build.keep_history(marts, new.previous, project)
    publish.finish(marts)
    return marts


def _iso(moment: datetime) -> str:
    return moment.isoformat(sep=" ", timespec="seconds")


def _write_project(own: Settings, project: Path, old: dict[str, list[dict[str, str]]]) -> None:
    """The project with the definitions and settings that were in force."""
    project.mkdir(parents=True)
    for entry in own.project_dir.iterdir():
        if entry.name not in OWN:
            (project / entry.name).symlink_to(entry)
    (project / PROFILES_FILE).symlink_to(own.profiles_dir / PROFILES_FILE)
    shutil.copytree(own.project_dir / "seeds", project / "seeds")
    for file in (project / defined.SEEDS).glob("*.csv"):
        _write_seed(file, old.get(file.stem, []))
    told = yaml.safe_load((own.project_dir / PROJECT_FILE).read_text(encoding="utf-8"))
    told["vars"] = (told.get("vars") or {}) | {
        row["name"]: json.loads(row["value"]) for row in old.get(defined.SETTINGS, [])
    }
    text = yaml.safe_dump(told, sort_keys=False)
    (project / PROJECT_FILE).write_text(text, encoding="utf-8")


def _write_seed(file: Path, rows: list[dict[str, str]]) -> None:
    """The rows under the header of today; a column that they do not have is empty.

    A row that named an address was kept without it: where it is that of today, it still has it.
    """
    import csv

    with file.open(encoding="utf-8-sig", newline="") as opened:
        header = next(csv.reader(opened))
    today = defined.rows(file)
    whole = {json.dumps(defined.without_addresses(row), sort_keys=True): row for row in today}
    rows = [whole.get(json.dumps(row, sort_keys=True), row) for row in rows]
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, header, restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)

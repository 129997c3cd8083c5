"""dbt build in a work place, audit, story, report, publish: all of it, or nothing to be seen."""

import json
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from leadsignal import (
    child,
    dbt_run,
    homes,
    lock,
    notices,
    publish,
    raw_check,
    raw_dates,
    seeds,
    warehouse,
    workplace,
)
from leadsignal.contract import sets
from leadsignal.errors import AuditRefused, BuildFailed, BuildLocked
from leadsignal.layouts import tables_of_folders
from leadsignal.metrics import definitions
from leadsignal.privacy import email_hashes
from leadsignal.privacy.erasing import Erasing
from leadsignal.privacy.stores import store_of
from leadsignal.progress import Silent
from leadsignal.run_record import RunRecord
from leadsignal.settings import PREVIEW, Settings

AUDIT_MODULE = "leadsignal.audit"
REPLACES_DEMO = "The set published before was a demo CRM's: it is replaced, its history with it."


@dataclass(frozen=True)
class Built:
    """A published build."""

    build_id: str
    as_of: str
    published: str
    story: str
    report: str
    audit: str
    warnings: tuple[str, ...]
    seconds: float

    def text(self) -> str:
        """What a person wants to know at the end."""
        as_of = self.as_of.partition(".")[0]
        lines = [f"Published build {self.build_id} as of {as_of} in {self.seconds:.0f} s."]
        lines += [f"Warning: {warning}" for warning in self.warnings]
        lines += [f"Story: {self.story}", f"Report: {self.report}"]
        lines += [f"Audit: {self.audit}", f"Tables: {self.published}"]
        return "\n".join(lines)


@dataclass(frozen=True)
class Run:
    """What every part of one build works with; the warehouse is held for as long as it is open."""

    settings: Settings
    home: homes.Home
    progress: Silent
    record: RunRecord

    def begin(self, part: str) -> None:
        """A new part of the build begins."""
        self.record.step(part)
        self.progress.step(part)


@dataclass
class Made:
    """A set that is built, audited and not yet published; `previous` is published now."""

    marts: Path
    build_id: str
    previous: Path | None
    warned: list[str]


def run(
    settings: Settings,
    *,
    full_refresh: bool = False,
    wait_minutes: float = 0,
    progress: Silent,
    record: RunRecord,
) -> Built:
    """Build, audit and publish; `record` is told of each part.

    While another build holds the lock, it waits for so many minutes. Raises UsageError for
    settings that cannot work, BuildLocked, BuildFailed or AuditRefused; in each case the published
    set is what it was before.
    """
    with opened(settings, wait_minutes=wait_minutes, progress=progress, record=record) as held:
        erasing = Erasing(settings, store_of(settings, held.home))
        return publish_new(held, erasing, full_refresh=full_refresh)


@contextmanager
def opened(
    settings: Settings, *, wait_minutes: float = 0, progress: Silent, record: RunRecord
) -> Iterator[Run]:
    """The build's home, held against other builds; raises as `run` before anything is built."""
    until = time.monotonic() + 60 * wait_minutes
    if settings.published.is_file():
        record.published = str(settings.published)

    def wait(error: BuildLocked) -> None:
        record.step(f"Waiting: {error}")
        progress.step(f"Waiting: {error}")

    settings.check_target()
    settings.check_warehouse()
    settings.check_raw()
    seeds.check(settings.project_dir)
    workplace.make_folder(settings.warehouse)
    with (
        workplace.disk_errors(settings.warehouse),
        progress,
        lock.waited_for(lambda: lock.held(settings.warehouse), until, wait),
        lock.waited_for(lambda: homes.opened(settings), until, wait) as home,
    ):
        _check_not_newer(settings.published)
        workplace.remove_databases(settings.warehouse / PREVIEW)  # of one that was killed
        yield Run(settings, home, progress, record)


def publish_new(held: Run, erasing: Erasing, *, full_refresh: bool = False) -> Built:
    """From raw tables to what readers see; raises as `run`."""
    settings, record = held.settings, held.record
    new = made(held, erasing, full_refresh=full_refresh)
    held.begin("Writing the story and the report")
    as_of, noted = _write_story(new.marts, settings)
    held.begin("Publishing")
    held.home.publish(new.marts)
    publish.publish(new.marts, settings.published)
    wrong = _show_pages(settings)
    built = Built(
        build_id=new.build_id,
        as_of=as_of,
        published=str(settings.published),
        story=str(settings.story),
        report=str(settings.report),
        audit=str(settings.warehouse / "audit.html"),
        warnings=(*new.warned, *noted, *wrong),
        seconds=record.elapsed,
    )
    record.done(asdict(built))
    return built


def made(held: Run, erasing: Erasing, *, full_refresh: bool = False) -> Made:
    """A set built in the work place, with the history of the published one, and audited; raises as
    `run`.
    """
    settings, home, record = held.settings, held.home, held.record
    salt = email_hashes.salt(settings)
    record.build_id = build_id = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    workplace.clean(settings.work)
    env = {**workplace.environment(settings, build_id), **home.prepare()}
    held.begin("Building the tables")
    warned = dbt_run.build(
        settings,
        env,
        home.raw_tables(),
        full_refresh=full_refresh,
        progress=held.progress,
        hold=home.hold,
    )
    warned += _raw_notes(settings)
    held.begin("Keeping what was reported")
    marts, target = settings.work / "work_marts.duckdb", dbt_run.target(settings, env)
    home.fetch(target / "manifest.json", marts)
    definitions.store(target / "semantic_manifest.json", marts)
    if salt and erasing.store:
        email_hashes.publish(erasing.store, salt, marts)
    previous = home.previous(settings.published, settings.work / "previous.duckdb")
    _check_not_newer(previous)
    previous = erasing.remembered(previous, marts)
    if previous and follows_a_demo(marts, previous):
        warned.append(REPLACES_DEMO)
        previous = None
    keep_history(marts, previous, settings.project_dir)
    publish.finish(marts)
    record.measure(marts)
    held.begin("Auditing")
    warned += _audit(settings, marts, previous, env, record)
    return Made(marts, build_id, previous, warned)


def _check_not_newer(published: Path | None) -> None:
    """Raises UsageError when a newer leadsignal has published what would be replaced.

    Its history may have columns that we do not know, and would lose them.
    """
    if published is None or not published.is_file():
        return
    with duckdb.connect() as con:
        try:
            con.execute(warehouse.attach_previous(published))
            con.execute(f"use {warehouse.PREVIOUS}.{warehouse.SCHEMA}")
        except duckdb.Error:
            return  # keeping its history will say why it cannot be read
        sets.check(con, str(published))


def _show_pages(settings: Settings) -> list[str]:
    """Put the pages beside the published tables; what went wrong, for the tables are published."""
    pages = {
        settings.work / "story.md": settings.story,
        settings.work / "report.html": settings.report,
        settings.work / "audit" / "audit.html": settings.warehouse / "audit.html",
    }
    wrong = []
    for new, old in pages.items():
        try:
            publish.replace(new, old)
        except BuildFailed as error:
            wrong.append(f"{old.name} is still that of the build before: {error}")
    return wrong


def _raw_notes(settings: Settings) -> list[str]:
    """What lies beside the raw tables unread, and dates that are read as others, one line each."""
    if settings.home != "duckdb":
        return []
    folders = [settings.raw / crm for crm in tables_of_folders(settings.raw, settings.crms)]
    found = [finding for folder in folders for finding in raw_check.unread(folder)]
    found += raw_dates.of_crms(settings)
    lines = [f"{finding.what} {finding.hint}" for finding in found]
    return notices.few(lines, notices.MOST_OF_A_KIND, "more files: leadsignal doctor names them")


def _audit(
    settings: Settings,
    marts: Path,
    previous: Path | None,
    env: Mapping[str, str],
    record: RunRecord,
) -> list[str]:
    """Run the audit; its warnings, one line each. Raises AuditRefused or BuildFailed."""
    out, log = settings.work / "audit", settings.work / "audit.log"
    out.mkdir()
    arguments = [str(marts), str(out)]
    if previous and previous.is_file():
        arguments += ["--previous", str(previous)]
    with child.running(
        AUDIT_MODULE, arguments, folder=settings.project_dir, env=env, log=log
    ) as process:
        for _ in process.stdout or ():
            pass  # what it prints is for people who run it alone
    page = out / "audit.html"
    result = _result(out / "audit.json", process.returncode)
    if result is None:
        raise BuildFailed(
            f"The audit {child.ending(process)} and without a result: {_last_line(log)}",
            f"See {log}. {dbt_run.NOTHING_PUBLISHED}",
        )
    record.audited(result, page)
    return _judged(result, page)


def _result(file: Path, status: int) -> dict[str, Any] | None:
    """What the audit found; None when it did not come to its end, as its exit status tells."""
    try:
        result: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return result if status == (AuditRefused.exit_code if _critical(result) else 0) else None


def _critical(result: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(
        rule["line"]
        for rule in result["results"]
        if not rule["success"] and rule["severity"] == "critical"
    )


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").split("\n")
    return next((line for line in reversed(lines) if line.strip()), "it gave no reason.")


def _judged(result: dict[str, Any], page: Path) -> list[str]:
    critical = _critical(result)
    if critical:
        rules = "1 rule is" if len(critical) == 1 else f"{len(critical)} rules are"
        raise AuditRefused(
            f"The audit refused the build: {rules} broken. {dbt_run.NOTHING_PUBLISHED}",
            f"See {page}.",
            more=critical,
        )
    lines = [rule["line"] for rule in result["results"] if not rule["success"]]
    return notices.few(
        lines, notices.MOST_OF_A_KIND, f"more rules of the audit are not met: see {page}"
    )


def follows_a_demo(marts: Path, previous: Path) -> bool:
    """Whether own numbers come after those of a demo CRM, which say nothing of them."""
    from leadsignal import demo

    return demo.is_demo(previous) and not demo.is_demo(marts)


def keep_history(marts: Path, published: Path | None, project: Path) -> None:
    """Carry what earlier builds reported into the finished set, and add what this one does."""
    from leadsignal import history

    history.keep(marts, published, project)


def _write_story(marts: Path, settings: Settings) -> tuple[str, list[str]]:
    """Write the story and the report of the finished set; its as-of moment, and what to know."""
    from leadsignal import report, story
    from leadsignal.scorecard import targets

    con = warehouse.open_published(marts)
    try:
        told = story.story(con)
        rows = con.execute("select as_of, warnings, build_id from publication").fetchall()
        row = rows[0] if rows else None
        # A build that ends between two renames leaves an older story beside newer tables.
        of_build = f"Build {row[2]}, as of {str(row[0]).partition('.')[0]}." if row else ""
        story_file = settings.work / "story.md"
        story_file.write_text(f"{told}\n\n{of_build}\n", encoding="utf-8")
        audited = report.audited(settings.audit, row and row[2])
        page = report.text(report.gather(con, audited=audited, told=told), "html")
        (settings.work / "report.html").write_text(page, encoding="utf-8")
        wrong = targets.load(con, definitions.load(con)).warnings
    finally:
        con.close()
    return (
        (str(row[0]), [*wrong, *notices.grouped(row[1].split("\n") if row[1] else [])])
        if row
        else ("", [])
    )

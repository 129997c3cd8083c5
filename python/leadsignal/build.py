"""dbt build in a work place, audit, story, report, publish: all of it, or nothing to be seen."""

import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from leadsignal import (
    alerts,
    child,
    dbt_run,
    homes,
    lock,
    publish,
    raw_check,
    raw_dates,
    warehouse,
)
from leadsignal.errors import AuditRefused, BuildFailed, BuildLocked, LeadsignalError, UsageError
from leadsignal.layouts import tables_of_folders
from leadsignal.metrics import definitions
from leadsignal.progress import Silent
from leadsignal.run_record import RunRecord
from leadsignal.settings import Settings

AUDIT_MODULE = "leadsignal.audit"
MOST_NOTES = 12
FULL = 1 << 20
"""Free bytes of a disk under which whatever went wrong went wrong for want of room."""
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
    started = time.monotonic()
    until = started + 60 * wait_minutes
    if settings.published.is_file():
        record.published = str(settings.published)

    def begin(part: str) -> None:
        record.step(part)
        progress.step(part)

    def wait(error: BuildLocked) -> None:
        begin(f"Waiting: {error}")

    settings.check_target()
    settings.check_raw()
    _make_folder(settings.warehouse)
    record.build_id = build_id = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    with (
        disk_errors(settings.warehouse),
        progress,
        lock.waited_for(lambda: lock.held(settings.warehouse), until, wait),
        lock.waited_for(lambda: homes.opened(settings), until, wait) as home,
    ):
        _clean(settings.work)
        env = {**_environment(settings, build_id), **home.prepare()}
        begin("Building the tables")
        warned = dbt_run.build(
            settings, env, home.raw_tables(), full_refresh=full_refresh, progress=progress
        )
        warned += _raw_notes(settings)
        begin("Keeping what was reported")
        marts, target = settings.work / "work_marts.duckdb", dbt_run.target(settings, env)
        home.fetch(target / "manifest.json", marts)
        definitions.store(target / "semantic_manifest.json", marts)
        previous = home.previous(settings.published, settings.work / "previous.duckdb")
        if previous and follows_a_demo(marts, previous):
            warned.append(REPLACES_DEMO)
            previous = None
        _keep_history(marts, previous)
        publish.finish(marts)
        record.measure(marts)
        begin("Auditing")
        warned += _audit(settings, marts, previous, env, record)
        begin("Writing the story and the report")
        as_of, noted = _write_story(marts, settings)
        warned += noted
        begin("Publishing")
        home.publish(marts)
        publish.publish(marts, settings.published)
        warned += _show_pages(settings)
    built = Built(
        build_id=build_id,
        as_of=as_of,
        published=str(settings.published),
        story=str(settings.story),
        report=str(settings.report),
        audit=str(settings.warehouse / "audit.html"),
        warnings=tuple(warned),
        seconds=round(time.monotonic() - started, 1),
    )
    record.done(asdict(built))
    return built


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
    return [f"{finding.what} {finding.hint}" for finding in found]


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"The warehouse folder {folder} cannot be made: {error.strerror}.",
            "Set LEADSIGNAL_WAREHOUSE to a folder that can be written to.",
        ) from error


@contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """What goes wrong for want of room or rights is a BuildFailed that says so, whoever saw it."""
    try:
        yield
    except (OSError, duckdb.Error, BuildFailed, UsageError) as error:
        told = error.lines if isinstance(error, LeadsignalError) else ()
        if _is_full(folder):
            raise BuildFailed(
                f"The disk of {folder} is full.",
                f"Make room, and run `leadsignal build` again. {dbt_run.NOTHING_PUBLISHED}",
                more=told,
            ) from error
        if told:
            raise
        reason = getattr(error, "strerror", None) or str(error).partition("\n")[0]
        raise BuildFailed(
            f"Writing to {getattr(error, 'filename', None) or folder} failed: {reason}.",
            f"See to the folder's rights and space. {dbt_run.NOTHING_PUBLISHED}",
        ) from error


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < FULL
    except OSError:  # it is not even there
        return False


def _clean(work: Path) -> None:
    """Begin with empty databases; dbt's parsed project stays, which saves a second."""
    work.mkdir(exist_ok=True)
    for left_over in (
        *work.glob("*.duckdb*"),
        work / "audit",
        work / "story.md",
        work / "report.html",
    ):
        if left_over.is_dir():
            shutil.rmtree(left_over)
        else:
            left_over.unlink(missing_ok=True)


def _environment(settings: Settings, build_id: str) -> dict[str, str]:
    """The environment of the children: the settings in force, and no telemetry."""
    inherited = {name: value for name, value in os.environ.items() if name != alerts.URL}
    return inherited | {
        "LEADSIGNAL_RAW": str(settings.raw),
        "LEADSIGNAL_AS_OF": settings.as_of,
        "LEADSIGNAL_WORK": str(settings.work),
        "LEADSIGNAL_BUILD_ID": build_id,
        "DO_NOT_TRACK": "1",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "PYTHONUNBUFFERED": "1",
    }


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
    return [rule["line"] for rule in result["results"] if not rule["success"]]


def follows_a_demo(marts: Path, previous: Path) -> bool:
    """Whether own numbers come after those of a demo CRM, which say nothing of them."""
    from leadsignal import demo

    return demo.is_demo(previous) and not demo.is_demo(marts)


def _keep_history(marts: Path, published: Path | None) -> None:
    """Carry what earlier builds reported into the finished set, and add what this one does."""
    from leadsignal import history

    history.keep(marts, published)


def _write_story(marts: Path, settings: Settings) -> tuple[str, list[str]]:
    """Write the story and the report of the finished set; its as-of moment, and what to know."""
    from leadsignal import report, story
    from leadsignal.scorecard import targets

    con = warehouse.open_published(marts)
    try:
        told = story.story(con)
        row = con.execute("select as_of, warnings, build_id from publication").fetchone()
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
    return (str(row[0]), [*wrong, *_first(row[1].splitlines())]) if row else ("", [])


def _first(notes: list[str]) -> list[str]:
    """As many notes as a person reads; the published set has them all."""
    more = len(notes) - MOST_NOTES
    return notes if more <= 0 else [*notes[:MOST_NOTES], f"{more} more in publication.warnings."]

"""Looks at everything a build needs and everything it left, and says what to do."""

import csv
import io
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import Any

import duckdb
import yaml
from packaging.requirements import Requirement

from leadsignal import freshness, homes, lock, raw_check, raw_dates, seeds, words
from leadsignal.contract import sets
from leadsignal.discretion import without_values
from leadsignal.errors import BuildLocked, LeadsignalError, UsageError
from leadsignal.findings import Finding, Level
from leadsignal.layouts import layouts, layouts_of_crms, tables_of_folders
from leadsignal.scorecard.counting import records
from leadsignal.settings import PROFILES_FILE, PROJECT_FILE, Settings
from leadsignal.variables import encoding
from leadsignal.warehouse import open_published

PACKAGES = ("dbt-core", "dbt-duckdb", "duckdb", "great-expectations")
STALE_BUILD = timedelta(days=8)
"""The story is read once a week, so a set should not be older."""

MOST_UNMAPPED = 10
"""So many values without a mapping are told, the most frequent."""


def diagnose(settings: Settings) -> list[Finding]:
    """Every finding, in the order of a build: environment, project, raw tables, published set."""
    checks: list[Callable[[Settings], Iterator[Finding]]] = [
        _environment, _project, _definitions, _raw, _published, _lock,
    ]  # fmt: skip
    return [finding for check in checks for finding in _guarded(check, settings)]


def summary(findings: list[Finding]) -> str:
    """The last line: whether a build would begin, and what comes next."""
    count = Counter(finding.level for finding in findings)
    levels: tuple[Level, ...] = ("error", "warning", "note")
    told = [words.counted(count[level], level) for level in levels]
    ready = "A build would stop." if count["error"] else "Ready: leadsignal build."
    return f"{words.sentence(words.listing(told))} {ready}"


def _guarded(
    check: Callable[[Settings], Iterator[Finding]], settings: Settings
) -> Iterator[Finding]:
    """A check that fails itself is a finding too, so that the others still speak."""
    try:
        yield from check(settings)
    except LeadsignalError as error:
        yield Finding("error", str(error))
    except Exception as error:
        text = " ".join(f"{type(error).__name__}: {without_values(str(error))}".split())
        yield Finding("error", f"This check could not be finished: {text}.")


def _environment(settings: Settings) -> Iterator[Finding]:
    wanted = {
        item.name: item.specifier
        for item in map(Requirement, metadata.requires("leadsignal") or [])
    }
    yield Finding("ok", f"Python {sys.version.split()[0]}.")
    for name in PACKAGES:
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            yield Finding("error", f"{name} is not installed.", f"Install {name}{wanted[name]}.")
            continue
        if wanted[name].contains(version):
            yield Finding("ok", f"{name} {version}.")
        else:
            yield Finding("warning", f"{name} is {version}.", f"Tried with {wanted[name]}.")


def _project(settings: Settings) -> Iterator[Finding]:
    yield Finding("ok", f"Project {settings.project_dir / PROJECT_FILE}.")
    settings.check_target()
    settings.check_warehouse()
    yield Finding("ok", f"Target {settings.target} in {settings.profiles_dir / PROFILES_FILE}.")
    if settings.home != "duckdb":
        homes.reach(settings)
        yield Finding("ok", f"{settings.target} answers.")


def _definitions(settings: Settings) -> Iterator[Finding]:
    wrong = seeds.faults(settings.project_dir)
    yield from wrong
    if not wrong:
        yield Finding("ok", "The definitions in seeds/ agree with each other.")


def _raw(settings: Settings) -> Iterator[Finding]:
    try:
        settings.check_target()
    except UsageError:
        return  # Said already.
    if settings.home != "duckdb":
        return  # A loader's schemas, which dbt looks at: there are no raw files.
    settings.check_raw()
    yield Finding("ok", f"Raw data in {settings.raw}.")
    file = settings.project_dir / PROJECT_FILE
    variables = _yaml(file).get("vars") or {}
    known = layouts(settings.project_dir, variables)
    tables = tables_of_folders(settings.raw, settings.crms)
    crms = layouts_of_crms(tables, settings.crms, known)
    if not any(crms.values()):
        yield Finding(
            "error",
            f"No folder of {settings.raw} is a CRM that is known.",
            f"Put the tables of one there: {', '.join(known)}.",
        )
    for crm, layout in crms.items():
        if layout in known:
            yield Finding("ok", f"{crm} is read as {layout}.")
            used_encoding = encoding(variables.get("encoding")) or "utf-8"
            yield from raw_check.check(settings.raw / crm, known[layout], used_encoding)
            yield from raw_dates.check(settings.raw / crm, known[layout])
        else:
            yield _unknown(crm, layout, is_named=bool(settings.crms), known=list(known))


def _unknown(crm: str, layout: str, *, is_named: bool, known: list[str]) -> Finding:
    """What is wrong with a CRM whose layout is none of those known."""
    mend = f"Give it one of {', '.join(known)} in `crms` in {PROJECT_FILE}."
    if " or " in layout:
        return Finding("error", f"The tables of {crm} could be {layout}.", mend)
    level: Level = "error" if is_named else "warning"
    return Finding(level, f"Neither the name nor the tables of {crm} tell its layout.", mend)


def _published(settings: Settings) -> Iterator[Finding]:
    if settings.published.parent.exists() and not settings.published.parent.is_dir():
        yield Finding("error", f"The warehouse {settings.published.parent} is a file.",
                      "Take it away, or name a folder in LEADSIGNAL_WAREHOUSE.")  # fmt: skip
        return
    if not settings.published.is_file():
        yield Finding("note", f"Nothing is published at {settings.published}.",
                      "Run `leadsignal build`.")  # fmt: skip
        return
    con = open_published(settings.published)
    try:
        missing = sets.lacking(con)
        if missing:
            yield Finding("warning", sets.told(missing), sets.REMEDY)
        yield from _demo(settings)
        yield from _freshness(con)
        yield from _unmapped(con, settings.project_dir)
        yield from _trust(con)
    except (duckdb.CatalogException, duckdb.BinderException):
        if not missing:
            raise
    finally:
        con.close()


def _demo(settings: Settings) -> Iterator[Finding]:
    from leadsignal import demo

    if demo.is_demo(settings.published):
        yield Finding(
            "note", "The published set is a demo CRM's, and so is what is said of it below.",
            "Run `leadsignal build` to replace it with that of your tables.",
        )  # fmt: skip


def _freshness(con: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    for row in records(con, "select as_of, built_at from publication"):
        built, as_of = row["built_at"], row["as_of"]
        yield Finding("ok", f"Published: as of {as_of:%Y-%m-%d %H:%M} UTC, built {built:%Y-%m-%d}.")
        if datetime.now(UTC).replace(tzinfo=None) - built > STALE_BUILD:
            yield Finding(
                "warning", f"The published set was built on {built:%Y-%m-%d}.",
                "Run `leadsignal build`, best from a scheduler.",
            )  # fmt: skip
        for crm, through in freshness.stale_crms(con).items():
            newest = (
                f"ends at {through:%Y-%m-%d %H:%M}"
                if through
                else "has no record with a time up to then"
            )
            yield Finding(
                "warning", f"The raw data of {crm} {newest}, as_of is {as_of:%Y-%m-%d}.",
                "Look whether the loader still runs, or build with --as-of the last day loaded.",
            )  # fmt: skip


def _unmapped(con: duckdb.DuckDBPyConnection, project: Path) -> Iterator[Finding]:
    found = records(
        con,
        'select field, raw_value, seed, treated_as, sum("rows") as "rows" from unmapped_values'
        ' group by all order by "rows" desc, raw_value, field',
    )
    for row in found[:MOST_UNMAPPED]:
        seed = project / "seeds" / "definition" / f"{row['seed']}.csv"
        yield Finding(
            "warning",
            f"{row['field']} '{row['raw_value']}' ({row['rows']} rows) is not mapped and counts "
            f"as {row['treated_as']}.",
            f"Add to {seed.relative_to(project)}: {_seed_line(seed, row['raw_value'])}",
        )
    if len(found) > MOST_UNMAPPED:
        yield Finding("note", f"{len(found) - MOST_UNMAPPED} rarer values are not mapped either.")


def _seed_line(seed: Path, value: str) -> str:
    """A line for the seed, what the user has to decide in angle brackets."""
    with seed.open(encoding="utf-8", newline="") as lines:
        names = next(csv.reader(lines))
    known = {"raw_value": value, "valid_from": "2000-01-01", "valid_to": ""}
    text = io.StringIO()
    cells = [known.get(name, f"<{name.replace('_', ' ')}>") for name in names]
    csv.writer(text, lineterminator="").writerow(cells)
    return text.getvalue()


def _trust(con: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    for row in records(con, "select * from crm_trust where grade = 'low' order by question_order"):
        yield Finding(
            "warning",
            f"The CRM can answer '{row['question']}' for {row['answerable_rate']:.0%} of the rows.",
            row["missing"],
        )


def _lock(settings: Settings) -> Iterator[Finding]:
    if not (settings.warehouse / "build.lock").exists():
        yield Finding("ok", "No build is running.")
        return
    try:
        with lock.held(settings.warehouse):
            yield Finding("ok", "No build is running.")
    except BuildLocked as error:
        yield Finding("note", str(error))


def _yaml(file: Path) -> dict[str, Any]:
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    return content if isinstance(content, dict) else {}

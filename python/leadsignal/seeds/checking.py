"""Every seed of a project against its rules, before dbt reads any."""

from pathlib import Path

from leadsignal.errors import UsageError
from leadsignal.findings import Finding
from leadsignal.seeds import cells, meanings, reading, rules, targets
from leadsignal.seeds.reading import Fault
from leadsignal.words import counted

MOST = 20
"""So many faults are told one by one."""


def check(project: Path) -> None:
    """Raises UsageError for seeds that break their rules: a line for each of the first faults."""
    found = [f"{fault.what} {fault.hint}" for fault in faults(project)]
    if not found:
        return
    more = len(found) - MOST
    rest = [f"{counted(more, 'more fault')} in the seeds."] if more > 0 else []
    raise UsageError(found[0], more=(*found[1:MOST], *rest))


def faults(project: Path) -> list[Finding]:
    """An error for each fault: the file, its rows as a spreadsheet numbers them, what to do.

    Raises UsageError for YAML that cannot be read.
    """
    seeds = rules.read(project)
    read = {name: reading.read(project / seed.path, seed) for name, seed in seeds.items()}
    found: list[Finding] = []
    for name, seed in seeds.items():
        rows = read[name]
        wrong = [*rows.faults, *cells.faults(rows, seed)]
        wrong += meanings.faults(rows, seed.tests, read)
        if name == "targets":
            wrong += targets.faults(rows, project, read.get("lead_sources"))
        wrong.sort(key=lambda fault: fault.rows)
        found += [Finding("error", _what(seed.path, fault), fault.hint) for fault in wrong]
    return found


def _what(path: str, fault: Fault) -> str:
    numbers = " and ".join(map(str, fault.rows)) if len(fault.rows) < 3 else _enumerated(fault.rows)
    where = f" row{'s' if fault.rows[1:] else ''} {numbers}" if fault.rows else ""
    return f"{path}{where}: {fault.what}"


def _enumerated(rows: tuple[int, ...]) -> str:
    more = f", ... ({len(rows)} in all)" if rows[5:] else ""
    return ", ".join(map(str, rows[:5])) + more

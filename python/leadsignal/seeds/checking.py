"""Every seed of a project against its rules, before dbt reads any."""

from collections.abc import Iterator
from pathlib import Path

from leadsignal.errors import UsageError
from leadsignal.seeds import cells, meanings, reading, rules, targets
from leadsignal.seeds.reading import Fault
from leadsignal.words import counted

MOST = 20
"""So many faults are told one by one."""


def check(project: Path) -> None:
    """Raises UsageError for seeds that break their rules: a line for each of the first faults."""
    found = faults(project)
    if not found:
        return
    more = len(found) - MOST
    rest = [f"{counted(more, 'more fault')} in the seeds."] if more > 0 else []
    raise UsageError(found[0], more=(*found[1:MOST], *rest))


def faults(project: Path) -> list[str]:
    """One line for each fault: the file, its rows as a spreadsheet numbers them, what to do.

    Raises UsageError for YAML that cannot be read.
    """
    seeds = rules.read(project)
    read = {name: reading.read(project / seed.path, seed) for name, seed in seeds.items()}
    found = []
    for name, seed in seeds.items():
        rows = read[name]
        wrong = [*rows.faults, *cells.faults(rows, seed)]
        wrong += meanings.faults(rows, seed.tests, read)
        if name == "targets":
            wrong += targets.faults(rows, project, read.get("lead_sources"))
        found += [_line(seed.path, fault) for fault in _in_order(wrong)]
    return found


def _in_order(wrong: list[Fault]) -> Iterator[Fault]:
    return iter(sorted(wrong, key=lambda fault: fault.rows))


def _line(path: str, fault: Fault) -> str:
    numbers = " and ".join(map(str, fault.rows)) if len(fault.rows) < 3 else _enumerated(fault.rows)
    where = f" row{'s' if fault.rows[1:] else ''} {numbers}" if fault.rows else ""
    return f"{path}{where}: {fault.what} {fault.hint}"


def _enumerated(rows: tuple[int, ...]) -> str:
    more = f", ... ({len(rows)} in all)" if rows[5:] else ""
    return ", ".join(map(str, rows[:5])) + more

"""Writing down what the project publishes now as the contract of its version."""

from pathlib import Path
from textwrap import fill

from leadsignal import contract
from leadsignal.contract import Table, Tables, stated
from leadsignal.errors import UsageError

RECORD = "`make contract`"
RAISE = (
    "A reader may rely on it: keep it, or raise contract_version in dbt_project.yml, say so in"
    f" docs/changelog.md, and run {RECORD}."
)
WIDTH, INDENT, TIED = 120, 6 * " ", "\0"
HEAD = "# What contract {} promises of the published tables. Written by `make contract`.\n"


def faults(project: Path, folder: Path = contract.FOLDER) -> list[str]:
    """Why the recorded contract does not say what the project publishes, a sentence each."""
    version, last = stated.version(project), contract.versions(folder)[-1]
    if contract.number(version) > contract.number(last):
        return [f"Contract {version} is not recorded yet: run {RECORD}."]
    if version != last:
        return [f"contract_version is {version}, but {last} is recorded already: raise it."]
    promised, now = contract.recorded(last, folder), stated.tables(project)
    lost = [f"{sentence} {RAISE}" for sentence in contract.broken(promised, now)]
    return lost + [f"{one} Record it: run {RECORD}." for one in contract.added(promised, now)]


def record(project: Path, folder: Path = contract.FOLDER) -> Path:
    """Write the contract of the project's version; the file.

    Raises UsageError when that would take back a promise of the same or a later version.
    """
    version, now = stated.version(project), stated.tables(project)
    last = contract.versions(folder)[-1]
    if contract.number(version) < contract.number(last):
        raise UsageError(f"Contract {last} is recorded already.", "Raise contract_version.")
    if version == last:
        lost = tuple(contract.broken(contract.recorded(last, folder), now))
        if lost:
            raise UsageError(lost[0], RAISE, more=lost[1:])
    file = folder / f"{version}.yml"
    file.write_text(_text(version, now), encoding="utf-8")
    return file


def _text(version: str, tables: Tables) -> str:
    return HEAD.format(version) + "tables:\n" + "".join(map(_block, tables, tables.values()))


def _block(name: str, table: Table) -> str:
    pairs = ", ".join(f"{column}:{TIED}{kind}" for column, kind in table.columns.items())
    wrapped = fill(pairs, WIDTH, initial_indent=INDENT, subsequent_indent=INDENT)
    wrapped = wrapped.replace(TIED, " ")
    return f"  {name}:\n    key: [{', '.join(table.key)}]\n    columns: {{\n{wrapped}\n    }}\n"

"""The contract of the published tables: what each version promised, and what a change breaks.

A version is a file of this package, such as 1.0.yml, which lists every table with its key, columns
and types. `python -m leadsignal.contract` (`make contract`) records what the project publishes
now; the files of older versions stay as they were.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Table:
    """A published table: the columns that tell its rows apart, and the type of each column."""

    key: tuple[str, ...]
    columns: Mapping[str, str]


Tables = Mapping[str, Table]


def versions(folder: Path = FOLDER) -> list[str]:
    """The versions that are recorded, oldest first."""
    return sorted((file.stem for file in folder.glob("*.yml")), key=number)


@cache
def newest() -> str:
    """The version that this leadsignal publishes and reads."""
    return versions()[-1]


def number(version: str) -> tuple[int, ...]:
    """A version in the order of versions. Raises ValueError for what is none."""
    return tuple(int(part) for part in version.split("."))


def recorded(version: str, folder: Path = FOLDER) -> dict[str, Table]:
    """The tables that a version promised."""
    content = yaml.safe_load((folder / f"{version}.yml").read_text(encoding="utf-8"))
    return {
        name: Table(tuple(table["key"]), table["columns"])
        for name, table in content["tables"].items()
    }


def broken(promised: Tables, stated: Tables) -> Iterator[str]:
    """What a reader of the promised tables misses in those that are stated, a sentence each."""
    for name, table in promised.items():
        now = stated.get(name)
        if now is None:
            yield f"The table {name} is gone or renamed."
            continue
        if now.key != table.key:
            yield f"{name} has one row per {_listed(now.key)}, not per {_listed(table.key)}."
        for column, kind in table.columns.items():
            if column not in now.columns:
                yield f"The column {name}.{column} is gone or renamed."
            elif now.columns[column] != kind:
                yield f"The column {name}.{column} is {now.columns[column]}, not {kind}."


def added(promised: Tables, stated: Tables) -> Iterator[str]:
    """What is stated and was not promised, a sentence each: no reader minds."""
    for name, table in stated.items():
        if name not in promised:
            yield f"The table {name} is new."
            continue
        for column in table.columns:
            if column not in promised[name].columns:
                yield f"The column {name}.{column} is new."


def _listed(key: tuple[str, ...]) -> str:
    return ", ".join(key) or "set"

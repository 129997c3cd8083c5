"""What must hold of each seed, read from the YAML that dbt reads too."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from leadsignal.errors import UsageError
from leadsignal.metrics import filters
from leadsignal.metrics.filters import Condition

FOLDER = "seeds"
_KINDS = {"varchar": "text", "numeric": "number"}
_TYPE = re.compile(r"(\w+)(?:\((\d+)[\d, ]*\))?")


@dataclass(frozen=True)
class Column:
    """A column as `column_types` and `config.meta` have it."""

    name: str
    kind: str
    """text, date, integer, number or boolean."""
    most: int | None = None
    """Characters of a text, digits of a number."""
    is_required: bool = False
    at_least: float | None = None
    capitals: int | None = None
    """So many capital letters, and nothing else."""


@dataclass(frozen=True)
class Test:
    """A data test of dbt, of one column or of the whole seed."""

    name: str
    arguments: Mapping[str, Any]
    column: str = ""
    where: tuple[Condition, ...] = ()
    """The rows that it is of; all without any."""


@dataclass(frozen=True)
class Seed:
    """One CSV file and its rules."""

    name: str
    path: str
    """Of the file, seen from the project, with forward slashes."""
    columns: tuple[Column, ...]
    tests: tuple[Test, ...]


def read(project: Path) -> dict[str, Seed]:
    """Every seed by its name. Raises UsageError for YAML that cannot be read."""
    found: dict[str, Seed] = {}
    for file in sorted((project / FOLDER).rglob("*.yml")):
        try:
            told = (yaml.safe_load(file.read_text(encoding="utf-8")) or {}).get("seeds") or []
            seeds = [_seed(one, file.parent.relative_to(project)) for one in told]
        except (OSError, UnicodeDecodeError, yaml.YAMLError, AttributeError, KeyError) as error:
            raise UsageError(
                f"{file} cannot be read: {error}.", "Mend it and run again."
            ) from error
        found |= {seed.name: seed for seed in seeds}
    return found


def _seed(told: Mapping[str, Any], folder: Path) -> Seed:
    name = str(told["name"])
    described = {one["name"]: one for one in told.get("columns") or []}
    types = told["config"]["column_types"]
    tests = [*_tests(told)]
    for column, said in described.items():
        tests += _tests(said, column)
    filled = {test.column for test in tests if test.name == "not_null"}
    columns = [
        _column(one, kind, described.get(one, {}), one in filled) for one, kind in types.items()
    ]
    path = (folder / f"{name}.csv").as_posix()
    return Seed(name, path, tuple(columns), tuple(tests))


def _column(name: str, kind: str, told: Mapping[str, Any], is_filled: bool) -> Column:
    meta = (told.get("config") or {}).get("meta") or {}
    match = _TYPE.fullmatch(kind)
    word, most = match.groups() if match else (kind, None)
    return Column(
        name=name,
        kind=_KINDS.get(word, word),
        most=int(most) if most else None,
        is_required=is_filled or bool(meta.get("required")),
        at_least=meta.get("at_least"),
        capitals=meta.get("capitals"),
    )


def _tests(told: Mapping[str, Any], column: str = "") -> Iterator[Test]:
    for test in told.get("data_tests") or []:
        if isinstance(test, str):
            yield Test(test, {}, column)
            continue
        for name, said in test.items():
            where = (said.get("config") or {}).get("where")
            yield Test(name, said.get("arguments") or {}, column, tuple(filters.parse(where)))

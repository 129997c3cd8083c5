"""Does a dialect know all that a compiled statement is made of?"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlfluff.core import FluffConfig, Linter

from dialects.forms import DIALECTS, unknown_forms
from dialects.lexing import Token, calls, tokens, types

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Fault:
    """What a dialect does not know, and the line of the statement, from 1."""

    what: str
    line: int


def faults(sql: str, dialect: str) -> list[Fault]:
    """Every fault of a statement in a dialect: grammar, functions, types and forms."""
    found = tokens(sql)
    own = [*_unknown_functions(found, dialect), *_unknown_types(found, dialect)]
    own += [
        Fault(f"{dialect} does not know {what}", line)
        for what, line in unknown_forms(found, dialect)
    ]
    return sorted({*own, *_grammar(sql, dialect)}, key=lambda fault: fault.line)


def _unknown_functions(found: list[Token], dialect: str) -> Iterator[Fault]:
    known = _known("functions.csv", dialect)
    for call in calls(found):
        counts = known.get(call.name, "")
        if not counts:
            yield Fault(f"{dialect} does not know the function {call.name}", call.line)
        elif not _allows(counts, call.arguments):
            yield Fault(
                f"{call.name} takes {counts} arguments in {dialect}, not {call.arguments}",
                call.line,
            )


def _unknown_types(found: list[Token], dialect: str) -> Iterator[Fault]:
    known = _known("types.csv", dialect)
    for named in types(found):
        if not known.get(named.text):
            yield Fault(f"{dialect} does not know the type {named.text}", named.line)


def _allows(counts: str, arguments: int) -> bool:
    if counts.endswith("+"):
        return arguments >= int(counts[:-1])
    least, _, most = counts.partition("-")
    return int(least) <= arguments <= int(most or least)


@cache
def _known(list_name: str, dialect: str) -> dict[str, str]:
    """Name -> how many arguments (functions) or anything (types); empty where it is unknown."""
    with (_HERE / list_name).open(encoding="utf-8", newline="") as rows:
        return {row[list_name[:-5]]: row[dialect] for row in csv.DictReader(rows)}


def _grammar(sql: str, dialect: str) -> Iterator[Fault]:
    for violation in _linter(dialect).parse_string(sql).violations:
        yield Fault(violation.desc(), violation.line_no)


@cache
def _linter(dialect: str) -> Linter:
    if dialect not in DIALECTS:
        raise ValueError(f"{dialect} is none of {', '.join(DIALECTS)}")
    settings = {"dialect": dialect, "templater": "raw", "large_file_skip_byte_limit": 0}
    return Linter(config=FluffConfig(overrides=settings))

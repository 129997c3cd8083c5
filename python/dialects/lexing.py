"""SQL as tokens: as much of it as tells which functions, types and forms a statement uses."""

import re
from dataclasses import dataclass
from typing import Literal, cast

Kind = Literal["word", "text", "name", "number", "symbol"]

_TOKEN = re.compile(
    r"""
    (?P<skip>\s+|--[^\n]*|/\*.*?\*/)
  | (?P<text>[rR]?'(?:[^'\\]|''|\\.)*')
  | (?P<name>"[^"]*"|`[^`]*`)
  | (?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)
  | (?P<word>[A-Za-z_]\w*)
  | (?P<symbol>::|->|<>|<=|>=|\|\||<<|>>|=>|.)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Token:
    """One token; words are in lower case, `line` counts from 1."""

    kind: Kind
    text: str
    line: int


@dataclass(frozen=True)
class Call:
    """A function that is called, and with how many arguments."""

    name: str
    arguments: int
    line: int


# What may stand before a bracket and is no function.
_NO_FUNCTIONS = frozenset(
    """
    in as on and or not when then else over values exists using from join select where by with
    all any distinct having case between is like union except intersect group filter lateral
    varchar numeric decimal char time interval
    """.split()  # noqa: SIM905 - as a list it would be forty lines
)


def tokens(sql: str) -> list[Token]:
    """Every token of `sql` but white space and comments."""
    found, line = [], 1
    for match in _TOKEN.finditer(sql):
        kind, text = match.lastgroup, match.group()
        if kind != "skip":
            spelled = text.lower() if kind == "word" else text
            found.append(Token(cast(Kind, kind), spelled, line))
        line += text.count("\n")
    return found


def calls(found: list[Token]) -> list[Call]:
    """The functions that are called, in the order of their names in the text."""
    made = []
    for place, token in enumerate(found[:-1]):
        before = found[place - 1].text if place else ""
        is_call = (
            token.kind == "word"
            and found[place + 1].text == "("
            and token.text not in _NO_FUNCTIONS
        )
        # `as numbers (first, second)` and `with numbers (first, second) as` name columns.
        if is_call and before != "as" and not _names_columns(found, place):
            made.append(Call(token.text, _arguments(found, place + 1), token.line))
    return made


def types(found: list[Token]) -> list[Token]:
    """The types that values are cast to: words after the `as` of a cast, and after `::`."""
    named, casts = [], [0]
    for place, token in enumerate(found):
        if token.text == "(":
            casts.append(
                found[place - 1].text in ("cast", "try_cast", "safe_cast") if place else False
            )
        elif token.text == ")" and len(casts) > 1:
            casts.pop()
        elif token.text == "::" or (token.text == "as" and casts[-1]):
            words = [later.text for later in found[place + 1 : place + 3]]
            name = " ".join(words) if words == ["double", "precision"] else words[0]
            named.append(Token("word", name, token.line))
    return named


def _names_columns(found: list[Token], place: int) -> bool:
    depth = 0
    for later in range(place + 1, len(found)):
        depth += {"(": 1, ")": -1}.get(found[later].text, 0)
        if depth == 0:
            follows = [token.text for token in found[later + 1 : later + 3]]
            return follows == ["as", "("]
    return False


def _arguments(found: list[Token], opens: int) -> int:
    depth, commas = 0, 0
    for place in range(opens, len(found)):
        text = found[place].text
        depth += (text in "([") - (text in ")]")
        if text == "order" and depth == 1:
            return commas + 1
        commas += text == "," and depth == 1
        if depth == 0:
            return commas + 1 if place > opens + 1 else 0
    return commas + 1

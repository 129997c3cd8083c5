"""The small language of `query --where`: names compared with values, joined by `and`.

`source = webinar and month >= 2026-09`, `owner in (a, b)`, `campaign is empty`. It is parsed here
and never given to the database as text: names must be known, values travel as parameters.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from leadsignal.errors import UsageError

Where = str | Sequence[str] | Mapping[str, object] | None

EXAMPLE = (
    "Write it like: source = 'webinar' and month >= 2026-09"
    " (there is =, !=, <, <=, >, >=, in (...), and)."
)
_OPERATORS = {sign: sign for sign in ("=", "<>", "<", "<=", ">", ">=")} | {"==": "=", "!=": "<>"}
WITHIN = ("=", "<>", "in")
"""Operators that ask of a span of time whether something is within it."""
_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
_TOKENS = re.compile(
    r"""\s*(?:
        '(?P<single>(?:[^']|'')*)' | "(?P<double>(?:[^"]|"")*)"
        | (?P<operator><=|>=|<>|!=|==|=|<|>) | (?P<mark>[(),])
        | (?P<word>[^\s'"()<>=!,]+)
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Condition:
    """One comparison; `values` is empty for `is empty` and `is not empty`."""

    name: str
    operator: str
    """One of = <> < <= > >= in, 'is empty', 'is not empty'."""
    values: tuple[str, ...] = ()

    def sql(self, column: str, kind: str, places: Sequence[str] | None = None) -> str:
        """The comparison of a column of the type `kind`, each value cast to what it compares as.

        `places` stand for the values, such as `$a`; without them each is a `?`.
        """
        if self.operator == "is empty":
            return f"{column} is null"
        if self.operator == "is not empty":
            return f"{column} is not null"
        cast = compared_as(kind)
        marks = ", ".join(f"cast({place} as {cast})" for place in places or "?" * len(self.values))
        if self.operator == "in":
            return f"{column} in ({marks})"
        if self.operator == "<>":
            return f"{column} is distinct from {marks}"
        return f"{column} {self.operator} {marks}"

    def ends(self, first: str, last: str) -> tuple[str, ...]:
        """The ends of a span of time that are compared: all of it is part of what it names.

        Up to it is up to its last, from it on is from its first; both are for `within`.
        """
        if self.operator in ("<", ">="):
            return (first,)
        return (last,) if self.operator in ("<=", ">") else (first, last)

    def within(self, column: str, kind: str, places: Sequence[str]) -> str:
        """As `sql`, of the operators WITHIN: `places` are the first and last of each span."""
        marks = [f"cast({place} as {kind})" for place in places]
        spans = zip(marks[::2], marks[1::2], strict=True)
        held = " or ".join(f"{column} between {first} and {last}" for first, last in spans)
        return f"({held}) is not true" if self.operator == "<>" else f"({held})"


def compared_as(kind: str) -> str:
    """The type in which values are compared with a column of the type `kind`.

    Whole numbers compare as doubles: cast to theirs, a value of 3.5 would be a 4.
    """
    return "DOUBLE" if kind in _WHOLE else kind


def parse(where: Where) -> list[Condition]:
    """The conditions, all of which must hold.

    A mapping compares for equality, or with any of a list. Raises UsageError when it is not
    understood.
    """
    if where is None:
        return []
    if isinstance(where, Mapping):
        return [_equality(name, value) for name, value in where.items()]
    texts = [where] if isinstance(where, str) else where
    # Nobody has checked what Python was given.
    if not isinstance(texts, Iterable) or not all(isinstance(text, str) for text in texts):
        raise UsageError(f"The filter is {where!r}.", EXAMPLE)
    return [condition for text in texts for condition in _Reader(text).conditions()]


def _equality(name: str, value: object) -> Condition:
    if value is None:
        return Condition(name, "is empty")
    if isinstance(value, list | tuple | set | frozenset):
        return Condition(name, "in", tuple(_text(item) for item in value))
    return Condition(name, "=", (_text(value),))


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


class _Reader:
    """Reads one text from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = _tokens(text)

    def conditions(self) -> list[Condition]:
        found = [self._condition()] if self.tokens else []
        while self.tokens:
            self._expect("and")
            found.append(self._condition())
        return found

    def _condition(self) -> Condition:
        name = self._take("word")
        kind, operator = self._next()
        if kind == "operator":
            return Condition(name, _OPERATORS[operator], (self._value(),))
        if kind == "word" and operator.lower() == "in":
            return Condition(name, "in", self._values())
        if kind == "word" and operator.lower() == "is":
            kind, word = self._next()
            negated = kind == "word" and word.lower() == "not"
            if negated:
                kind, word = self._next()
            if kind == "word" and word.lower() in ("empty", "null"):
                return Condition(name, "is not empty" if negated else "is empty")
        raise self._error()

    def _values(self) -> tuple[str, ...]:
        self._expect("(")
        values = [self._value()]
        while self.tokens and self.tokens[0] == ("mark", ","):
            self.tokens.pop(0)
            values.append(self._value())
        self._expect(")")
        return tuple(values)

    def _value(self) -> str:
        """A quoted text, or the words up to the next `and`, so that names may have spaces."""
        kind, value = self._next()
        if kind == "quoted":
            return value
        if kind != "word":
            raise self._error()
        words = [value]
        while self.tokens and self.tokens[0][0] == "word" and self.tokens[0][1].lower() != "and":
            words.append(self.tokens.pop(0)[1])
        return " ".join(words)

    def _take(self, wanted: str) -> str:
        kind, value = self._next()
        if kind != wanted:
            raise self._error()
        return value

    def _expect(self, word: str) -> None:
        if self._next()[1].lower() != word:
            raise self._error()

    def _next(self) -> tuple[str, str]:
        if not self.tokens:
            raise self._error()
        return self.tokens.pop(0)

    def _error(self) -> UsageError:
        return UsageError(f"The filter '{self.text}' is not understood.", EXAMPLE)


def _tokens(text: str) -> list[tuple[str, str]]:
    """(kind, text) of each piece: word, quoted, operator or mark."""
    found, place = [], 0
    text = text.strip()
    while place < len(text):
        match = _TOKENS.match(text, place)
        if not match:
            raise UsageError(f"The filter '{text}' is not understood.", EXAMPLE)
        kind = match.lastgroup or ""
        value = match[kind]
        if kind in ("single", "double"):
            mark = "'" if kind == "single" else '"'
            kind, value = "quoted", value.replace(mark * 2, mark)
        found.append((kind, value))
        place = match.end()
    return found

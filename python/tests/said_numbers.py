"""The numbers that a sentence says, in figures and in words, read back for comparison."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import duckdb
from leadsignal import evidence
from leadsignal.evidence import Sentence, Value
from leadsignal.honesty.statistics import wilson
from leadsignal.words import SMALL, TENS, percent

DERIVED = ("At stake:", "It is confirmed if", "Alarm:")
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
NO_COUNTS = re.compile(
    rf"""
    “[^”]*” | `[^`]*`                                        # names that people typed, commands
    | (?:the\ week\ of\ )?\b\d{{1,2}}\ (?:{MONTHS})\ \d{{4}}   # days
    | \b(?:{MONTHS})\ \d{{4}} | the\ \w+\ quarter\ of\ \d{{4}}
    | \b\d+\ (?:hours|days\ old|days)\b | \b95%\ confidence    # settings
    | \d[\d.]*\ of\ \d[\d.]*\ points | all\ \d[\d.]*\ points | \d[\d.]*\ points?\b
    | fewer\ than\ \d+ | \d+\ leads\ of\ its\ own\ and\ \d+\ others
    | (?:two|three)\ changes | \w+\ questions? | with\ \d[-+\d]*\ employees
    | one\ status\ for\ accepted\ and\ one\ for\ rejected
    | any\ one\ of\ them | every\ one | the\ one\ or | both\ stand\ behind | \w+\ owners
    | [Nn]o\ (?:source|campaign|offer|period|follow-up|other|longer|usable\ reason|answer)\b
    | that\ is\ no\b | \bfirst\b | (?:January|is|are)\ no\ (?:change|win|advice)
    """,
    re.VERBOSE,
)
IN_WORDS = {word: number for number, word in enumerate(SMALL)}
IN_WORDS |= {
    f"{tens}-{SMALL[ones]}" if ones else tens: 10 * place + ones
    for place, tens in enumerate(TENS)
    if tens
    for ones in range(10)
}
IN_WORDS |= {"both": 2, "no": 0}
WORD = re.compile(
    rf"(?<![\w-])({'|'.join(sorted(map(re.escape, IN_WORDS), key=len, reverse=True))})(?![\w-])",
    re.IGNORECASE,
)
FIGURE = re.compile(r"(?<![\w:-])(\d[\d,]*(?:\.\d+)?)(%?)(?![\w-])")


def unexplained(con: duckdb.DuckDBPyConnection, sentence: Sentence) -> set[str]:
    """The numbers of a sentence that none of its queries gives.

    Intervals, thresholds and comparisons of alarms are tested where they are made.
    """
    if sentence.text.startswith(DERIVED):
        return set()
    values = [evidence.value(con, one) for one in sentence.evidence]
    return set(said(sentence.text)) - explained(values)


def said(text: str) -> Iterator[str]:
    """Each number of a sentence: counts and amounts as digits, shares with their sign."""
    plain = NO_COUNTS.sub(" ", text)
    yield from re.findall(r"(?:under|over) \d+%", plain)
    plain = re.sub(r"(?:under|over) \d+%", " ", plain)
    for figure, sign in FIGURE.findall(plain):
        yield f"{figure}%" if sign else figure.replace(",", "")
    for word in WORD.findall(plain):
        yield str(IN_WORDS[word.lower()])


def explained(values: Iterable[Value]) -> set[str]:
    """All numbers that these values may be said as."""
    found, counts = set(), []
    for value in values:
        for number in (value.numerator, value.denominator, value.value):
            if number is not None:
                found.add(f"{number:.0f}")
                counts.append(number)
        if value.value is not None and value.denominator and 0 <= value.value <= 1:
            found.add(percent(value.value))
            bounds = wilson(int(value.numerator or 0), int(value.denominator)) or ()
            found |= {percent(bound) for bound in bounds}
    found |= {percent(one / whole) for one in counts for whole in counts if 0 <= one <= whole != 0}
    return found | {f"{sum(counts):.0f}"}

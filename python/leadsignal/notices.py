"""What to know of a build, in as few lines as a person reads."""

import re
from collections.abc import Sequence

MOST_NOTES = 10
MOST_OF_A_KIND = 5
ALONE = 2
"""So many notes of one kind stand one by one; more are one line."""
NAMED = 5
_UNMAPPED = re.compile(
    r'(?P<field>[^"]+) "(?P<value>.*)" is not mapped and counts as (?P<word>.+)'
    r" \(rows: (?P<rows>\d+)\): add it to (?P<seed>\S+)"
)
_UNANSWERED = re.compile(r'the CRM can answer "(?P<question>.*)" for (?P<share>\d+%) of the rows.*')


def grouped(notes: Sequence[str]) -> list[str]:
    """The notes of `publication.warnings`, those of one kind together in the place of the first."""
    kinds: dict[str, list[str]] = {}
    for note in notes:
        kinds.setdefault(_kind(note), []).append(note)
    told = []
    for kind, some in kinds.items():
        if len(some) <= ALONE:
            told += some
        else:
            told.append(_unanswered(some) if kind == _UNANSWERED.pattern else _unmapped(some))
    return few(told, MOST_NOTES, "more in publication.warnings")


def few(lines: Sequence[str], most: int, rest: str) -> list[str]:
    """The first lines, and how many more there are: `rest` says of what and where."""
    more = len(lines) - most
    return list(lines) if more <= 0 else [*lines[:most], f"{more} {rest}."]


def _kind(note: str) -> str:
    """The same for notes that can be one line."""
    if unmapped := _UNMAPPED.fullmatch(note):
        return f"{unmapped['field']} as {unmapped['word']}"
    return _UNANSWERED.pattern if _UNANSWERED.fullmatch(note) else note


def _unmapped(notes: Sequence[str]) -> str:
    found = [match for note in notes if (match := _UNMAPPED.fullmatch(note))]
    found.sort(key=lambda match: -int(match["rows"]))
    rows = sum(int(match["rows"]) for match in found)
    names = ", ".join(f'"{match["value"]}"' for match in found[:NAMED])
    first, more = found[0], ", ..." if found[NAMED:] else ""
    return (
        f"{len(found)} values of {first['field']} are not mapped and count as {first['word']}"
        f" (rows: {rows}): {names}{more}; leadsignal doctor says what to add to {first['seed']}"
    )


def _unanswered(notes: Sequence[str]) -> str:
    found = [match for note in notes if (match := _UNANSWERED.fullmatch(note))]
    names = "; ".join(f"{match['question']} ({match['share']})" for match in found)
    return (
        f"the CRM can answer {len(found)} questions for few of the rows only (crm_trust says what"
        f" is missing): {names}"
    )

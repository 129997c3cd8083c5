"""Pieces of an answer's sentence, which claim no more than their numbers do."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from leadsignal.honesty.statistics import wilson
from leadsignal.questions.comparing import HIGHER, LOWER, NOT_KNOWN, TOO_FEW
from leadsignal.words import listing, percent

NAMED = 4
TOO_SMALL = "The groups are too small to be held against each other."


def share(good: int, cases: int, min_sample: int) -> str:
    """Such as ' (36%; 24% to 50% with 95% confidence)'; of few cases that they are too few."""
    bounds = wilson(good, cases)
    if cases < min_sample or bounds is None:
        return " (too few for a rate)"
    low, high = map(percent, bounds)
    return f" ({percent(good / cases)}; {low} to {high} with 95% confidence)"


def interval(good: int, cases: int, min_sample: int) -> str:
    """As `share`, and nothing at all of few cases."""
    return share(good, cases, min_sample) if cases >= min_sample else ""


def differing(
    rows: Sequence[Mapping[str, Any]],
    verdicts: Sequence[str],
    name: str,
    start: str,
    named: Callable[[str], str],
) -> Iterator[str]:
    """Which segments are higher and lower than the rest, or that none is beyond chance."""
    if len(rows) < 2:
        return
    found = []
    for verdict in (HIGHER, LOWER):
        names = [
            named(row[name])
            for row, said in zip(rows, verdicts, strict=True)
            if said == verdict and row[name] != "unknown"
        ]
        if names:
            found.append(f"{verdict} than for the rest for {several(names)}")
    if found:
        yield f"{start} {listing(found)}, beyond chance."
    elif NOT_KNOWN in verdicts:
        yield "The CRM says too rarely where a lead came from to compare sources."
    elif set(verdicts) == {TOO_FEW}:
        yield f"The {name}s are too small to be held against each other."
    else:
        yield f"No difference between the {name}s is beyond chance."


def several(names: Sequence[str]) -> str:
    """The first few names, and how many more there are."""
    more = len(names) - NAMED
    return listing([*names[:NAMED], f"{more} more"] if more > 0 else list(names))

"""Whether a link of the chain is another one than usual, beyond what chance would give."""

import math
from collections.abc import Iterator
from typing import Any

from scipy import stats

from leadsignal.diagnosis.feeding import Fed
from leadsignal.diagnosis.funnel import LINKS, counts, worth
from leadsignal.honesty.statistics import stratified_proportions, two_counts


def p_values(usual: Fed, now: Fed) -> dict[str, float | None]:
    """Per link the p value of 'nothing but chance': volume as counts, shares within their strata.

    The usual leads partly are the same ones as those of now, which makes the tests a little slower
    to find something, never quicker.
    """
    old, new = counts(usual), counts(now)
    found: dict[str, float | None] = {
        link: stratified_proportions(_strata(new[link], old[link], usual.periods)) for link in old
    }
    found["volume"] = two_counts(
        round(now.leads.sum()),
        now.days,
        round(usual.leads.sum() * usual.periods),
        usual.days * usual.periods,
    )
    found["mix"] = _mix(usual, now)
    return {link: found[link] for link in LINKS}


def of_counts(now: float, usual: float, periods: int) -> float | None:
    """The p value of 'deals came at the usual pace', over periods of equal length."""
    return two_counts(max(0, round(now)), 1, max(0, round(usual * periods)), periods)


def _strata(
    now: list[tuple[Any, Any]], usual: list[tuple[Any, Any]], periods: int
) -> Iterator[tuple[int, int, int, int]]:
    for (part, whole), (old_part, old_whole) in zip(now, usual, strict=True):
        for k, n, old_k, old_n in zip(
            part.ravel(), whole.ravel(), old_part.ravel(), old_whole.ravel(), strict=True
        ):
            yield round(k), round(n), round(old_k * periods), round(old_n * periods)


def _mix(usual: Fed, now: Fed) -> float | None:
    """Whether the sources of now are worth more or less opportunities a lead than the usual ones.

    A test of two means, where every lead counts what leads of its source lead to on average.
    """
    value = worth(usual, now)
    n, old_n = (side.leads.sum((1, 2, 3, 4)) for side in (now, usual))
    old_n = old_n * usual.periods
    every = n + old_n
    if not n.sum() or not old_n.sum():
        return None
    mean = (every * value).sum() / every.sum()
    variance = (every * (value - mean) ** 2).sum() / every.sum()
    error = math.sqrt(variance * (1 / n.sum() + 1 / old_n.sum()))
    if error == 0:
        return None
    difference = (n * value).sum() / n.sum() - (old_n * value).sum() / old_n.sum()
    return float(2 * stats.norm.sf(abs(difference) / error))

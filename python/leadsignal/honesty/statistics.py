"""How sure a number is: intervals and tests.

Counts in, plain floats out. Nothing here knows what is counted.
"""

import math
from collections.abc import Iterable, Sequence

import numpy
from scipy import stats

from leadsignal.honesty.wilson import CONFIDENCE as CONFIDENCE
from leadsignal.honesty.wilson import bounds

SIGNIFICANCE = 1 - CONFIDENCE
FEW_EXPECTED = 5
"""With fewer expected cases in a cell the normal approximation is not used (Cochran's rule)."""

Interval = tuple[float, float]


def wilson(successes: int, n: int, confidence: float = CONFIDENCE) -> Interval | None:
    """The Wilson interval (low, high) of a proportion, both within 0 and 1; None when n is 0.

    Raises ValueError unless 0 <= successes <= n.
    """
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} successes of {n} cases is no proportion")
    if n == 0:
        return None
    low, high = bounds([successes], [n], confidence)
    return float(low[0]), float(high[0])


def two_proportions(successes: int, n: int, other_successes: int, other_n: int) -> float | None:
    """The two-sided p value of 'both proportions are the same'; None when a side has no cases.

    The pooled z test, or Fisher's exact test when a cell has fewer than 5 expected cases.
    """
    if n == 0 or other_n == 0:
        return None
    cells = numpy.array([[successes, n - successes], [other_successes, other_n - other_successes]])
    pooled = (successes + other_successes) / (n + other_n)
    if min(n, other_n) * min(pooled, 1 - pooled) < FEW_EXPECTED:
        return float(stats.fisher_exact(cells).pvalue)
    error = math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / other_n))
    z = (successes / n - other_successes / other_n) / error
    return away(z)


def two_counts(count: int, exposure: float, other: int, other_exposure: float) -> float | None:
    """The two-sided p value of 'both counts came at the same pace'; None when nothing was counted.

    Exposures are lengths of time in one unit. Given their sum, a count is binomial.
    """
    if count + other == 0:
        return None
    share = exposure / (exposure + other_exposure)
    return float(stats.binomtest(count, count + other, share).pvalue)


def faster(count: int, exposure: float, other: int, other_exposure: float) -> float | None:
    """The one-sided p value of 'the first count came no faster'; None when nothing was counted."""
    if count + other == 0:
        return None
    share = exposure / (exposure + other_exposure)
    return float(stats.binomtest(count, count + other, share, alternative="greater").pvalue)


def above_limit(successes: int, n: int, limit: float) -> float:
    """The one-sided p value of 'the true proportion is at most the limit' (exact binomial)."""
    return float(stats.binomtest(successes, n, limit, alternative="greater").pvalue)


def below(z: float) -> float:
    """The one-sided p value of a standard normal statistic that should not be so low."""
    return float(stats.norm.cdf(z))


def away(z: float) -> float:
    """The two-sided p value of a standard normal statistic that should be near 0."""
    return float(2 * stats.norm.sf(abs(z)))


def stratified_proportions(strata: Iterable[tuple[int, int, int, int]]) -> float | None:
    """The p value of 'within every stratum both proportions are the same' (Mantel-Haenszel).

    A stratum is (successes, n, other successes, other n). None when no stratum can tell.
    Where the plain test sees a difference and this one does not, the mix of strata moved.
    """
    z = stratified_z(strata)
    return None if z is None else away(z)


def stratified_z(strata: Iterable[tuple[int, int, int, int]]) -> float | None:
    """The same test's statistic: standard normal, above 0 where the first proportion is larger."""
    surplus = variance = 0.0
    for successes, n, other_successes, other_n in strata:
        total, good = n + other_n, successes + other_successes
        if n == 0 or other_n == 0 or total < 2:
            continue
        surplus += successes - n * good / total
        variance += n * other_n * good * (total - good) / (total**2 * (total - 1))
    return None if variance == 0 else surplus / math.sqrt(variance)


def discoveries(p_values: Sequence[float | None], rate: float = SIGNIFICANCE) -> list[bool]:
    """Which of a set of tests found something, the false discovery rate held at `rate`.

    Benjamini-Hochberg over the set; a None was no test and found nothing.
    """
    tested = [p for p in p_values if p is not None]
    if not tested:
        return [False] * len(p_values)
    adjusted = iter(stats.false_discovery_control(tested, method="bh"))
    return [p is not None and bool(next(adjusted) <= rate) for p in p_values]

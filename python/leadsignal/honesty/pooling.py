"""Rates of small segments, pooled toward the overall rate, and which segment may be called best."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy
from scipy import special, stats

from leadsignal.honesty.statistics import SIGNIFICANCE
from leadsignal.honesty.wilson import CONFIDENCE

CERTAIN = 0.001
"""All segments being equal must be this unlikely before one of them is called best: with a hundred
rankings a year a best among equals comes up once in ten years."""
STRENGTHS = 41
"""Strengths of the prior that are weighed against each other."""
STEPS = 1001
"""Points at which a posterior is compared with the others."""


@dataclass(frozen=True)
class Pooled:
    """One segment: its own rate, and the rate pooled toward the overall one.

    `low` and `high` bound the pooled rate with 95% posterior probability.
    """

    segment: str
    successes: int
    n: int
    raw: float | None
    pooled: float
    low: float
    high: float
    above_mean: float
    """Posterior probability that it is above the overall rate."""
    above_others: float
    """Posterior probability that it is above every other segment."""
    standing: str
    """above, below or same: against the overall rate, at 95%, and only where a test over all
    segments says that they differ."""


@dataclass(frozen=True)
class Ranking:
    """The segments, the highest pooled rate first."""

    segments: tuple[Pooled, ...]
    overall: float | None
    prior_cases: float
    """How many cases at the overall rate the prior counts for."""
    p_value: float | None
    """Of 'all segments have the same rate'."""
    best: str | None
    """The one segment that is better than all others, where that can be said."""


def ranked(counts: Mapping[str, tuple[int, int]]) -> Ranking:
    """Segments ranked by their pooled rates; `counts` are (successes, n) by segment.

    The prior is a beta distribution around the overall rate. How strongly it pulls is told by how
    likely it makes the segments' counts (empirical Bayes), and how well that and the overall rate
    are known is part of the intervals. `best` is named only when the segments' being equal is out
    of the question (chi-square test) and the posterior is sure at 95% that it is above every
    other. Raises ValueError unless 0 <= successes <= n.
    """
    good = numpy.array([successes for successes, _ in counts.values()], float)
    n = numpy.array([cases for _, cases in counts.values()], float)
    if ((good < 0) | (good > n)).any():
        raise ValueError("more successes than cases are no proportion")
    if n.sum() == 0:
        return Ranking((), None, 0.0, None, None)
    posterior, cases = _posterior(good, n)
    p_value, overall = homogeneity(good, n), float(good.sum() / n.sum())
    segments = sorted(
        _pooled(counts, posterior, overall, p_value), key=lambda one: (-one.pooled, one.segment)
    )
    first = segments[0]
    is_best = p_value is not None and p_value <= CERTAIN and first.above_others >= CONFIDENCE
    return Ranking(tuple(segments), overall, cases, p_value, first.segment if is_best else None)


def _pooled(
    counts: Mapping[str, tuple[int, int]], posterior: Any, overall: float, p_value: float | None
) -> Iterator[Pooled]:
    above_mean, above_others = posterior.sf(overall), _above_others(posterior, len(counts))
    standings = _standings(above_mean, p_value)
    mean, (low, high) = posterior.mean(), posterior.interval(CONFIDENCE)
    for place, (name, (successes, n)) in enumerate(counts.items()):
        yield Pooled(
            segment=name,
            successes=successes,
            n=n,
            raw=successes / n if n else None,
            pooled=float(mean[place]),
            low=float(low[place]),
            high=float(high[place]),
            above_mean=float(above_mean[place]),
            above_others=float(above_others[place]),
            standing=standings[place],
        )


def homogeneity(successes: Any, n: Any) -> float | None:
    """The p value of 'all segments have the same rate' (chi-square); None when nothing can differ.

    Segments without cases do not take part.
    """
    good, cases = numpy.asarray(successes, float), numpy.asarray(n, float)
    good, cases = good[cases > 0], cases[cases > 0]
    if len(cases) < 2 or not 0 < good.sum() < cases.sum():
        return None
    return float(stats.chi2_contingency([good, cases - good], correction=False).pvalue)


def _posterior(good: Any, n: Any) -> tuple[Any, float]:
    """A beta distribution for every segment's rate, and how many cases the prior counts for.

    The prior's strength is not one number but many, each by its likelihood; flat beforehand is the
    spread of the segments' rates. It lies between half a success and half a failure (Jeffreys) and
    all the cases there are. The mixture is put into a beta distribution by its mean and variance.
    """
    total = n.sum()
    # A rate of 0 or 1 is never a certainty.
    centre = (good.sum() + 0.5) / (total + 1)
    least = 0.5 / min(centre, 1 - centre)
    cases = numpy.geomspace(least, max(total, least), STRENGTHS)[:, None]
    alpha, beta = cases * centre, cases * (1 - centre)
    likely = special.betaln(alpha + good, beta + n - good) - special.betaln(alpha, beta)
    log_weight = likely.sum(axis=1, keepdims=True) - numpy.log(cases) / 2
    weight = numpy.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    means = (alpha + good) / (cases + n)
    mean = (weight * means).sum(axis=0)
    within = means * (1 - means) / (cases + n + 1)
    rates = centre * (1 - centre) * (cases + n) / ((cases + 1) * numpy.maximum(n, 1))
    of_centre = ((n / total) ** 2 * rates).sum(axis=1, keepdims=True)
    pull = cases / (cases + n)
    variance = (weight * (within + (means - mean) ** 2 + pull**2 * of_centre)).sum(axis=0)
    strength = numpy.maximum(mean * (1 - mean) / variance - 1, least)
    prior_cases = float(numpy.exp((weight * numpy.log(cases)).sum()))
    return stats.beta(mean * strength, (1 - mean) * strength), prior_cases


def _above_others(posterior: Any, count: int) -> Any:
    """Per segment the probability that it is above every other, by integration over its own."""
    if count == 1:
        return numpy.ones(1)
    points = posterior.ppf(((numpy.arange(STEPS) + 0.5) / STEPS)[:, None])
    chances = numpy.empty(count)
    for place in range(count):
        below = posterior.cdf(points[:, [place]])
        below[:, place] = 1.0
        chances[place] = below.prod(axis=1).mean()
    return chances


def _standings(above_mean: Any, p_value: float | None) -> list[str]:
    """above, below or same; each is right with 95%, so under 5% of those named are wrong."""
    if p_value is None or p_value > SIGNIFICANCE:
        return ["same"] * len(above_mean)
    return [
        "above" if chance >= CONFIDENCE else "below" if chance <= SIGNIFICANCE else "same"
        for chance in above_mean
    ]

"""How much faster something happens with than without, compared at the same age of the cases."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy
from scipy import stats

from leadsignal.honesty.wilson import CONFIDENCE

CRITICAL = float(stats.norm.isf((1 - CONFIDENCE) / 2))


@dataclass(frozen=True)
class RiskSets:
    """At every moment (age of the cases) at which something happened: to whom it could happen.

    Four arrays of one length: events to cases with and without, and cases at risk with and without.
    """

    events_with: Any
    events_without: Any
    at_risk_with: Any
    at_risk_without: Any

    @classmethod
    def of(cls, lasted: Any, happened: Any, began: Any) -> "RiskSets":
        """The risk sets of cases watched for `lasted`, at whose end it `happened` or didn't.

        From the age `began` on a case is one with; infinity: never. Before it, it is one without,
        so the time that a case needed to become one with is no merit of being one.
        """
        lasted, happened, began = map(numpy.asarray, (lasted, happened, began))
        is_with = began < lasted
        ages = numpy.unique(lasted[happened])
        at_risk = len(lasted) - numpy.searchsorted(numpy.sort(lasted), ages)
        became = numpy.searchsorted(numpy.sort(began[is_with]), ages)
        ended_with = numpy.searchsorted(numpy.sort(lasted[is_with]), ages)
        events = _counted(lasted[happened], ages)
        events_with = _counted(lasted[happened & is_with], ages)
        with_ = became - ended_with
        return cls(events_with, events - events_with, with_, at_risk - with_)

    @classmethod
    def together(cls, several: Sequence["RiskSets"]) -> "RiskSets":
        """All of them as sets of their own: cases of one are not held against those of another."""
        names = ("events_with", "events_without", "at_risk_with", "at_risk_without")
        empty = numpy.zeros(0)
        return cls(
            *(numpy.concatenate([empty, *(getattr(s, name) for s in several)]) for name in names)
        )


@dataclass(frozen=True)
class RateRatio:
    """The pace with over the pace without, its 95% interval, and the p value of 'they are equal'.

    None: nothing happened on a side, so there is no ratio.
    """

    value: float | None
    low: float | None
    high: float | None
    p_value: float | None


def rate_ratio(sets: RiskSets) -> RateRatio:
    """The Mantel-Haenszel ratio over risk sets; the test is the log-rank test.

    The interval is that of Greenland and Robins, on the log scale.
    """
    at_risk = sets.at_risk_with + sets.at_risk_without
    events = sets.events_with + sets.events_without
    chance_with = sets.at_risk_with / at_risk
    with_ = float((sets.events_with * (1 - chance_with)).sum())
    without = float((sets.events_without * chance_with).sum())
    variance = float((events * chance_with * (1 - chance_with)).sum())
    p_value = None
    if variance > 0:
        p_value = float(2 * stats.norm.sf(abs(with_ - without) / math.sqrt(variance)))
    if not with_ or not without:
        return RateRatio(None, None, None, p_value)
    ratio = with_ / without
    width = CRITICAL * math.sqrt(variance / (with_ * without))
    return RateRatio(ratio, ratio * math.exp(-width), ratio * math.exp(width), p_value)


def _counted(values: Any, ages: Any) -> Any:
    return numpy.bincount(numpy.searchsorted(ages, values), minlength=len(ages))

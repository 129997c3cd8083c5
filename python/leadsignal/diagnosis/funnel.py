"""The number of opportunities as a chain of shares, and what each link did to its change.

Opportunities = leads x their sources x attributes known x fit x handed over x touched in time x
accepted x opened. Every share is taken within source and within what came before it, so leads that
left the ideal path are counted where they are, and the chain gives the exact number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy

from leadsignal.diagnosis.feeding import (
    ACCEPTED,
    FIT,
    LOST_PAIN,
    LOST_TIMING,
    NO_PAIN,
    NO_TIMING,
    OPENED,
    UNACCEPTED,
    WAITING,
    Fed,
)
from leadsignal.diagnosis.shapley import shapley

FAIL, UNKNOWN, PASS = range(len(FIT))
LINKS = (
    *("volume", "mix", "known", "fit", "handed_over", "touched"),
    *("pain", "timing", "accepted", "opened"),
)


@dataclass(frozen=True)
class Chain:
    """The links of one side. Their axes are source, fit, handed over, touched, in this order."""

    volume: float
    mix: Any
    unknown: Any
    """Share of the leads whose fit cannot be told, by source."""
    passed: Any
    handed_over: Any
    touched: Any
    declined: dict[str, Any]
    """pain, timing: the shares turned down for that, of those turned down for that or for neither.
    So a reason that takes more leads does not make the other one look rarer (competing ends)."""
    accepted: Any
    """Of those not declined for pain or timing."""
    lost: dict[str, Any]
    """pain, timing: the same of the accepted that were disqualified."""
    opened: Any
    """Of the accepted that were not lost for pain or timing."""
    unaccepted: Any
    """Of those neither declined for pain or timing nor accepted: the share with an opportunity."""


def chains(one: Fed, other: Fed) -> tuple[Chain, Chain]:
    """The links of both; where one has no case at all it borrows the other's share."""
    return _chain(one.leads, other.leads), _chain(other.leads, one.leads)


def _chain(leads: Any, other: Any) -> Chain:
    def share(part: Any, whole: Any, other_part: Any, other_whole: Any) -> Any:
        here = whole > 0
        part, whole = numpy.where(here, part, other_part), numpy.where(here, whole, other_whole)
        return numpy.divide(part, whole, out=numpy.zeros(part.shape), where=whole > 0)

    shares = [
        share(*mine, *theirs) for mine, theirs in zip(_links(leads), _links(other), strict=True)
    ]
    by_source = leads.sum((1, 2, 3, 4))
    total = float(by_source.sum())
    unknown, passed, handed_over, touched, *ends, unaccepted = shares
    return Chain(
        total,
        by_source / total if total else numpy.zeros(len(by_source)),
        unknown,
        passed,
        handed_over,
        touched,
        {"pain": ends[0], "timing": ends[1]},
        ends[2],
        {"pain": ends[3], "timing": ends[4]},
        ends[5],
        unaccepted,
    )


def _links(n: Any) -> list[tuple[Any, Any]]:
    """Every link as its part and its whole."""
    by_fit = n.sum((2, 3, 4))
    accepted = n[..., : ACCEPTED + 1].sum(4)
    waiting = n[..., WAITING] + n[..., UNACCEPTED]
    left, kept = accepted + waiting, n[..., OPENED] + n[..., ACCEPTED]
    return [
        (by_fit[:, UNKNOWN], by_fit.sum(1)),
        (by_fit[:, PASS], by_fit[:, PASS] + by_fit[:, FAIL]),
        (n[:, :, 1].sum((2, 3)), by_fit),
        (n[:, :, :, 1].sum(3), n.sum((3, 4))),
        (n[..., NO_PAIN], n[..., NO_PAIN] + left),
        (n[..., NO_TIMING], n[..., NO_TIMING] + left),
        (accepted, left),
        (n[..., LOST_PAIN], n[..., LOST_PAIN] + kept),
        (n[..., LOST_TIMING], n[..., LOST_TIMING] + kept),
        (n[..., OPENED], kept),
        (n[..., UNACCEPTED], waiting),
    ]


def counts(one: Fed) -> dict[str, list[tuple[Any, Any]]]:
    """Per link but volume and mix: what its share is of, as arrays of (part, whole) by stratum."""
    known, fit, handed_over, touched, no_pain, no_timing, accepted, pain, timing, opened, _ = (
        _links(one.leads)
    )
    return {
        "known": [known],
        "fit": [fit],
        "handed_over": [handed_over],
        "touched": [(part[:, :, 1], whole[:, :, 1]) for part, whole in [touched]],
        "pain": [no_pain, pain],
        "timing": [no_timing, timing],
        "accepted": [accepted],
        "opened": [opened],
    }


def opportunities(usual: Chain, now: Chain, changed: frozenset[str]) -> float:
    """The opportunities if just these links were as they are now, and the others as usual."""

    def side(link: str) -> Chain:
        return now if link in changed else usual

    unknown, passed = side("known").unknown, side("fit").passed
    fit = numpy.stack([(1 - unknown) * (1 - passed), unknown, (1 - unknown) * passed], axis=1)
    handed_over, touched = side("handed_over").handed_over, side("touched").touched
    paths = side("mix").mix[:, None] * fit
    paths = numpy.stack([paths * (1 - handed_over), paths * handed_over], axis=2)
    paths = numpy.stack([paths * (1 - touched), paths * touched], axis=3)
    left = _neither(side("pain").declined["pain"], side("timing").declined["timing"])
    kept = _neither(side("pain").lost["pain"], side("timing").lost["timing"])
    accepted, last = side("accepted").accepted, side("opened")
    opened = left * (accepted * kept * last.opened + (1 - accepted) * last.unaccepted)
    return float(side("volume").volume * (paths * opened).sum())


def _neither(one: Any, other: Any) -> Any:
    """The share that ends neither way, from the odds of either against neither."""
    possible = 1 - one * other
    return numpy.divide(
        (1 - one) * (1 - other), possible, out=numpy.zeros(possible.shape), where=possible > 0
    )


def parts(usual: Fed, now: Fed) -> dict[str, float]:
    """What each link did, in opportunities; together exactly the change of `from_leads`."""
    old, new = chains(usual, now)
    return shapley(LINKS, lambda changed: opportunities(old, new, changed))


def worth(usual: Fed, now: Fed) -> Any:
    """The opportunities that a lead of each source leads to, over both sides."""
    both = usual.leads * usual.periods + now.leads
    every = both.sum((1, 2, 3, 4))
    good = both[..., OPENED].sum((1, 2, 3)) + both[..., UNACCEPTED].sum((1, 2, 3))
    return numpy.divide(good, every, out=numpy.zeros(len(every)), where=every > 0)


def pooled(one: Fed, places: Sequence[int], small: Sequence[int]) -> Fed:
    """The same with some sources kept and the small ones as a single last one."""
    kept = one.leads[list(places)]
    rest = one.leads[list(small)].sum(0, keepdims=True)
    return Fed(numpy.concatenate([kept, rest]), one.opened, one.periods, one.days)

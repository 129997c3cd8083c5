"""Which source, campaign or offer stands out from the rest, and whether that can be said yet."""

from collections.abc import Mapping
from dataclasses import dataclass

from leadsignal.funnel import Funnel
from leadsignal.honesty import pooling, statistics

FEW_LEADS = 5
"""With fewer leads than this a segment is counted, but never held against the others."""

LITTLE_FIT = 0.5
"""Where fewer of the leads than this fit, there is volume without much fit; where most do, they
only fit less than others."""

FIRST_SIGN = 0.01
"""All segments being equal must be this unlikely before one is called worse, or a small one a
first sign; to be held up as better, one that is large enough to rank must pass pooling.CERTAIN."""


@dataclass(frozen=True)
class Standing:
    """One segment against the rest of the leads. `fit` and `talk` are better, worse or same."""

    name: str
    funnel: Funnel
    rest: Funnel
    fit: str
    talk: str
    is_small: bool
    """Too few leads here or in the rest for a ranking."""
    is_doubted: bool = False
    """Sales accepts fewer of its decided leads than of the rest, or fewer become opportunities."""
    is_redeemed: bool = False
    """More of its leads become opportunities than of the rest."""

    @property
    def fit_rate(self) -> float:
        """The share of its leads that fit."""
        return _rate(self.funnel)

    @property
    def rest_rate(self) -> float:
        """The share of the other leads that fit."""
        return _rate(self.rest)

    @property
    def is_quality(self) -> bool:
        """Better than the rest by fit or by conversations, and worse by nothing that is known."""
        found = (self.fit, self.talk)
        return "better" in found and "worse" not in found and not self.is_doubted

    @property
    def is_volume(self) -> bool:
        """Its leads fit less than the rest, and nothing that became of them speaks for it."""
        return self.fit == "worse" and self.talk != "better" and not self.is_redeemed

    @property
    def is_without_fit(self) -> bool:
        """Not even half of its leads fit."""
        return self.fit_rate < LITTLE_FIT

    def is_below(self, other: "Standing", what: str, is_first_sign: bool) -> bool:
        """Whether a smaller share of its leads got to a step than of another segment's.

        A test has to say so, but for a first sign, which claims no more than what happened so far.
        """
        k, n = getattr(self.funnel, what), self.funnel.leads
        other_k, other_n = getattr(other.funnel, what), other.funnel.leads
        return k * other_n < other_k * n if is_first_sign else _is_less(k, n, other_k, other_n)


@dataclass(frozen=True)
class Comparison:
    """The segments of one cut, the one with most leads first."""

    standings: tuple[Standing, ...]

    @property
    def quality(self) -> list[Standing]:
        """All that stand out, those that can be ranked before those that can't yet."""
        found = [one for one in self.standings if one.is_quality]
        settled = [one for one in found if not one.is_small] or found
        return sorted(settled, key=lambda one: (-one.fit_rate, -one.funnel.conversations))

    @property
    def is_quality_highest(self) -> bool:
        """Whether those that stand out are above each other segment in what they do best."""
        best = self.quality
        others = [one for one in self._compared if one not in best]
        return all(
            other.is_below(one, "fit" if one.fit == "better" else "conversations", one.is_small)
            for one in best
            for other in others
        )

    @property
    def largest(self) -> Standing | None:
        """The one with the most leads, if one has more than any other."""
        first, *others = self.standings or (None,)
        if first is None or not others or others[0].funnel.leads == first.funnel.leads:
            return None
        return first if first.funnel.leads >= FEW_LEADS else None

    @property
    def volume_without_fit(self) -> list[Standing]:
        """Those whose leads fit less than the rest and got no further: the largest first."""
        return [one for one in self.standings if one.is_volume]

    def is_weakest(self, one: Standing) -> bool:
        """Whether it fits less than each other segment."""
        others = [other for other in self._compared if other is not one]
        return all(one.is_below(other, "fit", one.is_small) for other in others)

    @property
    def _compared(self) -> list[Standing]:
        return [one for one in self.standings if one.funnel.leads >= FEW_LEADS]


def compare(segments: Mapping[str, Funnel], total: Funnel, min_sample: int) -> Comparison:
    """Each segment against all other leads.

    A difference is one only when a test of two proportions says so, false discoveries held at 5%
    over all segments and both tests (share that fits, share with a conversation), and when the
    segments' being equal is out of the question: among equals one is nearly always the best.
    """
    names = sorted(segments, key=lambda name: (-segments[name].leads, name))
    rests = {name: _without(total, segments[name]) for name in names}
    tests = [(what, name) for what in ("fit", "conversations") for name in names]
    discovered = statistics.discoveries(
        [_test(segments[name], rests[name], what) for what, name in tests]
    )
    found = dict(zip(tests, discovered, strict=True))
    equal = {what: _homogeneity(segments, what) for what in ("fit", "conversations")}
    standings = []
    for name in names:
        one, rest = segments[name], rests[name]
        is_small = min(one.leads, rest.leads) < min_sample
        best = FIRST_SIGN if is_small else pooling.CERTAIN
        fit, talk = (
            _verdict(one, rest, what, found[what, name], equal[what], best)
            for what in ("fit", "conversations")
        )
        standings.append(
            Standing(
                name, one, rest, fit, talk, is_small,
                is_doubted=_is_less(one.accepted, one.decided, rest.accepted, rest.decided)
                or _is_less(one.opportunities, one.leads, rest.opportunities, rest.leads),
                is_redeemed=_is_less(rest.opportunities, rest.leads, one.opportunities, one.leads),
            )
        )  # fmt: skip
    return Comparison(tuple(standings))


def _homogeneity(segments: Mapping[str, Funnel], what: str) -> float:
    """The p value of 'all segments are equal'; 1 where there is nothing to tell apart."""
    counts = [(getattr(one, what), one.leads) for one in segments.values()]
    p_value = pooling.homogeneity(*zip(*counts, strict=True)) if counts else None
    return 1.0 if p_value is None else p_value


def _without(total: Funnel, one: Funnel) -> Funnel:
    return Funnel(**{name: count - getattr(one, name) for name, count in vars(total).items()})


def _test(one: Funnel, rest: Funnel, what: str) -> float | None:
    if one.leads < FEW_LEADS:
        return None
    return statistics.two_proportions(
        getattr(one, what), one.leads, getattr(rest, what), rest.leads
    )


def _verdict(
    one: Funnel, rest: Funnel, what: str, is_found: bool, equal: float, best: float
) -> str:
    is_more = getattr(one, what) * rest.leads > getattr(rest, what) * one.leads
    if not is_found or equal > (best if is_more else FIRST_SIGN):
        return "same"
    if what == "fit" and not is_more and one.fit * rest.fit_known >= rest.fit * one.fit_known:
        return "same"  # less is known of its leads, and what is known is no worse
    return "better" if is_more else "worse"


def _is_less(k: int, n: int, other: int, other_n: int) -> bool:
    """Whether a share is lower than another by more than chance explains."""
    if min(n, other_n) < FEW_LEADS or k * other_n >= other * n:
        return False
    p_value = statistics.two_proportions(k, n, other, other_n)
    return p_value is not None and p_value <= statistics.SIGNIFICANCE


def _rate(funnel: Funnel) -> float:
    return funnel.fit / funnel.leads if funnel.leads else 0.0

"""The signs of a number that says more than it should; each is one test of two periods' counts."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from leadsignal.honesty import statistics
from leadsignal.honesty.pairs import Pair, Row

RISE = 0.10
"""A volume that grew by less, relative to before, is no rise."""
FALL = 0.10
"""A rate that fell by less, relative to before, is no fall."""
JUMP = 0.10
"""A rate that moved by less (0 to 1) is no jump."""
VAGUE_LIMIT = 0.40
"""With more rejections than this without a reason, crm_trust grades the reasons low."""
CUTS_APART = 0.50
"""A score decides on the handover when the shares handed over above and below it differ by this."""
NEAR = 5
"""Scores up to this much above a threshold are just above it."""
NOTHING = 1.0
"""The p value of what moved too little to matter."""


@dataclass(frozen=True)
class Sign:
    """What was found: a p value, the sentence if it is an alarm, the counts, the metrics."""

    p_value: float
    what: str
    rows: tuple[Mapping[str, Any], ...]
    metrics: tuple[str, ...]


@dataclass(frozen=True)
class Fall:
    """How much of a rate was lost within the segments, relative to before (0.3: 30%)."""

    part: float
    p_value: float

    @staticmethod
    def of(pair: Pair, good: str, cases: str, segment: str) -> "Fall":
        """Among leads of the same segment and age; the p value is one-sided."""
        z, split = pair.z(good, cases, segment), pair.split(good, cases, segment)
        if z is None or split is None or split.before == 0:
            return Fall(0.0, NOTHING)
        return Fall(-split.performance / split.before, statistics.below(z))


def score_inflation(decided: Pair, captured: Pair) -> Sign:
    """More leads with a score, while those of the same score are worth less."""
    acceptance = Fall.of(decided, "accepted", "decided", "band")
    conversion = Fall.of(captured, "converted", "leads", "band")
    if acceptance.p_value <= conversion.p_value:
        fall, done, metric = acceptance, "sales accepted", "sales_acceptance_rate"
        rows = decided.evidence("accepted", "decided", "band")
    else:
        fall, done, metric = conversion, "deals came from", "lead_to_opportunity_rate"
        rows = captured.evidence("converted", "leads", "band")
    rise, p_rise = decided.pace("handed_over")
    what = (
        f"Scores promise more than they did: {rise:.0%} more scored leads were handed over a day "
        f"than in {decided.previous.words}, and {done} {max(fall.part, 0):.0%} fewer of those in "
        "the same score bands."
    )
    # Two rates could have fallen, so the better p value counts twice.
    p_value = max(p_rise, min(1.0, 2 * fall.p_value))
    is_notable = rise >= RISE and fall.part >= FALL
    return Sign(p_value if is_notable else NOTHING, what, rows, ("lead_volume", metric))


def volume_without_acceptance(decided: Pair) -> Sign:
    """More leads handed over, while sales accepts fewer of those it decides on."""
    rise, p_rise = decided.pace("handed_over")
    z = decided.z("accepted", "decided", "whole")
    split = decided.split("accepted", "decided", "source")
    is_fall = split is not None and split.before > 0 and -split.change / split.before >= FALL
    what = (
        f"{rise:.0%} more leads were handed over a day than in {decided.previous.words}, while "
        f"the acceptance rate went {split.words if split else 'down'}."
    )
    p_value = max(p_rise, NOTHING if z is None else statistics.below(z))
    return Sign(
        p_value if rise >= RISE and is_fall else NOTHING,
        what,
        decided.evidence("accepted", "decided", "source"),
        ("lead_volume", "sales_acceptance_rate"),
    )


def handover_jump(captured: Pair, segment: str) -> Sign:
    """Another share of the same leads is handed over: the threshold was moved."""
    z = captured.z("handed_over", "leads", segment)
    split = captured.split("handed_over", "leads", segment)
    moved = split.performance if split else 0.0
    rows = captured.evidence("handed_over", "leads", segment)
    same = "score" if segment == "band" else "source"
    what = (
        f"The threshold of the handover seems to have moved: of leads with the same {same} "
        f"{abs(moved):.0%} {'more' if moved > 0 else 'fewer'} were handed over than in "
        f"{captured.previous.words}."
    )
    p_value = NOTHING if z is None or abs(moved) < JUMP else statistics.away(z)
    return Sign(p_value, what, rows, ("lead_volume",))


def rate_jump(pair: Pair, earlier: Pair, counts: tuple[str, str], words: str, metric: str) -> Sign:
    """A rate that stood still and then moved by a step, within the sources.

    `earlier` is the previous period beside the one before it: a rate that was on its way already
    drifts and does not jump.
    """
    z, split, drift = (
        pair.z(*counts, "source"),
        pair.split(*counts, "source"),
        earlier.split(*counts, "source"),
    )
    moved = split.performance if split else 0.0
    drifted = drift.performance if drift else 0.0
    what = (
        f"{words} moved by a step: within the same sources it is {abs(100 * moved):.0f} points "
        f"{'higher' if moved > 0 else 'lower'} than in {pair.previous.words}. Look for a rule, a "
        "field or an import that changed."
    )
    is_step = abs(moved) >= JUMP and abs(drifted) <= abs(moved) / 2
    p_value = statistics.away(z) if z is not None and is_step else NOTHING
    return Sign(p_value, what, pair.evidence(*counts, "source"), (metric,))


def score_pile_up(captured: Pair) -> Sign | None:
    """More scores just above the one that decides on the handover; None when no score does.

    Held against the previous period, for point systems have steps of their own.
    """
    cut = _cut(captured.now)
    if cut is None:
        return None

    def place(row: Row) -> str:
        if cut <= row["score"] < cut + NEAR:
            return "just above"
        return "near" if cut - 2 * NEAR <= row["score"] < cut + 3 * NEAR else "far"

    sides = [_counts(side, place) for side in (captured.now, captured.before)]
    (k, n), (old_k, old_n) = ((c["just above"], c["just above"] + c["near"]) for c in sides)
    z = statistics.stratified_z([(k, n, old_k, old_n)])
    moved = k / n - old_k / old_n if n and old_n else 0.0
    what = (
        f"Scores pile up just above {cut:g}, where leads are handed over: {k:,} of the {n:,} near "
        f"it, beside {old_k:,} of {old_n:,} in {captured.previous.words}."
    )
    rows = tuple(
        {"score": name, "leads": now, "leads_before": before}
        for name, now, before in (
            (f"{cut:g} to under {cut + NEAR:g}", k, old_k),
            (f"{cut - 2 * NEAR:g} to under {cut + 3 * NEAR:g}", n, old_n),
        )
    )
    p_value = NOTHING if z is None or moved < JUMP else statistics.below(-z)
    return Sign(p_value, what, rows, ("lead_volume",))


def rejection_without_reason(rejected: Pair) -> Sign:
    """More rejections without a reason than the limit, or more than before."""
    (vague, old_vague), (n, old_n) = rejected.totals("vague"), rejected.totals("rejections")
    above = statistics.above_limit(vague, n, VAGUE_LIMIT) if n else NOTHING
    z = statistics.stratified_z([(vague, n, old_vague, old_n)])
    is_rise = n > 0 and old_n > 0 and vague / n - old_vague / old_n >= JUMP
    rising = statistics.below(-z) if z is not None and is_rise else NOTHING
    what = (
        f"{vague:,} of {n:,} rejections ({vague / max(n, 1):.0%}) have no reason that can be "
        f"learned from; in {rejected.previous.words} it was {old_vague:,} of {old_n:,}."
    )
    # Either of the two is an alarm, so the better p value counts twice.
    p_value = min(1.0, 2 * min(above, rising))
    rows = rejected.evidence("vague", "rejections", "source")
    return Sign(p_value, what, rows, ("vague_rejection_rate",))


def _cut(rows: Sequence[Row]) -> float | None:
    """The score that best tells leads handed over from the others, if one does."""
    leads: Counter[float] = Counter()
    handed_over: Counter[float] = Counter()
    for row in rows:
        leads[row["score"]] += row["leads"]
        handed_over[row["score"]] += row["handed_over"]
    all_leads, all_handed = leads.total(), handed_over.total()
    best, cut, below, below_handed = 0.0, None, 0, 0
    for score in sorted(leads):
        above = all_leads - below
        if below:
            apart = (all_handed - below_handed) / above - below_handed / below
            if apart > best:
                best, cut = apart, score
        below, below_handed = below + leads[score], below_handed + handed_over[score]
    return cut if best >= CUTS_APART else None


def _counts(rows: Sequence[Row], place: Callable[[Row], str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for row in rows:
        found[place(row)] += row["leads"]
    return found

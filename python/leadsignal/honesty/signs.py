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
VOLUME = "handed_over_leads"
"""The metric of how many leads were handed over."""
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


def score_inflation(decided: Pair | None, captured: Pair | None) -> Sign:
    """More leads with a score, while those of the same score are worth less.

    Worth is acceptance where there are decisions to go by (`decided`), and conversion where the
    deals can be trusted (`captured`); at least one of them is given.
    """
    falls, volumes = [], []
    if decided is not None:
        fall = Fall.of(decided, "accepted", "decided", "band")
        rows = decided.evidence("accepted", "decided", "band")
        falls.append((fall, "sales accepted", rows, "sales_acceptance_rate"))
        volumes.append((decided, "handed_over", "scored leads handed over", VOLUME))
    if captured is not None:
        fall = Fall.of(captured, "converted", "leads", "band")
        rows = captured.evidence("converted", "leads", "band")
        falls.append((fall, "deals came from", rows, "leads_with_opportunity"))
        volumes.append((captured, "leads", "leads with a score", "leads"))
    fall, done, rows, metric = min(falls, key=lambda one: one[0].p_value)
    pair, count, words, volume = volumes[0]
    rise, p_rise = pair.pace(count)
    what = (
        f"Scores promise more than they did: the {words} rose {_from_to(pair, count)}, and {done} "
        f"{max(fall.part, 0):.0%} fewer of those in the same score bands."
    )
    # Of two rates the one that fell more surely is named, so its p value counts twice.
    p_value = max(p_rise, min(1.0, len(falls) * fall.p_value))
    is_notable = rise >= RISE and fall.part >= FALL
    return Sign(p_value if is_notable else NOTHING, what, rows, (volume, metric))


def volume_without_acceptance(decided: Pair) -> Sign:
    """More leads handed over, while sales accepts fewer of those it decides on."""
    rise, p_rise = decided.pace("handed_over")
    z = decided.z("accepted", "decided", "whole")
    split = decided.split("accepted", "decided", "source")
    is_fall = split is not None and split.before > 0 and -split.change / split.before >= FALL
    what = (
        f"The leads handed over rose {_from_to(decided)}, while the acceptance rate went "
        f"{split.words('sources') if split else 'down'}."
    )
    p_value = max(p_rise, NOTHING if z is None else statistics.below(z))
    return Sign(
        p_value if rise >= RISE and is_fall else NOTHING,
        what,
        decided.evidence("accepted", "decided", "source"),
        (VOLUME, "sales_acceptance_rate"),
    )


def handover_jump(captured: Pair, has_scores: bool) -> Sign:
    """Another share of the same leads is handed over: the threshold was moved."""
    same, shown, words = ("rung", "band", "score") if has_scores else ("source",) * 3
    z = captured.z("handed_over", "leads", same)
    split = captured.split("handed_over", "leads", same)
    moved = split.performance if split else 0.0
    what = (
        f"The threshold of the handover seems to have moved: of leads with the same {words} "
        f"the share handed over is {_points(moved)} than in {captured.previous.words}."
    )
    p_value = NOTHING if z is None or abs(moved) < JUMP else statistics.away(z)
    rows = captured.evidence("handed_over", "leads", shown)
    return Sign(p_value, what, rows, ("leads", VOLUME))


def rate_jump(pair: Pair, earlier: Pair, counts: tuple[str, str], named: tuple[str, str]) -> Sign:
    """A rate that stood still and then moved by a step, within the sources.

    `earlier` is the previous period beside the one before it: a rate that was on its way already
    drifts and does not jump. `named` are its words and its metric.
    """
    z, split, drift = (
        pair.z(*counts, "source"),
        pair.split(*counts, "source"),
        earlier.split(*counts, "source"),
    )
    moved = split.performance if split else 0.0
    drifted = drift.performance if drift else 0.0
    what = (
        f"{named[0]} moved by a step: within the same sources it is {_points(moved)} than in "
        f"{pair.previous.words}. Look for a rule, a field or an import that changed."
    )
    is_step = abs(moved) >= JUMP and abs(drifted) <= abs(moved) / 2
    p_value = statistics.away(z) if z is not None and is_step else NOTHING
    return Sign(p_value, what, pair.evidence(*counts, "source"), named[1:])


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
    return Sign(p_value, what, rows, ("leads", VOLUME))


def rejection_without_reason(rejected: Pair) -> Sign:
    """More rejections without a reason than the limit, or more than before."""
    (vague, old_vague), (n, old_n) = rejected.totals("vague"), rejected.totals("rejections")
    above = statistics.above_limit(vague, n, VAGUE_LIMIT) if n else NOTHING
    is_rise = n > 0 and old_n > 0 and vague / n - old_vague / old_n >= JUMP
    two_sided = statistics.two_proportions(vague, n, old_vague, old_n) if is_rise else None
    rising = NOTHING if two_sided is None else two_sided / 2
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


def _from_to(pair: Pair, count: str = "handed_over") -> str:
    now, before = pair.totals(count)
    return f"from {before:,} in {pair.previous.words} to {now:,}"


def _points(moved: float) -> str:
    return f"{abs(100 * moved):.0f} points {'higher' if moved > 0 else 'lower'}"

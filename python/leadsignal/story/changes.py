"""What moved since the period before, by more than chance explains, and what to be wary of."""

from collections.abc import Iterable, Iterator

from leadsignal.evidence import Evidence, Sentence, say
from leadsignal.facts import VOLUME, Facts
from leadsignal.honesty.decomposition import BOTH, MIX, PERFORMANCE
from leadsignal.scorecard.card import Row
from leadsignal.scorecard.comparison import DOWN, NOT_SETTLED, TOO_FEW, UP
from leadsignal.words import listing, percent, sentence

CHANGING = {
    "lead_volume": "lead volume",
    "target_market_rate": "the share of leads in our target market",
    "icp_fit_rate": "the share of leads that fit",
    "noise_rate": "the share of noise",
    "qualified_rate": "the share of qualified leads",
    "decision_coverage_rate": "the share of leads handed over that sales has decided on",
    "sales_acceptance_rate": "the share of decided leads that sales accepts",
    "conversation_rate": "the share of leads with a first conversation",
    "follow_up_completion_rate": "the share of due leads with a completed follow-up",
    "leak_rate": "the share of leads that leak away",
    "vague_rejection_rate": "the share of rejections without a usable reason",
    "opportunity_quality_rate": "the share of new opportunities that are strong",
    "win_rate": "the win rate",
}
"""Metrics that may change, as a sentence says them; a metric of the work concerns sales alone."""
AT_THE_SAME_AGE = ("decision_coverage_rate", "sales_acceptance_rate", "conversation_rate")
"""Compared by what was decided at the end of each period, so their published values are others."""
NOT_COMPARED = {
    NOT_SETTLED: "not compared with {} yet, as it takes time to settle",
    TOO_FEW: "not compared with {}, as the cases are too few",
}
"""Why a metric is neither among what moved nor what did not; with the place of a period."""
NEARLY_ALL = 95
"""Percent of a change: from here on it is all of it."""
TOLD_IN_ALARM = ("lead_volume", "sales_acceptance_rate")
"""What the alarm of more volume and less acceptance says with its numbers."""


def changes(facts: Facts) -> Iterator[Sentence]:
    """The changes, each rate with what the mix of sources and what the sources themselves did.

    What was not compared is named: of that nobody knows whether it moved.
    """
    rows = [row for row in facts.card.rows if row.metric in CHANGING and row.is_answerable]
    before = facts.card.previous.words
    told = TOLD_IN_ALARM if any(one.name == VOLUME for one in facts.alarms) else ()
    moved = [row for row in rows if row.change in (UP, DOWN) and row.metric not in told]
    judged = [row for row in rows if row.change not in (None, *NOT_COMPARED)]
    if moved:
        counts = [each for row in moved for each in both(facts, row.metric)]
        of_one_source = len(facts.cuts["source"]) < 2 or any(
            one.name == "source" for one in facts.where
        )
        parts = [_moved(row) + ("" if of_one_source else _cause(row)) for row in moved]
        yield say(f"Compared with {before}, {'; '.join(parts)}.", *counts)
    elif judged and not told:
        left_out = any(row.change in NOT_COMPARED and row.value is not None for row in rows)
        what = "nothing that can be compared yet" if left_out else "nothing"
        yield say(
            f"Compared with {before}, {what} moved by more than chance explains.",
            *(each for row in judged for each in both(facts, row.metric)),
        )
    if judged:
        yield from _not_compared(facts, rows)


def _not_compared(facts: Facts, rows: Iterable[Row]) -> Iterator[Sentence]:
    for why, start in NOT_COMPARED.items():
        metrics = [row.metric for row in rows if row.change == why and row.value is not None]
        if metrics:
            named = listing([CHANGING[metric] for metric in metrics])
            counts = (each for metric in metrics for each in both(facts, metric))
            before = facts.card.previous.words
            yield say(sentence(f"{start.format(before)}: {named}"), *counts)


def alarms(facts: Facts) -> Iterator[Sentence]:
    """A sentence for each alarm, the surest first."""
    for alarm in facts.alarms:
        counts = [each for metric in alarm.metrics for each in both(facts, metric)]
        yield say(f"Alarm: {alarm.what}", *counts)


def both(facts: Facts, metric: str) -> Iterable[Evidence]:
    """A metric in the period, and in the one before."""
    return facts.during(metric), facts.during(metric, period=facts.card.previous)


def _moved(row: Row) -> str:
    verb = "rose" if row.change == UP else "fell"
    name = CHANGING[row.metric]
    if row.metric in AT_THE_SAME_AGE:
        return f"{name}, counted at the end of each period, {verb}"
    if row.unit == "count":
        return f"{name} {verb} from {row.previous or 0:,.0f} to {row.value or 0:,.0f}"
    return f"{name} {verb} from {percent(row.previous or 0)} to {percent(row.value or 0)}"


def _cause(row: Row) -> str:
    """What made a rate move; in percentage points where it is not nearly all one of the two."""
    if row.cause is None or not row.difference:
        return ""
    mix, own = (100 * (part or 0) / row.difference for part in (row.mix, row.performance))
    if own >= NEARLY_ALL:
        return " (all of it within the sources, none by their mix)"
    if mix >= NEARLY_ALL:
        return " (all of it because the mix of sources changed)"
    because = {
        MIX: f"{_part(row, mix)} points because the mix of sources changed",
        PERFORMANCE: f"{_part(row, own)} points within the sources, the rest by their mix",
        BOTH: f"{_part(row, mix)} points because the mix of sources changed, the rest within them",
    }
    return f" ({because[row.cause]})"


def _part(row: Row, percent_of_it: float) -> str:
    whole = 100 * abs(row.difference or 0)
    return f"{whole * percent_of_it / 100:.1f} of {whole:.1f}"

"""What moved since the period before, by more than chance explains, and what to be wary of."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from leadsignal.evidence import Evidence, Sentence, say
from leadsignal.facts import Facts
from leadsignal.honesty.alarms import alarms as raised
from leadsignal.honesty.decomposition import BOTH, MIX, PERFORMANCE
from leadsignal.scorecard.card import Row
from leadsignal.scorecard.comparison import DOWN, NOT_SETTLED, TOO_FEW, UP
from leadsignal.words import percent

if TYPE_CHECKING:
    import duckdb

CHANGING = {
    "lead_volume": "lead volume",
    "target_market_rate": "the share of leads in our target market",
    "icp_fit_rate": "the share of leads that fit",
    "noise_rate": "the share of noise",
    "qualified_rate": "the share of qualified leads",
    "sales_acceptance_rate": "the share of decided leads that sales accepts",
    "follow_up_completion_rate": "the share of due leads with a completed follow-up",
    "leak_rate": "the share of leads that leak away",
    "vague_rejection_rate": "the share of rejections without a usable reason",
    "opportunity_quality_rate": "the share of new opportunities that are strong",
    "win_rate": "the win rate",
}
"""Metrics that may change, as a sentence says them; a metric of the work concerns sales alone."""
AT_THE_SAME_AGE = ("sales_acceptance_rate",)
"""Compared by what was decided at the end of each period, so their published values are others."""
MOST_ALARMS = 3


def changes(facts: Facts) -> Iterator[Sentence]:
    """The changes, each rate with what the mix of sources and what the sources themselves did."""
    rows = [row for row in facts.card.rows if row.metric in CHANGING and row.is_answerable]
    before = facts.card.previous.words
    moved = [row for row in rows if row.change in (UP, DOWN)]
    judged = [row for row in rows if row.change not in (None, TOO_FEW, NOT_SETTLED)]
    if moved:
        counts = [each for row in moved for each in both(facts, row.metric)]
        of_one_source = any(one.name == "source" for one in facts.where)
        told = [_moved(row) + ("" if of_one_source else _cause(row)) for row in moved]
        yield say(f"Compared with {before}, {'; '.join(told)}.", *counts)
    elif judged:
        yield say(
            f"Compared with {before}, nothing moved by more than chance explains.",
            *(each for row in judged for each in both(facts, row.metric)),
        )


def alarms(con: "duckdb.DuckDBPyConnection", facts: Facts) -> Iterator[Sentence]:
    """A sentence for each alarm, the surest first."""
    found = raised(con, facts.period.kind, facts.period.ends_at - timedelta(seconds=1))
    for alarm in found[:MOST_ALARMS]:
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
    """What made a rate move, in percentage points."""
    if row.cause is None:
        return ""
    sign = 1 if (row.difference or 0) > 0 else -1
    mix, own = (_points(sign * (part or 0)) for part in (row.mix, row.performance))
    whole = _points(abs(row.difference or 0))
    mix_of, own_of = (f"all {whole}" if x == whole else f"{x} of {whole}" for x in (mix, own))
    told = {
        MIX: f"{mix_of} points by the mix of sources, not by what any one of them did",
        PERFORMANCE: f"{own_of} points by what the sources themselves did, not their mix",
        BOTH: f"{mix} of {whole} points by the mix of sources, {own} by what they themselves did",
    }
    return f" ({told[row.cause]})"


def _points(share: float) -> str:
    return f"{100 * share:.1f}"

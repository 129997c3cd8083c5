"""Every number of the scorecard in some periods, before anything is compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from leadsignal.metrics import definitions
from leadsignal.metrics.answering import formula
from leadsignal.metrics.definitions import AS_OF, Metric
from leadsignal.periods import Period
from leadsignal.scorecard import counting, figures
from leadsignal.scorecard.counting import FACTS, SUMMED, Key, Tally
from leadsignal.scorecard.figures import Figure
from leadsignal.scorecard.targets import ALL

if TYPE_CHECKING:
    import duckdb

SHOWN = (
    *("lead_volume", "icp_fit_rate", "qualified_rate", "sales_acceptance_rate"),
    *("follow_up_completion_rate", "conversation_rate"),
    *("opportunities", "opportunity_quality_rate", "lead_to_opportunity_rate"),
    *("pipeline_amount", "accepted_pipeline_amount", "win_rate", "sales_velocity"),
    *("median_days_to_close", "target_market_rate", "fit_known_rate", "noise_rate"),
    *("decision_coverage_rate", "leak_rate", "vague_rejection_rate", "mature_share"),
    *("cohort_win_rate", "mature_opportunity_share", "value_win_rate", "contact_coverage_rate"),
    *("median_hours_to_first_touch", "cost_per_lead", "cost_per_fit_lead"),
    "cost_per_opportunity",
)
"""The metrics of the scorecard, in its order; what each means stands in models/metrics."""


@dataclass(frozen=True)
class Measured:
    """What was counted, by metric, place of the period (0 is the newest) and segment."""

    metrics: Mapping[str, Metric]
    """Those of the scorecard, in its order."""
    figures: Mapping[Key, Figure]
    tallies: Mapping[Key, Mapping[str, Tally]]
    """Of the metrics that are sums or ratios of sums: the counts of each source."""


def measured(
    con: "duckdb.DuckDBPyConnection", periods: Sequence[Period], by: str | None
) -> Measured:
    """The numbers in these periods, which are all of one kind, by segment of `by`.

    Of all together (by None or month) each metric has a number in each period, be it 0 or not
    known; of a segment only where something was counted.
    """
    known = definitions.load(con)
    shown = {name: known[name] for name in SHOWN if name in known}
    needed = list(dict.fromkeys(name for one in shown.values() for name in (one.name, *_from(one))))
    summed = [name for name in needed if known[name].kind in SUMMED and known[name].table in FACTS]
    tallies = counting.tallies(con, periods, by, summed)
    least = counting.publication(con).min_sample
    found = {
        key: figures.counted(known[key[0]].kind, total(sources), least)
        for key, sources in tallies.items()
    }
    for key, tally in counting.costs(con, periods, by).items():
        found[key] = figures.counted("cost", tally, least)
    for key, times in counting.durations(con, periods, by).items():
        found[key] = figures.timed(*times, least)
    if by in (None, "month"):
        found = _empty(shown, periods, least) | found
    for metric in shown.values():
        if metric.kind == "derived":
            parts = {
                name: figures.counted(known[name].kind, Tally(), least) for name in metric.inputs
            }
            found |= _derived(con, metric, found, parts)
    return Measured(shown, {key: one for key, one in found.items() if key[0] in shown}, tallies)


def total(sources: Mapping[str, Tally]) -> Tally:
    """The counts of all sources together."""
    whole = Tally()
    for tally in sources.values():
        whole.add(tally)
    return whole


def _from(metric: Metric) -> tuple[str, ...]:
    return metric.inputs if metric.kind == "derived" else ()


def _empty(shown: Mapping[str, Metric], periods: Sequence[Period], least: int) -> dict[Key, Figure]:
    """What a metric says of a period in which nothing was counted."""
    return {
        (name, place, ALL): figures.counted(metric.kind, Tally(), least)
        for name, metric in shown.items()
        for place, period in enumerate(periods)
        if (metric.axis != AS_OF or place == 0) and (metric.kind != "cost" or period.kind != "week")
    }


def _derived(
    con: "duckdb.DuckDBPyConnection",
    metric: Metric,
    found: Mapping[Key, Figure],
    nothing: Mapping[str, Figure],
) -> dict[Key, Figure]:
    """A number that is computed from others, wherever one of them is known.

    `nothing` is what each of them is where nothing was counted: a count is 0 there.
    """
    places = list(dict.fromkeys(key[1:] for key in found if key[0] in metric.inputs))
    columns = {
        name: [found.get((name, *place), nothing[name]) for place in places]
        for name in metric.inputs
    }
    values = formula(con, metric, {name: [one.value for one in columns[name]] for name in columns})
    return {
        (metric.name, *place): Figure(
            value, None, None, is_small_sample=any(one.is_small_sample for one in inputs)
        )
        for place, value, *inputs in zip(places, values, *columns.values(), strict=True)
    }

"""Every number of the scorecard in some periods, before anything is compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from leadsignal.metrics.measures import MEASURES
from leadsignal.periods import Period
from leadsignal.scorecard import counting, figures
from leadsignal.scorecard.counting import Key, Tally
from leadsignal.scorecard.figures import Figure

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Measured:
    """What was counted, by metric, place of the period and segment."""

    figures: Mapping[Key, Figure]
    tallies: Mapping[Key, Mapping[str, Tally]]
    """Of the metrics that are counts or ratios of counts: the counts of each source."""


def measured(
    con: "duckdb.DuckDBPyConnection", periods: Sequence[Period], by: str | None
) -> Measured:
    """The numbers in these periods, which are all of one kind, by segment of `by`."""
    published = counting.publication(con)
    least = published.min_sample
    tallies = counting.tallies(con, periods, by)
    found: dict[Key, Figure] = {}
    for metric in MEASURES:
        for key in (key for key in tallies if key[0] == metric.name):
            found[key] = figures.counted(metric.kind, total(tallies[key]), least)
    for key, times in counting.durations(con, periods, by, published.as_of).items():
        found[key] = figures.timed(*times, least)
    for key, tally in counting.costs(con, periods, by).items():
        found[key] = figures.counted("cost", tally, least)
    return Measured(found, tallies)


def total(sources: Mapping[str, Tally]) -> Tally:
    """The counts of all sources together."""
    whole = Tally()
    for tally in sources.values():
        whole.add(tally)
    return whole

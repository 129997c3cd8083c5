"""What is said of each world, held against what is true of it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from leadsignal import facts, standing
from leadsignal.honesty.alarms import alarms
from leadsignal.honesty.outcomes import win_rate_over_time
from leadsignal.honesty.pooling import Ranking, ranked
from leadsignal.scorecard import scorecard
from leadsignal.scorecard.card import Scorecard
from scipy import stats

from calibration.worlds import (
    BEST,
    CLOSE_SIGMA,
    DECIDED,
    LAST,
    MONTHS,
    QUIET,
    SOURCES,
    TOUCH_SIGMA,
    World,
)

if TYPE_CHECKING:
    import duckdb

ENDS = [(*MONTHS[1:], date(2026, 11, 1))[place] - timedelta(days=1) for place in range(len(MONTHS))]
POOLED = "icp_fit_rate by source, pooled"
CALLED = ("up", "down")
CAUSES = {"mix": "mix", "rate_jump": "performance"}
WIN_DAYS = (30, 60)
RANKED = {
    "fit": "select source, count(*) filter (is_icp_fit), count(*) from fct_leads"
    " where created_month = ? group by source",
    "acceptance": "select source, count(accepted_at), count(accepted_at)"
    " + count(*) filter (sales_decision = 'rejected') from fct_leads"
    " where created_month = ? group by source",
}


@dataclass
class Tally:
    """How often something held, of how many."""

    held: int = 0
    of: int = 0

    def add(self, holds: bool) -> None:
        """One more case."""
        self.held, self.of = self.held + holds, self.of + 1

    @property
    def rate(self) -> float:
        """The share that held; of nothing it is 0."""
        return self.held / self.of if self.of else 0.0


@dataclass
class Findings:
    """What was found over all worlds."""

    coverage: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    """By metric: intervals that hold the truth."""
    raised: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    """By kind of world: worlds with the alarm that was planted, or with any where it is quiet."""
    called: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    """By claim: worlds in which it was made."""
    false_shares: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """By cut: of the changes that each scorecard calls where no rate changed, those of rates."""


def measure(world: World, con: "duckdb.DuckDBPyConnection", found: Findings) -> None:
    """Adds what is said of one world."""
    cards = [scorecard(con, None, "month", end) for end in ENDS]
    for month, card in enumerate(cards):
        for metric, truth in _rates(world, month):
            row = card.row(metric)
            if row.low is not None:
                is_held = row.low <= truth and (row.high is None or truth <= row.high)
                found.coverage[metric].add(is_held)
    _wins(world, con, found)
    _alarms(world, con, found)
    _best(world, con, found)
    by_source = scorecard(con, "source", "month", None)
    for month, card in (*enumerate(cards[1:], 1), (LAST, by_source)):
        _false_changes(world, month, card, found)
    _causes(world, cards[LAST], found)
    _by_source(world, by_source, found)


def _rates(world: World, month: int) -> Iterator[tuple[str, float]]:
    """What is true of the leads of a month, where every one of them has had the time."""
    yield "icp_fit_rate", world.true_fit(month)
    yield "sales_acceptance_rate", world.true_acceptance(month)
    yield "median_hours_to_first_touch", world.touch_hours
    if month > 0:
        yield "win_rate", world.win
    if month == 0:
        yield "lead_to_opportunity_rate", world.true_conversion(month)
    if month < LAST:
        in_time = stats.lognorm.cdf(24, TOUCH_SIGMA, scale=world.touch_hours)
        yield "follow_up_completion_rate", float(in_time) * DECIDED
        yield "median_days_to_close", world.close_days


def _by_source(world: World, card: Scorecard, found: Findings) -> None:
    for place, source in enumerate(SOURCES):
        row = card.row("icp_fit_rate", canonical(source))
        if row.low is not None and row.high is not None:
            truth = world.months[LAST].fit[place]
            found.coverage["icp_fit_rate by source"].add(row.low <= truth <= row.high)


def _wins(world: World, con: "duckdb.DuckDBPyConnection", found: Findings) -> None:
    for row in win_rate_over_time(con, None, WIN_DAYS).to_pylist():
        closed = stats.lognorm.cdf(row["days"], CLOSE_SIGMA, scale=world.close_days)
        is_held = row["low"] <= world.win * closed <= row["high"]
        found.coverage[f"win rate within {row['days']} days"].add(bool(is_held))


def _alarms(world: World, con: "duckdb.DuckDBPyConnection", found: Findings) -> None:
    names = {alarm.name for alarm in alarms(con, "month")}
    is_quiet = world.kind in QUIET
    found.raised["quiet" if is_quiet else world.kind].add(
        bool(names) if is_quiet else world.kind in names
    )


def _best(world: World, con: "duckdb.DuckDBPyConnection", found: Findings) -> None:
    truth = "all are equal" if world.is_equal else "one is better"
    rankings = RANKED if world.is_equal else {"fit": RANKED["fit"]}
    for name, sql in rankings.items():
        counts = {source: (k, n) for source, k, n in con.execute(sql, [MONTHS[LAST]]).fetchall()}
        ranking = ranked(counts)
        if name == "fit":
            _pooled(world, ranking, found)
        best = ranking.best
        is_made = best is not None if world.is_equal else best == canonical(SOURCES[BEST])
        found.called[f"a source is called best by {name}, where {truth}"].add(is_made)
        if not world.is_equal:
            found.called["another source is called best, where one is better"].add(
                best is not None and not is_made
            )
    gathered = facts.gather(con, "month", None)
    compared = standing.compare(
        gathered.cuts["source"], gathered.funnel, gathered.published.min_sample
    )
    found.called[f"the story says that a source stands out, where {truth}"].add(
        bool(compared.quality)
    )
    if world.is_equal:
        found.called["the story says that a source fits less, where all are equal"].add(
            bool(compared.volume_without_fit)
        )


def _pooled(world: World, ranking: Ranking, found: Findings) -> None:
    truths = dict(zip(map(canonical, SOURCES), world.months[LAST].fit, strict=True))
    for one in ranking.segments:
        is_held = one.low <= truths[one.segment] <= one.high
        found.coverage[POOLED].add(is_held)


def _false_changes(world: World, month: int, card: Scorecard, found: Findings) -> None:
    """Before the last month no rate changes in any world, in it none where only volumes do."""
    if month == LAST and world.kind not in ("equal", "unequal"):
        return
    called = [row for row in card.rows if row.change in CALLED]
    false = [row for row in called if row.unit == "rate"]
    cut = f"by {card.by}" if card.by else "as a whole"
    found.false_shares[cut].append(len(false) / len(called) if called else 0.0)


def _causes(world: World, card: Scorecard, found: Findings) -> None:
    if world.kind not in CAUSES:
        return
    cause, row = CAUSES[world.kind], card.row("icp_fit_rate")
    is_called = row.change == "down"
    found.called[f"fit is said to have fallen, where its {cause} did"].add(is_called)
    if is_called:
        found.called[f"its fall is put down to {cause}, where it is"].add(row.cause == cause)


def canonical(source: str) -> str:
    """A source as the published tables name it."""
    return source.lower().replace(" ", "_")

"""How fast deals go: how soon they are won or lost, and their days in each stage until then."""

import math
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from leadsignal.honesty.outcomes import win_rate_over_time
from leadsignal.honesty.survival import survival_at
from leadsignal.periods import Period
from leadsignal.questions import answer
from leadsignal.questions.asking import Asked
from leadsignal.questions.velocity import Times, visits
from leadsignal.report.content import SMALL, Chart, Column, Row, Section, Table, interval, tabled
from leadsignal.words import percent

if TYPE_CHECKING:
    import duckdb

AGES = (0, 7, 14, 30, 45, 60, 90, 120, 150, 180, 270, 365)
"""Days after opening at which the deals' fate is shown."""
TOLD = 90
RATES = ("win_rate", "low", "high", "loss_rate", "open_rate")
POINTS = 12
"""Points of a curve of days in a stage, after its beginning."""
STEPS = (1, 2, 5, 7, 10, 14, 20, 30, 60, 90)
ALMOST_ALL = 0.9
CENSORED = (
    "A deal that is still open has been watched only so far: it counts as far as it goes "
    "(Kaplan-Meier), and a lost deal can never be won (Aalen-Johansen)."
)


def velocity(con: "duckdb.DuckDBPyConnection", period: Period) -> Section:
    """The fate of deals by their age, and the days in each stage of won, lost and open deals."""
    title = "How fast deals are won and lost"
    as_of = period.ends_at - timedelta(seconds=1)
    asked = Asked.of(con, period.kind, as_of)
    found = answer(con, "velocity", period.kind, as_of)
    by_age = win_rate_over_time(con, None, AGES).to_pylist()
    fate = _fate(by_age, () if found.is_answerable else RATES)
    curves = _curves(visits(asked), asked.min_sample)
    left_out = tuple(_left_out(by_age))
    medians = _medians(found.table.to_pylist(), asked.min_sample)
    if not found.is_answerable or not fate.rows:
        tables = [table for table in (fate, medians) if table.rows]
        return Section("velocity", title, (found.answer, *left_out), (), tuple(tables))
    charts = [Chart("fate", "Of all deals on record: won, lost or still open, by their age",
                    _fate_words(fate), fate)]  # fmt: skip
    if curves.rows:
        told = (
            "Share of stage visits of the last year that were not over after so many days, for "
            f"won, lost and open deals. {found.answer}"
        )
        charts.append(
            Chart("survival", "Still in a stage, by days since entering it (thin: small sample)",
                  told, curves)
        )  # fmt: skip
    words = (CENSORED, _fate_words(fate), *left_out, found.answer)
    return Section("velocity", title, words, tuple(charts), (medians,) if medians.rows else ())


def _medians(found: Sequence[Row], least: int) -> Table:
    rows = [
        {**row, "verdict": row["winning_against_losing"], "few": row["visits"] < least}
        for row in found
    ]
    return tabled("velocity", "Days in each stage: Kaplan-Meier medians", _MEDIANS, rows)


def _fate(found: Sequence[Row], doubted: tuple[str, ...]) -> Table:
    """The share won, lost and open of all deals on record, at the ages that a deal got to."""
    rows = [
        {**row, "open_rate": max(0.0, 1 - row["win_rate"] - row["loss_rate"])}
        for row in found
        if row["win_rate"] is not None
    ]
    return tabled("deals_by_age", "Deals by their age: won, lost, still open", _FATE, rows, doubted)


def _left_out(found: Sequence[Row]) -> Iterator[str]:
    if left_out := max((row["left_out"] for row in found), default=0):
        deals = "1 deal is" if left_out == 1 else f"{left_out:,} deals are"
        yield f"{deals} left out of the deals by age: the dates contradict, or one is missing."


def _fate_words(fate: Table) -> str:
    said = [row for row in fate.rows if row["days"] <= TOLD][-1]
    range_ = interval(said["low"], said["high"], "rate")
    few = f" ({SMALL})" if said["is_small_sample"] else ""
    return (
        f"{said['days']} days after opening an estimated {percent(said['win_rate'])} of "
        f"{said['deals']:,} deals are won (95% interval {range_}) and "
        f"{percent(said['loss_rate'])} lost; {said['followed']:,} were closed by then or watched "
        f"so long{few}."
    )


def _curves(times: dict[tuple[str, str], Times], least: int) -> Table:
    """The share of visits not over at evenly spread days, a row per stage and outcome."""
    finished = sorted(day for done, _ in times.values() for day in done)
    longest = finished[math.ceil(ALMOST_ALL * len(finished)) - 1] if finished else 0
    step = next((one for one in STEPS if one * POINTS >= longest), STEPS[-1])
    moments = [step * place for place in range(POINTS + 1)]
    rows = []
    for (stage, outcome), (done, going_on) in times.items():
        shares = survival_at(done, going_on, moments)
        visits_ = {"visits": len(done) + len(going_on), "going_on": len(going_on)}
        values = {f"after_{day}": one.value for day, one in zip(moments, shares, strict=True)}
        few = visits_["visits"] < least
        rows.append({"stage": stage, "outcome": outcome, "few": few, **visits_, **values})
    columns = [
        Column("stage", "Stage", "text"),
        Column("outcome", "Deal is", "text"),
        Column("visits", "Visits"),
        Column("going_on", "Of them going on"),
        Column("few", "Small sample", "flag"),
        *(Column(f"after_{day}", f"After {day} days", "rate") for day in moments),
    ]
    return tabled("stage_curves", "Share of stage visits not over", columns, rows)


_FATE = (
    Column("days", "Days after opening"),
    Column("deals", "Deals"),
    Column("won", "Won by then"),
    Column("lost", "Lost by then"),
    Column("followed", "Closed or watched so long"),
    Column("is_small_sample", "Small sample", "flag"),
    Column("win_rate", "Share won", "rate"),
    Column("low", "From", "rate"),
    Column("high", "To (95%)", "rate"),
    Column("loss_rate", "Share lost", "rate"),
    Column("open_rate", "Share still open", "rate"),
)
_MEDIANS = (
    Column("stage", "Stage", "text"),
    Column("outcome", "Deal is", "text"),
    Column("visits", "Visits"),
    Column("open_visits", "Of them going on"),
    Column("few", "Small sample", "flag"),
    Column("median_days", "Median days", "days"),
    Column("median_days_low", "From", "days"),
    Column("median_days_high", "To (95%)", "days"),
    Column("p90_days", "90% within", "days"),
    Column("verdict", "Won against lost", "text"),
)

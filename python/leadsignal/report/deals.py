"""How fast deals go: how soon they are won or lost, and their days in each stage until then."""

import math
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from leadsignal.honesty.outcomes import DEALS_SQL, LOST, OPEN, WON
from leadsignal.honesty.survival import cumulative_incidence, survival_at
from leadsignal.periods import Period
from leadsignal.questions import answer
from leadsignal.questions.asking import Asked
from leadsignal.questions.velocity import Times, visits
from leadsignal.report.content import Chart, Column, Section, Table, tabled
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
    fate = _fate(asked, () if found.is_answerable else RATES)
    curves = _curves(visits(asked), asked.min_sample)
    medians = tabled(
        "velocity",
        "Days in each stage: Kaplan-Meier medians",
        _MEDIANS,
        [row | {"verdict": row["winning_against_losing"]} for row in found.table.to_pylist()],
    )
    if not found.is_answerable or not fate.rows:
        tables = [table for table in (fate, medians) if table.rows]
        return Section("velocity", title, (found.answer,), (), tuple(tables))
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
    words = (CENSORED, found.answer)
    return Section("velocity", title, words, tuple(charts), (medians,) if medians.rows else ())


def _fate(asked: Asked, doubted: tuple[str, ...]) -> Table:
    """The share won, lost and open of all deals on record at some ages."""
    sql = DEALS_SQL.format(segment="'all'", won=WON, lost=LOST, open=OPEN)
    deals = asked.arrays(f"select ending, days from ({sql}) where days >= 0")
    times, endings = deals["days"], deals["ending"]
    wins = cumulative_incidence(times, endings, WON, AGES)
    losses = cumulative_incidence(times, endings, LOST, AGES)
    rows: list[dict[str, Any]] = []
    for age, win, loss in zip(AGES, wins, losses, strict=True):
        if win.value is None or loss.value is None:
            continue
        by_then = (endings != OPEN) & (times <= age)
        rows.append(
            {
                "days": age,
                "deals": len(times),
                "won": int((by_then & (endings == WON)).sum()),
                "lost": int((by_then & (endings == LOST)).sum()),
                "followed": int(((endings != OPEN) | (times >= age)).sum()),
                "win_rate": win.value,
                "low": win.low,
                "high": win.high,
                "loss_rate": loss.value,
                "open_rate": max(0.0, 1 - win.value - loss.value),
            }
        )
    return tabled("deals_by_age", "Deals by their age: won, lost, still open", _FATE, rows, doubted)


def _fate_words(fate: Table) -> str:
    said = [row for row in fate.rows if row["days"] <= TOLD][-1]
    start = f"{said['days']} days after opening {percent(said['win_rate'])} of "
    return f"{start}{said['deals']:,} deals are won and {percent(said['loss_rate'])} lost."


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
    Column("median_days", "Median days", "days"),
    Column("median_days_low", "From", "days"),
    Column("median_days_high", "To (95%)", "days"),
    Column("p90_days", "90% within", "days"),
    Column("verdict", "Won against lost", "text"),
)

"""What the scorecard sets its numbers beside: the year before, targets, mix, and what to mend."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from leadsignal import periods
from leadsignal.scorecard import scorecard
from leadsignal.scorecard.card import LAGGING, LEADING, Row
from tiny_marts import TinyMarts, fifty_leads

FITS = {"is_target_market": True, "is_icp_fit": True, "fit_verdict": "pass"}


def leads(marts: TinyMarts, created_at: str, rows: int, fit: int = 0, **values: Any) -> None:
    for place in range(rows):
        marts.lead(created_at, **values, **(FITS if place < fit else {}))


@pytest.mark.parametrize(
    ("kind", "day", "label"),
    [
        ("month", "2026-10-05", "2025-10"),
        ("month", "2024-02-29", "2023-02"),
        ("month", "2026-01-01", "2025-01"),
        ("quarter", "2026-11-30", "2025-Q4"),
        ("week", "2026-10-07", "2025-10-06"),  # week 41 of both: 52 weeks
        ("week", "2027-01-05", "2025-12-29"),  # week 1 of 2027: 53 weeks, for 2026 has 53
        ("week", "2026-12-30", "2025-12-22"),  # week 53 beside week 52, the last of 2025
        ("week", "2021-01-02", "2019-12-23"),  # week 53 of 2020, a Saturday in January
        ("week", "2026-01-01", "2024-12-30"),  # week 1 of 2026 begins in 2025
    ],
)
def test_the_same_period_of_the_year_before(kind: str, day: str, label: str) -> None:
    assert periods.containing(date.fromisoformat(day), kind).year_ago.label == label


def test_the_period_of_the_year_before_is_of_the_same_time_zone() -> None:
    marts = TinyMarts(as_of="2026-11-01 12:00:00", reporting_timezone="Pacific/Auckland")
    marts.lead("2025-10-19 10:30:00")  # Sunday night in Auckland: week 42
    marts.lead("2025-10-19 11:30:00")  # Monday, 20 October there: week 43
    marts.lead("2026-10-18 11:30:00")
    card = scorecard(marts.con, period="week", as_of="2026-10-25")
    assert (card.period.label, card.year_ago.label) == ("2026-10-19", "2025-10-20")
    row = card.row("lead_volume")
    assert (row.value, row.year_ago) == (1, 1)


def test_a_change_since_the_year_before_is_tested_as_well() -> None:
    marts = TinyMarts()
    for at, fit in (("2025-10-10 09:00:00", 40), ("2026-10-10 09:00:00", 90)):
        leads(marts, at, 200, fit)
    row = scorecard(marts.con).row("icp_fit_rate")
    assert (row.year_ago, row.year_change, row.previous, row.change) == (0.2, "up", None, None)


def test_months_stand_each_beside_the_same_one_of_the_year_before() -> None:
    marts = TinyMarts()
    leads(marts, "2025-01-10 09:00:00", 40, 10)
    leads(marts, "2026-01-10 09:00:00", 50, 25)
    card = scorecard(marts.con, by="month")
    assert card.row("icp_fit_rate", "2026-01").year_ago == 0.25
    assert card.row("icp_fit_rate", "2026-10").year_ago is None
    assert card.row("lead_volume", "2026-01").year_ago == 40


def test_leading_and_lagging_stand_apart_and_the_rest_after_them() -> None:
    card = scorecard(fifty_leads().con)
    found = [row.indicator for row in card.rows]
    assert found == sorted(found, key=[LEADING, LAGGING, None].index)
    assert found.count(LEADING) == 6
    assert found.count(LAGGING) == 8
    text = card.render()
    places = [text.index(heading) for heading in ("Leading: ", "Lagging: ", "Measured besides")]
    assert places == sorted(places)
    assert places[0] < text.index("conversation_rate") < places[1] < text.index("sales_velocity")


def test_sales_velocity_is_the_formula_over_its_factors() -> None:
    marts = TinyMarts()
    won = {"outcome": "won", "closed_at": "2026-10-20 09:00:00"}
    for amount, days in ((1000.0, 10.0), (3000.0, 30.0)):
        marts.deal("2026-10-02 09:00:00", amount=amount, days_to_close=days, **won)
    for _ in range(2):
        marts.deal("2026-10-02 09:00:00", outcome="lost", closed_at="2026-10-20 09:00:00")
    row = scorecard(marts.con).row("sales_velocity")
    assert row.value == pytest.approx(4 * 0.5 * 2000 / 20)
    assert row.is_small_sample
    assert scorecard(TinyMarts().con).row("sales_velocity").value is None


def aimed(*aims: tuple[Any, ...]) -> TinyMarts:
    marts = fifty_leads()
    for metric, kind, start, source, target in aims:
        marts.insert(
            "targets", metric=metric, period_kind=kind, period_start=start, source=source,
            target=target,
        )  # fmt: skip
    marts.insert("dim_sources", source="webinar")
    return marts


@pytest.mark.parametrize(
    ("metric", "target", "told"),
    [
        ("icp_fit_rate", 0.20, "on target"),  # 36.0%, 24.1% to 49.9%
        ("icp_fit_rate", 0.30, "cannot tell"),
        ("icp_fit_rate", 0.45, "cannot tell"),
        ("icp_fit_rate", 0.60, "missed"),
        ("lead_volume", 50, "on target"),
        ("lead_volume", 51, "missed"),
        ("noise_rate", 0.20, "on target"),  # none of 50, up to 7.1%: fewer is better
        ("noise_rate", 0.05, "cannot tell"),
        ("win_rate", 0.2, "cannot tell"),  # nothing closed
        ("cost_per_lead", 400, "on target"),
        ("cost_per_lead", 399, "missed"),
    ],
)
def test_a_target_is_met_only_where_the_interval_says_so(
    metric: str, target: float, told: str
) -> None:
    row = scorecard(aimed((metric, "month", date(2026, 10, 1), None, target)).con).row(metric)
    assert (row.target, row.against_target) == (target, told)


def test_targets_are_of_a_period_and_of_a_source() -> None:
    october, september = date(2026, 10, 1), date(2026, 9, 1)
    marts = aimed(
        ("icp_fit_rate", "month", october, "webinar", 0.9),
        ("icp_fit_rate", "month", september, None, 0.5),
        ("icp_fit_rate", "quarter", october, None, 0.7),
    )
    assert scorecard(marts.con).row("icp_fit_rate").target is None
    by_source = scorecard(marts.con, by="source")
    assert by_source.row("icp_fit_rate", "webinar").target == 0.9
    assert by_source.row("icp_fit_rate", "paid_social").target is None
    assert scorecard(marts.con, by="month").row("icp_fit_rate", "2026-09").target == 0.5
    quarter = scorecard(
        aimed(("lead_volume", "quarter", date(2026, 7, 1), None, 9)).con, None, "quarter"
    )
    assert quarter.row("lead_volume").target == 9
    assert quarter.warnings == ()


@pytest.mark.parametrize(
    ("aim", "words"),
    [
        (("icp_fit_rat", "month", date(2026, 10, 1), None, 1), "'icp_fit_rat' that there is not"),
        (("icp_fit_rate", "year", date(2026, 1, 1), None, 1), "is for a 'year': write week"),
        (("icp_fit_rate", "month", date(2026, 10, 2), None, 1), "2026-10-02, which is no"),
        (("icp_fit_rate", "week", date(2026, 10, 1), None, 1), "2026-10-01, which is no"),
        (("icp_fit_rate", "month", date(2026, 10, 1), "webinars", 1), "a source 'webinars'"),
        (("icp_fit_rate", "month", date(2026, 10, 1), None, None), "has no number"),
    ],
)  # fmt: skip
def test_a_target_that_cannot_be_meant_is_a_warning_that_names_it(
    aim: tuple[Any, ...], words: str
) -> None:
    card = scorecard(aimed(aim).con)
    [warning] = card.warnings
    assert words in warning
    assert warning in card.notes
    assert warning in card.render()


def test_a_set_without_the_table_has_no_targets() -> None:
    marts = fifty_leads()
    marts.con.execute("drop table targets")
    card = scorecard(marts.con)
    assert {row.target for row in card.rows} == {None}
    assert "target" not in card.render().splitlines()[3]


def test_a_low_grade_is_not_answerable_in_words_and_whole_in_numbers() -> None:
    marts = aimed(("icp_fit_rate", "month", date(2026, 10, 1), None, 0.2))
    marts.distrust(3, "fill in industry and country of the lead")
    card = scorecard(marts.con)
    row = card.row("icp_fit_rate")
    assert (row.value, row.grade, row.against_target) == (0.36, "low", "cannot tell")
    [line] = [line for line in card.render().splitlines() if line.startswith("icp_fit_rate ")]
    assert line.split()[1:3] == ["not", "answerable"]
    assert "36.0%" not in line
    [note] = [note for note in card.notes if note.startswith("icp_fit_rate, qualified_rate, ")]
    assert "First: fill in industry and country of the lead." in note
    told = json.loads(json.dumps(card.to_dict(), allow_nan=False))
    [kept] = [row for row in told["rows"] if row["metric"] == "icp_fit_rate"]
    assert (kept["value"], kept["numerator"]) == (0.36, 18)


def two_months(*groups: tuple[str, int, int, int, int]) -> TinyMarts:
    """Per source: leads and fit leads of September, leads and fit leads of October."""
    marts = TinyMarts()
    for source, before, fit_before, now, fit_now in groups:
        leads(marts, "2026-09-10 09:00:00", before, fit_before, source=source)
        leads(marts, "2026-10-10 09:00:00", now, fit_now, source=source)
    return marts


@pytest.mark.parametrize(
    ("groups", "cause"),
    [
        ([("referral", 100, 80, 100, 80), ("display", 100, 10, 400, 40)], "mix"),
        ([("referral", 200, 160, 200, 100), ("display", 100, 10, 100, 10)], "performance"),
        ([("referral", 200, 160, 200, 100), ("display", 100, 10, 500, 25)], "both"),
    ],
)
def test_a_change_is_told_apart_into_mix_and_performance_that_add_up(
    groups: list[tuple[str, int, int, int, int]], cause: str
) -> None:
    card = scorecard(two_months(*groups).con)
    row = card.row("icp_fit_rate")
    assert (row.change, row.cause) == ("down", cause)
    assert None not in (row.mix, row.performance, row.value, row.previous)
    assert (row.mix or 0) + (row.performance or 0) == pytest.approx(row.difference, abs=1e-12)
    assert row.difference == pytest.approx((row.value or 0) - (row.previous or 0), abs=1e-12)
    assert any(line.startswith("icp_fit_rate moved by -") for line in card.render().splitlines())


def test_a_rate_that_did_not_move_is_not_told_apart_in_words() -> None:
    card = scorecard(two_months(("referral", 100, 50, 100, 52)).con)
    assert card.row("icp_fit_rate").difference == pytest.approx(0.02)
    assert "moved by" not in card.render()


def test_many_campaigns_stay_readable() -> None:
    marts = TinyMarts()
    for place in range(30):
        leads(marts, "2026-10-10 09:00:00", 31 - place, campaign=f"Campaign {place:02}")
    card = scorecard(marts.con, by="campaign")
    lines = [line for line in card.render().splitlines() if line.startswith("lead_volume ")]
    assert len(lines) == 12
    assert lines[0].split()[1:4] == ["Campaign", "00", "31"]
    assert "Up to 18 smaller segments of a metric are not shown" in card.render()
    assert len([row for row in card.rows if row.metric == "lead_volume"]) == 30


def test_the_table_has_a_column_for_each_field() -> None:
    card = scorecard(fifty_leads().con)
    assert card.table.num_rows == len(card.rows)
    assert card.table.column_names == list(Row.__dataclass_fields__)
    assert card.table.to_pylist()[1]["value"] == card.rows[1].value


@pytest.fixture
def empty_cards() -> Iterator[Any]:
    marts = TinyMarts()
    return (scorecard(marts.con, by, "week") for by in (None, "source"))


def test_costs_are_not_known_by_week(empty_cards: Iterator[Any]) -> None:
    for card in empty_cards:
        assert not [row for row in card.rows if row.metric.startswith("cost_")]

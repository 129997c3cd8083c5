"""Every metric and the plain SQL that it must equal: in total, by source and by month."""

import math
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from leadsignal.metrics import Metrics
from leadsignal.metrics.definitions import metrics_of
from leadsignal.warehouse import open_published
from manifests import semantic_manifest

Row = tuple[float | None, float | None, float | None]
DEFINED = metrics_of(semantic_manifest())

LEADS = "fct_leads"
HANDED_OVER = "fct_leads where handed_over_on is not null"
ON_RECORD = f"{HANDED_OVER} and is_before_activities is not true"
REJECTED = "fct_leads where rejected_on is not null and sales_decision = 'rejected'"
DEALS = "fct_opportunities"
CLOSED = "fct_opportunities where outcome <> 'open' and closed_on is not null"
COSTS = "lead_quality_by_source"
ALL = "count(*)"
DECIDED = "count(*) filter (accepted_at is not null or sales_decision = 'rejected')"
REJECTED_NOW = "count(*) filter (accepted_at is null and sales_decision = 'rejected')"

# Metric: rows, the day of its axis, numerator, denominator (none for a count or an amount).
PLAIN = {
    "leads": (LEADS, "created_on", ALL),
    "lead_volume": (LEADS, "created_on", ALL),
    "target_market_leads": (LEADS, "created_on", "count(*) filter (is_target_market)"),
    "icp_fit_leads": (LEADS, "created_on", "count(*) filter (fit_verdict = 'pass')"),
    "fit_known_leads": (LEADS, "created_on", "count(*) filter (fit_verdict <> 'unknown')"),
    "noise_leads": (LEADS, "created_on", "count(noise_class)"),
    "qualified_leads": (LEADS, "created_on", "count(*) filter (is_qualified)"),
    "accepted_leads": (LEADS, "created_on", "count(accepted_at)"),
    "rejected_leads": (LEADS, "created_on", "count(*) filter (sales_decision = 'rejected')"),
    "disqualified_leads": (
        LEADS, "created_on", "count(*) filter (sales_decision = 'disqualified')",
    ),
    "vague_rejections": (LEADS, "created_on", "count(*) filter (is_vague_rejection)"),
    "leaked_leads": (
        LEADS, "created_on", "count(*) filter (lead_state = 'ignored' or lead_state = 'stalled')",
    ),
    "conversations": (LEADS, "created_on", "count(first_conversation_at)"),
    "leads_with_opportunity": (LEADS, "created_on", "count(*) filter (opportunity_id is not null)"),
    "mature_leads": (LEADS, "created_on", "count(*) filter (is_mature)"),
    "mature_opportunity_leads": (
        LEADS, "created_on", "count(*) filter (has_opportunity_in_horizon)",
    ),
    "target_market_rate": (LEADS, "created_on", "count(*) filter (is_target_market)", ALL),
    "icp_fit_rate": (LEADS, "created_on", "count(*) filter (fit_verdict = 'pass')", ALL),
    "fit_known_rate": (LEADS, "created_on", "count(*) filter (fit_verdict <> 'unknown')", ALL),
    "noise_rate": (LEADS, "created_on", "count(noise_class)", ALL),
    "qualified_rate": (LEADS, "created_on", "count(*) filter (is_qualified)", ALL),
    "conversation_rate": (LEADS, "created_on", "count(first_conversation_at)", ALL),
    "lead_to_opportunity_rate": (
        LEADS, "created_on",
        "count(*) filter (has_opportunity_in_horizon)", "count(*) filter (is_mature)",
    ),
    "mature_share": (LEADS, "created_on", "count(*) filter (is_mature)", ALL),
    "handed_over_leads": (HANDED_OVER, "handed_over_on", ALL),
    "due_leads": (HANDED_OVER, "handed_over_on", "count(*) filter (is_follow_up_due)"),
    "touched_leads": (HANDED_OVER, "handed_over_on", "count(first_touch_at)"),
    "followed_up_leads": (
        HANDED_OVER, "handed_over_on", "count(*) filter (is_follow_up_completed)",
    ),
    "sales_acceptance_rate": (HANDED_OVER, "handed_over_on", "count(accepted_at)", DECIDED),
    "decision_coverage_rate": (HANDED_OVER, "handed_over_on", DECIDED, ALL),
    "accepted_without_fit_rate": (
        HANDED_OVER, "handed_over_on",
        "count(accepted_at) filter (fit_verdict <> 'pass')", "count(accepted_at)",
    ),
    "rejected_although_qualified_rate": (
        HANDED_OVER, "handed_over_on",
        "count(*) filter (is_qualified and accepted_at is null and sales_decision = 'rejected')",
        REJECTED_NOW,
    ),
    "follow_up_completion_rate": (
        ON_RECORD, "handed_over_on",
        "count(*) filter (is_follow_up_completed)", "count(*) filter (is_follow_up_due)",
    ),
    "leak_rate": (
        ON_RECORD, "handed_over_on",
        "count(*) filter (lead_state = 'ignored' or lead_state = 'stalled')", ALL,
    ),
    "rejections": (REJECTED, "rejected_on", ALL),
    "vague_rejection_rate": (
        REJECTED, "rejected_on", "count(*) filter (disqualification_issue = 'unstated')", ALL,
    ),
    "opportunities": (DEALS, "opened_on", ALL),
    "strong_opportunities": (DEALS, "opened_on", "count(*) filter (is_strong_pipeline)"),
    "sales_qualified_opportunities": (DEALS, "opened_on", "count(*) filter (is_sales_qualified)"),
    "open_opportunities": (DEALS, "opened_on", "count(*) filter (outcome = 'open')"),
    "open_with_contact": (
        DEALS, "opened_on", "count(*) filter (outcome = 'open' and contact_count >= 1)",
    ),
    "mature_opportunities": (DEALS, "opened_on", "count(*) filter (is_mature)"),
    "pipeline_amount": (DEALS, "opened_on", "sum(amount)"),
    "accepted_pipeline_amount": (DEALS, "opened_on", "sum(amount) filter (is_sales_qualified)"),
    "strong_pipeline_amount": (DEALS, "opened_on", "sum(amount) filter (is_strong_pipeline)"),
    "open_amount": (DEALS, "opened_on", "sum(amount) filter (outcome = 'open')"),
    "opportunity_quality_rate": (DEALS, "opened_on", "count(*) filter (is_strong_pipeline)", ALL),
    "cohort_win_rate": (DEALS, "opened_on", "count(*) filter (outcome = 'won')", ALL),
    "mature_opportunity_share": (DEALS, "opened_on", "count(*) filter (is_mature)", ALL),
    "contact_coverage_rate": (
        DEALS, "",
        "count(*) filter (outcome = 'open' and contact_count >= 1)",
        "count(*) filter (outcome = 'open')",
    ),
    "won": (CLOSED, "closed_on", "count(*) filter (outcome = 'won')"),
    "lost": (CLOSED, "closed_on", "count(*) filter (outcome = 'lost')"),
    "closed_opportunities": (CLOSED, "closed_on", ALL),
    "won_amount": (CLOSED, "closed_on", "sum(amount) filter (outcome = 'won')"),
    "lost_amount": (CLOSED, "closed_on", "sum(amount) filter (outcome = 'lost')"),
    "win_rate": (CLOSED, "closed_on", "count(*) filter (outcome = 'won')", ALL),
    "value_win_rate": (
        CLOSED, "closed_on",
        "case when count(amount) > 0 then coalesce(sum(amount) filter (outcome = 'won'), 0) end",
        "sum(amount)",
    ),
    "average_won_amount": (
        CLOSED, "closed_on",
        "sum(amount) filter (outcome = 'won')", "count(amount) filter (outcome = 'won')",
    ),
    "average_days_to_win": (
        CLOSED, "closed_on",
        "sum(days_to_close) filter (outcome = 'won')",
        "count(days_to_close) filter (outcome = 'won')",
    ),
    "spend": (COSTS, "created_month", "sum(spend)"),
    "cost_per_lead": (COSTS, "created_month", "sum(spend)", "sum(leads)"),
    "cost_per_fit_lead": (COSTS, "created_month", "sum(spend)", "sum(icp_fit_leads)"),
    "cost_per_opportunity": (COSTS, "created_month", "sum(spend)", "sum(opportunities)"),
}  # fmt: skip
PLACES = ("total", "source", "month")
VELOCITY = """
    with opened as (
        select {opened} as place, count(*) as deals from fct_opportunities group by 1
    ), closed as (
        select {closed} as place, count(*) as closed,
            count(*) filter (outcome = 'won') as won,
            avg(amount) filter (outcome = 'won') as amount,
            avg(days_to_close) filter (outcome = 'won') as days
        from fct_opportunities where outcome <> 'open' and closed_on is not null group by 1
    )
    select place, deals * (won / closed) * amount / days
    from opened full join closed using (place)
"""


@pytest.fixture(scope="module")
def con(demo_marts: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_published(demo_marts) as connection:
        yield connection


@pytest.fixture(scope="module")
def metrics(con: duckdb.DuckDBPyConnection) -> Metrics:
    return Metrics(con)


def test_every_metric_has_its_plain_sql() -> None:
    lasting = {name for name, one in DEFINED.items() if one.kind == "duration"}
    assert PLAIN.keys() | lasting | {"sales_velocity"} == DEFINED.keys()


@pytest.mark.parametrize(
    ("name", "place"),
    # What is true as of now has no months.
    [
        (name, place)
        for name, (_, day, *_) in PLAIN.items()
        for place in PLACES
        if day or place != "month"
    ],
)
def test_metric_equals_its_plain_sql(
    con: duckdb.DuckDBPyConnection, metrics: Metrics, name: str, place: str
) -> None:
    rows, day, numerator, *denominator = PLAIN[name]
    by = {"total": "'all'", "source": "source", "month": f"date_trunc('month', {day})"}[place]
    below = denominator[0] if denominator else "null"
    sql = f"select {by}, {numerator}, {below} from {rows} group by 1"
    expected = {key: _value(above, under, denominator) for key, above, under in _all(con, sql)}
    ours = _ours(metrics, name, place)
    assert ours.keys() == expected.keys()
    for key, row in expected.items():
        assert all(map(_is_same, ours[key], row)), (key, ours[key], row)
    assert len(expected) >= (1 if place == "total" else 2)


@pytest.mark.parametrize("place", PLACES)
def test_sales_velocity_equals_its_plain_sql(
    con: duckdb.DuckDBPyConnection, metrics: Metrics, place: str
) -> None:
    opened, closed = {
        "total": ("'all'", "'all'"),
        "source": ("source", "source"),
        "month": ("date_trunc('month', opened_on)", "date_trunc('month', closed_on)"),
    }[place]
    expected = dict(_all(con, VELOCITY.format(opened=opened, closed=closed)))
    ours = {key: row[0] for key, row in _ours(metrics, "sales_velocity", place).items()}
    assert ours.keys() == expected.keys()
    assert all(_is_same(ours[key], value) for key, value in expected.items())
    assert any(ours.values())


@pytest.mark.parametrize(
    ("name", "where", "sql"),
    [
        (
            "median_days_to_close",
            "outcome is not empty and outcome != open",
            "select source, median(days_to_close), count(days_to_close) from fct_opportunities"
            " where outcome <> 'open' group by 1",
        ),
        (
            "median_hours_to_first_touch",
            "first_touch_at is not empty",
            "select source, median(hours_to_first_touch), count(hours_to_first_touch)"
            " from fct_leads where first_touch_at is not null and handed_over_at is not null"
            " and is_before_activities is not true group by 1",
        ),
    ],
)
def test_where_nothing_is_going_on_a_duration_is_the_plain_median(
    con: duckdb.DuckDBPyConnection, metrics: Metrics, name: str, where: str, sql: str
) -> None:
    found = metrics.query(name, "source", where).to_pylist()
    expected = {source: (median, count) for source, median, count in _all(con, sql)}
    assert {row["source"]: (row["value"], row["denominator"]) for row in found} == {
        source: (pytest.approx(median, rel=1e-9), count)
        for source, (median, count) in expected.items()
    }


def _ours(metrics: Metrics, name: str, place: str) -> dict[Any, Row]:
    by = () if place == "total" else place
    return {
        row.get(place, "all"): (row["value"], row["numerator"], row["denominator"])
        for row in metrics.query(name, by).to_pylist()
    }


def _value(above: Any, below: Any, is_ratio: list[str]) -> Row:
    if not is_ratio:
        return above, above, None
    return (None if above is None or not below else above / below), above, below


def _is_same(ours: float | None, expected: float | None) -> bool:
    """The same but for the order in which amounts are added up."""
    if ours is None or expected is None:
        return ours is expected
    return math.isclose(ours, expected, rel_tol=1e-12)


def _all(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    rows = con.execute(sql).fetchall()
    return [(key.date() if isinstance(key, datetime) else key, *more) for key, *more in rows]

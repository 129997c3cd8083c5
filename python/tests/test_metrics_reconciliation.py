"""Three roads to one number: the published tables, the metrics and the Python scorecard."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from leadsignal.metrics import Metrics, definitions
from leadsignal.periods import Period, containing
from leadsignal.scorecard import scorecard
from leadsignal.scorecard.card import Row
from leadsignal.warehouse import open_published

# Table, its month, its other key, and its columns that are a metric: with the metric's name where
# that is another.
PUBLISHED: list[tuple[str, str, str, list[str], dict[str, str]]] = [
    (
        "lead_quality_by_source",
        "created_month",
        "source",
        [
            "leads", "target_market_leads", "icp_fit_leads", "fit_known_leads", "noise_leads",
            "qualified_leads", "accepted_leads", "rejected_leads", "disqualified_leads",
            "vague_rejections", "leaked_leads", "conversations", "mature_leads",
            "mature_opportunity_leads", "spend", "target_market_rate", "icp_fit_rate",
            "qualified_rate", "lead_to_opportunity_rate", "cost_per_lead", "cost_per_fit_lead",
            "cost_per_opportunity",
        ],
        {"opportunities": "leads_with_opportunity"},
    ),
    (
        "win_rate_by_source",
        "closed_month",
        "source",
        ["won", "lost", "won_amount", "lost_amount", "win_rate", "value_win_rate"],
        {},
    ),
    (
        "pipeline_quality",
        "opened_month",
        "source",
        ["opportunities", "strong_opportunities", "open_opportunities", "open_with_contact",
         "open_amount", "opportunity_quality_rate"],
        {"amount": "pipeline_amount", "strong_amount": "strong_pipeline_amount"},
    ),
    (
        "follow_up_by_owner",
        "handed_over_month",
        "owner_id",
        ["handed_over_leads", "due_leads", "touched_leads", "followed_up_leads"],
        {},
    ),
]  # fmt: skip
CASES = [
    (table, month, key, column, renamed.get(column, column))
    for table, month, key, columns, renamed in PUBLISHED
    for column in (*columns, *renamed)
]
AMOUNTS = ("amount", "share", "average", "derived", "cost")


@pytest.fixture(scope="module")
def con(demo_marts: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_published(demo_marts) as connection:
        yield connection


@pytest.fixture(scope="module")
def metrics(con: duckdb.DuckDBPyConnection) -> Metrics:
    return Metrics(con)


@pytest.mark.parametrize(
    ("table", "month", "key", "column", "metric"), CASES, ids=[f"{c[0]}-{c[3]}" for c in CASES]
)
def test_published_table_and_metric_are_one(
    con: duckdb.DuckDBPyConnection,
    metrics: Metrics,
    table: str,
    month: str,
    key: str,
    column: str,
    metric: str,
) -> None:
    name = f"coalesce({key}, 'unassigned')" if key == "owner_id" else key
    published = {
        (first_day, segment): value
        for first_day, segment, value in con.execute(
            f"select {month}, {name}, {column} from {table}"
        ).fetchall()
    }
    ours = {
        (row["month"], row[key] or "unassigned"): row["value"]
        for row in metrics.query(metric, ["month", key]).to_pylist()
    }
    # A table of several counts has a row for what only another of them has.
    assert ours.keys() <= published.keys()
    is_amount = definitions.load(con)[metric].kind in AMOUNTS
    for place, value in published.items():
        found = ours.get(place)
        same = pytest.approx(value, rel=1e-12) if is_amount and value is not None else value
        assert (found or 0) == same if place not in ours else found == same, place
    assert len(published) > 30


def test_contact_coverage_is_that_of_all_months(
    con: duckdb.DuckDBPyConnection, metrics: Metrics
) -> None:
    sql = "select source, sum(open_with_contact), sum(open_opportunities) from pipeline_quality"
    published = {row[0]: row[1:] for row in con.execute(f"{sql} group by 1").fetchall()}
    ours = metrics.query("contact_coverage_rate", "source").to_pylist()
    assert {row["source"]: (row["numerator"], row["denominator"]) for row in ours} == published


def test_rejections_are_those_of_the_reasons(
    con: duckdb.DuckDBPyConnection, metrics: Metrics
) -> None:
    sql = """
        select decision_month, source, sum(leads) filter (issue = 'unstated'), sum(leads)
        from disqualification_by_source group by 1, 2
    """
    published = {row[:2]: (row[2] or 0, row[3]) for row in con.execute(sql).fetchall()}
    rejected = metrics.query("vague_rejection_rate", ["month", "source"]).to_pylist()
    disqualified = con.execute(
        "select date_trunc('month', disqualified_at)::date, source,"
        " count(*) filter (disqualification_issue = 'unstated'), count(*)"
        " from fct_leads where sales_decision = 'disqualified' group by 1, 2"
    ).fetchall()
    ours = {(row[0], row[1]): (row[2], row[3]) for row in disqualified}
    for row in rejected:
        if row["denominator"]:
            vague, every = ours.get((row["month"], row["source"]), (0, 0))
            both = vague + row["numerator"], every + row["denominator"]
            ours[row["month"], row["source"]] = both
    assert ours == published


def _months(con: duckdb.DuckDBPyConnection) -> list[date]:
    """The first days of the months that are complete."""
    [(first, last)] = con.execute(
        "select min(created_month), max(as_of) from fct_leads, publication"
    ).fetchall()
    found, month = [], containing(first, "month")
    while month.end <= last.date() + timedelta(days=1):
        found.append(month.start)
        month = containing(month.end, "month")
    return found


@pytest.mark.parametrize("kind", ["month", "quarter", "week"])
def test_scorecard_and_metrics_are_one(
    con: duckdb.DuckDBPyConnection, metrics: Metrics, kind: str
) -> None:
    known = definitions.load(con)
    months = _months(con)
    assert len(months) > 12
    for start in months if kind == "month" else months[-1:]:
        end = containing(start, "month").end - timedelta(days=1)
        card = scorecard(con, "source", kind, end)
        shown = list(dict.fromkeys(row.metric for row in card.rows))
        days: dict[str, Any] = {"start": card.period.start, "end": end_of(card.period)}
        dated = [name for name in shown if known[name].day]
        undated = [name for name in shown if not known[name].day]
        found = metrics.query(dated, "source", **days).to_pylist()
        found += metrics.query(undated, "source").to_pylist()
        ours = {(row["metric"], row["source"]): row for row in found}
        assert len(shown) > 20
        for row in card.rows:
            _compare(row, ours.get((row.metric, row.segment)))


def end_of(period: Period) -> date:
    return period.end - timedelta(days=1)


def _compare(row: Row, ours: dict[str, Any] | None) -> None:
    if ours is None:  # it was there in another of the card's periods
        assert not row.numerator, row
        assert not row.denominator, row
        return
    for name in ("value", "low", "high"):
        theirs = getattr(row, name)
        same = pytest.approx(theirs, rel=1e-12) if theirs is not None else None
        assert ours[name] == same, (row, ours)
    if ours["denominator"] is not None:
        assert (ours["numerator"] or 0) == pytest.approx(row.numerator or 0, rel=1e-12), (row, ours)
        assert ours["denominator"] == (row.denominator or 0), (row, ours)
    assert ours["is_small_sample"] == row.is_small_sample, (row, ours)
    assert ours["grade"] == row.grade, (row, ours)

"""Any metric by any dimension and filter is counted right, or refused in one line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from leadsignal.errors import UsageError
from leadsignal.metrics import Metrics
from tiny_marts import TinyMarts, fifty_leads

from . import odd
from .scale import inputs

METRICS = (
    *(
        "leads",
        "icp_fit_rate",
        "win_rate",
        "value_win_rate",
        "cost_per_lead",
        "opportunities",
        "won",
    ),
    *(
        "sales_acceptance_rate",
        "median_hours_to_first_touch",
        "spend",
        "lead_volume",
        "no_such_metric",
    ),
)
DIMENSIONS = (
    *("source", "channel", "campaign", "owner", "crm", "month", "week", "quarter", "lead_state"),
    *("is_icp_fit", "owner_type", "created_on", "stage", "sauce", "SOURCE", "count(*)"),
)
VALUES = st.sampled_from(
    [
        "webinar",
        "paid_social",
        "Paid_Social",
        "salesforce",
        "true",
        "false",
        "2026-10",
        "2026-Q4",
        "0",
    ]
)
TEXTS = (
    "source",
    "channel",
    "demand_type",
    "campaign",
    "crm",
    "disqualification_reason",
    "owner_id",
)
EQUAL: dict[str, Callable[[Any, str], bool]] = {
    "=": lambda cell, value: cell is not None and cell == value,
    "<>": lambda cell, value: cell is None or cell != value,
    "<": lambda cell, value: cell is not None and cell < value,
    ">=": lambda cell, value: cell is not None and cell >= value,
}


def quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


conditions = st.one_of(
    st.builds("{} {} {}".format, st.sampled_from(DIMENSIONS), st.sampled_from(
        ["=", "<>", "!=", "<", "<=", ">", ">=", "==", "is", "in", "like", "", ";"]
    ), VALUES | odd.cells | odd.cells.map(quoted)),
    st.builds("{} in ({}, {})".format, st.sampled_from(DIMENSIONS), VALUES, odd.cells.map(quoted)),
    st.builds("{} is {}".format, st.sampled_from(DIMENSIONS), st.sampled_from(
        ["empty", "not empty", "null", "x"]
    )),
    odd.cells,
)  # fmt: skip
wheres = (
    st.none()
    | conditions
    | st.lists(conditions, max_size=3)
    | st.builds(" and ".join, st.lists(conditions, max_size=3))
    | st.dictionaries(st.sampled_from(DIMENSIONS), VALUES | odd.cells | st.none() | st.booleans())
)
days = (
    st.none()
    | st.sampled_from(["2026-10", "2026-Q4", "9999-12", "9999-Q4"])
    | odd.dates
    | st.dates()
)


@pytest.fixture(scope="module")
def marts() -> TinyMarts:
    return fifty_leads()


@pytest.fixture(scope="module")
def metrics(marts: TinyMarts) -> Metrics:
    return Metrics(marts.con)


def rows(metrics: Metrics, *arguments: Any, **more: Any) -> list[dict[str, Any]] | None:
    """The rows of an answer; None when it was refused in one line."""
    try:
        found: list[dict[str, Any]] = metrics.query(*arguments, **more).to_pylist()
    except UsageError as error:
        refused = error.lines
    else:
        return found
    assert len(refused) == 1
    assert "\n" not in refused[0]
    return None


def assert_possible(row: dict[str, Any], unit: str) -> None:
    """A number that can be: ratios are of their sums, rates within their bounds."""
    value, below = row["value"], row["denominator"]
    if row["numerator"] is not None and below and unit == "rate":
        assert value == pytest.approx(row["numerator"] / below)
        assert 0 <= value <= 1
    # The high end of a median is not known where too few cases are finished.
    if value is not None:
        assert row["low"] is None or row["low"] <= value
        assert row["high"] is None or value <= row["high"]


@given(
    names=st.lists(st.sampled_from(METRICS) | odd.texts, max_size=3),
    by=st.lists(st.sampled_from(DIMENSIONS) | odd.texts, max_size=3) | st.sampled_from(DIMENSIONS),
    where=wheres,
    grain=st.none() | st.sampled_from(["day", "week", "month", "quarter", "year", ""]),
    start=days,
    end=days,
)
@inputs(90, of=3000)
def test_a_question_is_answered_or_refused(
    metrics: Metrics,
    names: list[str],
    by: Sequence[str],
    where: Any,
    grain: Any,
    start: Any,
    end: Any,
) -> None:
    found = rows(metrics, names, by, where, grain, start, end)
    units = dict(zip(*metrics.metrics().select(["name", "unit"]).to_pydict().values(), strict=True))
    for row in found or ():
        assert_possible(row, units[row["metric"]])


@given(
    by=st.sampled_from(TEXTS),
    name=st.sampled_from(TEXTS),
    operator=st.sampled_from(sorted(EQUAL)),
    value=VALUES | odd.cells,
)
@inputs(40, of=1500)
def test_a_filter_holds_for_the_rows_it_says(
    marts: TinyMarts, metrics: Metrics, by: str, name: str, operator: str, value: str
) -> None:
    cursor = marts.con.execute("select * from fct_leads")
    names = [column[0] for column in cursor.description]
    leads = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    wanted: dict[Any, int] = {}
    for lead in leads:
        if EQUAL[operator](lead[name], value):
            wanted[lead[by]] = wanted.get(lead[by], 0) + 1
    found = rows(metrics, "leads", by, f"{name} {operator} {quoted(value)}")
    assert found is not None
    assert {row[by]: row["value"] for row in found if row["value"]} == wanted


@given(by=st.sampled_from(TEXTS), start=st.dates(date(2026, 9, 20), date(2026, 11, 5)))
@inputs(10, of=300)
def test_the_groups_add_up_to_the_whole(metrics: Metrics, by: str, start: date) -> None:
    whole = rows(metrics, ["leads", "opportunities"], start=start)
    parts = rows(metrics, ["leads"], by, start=start)
    assert whole
    assert parts is not None
    assert sum(row["value"] for row in parts) == whole[0]["value"]

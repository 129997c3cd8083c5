"""Any metric by any dimension: ratios of sums, each metric on its own axis."""

from datetime import date
from typing import Any

import pytest
from leadsignal import output
from leadsignal.errors import UsageError
from leadsignal.metrics.definitions import metrics_of
from leadsignal.metrics.query import query
from manifests import semantic_manifest
from tiny_marts import TinyMarts, fifty_leads


@pytest.fixture(scope="module")
def fifty() -> TinyMarts:
    marts = fifty_leads()
    marts.con.execute("update publication set reporting_timezone = 'UTC'")
    return marts


def _rows(marts: TinyMarts, *args: Any, **more: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = query(marts.con, *args, **more).to_pylist()
    return rows


def test_without_dimensions_there_is_one_row(fifty: TinyMarts) -> None:
    assert _rows(fifty, ["leads", "icp_fit_leads", "opportunities", "won"]) == [
        {
            "leads": 50,
            "icp_fit_leads": 18,
            "opportunities": 4,
            "won": 0,
        }
    ]


def test_rate_stands_between_its_two_counts_and_how_sure_it_is(fifty: TinyMarts) -> None:
    [row] = _rows(fifty, ["icp_fit_rate"])
    assert row == {
        "icp_fit_rate_numerator": 18,
        "icp_fit_rate_denominator": 50,
        "icp_fit_rate": 0.36,
        "icp_fit_rate_low": pytest.approx(0.2413875),
        "icp_fit_rate_high": pytest.approx(0.4985898),
        "icp_fit_rate_is_small_sample": False,
        "icp_fit_rate_grade": "high",
    }


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_what_the_crm_cannot_answer_says_so_in_every_form(
    form: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    marts = fifty_leads()
    marts.distrust(4)
    output.write(query(marts.con, ["leads", "sales_acceptance_rate"]), form)
    said = capfdbinary.readouterr().out.decode()
    assert "sales_acceptance_rate_grade" in said
    assert "low" in said
    assert "leads_grade" not in said


def test_what_is_asked_by_source_has_the_grade_of_the_sources_too() -> None:
    marts = fifty_leads()
    marts.distrust(1)
    rows = _rows(marts, ["icp_fit_rate"], ["source"])
    assert {row["icp_fit_rate_grade"] for row in rows} == {"low"}
    [whole] = _rows(marts, ["icp_fit_rate"])
    assert whole["icp_fit_rate_grade"] == "high"


def test_median_is_followed_by_how_sure_it_is(fifty: TinyMarts) -> None:
    [row] = _rows(fifty, ["median_days_to_close"])
    assert list(row) == [
        "median_days_to_close",
        "median_days_to_close_low",
        "median_days_to_close_high",
        "median_days_to_close_is_small_sample",
    ]


def test_counts_of_the_groups_add_up_to_the_whole(fifty: TinyMarts) -> None:
    rows = _rows(fifty, ["sales_acceptance_rate"], ["source"])
    [whole] = _rows(fifty, ["sales_acceptance_rate"])
    for name in ("sales_acceptance_rate_numerator", "sales_acceptance_rate_denominator"):
        assert sum(row[name] for row in rows) == whole[name]
    rates = [row["sales_acceptance_rate"] for row in rows]
    assert whole["sales_acceptance_rate"] != pytest.approx(sum(rates) / len(rates))


def test_rate_over_nothing_is_null(fifty: TinyMarts) -> None:
    [row] = _rows(fifty, ["win_rate"])
    assert (row["win_rate_denominator"], row["win_rate"]) == (0, None)


def test_metrics_of_two_tables_meet_in_one_row_per_group(fifty: TinyMarts) -> None:
    rows = {row["source"]: row for row in _rows(fifty, ["leads", "opportunities"], ["source"])}
    assert rows["organic_search"]["opportunities"] == 2
    assert rows["paid_social"] == {
        "source": "paid_social",
        "leads": 20,
        "opportunities": 0,
    }


def test_costs_come_from_the_spend_of_the_sources(fifty: TinyMarts) -> None:
    rows = {row["source"]: row for row in _rows(fifty, ["cost_per_lead"], ["source"])}
    assert rows["paid_social"]["cost_per_lead"] == pytest.approx(12000 / 20)
    [whole] = _rows(fifty, ["spend"])
    assert whole["spend"] == 20000


def test_unknown_spend_is_null() -> None:
    marts = TinyMarts()
    marts.lead()
    marts.spend("2026-10-01", web=None)  # type: ignore[arg-type]
    [row] = _rows(marts, ["cost_per_lead"])
    assert row["cost_per_lead"] is None


def test_each_metric_has_its_own_axis() -> None:
    marts = TinyMarts(reporting_timezone="UTC")
    marts.lead("2026-09-30 23:30:00")  # handed over an hour later, in October
    rows = _rows(marts, ["leads", "handed_over_leads"], ["month"])
    assert rows == [
        {"month": date(2026, 9, 1), "leads": 1, "handed_over_leads": 0},
        {"month": date(2026, 10, 1), "leads": 0, "handed_over_leads": 1},
    ]


def test_months_are_those_of_the_reporting_zone() -> None:
    marts = TinyMarts(reporting_timezone="America/New_York")
    marts.lead("2026-10-01 02:00:00")  # the evening of 30 September in New York
    assert _rows(marts, ["leads"], ["month"])[0]["month"] == date(2026, 9, 1)


@pytest.mark.parametrize(
    ("grain", "first_day"),
    [("week", date(2026, 10, 5)), ("month", date(2026, 10, 1)), ("quarter", date(2026, 10, 1))],
)
def test_grain_adds_the_period(fifty: TinyMarts, grain: str, first_day: date) -> None:
    [row] = _rows(fifty, ["leads"], grain=grain)
    assert row == {grain: first_day, "leads": 50}


def test_deals_know_the_campaign_of_their_lead() -> None:
    marts = TinyMarts()
    lead = marts.accepted(stage="opportunity", campaign="Webinar")
    marts.deal(lead_id=lead)
    marts.deal()
    rows = _rows(marts, ["opportunities"], ["campaign"])
    assert {(row["campaign"], row["opportunities"]) for row in rows} == {("Webinar", 1), (None, 1)}


def test_amounts_are_shares_of_sums() -> None:
    marts = TinyMarts()
    for outcome, amount in (("won", 300.0), ("lost", 100.0), ("lost", None)):
        marts.deal(outcome=outcome, amount=amount, closed_at="2026-10-20")
    [row] = _rows(marts, ["value_win_rate", "win_rate", "won_amount"])
    assert row["value_win_rate"] == 0.75
    assert row["win_rate"] == pytest.approx(1 / 3)
    assert row["won_amount"] == 300


@pytest.mark.parametrize(
    ("where", "leads"),
    [
        ("source = webinar", 8),
        ("source in (webinar, paid_search)", 18),
        ("source != paid_social", 30),
        ({"source": "webinar", "is_icp_fit": True}, 3),
        ("is_icp_fit = true and lead_state = ignored", 1),
        ("created_month >= 2026-10", 50),
        ("created_month < 2026-10", 0),
        ("month = 2026-10", 50),
        ("created_at >= 2026-10-11", 0),
        ("offer is empty", 50),
        (["demand_type = paid", "campaign = Search: crm consulting"], 10),
        ("owner = nobody' or 'a' = 'a", None),
    ],
)
def test_where(fifty: TinyMarts, where: Any, leads: int | None) -> None:
    if leads is None:
        with pytest.raises(UsageError):
            query(fifty.con, ["leads"], where=where)
    else:
        assert [row["leads"] for row in _rows(fifty, ["leads"], where=where)] == [leads]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"metrics": ["win_rat"]}, "Did you mean win_rate"),
        ({"metrics": ["zzz"]}, "There are:"),
        ({"metrics": []}, "No metric is named"),
        ({"metrics": ["leads"], "by": ["souce"]}, "Did you mean source"),
        ({"metrics": ["win_rate"], "by": ["lead_state"]}, "win_rate does not know 'lead_state'"),
        ({"metrics": ["leads"], "by": ['source" from fct_leads --']}, "does not know"),
        ({"metrics": ["leads"], "where": "sorce = web"}, "Did you mean source"),
        ({"metrics": ["leads"], "where": "month = soon"}, "cannot be compared with month"),
        ({"metrics": ["leads"], "grain": "day"}, "no grain"),
        ({"metrics": ["leads"], "by": ["month"], "grain": "week"}, "Both month and the grain week"),
        ({"metrics": ["contact_coverage_rate"], "by": ["month"]}, "has no month"),
        ({"metrics": ["cost_per_lead"], "grain": "week"}, "known by month"),
        ({"metrics": ["leads"], "by": ["lead_id"]}, "does not know 'lead_id'"),
    ],
)
def test_what_is_not_understood_is_one_line(
    fifty: TinyMarts, arguments: dict[str, Any], said: str
) -> None:
    with pytest.raises(UsageError) as caught:
        query(fifty.con, **arguments)
    assert said in caught.value.lines[0]


def test_every_metric_runs_by_source_on_an_empty_set() -> None:
    empty = TinyMarts()
    for name in metrics_of(semantic_manifest()):
        assert _rows(empty, [name], ["source"]) == [], name


@pytest.mark.parametrize(
    ("metrics", "where", "told"),
    [
        (["leads"], "source = webinr", ["No row has the source 'webinr'. Did you mean webinar?"]),
        (["leads"], "source in (webinar, Webinar)", ["No row has the source 'Webinar'. Did you"]),
        (["leads", "won"], "source = webinar and crm = salesforce", []),
        (["leads"], "is_qualified = true and source = webinar", []),
        (["leads"], "source <> nowhere and month >= 2026-09", []),
        (["leads"], "lead_state = lost", ["No row has the lead_state 'lost'. There are: "]),
    ],
)
def test_values_of_filters_that_stand_nowhere_are_told(
    fifty: TinyMarts, metrics: list[str], where: str, told: list[str]
) -> None:
    lines: list[str] = []
    query(fifty.con, metrics, where=where, tell=lines.append)
    assert [line[: len(begin)] for line, begin in zip(lines, told, strict=True)] == told

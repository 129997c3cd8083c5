"""The scorecard on small published sets whose every count is known."""

import json
from typing import Any

import pytest
from leadsignal.errors import UsageError
from leadsignal.scorecard import scorecard
from leadsignal.scorecard.card import Scorecard
from tiny_marts import TinyMarts, fifty_leads

SEPTEMBER, OCTOBER = "2026-09-10 09:00:00", "2026-10-10 09:00:00"


def filled(rows: int, fit: int, created_at: str, **values: Any) -> list[dict[str, Any]]:
    fits = {"is_target_market": True, "is_icp_fit": True, "fit_verdict": "pass"}
    return [
        {"created_at": created_at, **values, **(fits if place < fit else {})}
        for place in range(rows)
    ]


def marts_of(*groups: list[dict[str, Any]]) -> TinyMarts:
    marts = TinyMarts()
    for group in groups:
        for values in group:
            marts.lead(**values)
    return marts


@pytest.fixture(scope="module")
def fifty() -> Scorecard:
    return scorecard(fifty_leads().con)


@pytest.mark.parametrize(
    ("metric", "numerator", "denominator"),
    [
        ("target_market_rate", 26, 50),
        ("icp_fit_rate", 18, 50),
        ("fit_known_rate", 50, 50),
        ("sales_acceptance_rate", 12, 49),
        ("decision_coverage_rate", 49, 50),
        ("follow_up_completion_rate", 49, 50),
        ("leak_rate", 1, 50),
        ("vague_rejection_rate", 1, 37),
        ("lead_to_opportunity_rate", 0, 0),
        ("opportunity_quality_rate", 2, 4),
        ("win_rate", 0, 0),
        ("contact_coverage_rate", 4, 4),
        ("cost_per_lead", 20000, 50),
        ("cost_per_fit_lead", 20000, 18),
        ("cost_per_opportunity", 20000, 4),
    ],
)
def test_rates_of_fifty_leads(
    fifty: Scorecard, metric: str, numerator: int, denominator: int
) -> None:
    row = fifty.row(metric)
    assert (row.numerator, row.denominator) == (numerator, denominator)
    assert row.value == (numerator / denominator if denominator else None)
    assert row.is_small_sample == (denominator < 30)


def test_a_rate_stands_in_its_interval_and_nothing_has_none(fifty: Scorecard) -> None:
    fit, wins = fifty.row("icp_fit_rate"), fifty.row("win_rate")
    assert fit.low == pytest.approx(0.2414, abs=5e-5)
    assert fit.high == pytest.approx(0.4986, abs=5e-5)
    assert (wins.value, wins.low, wins.high) == (None, None, None)


def test_segments_add_up_to_the_whole() -> None:
    con = fifty_leads().con
    whole = scorecard(con)
    for by in ("source", "campaign", "owner"):
        parts = scorecard(con, by=by)
        for metric in ("target_market_rate", "sales_acceptance_rate", "vague_rejection_rate"):
            rows = [row for row in parts.rows if row.metric == metric]
            assert sum(row.denominator or 0 for row in rows) == whole.row(metric).denominator
            assert sum(row.numerator or 0 for row in rows) == whole.row(metric).numerator
    assert [row.segment for row in scorecard(con, by="source").rows][:2] == [
        "paid_social",
        "paid_search",
    ]


def test_each_metric_counts_by_its_own_axis() -> None:
    marts = TinyMarts()
    marts.lead("2026-09-30 23:30:00")  # handed over on 1 October
    marts.rejected("unstated", "unstated", "2026-09-29 09:00:00")  # rejected on 2 October
    marts.deal("2026-08-01 09:00:00", outcome="won", closed_at="2026-10-05 00:00:00", amount=300.0)
    marts.deal("2026-08-01 09:00:00", outcome="lost", closed_at="2026-10-06 00:00:00", amount=100.0)
    card = scorecard(marts.con)
    assert card.row("lead_volume").value == 0
    assert card.row("decision_coverage_rate").denominator == 1
    assert card.row("vague_rejection_rate").value == 1
    assert card.row("win_rate").value == 0.5
    assert card.row("value_win_rate").value == 0.75
    assert card.row("opportunity_quality_rate").denominator == 0


def test_a_change_is_called_one_when_a_test_says_so() -> None:
    marts = marts_of(filled(200, 40, SEPTEMBER), filled(200, 90, OCTOBER))
    row = scorecard(marts.con).row("icp_fit_rate")
    assert (row.change, row.cause, row.previous) == ("up", "performance", 0.2)


def test_a_difference_within_chance_is_no_change() -> None:
    marts = marts_of(filled(200, 40, SEPTEMBER), filled(200, 46, OCTOBER))
    assert scorecard(marts.con).row("icp_fit_rate").change == "no clear change"


def test_small_samples_are_not_compared() -> None:
    marts = marts_of(filled(200, 0, SEPTEMBER), filled(29, 29, OCTOBER))
    row = scorecard(marts.con).row("icp_fit_rate")
    assert (row.change, row.is_small_sample, row.p_value) == ("too few cases", True, None)


def test_a_rate_that_moved_with_the_mix_of_sources_is_called_mix() -> None:
    good, bad = {"source": "referral"}, {"source": "display"}
    marts = marts_of(
        filled(100, 80, SEPTEMBER, **good),
        filled(100, 10, SEPTEMBER, **bad),
        filled(100, 80, OCTOBER, **good),
        filled(400, 40, OCTOBER, **bad),
    )
    row = scorecard(marts.con).row("icp_fit_rate")
    assert (row.change, row.cause) == ("down", "mix")
    by_source = scorecard(marts.con, by="source")
    assert by_source.row("icp_fit_rate", "display").change == "no clear change"


def test_periods_are_compared_at_the_same_age() -> None:
    marts = TinyMarts()
    for _ in range(100):
        marts.lead("2026-10-28 09:00:00")
        # Decided long after September had ended, as October's leads may yet be.
        marts.lead(
            "2026-09-28 09:00:00", accepted_at="2026-10-20 09:00:00", sales_decision="accepted"
        )
    row = scorecard(marts.con).row("decision_coverage_rate")
    assert (row.value, row.previous) == (0, 1)
    assert row.change == "no clear change"


def test_a_rejection_that_was_accepted_later_was_one_at_the_end_of_its_period() -> None:
    marts = TinyMarts()
    rejected = {"sales_decision": "rejected"}
    since = {"sales_decision": "accepted", "accepted_at": "2026-10-20 09:00:00"}
    for month, values in (("2026-09", since), ("2026-10", rejected)):
        for _ in range(50):
            marts.lead(f"{month}-05 09:00:00", rejected_at=f"{month}-08 09:00:00", **values)
            marts.accepted(f"{month}-05 09:00:00")
    card = scorecard(marts.con)
    for metric in ("sales_acceptance_rate", "decision_coverage_rate"):
        row = card.row(metric)
        assert (row.change, row.difference) == ("no clear change", 0)


@pytest.mark.parametrize("metric", ["icp_fit_rate", "fit_known_rate"])
@pytest.mark.parametrize("by_the_rules", ["pass", "fail", "unknown"])
@pytest.mark.parametrize("decision", ["rejected", "disqualified"])
def test_fit_is_compared_as_it_stood_at_the_end_of_each_period(
    metric: str, by_the_rules: str, decision: str
) -> None:
    marts = TinyMarts()
    refused = {
        "sales_decision": decision,
        "rejected_at": "2026-08-20 09:00:00",
        f"{decision}_at": "2026-10-15 09:00:00",  # when September was over
        "disqualification_issue": "fit",
        "fit_verdict": "fail",
    }
    for at, values in ((SEPTEMBER, refused), (OCTOBER, {})):
        for _ in range(100):
            verdict = {"fit_verdict": by_the_rules} | values
            is_fit = verdict["fit_verdict"] == "pass"
            lead_id = marts.lead(at, is_icp_fit=is_fit, **verdict)
            marts.insert("fct_lead_verdicts", lead_id=lead_id, fit_rule_only_verdict=by_the_rules)
    row = scorecard(marts.con).row(metric)
    assert row.previous == (0 if metric == "icp_fit_rate" else 1)
    assert (row.change, row.difference) == ("no clear change", 0)


def test_a_refusal_for_fit_before_the_end_of_the_period_counts() -> None:
    marts = TinyMarts()
    for at, issue in ((SEPTEMBER, "fit"), (OCTOBER, "timing")):
        for _ in range(100):
            verdict = {"fit_verdict": "pass", "is_icp_fit": True} if issue != "fit" else {}
            marts.rejected("wrong_industry", issue, at, **verdict)
            marts.insert(
                "fct_lead_verdicts",
                lead_id=f"salesforce:L{marts.counter}",
                fit_rule_only_verdict="pass",
            )
    row = scorecard(marts.con).row("icp_fit_rate")
    assert (row.change, row.difference) == ("up", 1)


def test_what_is_still_moving_is_not_compared_until_it_has_settled() -> None:
    done, undone = {"lead_state": "working"}, {"lead_state": "ignored"}
    groups = filled(100, 0, SEPTEMBER, **undone), filled(100, 0, OCTOBER, **done)
    assert scorecard(marts_of(*groups).con).row("leak_rate").change == "not settled yet"
    later = TinyMarts(as_of="2026-12-15 12:00:00")
    for group in groups:
        for values in group:
            later.lead(**values)
    assert scorecard(later.con, as_of="2026-10-31").row("leak_rate").change == "down"


def test_the_quality_of_deals_is_compared_once_they_have_had_the_time_to_close() -> None:
    def change(days_to_close: float) -> str | None:
        marts = TinyMarts(as_of="2026-12-31 23:59:59")
        for at, is_strong in ((SEPTEMBER, False), (OCTOBER, True)):
            for _ in range(40):
                marts.deal(at, is_strong_pipeline=is_strong, days_to_close=days_to_close)
        return scorecard(marts.con, as_of="2026-10-31").row("opportunity_quality_rate").change

    assert change(days_to_close=100.0) == "not settled yet"
    assert change(days_to_close=30.0) == "up"


def test_the_win_rate_of_a_cohort_stands_beside_the_share_that_is_mature() -> None:
    marts = TinyMarts()
    for is_mature in (True, False, False, False):
        marts.deal(is_mature=is_mature)
    rows = scorecard(marts.con).rows
    [place] = [place for place, row in enumerate(rows) if row.metric == "cohort_win_rate"]
    beside = rows[place + 1]
    assert (beside.metric, beside.value) == ("mature_opportunity_share", 0.25)


def test_false_discoveries_are_held_over_the_whole_scorecard() -> None:
    # One test of two (p about 0.03) would be called a change; among many others it is not.
    pairs = filled(200, 40, SEPTEMBER), filled(200, 58, OCTOBER)
    row = scorecard(marts_of(*pairs).con).row("icp_fit_rate")
    assert row.p_value is not None
    assert 0.01 < row.p_value < 0.05
    assert row.change == "no clear change"


def test_months_stand_each_beside_the_one_before() -> None:
    marts = marts_of(filled(40, 10, SEPTEMBER), filled(50, 20, OCTOBER))
    card = scorecard(marts.con, by="month")
    october = card.row("icp_fit_rate", "2026-10")
    assert (october.value, october.previous) == (0.4, 0.25)
    assert card.row("icp_fit_rate", "2026-09").previous is None
    assert len({row.segment for row in card.rows}) == 12
    assert not card.warnings
    [told] = scorecard(marts.con, by="month", period="week").warnings
    assert told == "By month the periods are months, not weeks."


def test_an_earlier_period_without_a_row_counts_none_once_the_crm_is_there() -> None:
    marts = marts_of(filled(40, 0, "2026-08-10 09:00:00"), filled(50, 0, OCTOBER))
    card = scorecard(marts.con)
    [leads, deals] = [card.row(name) for name in ("lead_volume", "opportunities")]
    assert (leads.previous, leads.change) == (0, "up")
    assert (leads.year_ago, leads.year_change) == (None, None)
    assert (deals.value, deals.previous, deals.year_ago) == (0, 0, None)
    assert card.row("icp_fit_rate").previous is None
    [row] = [row for row in scorecard(marts.con, by="source").rows if row.metric == "lead_volume"]
    assert (row.previous, row.change) == (0, "up")


def test_weeks_follow_the_reporting_time_zone() -> None:
    marts = TinyMarts(as_of="2026-11-01 12:00:00", reporting_timezone="Asia/Kolkata")
    marts.lead("2026-10-18 19:00:00")  # already Monday, 19 October, in Kolkata
    card = scorecard(marts.con, period="week", as_of="2026-10-25")
    assert card.period.label == "2026-10-19"
    assert card.row("lead_volume").value == 1


def test_grades_come_from_what_the_crm_can_answer() -> None:
    marts = fifty_leads()
    marts.distrust(1)
    marts.distrust(3)
    card = scorecard(marts.con)
    assert card.row("icp_fit_rate").grade == "low"
    assert card.row("sales_acceptance_rate").grade == "high"
    assert card.row("lead_volume").grade is None
    by_source = scorecard(marts.con, by="source")
    assert by_source.row("sales_acceptance_rate", "webinar").grade == "low"


def test_min_sample_of_the_published_set_counts() -> None:
    card = scorecard(marts_of(filled(20, 5, OCTOBER)).con)
    assert card.row("icp_fit_rate").is_small_sample
    marts = TinyMarts(min_sample=10)
    for values in filled(20, 5, OCTOBER):
        marts.lead(**values)
    assert not scorecard(marts.con).row("icp_fit_rate").is_small_sample


def test_the_median_counts_what_is_still_waiting() -> None:
    marts = TinyMarts()
    for hours in (2.0, 4.0, 6.0):
        marts.lead(hours_to_first_touch=hours)
    marts.lead(first_touch_at=None, hours_to_first_touch=None)
    row = scorecard(marts.con).row("median_hours_to_first_touch")
    assert (row.value, row.numerator, row.denominator) == (5, 3, 4)


def test_spend_that_is_not_known_is_not_zero() -> None:
    row = scorecard(marts_of(filled(5, 1, OCTOBER)).con).row("cost_per_lead")
    assert (row.value, row.numerator) == (None, None)


def test_a_cost_of_all_says_whose_spend_is_known() -> None:
    def notes(**spend: float | None) -> str:
        groups = (filled(count, 0, at, source=source)
                  for at in (SEPTEMBER, OCTOBER)
                  for source, count in (("paid_social", 20), ("organic", 30)))  # fmt: skip
        marts = marts_of(*groups)
        marts.spend("2026-09-01")
        marts.spend("2026-10-01", **spend)  # type: ignore[arg-type]
        by_source = scorecard(marts.con, by="source").notes
        assert not any(note.startswith("Spend") for note in by_source)
        return " ".join(scorecard(marts.con).notes)

    assert notes(paid_social=500) == (
        "Spend is known for the sources of 20 of 50 leads; a cost of all is that spend over all "
        "leads (fit leads, opportunities), whatever brought them."
    )
    assert notes(paid_social=500, organic=100) == ""
    assert notes() == ""


@pytest.mark.parametrize("by", [None, "source", "owner", "campaign", "month"])
@pytest.mark.parametrize("period", ["week", "month", "quarter"])
def test_an_empty_set_has_no_rates_and_no_error(by: str | None, period: str) -> None:
    card = scorecard(TinyMarts().con, by=by, period=period)
    assert all(row.value is None for row in card.rows if row.unit == "rate")
    assert "Scorecard" in card.render()


FOLLOW_UP = ("follow_up_completion_rate", "leak_rate", "median_hours_to_first_touch")


def test_leads_from_before_the_first_activity_are_in_no_measure_of_follow_up() -> None:
    marts = marts_of(filled(40, 0, OCTOBER))
    alone = scorecard(marts.con)
    for created_at in [OCTOBER] * 60 + [SEPTEMBER] * 3:
        marts.forgotten(created_at)
    card = scorecard(marts.con)
    for metric in FOLLOW_UP:
        row = card.row(metric)
        assert (row.value, row.denominator) == (alone.row(metric).value, 40)
        assert row.previous is None
    assert card.row("lead_volume").value == 100
    [note] = card.to_dict()["notes"]
    assert note.startswith("63 leads were handed over before the first activity")
    assert card.render().splitlines()[-1] == note
    assert alone.notes == ()


def test_a_month_that_lies_before_the_first_activity_has_no_follow_up() -> None:
    marts = TinyMarts()
    for _ in range(40):
        marts.forgotten()
    card = scorecard(marts.con)
    assert {(row.value, row.denominator) for row in map(card.row, FOLLOW_UP)} == {(None, 0)}


def test_it_is_json_and_a_table() -> None:
    card = scorecard(fifty_leads().con, by="source")
    content = json.loads(json.dumps(card.to_dict(), allow_nan=False))
    assert content["period"] == "2026-10"
    assert len(content["rows"]) == len(card.rows)
    [line] = [
        line.split()
        for line in card.render().splitlines()
        if line.startswith("icp_fit_rate") and "paid_social" in line
    ]
    assert line[2:7] == ["10.0%", "2.8%", "to", "30.1%", "20*"]


def test_what_it_does_not_know_is_one_line() -> None:
    con = fifty_leads().con
    with pytest.raises(UsageError, match="no 'colour'"):
        scorecard(con, by="colour")
    with pytest.raises(UsageError, match="'year' is no period"):
        scorecard(con, period="year")
    with pytest.raises(UsageError, match="later than the published set"):
        scorecard(con, as_of="2027-01-31")
    con.execute("delete from publication")
    with pytest.raises(UsageError, match="no row in publication"):
        scorecard(con)

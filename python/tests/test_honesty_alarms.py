"""Alarms: each rings for what it is about, says it in plain words, and is silent otherwise."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from leadsignal.errors import UsageError
from leadsignal.honesty.alarms import Alarm, alarms, checks
from leadsignal.metrics import definitions
from tiny_marts import TinyMarts

AUGUST, SEPTEMBER, OCTOBER = "2026-08", "2026-09", "2026-10"


def crowd(marts: TinyMarts, month: str, count: int, **values: Any) -> None:
    """Leads spread over a month; `accepted`, `rejected` and `converted` are the first so many."""
    shares = {name: values.pop(name, 0) for name in ("accepted", "rejected", "converted")}
    handed_over = values.pop("handed_over", count)
    days = values.pop("days", range(1, 26))
    for place in range(count):
        at = datetime.fromisoformat(f"{month}-{days[place % len(days)]:02d} 08:00:00")
        decided = at + timedelta(days=1)
        is_taken = place < shares["accepted"]
        is_declined = 0 <= place - shares["accepted"] < shares["rejected"]
        marts.lead(
            at.isoformat(sep=" "),
            **{
                "handed_over_at": at + timedelta(hours=1) if place < handed_over else None,
                "accepted_at": decided if is_taken else None,
                "rejected_at": decided if is_declined else None,
                "sales_decision": "accepted" if is_taken else "rejected" if is_declined else None,
                "opportunity_at": decided if place < shares["converted"] else None,
            }
            | values,
        )


def scored(marts: TinyMarts, month: str, score: float, count: int, **values: Any) -> None:
    low = int(score // 20 * 20)
    crowd(marts, month, count, lead_score=score, score_band=f"{low}-{low + 19}", **values)


def only(marts: TinyMarts) -> Alarm:
    [alarm] = alarms(marts.con)
    return alarm


def test_more_leads_with_a_score_that_are_worth_less_are_inflation() -> None:
    marts = TinyMarts()
    for month, count, accepted in ((SEPTEMBER, 200, 140), (OCTOBER, 320, 160)):
        scored(marts, month, 70, count, accepted=accepted, rejected=count - accepted)
    names = {alarm.name: alarm for alarm in alarms(marts.con)}
    alarm = names["score_inflation"]
    assert alarm.what == (
        "Scores promise more than they did: the scored leads handed over rose from 200 in "
        "September 2026 to 320, and sales accepted 29% fewer of those in the same score bands."
    )
    assert alarm.rows == (
        {
            "band": "60-79",
            "accepted": 160,
            "decided": 320,
            "accepted_before": 140,
            "decided_before": 200,
        },
    )
    assert (alarm.period, alarm.previous) == (OCTOBER, SEPTEMBER)
    assert alarm.p_value < 0.001


def test_deals_that_fail_to_come_are_inflation_too() -> None:
    marts = TinyMarts()
    for month, count, converted in ((SEPTEMBER, 200, 100), (OCTOBER, 320, 60)):
        half = count // 2
        scored(marts, month, 70, count, accepted=half, rejected=half, converted=converted)
    alarm = only(marts)
    assert alarm.name == "score_inflation"
    assert "deals came from" in alarm.what
    marts.distrust(7)
    assert alarms(marts.con) == []


@pytest.mark.parametrize("decided", [0, 29, 100])
def test_deals_alone_show_inflation_where_decisions_cannot(decided: int) -> None:
    marts = TinyMarts()
    for month, count, converted in ((SEPTEMBER, 200, 100), (OCTOBER, 320, 60)):
        scored(marts, month, 70, count, accepted=decided, converted=converted)
    if decided == 100:
        marts.distrust(4)
    alarm = only(marts)
    assert alarm.name == "score_inflation"
    assert alarm.what == (
        "Scores promise more than they did: the leads with a score rose from 200 in September 2026 "
        "to 320, and deals came from 62% fewer of those in the same score bands."
    )
    assert alarm.metrics == ("leads", "leads_with_opportunity")
    marts.distrust(7)
    found = checks(marts.con)
    assert found.raised == ()
    reason = "did sales accept" if decided == 100 else "Fewer than 30 cases"
    assert reason in found.not_checked["score_inflation"]


def test_a_lower_score_that_is_accepted_less_is_no_inflation() -> None:
    marts = TinyMarts()
    for month, high, low in ((SEPTEMBER, 150, 60), (OCTOBER, 100, 300)):
        scored(marts, month, 90, high, accepted=high * 8 // 10, rejected=high * 2 // 10)
        crowd(
            marts, month, low, accepted=low * 4 // 10, rejected=low * 6 // 10,
            lead_score=50, score_band="40-59", source="webinar",
        )  # fmt: skip
    assert only(marts).name == "volume_without_acceptance"


@pytest.mark.parametrize(("count", "accepted"), [(200, 100), (320, 224)])
def test_fewer_accepted_or_more_leads_alone_are_no_inflation(count: int, accepted: int) -> None:
    marts = TinyMarts()
    scored(marts, SEPTEMBER, 70, 200, accepted=140, rejected=60)
    scored(marts, OCTOBER, 70, count, accepted=accepted, rejected=count - accepted)
    names = {alarm.name for alarm in alarms(marts.con)}
    assert not names & {"score_inflation", "volume_without_acceptance"}


def test_more_leads_and_less_acceptance_says_how_much_is_mix() -> None:
    marts = TinyMarts()
    crowd(marts, SEPTEMBER, 100, accepted=80, rejected=20, source="webinar")
    crowd(marts, SEPTEMBER, 100, accepted=30, rejected=70, source="paid_social")
    crowd(marts, OCTOBER, 100, accepted=80, rejected=20, source="webinar")
    crowd(marts, OCTOBER, 300, accepted=90, rejected=210, source="paid_social")
    alarm = only(marts)
    assert alarm.name == "volume_without_acceptance"
    assert alarm.what == (
        "The leads handed over rose from 200 in September 2026 to 400, while the acceptance rate "
        "went 12.5 points down, all of it by the mix of sources."
    )
    assert [row["source"] for row in alarm.rows] == ["paid_social", "webinar"]


def test_a_moved_threshold_shows_within_the_same_scores() -> None:
    marts = TinyMarts()
    for month, low_handed_over in ((SEPTEMBER, 0), (OCTOBER, 60)):
        scored(marts, month, 70, 100, handed_over=100)
        scored(marts, month, 45, 100, handed_over=low_handed_over)
    alarm = only(marts)
    assert alarm.name == "handover_jump"
    assert "the share handed over is 30 points higher than in September 2026" in alarm.what
    assert alarm.rows[0] == {
        "band": "40-59",
        "handed_over": 60,
        "leads": 100,
        "handed_over_before": 0,
        "leads_before": 100,
    }


def test_better_scores_that_are_handed_over_more_are_no_moved_threshold() -> None:
    marts = TinyMarts()
    for month, high, low in ((SEPTEMBER, 50, 150), (OCTOBER, 150, 50)):
        scored(marts, month, 70, high, handed_over=high)
        scored(marts, month, 30, low, handed_over=0)
    assert alarms(marts.con) == []


def test_without_scores_the_handover_is_compared_within_the_sources() -> None:
    marts = TinyMarts()
    crowd(marts, SEPTEMBER, 200, handed_over=60)
    crowd(marts, OCTOBER, 200, handed_over=140)
    found = checks(marts.con)
    assert [alarm.name for alarm in found.raised] == ["handover_jump"]
    assert "of leads with the same source" in found.raised[0].what
    assert found.not_checked["score_inflation"] == "Fewer than 60% of the leads have a score."


def test_leads_that_came_late_in_the_month_are_compared_with_leads_as_young() -> None:
    marts = TinyMarts()
    # Handed over three days after capture: of leads of the last two days none can be yet.
    for month, days in ((SEPTEMBER, (5, 6, 7, 29, 30)), (OCTOBER, (5, 30, 31))):
        for day in days:
            at = datetime.fromisoformat(f"{month}-{day:02d} 00:00:00")
            for _ in range(60):
                marts.lead(at.isoformat(sep=" "), handed_over_at=at + timedelta(days=3))
    assert alarms(marts.con) == []


def test_scores_lifted_just_over_the_threshold_pile_up() -> None:
    marts = TinyMarts()
    for month, counts in ((SEPTEMBER, (40, 40, 40, 40)), (OCTOBER, (40, 5, 75, 40))):
        for score, count in zip((41, 47, 52, 58), counts, strict=True):
            scored(marts, month, score, count, handed_over=count if score >= 50 else 0)
    alarm = only(marts)
    assert alarm.name == "score_pile_up"
    assert alarm.what == (
        "Scores pile up just above 52, where leads are handed over: 75 of the 120 near it, beside "
        "40 of 120 in September 2026."
    )


def test_a_score_that_does_not_decide_has_no_threshold() -> None:
    marts = TinyMarts()
    for month in (SEPTEMBER, OCTOBER):
        for score in (20, 50, 80):
            scored(marts, month, score, 50, handed_over=25)
    found = checks(marts.con)
    assert found.not_checked["score_pile_up"] == "No score decides which leads are handed over."


def test_a_rate_that_moves_by_a_step_is_told_from_one_that_drifts() -> None:
    step, drift = TinyMarts(), TinyMarts()
    for marts, counts in ((step, (120, 120, 60)), (drift, (150, 110, 60))):
        for month, fit in zip((AUGUST, SEPTEMBER, OCTOBER), counts, strict=True):
            crowd(marts, month, fit, is_icp_fit=True, fit_verdict="pass")
            crowd(marts, month, 200 - fit)
    alarm = only(step)
    assert alarm.name == "rate_jump"
    assert alarm.metrics == ("icp_fit_rate",)
    assert alarm.what.startswith(
        "The share of leads that fit moved by a step: within the same sources it is 30 points lower"
    )
    assert alarms(drift.con) == []


def test_fit_that_sales_refused_in_older_months_since_is_no_step() -> None:
    marts = TinyMarts()
    for month in (AUGUST, SEPTEMBER, OCTOBER):
        crowd(marts, month, 120, is_icp_fit=True, fit_verdict="pass")
        refused = {
            "fit_verdict": "fail",
            "sales_decision": "rejected",
            "rejected_at": "2026-10-20 08:00:00",
        }
        still_fit = {"fit_verdict": "pass", "is_icp_fit": True}
        crowd(marts, month, 80, **(still_fit if month == OCTOBER else refused))
    for number in range(1, marts.counter + 1):
        verdict = {"lead_id": f"salesforce:L{number}", "fit_rule_only_verdict": "pass"}
        marts.insert("fct_lead_verdicts", **verdict)
    assert alarms(marts.con) == []


def test_rejections_accepted_since_are_no_step_of_acceptance() -> None:
    marts = TinyMarts()
    since = {"sales_decision": "accepted", "accepted_at": "2026-11-20 08:00:00"}
    for month in (AUGUST, SEPTEMBER, OCTOBER):
        crowd(marts, month, 100, accepted=100)
        crowd(marts, month, 60, rejected=60, **({} if month == OCTOBER else since))
    assert alarms(marts.con) == []


@pytest.mark.parametrize(("before", "now"), [(60, 60), (12, 38)])
def test_rejections_without_a_reason_ring_above_the_limit_and_when_they_rise(
    before: int, now: int
) -> None:
    marts = TinyMarts()
    for month, vague in ((SEPTEMBER, before), (OCTOBER, now)):
        crowd(marts, month, vague, rejected=vague, is_vague_rejection=True)
        crowd(marts, month, 100 - vague, rejected=100 - vague)
    alarm = only(marts)
    assert alarm.name == "rejection_without_reason"
    assert alarm.what == (
        f"{now} of 100 rejections ({now}%) have no reason that can be learned from; in September "
        f"2026 it was {before} of 100."
    )


def test_a_few_vague_rejections_more_are_no_alarm() -> None:
    marts = TinyMarts()
    for month, vague in ((SEPTEMBER, 18), (OCTOBER, 24)):
        crowd(marts, month, vague, rejected=vague, is_vague_rejection=True)
        crowd(marts, month, 100 - vague, rejected=100 - vague)
    assert alarms(marts.con) == []


def test_where_the_crm_cannot_answer_nothing_rings_and_it_says_why() -> None:
    marts = TinyMarts()
    crowd(marts, SEPTEMBER, 100, accepted=80, rejected=20)
    crowd(marts, OCTOBER, 200, accepted=80, rejected=120, is_vague_rejection=True)
    assert {alarm.name for alarm in alarms(marts.con)} == {
        "rate_jump",
        "rejection_without_reason",
        "volume_without_acceptance",
    }
    marts.distrust(4, "Let sales set the status.")
    found = checks(marts.con)
    assert found.raised == ()
    why = found.not_checked["volume_without_acceptance"]
    assert why.startswith("Not answerable: only 10 of 100 rows")
    assert why.endswith("First: Let sales set the status.")
    assert why in found.render()


def test_few_cases_are_not_tested() -> None:
    marts = TinyMarts()
    crowd(marts, SEPTEMBER, 20, accepted=20)
    crowd(marts, OCTOBER, 40, rejected=40)
    found = checks(marts.con)
    assert found.raised == ()
    assert found.not_checked["volume_without_acceptance"] == (
        "Fewer than 30 cases in October 2026 or September 2026."
    )
    assert "None was raised." in found.render()


def test_an_empty_crm_raises_nothing() -> None:
    found = checks(TinyMarts().con, "week")
    assert found.raised == ()
    assert len(found.not_checked) == 7


def test_what_is_raised_can_be_read_written_and_asked_again() -> None:
    marts = TinyMarts()
    crowd(marts, SEPTEMBER, 100, accepted=80, rejected=20)
    crowd(marts, OCTOBER, 200, accepted=80, rejected=120)
    found = checks(marts.con)
    said = json.loads(json.dumps(found.to_dict()))
    assert [alarm["name"] for alarm in said["alarms"]] == [alarm.name for alarm in found.raised]
    assert said["period"] == OCTOBER
    text = found.render()
    known = definitions.load(marts.con)
    for alarm in found.raised:
        assert alarm.what in text
        assert all(metric in known for metric in alarm.metrics)
        assert all(str(value) in text for row in alarm.rows for value in row.values())


def test_any_period_that_is_complete_can_be_asked_for() -> None:
    marts = TinyMarts()
    crowd(marts, AUGUST, 100, accepted=80, rejected=20)
    crowd(marts, SEPTEMBER, 200, accepted=80, rejected=120)
    assert alarms(marts.con, "month", "2026-09-30")
    with pytest.raises(UsageError, match="later than the published set"):
        alarms(marts.con, "month", "2027-01-31")

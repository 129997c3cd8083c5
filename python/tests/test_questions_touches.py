"""What moves deals and how many touches it takes, on made-up deals and leads with a known truth."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy
import pytest
from leadsignal import questions
from leadsignal.questions.rate_ratio import RiskSets, rate_ratio
from scipy import stats
from tiny_marts import TinyMarts

START = datetime(2026, 3, 1)


def world(seed: int, cases: int = 400, speed: float = 1.0) -> tuple[Any, Any, Any]:
    """Visits of a stage (lasted, progressed, touched at), of fast and slow deals.

    From its touch on a deal moves `speed` times as fast. Which deals are touched, and when, has
    nothing to do with them.
    """
    dice = numpy.random.default_rng(seed)
    pace = numpy.where(dice.random(cases) < 0.5, 0.02, 0.2)
    touched = numpy.where(dice.random(cases) < 0.7, dice.exponential(15, cases), 1e9)
    needed = dice.exponential(1, cases)
    by_touch = pace * touched
    progress = numpy.where(
        needed < by_touch, needed / pace, touched + (needed - by_touch) / (pace * speed)
    )
    watched = dice.uniform(10, 120, cases)
    lasted = numpy.minimum(progress, watched)
    began = numpy.where(touched < lasted, touched, numpy.inf)
    return lasted, progress <= watched, began


def test_touches_without_effect_are_found_without_effect() -> None:
    """95% intervals cover 1 in 93 to 97 of 100 worlds, and on average the ratio is 1."""
    found = [rate_ratio(RiskSets.of(*world(seed))) for seed in range(400)]
    covered = sum(one.low <= 1 <= one.high for one in found if one.low and one.high)
    assert 0.93 <= covered / len(found) <= 0.97
    assert sum((one.p_value or 1) <= 0.05 for one in found) / len(found) <= 0.07
    logs = [numpy.log(one.value) for one in found if one.value]
    assert numpy.exp(numpy.mean(logs)) == pytest.approx(1, abs=0.03)


def test_counting_the_time_before_the_touch_as_touched_would_find_an_effect() -> None:
    """The deals that live long enough to be touched are the slow ones: the trap is a real one."""
    lasted, progressed, began = world(7)
    naive = rate_ratio(RiskSets.of(lasted, progressed, numpy.where(began < lasted, -1.0, began)))
    honest = rate_ratio(RiskSets.of(lasted, progressed, began))
    assert naive.high is not None
    assert naive.high < 0.7
    assert honest.low is not None
    assert honest.high is not None
    assert honest.low < 1 < honest.high


def test_touches_that_double_the_pace_are_found() -> None:
    found = [rate_ratio(RiskSets.of(*world(seed, 800, speed=2.0))) for seed in range(40)]
    assert sum(one.low is not None and one.low > 1 for one in found) >= 36


def test_the_test_is_the_log_rank_test_where_nothing_changes_with_time() -> None:
    dice = numpy.random.default_rng(1)
    one, other = dice.exponential(10, 80), dice.exponential(14, 90)
    lasted = numpy.concatenate([one, other])
    began = numpy.where(numpy.arange(170) < 80, -1.0, numpy.inf)
    ours = rate_ratio(RiskSets.of(lasted, numpy.ones(170, bool), began))
    theirs = stats.logrank(stats.CensoredData(one), stats.CensoredData(other))
    assert ours.p_value == pytest.approx(theirs.pvalue)


def test_the_ratio_of_two_risk_sets_by_hand() -> None:
    lasted = numpy.array([1.0, 2.0, 3.0, 4.0])
    progressed = numpy.array([True, True, False, False])
    began = numpy.array([numpy.inf, 0.5, 1.5, numpy.inf])
    sets = RiskSets.of(lasted, progressed, began)
    assert sets.events_with.tolist() == [0, 1]
    assert sets.at_risk_with.tolist() == [1, 2]
    assert sets.at_risk_without.tolist() == [3, 1]
    # (1 x 1/3) over (1 x 1/4)
    assert rate_ratio(sets).value == pytest.approx(4 / 3)


def test_without_an_event_there_is_no_ratio() -> None:
    nothing = rate_ratio(RiskSets.of([1.0], [False], [numpy.inf]))
    assert (nothing.value, nothing.low, nothing.p_value) == (None, None, None)
    assert rate_ratio(RiskSets.together([])).value is None


def deals(marts: TinyMarts, visits: tuple[Any, Any, Any], kind: str) -> None:
    """The visits as deals in the stage Proposal, with their touches on the deal or on its lead."""
    for number, (lasted, progressed, began) in enumerate(zip(*visits, strict=True)):
        deal, left_at = f"s:O{kind}{number}", START + timedelta(days=float(lasted))
        marts.deal("2026-03-01 00:00:00", opportunity_id=deal, lead_id=f"s:L{kind}{number}")
        visit = {"opportunity_id": deal, "visit_number": 1, "outcome": "open"}
        marts.insert(
            "fct_opportunity_stages", stage="Proposal", stage_order=2, entered_at=START,
            exited_at=left_at, **visit,
        )  # fmt: skip
        marts.insert(
            "fct_opportunity_stages", stage="Talks" if progressed else "Basics",
            stage_order=3 if progressed else 1, entered_at=left_at, exited_at=left_at, **visit,
        )  # fmt: skip
        if began < lasted:
            on_the_deal = number % 2 == 0
            marts.insert(
                "fct_touches",
                touch_id=f"s:T{kind}{number}",
                crm="s",
                touched_at=START + timedelta(days=float(began)),
                kind=kind,
                opportunity_id=deal if on_the_deal else None,
                lead_id=f"s:L{kind}{number}",
            )


def test_moves_reads_stages_and_touches_of_deals_and_of_their_leads() -> None:
    marts = TinyMarts()
    visits = world(3, 300, speed=3.0)
    deals(marts, visits, "call")
    said = questions.answer(marts.con, "moves")
    [every, one] = [row for row in said.table.to_pylist() if row["touch"] == "call"]
    expected = rate_ratio(RiskSets.of(*visits))
    assert (every["stage"], one["stage"]) == ("all", "Proposal")
    assert one["rate_ratio"] == pytest.approx(expected.value, rel=0.01)
    assert one["progressed_with"] + one["progressed_without"] == visits[1].sum()
    assert one["progress"] == "faster"
    assert one["days_with"] + one["days_without"] == pytest.approx(visits[0].sum(), rel=0.001)
    assert "after calls" in said.answer
    assert "That is an association" in said.answer


def test_a_touch_at_the_moment_of_progress_or_before_the_stage_moves_nothing() -> None:
    marts = TinyMarts()
    lasted, progressed, _ = world(3, 40)
    deals(marts, (lasted, progressed, lasted), "call")
    for number in range(40):
        marts.insert(
            "fct_touches", touch_id=f"s:B{number}", touched_at=START - timedelta(days=1),
            kind="call", opportunity_id=f"s:Ocall{number}",
        )  # fmt: skip
    assert questions.answer(marts.con, "moves").answer.startswith("No touch is on record in a")


def touched_lead(marts: TinyMarts, touches: list[int], **values: Any) -> str:
    """A lead handed over on 1 September, touched so many days later."""
    handed_over_at = datetime(2026, 9, 1, 9)
    lead_id = marts.lead("2026-09-01 08:00:00", handed_over_at=handed_over_at, **values)
    for day in touches:
        marts.insert(
            "fct_touches", touch_id=f"{lead_id}:{day}", crm="salesforce", kind="call",
            touched_at=handed_over_at + timedelta(days=day), lead_id=lead_id, direction="outbound",
        )  # fmt: skip
    return lead_id


def persistence(marts: TinyMarts) -> dict[tuple[str, str], dict[str, Any]]:
    table = questions.ask(marts.con, "persistence")
    return {(row["outcome"], row["touches"]): row for row in table.to_pylist()}


def test_an_outcome_belongs_to_the_touch_before_it() -> None:
    marts = TinyMarts()
    touched_lead(marts, [1, 2, 9], accepted_at="2026-09-04 09:00:00", sales_decision="accepted")
    touched_lead(marts, [1], accepted_at="2026-09-02 09:00:00", sales_decision="accepted")
    touched_lead(marts, [], accepted_at="2026-09-02 09:00:00", sales_decision="accepted")
    touched_lead(marts, [1, 3], rejected_at="2026-09-05 09:00:00", sales_decision="rejected")
    touched_lead(marts, [1])
    found = persistence(marts)
    assert found["acceptance", "0"]["leads_with_outcome"] == 1
    first, second = found["acceptance", "1"], found["acceptance", "2"]
    assert (first["leads_with_outcome"], second["leads_with_outcome"]) == (1, 1)
    assert (first["touched_leads"], first["leads_answered"], first["left_after"]) == (4, 1, 1)
    assert (second["touched_leads"], second["leads_answered"]) == (2, 1)
    assert second["median_days"] == 3
    assert ("acceptance", "3") not in found
    assert first["share_so_far"] == pytest.approx(2 / 3)


def test_a_touch_too_young_to_be_judged_is_left_out_whatever_came_of_it() -> None:
    marts = TinyMarts(as_of="2026-09-30 23:59:59")
    touched_lead(marts, [25], accepted_at="2026-09-27 09:00:00", sales_decision="accepted")
    touched_lead(marts, [25])
    touched_lead(marts, [3])
    found = persistence(marts)["acceptance", "1"]
    assert (found["touched_leads"], found["leads_answered"]) == (1, 0)
    assert found["leads_with_outcome"] == 1


def test_what_a_lead_sent_is_no_touch_of_sales() -> None:
    marts = TinyMarts()
    lead_id = touched_lead(marts, [1])
    for kind, direction in (("material", "inbound"), ("email", "inbound"), ("meeting", None)):
        marts.insert(
            "fct_touches", touch_id=f"{lead_id}:{kind}", crm="salesforce", kind=kind,
            touched_at="2026-09-03 09:00:00", lead_id=lead_id, direction=direction,
        )  # fmt: skip
    assert persistence(marts).keys() == {("acceptance", "1"), ("conversation", "1")}


def test_the_chance_of_an_answer_is_found_where_leads_are_still_open() -> None:
    """Each touch has a chance of 0.3; half of the leads are watched too short to know."""
    dice = numpy.random.default_rng(5)
    marts = TinyMarts(as_of="2026-09-30 23:59:59")
    for number in range(500):
        first = 1 if number % 2 else 17
        touches, answered_on = [], None
        for day in range(first, 29, 3):
            touches.append(day)
            if dice.random() < 0.3:
                answered_on = datetime(2026, 9, 1, 10) + timedelta(days=day)
                break
        decided = {"accepted_at": answered_on, "sales_decision": "accepted"} if answered_on else {}
        touched_lead(marts, touches, **decided)
    found = persistence(marts)
    for touches in ("1", "2", "3"):
        row = found["acceptance", touches]
        assert row["answer_rate_low"] <= 0.3 <= row["answer_rate_high"]
    assert found["acceptance", "1"]["touched_leads"] == 250


def test_the_answer_tells_half_and_nine_in_ten() -> None:
    marts = TinyMarts()
    for number in range(40):
        touches = [1] if number < 24 else [1, 2, 3]
        touched_lead(marts, touches, accepted_at="2026-09-05 09:00:00", sales_decision="accepted")
    said = questions.answer(marts.con, "persistence").answer
    assert said.startswith(
        "Of the 40 acceptances of a year, half came after at most one touch, nine in ten after at "
        "most three touches. Within 7 days of the handover 100% of the leads had got there"
    )
    assert said.endswith("No conversation of a lead handed over in a year is on record.")

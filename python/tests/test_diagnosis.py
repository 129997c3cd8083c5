"""What "we need more leads" stands for: planted causes are named, chance is not."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from leadsignal.diagnosis import Diagnosis, diagnose
from leadsignal.diagnosis.feeding import ENDS, FIT, Fed
from leadsignal.diagnosis.funnel import LINKS, parts
from leadsignal.diagnosis.report import AGAINST, EXPLAINS, TRACKING_FIRST
from leadsignal.diagnosis.shapley import shapley
from leadsignal.diagnosis.testing import p_values
from leadsignal.honesty.statistics import discoveries
from leadsignal.metrics.questions import FOLLOW_UP, REASON
from leadsignal.words import tenths
from tiny_marts import TinyMarts

MONTHS = [datetime(2025 + month // 12, month % 12 + 1, 1) for month in range(5, 22)]
PLANTED_FROM = datetime(2026, 7, 15)
QUIET: dict[str, float] = {
    "leads": 200, "ads": 0.3, "known": 0.95, "fit": 0.65, "weak_fit": 0.15, "handed_over": 0.95,
    "touched": 0.85, "pain": 0.03, "timing": 0.05, "accepted": 0.7, "opened": 0.7,
}  # fmt: skip


def world(seed: int = 1, **planted: float) -> TinyMarts:
    """Seventeen months of leads as usual, those since the middle of July with what is planted."""
    dice = numpy.random.default_rng(seed)
    marts = TinyMarts()
    for month in MONTHS:
        usual = QUIET | (planted if month >= datetime(2026, 7, 1) else {})
        for _ in range(dice.poisson(usual["leads"])):
            at = month + timedelta(days=float(dice.random() * 30))
            one_lead(marts, dice, at, QUIET | (planted if at >= PLANTED_FROM else {}))
    return marts


def one_lead(marts: TinyMarts, dice: Any, at: datetime, chance: dict[str, float]) -> None:
    source = "ads" if dice.random() < chance["ads"] else "web"
    is_fit = dice.random() < chance["weak_fit" if source == "ads" else "fit"]
    is_known, is_touched = dice.random() < chance["known"], dice.random() < chance["touched"]
    verdict = ("pass" if is_fit else "fail") if is_known else "unknown"
    handed_over_at = at + timedelta(hours=1) if dice.random() < chance["handed_over"] else None
    hours = 5.0 if is_touched else 50.0
    values: dict[str, Any] = {
        "source": source,
        "fit_verdict": verdict,
        "handed_over_at": handed_over_at,
        "first_touch_at": handed_over_at and handed_over_at + timedelta(hours=hours),
        "hours_to_first_touch": hours if handed_over_at else None,
    }
    if handed_over_at:
        values |= outcome(marts, dice, at + timedelta(days=3), chance, is_fit, is_touched)
    lead_id = marts.lead(str(at), **values)
    marts.insert("fct_lead_verdicts", lead_id=lead_id, fit_rule_only_verdict=verdict)


def outcome(
    marts: TinyMarts, dice: Any, at: datetime, chance: dict[str, float], fit: bool, touched: bool
) -> dict[str, Any]:
    for issue in ("pain", "timing"):
        if dice.random() < chance[issue]:
            decision = {"rejected_at": at, "sales_decision": "rejected"}
            return decision | {"disqualification_issue": issue}
    if dice.random() >= chance["accepted"] * (1 if fit else 0.2) * (1 if touched else 0.2):
        return {"rejected_at": at, "sales_decision": "rejected", "disqualification_issue": "fit"}
    values: dict[str, Any] = {"accepted_at": at, "sales_decision": "accepted"}
    opened_at = at + timedelta(days=float(dice.uniform(5, 30)))
    if dice.random() < chance["opened"] and opened_at < datetime(2026, 11, 1):
        marts.deal(str(opened_at))
        values["opportunity_at"] = opened_at
    return values


PLANTED = {
    "awareness": {"leads": 60.0},
    "channel mix": {"ads": 0.9},
    "right-fit demand": {"fit": 0.2, "weak_fit": 0.02},
    "follow-up": {"touched": 0.1},
    "positioning": {"pain": 0.5},
    "nurture": {"timing": 0.5},
    "qualification": {"accepted": 0.2},
    "conversion": {"opened": 0.15},
}


@pytest.mark.parametrize("name", PLANTED)
def test_what_was_planted_is_named_and_nothing_else(name: str) -> None:
    found = diagnose(world(**PLANTED[name]).con)
    assert found.found(EXPLAINS) == [name]
    assert found.found(AGAINST) == []
    assert found.is_beyond_chance
    assert found.gap is not None
    assert found.gap < 0
    [part] = [part for part in found.parts if part.finding == EXPLAINS]
    assert 0.5 < part.opportunities / found.gap < 1.5
    assert_adds_up(found)


def test_fit_that_can_no_longer_be_told_is_tracking_first() -> None:
    found = diagnose(world(known=0.4).con)
    assert found.found(TRACKING_FIRST) == ["tracking"]
    assert found.found(EXPLAINS) == []
    assert_adds_up(found)


def test_leads_that_sales_does_not_get_fall_under_qualification() -> None:
    found = diagnose(world(handed_over=0.3).con)
    assert found.found() == ["qualification"]
    assert found.part("leads handed over").finding == EXPLAINS


def test_a_weak_source_bought_on_top_is_no_gap_but_is_told() -> None:
    """Three times the leads, all more of them from the weak source: as many opportunities."""
    found = diagnose(world(leads=600.0, ads=0.77).con)
    assert "channel mix" in found.found(EXPLAINS) + found.found(AGAINST)
    assert "awareness" in found.found(EXPLAINS) + found.found(AGAINST)
    assert found.part("leads captured in 121 days").opportunities > 0
    [mix] = [part for part in found.parts if part.name == "channel mix"]
    assert mix.opportunities < 0
    assert mix.what == "share of leads from ads"


def test_in_quiet_worlds_nothing_is_named() -> None:
    named = [diagnose(world(seed).con) for seed in range(10, 22)]
    assert sum(bool(found.found(EXPLAINS) + found.found(AGAINST)) for found in named) <= 1
    for found in named:
        assert_adds_up(found)
    quiet = next(found for found in named if not found.found(EXPLAINS) + found.found(AGAINST))
    assert "No part of it is beyond chance" in quiet.render()


def assert_adds_up(found: Diagnosis) -> None:
    assert found.gap is not None
    assert sum(part.opportunities for part in found.parts) == pytest.approx(found.gap, abs=1e-9)


def test_more_leads_is_the_question_only_where_leads_are_what_fell() -> None:
    assert "here more leads is the question" in diagnose(world(leads=60.0).con).render()
    text = diagnose(world(touched=0.1).con).render()
    assert "More leads would meet the same follow-up" in text
    assert "leads touched in time, of those handed over" in text


def test_a_target_is_the_aim_and_what_it_adds_is_told_apart() -> None:
    marts = world()
    usual = diagnose(marts.con)
    marts.insert("targets", metric="opportunities", period_kind="month", target=80.0,
                 period_start="2026-10-01")  # fmt: skip
    found = diagnose(marts.con)
    assert (found.aim, found.aim_words) == (80.0, "the target")
    assert usual.aim is not None
    assert found.part("aim above the usual").opportunities == pytest.approx(usual.aim - 80)
    assert_adds_up(found)
    assert "fewer than the target (80.0)" in found.render()


def test_no_zero_has_a_minus() -> None:
    assert f"{tenths(-0.04):+.1f} {tenths(-0.06):+.1f}" == "+0.0 -0.1"


def test_what_the_crm_cannot_tell_is_tracking_first() -> None:
    marts = world(touched=0.1)
    marts.distrust(FOLLOW_UP, "not in the data: task; log calls and e-mails")
    marts.distrust(REASON, "Require a reason.")
    found = diagnose(marts.con)
    assert found.part("leads touched in time, of those handed over").finding == TRACKING_FIRST
    assert "follow-up" not in found.found(EXPLAINS)
    assert "Tracking first: the CRM cannot tell about" in found.render()
    assert "To mend: log calls and e-mails" in found.render()


def test_a_young_crm_is_judged_by_the_leads_of_the_period_itself() -> None:
    marts = TinyMarts()
    for month, leads, deals in (("09", 60, 30), ("10", 60, 6)):
        for number in range(leads):
            opened = {"opportunity_at": f"2026-{month}-20 09:00:00"} if number < deals else {}
            marts.accepted(f"2026-{month}-02 09:00:00", **opened)
            if opened:
                marts.deal(f"2026-{month}-20 09:00:00")
    found = diagnose(marts.con)
    assert found.aim_words == "the month before"
    assert found.found() == ["conversion"]
    assert found.part("leads captured in 31 days").now == "60"


def test_leads_before_the_first_activity_on_record_are_no_usual() -> None:
    marts = TinyMarts()
    for month in ("08", "09", "10"):
        for _ in range(40):
            at = f"2026-{month}-03 09:00:00"
            marts.forgotten(at) if month == "08" else marts.lead(at)
        marts.deal(f"2026-{month}-20 09:00:00")
    assert diagnose(marts.con).aim_words == "the month before"


def test_without_a_past_or_without_leads_it_says_so() -> None:
    marts = TinyMarts()
    marts.accepted(stage="opportunity")
    marts.deal()
    young = diagnose(marts.con)
    assert (young.gap, young.parts) == (None, ())
    assert "there is no usual to compare with" in young.render()
    deals = TinyMarts()
    deals.deal()
    assert "First: load the leads of the CRM" in diagnose(deals.con).render()
    assert "No opportunities were opened" in diagnose(TinyMarts().con).render()


def test_without_any_opportunity_there_is_nothing_to_split() -> None:
    marts = TinyMarts()
    for month in ("08", "09", "10"):
        marts.lead(f"2026-{month}-03 09:00:00")
    found = diagnose(marts.con)
    assert (found.parts, found.gap) == ((), None)
    assert "Nor was one in the two months before" in found.render()


def test_it_travels_as_json() -> None:
    told = diagnose(world().con).to_dict()
    assert told["period"] == "2026-10"
    assert told["aim_is"] == "the average of the 12 months before"
    assert {part["name"] for part in told["parts"]} == {*PLANTED, "tracking", "other deals"}
    assert told["evidence"][0]["query"] == "opportunities in 2026-10"


@given(st.dictionaries(st.frozensets(st.sampled_from("abc")), st.floats(-100, 100)))
def test_parts_add_up_whatever_the_numbers(worths: dict[frozenset[str], float]) -> None:
    split = shapley("abc", lambda subset: worths.get(subset, 0.0))
    change = worths.get(frozenset("abc"), 0.0) - worths.get(frozenset(), 0.0)
    assert sum(split.values()) == pytest.approx(change, abs=1e-9)


SHAPE = (3, len(FIT), 2, 2, len(ENDS))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.01, 3))
def test_the_chain_gives_the_exact_number_however_sparse_the_leads(seed: int, mean: float) -> None:
    dice = numpy.random.default_rng(seed)
    usual, now = (Fed(dice.poisson(mean, SHAPE).astype(float), 0, 1, 30) for _ in range(2))
    split = parts(usual, now)
    assert list(split) == list(LINKS)
    assert sum(split.values()) == pytest.approx(now.from_leads - usual.from_leads, abs=1e-9)


def test_chance_alone_is_rarely_found() -> None:
    """Of 300 pairs of periods that differ by dice alone, at most 5% have any finding."""
    dice = numpy.random.default_rng(2)
    mean = dice.gamma(0.5, 2, SHAPE)
    found = 0
    for _ in range(300):
        usual = Fed(dice.poisson(mean * 12) / 12, 0, 12, 120)
        now = Fed(dice.poisson(mean).astype(float), 0, 1, 120)
        found += any(discoveries(list(p_values(usual, now).values())))
    assert found <= 22

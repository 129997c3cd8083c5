"""Recommendations: each rule speaks on its evidence, and is silent without it."""

from collections.abc import Callable

import pytest
from leadsignal import standing
from leadsignal.advice.recommendation import UP, Proof, Share
from leadsignal.advice.rules import AT_MOST, Recommendation, recommend
from leadsignal.evidence import Evidence
from leadsignal.facts import gather
from tiny_marts import TinyMarts, fifty_leads

FITS = {"is_target_market": True, "is_icp_fit": True, "fit_verdict": "pass"}


def advised(marts: TinyMarts) -> list[Recommendation]:
    facts = gather(marts.con, "month", None)
    sources = standing.compare(facts.cuts["source"], facts.funnel, facts.published.min_sample)
    return recommend(facts, sources)


def rules(marts: TinyMarts) -> list[str]:
    return [one.rule for one in advised(marts)]


def rejections(reason: str, issue: str, n: int, others: int = 0) -> TinyMarts:
    marts = TinyMarts()
    for _ in range(n):
        marts.rejected(reason, issue)
    for place in range(others):
        marts.rejected(f"reason_{place}", f"issue_{place}")
    return marts


def test_fifty_leads_are_advised_as_a_leader_would_want() -> None:
    spend, form, focus = advised(fifty_leads())
    assert (spend.action, spend.cases, spend.of) == ("reduce spend on paid social", 2, 20)
    assert "USD 12,000" in spend.evidence
    assert form.action == "tighten the form and the targeting"
    assert (form.cases, form.of, form.is_small_sample) == (32, 37, False)
    assert focus.action == "focus on organic search and customer referrals"
    assert (focus.cases, focus.of) == (8, 12)


def test_a_small_sample_says_that_it_is_one() -> None:
    small = [one for one in advised(fifty_leads()) if one.is_small_sample]
    assert [one.rule for one in small] == ["reduce_spend", "focus"]
    assert all(one.text.endswith("leads that is a hint, not a finding") for one in small)


@pytest.mark.parametrize(
    ("reason", "issue", "action"),
    [
        ("company_too_small", "fit", "tighten the form and the targeting"),
        ("no_budget", "authority", "ask for the role on the form and look for the decision maker"),
        ("misunderstood_offer", "pain", "adjust the message"),
        (
            "too_early",
            "timing",
            "nurture leads that come too early instead of handing them to sales",
        ),
        ("unresponsive", "follow_up", "retry leads that do not answer, then recycle them"),
        ("unstated", "unstated", "ask sales for a reason with every rejection"),
    ],
)
def test_the_main_reason_decides_what_is_mended(reason: str, issue: str, action: str) -> None:
    [one] = advised(rejections(reason, issue, 40))
    assert one.action == action
    assert one.evidence.startswith("all 40 leads that failed")
    assert not one.is_small_sample


def test_no_main_reason_no_advice_on_it() -> None:
    assert rules(rejections("company_too_small", "fit", 2, others=4)) == []


def test_a_handful_of_leads_is_no_evidence() -> None:
    assert rules(rejections("company_too_small", "fit", 4)) == []


def test_vague_rejections_and_early_leads_are_named_after_the_main_reason() -> None:
    marts = rejections("company_too_small", "fit", 90)
    for _ in range(50):
        marts.rejected("unstated", "unstated")
        marts.rejected("too_early", "timing")
    assert rules(marts) == ["fit", "unstated", "timing"]


def test_follow_up_comes_first_when_it_is_broken() -> None:
    marts = rejections("company_too_small", "fit", 40)
    for _ in range(20):
        marts.lead(
            is_follow_up_completed=False, hours_to_first_touch=30.0, owner_id="salesforce:U1"
        )
    first, *_ = advised(marts)
    assert (first.rule, first.cases, first.of) == ("follow_up", 20, 60)
    assert first.evidence == (
        "of the 60 leads that were due, 20 were first touched after more than 24 hours"
    )


def test_leads_touched_in_time_are_tried_again_and_not_answered_sooner() -> None:
    marts = TinyMarts()
    for place in range(60):
        marts.lead(is_follow_up_completed=place < 20, owner_id="salesforce:U1")
    [one] = advised(marts)
    assert one.text == (
        "keep trying after the first touch until there is a conversation, a decision or enough "
        "attempts: 40 of the 60 leads that were touched in time have not come to that so far"
    )
    assert one.proof.baseline == Share(20, 60)
    assert one.proof.words.startswith(
        "the share of leads touched in time that came to a conversation, a decision or enough "
        "attempts (33% now) reaches"
    )


def test_no_advice_is_built_on_leads_from_before_the_first_activity() -> None:
    marts = rejections("company_too_small", "fit", 40)
    for _ in range(40):
        marts.forgotten()
    assert "follow_up" not in rules(marts)
    for _ in range(20):
        marts.lead(is_follow_up_completed=False, owner_id="salesforce:U1")
    first, *_ = advised(marts)
    assert (first.rule, first.cases, first.of) == ("follow_up", 20, 60)


def test_leads_that_cost_nothing_are_no_spend_to_reduce() -> None:
    marts = TinyMarts()
    for _ in range(40):
        marts.lead(source="newsletter")
        marts.lead(source="partner", **FITS)
    [one] = advised(marts)
    assert one.action == "change who is drawn by newsletter"
    assert one.evidence == "none of the 40 leads from there fit"


def test_sources_that_chance_may_explain_are_left_alone() -> None:
    marts = TinyMarts()
    for place in range(40):
        marts.lead(source="display", demand_type="paid", **(FITS if place < 18 else {}))
        marts.lead(source="partner", **(FITS if place < 22 else {}))
    assert rules(marts) == []


@pytest.mark.parametrize(
    ("questions", "left"),
    [
        ((1,), ["fix_tracking", "fit"]),
        ((3,), ["fix_tracking", "fit"]),
        ((4,), ["fix_tracking", "reduce_spend", "focus"]),
        ((5,), ["reduce_spend", "focus"]),
        ((10,), ["reduce_spend", "fit", "focus"]),
        ((1, 3, 4, 5, 6, 8), ["fix_tracking"]),
    ],
)
def test_no_advice_is_built_on_what_the_crm_cannot_answer(
    questions: tuple[int, ...], left: list[str]
) -> None:
    marts = fifty_leads()
    for question in questions:
        marts.distrust(question)
    assert rules(marts) == left


def test_spend_that_cannot_be_trusted_is_not_quoted() -> None:
    marts = fifty_leads()
    marts.distrust(10)
    assert "USD" not in advised(marts)[0].text


@pytest.mark.parametrize(
    ("here", "elsewhere", "said"),
    [
        (3, 11, ": USD 5,000 per fit lead, against USD 200 from what else is paid for"),
        (3, 40, ": USD 5,000 per fit lead, against USD 200 from what else is paid for"),
        (30, 11, ": USD 5,000 per fit lead, against USD 200 from what else is paid for"),
        (30, 40, ": USD 5,000 per fit lead and USD 1,000 per opportunity, "
                 "against USD 200 and USD 250 from what else is paid for"),
    ],
)  # fmt: skip
def test_cost_per_opportunity_is_compared_where_both_sides_have_enough(
    here: int, elsewhere: int, said: str
) -> None:
    marts = TinyMarts()
    for place in range(400):
        fits = FITS if place < 6 else {}
        marts.lead(source="paid_social", opportunity_count=int(place < here), **fits)
    for place in range(200):
        fits = FITS if place < 50 else {}
        marts.lead(source="paid_search", opportunity_count=int(place < elsewhere), **fits)
    marts.spend("2026-10-01", paid_social=30000, paid_search=10000)
    [one] = [one for one in advised(marts) if one.rule == "reduce_spend"]
    assert one.evidence == f"six of the 400 leads from there fit, at a cost of USD 30,000{said}"


@pytest.mark.parametrize("make", [TinyMarts, fifty_leads])
def test_at_most_three_and_each_once(make: Callable[[], TinyMarts]) -> None:
    actions = [one.action for one in advised(make())]
    assert len(actions) == len(set(actions)) <= AT_MOST


def unmapped(marts: TinyMarts, seed: str, **rows: int) -> None:
    field = {"lead_sources": "lead source", "disqualification_reasons": "disqualification reason"}
    for value, n in rows.items():
        marts.con.execute(
            "insert into unmapped_values by name select 'salesforce' as crm, ? as raw_value,"
            " ? as seed, ? as \"rows\", ? as field, '' as treated_as",
            [value, seed, n, field[seed]],
        )


def test_words_that_no_definition_knows_are_mapped_before_fields_are_required() -> None:
    marts = TinyMarts()
    for word in ["zorblax "] * 25 + ["Quux"] * 5 + [None] * 10:
        marts.rejected("unstated", "unstated", disqualification_reason_raw=word)
    # The table counts the leads of all time.
    unmapped(marts, "disqualification_reasons", Zorblax=300, Quux=500, Plugh=900)
    assert [one.action for one in advised(marts)] == [
        "map “Zorblax” and “Quux” in disqualification_reasons.csv"
    ]
    marts.distrust(1)
    unmapped(marts, "lead_sources", Partnerweb=90)
    assert advised(marts)[0].action == "fix the tracking: map “Partnerweb” in lead_sources.csv"


def test_unmapped_words_of_other_periods_explain_no_silence() -> None:
    marts = rejections("unstated", "unstated", 40)
    unmapped(marts, "disqualification_reasons", Zorblax=300)
    [asked] = advised(marts)
    assert asked.rule == "unstated"
    assert "map" not in asked.action


def test_spend_without_a_source_bought_the_leads_that_came_of_it() -> None:
    marts = TinyMarts()
    for source, fitting in (("paid_social", 30), ("webinar", 80), ("unknown", 30)):
        for place in range(40 if source == "unknown" else 100):
            marts.lead(source=source, **(FITS if place < fitting else {}))
    marts.spend("2026-10-01", paid_social=3000, webinar=1000, unknown=2000)
    [one] = [one for one in advised(marts) if one.rule == "reduce_spend"]
    # 3,000 for the 80 and 30 fit leads of the others.
    assert one.evidence.endswith("USD 100 per fit lead, against USD 27 from what else is paid for")


def test_where_most_leads_fit_nobody_is_to_draw_others() -> None:
    marts = TinyMarts()
    for place in range(100):
        marts.lead(source="webinar", **(FITS if place < 80 else {}))
        marts.lead(source="partner", **FITS)
    assert "reduce_spend" not in rules(marts)


def test_all_sources_that_stand_out_are_to_be_focused_on() -> None:
    marts = TinyMarts()
    for source, fitting in (("webinar", 62), ("partner", 61), ("referral", 60), ("display", 20)):
        for place in range(130 if source == "display" else 100):
            talked = "2026-10-13 09:00:00" if place < 25 else None
            fits = FITS if place < fitting else {}
            marts.lead(source=source, first_conversation_at=talked, **fits)
    [one] = [one for one in advised(marts) if one.rule == "focus"]
    assert one.action == "focus on webinars, partners and referrals"


@pytest.mark.parametrize(
    ("successes", "cases", "words"),
    [(0, 900, "(0% now) reaches 0.7% or more"), (18, 50, "(36% now) reaches 56% or more")],
)
def test_a_threshold_is_a_number_that_can_be_reached(
    successes: int, cases: int, words: str
) -> None:
    leads = Evidence("leads")
    assert words in Proof("the share", leads, leads, UP, Share(successes, cases)).words


def test_unknown_fit_is_no_reason_to_spend_less() -> None:
    marts = TinyMarts()
    for _ in range(80):
        marts.lead(source="web", **FITS)
    for _ in range(40):
        marts.lead(source="partner", fit_verdict="unknown")
    assert "reduce_spend" not in rules(marts)


@pytest.mark.parametrize(("opportunities", "is_advised"), [(0, True), (20, False)])
def test_spend_on_what_becomes_pipeline_is_not_reduced(
    opportunities: int, is_advised: bool
) -> None:
    marts = TinyMarts()
    for _ in range(80):
        marts.lead(source="web", **FITS)
    for place in range(40):
        marts.lead(
            source="partner", fit_verdict="fail", opportunity_count=int(place < opportunities)
        )
    assert ("reduce_spend" in rules(marts)) == is_advised


@pytest.mark.parametrize(("accepted", "is_advised"), [(60, True), (12, False)])
def test_what_sales_declines_is_no_focus(accepted: int, is_advised: bool) -> None:
    marts = TinyMarts()
    for place in range(100):
        taken = place < accepted
        marts.lead(
            source="web",
            sales_decision="accepted" if taken else "rejected",
            accepted_at="2026-10-12 09:00:00" if taken else None,
            first_conversation_at="2026-10-13 09:00:00" if place < 12 else None,
            **FITS,
        )
    for place in range(100):
        taken = place < 60
        marts.lead(
            source="webinar",
            sales_decision="accepted" if taken else "rejected",
            accepted_at="2026-10-12 09:00:00" if taken else None,
            first_conversation_at="2026-10-13 09:00:00" if place < 12 else None,
            **(FITS if place < 60 else {"fit_verdict": "fail"}),
        )
    assert ("focus" in rules(marts)) == is_advised

"""What the story may claim: of what was compared, counted and recorded, and of nothing else."""

from __future__ import annotations

import pytest
from leadsignal.metrics.questions import CONTACTS, DECISION, PROFILE
from leadsignal.story import story
from tiny_marts import TinyMarts

FITS = {"is_target_market": True, "is_icp_fit": True, "fit_verdict": "pass"}
UNTOUCHED = {"first_touch_at": None, "hours_to_first_touch": None, "touch_count": 0}


def sources(**of: tuple[int, int]) -> TinyMarts:
    """Source -> (leads that fit, leads)."""
    marts = TinyMarts()
    for source, (fitting, leads) in of.items():
        for place in range(leads):
            marts.lead(source=source, **(FITS if place < fitting else {}))
    return marts


def test_what_was_not_compared_is_not_called_unmoved() -> None:
    marts = TinyMarts()
    for month, completed in (("2026-09", 76), ("2026-10", 16)):
        for place in range(80):
            missed = {} if place < completed else {"is_follow_up_completed": False, **UNTOUCHED}
            source = ("web", "webinar")[place % 2]
            marts.lead(f"{month}-10 09:00:00", source=source, owner_id="salesforce:U1", **missed)
    told = story(marts.con).text
    assert (
        "Compared with September 2026, nothing that can be compared yet moved by more than chance "
        "explains. Not compared with September 2026 yet, as it takes time to settle: the share of "
        "qualified leads, the share of due leads with a completed follow-up and the share of leads "
        "that leak away."
    ) in told
    assert "we should answer every lead within 24 hours: of the 80 leads that were due, 64" in told
    assert "all along" not in told
    # A month later they can be compared.
    marts.con.execute("update publication set as_of = '2026-11-30 23:59:59'")
    told = story(marts.con, as_of="2026-11-29").text
    assert "the share of due leads with a completed follow-up fell from 95% to 20%" in told
    assert "Not compared" not in told


def test_too_few_cases_to_compare_are_said() -> None:
    marts = TinyMarts()
    for month in ("2026-09", "2026-10"):
        for place in range(40):
            if place < 5:
                marts.rejected("no_pain", "pain", f"{month}-10 09:00:00")
            else:
                marts.lead(f"{month}-10 09:00:00")
    assert (
        "Not compared with September 2026, as the cases are too few: the share of decided leads "
        "that sales accepts and the share of rejections without a usable reason."
    ) in story(marts.con).text


def test_spend_without_a_source_has_the_leads_that_came_of_it() -> None:
    marts = sources(paid_social=(30, 100), unknown=(30, 40))
    marts.spend("2026-10-01", paid_social=3000, unknown=2000)
    assert (
        "leads without a known source USD 2,000 (USD 67 per fit lead, no opportunity so far)"
        in story(marts.con, audience="marketing").text
    )


def test_calls_that_nobody_answered_are_attempts_and_no_answer() -> None:
    marts = TinyMarts()
    for place in range(40):
        touches = 3 if place < 30 else 1
        marts.lead(touch_count=touches, is_follow_up_completed=touches == 3)
    assert (
        "30 were touched within 24 hours and worked to a conversation, a decision or enough "
        "attempts. Follow-up broke for 10: all of them were touched in time, without a "
        "conversation, a decision or enough attempts so far."
    ) in story(marts.con).text


def test_without_contacts_of_deals_nothing_is_said_of_strong_pipeline() -> None:
    marts = TinyMarts()
    for place in range(120):
        marts.accepted(stage="opportunity" if place < 10 else "accepted")
    assert "none is strong pipeline" in story(marts.con).text
    marts.distrust(CONTACTS)
    assert "strong pipeline" not in story(marts.con).text


def test_without_decisions_on_record_nothing_is_said_of_what_sales_did() -> None:
    marts = TinyMarts()
    for _ in range(40):
        marts.lead(**FITS)
    decisions = ("Sales accepted none", "Sales has turned none of them down", "yet to decide on 40")
    told = story(marts.con).text
    assert all(words in told for words in decisions)
    marts.distrust(DECISION)
    told = story(marts.con).text
    assert not any(words in told for words in decisions)
    assert "Whether sales accepted them is not known: hardly any decision is on record." in told


def test_all_sources_that_stand_out_are_named_and_none_is_the_weakest_by_chance() -> None:
    told = story(
        sources(
            webinar=(124, 200), partner=(122, 200), customer_referral=(120, 200),
            google_ads=(52, 260), blog=(9, 40),
        ).con
    ).text  # fmt: skip
    assert (
        "The highest-quality leads came from webinars (124 of 200 leads fit), partners (122 of 200 "
        "leads fit) and customer referrals (120 of 200 leads fit). The highest-volume source, "
        "Google ads, produced a weaker fit than the rest: 52 of 260 leads fit (20%)"
    ) in told


def test_a_source_that_surely_fits_less_than_each_other_is_the_weakest() -> None:
    told = story(sources(webinar=(170, 200), blog=(80, 200), google_ads=(20, 260)).con).text
    assert "Google ads, produced the weakest fit" in told


def test_a_source_that_may_be_as_weak_is_not_above_the_weakest() -> None:
    told = story(sources(webinar=(170, 200), blog=(3, 8), google_ads=(52, 260)).con).text
    assert "Google ads, produced a weaker fit than the rest" in told


def test_no_source_is_the_highest_while_another_may_be_as_good() -> None:
    told = story(sources(webinar=(120, 200), newsletter=(5, 10), google_ads=(40, 260)).con).text
    assert "Leads better than the rest came from webinars (120 of 200 leads fit)." in told


def test_where_most_leads_fit_that_is_no_volume_without_fit() -> None:
    told = story(sources(webinar=(66, 75), partner=(75, 75)).con).text
    assert (
        "The share that fits is lower than elsewhere for leads from webinars (88% of 75 leads, "
        "against 100% of all others)."
    ) in told
    assert "without much fit" not in told


def test_few_leads_of_a_source_are_counts_and_no_ranking() -> None:
    marts = TinyMarts()
    marts.distrust(PROFILE)
    for source, deals in (("webinar", 3), ("partner", 2), ("web", 2), ("blog", 1)):
        for place in range(9):
            marts.lead(source=source, fit_verdict="unknown", opportunity_count=int(place < deals))
    assert (
        "first are webinars (3 of nine leads, 33%), partners (2 of nine leads, 22%) and the web (2 "
        "of nine leads, 22%); these are few leads: counts, not a ranking."
    ) in story(marts.con).text


def test_an_amount_says_of_how_many_deals_it_is_known() -> None:
    marts = TinyMarts()
    for place in range(8):
        marts.accepted(stage="opportunity")
        marts.deal(amount=5000.0 if place == 0 else None, is_sales_qualified=place < 3)
    assert (
        "eight deals were opened, whoever opened them, worth USD 5,000 (one of eight has an "
        "amount); three came from a lead"
    ) in story(marts.con).text
    alone = TinyMarts()
    for place in range(40):
        amount = 1000.0 if place < 12 else None
        alone.deal(outcome="won", closed_at="2026-10-20", amount=amount)
    told = story(alone.con).text
    assert "The deals won are worth USD 12,000 (12 of 40 have an amount)." in told


@pytest.mark.parametrize(
    ("data_through", "is_stale"), [("2026-10-25 10:00:00", False), ("2026-10-30 10:00:00", True)]
)
def test_how_old_is_stale_is_the_setting_of_the_build(data_through: str, is_stale: bool) -> None:
    marts = TinyMarts(data_through=data_through)
    marts.lead()
    marts.insert("crm_freshness", crm="generic", data_through=data_through, is_stale=is_stale)
    assert ("The newest record in the data is of" in story(marts.con).text) == is_stale

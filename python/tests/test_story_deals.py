"""The story where there are deals alone, wins without losses, or leads whose fit nobody knows."""

from __future__ import annotations

from typing import Any

import pytest
from leadsignal.metrics.questions import LOST, PROFILE, SOURCE
from leadsignal.scorecard import scorecard
from leadsignal.story import story
from tiny_marts import TinyMarts


def closed(marts: TinyMarts, outcome: str, count: int, **values: Any) -> None:
    for _ in range(count):
        marts.deal(outcome=outcome, closed_on="2026-10-20", closed_at="2026-10-20", **values)


def asks_for_losses(marts: TinyMarts, answerable: int) -> None:
    marts.insert(
        "crm_trust",
        question="are lost deals on record",
        question_order=LOST,
        grade="low" if answerable < 60 else "high",
        rows=100,
        answerable_rows=answerable,
        answerable_rate=answerable / 100,
        missing="Close deals as lost.",
    )


def test_a_set_of_deals_alone_is_told_by_its_deals() -> None:
    marts = TinyMarts()
    marts.deal()
    closed(marts, "won", 40, amount=1000.0)
    closed(marts, "lost", 20, amount=500.0)
    told = story(marts.con).text
    assert told.startswith(
        "The CRM has no leads on record, so this is the story of its 61 deals: 60 are closed, "
        "one is open. In October 2026, 61 deals were opened.\n\nOf the 61 new deals, none is "
        "strong pipeline; what they lack most often is an amount (all 61). Sixty closed in October "
        "2026: 40 won and 20 lost. That is a win rate of 67% (54% to 77% with 95% confidence). "
        "The deals won are worth USD 40,000."
    )
    assert "no amount" not in told


def test_lost_deals_without_amounts_leave_the_value_unknown() -> None:
    marts = TinyMarts()
    closed(marts, "won", 40, amount=1000.0)
    closed(marts, "lost", 20, amount=0.0)
    assert "Too few closed deals have an amount, so" in story(marts.con).text
    assert scorecard(marts.con).row("value_win_rate").grade == "low"


@pytest.mark.parametrize(("outcome", "state"), [("open", "open"), ("won", "closed")])
def test_one_deal_is_told_in_the_singular(outcome: str, state: str) -> None:
    marts = TinyMarts()
    marts.deal("2026-09-12 09:00:00", outcome=outcome, closed_on="2026-09-20")
    told = story(marts.con).text
    assert (
        f"this is the story of its one deal: it is {state}. In October 2026, no deals were" in told
    )
    assert "No deal closed in October 2026." in told


def test_nothing_at_all_is_no_story_of_deals() -> None:
    assert story(TinyMarts().con).text == "In October 2026 no leads were captured."


@pytest.mark.parametrize(
    ("answerable", "sentence"),
    [
        (0, "No lost deal is on record, of this or any other time, so there is no win rate."),
        (50, "Most deals come from a CRM without any lost deal on record: there is no win rate."),
        (90, "That is a win rate of 100% (91% to 100% with 95% confidence)."),
    ],
)
def test_wins_without_losses_are_no_win_rate(answerable: int, sentence: str) -> None:
    marts = TinyMarts()
    asks_for_losses(marts, answerable)
    closed(marts, "won", 40)
    assert sentence in story(marts.con).text
    grade = "high" if answerable == 90 else "low"
    assert scorecard(marts.con).row("win_rate").grade == grade


def leads(marts: TinyMarts, source: str, count: int, opportunities: int) -> None:
    for place in range(count):
        if place < opportunities:
            marts.accepted(
                source=source, stage="opportunity", fit_verdict="unknown", is_target_market=False,
                is_icp_fit=False,
            )  # fmt: skip
        else:
            marts.lead(source=source, fit_verdict="unknown")


def test_where_fit_is_unknown_sources_are_told_apart_by_their_opportunities() -> None:
    marts = TinyMarts()
    marts.distrust(PROFILE)
    leads(marts, "unknown", 60, 30)
    leads(marts, "web", 60, 12)
    leads(marts, "paid_social", 100, 1)
    told = story(marts.con).text
    assert (
        "As fit is not known, sources are told apart by how many of their leads became "
        "opportunities so far. They did most often from leads without a known source (30 of 60 "
        "leads, 50%). They did least often from paid social (1 of 100 leads, 1%). Where the leads "
        "without a known source came from is the first thing to find out."
    ) in told


def test_sources_that_do_not_differ_are_not_ranked() -> None:
    marts = TinyMarts()
    marts.distrust(PROFILE)
    marts.distrust(SOURCE)
    leads(marts, "unknown", 40, 10)
    leads(marts, "web", 40, 9)
    assert "No source differs from the rest by more than chance explains" in story(marts.con).text


def test_few_leads_that_stand_out_are_a_first_sign() -> None:
    marts = TinyMarts()
    marts.distrust(PROFILE)
    leads(marts, "web", 20, 19)
    leads(marts, "paid_social", 100, 5)
    assert "these are few leads: a first sign, not a ranking" in story(marts.con).text


def test_no_rejection_at_all_is_not_praise() -> None:
    marts = TinyMarts()
    for _ in range(30):
        marts.accepted()
    assert "No rejected lead is on record, of this or any other time" in story(marts.con).text
    marts.rejected("too_early", "timing", "2026-08-10 09:00:00")
    assert "Sales has turned none of them down." in story(marts.con).text

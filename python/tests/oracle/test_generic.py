"""The generic layout: dates, stage events, activities, companies and spend, by hand."""

from __future__ import annotations

import pytest

from .run import run
from .settings import Settings
from .small import AS_OF, by, fates, lines, tables_of, visits

LIVES = """
Lead ID, Created At, Status,   handed_over_at, accepted_at, rejected_at
1,       2026-01-01, SAL,      2026-01-05,     2026-01-09,
2,       2026-01-01, Nurture,  ,               ,            2026-02-01
3,       2026-01-01, Accepted, 2026-01-05,     2026-07-09,
4,       2026-01-01, Working,  ,               ,
5,       ,           New,      ,               ,
6,       whenever,   New,      ,               ,
7,       2026-07-01, New,      ,               ,
"""
LIFE_EVENTS = """
object, id, stage,   entered_at
Lead,   2,  Working, 2026-01-20
leads,  2,  Nurture, 2026-03-01
leads,  2,  Nurture, 2026-03-01
person, 2,  Nurture, 2026-03-01
lead,   2,  Nurture, 2026-13-01
"""


def test_dates_and_stage_events_tell_the_life_of_a_lead() -> None:
    tables = tables_of(
        generic={
            "leads": lines(LIVES),
            "stage_events": lines(LIFE_EVENTS),
        }
    )
    leads = by(tables, "fct_leads", "lead_id")
    assert sorted(leads) == ["generic:1", "generic:2", "generic:3", "generic:4"]
    assert [leads[one]["inferred_event_count"] for one in sorted(leads)] == [0, 0, 0, 1]
    assert visits(tables, "fct_lead_stages", "lead_id", "generic:1") == [
        "captured 01-01",
        "handed_over 01-05",
        "accepted 01-09",
    ]
    assert visits(tables, "fct_lead_stages", "lead_id", "generic:2") == [
        "captured 01-01",
        "working 01-20",
        "handed_over 02-01",
        "rejected 02-01",
        "nurture 03-01",
    ]
    assert leads["generic:2"]["sales_decision"] == "rejected"
    assert leads["generic:3"]["accepted_at"] is None  # the date says when: later
    assert visits(tables, "fct_lead_stages", "lead_id", "generic:4") == [
        "captured 01-01",
        "working 01-01",
    ]
    assert {leads[one]["is_history_truncated"] for one in leads} == {True}
    assert fates(tables)["generic", "leads"] == "4 0 1 2"
    assert fates(tables)["generic", "stage_events"] == "2 0 1 2"
    assert {row["reason"] for row in tables["quarantined_rows"]} == {
        "created_at is empty",
        "created_at is not a time",
        "unknown object person",
        "entered_at is not a time: 9999-99-99",
    }


def test_leads_without_creation_times_are_counted_without_a_month() -> None:
    tables = tables_of(generic={"leads": lines("lead_id, status\n1, New")})
    (lead,) = tables["fct_leads"]
    assert (lead["created_at"], lead["created_month"]) == (None, None)


LINKED_LEADS = """
lead_id, created_at, company,      title, opportunity_id, email
1,       2026-03-01, ,             Clerk, O1,
2,       2026-03-01, ,             CEO,   ,
3,       2026-03-02, Acme (Inc.),  ,      ,
4,       2025-03-02, Acme inc,     ,      ,
5,       2026-03-01, ,             ,      O9,             p@x.example
6,       2026-02-01, ,             ,      ,               p@x.example
"""
LINKED_DEALS = """
opportunity_id, created_at, stage,       is_won, is_closed, amount, closed_at,        company
O1,             2026-04-01, Anything,    true,   ,          100,    2026-05-31 23:30, ACME
O2,             2026-04-01, Closed Lost, ,       ,          200,    2026-05-01,
O3,             2026-04-01, Proposal,    ,       ,          300,    2026-05-01,       acme  INC
O4,             ,           Proposal,    false,  false,     400,    ,
"""


def test_links_companies_and_outcomes() -> None:
    """1 by its own opportunity, 2 as a contact, 3 by the company; 4 was captured too early."""
    tables = tables_of(
        generic={
            "leads": lines(LINKED_LEADS),
            "opportunities": lines(LINKED_DEALS),
            "opportunity_contacts": lines(
                """
                opportunity_id, contact_id, role
                O2,             2,          Influencer
                O2,             2,          Influencer
                O2,             C7,
                """
            ),
        }
    )
    deals = by(tables, "fct_opportunities", "opportunity_id")
    links = {key[-2:]: (deal["lead_id"], deal["link_tier"]) for key, deal in deals.items()}
    assert links == {
        "O1": ("generic:1", 1),
        "O2": ("generic:2", 2),
        "O3": ("generic:3", 3),
        "O4": (None, None),
    }
    assert [deal["outcome"] for deal in deals.values()] == ["won", "lost", "open", "open"]
    assert str(deals["generic:O1"]["closed_at"]) == "2026-05-31 23:30:00"
    assert (deals["generic:O2"]["contact_count"], deals["generic:O2"]["has_decision_maker"]) == (
        2,
        True,
    )
    assert deals["generic:O3"]["company_id"] == "generic:acme inc"
    leads = by(tables, "fct_leads", "lead_id")
    # Said to be converted: the survivor, though its opportunity is nowhere.
    assert leads["generic:5"]["is_acceptance_inferred"] is False
    assert "generic:6" not in leads
    assert leads["generic:1"]["outcome"] == "won"
    assert fates(tables)["generic", "opportunity_contacts"] == "2 0 1 0"


def test_a_close_moment_falls_on_the_day_of_the_reporting_time_zone() -> None:
    deals = lines(
        """
        opportunity_id, created_at, is_closed, closed_at
        O1,             2026-04-01, true,      2026-05-01 02:00:00
        O2,             2026-04-01, true,      2026-05-01
        """
    )
    zone = Settings(AS_OF, reporting_timezone="America/New_York")
    rows = run({"generic": {"opportunities": deals}}, zone)["fct_opportunities"]
    assert [str(row["closed_on"]) for row in rows] == ["2026-04-30", "2026-05-01"]


def test_activities() -> None:
    tables = tables_of(
        generic={
            "leads": lines(
                """
                lead_id, created_at, handed_over_at
                1,       2026-01-01, 2026-02-01
                2,       2026-01-01, 2026-02-01
                """
            ),
            "activities": lines(
                """
                activity_id, lead_id, type,         direction, completed_at, scheduled_at
                1,           1,       call,         Outbound,  2026-02-03,
                2,           1,       email,        inbound,   2026-02-02,
                3,           1,       Intro_meeting, ,         2026-02-04,   2026-02-01
                4,           1,       demo,         ,          ,             2026-02-01
                5,           2,       demo,         ,          ,             2026-07-01
                6,           2,       task,         ,          2026-07-01,   2026-06-01
                """
            ),
        }
    )
    leads = by(tables, "fct_leads", "lead_id")
    first, second = leads["generic:1"], leads["generic:2"]
    assert (first["touch_count"], str(first["first_touch_at"])) == (1, "2026-02-03 00:00:00")
    assert str(first["first_conversation_at"]) == "2026-02-04 00:00:00"
    assert (second["touch_count"], second["first_conversation_at"]) == (0, None)
    assert second["next_step_verdict"] == "pass"


RESPONDING = """
lead_id, created_at, source,  campaign, offer
1,       2026-03-01, Webinar, Spring,   Demo request
2,       2026-03-01, Partner, spring ,
3,       2026-03-01, ,        Blog,
"""
SPENT = """
source,     campaign, month,      amount
Google Ads, Spring,   2026-03-15, 100
,           Spring,   2026-03-31, 60
,           Spring,   2026-03-31, 60
No idea,    Webinar,  2026-04,    7
,           Nobody,   2026-04-01, 5
Webinar,    ,         2026-04-01, 0
Webinar,    ,         2026-08-01, 9
"""


def test_spend_goes_to_its_source_else_to_who_responded_else_to_the_campaign() -> None:
    tables = tables_of(
        generic={
            "leads": lines(RESPONDING),
            "spend": lines(SPENT),
        }
    )
    spent = {
        (f"{row['created_month']:%m}", row["source"]): row["spend"]
        for row in tables["lead_quality_by_source"]
        if row["spend"]
    }
    assert spent == pytest.approx(
        {
            ("03", "google_ads"): 100,
            ("03", "webinar"): 60,
            ("03", "partner"): 60,
            ("04", "webinar"): 7,
            ("04", "unknown"): 5,
        }
    )
    leads = by(tables, "fct_leads", "lead_id")
    assert leads["generic:3"]["source"] == "blog"  # the campaign's name stands for its type
    offers = [(row["campaign"], row["offer"]) for row in tables["fct_responses"]]
    assert offers == [("Spring", "Demo request"), ("Spring", "Spring"), ("Blog", "Blog")]
    assert leads["generic:1"]["pain_verdict"] == "pass"
    assert fates(tables)["generic", "spend"] == "7 0 0 0"

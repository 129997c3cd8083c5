"""HubSpot's deals: pipelines, stage histories, merges, links, money and activities, by hand."""

from __future__ import annotations

import pytest

from .small import by, fates, lines, tables_of, visits

PIPELINE_STAGES = """
pipeline_id, stage_id, label,    display_order, probability, is_closed
p1,          s1,       Demo,     0,             0.2,         false
p1,          s2,       Won,      1,             1.0,         true
p1,          s3,       Lost,     2,             0.0,         true
p2,          s4,       Demo,     5,             0.4,         false
p2,          s5,       Signed,   6,             1,           true
"""


def test_two_pipelines_with_a_stage_of_one_name() -> None:
    """The deal moved from p1 to p2: two stages called Demo are two visits of that name."""
    tables = tables_of(
        hubspot={
            "contact": lines("id, createdate\n1, 2026-01-01"),
            "deal": lines(
                """
                deal_id, deal_pipeline_id, deal_pipeline_stage_id, property_createdate, property_closedate
                9,       p2,               s5,                     2026-03-01 08:00:00, 2026-04-30
                """  # noqa: E501
            ),
            "deal_pipeline_stage": lines(PIPELINE_STAGES),
            "deal_stage": lines(
                """
                deal_id, value, date_entered,        _fivetran_end,       _fivetran_active
                9,       s1,    2026-03-01 08:00:00, 2026-03-05 08:00:00, false
                9,       s4,    2026-03-05 08:00:00, 2026-03-09 20:00:00, false
                9,       s5,    2026-03-09 20:00:00, 2050-01-01 00:00:00, true
                9,       s5,    2026-03-09 20:00:00, 2050-01-01 00:00:00, true
                """
            ),
        }
    )
    (deal,) = tables["fct_opportunities"]
    assert (deal["outcome"], deal["stage"], deal["stage_reached"]) == ("won", "Signed", "Demo")
    assert str(deal["closed_at"]) == "2026-03-09 20:00:00"
    stays = [
        (row["stage"], row["visit_number"], row["stage_order"], row["days_in_stage"])
        for row in tables["fct_opportunity_stages"]
    ]
    assert stays == [("Demo", 1, 0, 4.0), ("Demo", 2, 5, 4.5), ("Signed", 1, 6, None)]
    assert fates(tables)["hubspot", "deal_stage"] == "3 0 1 0"


@pytest.mark.parametrize(
    ("stage", "flags", "outcome"),
    [
        ("s2", ",", "won"),
        ("s3", "true,true", "lost"),  # the pipeline knows better
        ("gone", "true,true", "won"),
        ("gone", "true,false", "lost"),
        ("closedwon", ",", "won"),  # the seed knows it by its id
        ("gone", ",", "open"),
        ("old", ",", "lost"),  # closed_won meant closed, either way
    ],
)
def test_who_knows_whether_a_deal_is_won(stage: str, flags: str, outcome: str) -> None:
    stages = lines(PIPELINE_STAGES)
    stages.append({"pipeline_id": "p1", "stage_id": "old", "closed_won": "true"})
    stages[0]["closed_won"] = ""
    stages[-1]["probability"] = "0"
    deals = f"""
        deal_id, deal_pipeline_id, deal_pipeline_stage_id, createdate, hs_is_closed, hs_is_closed_won
        9,       p1,               {stage},                2026-03-01, {flags}
        """  # noqa: E501
    tables = tables_of(
        hubspot={
            "contact": lines("id, createdate\n1, 2026-01-01"),
            "deal": lines(deals),
            "deal_pipeline_stage": stages,
        }
    )
    assert tables["fct_opportunities"][0]["outcome"] == outcome


def test_airbyte_pipelines_are_json_and_stages_are_dates_of_the_deal() -> None:
    stages = (
        '[{"stageId": "s1", "label": "Demo", "displayOrder": 0,'
        ' "metadata": {"isClosed": "false", "probability": "0.2"}},'
        ' {"stageId": "s-2", "label": "Won", "displayOrder": 1,'
        ' "metadata": {"isClosed": "true", "probability": "1.0"}}]'
    )
    pipeline = {"pipelineId": "p1", "label": "Sales", "stages": stages}
    deals = lines(
        """
        id, properties_pipeline, properties_dealstage, properties_createdate, contacts, properties_hs_v2_date_entered_s1, properties_hs_date_entered_s1, properties_hs_date_entered_s_2_777
        9,  p1,                  s-2,                  2026-03-01,            ["1"],    2026-03-02,                       2026-03-03,                    2026-03-08
        """  # noqa: E501
    )
    tables = tables_of(
        hubspot={
            "contacts": lines("id, properties_createdate\n1, 2026-01-01"),
            "deals": deals,
            "deal_pipelines": [dict.fromkeys(pipeline, ""), pipeline],
        }
    )
    (deal,) = tables["fct_opportunities"]
    assert (deal["outcome"], deal["lead_id"], deal["link_tier"]) == ("won", "hubspot:1", 1)
    stays = visits(tables, "fct_opportunity_stages", "opportunity_id", "hubspot:9")
    assert stays == ["Demo 03-02", "Won 03-08"]


def test_merged_deals_leave_their_contacts_and_activities_behind() -> None:
    """8 and 7 went into 9; what was with them is with 9, but their stages are gone."""
    tables = tables_of(
        hubspot={
            "contact": lines(
                """
                id, createdate, jobtitle, lifecyclestage
                1,  2026-01-01, CEO,      lead
                2,  2026-01-01, Clerk,    other
                """
            ),
            "deal": lines(
                """
                deal_id, createdate, amount, deal_pipeline_stage_id, hs_merged_object_ids
                9,       2026-03-01, 100,    s1,                     7
                8,       2026-03-01, 200,    s1,
                7,       2026-03-01, 300,    s1,
                """
            ),
            "deal_stage": lines("deal_id, value, date_entered\n8, s1, 2026-03-02"),
            "deal_contact": lines("deal_id, contact_id\n9, 2\n8, 1\n7, 2"),
            "merged_deal": lines("deal_id, merged_deal_id\n9, 8"),
            "engagement_call": lines("engagement_id, hs_timestamp\n5, 2026-06-20 10:00:00"),
            "engagement_deal": lines("engagement_id, deal_id\n5, 7"),
        }
    )
    (deal,) = tables["fct_opportunities"]
    assert (deal["opportunity_id"], deal["amount"], deal["lead_id"]) == (
        "hubspot:9",
        100,
        "hubspot:1",
    )
    assert (deal["contact_count"], deal["has_decision_maker"]) == (2, True)
    assert deal["has_recent_activity"]
    stays = visits(tables, "fct_opportunity_stages", "opportunity_id", "hubspot:9")
    assert stays == ["s1 03-01"]  # inferred, not the stage history of 8
    assert fates(tables)["hubspot", "deal"] == "1 2 0 0"


def test_close_moments_home_amounts_and_primary_companies() -> None:
    tables = tables_of(
        hubspot={
            "contact": lines("id, createdate\n1, 2026-01-01"),
            "deal": lines(
                """
                deal_id, createdate, deal_pipeline_stage_id, closedate,           amount, amount_in_home_currency, deal_currency_code
                1,       2026-03-01, closedwon,              2026-04-30 22:15:00, 50,     60,                      EUR
                2,       2026-03-01, closedwon,              2026-04-30,          50,     60,                      usd
                3,       2026-03-01, closedlost,             2026-07-30,          50,     ,                        GBP
                """  # noqa: E501
            ),
            "deal_company": lines(
                """
                deal_id, company_id, type_id
                1,       11,         341
                1,       12,         5
                2,       22,         341
                2,       21,         341
                """
            ),
        }
    )
    deals = by(tables, "fct_opportunities", "opportunity_id")
    money = {
        key[-1]: (deal["amount"], deal["currency"], deal["currency_rate"])
        for key, deal in deals.items()
    }
    assert money == {"1": (60, "EUR", 50 / 60), "2": (50, "USD", 1.0), "3": (None, "GBP", None)}
    closed = {key[-1]: str(deal["closed_at"]) for key, deal in deals.items()}
    assert closed == {"1": "2026-04-30 22:15:00", "2": "2026-04-30 00:00:00", "3": "None"}
    companies = {key[-1]: deal["company_id"] for key, deal in deals.items()}
    assert companies == {"1": "hubspot:12", "2": "hubspot:21", "3": None}
    assert deals["hubspot:3"]["outcome"] == "open"  # closes only after as_of


HANDED_OVER = """
id, createdate, hs_v2_date_entered_marketingqualifiedlead
1,  2026-01-01, 2026-02-01
2,  2026-01-01, 2026-02-01
"""
CALLS = """
engagement_id, hs_timestamp, hs_call_status, hs_call_direction, hs_engagement_source
c1,            2026-02-02,   COMPLETED,      OUTBOUND,          CRM_UI
c2,            2026-02-02,   FAILED,         OUTBOUND,          CRM_UI
c3,            2026-02-02,   ,               INBOUND,           CRM_UI
c4,            2026-02-02,   COMPLETED,      OUTBOUND,          AUTOMATION_PLATFORM
"""
EMAILS = """
engagement_id, hs_timestamp, hs_email_status, hs_email_direction
e1,            2026-02-02,   SENT,            EMAIL
e2,            2026-02-02,   BOUNCED,         EMAIL
e3,            2026-02-02,   SENT,            INCOMING_EMAIL
e4,            2026-02-02,   SENT,            FORWARDED_EMAIL
"""
TO_DOS = """
engagement_id, hs_timestamp, hs_task_status, hs_task_completion_date
t1,            2026-02-09,   COMPLETED,      2026-02-03
t2,            2026-07-09,   NOT_STARTED,
"""
MEETINGS = """
engagement_id, hs_meeting_start_time, hs_meeting_outcome
m1,            2026-02-04,            NO_SHOW
m2,            2026-02-05,
m3,            2026-02-06,            COMPLETED
m4,            2026-07-06,            CANCELED
"""


def test_what_counts_as_touch_meeting_and_conversation() -> None:
    """Handed over on 02-01. Touches: the call and the e-mail of 02-02 and the task of 02-03."""
    tables = tables_of(
        hubspot={
            "contact": lines(HANDED_OVER),
            "engagement_call": lines(CALLS),
            "engagement_email": lines(EMAILS),
            "engagement_task": lines(TO_DOS),
            "engagement_meeting": lines(MEETINGS),
            "engagement_contact": lines(
                "\n".join(
                    ["engagement_id, contact_id"]
                    + [f"{kind}{n}, 1" for kind in "cem" for n in range(1, 5)]
                    + ["t1, 1", "c1, 2", "m1, 2", "m4, 2", "t2, 2"]
                )
            ),
        }
    )
    leads = by(tables, "fct_leads", "lead_id")
    first, second = leads["hubspot:1"], leads["hubspot:2"]
    assert first["touch_count"] == 3
    assert str(first["first_touch_at"]) == "2026-02-02 00:00:00"
    assert str(first["first_conversation_at"]) == "2026-02-06 00:00:00"
    assert first["next_step_verdict"] == "fail"  # met, but nobody wrote or called since
    assert (second["touch_count"], second["first_conversation_at"]) == (1, None)
    assert second["next_step_verdict"] == "pass"  # the task that lies ahead

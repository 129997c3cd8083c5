"""One person is one lead and one deal one opportunity, whatever was merged, doubled or shared."""

# ruff: noqa: E501 - grids of raw rows are read as tables

from __future__ import annotations

from .small_crms import CHANGED, SHIPPED, Published

SHIPPED.add(
    "hubspot",
    contact="""
        id  | property_createdate | property_lifecyclestage | property_hs_merged_object_ids
        101 | 2026-05-01 09:00:00 | marketingqualifiedlead  | 102
        102 | 2026-05-02 09:00:00 | lead                    |
    """,
    contact_property_history="""
        contact_id | name           | value                  | timestamp           | source
        101        | lifecyclestage | lead                   | 2026-05-01 09:00:00 | FORMS
        102        | lifecyclestage | marketingqualifiedlead | 2026-05-03 09:00:00 | CRM_UI
        102        | hs_lead_status | UNQUALIFIED            | 2026-05-05 09:00:00 | CRM_UI
    """,
    engagement_call="""
        engagement_id | property_hs_timestamp | property_hs_call_status
        9101          | 2026-05-04 09:00:00   | COMPLETED
    """,
    engagement_contact="""
        engagement_id | contact_id
        9101          | 101
        9101          | 102
    """,
    form="""
        guid | name
        f1   | Request a demo
    """,
    contact_form_submission="""
        contact_id | form_id | conversion_id | timestamp
        102        | f1      | c101          | 2026-05-02 09:00:00
    """,
    deal="""
        deal_id | deal_pipeline_id | deal_pipeline_stage_id | property_createdate | property_amount
        1101    | default          | discovery              | 2026-05-06 09:00:00 | 1000
    """,
    deal_contact="""
        deal_id | contact_id | type_id
        1101    | 101        | 3
        1101    | 102        | 3
    """,
)


def test_pitfall_01_merged_hubspot_contacts_are_the_survivor_in_every_table(
    shipped: Published,
) -> None:
    """The loser is still among the contacts, unmarked, and everything but its rejection counts."""
    assert shipped.leads("hubspot") & {"101", "102"} == {"101"}
    lead = shipped.lead("hubspot:101")
    assert str(lead["handed_over_at"]) == "2026-05-03 09:00:00"
    assert (lead["rejected_at"], lead["sales_decision"]) == (None, "accepted")
    assert (lead["touch_count"], lead["offer"]) == (1, "Request a demo")
    response = shipped.row("fct_responses", response_number=1, lead_id="hubspot:101")
    assert response["offer"] == "Request a demo"
    deal = shipped.deal("hubspot:1101")
    assert (deal["lead_id"], deal["link_tier"], deal["contact_count"]) == ("hubspot:101", 1, 1)
    for table in ("fct_lead_stages", "fct_lead_verdicts", "fct_responses"):
        assert shipped.rows(table, lead_id="hubspot:102") == []


SHIPPED.add(
    "hubspot",
    contact="""
        id  | property_createdate | property_lifecyclestage | property_hs_merged_object_ids | property_hs_calculated_merged_vids
        201 | 2026-05-01 09:00:00 | lead                    | 202                           | 204:1777900000000
        202 | 2026-05-01 10:00:00 | lead                    | 203                           |
        204 | 2026-05-01 11:00:00 | lead                    |                               |
        205 | 2026-05-01 12:00:00 | lead                    |                               |
    """,
    contact_merge_audit="""
        canonical_vid | vid_to_merge
        203           | 205
    """,
    contact_property_history="""
        contact_id | name           | value                  | timestamp           | source
        205        | hs_lead_status | CONNECTED              | 2026-05-05 09:00:00 | CRM_UI
        205        | lifecyclestage | marketingqualifiedlead | 2026-05-04 09:00:00 | CRM_UI
    """,
    engagement_call="""
        engagement_id | property_hs_timestamp | property_hs_call_status
        9201          | 2026-05-06 09:00:00   | COMPLETED
        9202          | 2026-05-07 09:00:00   | COMPLETED
    """,
    engagement_contact="""
        engagement_id | contact_id
        9201          | 203
        9202          | 204
    """,
)
SHIPPED.add(
    "hubspot_dlt",
    parquet=True,
    contacts="""
        id  | createdate          | lifecyclestage | hs_merged_object_ids
        211 | 2026-05-01 09:00:00 | lead           | 212
        212 | 2026-05-01 10:00:00 | lead           | 213
        213 | 2026-05-01 11:00:00 | lead           |
    """,
)


def test_pitfall_02_chained_merges_end_at_one_survivor_whatever_tells_of_them(
    shipped: Published,
) -> None:
    """Two lists and the audit, over 203, of which no record is left."""
    assert shipped.leads("hubspot") & {"201", "202", "203", "204", "205"} == {"201"}
    lead = shipped.lead("hubspot:201")
    assert str(lead["handed_over_at"]) == "2026-05-04 09:00:00"
    assert lead["touch_count"] == 2
    for loser in (202, 203, 204, 205):
        row = shipped.row("set_aside_records", record_id=f"hubspot:{loser}")
        assert row["reason"] == "merged into hubspot:201"


def test_pitfall_02_merged_ids_that_arrive_as_integers_are_text(shipped: Published) -> None:
    assert "211" in shipped.leads("hubspot_dlt")
    assert not {"212", "213"} & shipped.leads("hubspot_dlt")


SHIPPED.add(
    "hubspot_merged_deals",
    contact="""
        id  | property_createdate | property_lifecyclestage
        301 | 2026-05-01 09:00:00 | lead
        302 | 2026-05-01 09:00:00 | lead
    """,
    deal="""
        deal_id | deal_pipeline_id | deal_pipeline_stage_id | property_createdate | property_amount | property_hs_analytics_source
        1301    | default          | discovery              | 2026-05-06 09:00:00 | 1000            | OFFLINE
        1302    | default          | proposal               | 2026-05-07 09:00:00 | 4000            | OFFLINE
    """,
    merged_deal="""
        deal_id | merged_deal_id
        1301    | 1302
    """,
    deal_stage="""
        deal_id | value     | date_entered        | _fivetran_start     | _fivetran_end       | _fivetran_active
        1301    | discovery | 2026-05-06 09:00:00 | 2026-05-06 09:00:00 | 2050-01-01 00:00:00 | true
        1302    | discovery | 2026-05-07 09:00:00 | 2026-05-07 09:00:00 | 2026-05-08 09:00:00 | false
        1302    | proposal  | 2026-05-08 09:00:00 | 2026-05-08 09:00:00 | 2050-01-01 00:00:00 | true
    """,
    deal_contact="""
        deal_id | contact_id | type_id
        1301    | 301        | 3
        1302    | 302        | 3
    """,
)


def test_pitfall_03_merged_deals_are_gone_everywhere_and_counted(shipped: Published) -> None:
    """Neither the loser nor its stages are there; its contacts are the survivor's."""
    crm = "hubspot_merged_deals"
    assert shipped.deals(crm) == {"1301"}
    visits = shipped.rows("fct_opportunity_stages", crm)
    assert [(visit["opportunity_id"], visit["stage"]) for visit in visits] == [
        (f"{crm}:1301", "discovery")
    ]
    assert shipped.deal(f"{crm}:1301")["contact_count"] == 2
    assert shipped.fates(crm, "deal") == {"used": 1, "merged": 1}
    dropped = shipped.row("set_aside_records", crm, record_kind="opportunity")
    assert (dropped["record_id"], dropped["amount_original"]) == (f"{crm}:1302", 4000)
    assert dropped["reason"] == f"merged into {crm}:1301"


SHIPPED.add(
    "salesforce_merged",
    lead="""
        id   | created_date        | last_modified_date  | status      | is_deleted | master_record_id | disqualification_reason_c
        00Q1 | 2026-06-01 09:00:00 | 2026-06-09 09:00:00 | Working     | false      |                  |
        00Q2 | 2026-05-20 09:00:00 | 2026-06-09 09:00:00 | Unqualified | true       | 00Q1             | Not responsive
        00Q3 | 2026-05-21 09:00:00 | 2026-06-08 09:00:00 | Unqualified | true       | 00Q2             | Spam
        00Q4 | 2026-05-22 09:00:00 | 2026-06-08 09:00:00 | Unqualified | true       |                  | Spam
    """,
    lead_history="""
        id   | lead_id | field  | new_value   | created_date
        0171 | 00Q1    | Status | Working     | 2026-06-02 09:00:00
        0172 | 00Q2    | Status | Unqualified | 2026-06-08 09:00:00
    """,
    task="""
        id   | who_id | status    | is_closed | created_date        | completed_date_time
        00T1 | 00Q3   | Completed | true      | 2026-06-03 09:00:00 | 2026-06-03 10:00:00
    """,
)


def test_pitfall_04_a_merged_away_lead_is_never_a_rejection(shipped: Published) -> None:
    """Loser of a merge (over another loser), and a lead that was deleted."""
    crm = "salesforce_merged"
    assert shipped.leads(crm) == {"00Q1"}
    lead = shipped.lead(f"{crm}:00Q1")
    assert lead["sales_decision"] is lead["rejected_at"] is lead["disqualification_reason"] is None
    assert (lead["lead_state"], lead["touch_count"]) == ("stalled", 1)
    assert str(lead["created_at"]) == "2026-06-01 09:00:00"
    assert shipped.fates(crm, "lead") == {"used": 1, "merged": 2, "excluded": 1}
    reasons = {row["record_id"]: row["reason"] for row in shipped.rows("set_aside_records", crm)}
    assert reasons == {
        f"{crm}:00Q2": f"merged into {crm}:00Q1",
        f"{crm}:00Q3": f"merged into {crm}:00Q1",
        f"{crm}:00Q4": "deleted",
    }


SHIPPED.add(
    "salesforce",
    lead="""
        id    | created_date        | status             | email                | is_converted | converted_date      | converted_contact_id | converted_account_id | converted_opportunity_id
        05Q1  | 2026-06-01 09:00:00 | Working            | Ann@Shared.example   | false        |                     |                      |                      |
        05Q2  | 2026-06-02 09:00:00 | Closed - Converted | "  ann@shared.example " | true      | 2026-06-10 09:00:00 | 05C2                 | 05A1                 | 05O2
        05Q3  | 2026-06-03 09:00:00 | Closed - Converted | ann@SHARED.example   | true         | 2026-06-11 09:00:00 | 05C3                 | 05A1                 | 05O3
    """,
    contact="""
        id   | account_id | email              | title
        05C2 | 05A1       | ann@shared.example | Head of Sales
        05C3 | 05A1       | ann@shared.example |
        05C4 | 05A1       | ann@shared.example |
    """,
    opportunity="""
        id   | account_id | created_date        | stage_name | amount | lead_source
        05O2 | 05A1       | 2026-06-10 09:00:00 | Discovery  | 200    | Trade Show
        05O3 | 05A1       | 2026-06-11 09:00:00 | Discovery  | 300    | Trade Show
    """,
    opportunity_contact_role="""
        id   | opportunity_id | contact_id | role
        05K1 | 05O2           | 05C2       | Champion
        05K2 | 05O2           | 05C3       | Champion
        05K3 | 05O3           | 05C3       | Champion
    """,
    task="""
        id   | who_id | status    | is_closed | created_date        | completed_date_time
        05T1 | 05Q1   | Completed | true      | 2026-06-05 09:00:00 | 2026-06-05 09:00:00
        05T2 | 05C2   | Completed | true      | 2026-06-12 09:00:00 | 2026-06-12 09:00:00
    """,
)


def test_pitfall_05_records_that_share_an_e_mail_are_one_lead_and_fan_out_nowhere(
    shipped: Published,
) -> None:
    """Three records and three contacts of one address, in different case."""
    assert shipped.leads("salesforce") & {"05Q1", "05Q2", "05Q3"} == {"05Q2"}
    lead = shipped.lead("salesforce:05Q2")
    assert (lead["touch_count"], lead["opportunity_count"], lead["pipeline_amount"]) == (2, 2, 500)
    assert str(lead["created_at"]) == "2026-06-01 09:00:00"
    deals = [shipped.deal(f"salesforce:05O{n}") for n in (2, 3)]
    assert {deal["lead_id"] for deal in deals} == {"salesforce:05Q2"}
    doubles = [
        row["record_id"]
        for row in shipped.rows("set_aside_records", reason="same e-mail as salesforce:05Q2")
    ]
    assert sorted(doubles) == ["salesforce:05Q1", "salesforce:05Q3"]
    ids = [row["lead_id"] for row in shipped.rows("fct_leads")]
    assert len(ids) == len(set(ids))


SHIPPED.add(
    "hubspot_many_to_many",
    contact="""
        id  | property_createdate | property_lifecyclestage | property_hs_analytics_source
        601 | 2026-05-01 09:00:00 | opportunity             | PAID_SEARCH
        602 | 2026-05-02 09:00:00 | opportunity             | PAID_SEARCH
        603 | 2026-05-03 09:00:00 | opportunity             | PAID_SEARCH
    """,
    company="""
        id  | property_name
        801 | Acme
        802 | Acme Holding
    """,
    deal="""
        deal_id | deal_pipeline_id | deal_pipeline_stage_id | property_createdate | property_amount
        1601    | default          | discovery              | 2026-05-06 09:00:00 | 1000
    """,
    deal_contact="""
        deal_id | contact_id | type_id
        1601    | 601        | 3
        1601    | 602        | 3
        1601    | 603        | 3
    """,
    deal_company="""
        deal_id | company_id | type_id
        1601    | 802        | 5
        1601    | 801        | 341
        1601    | 802        | 341
    """,
)


def test_pitfall_06_a_deal_of_many_contacts_and_companies_is_one_deal(shipped: Published) -> None:
    """Its primary company and its lead are chosen the same way every time, its amount counts once."""
    crm = "hubspot_many_to_many"
    (deal,) = shipped.rows("fct_opportunities", crm)
    assert (deal["lead_id"], deal["company_id"]) == (f"{crm}:601", f"{crm}:802")
    assert (deal["contact_count"], deal["amount"]) == (3, 1000)
    leads = shipped.rows("fct_leads", crm)
    assert [lead["opportunity_count"] for lead in leads] == [1, 1, 1]
    assert sum(lead["pipeline_amount"] or 0 for lead in leads) == 1000


SHIPPED.add(
    "salesforce",
    lead="""
        id    | created_date        | status | email
        55Q1  | 2026-06-01 09:00:00 | New    | bea@plus.example
        55Q2  | 2026-06-02 09:00:00 | New    | Bea+webinar@plus.example
        55Q3  | 2026-06-03 09:00:00 | New    |
        55Q4  | 2026-06-03 09:00:00 | New    |
        55Q5  | 2026-06-03 09:00:00 | New    | none
        55Q6  | 2026-06-03 09:00:00 | New    | none
    """,
)
CHANGED.add(
    "salesforce",
    lead="""
        id    | created_date        | status | email
        55Q1  | 2026-06-01 09:00:00 | New    | bea@plus.example
        55Q2  | 2026-06-02 09:00:00 | New    | Bea+webinar@plus.example
        55Q3  | 2026-06-02 09:00:00 | New    | cat+1@plus.example
    """,
)


def test_email_in_different_case_and_with_blanks_is_one_person(shipped: Published) -> None:
    same = {"05Q1", "05Q2", "05Q3"}
    assert len(shipped.leads("salesforce") & same) == 1


def test_plus_addresses_are_two_persons_unless_the_setting_says_one(
    shipped: Published, changed: Published
) -> None:
    both = {"55Q1", "55Q2"}
    assert shipped.leads("salesforce") & both == both
    assert changed.leads("salesforce") & both == {"55Q1"}
    assert "55Q3" in changed.leads("salesforce")


def test_without_an_email_nobody_is_anybodys_double(shipped: Published) -> None:
    """An empty address, and text that is none."""
    alone = {"55Q3", "55Q4", "55Q5", "55Q6"}
    assert shipped.leads("salesforce") & alone == alone


SHIPPED.add(
    "salesforce_contacts",
    lead="""
        id   | created_date        | last_modified_date  | status             | is_converted | converted_date      | converted_contact_id
        00Q1 | 2026-05-01 09:00:00 | 2026-05-02 09:00:00 | Closed - Converted | true         | 2026-05-02 09:00:00 | 0031
        00Q2 | 2026-05-01 09:00:00 | 2026-05-02 09:00:00 | New                | false        |                     |
    """,
    contact="""
        id   | created_date        | master_record_id | is_deleted | title
        0031 | 2026-05-02 09:00:00 | 0032             | true       |
        0032 | 2026-04-02 09:00:00 |                  | false      | Vice President
        0033 | 2026-04-02 09:00:00 |                  | true       | CEO
        0034 | 2026-04-02 09:00:00 | 0034             | false      | Clerk
    """,
    task="""
        id   | created_date        | who_id | status    | completed_date_time | call_type | call_disposition
        00T1 | 2026-05-03 09:00:00 | 0032   | Completed | 2026-05-03 09:00:00 | Outbound  | Connected
        00T2 | 2026-05-04 09:00:00 | 0031   | Completed | 2026-05-04 09:00:00 | Internal  |
    """,
    opportunity="""
        id   | created_date        | close_date | stage_name
        0061 | 2026-05-05 09:00:00 | 2026-09-30 | Discovery
        0062 | 2026-05-05 09:00:00 | 2026-09-30 | Discovery
    """,
    opportunity_contact_role="""
        id   | created_date        | opportunity_id | contact_id | role
        00K1 | 2026-05-05 09:00:00 | 0061           | 0032       |
        00K2 | 2026-05-05 09:00:00 | 0061           | 0031       |
        00K3 | 2026-05-05 09:00:00 | 0062           | 0033       | Decision Maker
        00K4 | 2026-05-05 09:00:00 | 0062           | 0034       |
    """,
)


def test_a_merged_contact_stands_for_the_one_that_is_left(shipped: Published) -> None:
    """Activities and roles of the contact that its contact went into are the lead's."""
    lead = shipped.lead("salesforce_contacts:00Q1")
    assert (lead["touch_count"], str(lead["first_conversation_at"])) == (1, "2026-05-03 09:00:00")
    deal = shipped.deal("salesforce_contacts:0061")
    assert (deal["lead_id"], deal["link_tier"], deal["contact_count"]) == (lead["lead_id"], 2, 1)
    assert shipped.fates("salesforce_contacts", "contact") == {
        "used": 2,
        "merged": 1,
        "excluded": 1,
    }
    assert shipped.rows("set_aside_records", "salesforce_contacts") == []


def test_a_deleted_contact_is_none_of_the_deal(shipped: Published) -> None:
    deal = shipped.deal("salesforce_contacts:0062")
    assert (deal["contact_count"], deal["has_decision_maker"]) == (1, False)

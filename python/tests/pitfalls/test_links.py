"""How deals find the lead they came from, and what is said where they do not."""

# ruff: noqa: E501 - grids of raw rows are read as tables

from __future__ import annotations

from datetime import date

from .small_crms import SHIPPED, Published

MAY = date(2026, 5, 1)

SHIPPED.add(
    "salesforce",
    lead="""
        id   | created_date        | last_modified_date  | status             | email            | is_converted | converted_date      | converted_contact_id | converted_account_id | converted_opportunity_id | lead_source
        20Q1 | 2026-05-01 09:00:00 | 2026-05-10 09:00:00 | Closed - Converted |                  | true         | 2026-05-10 09:00:00 | 20C1                 | 20A1                 | 20O1 |
        20Q2 | 2026-05-01 09:00:00 | 2026-05-10 09:00:00 | Closed - Converted |                  | true         | 2026-05-10 09:00:00 | 20C2                 | 20A2                 | |
        20Q3 | 2026-05-01 09:00:00 | 2026-05-10 09:00:00 | Closed - Converted |                  | true         | 2026-05-10 09:00:00 | 20C3                 | 20A3                 | |
        20Q4 | 2026-05-01 09:00:00 | 2026-05-10 09:00:00 | Closed - Converted |                  | true         | 2026-05-10 09:00:00 | 20C4                 | 20A4                 | |
        20Q5 | 2026-05-01 09:00:00 | 2026-05-10 09:00:00 | Closed - Converted | dan@deal.example | true         | 2026-05-10 09:00:00 | 20C5                 | 20A5                 | 20O5 | Newsletter
        20Q6 | 2026-05-02 09:00:00 | 2026-05-11 09:00:00 | Closed - Converted | dan@deal.example | true         | 2026-05-11 09:00:00 | 20C6                 | 20A5                 | 20O6 | Newsletter
        20Q7 | 2026-05-03 09:00:00 | 2026-05-12 09:00:00 | Closed - Converted | dan@deal.example | true         | 2026-05-12 09:00:00 | 20C7                 | 20A5                 | 20O7 | Newsletter
    """,
    lead_history="""
        id   | lead_id | field  | new_value          | created_date
        20H4 | 20Q4    | Status | Closed - Converted | 2026-05-10 09:00:00
    """,
    contact="""
        id   | account_id
        20C1 | 20A1
        20C2 | 20A2
        20C3 | 20A3
        20C4 | 20A4
        20C5 | 20A5
        20C6 | 20A5
        20C7 | 20A5
    """,
    opportunity="""
        id   | account_id | created_date        | stage_name | amount
        20O1 | 20A1       | 2026-05-10 09:00:00 | Discovery  | 100
        20O2 | 20A9       | 2026-05-20 09:00:00 | Discovery  | 100
        20O3 | 20A3       | 2026-05-20 09:00:00 | Discovery  | 100
        20O5 | 20A5       | 2026-05-10 09:00:00 | Discovery  | 100
        20O6 | 20A5       | 2026-05-11 09:00:00 | Discovery  | 100
        20O7 | 20A5       | 2026-05-12 09:00:00 | Discovery  | 100
    """,
    opportunity_contact_role="""
        id   | opportunity_id | contact_id | role
        20K1 | 20O2           | 20C2       | Champion
    """,
)


def test_pitfall_20_a_deal_is_linked_by_the_best_tier_and_says_which(shipped: Published) -> None:
    """By the conversion, by a role of the converted contact, by the account it was converted into."""
    for number in (1, 2, 3):
        deal = shipped.deal(f"salesforce:20O{number}")
        assert (deal["lead_id"], deal["link_tier"]) == (f"salesforce:20Q{number}", number)


def test_pitfall_20_converted_without_an_opportunity_is_an_acceptance_only(
    shipped: Published,
) -> None:
    lead = shipped.lead("salesforce:20Q4")
    assert (lead["lead_state"], lead["lifecycle_stage"]) == ("accepted", "accepted")
    assert str(lead["accepted_at"]) == "2026-05-10 09:00:00"
    assert (lead["opportunity_id"], lead["opportunity_count"], lead["outcome"]) == (None, 0, None)


def test_pitfall_20_three_conversions_of_one_person_are_one_lead_with_three_deals(
    shipped: Published,
) -> None:
    lead = shipped.lead("salesforce:20Q5")
    assert (lead["opportunity_count"], lead["pipeline_amount"]) == (3, 300)
    deals = [shipped.deal(f"salesforce:20O{number}") for number in (5, 6, 7)]
    assert {deal["lead_id"] for deal in deals} == {lead["lead_id"]}


def test_tool_trap_conversion_counts_persons_and_never_exceeds_one(shipped: Published) -> None:
    """Three deals of one lead convert one lead."""
    row = shipped.row("lead_quality_by_source", created_month=MAY, source="newsletter")
    assert (row["mature_leads"], row["mature_opportunity_leads"]) == (1, 1)
    rates = [each["lead_to_opportunity_rate"] for each in shipped.rows("lead_quality_by_source")]
    assert max(rate for rate in rates if rate is not None) == 1


SHIPPED.add(
    "salesforce_no_roles",
    lead="""
        id   | created_date        | status             | is_converted | converted_date      | converted_contact_id | converted_opportunity_id
        00Q1 | 2026-05-01 09:00:00 | Closed - Converted | true         | 2026-05-02 09:00:00 | 0031                 | 0061
    """,
    contact="""
        id   | account_id
        0031 | 0011
    """,
    opportunity="""
        id   | created_date        | close_date | stage_name  | owner_id | lead_source
        0061 | 2026-05-02 09:00:00 | 2026-05-20 | Closed Won  | 0051     | Content Syndication
        0062 | 2026-05-02 09:00:00 | 2026-05-20 | Closed Lost | 0051     | Content Syndication
        0063 | 2026-05-02 09:00:00 | 2026-05-20 | Closed Won  | 0051     | Content Syndication
        0064 | 2026-05-02 09:00:00 | 2026-09-20 | Discovery   | 0051     | Content Syndication
        0065 | 2026-05-02 09:00:00 | 2026-09-20 | Discovery   | 0051     | Content Syndication
    """,
    opportunity_contact_role="""
        id   | opportunity_id | contact_id | role
        00K1 | 0064           | 0031       | Champion
    """,
)


def test_pitfall_21_win_rates_stand_with_and_without_deals_that_no_lead_is_linked_to(
    shipped: Published,
) -> None:
    """Of two won and one lost, one win came from a lead, which has no source of its own."""
    unlinked = shipped.row("win_rate_by_source", closed_month=MAY, source="content_syndication")
    assert (unlinked["won"], unlinked["lost"], unlinked["win_rate"]) == (1, 1, 0.5)
    assert (unlinked["linked_won"], unlinked["linked_lost"]) == (0, 0)
    assert unlinked["linked_win_rate"] is None
    linked = shipped.deal("salesforce_no_roles:0061")
    assert (linked["lead_id"], linked["link_tier"]) == ("salesforce_no_roles:00Q1", 1)


def test_pitfall_21_contact_coverage_is_published_by_owner_and_month(shipped: Published) -> None:
    row = shipped.row("contact_coverage_by_owner", "salesforce_no_roles", opened_month=MAY)
    assert row["owner_id"] == "salesforce_no_roles:0051"
    assert (row["open_opportunities"], row["open_with_contact"]) == (2, 1)
    assert row["contact_coverage_rate"] == 0.5


SHIPPED.add(
    "hubspot",
    contact="""
        id   | property_createdate | property_lifecyclestage
        2201 | 2026-05-01 09:00:00 | lead
    """,
    form="""
        guid | name
        f22  | Pricing
    """,
    contact_form_submission="""
        contact_id | form_id | conversion_id | timestamp
        2201       | f22     | c221          | 2026-05-02 09:00:00
        2201       | f22     | c222          | 2026-06-02 09:00:00
    """,
)
SHIPPED.add(
    "salesforce",
    lead="""
        id   | created_date        | status
        22Q1 | 2026-05-01 09:00:00 | New
    """,
    campaign="""
        id   | name   | type
        22M1 | Spring | Webinar
        22M2 | Autumn | Webinar
    """,
    campaign_member="""
        id   | campaign_id | lead_id | has_responded | first_responded_date | created_date        | last_modified_date
        22N1 | 22M1        | 22Q1    | true          | 2026-05-03           | 2026-05-02 09:00:00 | 2026-06-20 09:00:00
        22N2 | 22M2        | 22Q1    | true          | 2026-06-03           | 2026-06-02 09:00:00 | 2026-06-02 09:00:00
    """,
)


def test_pitfall_22_each_response_is_a_row_and_the_person_one_lead(shipped: Published) -> None:
    """Twice the same form, and two campaigns, each with the number of the attempt."""
    for lead_id in ("hubspot:2201", "salesforce:22Q1"):
        responses = shipped.rows("fct_responses", lead_id=lead_id)
        responses.sort(key=lambda response: response["responded_at"])
        assert [response["response_number"] for response in responses] == [1, 2]
        assert [response["responded_at"].month for response in responses] == [5, 6]
        assert len(shipped.rows("fct_leads", lead_id=lead_id)) == 1
    assert shipped.lead("hubspot:2201")["offer"] == "Pricing"


SHIPPED.add(
    "hubspot_old_pipelines",
    contact="""
        id  | property_createdate | property_lifecyclestage
        901 | 2026-05-01 09:00:00 | opportunity
    """,
    deal_pipeline_stage="""
        pipeline_id | stage_id | label     | display_order | closed_won | probability
        default     | a1       | Talking   | 1             | false      | 0.2
        default     | a2       | Signed    | 2             | true       | 1.0
        default     | a3       | Gone      | 3             | true       | 0.0
    """,
    deal="""
        deal_id | deal_pipeline_id | deal_pipeline_stage_id | property_createdate | property_closedate
        1901    | default          | a1                     | 2026-05-06 09:00:00 | 2026-05-20
        1902    | default          | a2                     | 2026-05-06 09:00:00 | 2026-05-20
        1903    | default          | a3                     | 2026-05-06 09:00:00 | 2026-05-20
    """,
)


def test_tool_trap_closed_is_not_won(shipped: Published) -> None:
    """The old column closed_won is true of lost deals as well: the probability decides."""
    outcomes = {
        deal["stage"]: deal["outcome"]
        for deal in shipped.rows("fct_opportunities", "hubspot_old_pipelines")
    }
    assert outcomes == {"Talking": "open", "Signed": "won", "Gone": "lost"}


SHIPPED.add(
    "hubspot_first_campaign",
    contact="""
        id  | property_createdate | property_lifecyclestage | property_email
        901 | 2026-05-01 09:00:00 | lead                    | first.campaign@one.example
    """,
    form="""
        guid | name
        f1   | Request a demo
    """,
    contact_form_submission="""
        contact_id | form_id | conversion_id | timestamp
        901        | f1      | c901          | 2026-05-02 09:00:00
    """,
)
SHIPPED.add(
    "salesforce_first_campaign",
    lead="""
        id   | created_date        | status | email
        00Q1 | 2026-05-03 09:00:00 | New    | first.campaign@one.example
    """,
    campaign="""
        id   | name         | type    | is_deleted
        7011 | Gone         | Event   | true
        7012 | Spring talks | Webinar | false
    """,
    campaign_member="""
        id   | campaign_id | lead_id | created_date        | has_responded
        00v1 | 7011        | 00Q1    | 2026-05-04 09:00:00 | true
        00v2 | 7012        | 00Q1    | 2026-05-05 09:00:00 | true
    """,
)


def test_the_first_campaign_counts_whatever_form_came_before(shipped: Published) -> None:
    """The first response is a form without a campaign, the second to one that was deleted."""
    lead = shipped.lead("salesforce_first_campaign:00Q1")
    told = (lead["offer"], lead["campaign"], lead["source"])
    assert told == ("Request a demo", "Spring talks", "webinar")


SHIPPED.add(
    "generic_nobody",
    leads="""
        lead_id | created_at          | status | company
        one     | 2026-05-01 09:00:00 | New    | N/A
        two     | 2026-05-01 09:00:00 | New    | Unknown
        real    | 2026-05-01 09:00:00 | New    | Acme, Inc.
    """,
    opportunities="""
        opportunity_id | created_at          | stage     | company
        of_nobody      | 2026-05-20 09:00:00 | Discovery | n/a
        of_unknown     | 2026-05-20 09:00:00 | Discovery | unknown
        of_acme        | 2026-05-20 09:00:00 | Discovery | ACME Inc
    """,
)


def test_a_placeholder_is_no_company_that_leads_and_deals_share(shipped: Published) -> None:
    links = {
        deal: shipped.deal(f"generic_nobody:{deal}")["lead_id"]
        for deal in ("of_nobody", "of_unknown", "of_acme")
    }
    assert links == {"of_nobody": None, "of_unknown": None, "of_acme": "generic_nobody:real"}

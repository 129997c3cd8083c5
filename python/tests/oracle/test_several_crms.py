"""Several CRMs at once: persons and deals that stand in more than one, by hand."""

from __future__ import annotations

from datetime import date

from .run import run
from .settings import Settings
from .small import AS_OF, by, fates, lines, tables_of, visits

SALESFORCE_LEAD = """
id,  created_date, status,   email,         last_modified_date, title
00Q, 2026-02-01,   Accepted, Ann@X.example, 2026-03-01,         Clerk
"""
HUBSPOT_CONTACT = """
id, createdate, email,         lifecyclestage, jobtitle, hs_v2_date_entered_marketingqualifiedlead
7,  2026-01-01, ann@x.example , customer,      CEO,      2026-01-15
"""


def test_one_person_in_both_is_the_salesforce_record_with_the_events_of_both() -> None:
    tables = tables_of(
        hubspot={
            "contact": lines(HUBSPOT_CONTACT),
            "engagement_call": lines("engagement_id, hs_timestamp\nc1, 2026-01-16"),
            "engagement_contact": lines("engagement_id, contact_id\nc1, 7"),
        },
        salesforce={"lead": lines(SALESFORCE_LEAD)},
    )
    (lead,) = tables["fct_leads"]
    assert (lead["lead_id"], lead["crm"]) == ("salesforce:00Q", "salesforce")
    assert str(lead["created_at"]) == "2026-01-01 00:00:00"
    assert str(lead["handed_over_at"]) == "2026-01-15 00:00:00"
    assert lead["touch_count"] == 1
    # `customer` is the current status of the record that does not survive: no event.
    assert (lead["lifecycle_stage"], lead["inferred_event_count"]) == ("accepted", 1)
    assert lead["authority_verdict"] == "unknown"  # the title is the survivor's alone
    assert fates(tables)["hubspot", "contact"] == "0 1 0 0"


def test_plus_addresses_are_one_person_when_told_so() -> None:
    contacts = lines(
        """
        id, createdate, email
        1,  2026-01-01, ann+news@x.example
        2,  2026-01-02, ANN@x.example
        3,  2026-01-03, no address
        4,  2026-01-04, no address
        """
    )
    raw = {"hubspot": {"contact": contacts}}
    assert len(run(raw, Settings(AS_OF))["fct_leads"]) == 4
    assert len(run(raw, Settings(AS_OF, merge_plus_addresses=True))["fct_leads"]) == 3


def both(deals: str, opportunities: str) -> dict[str, dict[str, list[dict[str, str]]]]:
    """A HubSpot and a Salesforce with one company known by name, and one by its domain."""
    return {
        "hubspot": {
            "contact": lines(HUBSPOT_CONTACT),
            "deal": lines(deals),
            "deal_contact": lines("deal_id, contact_id\nd1, 7"),
            "deal_company": lines("deal_id, company_id\nd1, 1\nd2, 2\nd3, 1"),
            "company": lines("id, name, domain\n1, ACME inc., \n2, , www.globex.example"),
            "engagement_call": lines("engagement_id, hs_timestamp\nc1, 2026-06-20"),
            "engagement_deal": lines("engagement_id, deal_id\nc1, d1"),
        },
        "salesforce": {
            "lead": lines(SALESFORCE_LEAD),
            "account": lines("id, name, website\nA1, Acme Inc,\nA2, , https://globex.example/en"),
            "opportunity": lines(opportunities),
        },
    }


def test_deals_of_both_are_one_by_id_or_by_likeness() -> None:
    tables = tables_of(
        **both(
            """
            deal_id, createdate, amount, closedate,  dealstage, hs_salesforceopportunityid
            d1,      2026-03-02, 500,    2026-09-01, closedwon, O1
            d2,      2026-03-03, 700,    2026-09-02, closedwon,
            d3,      2026-03-04, 700,    2026-09-03, closedwon,
            """,
            """
            id, created_date, amount, close_date, stage_name, account_id
            O1, 2026-03-01,   400,    2026-08-01, Discovery,  A1
            O2, 2026-03-01,   700,    2026-09-02, Proposal,   A2
            O3, 2026-03-01,   700,    2026-09-02, Proposal,   A1
            """,
        )
    )
    deals = by(tables, "fct_opportunities", "opportunity_id")
    assert sorted(deals) == ["hubspot:d3", "salesforce:O1", "salesforce:O2", "salesforce:O3"]
    named = deals["salesforce:O1"]
    assert (named["amount"], named["outcome"], named["stage"]) == (400, "open", "Discovery")
    assert (named["lead_id"], named["link_tier"]) == ("salesforce:00Q", 1)
    assert (named["contact_count"], named["has_recent_activity"]) == (1, True)
    assert fates(tables)["hubspot", "deal"] == "1 2 0 0"
    (lead,) = tables["fct_leads"]
    assert (lead["opportunity_id"], lead["outcome"]) == ("salesforce:O1", "open")


def test_alike_deals_are_paired_oldest_first_and_once() -> None:
    tables = tables_of(
        **both(
            """
            deal_id, createdate, amount, closedate,  dealstage
            d1,      2026-03-05, 700,    2026-09-02, x
            d3,      2026-03-04, 700,    2026-09-02, x
            """,
            """
            id, created_date, amount, close_date, stage_name, account_id
            O1, 2026-03-01,   700,    2026-09-02, Discovery,  A1
            """,
        )
    )
    assert sorted(by(tables, "fct_opportunities", "opportunity_id")) == [
        "hubspot:d1",
        "salesforce:O1",
    ]


def test_contacts_that_are_one_lead_are_one_contact() -> None:
    raw = both(
        "deal_id, createdate, hs_salesforceopportunityid\nd1, 2026-03-02, O1",
        "id, created_date, account_id\nO1, 2026-03-01, A1",
    )
    raw["salesforce"]["lead"] = lines(
        """
        id,  created_date, status,   email,         is_converted, converted_contact_id
        00Q, 2026-02-01,   Accepted, ann@x.example, true,         003
        """
    )
    raw["salesforce"]["opportunity_contact_role"] = lines(
        "id, opportunity_id, contact_id\nR1, O1, 003\nR2, O1, 004"
    )
    (deal,) = tables_of(**raw)["fct_opportunities"]
    assert deal["contact_count"] == 2  # 003 and HubSpot's 7 are one, and 004


def test_two_orgs_of_salesforce_stand_side_by_side() -> None:
    tables = tables_of(
        salesforce={"lead": lines(SALESFORCE_LEAD)},
        salesforce_emea={
            "lead": lines(SALESFORCE_LEAD.replace("2026-02-01", "2026-01-31")),
            "currency_type": lines("iso_code, conversion_rate\nEUR, 0.8"),
            "dated_conversion_rate": lines(
                "iso_code, conversion_rate, start_date, next_start_date\nEUR, 0.5, 2026-03-01,"
            ),
            "opportunity": lines(
                """
                id, created_date, amount, close_date, currency_iso_code
                O1, 2026-03-01,   100,    2026-02-28, EUR
                O2, 2026-03-01,   100,    2026-03-01, EUR
                O3, 2026-03-01,   100,    2026-03-01, CHF
                """
            ),
        },
    )
    (lead,) = tables["fct_leads"]
    assert lead["lead_id"] == "salesforce_emea:00Q"  # the older of two
    money = [
        (deal["amount"], deal["currency_rate"], deal["currency_rate_on"])
        for deal in tables["fct_opportunities"]
    ]
    assert money == [(125, 0.8, None), (200, 0.5, date(2026, 3, 1)), (None, None, None)]
    assert visits(tables, "fct_lead_stages", "lead_id", lead["lead_id"]) == [
        "captured 01-31",
        "handed_over 03-01",
        "accepted 03-01",
    ]


def test_what_was_logged_to_a_lead_counts_for_deals_of_its_contact() -> None:
    """The call is the lead's, who is only one of two contacts on a deal of somebody else."""
    tables = tables_of(
        salesforce={
            "lead": lines(
                """
                id,  created_date, status, is_converted, converted_contact_id, converted_opportunity_id
                00A, 2026-02-01,   New,    true,         003A,                 O1
                00B, 2026-02-01,   New,    true,         003B,
                """  # noqa: E501
            ),
            "opportunity": lines("id, created_date\nO1, 2026-06-01"),
            "opportunity_contact_role": lines(
                "id, opportunity_id, contact_id\nR1, O1, 003A\nR2, O1, 003B"
            ),
            "task": lines("id, created_date, who_id, status\nT1, 2026-06-20, 00B, Completed"),
        }
    )
    (deal,) = tables["fct_opportunities"]
    assert (deal["lead_id"], deal["has_recent_activity"]) == ("salesforce:00A", True)


def three(**created: str) -> list[str]:
    """The deals that are left of one in two orgs and two in HubSpot, by their creation."""
    opportunity = "id, created_date, amount, close_date, account_id\n{}, {}, 700, 2026-09-02, A1"
    account = lines("id, name\nA1, Acme")
    orgs = {
        crm: {
            "lead": lines(SALESFORCE_LEAD),
            "opportunity": lines(opportunity.format(deal, created[deal])),
            "account": account,
        }
        for crm, deal in (("salesforce", "O1"), ("salesforce_emea", "O2"))
    }
    deals = f"""
        deal_id, createdate,      amount, closedate,  {{}}
        d1,      {created["d1"]}, 700,    2026-09-02, {{}}
        d2,      {created["d2"]}, 700,    2026-09-02, {{}}
        """
    named = created.get("named", "")
    portal = {
        "contact": lines(HUBSPOT_CONTACT),
        "deal": lines(deals.format("hs_salesforceopportunityid", named, named)),
        "deal_company": lines("deal_id, company_id\nd1, 1\nd2, 1"),
        "company": lines("id, name\n1, ACME"),
    }
    tables = tables_of(hubspot=portal, **orgs)
    return sorted(by(tables, "fct_opportunities", "opportunity_id"))


def test_the_same_deal_in_three_crms_is_one() -> None:
    """The older of two in HubSpot, and that of the second org, go into that of the first org."""
    days = {"O1": "2026-03-02", "O2": "2026-03-01", "d1": "2026-03-05", "d2": "2026-03-04"}
    assert three(**days) == ["hubspot:d1", "salesforce:O1"]


def test_a_deal_that_is_paired_by_id_is_not_paired_by_likeness() -> None:
    """d2, the older, names O1; then O2 and d1 are left, and are alike."""
    days = {"O1": "2026-03-02", "O2": "2026-03-01", "d1": "2026-03-05", "d2": "2026-03-04"}
    assert three(**days, named="O1") == ["salesforce:O1", "salesforce_emea:O2"]

"""Amounts in several currencies, with rates that change by the day."""

# ruff: noqa: E501 - grids of raw rows are read as tables

from __future__ import annotations

from datetime import date

import pytest

from .small_crms import SHIPPED, Published

CRM = "salesforce_money"
MAY = date(2026, 5, 1)

SHIPPED.add(
    CRM,
    currency_type="""
        id   | iso_code | conversion_rate
        01L1 | USD      | 1
        01L2 | EUR      | 0.5
        01L3 | GBP      | 0.8
    """,
    dated_conversion_rate="""
        id   | iso_code | conversion_rate | start_date | next_start_date
        04w1 | EUR      | 0.8             | 2026-01-01 | 2026-06-01
        04w2 | EUR      | 0.4             | 2026-06-01 | 2026-09-01
    """,
    lead="""
        id   | created_date        | status | is_converted | converted_date      | converted_opportunity_id | lead_source
        00Q1 | 2026-05-01 09:00:00 | SQL    | true         | 2026-05-02 09:00:00 | 0061                     | Employee Referral
        00Q2 | 2026-05-01 09:00:00 | SQL    | true         | 2026-05-02 09:00:00 | 0064                     | Employee Referral
    """,
    opportunity="""
        id   | created_date        | close_date | stage_name | amount | currency_iso_code
        0061 | 2026-05-02 09:00:00 | 2026-05-31 | Closed Won | 100    | EUR
        0062 | 2026-05-02 09:00:00 | 2026-06-01 | Discovery  | 100    | eur
        0063 | 2026-05-02 09:00:00 | 2026-06-01 | Discovery  | 100    | GBP
        0064 | 2026-05-02 09:00:00 | 2026-06-01 | Discovery  | 100    | JPY
        0065 | 2026-05-02 09:00:00 | 2026-06-01 | Discovery  | 100    |
        0066 | 2026-05-02 09:00:00 |            | Discovery  | 100    | EUR
    """,
    campaign="""
        id   | name   | start_date | actual_cost | currency_iso_code
        7011 | Tokyo  | 2026-05-01 | 100         | JPY
        7012 | Osaka  | 2026-05-01 | 100         | jpy
        7013 | Leeds  | 2026-05-01 | 100         | GBP
        7014 | Kyoto  | 2026-05-01 | 0           | JPY
    """,
)
SHIPPED.add(
    "hubspot_money",
    contact="""
        id   | property_createdate | property_lifecyclestage
        1601 | 2026-05-01 09:00:00 | opportunity
    """,
    deal="""
        deal_id | deal_pipeline_id | deal_pipeline_stage_id | property_createdate | property_amount | property_amount_in_home_currency | property_deal_currency_code
        1161    | default          | discovery              | 2026-05-06 09:00:00 | 100             | 125                              | EUR
        1162    | default          | discovery              | 2026-05-06 09:00:00 | 100             |                                  | EUR
    """,
)


@pytest.mark.parametrize(
    ("deal", "currency", "rate", "rate_on", "amount"),
    [
        ("0061", "EUR", 0.8, date(2026, 1, 1), 125),  # by its close date, won or not
        ("0062", "EUR", 0.4, date(2026, 6, 1), 250),
        ("0063", "GBP", 0.8, None, 125),  # only the undated rate is known
        ("0064", "JPY", None, None, None),
        ("0065", "USD", 1, None, 100),  # no currency is the reporting one
        ("0066", "EUR", 0.5, None, 200),  # without a close date no dated rate applies
    ],
)
def test_pitfall_16_an_amount_says_what_it_was_made_of(
    deal: str,
    currency: str,
    rate: float | None,
    rate_on: date | None,
    amount: float | None,
    shipped: Published,
) -> None:
    row = shipped.deal(f"{CRM}:{deal}")
    assert (row["amount_original"], row["currency"]) == (100, currency)
    assert (row["currency_rate"], row["currency_rate_on"]) == (rate, rate_on)
    assert row["amount"] == pytest.approx(amount)


def test_pitfall_16_amounts_without_a_rate_are_in_no_sum(shipped: Published) -> None:
    """The leads' source: 125 won and 100 yen, of which the sums know nothing."""
    row = shipped.row("pipeline_quality", opened_month=MAY, source="employee_referral")
    assert (row["opportunities"], row["amount"], row["won_amount"]) == (2, 125, 125)
    row = shipped.row("lead_quality_by_source", created_month=MAY, source="employee_referral")
    assert (row["opportunities"], row["pipeline_amount"]) == (2, 125)
    yen = shipped.lead(f"{CRM}:00Q2")
    assert (yen["opportunity_count"], yen["pipeline_amount"]) == (1, None)


@pytest.mark.parametrize(
    "told",
    [
        f"amounts of opportunities of {CRM} in JPY: no rate to USD is known, so 1 are in no sum",
        "amounts of opportunities of hubspot_money in EUR: no rate to USD is known, so 1 are",
        f"costs of campaigns of {CRM} in JPY: no rate to USD is known, so 2 are in no sum",
    ],
)
def test_pitfall_16_amounts_without_a_rate_are_told(shipped: Published, told: str) -> None:
    warnings = shipped.row("publication")["warnings"].split("\n")
    assert len([line for line in warnings if line.startswith(told)]) == 1
    assert not [line for line in warnings if f"{CRM} in GBP" in line]


def test_pitfall_16_what_hubspot_calls_a_deal_at_home_is_its_rate(shipped: Published) -> None:
    known, unknown = (shipped.deal(f"hubspot_money:{n}") for n in (1161, 1162))
    assert (known["amount"], known["amount_original"], known["currency_rate"]) == (125, 100, 0.8)
    assert (unknown["amount"], unknown["amount_original"]) == (None, 100)


SHIPPED.add(
    "salesforce_euro",
    currency_type="""
        id   | iso_code | conversion_rate | is_corporate
        01L1 | EUR      | 1               | true
        01L2 | USD      | 1.25            | false
        01L3 | GBP      | 0.8             | false
    """,
    lead="""
        id   | created_date        | status
        00Q1 | 2026-05-01 09:00:00 | New
    """,
    opportunity="""
        id   | created_date        | close_date | stage_name | amount | currency_iso_code
        0061 | 2026-05-02 09:00:00 | 2026-05-31 | Discovery  | 100    | EUR
        0062 | 2026-05-02 09:00:00 | 2026-05-31 | Discovery  | 80     | GBP
        0063 | 2026-05-02 09:00:00 | 2026-05-31 | Discovery  | 125    | USD
    """,
)


def test_rates_of_another_corporate_currency_lead_to_the_reporting_one(shipped: Published) -> None:
    """Of one worth, in three currencies; the rates are of euros, the report is in dollars."""
    deals = shipped.rows("fct_opportunities", "salesforce_euro")
    assert [round(deal["amount"], 9) for deal in deals] == [125, 125, 125]


SHIPPED.add(
    "generic_outcomes",
    opportunities="""
        opportunity_id | created_at          | stage       | is_won | is_closed | closed_at
        won            | 2026-05-02 09:00:00 | Closed Won  |        | true      | 2026-05-09
        lost           | 2026-05-02 09:00:00 | Closed Lost | false  |           | 2026-05-09
        reopened       | 2026-05-02 09:00:00 | Closed Won  |        | false     | 2026-05-09
        odd_stage      | 2026-05-02 09:00:00 | Signed      | true   |           | 2026-05-09
        not_won_yet    | 2026-05-02 09:00:00 | Discovery   | false  |           | 2026-09-09
        given_up       | 2026-05-02 09:00:00 | Left        |        | true      | 2026-05-09
        planned        | 2026-05-02 09:00:00 | Closed Won  | true   | true      | 2027-05-09
    """,
    stage_events="""
        object      | id        | stage     | entered_at
        opportunity | planned   | Discovery | 2026-05-02 09:00:00
        opportunity | planned   | Proposal  | 2026-05-03 09:00:00
    """,
)


@pytest.mark.parametrize(
    ("deal", "outcome"),
    [
        ("won", "won"),
        ("lost", "lost"),
        ("reopened", "open"),
        ("odd_stage", "won"),
        ("not_won_yet", "open"),
        ("given_up", "lost"),
    ],
)
def test_the_stage_says_what_one_flag_leaves_open(
    shipped: Published, deal: str, outcome: str
) -> None:
    assert shipped.deal(f"generic_outcomes:{deal}")["outcome"] == outcome


def test_a_deal_closes_when_it_is_closed(shipped: Published) -> None:
    """What closes after as_of stands where its history has it: built later, the month is the same."""
    deal = shipped.deal("generic_outcomes:planned")
    assert (deal["outcome"], deal["stage"], deal["closed_at"]) == ("open", "Proposal", None)

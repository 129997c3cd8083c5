"""One now, one reporting time zone, dates that stay dates, working hours, cohorts of one age."""

# ruff: noqa: E501 - grids of raw rows are read as tables

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest
from builds import ROOT, Row

from .small_crms import CHANGED, SHIPPED, Published

JUNE, JULY = date(2026, 6, 1), date(2026, 7, 1)

CHANGED.add(
    "salesforce",
    lead="""
        id   | created_date        | status             | lead_source | is_converted | converted_date
        13Q1 | 2026-07-01 03:00:00 | New                | Conference  |              |
        13Q2 | 2026-07-20 03:00:00 | New                | Conference  |              |
        13Q3 | 2026-06-01 16:00:00 | New                | Conference  |              |
        13Q4 | 2026-06-20 16:00:00 | Closed - Converted | Webinar     | true         | 2026-07-01
        13Q5 | 2026-07-01          | New                | Webinar     |              |
        13Q6 | 2026-06-20 16:00:00 | Closed - Converted | Webinar     | true         | 2026-07-01 00:00:00
    """,
    opportunity="""
        id   | created_date        | close_date | stage_name
        13O1 | 2026-06-01 03:00:00 | 2026-06-30 | Closed Won
        13O2 | 2026-06-01 03:00:00 | 2026-07-01 | Closed Won
    """,
    task="""
        id   | who_id | status      | is_closed | created_date        | activity_date
        13T1 | 13Q2   | Not Started | false     | 2026-07-21 09:00:00 | 2026-07-31
        13T2 | 13Q3   | Not Started | false     | 2026-07-01 09:00:00 | 2026-07-30
        13T3 | 13Q5   | Completed   | true      | 2026-07-21 09:00:00 | 2026-08-01
    """,
    event="""
        id   | who_id | activity_date | created_date
        13E1 | 13Q5   | 2026-08-01    | 2026-07-21 09:00:00
    """,
)
CHANGED.add(
    "hubspot",
    contact="""
        id   | property_createdate | property_lifecyclestage
        1301 | 2026-05-01 09:00:00 | opportunity
    """,
    deal_pipeline="""
        pipeline_id | label
        default     | Sales
    """,
    deal_pipeline_stage="""
        pipeline_id | stage_id  | label | display_order | is_closed | probability
        default     | closedwon | Won   | 1             | true      | 1.0
    """,
    deal="""
        deal_id | deal_pipeline_id | deal_pipeline_stage_id | property_createdate | property_closedate
        1131    | default          | closedwon              | 2026-05-06 09:00:00 | 2026-07-01 02:00:00
        1132    | default          | closedwon              | 2026-05-06 09:00:00 | 2026-07-01 00:00:00
    """,
)


def test_pitfall_13_a_close_date_keeps_its_day_in_every_time_zone(changed: Published) -> None:
    """A real date is no moment: New York does not make it the day before."""
    first, second = (changed.deal(f"salesforce:13O{n}") for n in (1, 2))
    assert (first["closed_on"], first["closed_month"]) == (date(2026, 6, 30), JUNE)
    assert (second["closed_on"], second["closed_month"]) == (JULY, JULY)


def test_pitfall_13_a_closing_moment_falls_on_its_local_day(changed: Published) -> None:
    """HubSpot's close date is a moment, unless it is exactly midnight."""
    moment, day = (changed.deal(f"hubspot:{n}") for n in (1131, 1132))
    assert (moment["closed_on"], moment["closed_month"]) == (date(2026, 6, 30), JUNE)
    assert (day["closed_on"], day["closed_month"]) == (JULY, JULY)


def test_pitfall_13_a_due_date_is_the_whole_day(changed: Published) -> None:
    """Due on the day of as_of is still scheduled, due the day before is not."""
    due_today, overdue = (changed.lead(f"salesforce:13Q{n}") for n in (2, 3))
    assert due_today["next_step_verdict"] == "pass"
    assert overdue["next_step_verdict"] == "fail"


def test_pitfall_13_what_is_only_a_date_begins_with_the_local_day(changed: Published) -> None:
    """Converted on the first of July is July in New York, and tomorrow has not begun there."""
    dated, *converted = (changed.lead(f"salesforce:13Q{n}") for n in (5, 4, 6))
    for lead in converted:
        assert (lead["accepted_at"], lead["accepted_on"]) == (datetime(2026, 7, 1, 4), JULY)
    assert (dated["created_at"], dated["created_month"]) == (datetime(2026, 7, 1, 4), JULY)
    assert (dated["touch_count"], dated["first_conversation_at"]) == (0, None)
    assert dated["next_step_verdict"] == "pass"


def test_buckets_are_of_the_reporting_time_zone(changed: Published) -> None:
    """03:00 UTC on the first of July is June in New York; times themselves stay UTC."""
    lead = changed.lead("salesforce:13Q1")
    assert (lead["created_at"], lead["created_month"]) == (datetime(2026, 7, 1, 3), JUNE)
    assert changed.deal("salesforce:13O1")["opened_month"] == date(2026, 5, 1)
    row = changed.row("lead_quality_by_source", created_month=JUNE, source="conference")
    assert row["leads"] == 2
    publication = changed.row("publication")
    assert publication["reporting_timezone"] == "America/New_York"
    assert publication["as_of"] == datetime(2026, 8, 1, 3, 59, 59)


THEN = {
    "lead": """
        id   | created_date        | last_modified_date  | status  | lead_source
        00Q1 | 2026-06-01 09:00:00 | 2026-06-02 09:00:00 | Working | Partner
    """,
    "lead_history": """
        id   | lead_id | field  | new_value | created_date
        0171 | 00Q1    | Status | Working   | 2026-06-02 09:00:00
    """,
    "task": """
        id   | who_id | status    | is_closed | created_date        | completed_date_time
        00T1 | 00Q1   | Completed | true      | 2026-06-03 09:00:00 | 2026-06-03 09:00:00
    """,
    "opportunity": """
        id   | created_date        | last_modified_date  | stage_name | amount | is_closed | close_date
        0061 | 2026-06-05 09:00:00 | 2026-06-06 09:00:00 | Discovery  | 100    | false     | 2026-09-01
    """,
    "opportunity_history": """
        id   | opportunity_id | stage_name | created_date
        0081 | 0061           | Discovery  | 2026-06-05 09:00:00
    """,
}
SINCE = {
    "lead": """
        id   | created_date        | last_modified_date  | status | lead_source
        00Q2 | 2026-08-05 09:00:00 | 2026-08-05 09:00:00 | New    | Partner
    """,
    "lead_history": """
        id   | lead_id | field  | new_value | created_date
        0172 | 00Q1    | Status | Qualified | 2026-08-02 09:00:00
    """,
    "task": """
        id   | who_id | status    | is_closed | created_date        | completed_date_time
        00T2 | 00Q1   | Completed | true      | 2026-08-03 09:00:00 | 2026-08-03 09:00:00
    """,
    "opportunity_history": """
        id   | opportunity_id | stage_name | created_date
        0082 | 0061           | Closed Won | 2026-08-09 09:00:00
    """,
}
SHIPPED.add("salesforce_then", **THEN)
SHIPPED.add(
    "salesforce_since",
    **{name: rows for name, rows in THEN.items() if name not in ("lead", "opportunity")},
    lead=THEN["lead"].replace("2026-06-02 09:00:00 | Working", "2026-08-02 09:00:00 | Qualified"),
    opportunity=THEN["opportunity"]
    .replace("2026-06-06 09:00:00 | Discovery", "2026-08-09 09:00:00 | Closed Won")
    .replace("false     | 2026-09-01", "true      | 2026-09-01"),
)
SHIPPED.add("salesforce_since", **SINCE)


def _without_crm(rows: list[Row], crm: str) -> list[Row]:
    """The rows in an order of their own: a table has none."""
    bare = (
        {name: str(value).replace(f"{crm}:", "") for name, value in row.items() if name != "crm"}
        for row in rows
    )
    return sorted(bare, key=str)


@pytest.mark.parametrize(
    "table",
    [
        "fct_leads",
        "fct_lead_stages",
        "fct_lead_verdicts",
        "fct_opportunities",
        "fct_opportunity_stages",
    ],
)
def test_pitfall_14_what_came_after_as_of_changes_nothing(table: str, shipped: Published) -> None:
    """The same CRM, read on the day and read weeks later: a past month gives the same numbers."""
    then, since = (
        _without_crm(shipped.rows(table, crm), crm)
        for crm in ("salesforce_then", "salesforce_since")
    )
    assert then == since != []


CLOCKS = re.compile(r"current_(date|time|timestamp)|\b(now|getdate|sysdate)\(|localtime", re.I)
COMMENTS = re.compile(r"\{#.*?#\}|--[^\n]*", re.DOTALL)


def test_pitfall_14_no_model_reads_the_clock(shipped: Published) -> None:
    files = [*(ROOT / "models").rglob("*.sql"), *(ROOT / "macros").rglob("*.sql")]
    assert files
    assert [file.name for file in files if CLOCKS.search(COMMENTS.sub("", file.read_text()))] == []
    assert shipped.row("publication")["as_of"] == datetime(2026, 7, 31, 23, 59, 59)


CLOCKED = {
    "user": """
        id   | is_active | time_zone_sid_key
        0051 | true      | America/New_York
        0052 | true      |
    """,
    "lead": """
        id   | created_date        | status | owner_id
        15Q1 | 2026-03-06 12:00:00 | MQL    | 0051
        15Q2 | 2026-05-22 12:00:00 | MQL    | 0051
        15Q3 | 2026-05-22 12:00:00 | MQL    | 0052
    """,
    # Friday 16:00 to Monday 10:00 in New York: the clocks went forward on Sunday, 8 March 2026.
    "lead_history": """
        id   | lead_id | field  | new_value | created_date
        15H1 | 15Q1    | Status | MQL       | 2026-03-06 21:00:00
        15H2 | 15Q2    | Status | MQL       | 2026-05-22 20:00:00
        15H3 | 15Q3    | Status | MQL       | 2026-05-22 16:00:00
    """,
    "task": """
        id   | who_id | status    | is_closed | created_date        | completed_date_time
        15T1 | 15Q1   | Completed | true      | 2026-03-09 14:00:00 | 2026-03-09 14:00:00
        15T2 | 15Q2   | Completed | true      | 2026-05-26 14:00:00 | 2026-05-26 14:00:00
        15T3 | 15Q3   | Completed | true      | 2026-05-25 10:00:00 | 2026-05-25 10:00:00
    """,
}
SHIPPED.add("salesforce_clocks", **CLOCKED)
CHANGED.add("salesforce_clocks", **CLOCKED)


def _hours(tables: Published, number: int) -> tuple[float, float]:
    lead = tables.lead(f"salesforce_clocks:15Q{number}")
    return lead["hours_to_first_touch"], lead["business_hours_to_first_touch"]


def test_pitfall_15_business_hours_are_of_the_owners_clock_when_it_changes(
    shipped: Published,
) -> None:
    """An hour on Friday and one on Monday, in New York; elapsed are 65, for one was skipped."""
    assert _hours(shipped, 1) == (65, 2)


def test_pitfall_15_without_a_zone_of_the_owner_the_reporting_one_counts(
    shipped: Published,
) -> None:
    """Friday 16:00 to Monday 10:00, UTC."""
    assert _hours(shipped, 3) == (66, 2)


def test_pitfall_15_holidays_are_no_working_days(shipped: Published, changed: Published) -> None:
    """Friday 16:00 to Tuesday 10:00 in New York; Monday is a working day until the seed says no."""
    assert _hours(shipped, 2) == (90, 10)
    assert _hours(changed, 2) == (90, 2)


SHIPPED.add(
    "salesforce",
    lead="""
        id   | created_date        | status | lead_source   | is_converted | converted_date      | converted_opportunity_id
        25Q1 | 2026-03-02 09:00:00 | SQL    | Word of mouth | true         | 2026-04-01 09:00:00 | 25O1
        25Q2 | 2026-03-02 09:00:00 | SQL    | Word of mouth | true         | 2026-06-20 09:00:00 | 25O2
        25Q3 | 2026-07-02 09:00:00 | SQL    | Word of mouth | true         | 2026-07-03 09:00:00 | 25O3
        25Q4 | 2026-07-02 09:00:00 | New    | Word of mouth | false        |                     |
    """,
    opportunity="""
        id   | created_date        | stage_name | amount
        25O1 | 2026-04-01 09:00:00 | Discovery  | 10
        25O2 | 2026-06-20 09:00:00 | Discovery  | 10
        25O3 | 2026-07-03 09:00:00 | Discovery  | 10
    """,
)


def test_pitfall_25_young_leads_are_in_no_conversion_rate(shipped: Published) -> None:
    """July has not had its 90 days: no rate at all, and the share that is mature is shown."""
    row = shipped.row("lead_quality_by_source", created_month=JULY, source="word_of_mouth")
    assert (row["leads"], row["mature_leads"], row["mature_opportunity_leads"]) == (2, 0, 0)
    assert row["lead_to_opportunity_rate"] is None


def test_pitfall_25_a_cohorts_rate_stands_once_its_window_is_closed(shipped: Published) -> None:
    """An opportunity on day 110 does not move the rate of 90 days."""
    march = date(2026, 3, 1)
    row = shipped.row("lead_quality_by_source", created_month=march, source="word_of_mouth")
    assert (row["leads"], row["mature_leads"], row["opportunities"]) == (2, 2, 2)
    assert row["lead_to_opportunity_rate"] == 0.5


SHIPPED.add(
    "salesforce",
    opportunity="""
        id   | created_date        | stage_name | lead_source
        26O1 | 2026-05-01 09:00:00 | Proposal   | SDR
        26O2 | 2026-05-01 09:00:00 | Proposal   | SDR
        26O3 | 2026-05-01 09:00:00 | Discovery  | SDR
    """,
    opportunity_history="""
        id   | opportunity_id | stage_name | created_date
        2681 | 26O1           | Discovery  | 2026-05-01 09:00:00
        2682 | 26O1           | Proposal   | 2026-05-11 09:00:00
        2683 | 26O2           | Discovery  | 2026-05-01 09:00:00
        2684 | 26O2           | Proposal   | 2026-05-21 09:00:00
        2685 | 26O3           | Discovery  | 2026-05-01 09:00:00
    """,
)


def test_pitfall_25_open_visits_count_as_censored_in_the_median(shipped: Published) -> None:
    """10 and 20 days, and one that is still there: half are gone by 20, not by 15."""
    row = shipped.row("velocity_by_source", source="sdr", stage="Discovery", outcome="open")
    assert (row["finished_visits"], row["open_visits"]) == (2, 1)
    assert (row["median_days"], row["mean_days"]) == (20, 15)


SHIPPED.add(
    "salesforce",
    lead="""
        id   | created_date        | status
        27Q1 | 2026-05-01 09:00:00 | Working
    """,
    lead_history="""
        id   | lead_id | field  | new_value | created_date
        27H1 | 27Q1    | Status | MQL       | 2026-05-02 09:00:00
        27H2 | 27Q1    | Status | Working   | 2026-05-02 18:00:00
    """,
    task="""
        id   | who_id | status    | is_closed | created_date        | completed_date_time
        27T1 | 27Q1   | Completed | true      | 2026-05-02 15:30:00 | 2026-05-02 15:30:00
    """,
    opportunity="""
        id   | created_date        | close_date | stage_name
        27O1 | 2026-05-01 00:00:00 | 2026-05-31 | Closed Won
        27O2 | 2026-05-31 00:00:00 | 2026-05-01 | Closed Won
    """,
)
DURATIONS = {
    "fct_leads": ["hours_to_first_touch", "business_hours_to_first_touch"],
    "fct_lead_stages": ["days_in_stage"],
    "fct_opportunities": ["days_to_close"],
    "fct_opportunity_stages": ["days_in_stage"],
    "velocity_by_source": ["mean_days", "median_days", "p75_days", "p90_days"],
    "follow_up_by_owner": ["median_hours_to_first_touch", "median_business_hours_to_first_touch"],
}


def test_tool_trap_reversed_datediff_no_duration_is_negative(
    shipped: Published, changed: Published
) -> None:
    for table, columns in DURATIONS.items():
        for column in columns:
            known = [
                row[column]
                for row in shipped.rows(table) + changed.rows(table)
                if row[column] is not None
            ]
            assert min(known) >= 0, f"{table}.{column}"
            assert max(known) > 0, f"{table}.{column}"


def test_tool_trap_reversed_datediff_durations_are_what_the_calendar_says(
    shipped: Published,
) -> None:
    """Closed before it was opened is no duration."""
    lead = shipped.lead("salesforce:27Q1")
    assert lead["hours_to_first_touch"] == timedelta(hours=6.5) / timedelta(hours=1)
    assert shipped.deal("salesforce:27O1")["days_to_close"] == 30
    assert shipped.deal("salesforce:27O2")["days_to_close"] is None
    captured = shipped.row("fct_lead_stages", lead_id="salesforce:27Q1", stage="captured")
    assert captured["days_in_stage"] == 1

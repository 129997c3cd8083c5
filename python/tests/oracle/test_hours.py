"""Working hours and activities that are gone, by hand."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from .hours import business_hours
from .settings import Settings
from .small import AS_OF, by, lines, tables_of


@pytest.mark.parametrize(
    ("start", "end", "zone", "hours"),
    [
        ("2026-06-26 16:00", "2026-06-29 10:00", "UTC", 2.0),  # over a weekend
        ("2026-06-27 10:00", "2026-06-28 10:00", "UTC", 0.0),
        ("2026-06-22 00:00", "2026-06-27 00:00", "UTC", 40.0),
        ("2026-06-22 12:00", "2026-06-22 15:30", "America/New_York", 2.5),  # opens at 13:00 UTC
        ("2026-03-06 21:30", "2026-03-09 14:00", "America/New_York", 1.5),  # clocks went forward
        ("2026-07-02 16:00", "2026-07-06 10:00", "UTC", 2.0),  # Friday 3 July is a holiday
    ],
)
def test_business_hours(start: str, end: str, zone: str, hours: float) -> None:
    found = business_hours(
        datetime.fromisoformat(start),
        datetime.fromisoformat(end),
        ZoneInfo(zone),
        {date(2026, 7, 3)},
        Settings(AS_OF),
    )
    assert found == hours


def test_the_owner_has_a_clock_of_his_own() -> None:
    lead = "id, created_date, status, owner_id\n{}, 2026-06-22 12:00, MQL, {}"
    tables = tables_of(
        salesforce={
            "lead": lines(lead.format("00A", "005A") + "\n00B, 2026-06-22 12:00, MQL, 005B"),
            "user": lines("id, time_zone_sid_key\n005A, America/New_York\n005B, Middle of nowhere"),
            "task": lines(
                """
                id, who_id, created_date,     status
                T1, 00A,    2026-06-22 15:30, Completed
                T2, 00B,    2026-06-22 15:30, Completed
                """
            ),
        }
    )
    leads = by(tables, "fct_leads", "lead_id")
    hours = [row["business_hours_to_first_touch"] for row in leads.values()]
    assert hours == [2.5, 3.5]
    assert {row["hours_to_first_touch"] for row in leads.values()} == {3.5}


def test_leads_from_before_the_first_activity_can_not_be_judged() -> None:
    """00A and 00B were handed over before the task of 2 May, 00C after; all are due."""
    leads = """
        id,  created_date, status, last_modified_date
        00A, 2026-04-01,   MQL,    2026-04-30
        00B, 2026-04-01,   MQL,    2026-05-01
        00C, 2026-04-01,   MQL,    2026-05-03
        """
    task = "id, who_id, created_date, status\nT1, 00C, 2026-05-02, Completed"
    tables = tables_of(salesforce={"lead": lines(leads), "task": lines(task)})
    flags = [lead["is_before_activities"] for lead in tables["fct_leads"]]
    assert flags == [True, True, False]
    assert [row["follow_up_grade"] for row in tables["lead_quality_by_source"]] == ["unusable"]
    grades = {str(row["handed_over_month"]): row for row in tables["follow_up_by_owner"]}
    assert {month: row["follow_up_grade"] for month, row in grades.items()} == {
        "2026-04-01": "unusable",
        "2026-05-01": "unusable",  # one of two, more than 1 - 0.6
    }
    later = tables_of(
        salesforce={"lead": lines(leads.replace("04-30", "05-01")), "task": lines(task)}
    )
    assert not any(lead["is_before_activities"] for lead in later["fct_leads"])
    without = tables_of(salesforce={"lead": lines(leads)})
    assert all(lead["is_before_activities"] for lead in without["fct_leads"])

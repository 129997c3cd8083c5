"""Which activities are touches, whose they are, and whether follow-up can be measured at all."""

# ruff: noqa: E501 - grids of raw rows are read as tables

from __future__ import annotations

from datetime import date

import pytest

from .small_crms import SHIPPED, Published

SHIPPED.add(
    "salesforce",
    lead="""
        id   | created_date        | status
        17Q1 | 2026-05-01 09:00:00 | MQL
        17Q2 | 2026-05-01 09:00:00 | MQL
        17Q3 | 2026-05-01 09:00:00 | MQL
        17Q4 | 2026-05-01 09:00:00 | MQL
        17Q5 | 2026-05-01 09:00:00 | MQL
        17Q6 | 2026-05-01 09:00:00 | MQL
        17Q7 | 2026-05-01 09:00:00 | MQL
    """,
    lead_history="""
        id   | lead_id | field  | new_value | created_date
        17H1 | 17Q1    | Status | MQL       | 2026-05-02 09:00:00
        17H2 | 17Q2    | Status | MQL       | 2026-05-02 09:00:00
        17H3 | 17Q3    | Status | MQL       | 2026-05-02 09:00:00
        17H4 | 17Q4    | Status | MQL       | 2026-05-02 09:00:00
        17H5 | 17Q5    | Status | MQL       | 2026-05-02 09:00:00
        17H6 | 17Q6    | Status | MQL       | 2026-05-02 09:00:00
        17H7 | 17Q7    | Status | MQL       | 2026-05-02 09:00:00
    """,
    task="""
        id   | who_id | status      | is_closed | created_date        | activity_date | completed_date_time | subject            | is_deleted
        17T1 | 17Q1   | Not Started | false     | 2026-05-02 10:00:00 | 2026-08-20    |                     | Call               | false
        17T2 | 17Q2   | Not Started | false     | 2026-05-02 10:00:00 | 2026-05-03    |                     | Call               | false
        17T3 | 17Q3   | Completed   | true      | 2026-05-02 10:00:00 | 2026-08-20    | 2026-05-04 10:00:00 | Call               | false
        17T4 | 17Q4   | Completed   | true      | 2026-05-02 10:00:00 | 2026-05-05    |                     | Call               | false
        17T5 | 17Q5   | Completed   | true      | 2026-05-02 10:00:00 | 2026-05-05    | 2026-05-04 10:00:00 | Pardot List Email: | false
        17T6 | 17Q6   | Completed   | true      | 2026-05-02 10:00:00 | 2026-05-05    | 2026-05-04 10:00:00 | Call               | true
        17T7 | 17Q6   | Completed   | true      | 2026-05-02 10:00:00 | 2026-05-05    | 2026-05-04 10:00:00 | E-mail             | true
        17T8 | 17Q7   | Completed   |           | 2026-05-02 10:00:00 | 2026-05-05    | 2026-05-04 10:00:00 | Call               |
    """,
)


@pytest.mark.parametrize(
    ("lead", "touched_at", "is_guessed", "next_step"),
    [
        ("17Q1", None, False, "pass"),  # scheduled for later
        ("17Q2", None, False, "fail"),  # overdue: neither done nor scheduled
        ("17Q3", "2026-05-04 10:00:00", False, "fail"),  # done before it was due
        ("17Q4", "2026-05-05 00:00:00", True, "fail"),  # done, nobody knows when: it was due then
        ("17Q5", None, False, "fail"),  # logged by a machine
    ],
)
def test_pitfall_17_only_what_was_done_is_a_touch(
    lead: str, touched_at: str | None, is_guessed: bool, next_step: str, shipped: Published
) -> None:
    row = shipped.lead(f"salesforce:{lead}")
    assert (row["first_touch_at"] and str(row["first_touch_at"])) == touched_at
    assert row["touch_count"] == (touched_at is not None)
    assert row["is_first_touch_inferred"] == is_guessed
    assert row["next_step_verdict"] == next_step


def test_tool_trap_and_or_deleted_tasks_count_nowhere_whatever_they_are(
    shipped: Published,
) -> None:
    """A deleted call and a deleted e-mail."""
    row = shipped.lead("salesforce:17Q6")
    assert (row["touch_count"], row["first_touch_at"], row["lead_state"]) == (0, None, "ignored")


def test_tool_trap_and_or_an_empty_deleted_flag_is_not_deleted(shipped: Published) -> None:
    row = shipped.lead("salesforce:17Q7")
    assert str(row["first_touch_at"]) == "2026-05-04 10:00:00"


MARCH, JUNE = date(2026, 3, 1), date(2026, 6, 1)
SHIPPED.add(
    "salesforce_archive",
    lead="""
        id   | created_date        | status | lead_source | owner_id
        00Q1 | 2026-03-01 09:00:00 | MQL    | Display     | 0051
        00Q2 | 2026-06-01 09:00:00 | MQL    | Display     | 0051
    """,
    lead_history="""
        id   | lead_id | field  | new_value | created_date
        0171 | 00Q1    | Status | MQL       | 2026-03-02 09:00:00
        0172 | 00Q2    | Status | MQL       | 2026-06-02 09:00:00
    """,
    task="""
        id   | who_id | status    | is_closed | created_date        | completed_date_time
        00T1 | 00Q2   | Completed | true      | 2026-05-30 09:00:00 | 2026-05-30 09:00:00
        00T2 | 00Q2   | Completed | true      | 2026-06-03 09:00:00 | 2026-06-03 09:00:00
    """,
)


def test_pitfall_18_months_before_the_first_activity_are_unusable(shipped: Published) -> None:
    """Tasks of March were archived away: the lead looks ignored, and the tables say why."""
    crm = "salesforce_archive"
    assert shipped.lead(f"{crm}:00Q1")["is_before_activities"]
    assert not shipped.lead(f"{crm}:00Q2")["is_before_activities"]
    for month, grade in ((MARCH, "unusable"), (JUNE, "usable")):
        by_source = shipped.row("lead_quality_by_source", created_month=month, source="display")
        by_owner = shipped.row("follow_up_by_owner", crm, handed_over_month=month)
        assert (by_source["follow_up_grade"], by_owner["follow_up_grade"]) == (grade, grade)
        assert (by_source["due_leads"], by_owner["due_leads"]) == (1, 1)


def test_pitfall_18_unusable_leads_cannot_answer_whether_follow_up_was_done(
    shipped: Published,
) -> None:
    asked = [lead for lead in shipped.rows("fct_leads") if lead["handed_over_at"]]
    answering = [
        lead
        for lead in asked
        if not lead["is_handover_inferred"] and not lead["is_before_activities"]
    ]
    row = shipped.row("crm_trust", question="was follow-up completed")
    assert (row["answerable_rows"], row["rows"]) == (len(answering), len(asked))


SHIPPED.add(
    "salesforce",
    lead="""
        id   | created_date        | status | is_converted | converted_date      | converted_contact_id | converted_account_id
        19Q1 | 2026-05-01 09:00:00 | SQL    | true         | 2026-05-05 09:00:00 | 19C1                 | 19A1
    """,
    lead_history="""
        id   | lead_id | field  | new_value | created_date
        19H1 | 19Q1    | Status | MQL       | 2026-05-02 09:00:00
    """,
    contact="""
        id   | account_id
        19C1 | 19A1
    """,
    task="""
        id   | who_id | status    | is_closed | created_date        | completed_date_time
        19T1 | 19C1   | Completed | true      | 2026-05-03 09:00:00 | 2026-05-03 09:00:00
    """,
    event="""
        id   | who_id | created_date        | start_date_time
        19E1 | 19C1   | 2026-05-03 09:00:00 | 2026-05-04 09:00:00
    """,
)


def test_pitfall_19_tasks_that_moved_to_the_contact_are_still_the_leads(
    shipped: Published,
) -> None:
    lead = shipped.lead("salesforce:19Q1")
    assert str(lead["first_touch_at"]) == "2026-05-03 09:00:00"
    assert str(lead["first_conversation_at"]) == "2026-05-04 09:00:00"


OWNERS = "salesforce_owners"
SHIPPED.add(
    OWNERS,
    user="""
        id   | is_active
        0051 | true
        0052 | false
    """,
    group="""
        id   | type  | name
        00G1 | Queue | Inbound
    """,
    lead="""
        id   | created_date        | status | owner_id
        00Q1 | 2026-05-01 09:00:00 | MQL    | 0051
        00Q2 | 2026-05-01 09:00:00 | MQL    | 0052
        00Q3 | 2026-05-01 09:00:00 | MQL    | 00G1
        00Q4 | 2026-05-01 09:00:00 | MQL    |
    """,
    lead_history="""
        id   | lead_id | field  | new_value | created_date
        0171 | 00Q1    | Status | MQL       | 2026-05-02 09:00:00
        0172 | 00Q2    | Status | MQL       | 2026-05-02 09:00:00
        0173 | 00Q3    | Status | MQL       | 2026-05-02 09:00:00
        0174 | 00Q4    | Status | MQL       | 2026-05-02 09:00:00
    """,
    task="""
        id   | who_id | status    | is_closed | created_date        | completed_date_time
        00T1 | 00Q1   | Completed | true      | 2026-05-03 08:00:00 | 2026-05-03 08:00:00
    """,
)


def test_leads_of_queues_and_of_owners_who_left_stay_in_follow_up(shipped: Published) -> None:
    """All four are due; only the one whose owner is there was touched."""
    owners = {
        row["owner_id"]: (row["owner_type"], row["is_active"], row["queue_name"])
        for row in shipped.rows("dim_owners", OWNERS)
    }
    assert owners[f"{OWNERS}:0051"] == ("user", True, None)
    assert owners[f"{OWNERS}:0052"] == ("user", False, None)
    assert owners[f"{OWNERS}:00G1"][0] == "queue"
    assert owners[f"{OWNERS}:00G1"][2] == "Inbound"
    for owner, ignored in (("0051", 0), ("0052", 1), ("00G1", 1)):
        row = shipped.row("follow_up_by_owner", owner_id=f"{OWNERS}:{owner}")
        assert (row["due_leads"], row["ignored_leads"]) == (1, ignored)
    unassigned = shipped.lead(f"{OWNERS}:00Q4")
    assert (unassigned["owner_id"], unassigned["is_follow_up_due"]) == (None, True)
    assert unassigned["lead_state"] == "ignored"

"""Whose rows go with a person who asked to be forgotten, and what is past retention, by hand."""

from __future__ import annotations

from .run import run
from .settings import Settings
from .small import AS_OF, by, fates, lines

LEADS = """
id, created_date, status, email,          converted_contact_id, master_record_id
A,  2026-01-01,   New,    Ann@X.example,  C,
B,  2026-01-02,   New,    ann@old.example, ,                    A
D,  2026-01-03,   New,    ANN@x.example,   ,
E,  2026-01-04,   New,    bo@x.example,    ,
"""
SALESFORCE = {
    "lead": lines(LEADS),
    "contact": lines("id, email, account_id\nC, ann@new.example, 001\nF, bo@x.example, 001"),
    "opportunity": lines("id, created_date, stage_name, account_id\n006, 2026-02-01, Demo, 001"),
    "opportunity_contact_role": lines("id, opportunity_id, contact_id\n1, 006, C\n2, 006, F"),
    "task": lines(
        """
        id, who_id, what_id, created_date, status
        T1, C,      006,     2026-02-01,   Completed
        T2, F,      006,     2026-02-02,   Completed
        """
    ),
}
HUBSPOT = {
    "contact": lines(
        """
        id, createdate, email,          lifecyclestage, hs_additional_emails, hs_merged_object_ids
        1,  2026-01-01, a@home.example, lead,           q@x.example;ann@NEW.example, 9
        2,  2026-01-01, bo@x.example,   lead,           ,
        """
    ),
    "engagement_call": lines("engagement_id, hs_timestamp\n1, 2026-02-01\n2, 2026-02-02"),
    "engagement_contact": lines("engagement_id, contact_id\n1, 9\n2, 1\n2, 2"),
}


def forgotten(*asked: str, **settings: object) -> dict[tuple[str, str], int]:
    """CRM and table -> rows that go, where some do."""
    raw = {"salesforce": SALESFORCE, "hubspot": HUBSPOT}
    tables = run(raw, Settings(AS_OF, forgotten=asked, **settings))  # type: ignore[arg-type]
    return {
        (row["crm"], row["raw_table"]): row["forgotten_rows"]
        for row in tables["row_accounting"]
        if row["forgotten_rows"]
    }


def test_every_record_that_is_tied_to_the_person_goes_with_what_belongs_to_it() -> None:
    expected = {
        ("salesforce", "lead"): 3,
        ("salesforce", "contact"): 1,
        ("salesforce", "opportunity_contact_role"): 1,
        ("salesforce", "task"): 1,
        ("hubspot", "contact"): 1,
        ("hubspot", "engagement_call"): 1,  # the second one was with somebody else too
        ("hubspot", "engagement_contact"): 2,
    }
    for asked in ("ann@x.example", "ann@old.example", "salesforce:B", "hubspot:9"):
        assert forgotten(asked) == expected, asked


def test_others_stay_and_so_does_the_deal() -> None:
    raw = {"salesforce": SALESFORCE, "hubspot": HUBSPOT}
    tables = run(raw, Settings(AS_OF, forgotten=("ann@x.example",)))
    assert set(by(tables, "fct_leads", "lead_id")) == {"salesforce:E"}
    assert by(tables, "fct_opportunities", "opportunity_id")["salesforce:006"]["contact_count"] == 1
    assert fates(tables)["salesforce", "lead"] == "1 0 3 0"
    assert set(by(tables, "fct_touches", "touch_id")) == {"salesforce:T2", "hubspot:2"}


def test_who_is_not_there_changes_nothing() -> None:
    assert forgotten("nobody@x.example", "salesforce:Z") == {}


def test_plus_address_is_another_person_unless_told_so() -> None:
    assert forgotten("bo+news@x.example") == {}
    assert forgotten("bo+news@x.example", merge_plus_addresses=True)["salesforce", "lead"] == 1


def test_row_that_could_not_be_used_is_the_persons_all_the_same() -> None:
    leads = lines("id, created_date, status, email\nG, never, New, ann@x.example\nH, , New,")
    tables = run({"salesforce": {"lead": leads}}, Settings(AS_OF, forgotten=("ann@x.example",)))
    assert [row["raw_id"] for row in tables["quarantined_rows"]] == ["salesforce:H"]


def test_lead_is_kept_by_its_earliest_record_and_deal_by_its_close() -> None:
    leads = lines(
        """
        id, created_date, status, email
        A,  2025-12-29,   New,    a@x.example
        B,  2026-06-01,   New,    a@x.example
        C,  2025-12-30,   New,    c@x.example
        D,  2026-06-01,   New,    d@x.example
        """
    )
    deals = lines(
        """
        id, created_date, stage_name,  is_closed, is_won, close_date
        1,  2025-01-01,   Closed Lost, true,      false,  2025-12-29
        2,  2025-01-01,   Closed Won,  true,      true,   2025-12-30
        3,  2025-01-01,   Proposal,    false,     false,  2025-01-02
        """
    )
    raw = {"salesforce": {"lead": leads, "opportunity": deals}}
    tables = run(raw, Settings("2026-06-30", retention_months=6))
    assert set(by(tables, "fct_leads", "lead_id")) == {"salesforce:C", "salesforce:D"}
    assert set(by(tables, "fct_opportunities", "opportunity_id")) == {
        "salesforce:2",
        "salesforce:3",
    }
    assert fates(tables)["salesforce", "lead"] == "2 0 2 0"
    assert fates(tables)["salesforce", "opportunity"] == "2 0 1 0"


def test_months_end_where_a_short_month_does() -> None:
    def first(as_of: str, months: int) -> str:
        return str(Settings(as_of, retention_months=months).first_kept_day)

    assert first("2026-10-31", 1) == "2026-09-30"
    assert first("2026-03-31", 1) == "2026-02-28"
    assert first("2026-01-15", 13) == "2024-12-15"
    assert first("2026-01-15", 0) == "0001-01-01"

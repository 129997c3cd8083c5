"""Raw HubSpot people of any loader become the same leads, changes, merges and responses."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from builds import SHARED
from hubspot_people_crms import (
    MQL,
    airbyte,
    contact_rules,
    dates,
    dlt,
    fivetran,
    lead_object,
    merges,
    old_airbyte,
    submissions,
)
from staging_builds import Query, build_staging, querying

AT = dt.datetime
LOADERS = ("fivetran", "airbyte", "old_airbyte", "dlt")
AS_OF = "2026-03-01 00:00:00"


@pytest.fixture(scope="module")
def query(tmp_path_factory: pytest.TempPathFactory) -> Query:
    """One build that reads every CRM of this page, each a folder of its own."""
    work, raw = tmp_path_factory.mktemp("work"), tmp_path_factory.mktemp("raw")
    loaders = (fivetran, airbyte, old_airbyte, dlt)
    crms = (*loaders, contact_rules, merges, dates, lead_object, submissions)
    for crm in crms:
        crm(raw / crm.__name__)
    settings = {
        "crms": {crm.__name__: "hubspot" for crm in crms},
        "hubspot_fields": {"timeframe": "Buying Window"},
    }
    result = build_staging(work, raw, "staging.hubspot", AS_OF, settings)
    assert result.returncode == 0, result.stdout[-4000:]
    return querying(work)


@pytest.mark.parametrize("crm", LOADERS)
def test_every_loader_gives_the_same_lead(query: Query, crm: str) -> None:
    found = query(
        "select lead_id, created_at, last_modified_at, status, lead_source, owner_id, email,"
        " first_name, title, pain, company_id, person_contact_id, is_converted, row_reason"
        f" from stg_hubspot__leads where crm = '{crm}' and row_status = 'used'"
    )
    me = f"{crm}:101"
    expected = (
        *(me, AT(2026, 1, 5, 9), AT(2026, 2, 1), "NEW", "PAID_SEARCH", f"{crm}:7"),
        *("ann@acme.example", "Ann", "CFO", "Slow books", f"{crm}:201", me, False, None),
    )
    assert found == [expected]
    companies = query(
        "select company_id, name, website, industry, employees, country"
        f" from stg_hubspot__companies where crm = '{crm}'"
    )
    acme = (f"{crm}:201", "Acme", "acme.example", "COMPUTER_SOFTWARE", 40.0, "Spain")
    assert companies == [acme]
    owners = query(
        "select owner_id, owner_type, is_active, queue_name, time_zone"
        f" from stg_hubspot__owners where crm = '{crm}'"
    )
    assert owners == [(f"{crm}:7", "user", True, None, None)]


@pytest.mark.parametrize("crm", LOADERS)
def test_every_loader_gives_the_same_changes(query: Query, crm: str) -> None:
    """History appended twice over is one history; a cleared value is a row without a value."""
    found = query(
        "select lead_id, status_of, new_value, changed_at, is_bulk, is_history, is_conversion"
        f" from stg_hubspot__lead_changes where crm = '{crm}' order by changed_at, status_of"
    )
    me = f"{crm}:101"
    assert found == [
        (f"{crm}:102", "lifecyclestage", "lead", AT(2025, 12, 1, 9), False, True, False),
        (me, "lifecyclestage", MQL, AT(2026, 1, 6, 10), True, True, False),
        (me, "status", "NEW", AT(2026, 1, 7, 10), False, True, False),
        (me, None, "CFO", AT(2026, 1, 7, 10), False, True, False),
        (me, "status", None, AT(2026, 1, 8, 10), False, True, False),
    ]
    ids = query(
        f"select count(distinct change_id) from stg_hubspot__lead_changes where crm = '{crm}'"
    )
    assert ids == [(5,)]


@pytest.mark.parametrize("crm", LOADERS)
def test_every_loader_gives_the_same_merge(query: Query, crm: str) -> None:
    found = query(
        "select lead_id, into_lead_id, keeps_history from stg_hubspot__lead_merges"
        f" where crm = '{crm}'"
    )
    assert found == [(f"{crm}:102", f"{crm}:101", True)]


@pytest.mark.parametrize(
    ("crm", "response", "contact"),
    [
        ("fivetran", "102/f1/c1/2025-12-01 09:00:00", "102"),
        ("airbyte", "102/f1/c1/2025-12-01 09:00:00", "102"),
        # Of the address that was typed, the form and the time.
        ("old_airbyte", "fdad1e6c9650e54ca88f6302e33b4eb6", "101"),
    ],
)
def test_a_submission_is_a_response_of_its_contact(
    query: Query, crm: str, response: str, contact: str
) -> None:
    """Where it names no contact, of whoever has the address that was typed."""
    found = query(
        "select response_id, lead_id, contact_id, campaign_id, offer, responded_at"
        f" from stg_hubspot__responses where crm = '{crm}' and row_status = 'used'"
    )
    who, at = f"{crm}:{contact}", AT(2025, 12, 1, 9)
    assert found == [(f"{crm}:{response}", who, who, None, "Request a demo", at)]


def test_dlt_history_that_is_appended_again_is_excluded(query: Query) -> None:
    found = query(
        "select row_status, row_reason, count(*) from stg_hubspot__row_fates"
        " where crm = 'dlt' and raw_table = 'contact_property_history' group by all order by all"
    )
    assert found == [("excluded", "duplicate_copy", 5), ("used", None, 5)]


def test_each_contact_falls_under_the_first_rule_that_holds(query: Query) -> None:
    found = query(
        "select first_name, row_status, row_reason from stg_hubspot__leads"
        " where crm = 'contact_rules'"
    )
    assert {name: (row_status, reason) for name, row_status, reason in found} == {
        "no id": ("quarantined", "no id"),
        "earlier": ("excluded", "duplicate_copy"),
        "later": ("used", None),
        "deleted": ("excluded", "deleted"),
        "undated": ("quarantined", "createdate is empty"),
        "odd date": ("quarantined", "createdate is not a time"),
        "after as_of": ("excluded", "after_as_of"),
        "friend": ("excluded", "not_a_lead"),
        "partner": ("excluded", "not_a_lead"),
        "other, but worked": ("used", None),
        "no stage": ("used", None),
        "other after as_of": ("excluded", "after_as_of"),
    }


def test_contacts_of_deals_need_not_be_leads(query: Query) -> None:
    found = query(
        "select contact_id from stg_hubspot__contacts where crm = 'contact_rules' order by all"
    )
    assert found == [(f"contact_rules:{number}",) for number in (1, 6, 7, 8, 9)]


def test_history_rows_need_a_contact_and_a_time(query: Query) -> None:
    found = query(
        "select row_reason, count(*) from stg_hubspot__contact_property_history"
        " where crm = 'contact_rules' group by all order by all"
    )
    assert found == [
        ("after_as_of", 1),
        ("duplicate_copy", 2),
        ("no contact_id", 1),
        ("timestamp is empty", 1),
        ("timestamp is not a time", 1),
        (None, 2),
    ]


def test_changes_after_as_of_are_handed_on(query: Query) -> None:
    found = query(
        "select changed_at, new_value from stg_hubspot__lead_changes where crm = 'contact_rules'"
        " order by all"
    )
    at = AT(2026, 1, 1)
    assert found == [(at, "lead"), (at, None), (AT(2026, 4, 1), "lead")]


def test_owners_are_users_who_may_have_left_and_queues(query: Query) -> None:
    found = query(
        "select owner_id, owner_type, is_active, queue_name from stg_hubspot__owners"
        " where crm = 'contact_rules' order by all"
    )
    assert found == [
        ("contact_rules:1", "user", True, None),
        ("contact_rules:2", "user", False, None),
        ("contact_rules:3", "queue", None, "EMEA"),
    ]


def test_merged_contacts_go_one_step_whatever_place_tells_it(query: Query) -> None:
    """Of two contacts that list one the one with the larger number counts, not the longer text."""
    found = query("select lead_id, into_lead_id from stg_hubspot__lead_merges where crm = 'merges'")
    steps = {gone.split(":")[1]: into.split(":")[1] for gone, into in found}
    assert steps == {
        **{"1": "2", "2": "3", "4": "99", "99": "3", "5": "6", "6": "5"},
        **{"7": "8", "20": "10", "31": "30"},
    }
    reasons = query(
        "select lead_id, row_status, row_reason from stg_hubspot__leads where crm = 'merges'"
    )
    merged = {lead.split(":")[1] for lead, row_status, _ in reasons if row_status == "merged"}
    assert merged == set(steps) - {"99"}
    assert ("merges:4", "merged", "merged into merges:99") in reasons
    assert ("merges:8", "excluded", "deleted") in reasons


def test_a_chain_ends_at_a_contact_that_is_there_or_at_nobody(query: Query) -> None:
    """Over ids that have no row; circles (5, 6) and deleted ends (7) lead to nobody."""
    found = query(
        "select contact_id, survivor_id from stg_hubspot__contact_survivors"
        " where contact_id like 'merges:%'"
    )
    ends = {gone.split(":")[1]: end.split(":")[1] for gone, end in found}
    assert ends == {"1": "3", "2": "3", "4": "3", "99": "3", "20": "10", "31": "30"}


def test_the_audit_of_merges_is_accounted_for(query: Query) -> None:
    found = query(
        "select raw_id, row_reason from stg_hubspot__row_fates"
        " where crm = 'merges' and raw_table = 'contact_merge_audit' order by all"
    )
    assert found == [
        ("merges:3", "duplicate_copy"),
        ("merges:3", "no vid_to_merge"),
        ("merges:3", None),
        ("merges:99", None),
    ]


def test_date_properties_tell_the_stages_that_history_does_not(query: Query) -> None:
    """The newest kind of date counts, of the copy that counts; merged contacts have history too."""
    found = query(
        "select lead_id, new_value, changed_at, status_of from stg_hubspot__lead_changes"
        " where crm = 'dates' and not is_history order by all"
    )
    sql = "salesqualifiedlead"
    assert found == [
        ("dates:1", MQL, AT(2026, 2, 3), "lifecyclestage"),
        ("dates:2", MQL, AT(2026, 2, 2), "lifecyclestage"),
        ("dates:2", sql, AT(2026, 2, 5), "lifecyclestage"),
        ("dates:3", "123456", AT(2026, 2, 8), "lifecyclestage"),
        ("dates:3", MQL, AT(2026, 2, 1), "lifecyclestage"),
        ("dates:4", sql, AT(2026, 2, 5), "lifecyclestage"),
        ("dates:6", MQL, AT(2026, 6, 1), "lifecyclestage"),
    ]


def test_lead_objects_need_a_contact(query: Query) -> None:
    found = query(
        "select lead_object_id, contact_id, stage, row_status, row_reason"
        " from stg_hubspot__lead_objects where crm = 'lead_object' order by all"
    )
    rows = {lead.split(":")[1]: tuple(rest) for lead, *rest in found}
    one, four = "lead_object:1", "lead_object:4"
    assert rows == {
        "L1": (one, "unqualified", "used", None),
        "L2": (one, "new", "used", None),
        "L3": (one, "Qualified", "used", None),
        "L4": (four, "connected", "used", None),
        "L5": (None, "new", "quarantined", "no contact"),
        "L6": (one, "new", "excluded", "deleted"),
        "L7": (one, "new", "excluded", "after_as_of"),
    }
    links = query(
        "select row_reason, count(*) from stg_hubspot__lead_contacts group by all order by all"
    )
    assert links == [("duplicate_copy", 1), ("no lead_id", 1), (None, 1)]


def test_each_lead_object_is_a_status_field_of_its_contact(query: Query) -> None:
    found = query(
        "select lead_id, status_of, status, last_modified_at from stg_hubspot__other_statuses"
        " where crm = 'lead_object' order by status_of"
    )
    assert found == [
        ("lead_object:1", "lead_object:L1", "unqualified", AT(2026, 2, 5)),
        ("lead_object:1", "lead_object:L2", "new", AT(2026, 2, 6)),
        ("lead_object:1", "lead_object:L3", "Qualified", AT(2026, 2, 4)),
        ("lead_object:3", "lead_object:L4", "connected", AT(2026, 2, 6)),
    ]
    changes = query(
        "select lead_id, status_of, new_value, changed_at, is_bulk from stg_hubspot__lead_changes"
        " where crm = 'lead_object' order by status_of, changed_at"
    )
    first = ("lead_object:1", "lead_object:L1")
    assert changes == [
        (*first, "attempting", AT(2026, 2, 2), True),
        (*first, "unqualified", AT(2026, 4, 1), False),
        ("lead_object:3", "lead_object:L4", "connected", AT(2026, 2, 2), True),
    ]


def test_lifecycle_stage_is_a_status_field_besides_the_lead_status(query: Query) -> None:
    found = query(
        "select lead_id, status_of, status, last_modified_at from stg_hubspot__other_statuses"
        " where crm = 'fivetran'"
    )
    assert found == [("fivetran:101", "lifecyclestage", MQL, AT(2026, 2, 1))]


def test_the_reason_is_that_of_the_lead_object_modified_last(query: Query) -> None:
    found = query(
        "select lead_id, disqualification_reason from stg_hubspot__leads"
        " where crm = 'lead_object' and row_status = 'used' order by all"
    )
    assert found == [
        ("lead_object:1", "No budget"),
        ("lead_object:2", "Too small"),
        ("lead_object:3", None),
    ]


def test_contact_form_and_time_tell_submissions_apart(query: Query) -> None:
    found = query(
        "select response_id, offer, row_status from stg_hubspot__responses"
        " where crm = 'submissions' order by all"
    )
    at = "2026-01-01 10:00:00"
    assert found == [
        (f"submissions:1/f1/c1/{at}", "Guide", "excluded"),
        (f"submissions:1/f1/c1/{at}", "Guide", "used"),
        (f"submissions:1/f1/c2/{at}", "Guide", "used"),
        ("submissions:1/f1/c5/2026-04-01 10:00:00", "Guide", "excluded"),
        ("submissions:1/f2//2026-01-02 10:00:00", "Page", "used"),
        ("submissions:1/f3/c3/2026-01-03 10:00:00", None, "used"),
        (None, "Guide", "quarantined"),
    ]
    untold = query(
        "select row_reason from stg_hubspot__form_submissions where crm = 'old_airbyte' order by 1"
    )
    assert untold == [("no email",), (None,)]


def test_a_property_has_the_name_that_the_settings_give_it(query: Query) -> None:
    found = query("select timeframe from stg_hubspot__leads where crm = 'submissions'")
    assert found == [("0-3 months",)]


@pytest.mark.parametrize("crm", [*LOADERS, "contact_rules", "merges", "lead_object"])
def test_every_raw_row_has_a_fate(query: Query, crm: str) -> None:
    expected = {
        "fivetran": 2 + 5 + 1 + 1 + 1 + 1,
        "airbyte": 2 + 5 + 1 + 1 + 1 + 1,
        "old_airbyte": 1 + 5 + 1 + 1 + 1 + 2 + 1,
        "dlt": 1 + 1 + 10 + 1 + 1,
        "contact_rules": 12 + 8 + 3 + 3,
        "merges": 13 + 4,
        "lead_object": 4 + 7 + 3 + 5,
    }
    found = query(f"select count(*) from stg_hubspot__row_fates where crm = '{crm}'")
    assert found == [(expected[crm],)]


def test_what_is_missing_is_listed(query: Query) -> None:
    found = query(
        "select raw_table, column_name, is_found from stg_hubspot__fields where crm = 'dlt'"
    )
    state = {(table, column): is_found for table, column, is_found in found}
    assert state["contact", None]
    assert state["contact", "createdate"]
    assert not state["contact", "hs_merged_object_ids"]
    assert not state["engagement_call", None]


def test_contacts_without_a_creation_date_stop_the_build(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    (raw / "hubspot").mkdir(parents=True)
    (raw / "hubspot" / "contact.csv").write_text("id,property_email\n1,a@acme.example\n")
    settings = {"crms": {"hubspot": "hubspot"}}
    result = build_staging(tmp_path, raw, "stg_hubspot__contact_records", AS_OF, settings)
    assert result.returncode == 1
    assert "Table `contact` of CRM `hubspot` has no column createdate" in result.stdout


def test_a_vendors_test_rows_are_read(tmp_path: Path) -> None:
    raw = SHARED / "fivetran_hubspot"
    if not raw.is_dir():
        pytest.skip("needs ../shared/data beside the project")
    settings = {"crms": {"hubspot": "hubspot"}}
    result = build_staging(tmp_path, raw, "staging.hubspot", "2026-11-01", settings)
    assert result.returncode == 0, result.stdout[-4000:]
    query = querying(tmp_path)
    leads = query("select row_status, count(*) from stg_hubspot__leads group by all order by all")
    assert leads == [("merged", 3), ("used", 19)]
    survivors = query(
        "select contact_id, survivor_id from stg_hubspot__contact_survivors order by all"
    )
    gone = ("46897301", "76226001", "76340251")
    assert survivors == [(f"hubspot:{one}", "hubspot:78971951") for one in gone]
    offers = query("select offer from stg_hubspot__responses order by responded_at desc limit 2")
    assert offers == [("Newsletter Signup",), ("Download Guide",)]

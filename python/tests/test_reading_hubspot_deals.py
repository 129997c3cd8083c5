"""Raw HubSpot deals and activities of any loader become the same opportunities, tasks, meetings."""

from __future__ import annotations

import datetime as dt
import subprocess
from pathlib import Path

import pytest
from builds import SHARED
from hubspot_deal_crms import (
    CONNECTED,
    airbyte,
    archived,
    dlt,
    every_rule,
    fivetran,
    merges,
    old_names,
    two_pipelines,
)
from staging_builds import Query, build_staging, querying

AT = dt.datetime


def day_of(month: int, day: int) -> dt.datetime:
    """Where a date without a time begins: at midnight in New York, in winter."""
    return AT(2026, month, day, 5)


ROOMS = ("deals", "pipelines", "opportunities", "engagements", "activities")
LOADERS = ("fivetran", "airbyte", "dlt")


def stage(work: Path, raw: Path, *crms: str, as_of: str) -> subprocess.CompletedProcess[str]:
    settings = {
        "crms": dict.fromkeys(crms, "hubspot"),
        "reporting_timezone": "America/New_York",
    }
    rooms = " ".join(f"staging.hubspot.{room}" for room in ROOMS)
    return build_staging(work, raw, rooms, as_of, settings)


@pytest.fixture(scope="module")
def query(tmp_path_factory: pytest.TempPathFactory) -> Query:
    """One build that reads every CRM of this page, each a folder of its own."""
    work, raw = tmp_path_factory.mktemp("work"), tmp_path_factory.mktemp("raw")
    crms = (fivetran, airbyte, dlt, old_names, two_pipelines, merges, every_rule, archived)
    for crm in crms:
        crm(raw / crm.__name__)
    result = stage(work, raw, *(crm.__name__ for crm in crms), as_of="2026-03-01 00:00:00")
    assert result.returncode == 0, result.stdout[-4000:]
    return querying(work)


@pytest.mark.parametrize("crm", LOADERS)
def test_every_loader_gives_the_same_deal(query: Query, crm: str) -> None:
    found = query(
        "select opportunity_id, company_id, created_at, last_modified_at, closed_at, stage,"
        " stage_key, is_closed, is_won, amount, next_step, owner_id, lead_source, row_status"
        f" from stg_hubspot__opportunities where crm = '{crm}'"
    )
    expected = (
        *(f"{crm}:11", f"{crm}:202"),
        *(AT(2026, 1, 5, 9), AT(2026, 2, 12), AT(2026, 2, 11, 1, 30)),
        *("Signed", "default/closedwon", True, True, 5000.0, "Send papers", f"{crm}:7"),
        *("PAID_SEARCH", "used"),
    )
    assert found == [expected]


@pytest.mark.parametrize(("crm", "precedence"), [("fivetran", 1), ("airbyte", 3), ("dlt", 1)])
def test_every_loader_gives_the_same_stage_history(query: Query, crm: str, precedence: int) -> None:
    found = query(
        "select opportunity_id, stage, stage_key, changed_at, precedence"
        f" from stg_hubspot__opportunity_changes where crm = '{crm}' order by changed_at"
    )
    first = (f"{crm}:11", "Appointment", "default/appointmentscheduled", AT(2026, 1, 5, 9))
    second = (f"{crm}:11", "Signed", "default/closedwon", AT(2026, 2, 10, 15))
    assert found == [(*first, precedence), (*second, precedence)]


@pytest.mark.parametrize("crm", LOADERS)
def test_won_is_closed_with_probability_1(query: Query, crm: str) -> None:
    assert query(
        "select stage, stage_key, stage_order, is_closed, is_won from stg_hubspot__stages"
        f" where crm = '{crm}' order by stage_order"
    ) == [
        ("Appointment", "default/appointmentscheduled", 0, False, False),
        ("Signed", "default/closedwon", 1, True, True),
        ("Gone", "default/closedlost", 2, True, False),
    ]


@pytest.mark.parametrize("crm", LOADERS)
def test_every_contact_of_a_deal_is_a_lead_of_it_once(query: Query, crm: str) -> None:
    found = query(
        "select opportunity_id, contact_id, role, is_lead_link"
        f" from stg_hubspot__opportunity_contacts where crm = '{crm}' order by contact_id"
    )
    deal = f"{crm}:11"
    assert found == [(deal, f"{crm}:101", None, True), (deal, f"{crm}:102", None, True)]


@pytest.mark.parametrize("crm", ["fivetran", "airbyte"])
def test_every_loader_gives_the_same_activities(query: Query, crm: str) -> None:
    tasks = query(
        "select task_id, who_id, what_id, owner_id, type, subtype, is_closed, direction,"
        " disposition, activity_source, created_at, due_date, completed_at"
        f" from stg_hubspot__tasks where crm = '{crm}' order by task_id"
    )
    links = (f"{crm}:101", f"{crm}:11", f"{crm}:7")
    call, email, task = AT(2026, 1, 6, 10), AT(2026, 1, 7, 10), AT(2026, 1, 8, 10)
    due = dt.date(2026, 3, 8)
    assert tasks == [
        (f"{crm}:1", *links, "call", None, True, "OUTBOUND", CONNECTED, None, call, None, call),
        (f"{crm}:2", *links, "email", None, True, "EMAIL", None, None, email, None, email),
        (f"{crm}:3", *links, "task", "TODO", False, None, None, "CRM_UI", task, due, None),
    ]
    meetings = query(
        "select meeting_id, who_id, what_id, owner_id, starts_at, created_at, outcome"
        f" from stg_hubspot__meetings where crm = '{crm}'"
    )
    assert meetings == [(f"{crm}:4", *links, AT(2026, 1, 20, 10), AT(2026, 1, 9, 10), "COMPLETED")]


def test_a_close_date_is_a_day_of_the_reporting_time_zone_unless_it_is_midnight(
    query: Query,
) -> None:
    days = query(
        "select opportunity_id, close_date, closed_at from stg_hubspot__opportunities"
        " where opportunity_id in ('fivetran:11', 'two_pipelines:1') order by 1"
    )
    assert days == [
        ("fivetran:11", dt.date(2026, 2, 10), AT(2026, 2, 11, 1, 30)),
        ("two_pipelines:1", dt.date(2026, 2, 11), AT(2026, 2, 11)),
    ]


def test_the_old_closed_won_column_means_closed_and_a_deleted_stage_stays(query: Query) -> None:
    assert query(
        "select stage_id, is_closed, is_won from stg_hubspot__stages where crm = 'old_names'"
        " order by stage_order"
    ) == [("won", True, True), ("lost", True, False), ("gone", False, False)]


def test_a_stage_is_told_by_its_pipeline(query: Query) -> None:
    found = query(
        "select opportunity_id, stage, stage_key, is_closed, is_won"
        " from stg_hubspot__opportunities where crm = 'two_pipelines' order by 1"
    )
    crm = "two_pipelines"
    assert found == [
        (f"{crm}:1", "Done", "partner/won", True, True),
        (f"{crm}:2", "only-default", "default/only-default", False, False),
        (f"{crm}:3", "closedlost", "partner/closedlost", True, False),
        (f"{crm}:4", "Proof", "default/60b5c368-04c4", False, False),
        (f"{crm}:5", None, None, None, None),
    ]


def test_property_history_tells_stages_where_there_is_no_stage_history(query: Query) -> None:
    found = query(
        "select opportunity_id, stage, stage_key, changed_at, precedence"
        " from stg_hubspot__opportunity_changes where crm = 'two_pipelines' order by changed_at"
    )
    first, second = AT(2026, 1, 5, 10), AT(2026, 1, 6, 10)
    assert found == [
        ("two_pipelines:1", "only-default", "default/only-default", first, 2),
        ("two_pipelines:4", "Proof", "default/60b5c368-04c4", day_of(1, 6), 3),
        ("two_pipelines:1", "Done", "partner/won", second, 2),
    ]
    fates = query(
        "select coalesce(row_reason, row_status), count(*)"
        " from stg_hubspot__deal_property_history group by 1 order by 1"
    )
    assert fates == [("duplicate_copy", 1), ("used", 4)]


def test_merged_deals_are_told_by_a_table_or_by_the_survivor(query: Query) -> None:
    found = query(
        "select opportunity_id, into_opportunity_id from stg_hubspot__opportunity_merges"
        " where crm = 'merges' order by 1"
    )
    steps = [("2", "1"), ("3", "2"), ("4", "1"), ("5", "1"), ("6", "10")]
    assert found == [(f"merges:{one}", f"merges:{other}") for one, other in steps]
    rows = query(
        "select opportunity_id, row_status, row_reason from stg_hubspot__opportunities"
        " where crm = 'merges' order by 1"
    )
    assert rows == [
        ("merges:1", "used", None),
        ("merges:2", "merged", "merged into merges:1"),
        ("merges:3", "merged", "merged into merges:2"),
        ("merges:4", "merged", "merged into merges:1"),
    ]
    lost = query("select row_reason from stg_hubspot__merged_deals where row_status <> 'used'")
    assert lost == [("no deal_id",)]


def test_each_deal_row_falls_under_the_first_rule_that_holds(query: Query) -> None:
    found = query(
        "select amount, row_status, row_reason from stg_hubspot__deals"
        " where crm = 'every_rule' order by amount"
    )
    assert found == [
        (1.0, "quarantined", "no deal_id"),
        (2.0, "excluded", "older_version"),
        (3.0, "excluded", "duplicate_copy"),
        (4.0, "used", None),
        (5.0, "excluded", "deleted"),
        (6.0, "used", None),
        (7.0, "excluded", "after_as_of"),
    ]


def test_a_deal_that_the_loader_archived_is_deleted_until_it_is_restored(query: Query) -> None:
    found = query(
        "select deal_id, row_reason from stg_hubspot__deals where crm = 'archived' order by 1"
    )
    assert found == [("archived:1", "deleted"), ("archived:2", None), ("archived:3", None)]
    rows = query("select row_status, row_reason from stg_hubspot__archived_deals order by 2")
    assert rows == [("excluded", "deleted"), ("excluded", "deleted"), ("quarantined", "no deal_id")]


def test_stage_rows_need_a_deal_and_a_time_and_no_active_version(query: Query) -> None:
    found = query(
        "select stage_id, entered_at, row_reason from stg_hubspot__deal_stages"
        " where crm = 'every_rule' order by all nulls first"
    )
    assert found == [
        ("new", None, "date_entered is not a time"),
        ("new", day_of(1, 5), None),
        ("new", day_of(1, 5), "no deal_id"),
        ("won", None, "date_entered is empty"),
        ("won", day_of(3, 5), "after_as_of"),
    ]
    versions = query("select distinct row_status from stg_hubspot__deal_stages where crm = 'dlt'")
    assert sorted(versions) == [("excluded",), ("used",)]


def test_only_the_copy_of_a_deal_that_counts_tells_its_stage_dates(query: Query) -> None:
    found = query(
        "select opportunity_id, changed_at, precedence from stg_hubspot__opportunity_changes"
        " where crm = 'every_rule' order by all"
    )
    assert found == [
        ("every_rule:1", day_of(1, 6), 3),
        ("every_rule:3", day_of(1, 5), 1),
        ("every_rule:3", day_of(3, 5), 1),
    ]


def test_a_label_of_an_association_is_the_role(query: Query) -> None:
    found = query(
        "select contact_id, role from stg_hubspot__opportunity_contacts"
        " where crm = 'every_rule' order by all nulls first"
    )
    assert found == [("every_rule:101", None), ("every_rule:101", "Decision maker")]
    lost = query("select row_reason from stg_hubspot__deal_contacts where crm = 'every_rule'")
    assert sorted(lost, key=str) == [("no contact_id",), (None,), (None,)]


def test_what_failed_is_nothing_and_with_several_it_belongs_to_each(query: Query) -> None:
    found = query(
        "select task_id, who_id, what_id, is_closed, completed_at from stg_hubspot__tasks"
        " where crm = 'every_rule' order by all"
    )
    crm, first = "every_rule", day_of(1, 5)
    assert found == [
        (f"{crm}:2", None, None, True, first),
        (f"{crm}:5", f"{crm}:101", f"{crm}:1", True, first),
        (f"{crm}:5", f"{crm}:101", f"{crm}:3", True, first),
        (f"{crm}:5", f"{crm}:102", f"{crm}:1", True, first),
        (f"{crm}:5", f"{crm}:102", f"{crm}:3", True, first),
        (f"{crm}:6", None, None, True, first),
        (f"{crm}:7", None, None, True, day_of(1, 6)),
        (f"{crm}:8", None, None, False, None),
    ]


def test_old_tables_leave_owner_and_times_to_the_engagement(query: Query) -> None:
    owner, at = "old_names:7", AT(2026, 1, 6, 10)
    assert query(
        "select task_id, owner_id, created_at, completed_at from stg_hubspot__tasks"
        " where crm = 'old_names'"
    ) == [("old_names:1", owner, at, AT(2026, 1, 6, 11))]
    assert query(
        "select meeting_id, owner_id, created_at, starts_at, outcome, activity_source"
        " from stg_hubspot__meetings where crm = 'old_names' order by 1"
    ) == [
        ("old_names:4", owner, at, AT(2026, 1, 8, 12), "NO_SHOW", "CRM_UI"),
        ("old_names:5", None, None, AT(2026, 1, 9, 12), "no outcome", None),
    ]


def test_a_real_export_is_read(tmp_path: Path) -> None:
    if not (SHARED / "fivetran_hubspot").is_dir():
        pytest.skip("needs ../shared/data beside the project")
    raw = SHARED / "fivetran_hubspot"
    result = stage(tmp_path, raw, "hubspot", as_of="2026-11-01")
    assert result.returncode == 0, result.stdout[-4000:]
    query = querying(tmp_path)
    truth = f"read_csv('{raw}/truth/%s.csv', all_varchar = true)"
    deals = query(
        "select count(*), count(owner_id), min(created_at), max(created_at)"
        " from stg_hubspot__opportunities where row_status = 'used'"
    )
    assert deals == query(
        "select n::bigint, with_owner::bigint, first_created::timestamp, last_created::timestamp"
        f" from {truth % 'deals_overall'}"
    )
    history = query(
        "select opportunity_id, count(*), min(changed_at) from stg_hubspot__opportunity_changes"
        " where precedence = 1 group by 1 order by 1"
    )
    assert history == query(
        "select 'hubspot:' || deal_id, stage_rows::bigint, first_entered::timestamp"
        f" from {truth % 'deal_stage_history'} order by 1"
    )
    pipelines = query("select count(*) from stg_hubspot__deal_pipelines where row_status = 'used'")
    assert pipelines == query(f"select count(*) from {truth % 'pipelines'}")
    assert query("select count(*) > 0 from stg_hubspot__stages where is_won") == [(True,)]

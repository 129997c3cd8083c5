"""Pipedrive, one staging folder beside the others: its tables become the same neutral rows."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb
import pytest
from raw_files import write_csv
from staging_builds import Query, build_staging

AT = dt.datetime
ADDED = "2026-01-05 10:00:00"


def pipedrive(folder: Path) -> None:
    addresses = (
        '[{"label":"home","value":"ada@home.example","primary":false},'
        '{"label":"work","value":"ada@alder.example","primary":true}]'
    )
    write_csv(
        folder / "persons.csv",
        "id,add_time,first_name,email,job_title,owner_id__value,org_id,active_flag",
        ["1", ADDED, "Ada", addresses, "CEO", "7", "3", "true"],
        ["2", ADDED, "Boris", "boris@birch.example", "", "8", "", "true"],
        ["3", ADDED, "Gone", "", "", "8", "", "false"],
        ["4", "", "Undated", "", "", "8", "", "true"],
    )
    write_csv(
        folder / "leads.csv",
        "id,person_id,source_name,is_archived,add_time",
        ["l1", "1", "Web", "false", ADDED],
        ["l2", "2", "Referral", "true", ADDED],
        ["l3", "", "Web", "false", ADDED],
    )
    write_csv(folder / "organizations.csv", "id,name,address_country", ["3", "Alder", "US"])
    write_csv(folder / "users.csv", "id,active_flag", ["7", "true"], ["8", "false"])
    write_csv(
        folder / "stages.csv", "id,name,order_nr", ["1", "Qualified", "1"], ["2", "Proposal", "2"]
    )
    write_csv(
        folder / "deals.csv",
        "id,person_id,org_id,user_id,stage_id,status,value,add_time,stage_change_time,won_time,"
        "expected_close_date",
        ["10", "1", "3", "7", "2", "won", "500", ADDED, "", "2026-01-20 10:00:00", ""],
        ["11", "2", "", "7", "1", "open", "900", ADDED, "2026-01-09", "", "2026-04-01"],
        ["12", "2", "", "7", "1", "deleted", "900", ADDED, "", "", ""],
    )
    write_csv(
        folder / "deals_flow.csv",
        "data__id,data__item_id,data__field_key,data__new_value,data__log_time",
        ["f1", "10", "stage_id", "2", "2026-01-12 10:00:00"],
        ["f2", "10", "value", "500", "2026-01-13 10:00:00"],
    )
    write_csv(
        folder / "activities.csv",
        "id,person_id,deal_id,type,done,due_date,due_time,marked_as_done_time,add_time",
        ["a1", "1", "", "call", "true", "2026-01-06", "10:00", "2026-01-06 11:00:00", ADDED],
        ["a2", "1", "10", "1st_meeting", "1", "2026-01-11", "10:00:00", "2026-01-13 11:00", ADDED],
        ["a3", "2", "", "lunch", "0", "2026-01-11", "", "", ADDED],
    )


def build(raw: Path, work: Path) -> None:
    result = build_staging(work, raw, "models/staging/pipedrive", "2026-03-01", {})
    assert result.returncode == 0, result.stdout[-4000:]


@pytest.fixture(scope="module")
def query(tmp_path_factory: pytest.TempPathFactory) -> Query:
    raw, work = tmp_path_factory.mktemp("raw"), tmp_path_factory.mktemp("work")
    pipedrive(raw / "pipedrive")
    build(raw, work)

    def query(sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(work / "work.duckdb"), read_only=True) as connection:
            return connection.execute(f"set schema = 'staging'; {sql}").fetchall()

    return query


def test_people_are_leads_with_the_source_of_their_first_lead_item(query: Query) -> None:
    assert query(
        "select lead_id, lead_source, status, email, owner_id, company_id, row_status, row_reason"
        " from stg_pipedrive__leads order by 1"
    ) == [
        (
            "pipedrive:1",
            "Web",
            None,
            "ada@alder.example",
            "pipedrive:7",
            "pipedrive:3",
            "used",
            None,
        ),
        (
            "pipedrive:2",
            "Referral",
            "Archived",
            "boris@birch.example",
            "pipedrive:8",
            None,
            "used",
            None,
        ),
        ("pipedrive:3", None, None, None, "pipedrive:8", None, "excluded", "deleted"),
        (
            "pipedrive:4",
            None,
            None,
            None,
            "pipedrive:8",
            None,
            "quarantined",
            "add_time is empty",
        ),
    ]


def test_a_deal_is_won_or_lost_by_its_status(query: Query) -> None:
    assert query(
        "select opportunity_id, stage, stage_key, is_closed, is_won, close_date, row_status"
        " from stg_pipedrive__opportunities order by 1"
    ) == [
        ("pipedrive:10", "won", "won", True, True, dt.date(2026, 1, 20), "used"),
        ("pipedrive:11", "Qualified", "1", False, False, dt.date(2026, 4, 1), "used"),
        ("pipedrive:12", "Qualified", "1", False, False, None, "excluded"),
    ]


def test_stages_come_from_the_flow_else_from_the_dates_of_the_deal(query: Query) -> None:
    found = query(
        "select opportunity_id, stage, changed_at, precedence"
        " from stg_pipedrive__opportunity_changes order by 1, 4, 3"
    )
    assert [row for row in found if row[3] == 1] == [
        ("pipedrive:10", "Proposal", AT(2026, 1, 12, 10), 1),
        ("pipedrive:10", "won", AT(2026, 1, 20, 10), 1),
    ]
    assert [row for row in found if row[0] == "pipedrive:11"] == [
        ("pipedrive:11", "Qualified", AT(2026, 1, 9), 3)
    ]


def test_the_person_of_a_deal_is_its_lead(query: Query) -> None:
    assert query(
        "select opportunity_id, contact_id, is_lead_link from stg_pipedrive__opportunity_contacts"
        " where row_status = 'used' order by 1"
    ) == [("pipedrive:10", "pipedrive:1", True), ("pipedrive:11", "pipedrive:2", True)]


def test_meetings_are_held_when_they_were_due_once_ticked_off(query: Query) -> None:
    assert query(
        "select meeting_id, starts_at, outcome from stg_pipedrive__meetings order by 1"
    ) == [
        ("pipedrive:a2", AT(2026, 1, 11, 10), None),
        ("pipedrive:a3", AT(2026, 1, 11), "SCHEDULED"),
    ]
    assert query("select task_id, is_closed, completed_at from stg_pipedrive__tasks") == [
        ("pipedrive:a1", True, AT(2026, 1, 6, 11))
    ]


def test_every_raw_row_has_a_fate(query: Query) -> None:
    assert query(
        "select raw_table, count(*) from stg_pipedrive__row_fates group by 1 order by 1"
    ) == [
        ("activities", 3),
        ("deal_flow", 2),
        ("deals", 3),
        ("leads", 3),
        ("organizations", 1),
        ("persons", 4),
        ("stages", 2),
        ("users", 2),
    ]


def test_deals_alone_are_enough(tmp_path: Path) -> None:
    write_csv(
        tmp_path / "raw" / "pipedrive" / "deals.csv", "id,status,add_time", ["1", "won", ADDED]
    )
    build(tmp_path / "raw", tmp_path)
    with duckdb.connect(str(tmp_path / "work.duckdb"), read_only=True) as connection:
        found = connection.execute("select is_won from staging.stg_pipedrive__opportunities")
        assert found.fetchall() == [(True,)]

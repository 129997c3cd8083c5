"""Any other CRM, brought into the few tables of the generic layout, becomes neutral rows."""

from __future__ import annotations

import datetime as dt
import subprocess
from pathlib import Path
from typing import Any

import duckdb
import pytest
from raw_files import write_csv
from staging_builds import Query, build_staging

AT = dt.datetime


def stage(work: Path, raw: Path, **settings: Any) -> subprocess.CompletedProcess[str]:
    return build_staging(work, raw, "models/staging/generic", "2026-03-01 12:00:00", settings)


def crm(folder: Path) -> None:
    write_csv(
        folder / "Leads.csv",
        "Lead ID,createdAt,Status,source,campaign,offer,owner,company,title,handed_over_at,"
        "accepted_at,opportunity_id",
        ["1", "2026-01-05 09:00", "New", "Web", " Expo ", "", "7", "Acme, Inc.", "CEO", "", "", ""],
        ["2", "2026-01-06", "SQL", "", "EXPO", "Quote", "", "ACME inc", "", "", "2026-01-07", "D1"],
        ["2", "2026-01-06", "SQL", "", "", "", "", "", "", "", "", ""],
        ["3", "someday", "New", "", "", "", "", "", "", "", "", ""],
        ["4", "", "New", "", "", "", "", "", "", "", "", ""],
        ["", "2026-01-06", "New", "", "", "", "", "", "", "", "", ""],
        ["5", "2026-03-01 12:00:01", "New", "", "", "", "", "", "", "", "", ""],
        ["6", "2026-02-01", "MQL", "", "\\N", "-", "nan", "--", "<NA>", "2026-04-01", "", "D9"],
    )
    write_csv(
        folder / "opportunities.csv",
        "opportunity_id,created_at,stage,is_won,is_closed,amount,closed_at,company",
        ["D1", "2026-01-08 10:00", " Proposal ", "", "", "1,000", "2026-03-09", "Acme Inc"],
        ["D2", "", "Won", "yes", "yes", "", "2026-02-10 23:30", "Birch"],
        ["D9", "2026-03-05", "Proposal", "", "", "", "", ""],
    )
    write_csv(
        folder / "stage_events.csv",
        "object,id,stage,entered_at",
        ["lead", "1", "New", "2026-01-05 09:00"],
        ["Leads", "1", "Working", "2026-01-06 09:00"],
        ["leads", "1", "Working", "2026-01-06 09:00"],
        ["Deal", "D1", "Proposal", "2026-01-08 10:00"],
        ["opportunities", "D1", "Won", "2026-04-08 10:00"],
        ["account", "9", "Big", "2026-01-08"],
        ["lead", "", "New", "2026-01-08"],
        ["lead", "1", "New", "soon"],
    )
    write_csv(
        folder / "activities.csv",
        "activity_id,lead_id,opportunity_id,type,direction,completed_at,scheduled_at,owner",
        ["A1", "1", "", "Call", "outbound", "2026-01-06 10:00", "", "7"],
        ["A2", "1", "", "Discovery meeting", "", "", "2026-02-06 10:00", ""],
        ["A3", "2", "D1", "DEMOS", "", "2026-02-06 10:00", "2026-02-05", ""],
        ["A4", "", "D1", "Demolition planning", "", "", "2026-03-08", ""],
        ["", "1", "", "Call", "", "2026-01-06 10:00", "", ""],
    )
    write_csv(
        folder / "opportunity_contacts.csv",
        "opportunity_id,contact_id,role",
        ["D1", "2", "Decision Maker"],
        ["D1", "2", "decision maker"],
        ["D1", "77", ""],
        ["D1", "77", ""],
        ["D1", "", "User"],
    )
    write_csv(
        folder / "spend.csv",
        "source,campaign,month,amount",
        ["Google Ads", "", "2026-01", "$500"],
        ["Google Ads", "", "2026-01-31", "500"],
        ["Google Ads", "", "2026-01-31", "500"],
        ["", "Expo", "soon", "900"],
    )


def snapshot(folder: Path) -> None:
    write_csv(folder / "leads.csv", "lead_id,status", ["1", "New"])
    write_csv(folder / "activities.csv", "lead_id,type", ["1", "Call"], ["1", "Call"])


def only_deals(folder: Path) -> None:
    write_csv(folder / "opportunities.csv", "opportunity_id,created_at", ["1", "2026-01-05"])


@pytest.fixture(scope="module")
def query(tmp_path_factory: pytest.TempPathFactory) -> Query:
    raw, work = tmp_path_factory.mktemp("raw"), tmp_path_factory.mktemp("work")
    for each in (crm, snapshot, only_deals):
        each(raw / each.__name__)
    result = stage(work, raw, crms=dict.fromkeys(("crm", "snapshot", "only_deals"), "generic"))
    assert result.returncode == 0, result.stdout[-4000:]

    def query(sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(work / "work.duckdb"), read_only=True) as connection:
            return connection.execute(f"set schema = 'staging'; {sql}").fetchall()

    return query


def fates(query: Query, table: str) -> list[tuple[str | None, str | None]]:
    return query(
        "select raw_id, coalesce(row_reason, row_status) from stg_generic__row_fates"
        f" where crm = 'crm' and raw_table = '{table}' order by all"
    )


def test_lead_rows_fall_under_the_first_rule_that_holds(query: Query) -> None:
    assert fates(query, "leads") == [
        ("crm:1", "used"),
        ("crm:2", "duplicate_copy"),
        ("crm:2", "used"),
        ("crm:3", "created_at is not a time"),
        ("crm:4", "created_at is empty"),
        ("crm:5", "after_as_of"),
        ("crm:6", "used"),
        (None, "no lead_id"),
    ]


def test_stage_events_need_an_object_that_is_known_an_id_and_a_time(query: Query) -> None:
    assert fates(query, "stage_events") == [
        ("crm:1", "duplicate_copy"),
        ("crm:1", "entered_at is not a time"),
        ("crm:1", "used"),
        ("crm:1", "used"),
        ("crm:9", "unknown object account"),
        ("crm:D1", "after_as_of"),
        ("crm:D1", "used"),
        (None, "no id"),
    ]


def test_other_rows_are_copies_when_their_keys_are_equal(query: Query) -> None:
    assert fates(query, "activities") == [
        ("crm:A1", "used"),
        ("crm:A2", "used"),
        ("crm:A3", "used"),
        ("crm:A4", "used"),
        (None, "no activity_id"),
    ]
    assert fates(query, "opportunity_contacts") == [
        ("crm:D1", "duplicate_copy"),
        ("crm:D1", "duplicate_copy"),
        ("crm:D1", "no contact_id"),
        ("crm:D1", "used"),
        ("crm:D1", "used"),
    ]
    assert [fate for _, fate in fates(query, "spend")] == ["used"] * 4


def test_a_lead_is_converted_when_its_opportunity_was_created(query: Query) -> None:
    assert query(
        "select lead_id, is_converted, converted_at, converted_opportunity_id, person_contact_id"
        " from stg_generic__leads where crm = 'crm' and row_status = 'used' order by 1"
    ) == [
        ("crm:1", False, None, None, "crm:1"),
        ("crm:2", True, AT(2026, 1, 8, 10), "crm:D1", "crm:2"),
        ("crm:6", True, AT(2026, 3, 5), "crm:D9", "crm:6"),
    ]


def test_a_company_is_its_words_and_a_campaign_its_text(query: Query) -> None:
    assert query("select company_id, name from stg_generic__companies order by 1") == [
        ("crm:acme inc", "ACME inc"),
        ("crm:birch", "Birch"),
    ]
    assert query("select campaign_id, name, type from stg_generic__campaigns") == [
        ("crm:expo", "EXPO", "EXPO")
    ]


def test_a_campaign_or_an_offer_is_one_response_at_the_creation(query: Query) -> None:
    assert query(
        "select response_id, lead_id, campaign_id, offer, responded_at"
        " from stg_generic__responses where row_status = 'used' order by 1"
    ) == [
        ("crm:1", "crm:1", "crm:expo", None, AT(2026, 1, 5, 9)),
        ("crm:2", "crm:2", "crm:expo", "Quote", AT(2026, 1, 6)),
    ]


def test_stage_events_and_dates_are_changes_those_after_as_of_too(query: Query) -> None:
    assert query(
        "select lead_id, status_of, new_value, stage, changed_at, is_history"
        " from stg_generic__lead_changes order by all"
    ) == [
        ("crm:1", "status", "New", None, AT(2026, 1, 5, 9), True),
        ("crm:1", "status", "Working", None, AT(2026, 1, 6, 9), True),
        ("crm:2", "dates", None, "accepted", AT(2026, 1, 7), False),
        ("crm:6", "dates", None, "handed_over", AT(2026, 4, 1), False),
    ]
    assert query(
        "select opportunity_id, stage, changed_at from stg_generic__opportunity_changes order by 3"
    ) == [
        ("crm:D1", "Proposal", AT(2026, 1, 8, 10)),
        ("crm:D1", "Won", AT(2026, 4, 8, 10)),
    ]


def test_opportunities_keep_their_flags_and_the_day_of_their_close(query: Query) -> None:
    assert query(
        "select opportunity_id, created_at, stage, stage_key, is_won, is_closed, amount, close_date"
        " from stg_generic__opportunities where crm = 'crm' and row_status = 'used' order by 1"
    ) == [
        (
            "crm:D1",
            AT(2026, 1, 8, 10),
            "Proposal",
            "proposal",
            None,
            None,
            1000.0,
            dt.date(2026, 3, 9),
        ),
        ("crm:D2", None, "Won", "won", True, True, None, dt.date(2026, 2, 10)),
    ]


def test_meetings_are_told_by_a_word_of_their_type(query: Query) -> None:
    assert query("select meeting_id, starts_at, outcome from stg_generic__meetings order by 1") == [
        ("crm:A2", AT(2026, 2, 6, 10), "SCHEDULED"),
        ("crm:A3", AT(2026, 2, 6, 10), None),
    ]
    assert query(
        "select task_id, who_id, what_id, is_closed, completed_at, due_date"
        " from stg_generic__tasks where crm = 'crm' and row_status = 'used' order by 1"
    ) == [
        ("crm:A1", "crm:1", None, True, AT(2026, 1, 6, 10), None),
        ("crm:A4", None, "crm:D1", False, None, dt.date(2026, 3, 8)),
    ]


def test_spend_is_by_month_however_the_month_is_written(query: Query) -> None:
    assert query(
        "select lead_source, campaign_id, spend_month, amount from stg_generic__spend order by all"
    ) == [
        *[("Google Ads", None, dt.date(2026, 1, 1), 500.0)] * 3,
        (None, "crm:expo", None, 900.0),
    ]


def test_a_snapshot_and_activities_without_ids_are_read_too(query: Query) -> None:
    assert query(
        "select lead_id, created_at, row_status from stg_generic__leads where crm = 'snapshot'"
    ) == [("snapshot:1", None, "used")]
    assert query("select task_id from stg_generic__tasks where crm = 'snapshot' order by 1") == [
        ("snapshot:row-1",),
        ("snapshot:row-2",),
    ]


def test_opportunities_alone_are_enough(query: Query) -> None:
    assert query(
        "select opportunity_id, row_status from stg_generic__opportunities where crm = 'only_deals'"
    ) == [("only_deals:1", "used")]


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ({"activities": "activity_id"}, "No table `leads`"),
        ({"leads": "lead_id,status", "stage_events": "object,id,stage,entered_at"}, "created_at"),
        ({"leads": "created_at,status"}, "lead_id"),
        ({"opportunities": "opportunity_id,stage"}, "created_at"),
    ],
)
def test_what_must_be_there_stops_the_build_with_one_line(
    tmp_path: Path, tables: dict[str, str], message: str
) -> None:
    for table, header in tables.items():
        write_csv(tmp_path / "raw" / "crm" / f"{table}.csv", header)
    result = stage(tmp_path, tmp_path / "raw", crms={"crm": "generic"})
    assert result.returncode != 0
    assert message in result.stdout


def test_a_column_has_the_name_that_the_settings_give_it(tmp_path: Path) -> None:
    write_csv(tmp_path / "raw" / "crm" / "leads.csv", "Nr,created_at", ["1", "2026-01-01"])
    result = stage(
        tmp_path, tmp_path / "raw", crms={"crm": "generic"}, generic_fields={"lead_id": "Nr"}
    )
    assert result.returncode == 0, result.stdout[-2000:]

"""Raw Salesforce tables of any loader, spelling and format become the same staging rows."""

from __future__ import annotations

import datetime as dt
import subprocess
from pathlib import Path
from typing import Any

import pytest
from builds import SHARED
from raw_files import write_csv, write_parquet, write_text
from reading_crms import (
    AT,
    BOOLEANS,
    DATES,
    NUMBERS,
    TIMESTAMPS,
    airbyte,
    by_hand,
    dlt,
    empty,
    every_rule,
    every_type,
    fivetran,
    pandas,
    stitch,
)
from staging_builds import Query, build_staging, querying


def stage(
    work: Path, raw: Path, *crms: str, select: str = "staging", as_of: str = "2026-03-01 00:00:00"
) -> subprocess.CompletedProcess[str]:
    settings = {
        "crms": dict.fromkeys(crms, "salesforce"),
        "salesforce_fields": {"timeframe_c": "Buying Window"},
    }
    return build_staging(work, raw, select, as_of, settings)


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("work")


@pytest.fixture(scope="module")
def query(work: Path, tmp_path_factory: pytest.TempPathFactory) -> Query:
    """One build that reads every CRM of this page, each a folder of its own."""
    raw = tmp_path_factory.mktemp("raw")
    crms = (fivetran, airbyte, stitch, dlt, pandas, by_hand, every_type, every_rule, empty)
    for crm in crms:
        crm(raw / crm.__name__)
    result = stage(work, raw, *(crm.__name__ for crm in crms))
    assert result.returncode == 0, result.stdout[-4000:]
    return querying(work)


@pytest.mark.parametrize("crm", ["fivetran", "airbyte", "stitch", "dlt", "pandas"])
def test_every_loader_gives_the_same_lead(query: Query, crm: str) -> None:
    found = query(
        "select lead_id, created_at, status, disqualification_reason, converted_opportunity_id,"
        f" row_status from stg_salesforce__leads where crm = '{crm}'"
    )
    expected = (f"{crm}:00Q1", AT(2026, 1, 5, 9), "New", "No budget", f"{crm}:0061", "used")
    assert found == [expected]


def test_a_quoted_newline_stays_in_its_value(query: Query) -> None:
    found = query("select company, pain from stg_salesforce__leads where crm = 'airbyte'")
    assert found == [("Acme, Inc.", 'two\nlines, and "quotes"')]


def test_parquet_types_are_cast_without_the_session_time_zone(query: Query) -> None:
    assert query(
        "select is_converted, employees, annual_revenue from stg_salesforce__leads"
        " where crm = 'dlt'"
    ) == [(True, 12.0, 1250.5)]
    assert query(
        "select created_at, close_date, amount, is_won, is_closed, last_modified_at, next_step"
        " from stg_salesforce__opportunities where crm = 'dlt'"
    ) == [(AT(2026, 1, 5, 9), dt.date(2026, 1, 31), None, False, None, None, "Täglich")]


def test_nan_of_a_parquet_column_is_no_number(query: Query) -> None:
    sql = "select amount from stg_salesforce__opportunities where crm = 'pandas' order by 1"
    assert sorted(query(sql), key=str) == [(500.0,), (None,)]


def test_stitch_splits_values_by_type_and_they_come_together(query: Query) -> None:
    found = query(
        "select old_value, new_value from stg_salesforce__lead_history where crm = 'stitch'"
    )
    assert sorted(found) == [("1.5", "true"), ("New", "Working")]


def test_owners_are_users_and_queues(query: Query) -> None:
    assert query(
        "select owner_id, raw_table, owner_type, is_active, queue_name"
        " from stg_salesforce__owners order by all"
    ) == [
        ("dlt:0051", "user", "user", True, None),
        ("fivetran:0051", "user", "user", True, None),
        ("fivetran:00G1", "group", "queue", None, "EMEA"),
        ("fivetran:00G2", "group", "queue", None, "All"),
    ]


def test_ids_of_15_characters_meet_those_of_18(query: Query) -> None:
    leads = query("select lead_id from stg_salesforce__leads where crm = 'by_hand' order by all")
    assert leads == [("by_hand:00Qbm00000Orxk5EAB",), ("by_hand:00Qbm00000Orxk8EAB",)]
    tasks = query("select who_id, owner_id from stg_salesforce__tasks where crm = 'by_hand'")
    assert tasks == [("by_hand:00Qbm00000Orxk5EAB", "by_hand:free text 15 c")]


def test_a_field_has_the_name_that_the_settings_give_it(query: Query) -> None:
    found = query("select timeframe from stg_salesforce__leads where crm = 'by_hand' order by 1")
    assert found == [("0-3 months",), (None,)]


def typed(query: Query, column: str, first: int, count: int) -> list[Any]:
    found = query(
        f"select {column} from stg_salesforce__opportunities where crm = 'every_type'"
        " order by cast(split_part(opportunity_id, ':', 2) as integer)"
    )
    return [value for (value,) in found[first : first + count]]


@pytest.mark.parametrize(
    ("column", "cases", "first"),
    [
        ("created_at", TIMESTAMPS, 0),
        ("close_date", DATES, len(TIMESTAMPS)),
        ("amount", NUMBERS, len(TIMESTAMPS) + len(DATES)),
        ("is_won", BOOLEANS, len(TIMESTAMPS) + len(DATES) + len(NUMBERS)),
    ],
)
def test_text_is_read_as_what_it_says_or_as_null(
    query: Query, column: str, cases: dict[str, Any], first: int
) -> None:
    assert dict(zip(cases, typed(query, column, first, len(cases)), strict=True)) == cases


def test_each_lead_row_falls_under_the_first_rule_that_holds(query: Query) -> None:
    found = query(
        "select status, row_status, row_reason from stg_salesforce__leads where crm = 'every_rule'"
    )
    assert {status: (row_status, reason) for status, row_status, reason in found} == {
        "no id": ("quarantined", "no id"),
        "old version": ("excluded", "older_version"),
        "current version": ("used", None),
        "earlier": ("excluded", "duplicate_copy"),
        "later": ("used", None),
        "synced later": ("used", None),
        "synced earlier": ("excluded", "duplicate_copy"),
        "read first": ("used", None),
        "read second": ("excluded", "duplicate_copy"),
        "merged": ("merged", "merged into every_rule:same"),
        "deleted": ("excluded", "deleted"),
        "deleted by the loader": ("excluded", "deleted"),
        "undated": ("quarantined", "created_date is empty"),
        "odd date": ("quarantined", "created_date is not a time"),
        "after as_of": ("excluded", "after_as_of"),
        "at as_of": ("used", None),
    }


def test_history_rows_need_a_lead_and_a_time(query: Query) -> None:
    found = query(
        "select history_id, row_reason from stg_salesforce__lead_history where crm = 'every_rule'"
    )
    assert dict(found) == {
        "every_rule:1": None,
        "every_rule:2": "no lead_id",
        "every_rule:3": "created_date is empty",
        "every_rule:4": "after_as_of",
    }


def test_a_table_without_an_id_column_keeps_every_row(query: Query) -> None:
    found = query(
        "select row_status from stg_salesforce__opportunity_contacts where crm = 'every_rule'"
    )
    assert found == [("used",), ("used",)]
    assert query("select meeting_id, row_status from stg_salesforce__meetings order by 1") == [
        ("airbyte:event-row-1", "used"),
        ("airbyte:event-row-2", "used"),
    ]


def test_stages_and_rates_go_by_their_natural_keys(query: Query) -> None:
    assert query(
        "select stage, stage_order, row_reason from stg_salesforce__stages order by all"
    ) == [
        ("lost", None, None),
        ("won", 2, None),
        ("won", 4, "duplicate_copy"),
        (None, 3, "no api_name"),
    ]
    assert query("select stage, stage_order from stg_salesforce__named_stages order by all") == [
        ("1. Lost", None),
        ("lost", None),
        ("won", 2),
    ]
    assert query(
        "select rate, valid_from, valid_to, row_reason"
        " from stg_salesforce__currency_rates order by 1"
    ) == [
        (0.7, None, None, "no start_date"),
        (0.8, dt.date(2026, 2, 1), None, None),
        (0.9, dt.date(2026, 1, 1), dt.date(2026, 2, 1), None),
    ]


def test_a_file_with_a_header_and_no_rows_is_an_empty_table(query: Query) -> None:
    assert query("select count(*) from stg_salesforce__leads where crm = 'empty'") == [(0,)]


def test_what_is_missing_is_listed(query: Query) -> None:
    found = query(
        "select raw_table, column_name, is_found, is_required"
        " from stg_salesforce__fields where crm = 'empty'"
    )
    state = {(table, column): (is_found, required) for table, column, is_found, required in found}
    assert state["lead", None] == (True, True)
    assert state["lead", "status"] == (True, True)
    assert state["lead", "email"] == (False, False)
    assert state["task", None] == (False, False)
    assert state["task", "who_id"] == (False, False)


@pytest.fixture(scope="module")
def complaints(work: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What dbt says of a CRM in which every table is wrong in another way."""
    raw = tmp_path_factory.mktemp("broken")
    crm = raw / "salesforce"
    write_csv(crm / "lead.csv", "id,email", ["00Q1", "a@example.com"])
    write_csv(crm / "lead_history.csv", "id,lead_id,created_date", ["1", "00Q1", "2026-01-01"])
    write_text(crm / "account.csv", '"Id";"Name, legal";"Industry"\n1;Acme;Software\n')
    write_text(crm / "contact.csv", "Id\tEmail\n1\ta@example.com\n")
    write_text(crm / "task.csv", "")
    write_text(crm / "event.csv", "00U1,00Q1,Meeting\n00U2,00Q1,Meeting\n")
    write_text(crm / "opportunity.csv", "id,stage_name\n0061,New\n0062,Won,100\n")
    write_csv(crm / "campaign.csv", "id,name", ["7011", "Webinar"])
    write_parquet(crm / "Campaign.parquet", "select '7011' as id")
    result = stage(work, raw, "salesforce")
    assert result.returncode == 1
    return result.stdout


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        (
            "lead",
            "Table `lead` of CRM `salesforce` has no column created_date, status: looked for it in",
        ),
        ("account", "account.csv is separated by semicolons, not by commas"),
        ("contact", "contact.csv is separated by tabs, not by commas"),
        ("task", "task.csv is empty, it has no header line"),
        ("event", "event.csv has none of the columns of `event` in its first line"),
        ("opportunity", "Expected Number of Columns: 2 Found: 3"),
        ("campaign", "Two files hold one table:"),
    ],
)
def test_a_broken_file_stops_the_build_with_one_line(
    complaints: str, table: str, complaint: str
) -> None:
    assert [line for line in complaints.splitlines() if complaint in line], table


def test_a_raw_folder_that_is_not_there_is_named(work: Path, tmp_path: Path) -> None:
    result = stage(work, tmp_path / "nowhere", "salesforce", select="stg_salesforce__leads")
    lines = [line for line in result.stdout.splitlines() if "No table `lead` of CRM" in line]
    assert result.returncode == 1
    assert lines
    assert str(tmp_path / "nowhere/salesforce") in lines[0]


def test_real_exports_are_read(work: Path) -> None:
    sets = ("fifty_leads", "sf_devorg", "sf_datacloud_workshop", "fivetran_salesforce")
    if not all((SHARED / name).is_dir() for name in sets):
        pytest.skip("needs ../shared/data beside the project")
    result = stage(work, SHARED, *(f"{name}/salesforce" for name in sets), as_of="2026-11-01")
    assert result.returncode == 0, result.stdout[-4000:]
    query = querying(work)
    leads = query(
        "select crm, count(*), count(created_at) from stg_salesforce__leads"
        " where row_status = 'used' group by all order by all"
    )
    assert leads == [
        ("fifty_leads/salesforce", 50, 50),
        ("fivetran_salesforce/salesforce", 1, 1),
        ("sf_datacloud_workshop/salesforce", 60, 60),
        ("sf_devorg/salesforce", 22, 0),
    ]
    assert "`lead_history`: read as a snapshot" in result.stdout
    used = query("select count(*) from stg_salesforce__opportunities where row_status = 'used'")
    assert used == [(4 + 50 + 36,)]

"""Tables of several layouts and loaders, read by their names, and what becomes of their rows."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from raw_files import write_csv, write_parquet
from reader_project import ReaderProject

AT = dt.datetime


def fivetran(folder: Path) -> None:
    write_csv(
        folder / "CONTACT.csv",
        "id,property_createdate,property_hs_lead_status,property_merged_ids,createdate,"
        "property_hs_v2_date_entered_lead,property_hs_date_entered_lead,"
        "property_hs_lifecyclestage_customer_date,_fivetran_deleted,_fivetran_synced",
        (
            *("1", "2025-01-01", "Select", "7:100;8:200", "2026-01-01", "2026-01-02"),
            *("2026-01-03", "2026-01-04", "", "2026-01-09 00:00:00"),
        ),
        ["2", "", "None", "", "", "", "", "", "true", "2026-01-09 00:00:00"],
        ["3", "", "-- Select --", "", "", "", "", "", "", ""],
        ["", "", "--None--", "", "", "", "", "", "", ""],
    )
    write_csv(
        folder / "deal_stage.csv",
        "deal_id,value,entered_at,_fivetran_active",
        ["1.0", "new", "2026-01-01", "false"],
        ["1", "new", "2026-01-02", "true"],
        ["1", "new", "2026-01-02", "false"],
        ["1", "", "2026-01-02", "true"],
        ["", "new", "2026-01-02", "true"],
    )


def airbyte(folder: Path) -> None:
    first = ("x", "2026-01-09T00:00:00Z", "1", "2026-01-01T08:00:00.000Z")
    write_csv(
        folder / "contacts.csv",
        "_airbyte_raw_id,_airbyte_extracted_at,id,createdAt,updatedAt,archived,"
        "properties_hs_lead_status,properties,properties_merged_ids",
        (*first, "2026-01-05", "false", "Open", "{}", '["7", "8"]'),
        (*first, "2026-01-06", "true", "Closed", "{}", "[]"),
    )
    write_csv(
        folder / "deal_pipeline.csv",
        "id,stages",
        ["p", '[{"label": "Won", "metadata": {"p": "1.0"}}, {"label": "New"}]'],
        ["q", "no list"],
        ["r", "[broken"],
    )


def dlt(folder: Path) -> None:
    write_parquet(
        folder / "contacts.parquet",
        "select 1.0::double as id, 1767225600000::bigint as createdate,"
        " 'please select' as hs_lead_status,"
        " ['7', '8'] as merged_ids, '1767603600.5' as _dlt_load_id, 'x' as _dlt_id",
    )
    write_parquet(
        folder / "deal_pipeline.parquet",
        "select 'p' as id, [{label: 'Won', metadata: {p: 1}}] as stages",
    )


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> ReaderProject:
    """One build of every CRM of this page."""
    made = ReaderProject(tmp_path_factory.mktemp("reader"))
    fivetran(made.raw / "hubspot_fivetran")
    airbyte(made.raw / "HubSpot airbyte")
    dlt(made.raw / "marketing")
    write_csv(
        made.raw / "generic_leads/leads.csv",
        "Lead ID,Created-At,last_modified_date",
        ["a", "2026-01-01", "2026-01-02"],
        ["a", "2026-01-01", "2026-01-03"],
        ["", "2026-01-01", ""],
        ["b", "soon", ""],
        ["c", "2026-05-01", ""],
    )
    write_csv(made.raw / "generic_no_ids/leads.csv", "created_at", ["2026-01-01"], ["2026-01-01"])
    result = made.build()
    assert result.returncode == 0, result.stdout[-4000:]
    return made


def test_columns_are_found_without_the_prefix_of_their_loader(project: ReaderProject) -> None:
    assert project.rows(
        "select crm, id, createdate, hs_lead_status, synced_at from contacts"
        " where id = '1' and coalesce(row_reason, '') <> 'duplicate_copy' order by crm"
    ) == [
        ("HubSpot airbyte", "1", AT(2026, 1, 1, 8), "Closed", AT(2026, 1, 9)),
        ("hubspot_fivetran", "1", AT(2026, 1, 1), None, AT(2026, 1, 9)),
        ("marketing", "1", AT(2026, 1, 1), None, AT(2026, 1, 5, 9, 0, 0, 500000)),
    ]


def test_a_property_stands_in_where_the_bare_column_is_missing(project: ReaderProject) -> None:
    found = project.rows("select id, hs_lead_status from contacts where crm = 'hubspot_fivetran'")
    assert sorted(found, key=str) == [("1", None), ("2", "None"), ("3", None), (None, None)]


def test_rows_of_contacts_fall_under_the_first_rule_that_holds(project: ReaderProject) -> None:
    found = project.rows("select crm, id, hs_lead_status, row_reason from contacts order by all")
    assert found == [
        ("HubSpot airbyte", "1", "Closed", "deleted"),
        ("HubSpot airbyte", "1", "Open", "duplicate_copy"),
        ("hubspot_fivetran", "1", None, None),
        ("hubspot_fivetran", "2", "None", "deleted"),
        ("hubspot_fivetran", "3", None, None),
        ("hubspot_fivetran", None, None, "no id"),
        ("marketing", "1", None, None),
    ]


def test_versions_of_a_history_table_are_no_older_versions(project: ReaderProject) -> None:
    found = project.rows(
        "select deal_id, value, extract('day' from entered_at), row_reason from deal_stages"
        " order by raw_row_number"
    )
    assert found == [
        ("1", "new", 1, None),
        ("1", "new", 2, None),
        ("1", "new", 2, "duplicate_copy"),
        ("1", None, 2, None),
        (None, "new", 2, "no deal_id"),
    ]


def test_a_key_column_that_the_table_lacks_makes_no_copies(project: ReaderProject) -> None:
    found = project.rows(
        "select crm, lead_id, has_lead_id, row_reason from leads order by crm, raw_row_number"
    )
    assert found == [
        ("generic_leads", "a", True, "duplicate_copy"),
        ("generic_leads", "a", True, None),
        ("generic_leads", None, True, "no lead_id"),
        ("generic_leads", "b", True, "created_at is not a time"),
        ("generic_leads", "c", True, "after_as_of"),
        ("generic_no_ids", None, False, None),
        ("generic_no_ids", None, False, None),
    ]


def test_stages_are_read_off_the_names_of_columns(project: ReaderProject) -> None:
    assert project.rows("select * from stage_dates order by entered_at") == [
        ("hubspot_fivetran", 1, "1", "lead", 1, AT(2026, 1, 2)),
        ("hubspot_fivetran", 1, "1", "lead", 2, AT(2026, 1, 3)),
        ("hubspot_fivetran", 1, "1", "customer", 1, AT(2026, 1, 4)),
    ]


def test_lists_are_split_whatever_their_spelling(project: ReaderProject) -> None:
    assert project.rows("select * from merged_ids order by all") == [
        ("HubSpot airbyte", "1", "7"),
        ("HubSpot airbyte", "1", "8"),
        ("hubspot_fivetran", "1", "7:100"),
        ("hubspot_fivetran", "1", "8:200"),
        ("marketing", "1", "7"),
        ("marketing", "1", "8"),
    ]


def test_json_lists_become_rows(project: ReaderProject) -> None:
    assert project.rows("select * from pipeline_stages order by all") == [
        ("p", "New", None),
        ("p", "Won", "1"),
        ("p", "Won", "1.0"),
    ]


def test_other_names_of_a_table_are_known(project: ReaderProject) -> None:
    found = project.rows(
        "select crm, is_found from fields_hubspot"
        " where raw_table = 'contact' and column_name is null"
    )
    assert sorted(found) == [
        ("HubSpot airbyte", True),
        ("hubspot_fivetran", True),
        ("marketing", True),
    ]

"""Rows that are gone, doubled, deleted or empty: each is accounted for."""

# ruff: noqa: E501 - grids of raw rows are read as tables

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

from .small_crms import SHIPPED, Published

SHIPPED.add(
    "salesforce_deleted",
    lead="""
        id   | created_date        | status      | is_deleted
        00Q1 | 2026-05-01 09:00:00 | New         | false
        00Q2 | 2026-05-01 09:00:00 | New         |
        00Q3 | 2026-05-01 09:00:00 | Unqualified | true
    """,
    opportunity="""
        id   | created_date        | stage_name  | amount | is_deleted
        0061 | 2026-05-01 09:00:00 | Discovery   | 100    |
        0062 | 2026-05-01 09:00:00 | Closed Lost | 900    | true
    """,
    opportunity_history="""
        id   | opportunity_id | stage_name  | created_date        | is_deleted
        0081 | 0061           | Discovery   | 2026-05-01 09:00:00 |
        0082 | 0062           | Closed Lost | 2026-05-01 09:00:00 | false
        0083 | 0069           | Discovery   | 2026-05-01 09:00:00 | false
    """,
    lead_history="""
        id   | lead_id | field  | new_value   | created_date
        0171 | 00Q9    | Status | Unqualified | 2026-05-02 09:00:00
    """,
    task="""
        id   | who_id | what_id | status    | is_closed | created_date        | completed_date_time
        00T1 | 00Q9   | 0069    | Completed | true      | 2026-05-02 09:00:00 | 2026-05-02 09:00:00
    """,
)
SHIPPED.add(
    "hubspot_archived",
    contacts="""
        id  | createdAt           | properties_lifecyclestage | archived
        701 | 2026-05-01 09:00:00 | lead                      | false
        702 | 2026-05-01 09:00:00 | lead                      |
        703 | 2026-05-01 09:00:00 | lead                      | true
    """,
    deals="""
        id   | createdAt           | properties_dealstage | archived
        1701 | 2026-05-06 09:00:00 | discovery            | false
        1702 | 2026-05-06 09:00:00 | discovery            | false
    """,
    deals_archived="""
        id   | createdAt           | properties_dealstage | archived
        1702 | 2026-05-06 09:00:00 | discovery            | true
    """,
)


def test_pitfall_07_deleted_rows_do_not_exist_and_an_empty_flag_is_no_deletion(
    shipped: Published,
) -> None:
    crm = "salesforce_deleted"
    assert shipped.leads(crm) == {"00Q1", "00Q2"}
    assert shipped.deals(crm) == {"0061"}
    assert {row["sales_decision"] for row in shipped.rows("fct_leads", crm)} == {None}
    assert shipped.fates(crm, "lead") == {"used": 2, "excluded": 1}
    assert shipped.fates(crm, "opportunity") == {"used": 1, "excluded": 1}
    dropped = shipped.row("set_aside_records", crm, record_kind="opportunity")
    assert (dropped["record_id"], dropped["amount_original"]) == (f"{crm}:0062", 900)


def test_pitfall_07_rows_of_archived_streams_are_deletions(shipped: Published) -> None:
    """The archived copy of a deal counts, though the other stream still shows it as there."""
    crm = "hubspot_archived"
    assert shipped.leads(crm) == {"701", "702"}
    assert shipped.deals(crm) == {"1701"}


def test_pitfall_07_records_that_are_gone_from_the_source_are_a_warning(audited: Path) -> None:
    """One lead and one deal that were published are nowhere; others were merged or deleted."""
    result = json.loads((audited / "audit.json").read_text(encoding="utf-8"))
    rules = {each["id"]: each for each in result["results"]}
    for rule, record in (
        ("leads_still_there", "salesforce:gone"),
        ("deals_still_there", "hubspot:gone"),
    ):
        assert rules[rule]["failing_ids"] == [record]
        assert rules[rule]["severity"] == "warning"
        assert "Not so: 1 of 3 " in rules[rule]["line"]
    assert result["success"]


def test_purged_records_leave_history_and_activities_that_belong_to_nobody(
    shipped: Published,
) -> None:
    """What points at 00Q9 and 0069 is used and changes nothing."""
    crm = "salesforce_deleted"
    assert shipped.fates(crm, "lead_history") == {"used": 1}
    assert shipped.fates(crm, "task") == {"used": 1}
    assert {lead["touch_count"] for lead in shipped.rows("fct_leads", crm)} == {0}
    visits = shipped.rows("fct_opportunity_stages", crm)
    assert {visit["opportunity_id"] for visit in visits} == {f"{crm}:0061"}


SHIPPED.add(
    "salesforce_history_mode",
    lead="""
        id   | created_date        | last_modified_date  | status  | _fivetran_active | _fivetran_start     | _fivetran_end
        00Q1 | 2026-05-01 09:00:00 | 2026-05-01 09:00:00 | New     | false            | 2026-05-01 09:00:00 | 2026-05-02 09:00:00
        00Q1 | 2026-05-01 09:00:00 | 2026-05-02 09:00:00 | MQL     | false            | 2026-05-02 09:00:00 | 2026-05-03 09:00:00
        00Q1 | 2026-05-01 09:00:00 | 2026-05-03 09:00:00 | Working | true             | 2026-05-03 09:00:00 | 9999-12-31 00:00:00
    """,
    opportunity="""
        id   | created_date        | last_modified_date  | stage_name | amount | _fivetran_active
        0061 | 2026-05-01 09:00:00 | 2026-05-01 09:00:00 | Discovery  | 100    | false
        0061 | 2026-05-01 09:00:00 | 2026-05-02 09:00:00 | Proposal   | 200    | true
    """,
    opportunity_history="""
        id   | opportunity_id | stage_name | created_date
        0081 | 0061           | Proposal   | 2026-05-02 09:00:00
    """,
)


def test_pitfall_12_history_mode_multiplies_no_rows(shipped: Published) -> None:
    """Only the active version counts."""
    crm = "salesforce_history_mode"
    (lead,) = shipped.rows("fct_leads", crm)
    (deal,) = shipped.rows("fct_opportunities", crm)
    assert (deal["stage"], deal["amount"]) == ("Proposal", 200)
    assert lead["lead_id"] == f"{crm}:00Q1"
    assert shipped.fates(crm, "lead") == {"used": 1, "excluded": 2}
    assert shipped.fates(crm, "opportunity") == {"used": 1, "excluded": 1}


SHIPPED.add(
    "hubspot_dlt",
    contacts="""
        id  | createdate          | lifecyclestage         | hs_merged_object_ids
        231 | 2026-05-01 09:00:00 | marketingqualifiedlead |
    """,
    contacts_property_history="""
        object_id | property_name  | value                  | timestamp           | source_type | _dlt_load_id
        231       | lifecyclestage | lead                   | 2026-05-01 09:00:00 | FORMS       | 1
        231       | lifecyclestage | marketingqualifiedlead | 2026-05-02 09:00:00 | CRM_UI      | 1
        231       | lifecyclestage | lead                   | 2026-05-01 09:00:00 | FORMS       | 2
        231       | lifecyclestage | marketingqualifiedlead | 2026-05-02 09:00:00 | CRM_UI      | 2
        231       | hs_lead_status |                        | 2026-05-03 09:00:00 | CRM_UI      | 1
        231       | hs_lead_status |                        | 2026-05-03 09:00:00 | CRM_UI      | 2
    """,
)


SHIPPED.add(
    "hubspot_fivetran",
    contact="""
        id  | property_createdate | property_lifecyclestage
        231 | 2026-05-01 09:00:00 | salesqualifiedlead
    """,
    contact_property_history="""
        contact_id | name           | value                  | timestamp           | _fivetran_start     | _fivetran_end       | _fivetran_active
        231        | lifecyclestage | lead                   | 2026-05-01 09:00:00 | 2026-05-01 09:00:00 | 2026-05-02 09:00:00 | false
        231        | lifecyclestage | marketingqualifiedlead | 2026-05-02 09:00:00 | 2026-05-02 09:00:00 | 2026-05-03 09:00:00 | false
        231        | lifecyclestage | salesqualifiedlead     | 2026-05-03 09:00:00 | 2026-05-03 09:00:00 | 9999-12-31 23:59:59 | true
    """,
    deal="""
        deal_id | property_createdate | deal_pipeline_stage_id | deal_pipeline_id
        2311    | 2026-05-03 10:00:00 | contractsent           | default
    """,
    deal_property_history="""
        deal_id | name      | value               | timestamp_instant   | _fivetran_active
        2311    | dealstage | presentationscheduled | 2026-05-03 10:00:00 | false
        2311    | dealstage | contractsent        | 2026-05-04 10:00:00 | true
    """,
)


def test_tool_trap_fivetran_marks_earlier_values_as_inactive(shipped: Published) -> None:
    """They are the history: none of them is an older version of a row."""
    crm = "hubspot_fivetran"
    assert shipped.fates(crm, "contact_property_history") == {"used": 3}
    visits = shipped.rows("fct_lead_stages", lead_id=f"{crm}:231")
    assert [str(visit["entered_at"]) for visit in visits if visit["stage"] == "handed_over"] == [
        "2026-05-02 09:00:00"
    ]
    assert str(shipped.lead(f"{crm}:231")["accepted_at"]) == "2026-05-03 09:00:00"
    assert shipped.fates(crm, "deal_property_history") == {"used": 2}
    assert len(shipped.rows("fct_opportunity_stages", opportunity_id=f"{crm}:2311")) == 2


def test_tool_trap_dlt_history_appended_on_every_run_counts_once(shipped: Published) -> None:
    """The same property, time and value again, an emptied one as well, is the same change."""
    crm = "hubspot_dlt"
    assert shipped.fates(crm, "contact_property_history") == {"used": 3, "excluded": 3}
    visits = shipped.rows("fct_lead_stages", lead_id=f"{crm}:231")
    assert sorted(visit["stage"] for visit in visits) == ["captured", "handed_over"]
    assert shipped.lead(f"{crm}:231")["recycle_count"] == 0


SHIPPED.add(
    "salesforce_hole",
    lead=[
        {"id": f"00Q{number}", "created_date": f"2026-0{month}-01 09:00:00", "status": "New"}
        for number, month in enumerate((2, 2, 3, 6, 7))
    ],
    task=[
        {"id": f"00T{number}", "who_id": "00Q0", "status": "Completed"}
        | {"created_date": f"2026-0{month}-05 09:00:00"}
        for number, month in enumerate((2, 3))
    ],
)


def test_tool_trap_large_syncs_a_hole_shows_in_the_profile_by_month(shipped: Published) -> None:
    """Leads of April and May, and activities since April, never arrived."""
    found = {
        (row["record_kind"], row["created_month"]): row["rows"]
        for row in shipped.rows("row_profile", "salesforce_hole")
    }
    assert found == {
        ("lead", date(2026, 2, 1)): 2,
        ("lead", date(2026, 3, 1)): 1,
        ("lead", date(2026, 6, 1)): 1,
        ("lead", date(2026, 7, 1)): 1,
        ("activity", date(2026, 2, 1)): 1,
        ("activity", date(2026, 3, 1)): 1,
    }


SHIPPED.add(
    "salesforce_empty",
    lead="id | created_date | status",
    opportunity="id | created_date | stage_name",
    opportunity_history="id | opportunity_id | stage_name | created_date",
    task="id | who_id | status",
)


def test_tool_trap_empty_objects_stop_nothing(shipped: Published) -> None:
    """Tables of a header alone count as read, with no row."""
    crm = "salesforce_empty"
    assert shipped.leads(crm) == shipped.deals(crm) == set()
    assert shipped.fates(crm, "lead") == shipped.fates(crm, "opportunity") == {}


def test_row_conservation_every_raw_row_has_one_fate(
    shipped: Published, changed: Published
) -> None:
    """Of every raw table of every CRM: used, merged, excluded and quarantined are all there is."""
    for tables, raw in ((shipped, "shipped"), (changed, "changed")):
        rows = tables.rows("row_accounting")
        assert rows, raw
        for row in rows:
            fates = [row[f"{fate}_rows"] for fate in ("used", "merged", "excluded", "quarantined")]
            assert sum(fates) == row["raw_rows"], row


def test_row_conservation_counts_what_the_files_hold(shipped: Published, place: Path) -> None:
    files = sorted((place / "shipped").glob("salesforce*/*.csv"))
    assert files
    for file in files:
        with file.open(encoding="utf-8", newline="") as stream:
            written = len(list(csv.DictReader(stream)))
        row = shipped.row("row_accounting", file.parent.name, raw_table=file.stem)
        assert row["raw_rows"] == written, file


def test_tool_trap_gx_on_duckdb_judges_every_rule(audited: Path) -> None:
    """Great Expectations ends in an IndexError on DuckDB unless its connection is kept."""
    result = json.loads((audited / "audit.json").read_text(encoding="utf-8"))
    assert result["success"], result
    rules = {each["id"]: each for each in result["results"]}
    assert rules["amounts_not_negative"]["unexpected_count"] == 1

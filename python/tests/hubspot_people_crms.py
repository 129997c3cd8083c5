"""Small raw HubSpot folders of people: the story of each loader, and a folder for each rule."""

from __future__ import annotations

import json
from pathlib import Path

from hubspot_deal_crms import cells
from raw_files import write_csv, write_parquet

MQL = "marketingqualifiedlead"


def fivetran(folder: Path) -> None:
    """The story: contact 101 of company 201 became an MQL, 102 had gone into it."""
    write_csv(
        folder / "contact.csv",
        "id,property_createdate,property_lifecyclestage,property_hs_lead_status,property_email,"
        "property_firstname,property_jobtitle,property_hs_analytics_source,property_pain,"
        "property_hubspot_owner_id,property_associatedcompanyid,property_lastmodifieddate,"
        "property_hs_merged_object_ids,_fivetran_deleted",
        cells(
            f"101|2026-01-05 09:00:00|{MQL}|NEW|ann@acme.example|Ann|CFO|PAID_SEARCH|Slow books|7|"
            "201|2026-02-01 00:00:00|102|false"
        ),
        cells("102|2025-12-01 09:00:00|lead|||||||||||true"),
    )
    write_csv(
        folder / "contact_property_history.csv",
        "contact_id,name,value,timestamp,source,source_id",
        ["102", "lifecyclestage", "lead", "2025-12-01 09:00:00", "FORMS", ""],
        ["101", "lifecyclestage", MQL, "2026-01-06 10:00:00", "IMPORT", ""],
        ["101", "hs_lead_status", "NEW", "2026-01-07 10:00:00", "CRM_UI", ""],
        ["101", "hs_lead_status", "", "2026-01-08 10:00:00", "CRM_UI", ""],
        ["101", "jobtitle", "CFO", "2026-01-07 10:00:00", "CRM_UI", ""],
    )
    _fivetran_others(folder)


def _fivetran_others(folder: Path) -> None:
    write_csv(
        folder / "company.csv",
        "id,property_name,property_domain,property_industry,property_numberofemployees,"
        "property_country,is_deleted",
        ["201", "Acme", "acme.example", "COMPUTER_SOFTWARE", "40", "Spain", "false"],
    )
    write_csv(folder / "owner.csv", "owner_id,type,active_user_id", ["7", "PERSON", "1"])
    write_csv(folder / "form.csv", "guid,name", ["f1", "Request a demo"])
    write_csv(
        folder / "contact_form_submission.csv",
        "contact_id,form_id,conversion_id,timestamp,title,page_url",
        ["102", "f1", "c1", "2025-12-01 09:00:00", "Demo page", "https://us.example"],
    )


def airbyte(folder: Path) -> None:
    """The same in streams: flattened properties, the ids of merged contacts with times."""
    write_csv(
        folder / "contacts.csv",
        "id,createdAt,updatedAt,archived,properties_createdate,properties_lifecyclestage,"
        "properties_hs_lead_status,properties_email,properties_firstname,properties_jobtitle,"
        "properties_hs_analytics_source,properties_pain,properties_hubspot_owner_id,"
        "properties_associatedcompanyid,properties_hs_calculated_merged_vids",
        cells(
            "101|2026-01-05T09:00:00.000Z|2026-02-01T00:00:00.000Z|false|2026-01-05T09:00:00.000Z|"
            f"{MQL}|NEW|ann@acme.example|Ann|CFO|PAID_SEARCH|Slow books|7|201|102:1767600000000"
        ),
        cells("102|2025-12-01T09:00:00.000Z||true||lead|||||||||"),
    )
    write_csv(
        folder / "contacts_property_history.csv",
        "contactId,property,value,timestamp,sourceType,sourceId,archived",
        ["102", "lifecyclestage", "lead", "2025-12-01T09:00:00.000Z", "FORMS", "", "false"],
        ["101", "lifecyclestage", MQL, "2026-01-06T10:00:00.000Z", "IMPORT", "", "false"],
        ["101", "hs_lead_status", "NEW", "2026-01-07T10:00:00.000Z", "CRM_UI", "", "false"],
        ["101", "hs_lead_status", "", "2026-01-08T10:00:00.000Z", "CRM_UI", "", "false"],
        ["101", "jobtitle", "CFO", "2026-01-07T10:00:00.000Z", "CRM_UI", "", "false"],
    )
    _airbyte_others(folder)


def _airbyte_others(folder: Path) -> None:
    write_csv(
        folder / "companies.csv",
        "id,properties_name,properties_domain,properties_industry,properties_numberofemployees,"
        "properties_country,archived",
        ["201", "Acme", "acme.example", "COMPUTER_SOFTWARE", "40", "Spain", "false"],
    )
    write_csv(folder / "owners.csv", "id,userId,archived", ["7", "1", "false"])
    write_csv(folder / "forms.csv", "id,name,archived", ["f1", "Request a demo", "false"])
    write_csv(
        folder / "contacts_form_submissions.csv",
        "canonical-vid,form-id,conversion-id,timestamp,page-title",
        ["102", "f1", "c1", "2025-12-01T09:00:00.000Z", "Demo page"],
    )


def old_airbyte(folder: Path) -> None:
    """The same in older streams: numbers as ids, milliseconds, names with hyphens."""
    write_parquet(
        folder / "contacts.parquet",
        "select 101 as id, '2026-01-05T09:00:00.000Z' as properties_createdate,"
        f" '{MQL}' as properties_lifecyclestage, 'NEW' as properties_hs_lead_status,"
        " 'ann@acme.example' as properties_email, 'Ann' as properties_firstname,"
        " 'CFO' as properties_jobtitle, 'PAID_SEARCH' as properties_hs_analytics_source,"
        " 'Slow books' as properties_pain, '7' as properties_hubspot_owner_id,"
        " 201.0::double as properties_associatedcompanyid, 102 as properties_hs_merged_object_ids,"
        " timestamp '2026-02-01' as updatedAt",
    )
    rows = [
        (102, "lifecyclestage", "lead", 1764579600000, "FORMS"),
        (101, "lifecyclestage", MQL, 1767693600000, "IMPORT"),
        (101, "hs_lead_status", "NEW", 1767780000000, "CRM_UI"),
        (101, "hs_lead_status", "", 1767866400000, "CRM_UI"),
        (101, "jobtitle", "CFO", 1767780000000, "CRM_UI"),
    ]
    write_parquet(
        folder / "contacts_property_history.parquet",
        'select * from (values {}) as history (vid, property, "value", "timestamp",'
        ' "source-type")'.format(", ".join(map(str, rows))),
    )
    _old_airbyte_others(folder)


def _old_airbyte_others(folder: Path) -> None:
    write_parquet(
        folder / "companies.parquet",
        "select 201 as id, 'Acme' as properties_name, 'acme.example' as properties_domain,"
        " 'COMPUTER_SOFTWARE' as properties_industry, 40.0 as properties_numberofemployees,"
        " 'Spain' as properties_country",
    )
    write_csv(folder / "owners.csv", "id,userId", ["7", "1"])
    write_csv(folder / "forms.csv", "guid,name", ["f1", "Request a demo"])
    answers = [{"name": "firstname", "value": "Ann"}]
    answers += [{"name": "email", "value": "Ann@Acme.example "}]
    write_csv(
        folder / "form_submissions.csv",
        "formId,submittedAt,pageUrl,values",
        ["f1", "1764579600000", "https://us.example", json.dumps(answers)],
        ["f1", "1764579600000", "https://us.example", json.dumps(answers[:1])],
    )
    write_csv(
        folder / "contacts_merged_audit.csv",
        "canonical-vid,vid-to-merge,timestamp",
        ["101", "102", "1767600000000"],
    )


def dlt(folder: Path) -> None:
    """The same with bare names: merged ids in a child table, the history twice over."""
    write_parquet(
        folder / "contacts.parquet",
        "select '101' as id, timestamptz '2026-01-05 04:00:00-05' as createdate,"
        f" '{MQL}' as lifecyclestage, 'NEW' as hs_lead_status, 'ann@acme.example' as email,"
        " 'Ann' as firstname, 'CFO' as jobtitle, 'PAID_SEARCH' as hs_analytics_source,"
        " 'Slow books' as pain, '7' as hubspot_owner_id, '201' as associatedcompanyid,"
        " timestamptz '2026-02-01 00:00:00+00' as lastmodifieddate, 'kQz' as _dlt_id",
    )
    write_parquet(
        folder / "contacts__hs_merged_object_ids.parquet",
        "select '102' as value, 'kQz' as _dlt_parent_id, 0 as _dlt_list_idx, 'a' as _dlt_id",
    )
    rows = [
        ["102", "lifecyclestage", "lead", "2025-12-01T09:00:00Z", "FORMS"],
        ["101", "lifecyclestage", MQL, "2026-01-06T10:00:00Z", "IMPORT"],
        ["101", "hs_lead_status", "NEW", "2026-01-07T10:00:00Z", "CRM_UI"],
        ["101", "hs_lead_status", "", "2026-01-08T10:00:00Z", "CRM_UI"],
        ["101", "jobtitle", "CFO", "2026-01-07T10:00:00Z", "CRM_UI"],
    ]
    write_csv(
        folder / "contacts_property_history.csv",
        "object_id,property_name,value,timestamp,source_type",
        *rows,
        *rows,
    )
    write_csv(
        folder / "companies.csv",
        "id,name,domain,industry,numberofemployees,country",
        ["201", "Acme", "acme.example", "COMPUTER_SOFTWARE", "40", "Spain"],
    )
    write_csv(folder / "owners.csv", "id,user_id,archived", ["7", "1", "false"])


def contact_rules(folder: Path) -> None:
    """One contact for each rule that its row can fall under; the name says which."""
    write_csv(
        folder / "contact.csv",
        "id,property_createdate,property_lifecyclestage,property_hs_lead_status,"
        "property_firstname,property_hs_lastmodifieddate,_fivetran_deleted",
        ["", "2026-01-01", "lead", "", "no id", "", "false"],
        ["1", "2026-01-01", "lead", "", "earlier", "2026-01-02", "false"],
        ["1", "2026-01-01", "lead", "", "later", "2026-01-03", "false"],
        ["2", "2026-01-01", "lead", "", "deleted", "", "true"],
        ["3", "", "lead", "", "undated", "", "false"],
        ["4", "last week", "lead", "", "odd date", "", "false"],
        ["5", "2026-03-01 00:00:01", "lead", "", "after as_of", "", "false"],
        ["6", "2026-01-01", "Evangelist", "", "friend", "", "false"],
        ["7", "2026-01-01", "other", "--None--", "partner", "", "false"],
        ["8", "2026-01-01", "other", "OPEN", "other, but worked", "", "false"],
        ["9", "2026-01-01", "", "", "no stage", "", "false"],
        ["10", "2026-03-02", "other", "", "other after as_of", "", "false"],
    )
    write_csv(
        folder / "contact_property_history.csv",
        "contact_id,name,value,timestamp",
        ["", "lifecyclestage", "lead", "2026-01-01"],
        ["1", "lifecyclestage", "lead", ""],
        ["1", "lifecyclestage", "other", "soon"],
        ["1", "lifecyclestage", "lead", "2026-04-01"],
        ["1", "lifecyclestage", "lead", "2026-01-01"],
        ["1", "lifecyclestage", "lead", "2026-01-01 00:00:00"],
        ["1", "lifecyclestage", "", "2026-01-01"],
        ["1", "lifecyclestage", "", "2026-01-01"],
    )
    write_csv(
        folder / "company.csv",
        "id,property_name,is_deleted",
        ["1", "Acme", "false"],
        ["2", "Gone", "true"],
        ["", "Nobody", "false"],
    )
    write_csv(
        folder / "owner.csv",
        "owner_id,type,first_name,last_name,active_user_id",
        ["1", "PERSON", "Ann", "Lee", "11"],
        ["2", "PERSON", "Bob", "Roe", ""],
        ["3", "QUEUE", "EMEA", "", ""],
    )


def merges(folder: Path) -> None:
    """Chains over three places and over ids without rows, circles, dead ends, disagreement."""
    write_csv(
        folder / "contact.csv",
        "id,property_createdate,property_hs_merged_object_ids,property_hs_calculated_merged_vids,"
        "_fivetran_deleted,property_lifecyclestage",
        ["1", "2026-01-01", "", "", "false", ""],
        ["2", "2026-01-01", "1;1", "", "true", ""],
        ["3", "2026-01-01", "", "2:1767400000000; 3:1767400000000", "false", ""],
        ["4", "2026-01-01", "", "", "true", ""],
        ["5", "2026-01-01", "6", "", "false", ""],
        ["6", "2026-01-01", "5", "", "false", ""],
        ["7", "2026-01-01", "", "", "false", ""],
        ["8", "2026-01-01", "7", "", "true", ""],
        ["9", "2026-01-01", "20", "", "false", ""],
        ["10", "2026-01-01", "20", "", "false", ""],
        ["20", "2026-01-01", "", "", "false", ""],
        ["30", "2026-01-01", "31", "", "false", "evangelist"],
        ["31", "2026-01-01", "", "", "false", ""],
    )
    write_csv(
        folder / "contact_merge_audit.csv",
        "canonical_vid,vid_to_merge,timestamp",
        ["99", "4", "2026-01-02"],
        ["3", "99", "2026-01-03"],
        ["3", "99", "2026-01-03"],
        ["3", "", "2026-01-03"],
    )


def dates(folder: Path) -> None:
    """Three generations of date properties; a copy that does not count, and two merged contacts."""
    stages = [f"hs_v2_date_entered_{MQL}", f"hs_date_entered_{MQL}"]
    stages += [f"hs_lifecyclestage_{MQL}_date", "hs_lifecyclestage_salesqualifiedlead_date"]
    stages += ["hs_v2_date_entered_current_stage", "hs_v2_date_entered_123456"]
    stages += [f"hs_v2_date_exited_{MQL}"]
    write_csv(
        folder / "contact.csv",
        "id,property_createdate,property_lifecyclestage,property_hs_merged_object_ids,"
        + ",".join(f"property_{stage}" for stage in stages),
        ["1", "2026-01-01", MQL, "", "2026-02-03", "2026-02-02", "2026-02-01", *[""] * 4],
        ["2", "2026-01-01", MQL, "", "", "2026-02-02", "2026-02-01", "2026-02-05", *[""] * 3],
        ["3", "2026-01-01", MQL, "", "", "", "2026-02-01", "", "2026-02-09", "2026-02-08", ""],
        ["4", "2026-01-01", MQL, "5", "2026-02-03", "", "", "2026-02-05", "", "", "2026-02-07"],
        ["5", "2026-01-01", MQL, "", "2026-01-03", *[""] * 6],
        ["1", "2026-01-01", MQL, "", "2026-01-13", *[""] * 6],
        ["6", "2026-01-01", MQL, "", "2026-06-01", "", "", "not a time", *[""] * 3],
    )
    write_csv(
        folder / "contact_property_history.csv",
        "contact_id,name,value,timestamp",
        ["5", "lifecyclestage", "Marketing Qualified-Lead", "2026-01-02"],
    )


def lead_object(folder: Path) -> None:
    """Lead objects by association, by property, by list, of a merged contact, of nobody."""
    write_csv(
        folder / "contact.csv",
        "id,property_createdate,property_disqualification_reason,property_hs_merged_object_ids",
        ["1", "2026-01-01", "Other", ""],
        ["2", "2026-01-01", "Too small", ""],
        ["3", "2026-01-01", "", "4"],
        ["4", "2026-01-01", "", ""],
    )
    write_csv(
        folder / "leads.csv",
        "id,properties_hs_createdate,updatedAt,properties_hs_pipeline_stage,"
        "properties_hs_lead_disqualification_reason,properties_hs_primary_contact_id,contacts,"
        "archived",
        cells("L1|2026-02-01|2026-02-05|unqualified-stage-id-123|No budget|2||false"),
        cells("L2|2026-02-01|2026-02-06|new-stage-id|--None--|1||false"),
        cells("L3|2026-02-01|2026-02-04|Qualified_Stage_ID_9|Bad timing|1||false"),
        cells('L4|2026-02-01|2026-02-06|connected|||["4"]|false'),
        cells("L5|2026-02-01|2026-02-06|new||||false"),
        cells("L6|2026-02-01|2026-02-09|new|Spam|1||true"),
        cells("L7|2026-04-01|2026-04-01|new|Spam|1||false"),
    )
    write_csv(
        folder / "lead_contact.csv",
        "lead_id,contact_id,type_id",
        ["L1", "1", "578"],
        ["L1", "1", "578"],
        ["", "1", "578"],
    )
    write_csv(
        folder / "lead_property_history.csv",
        "lead_id,name,value,timestamp,source",
        ["L1", "hs_pipeline_stage", "attempting-stage-id", "2026-02-02", "CRM_UI_BULK_ACTION"],
        ["L1", "hs_lead_name", "A lead", "2026-02-02", "CRM_UI"],
        ["L4", "hs_pipeline_stage", "connected", "2026-02-02", "BATCH_UPDATE"],
        ["L5", "hs_pipeline_stage", "new", "2026-02-02", "CRM_UI"],
        ["L1", "hs_pipeline_stage", "unqualified-stage-id-123", "2026-04-01", ""],
    )


def submissions(folder: Path) -> None:
    """Copies, conversions of one second, forms without a name, and what comes after as_of."""
    write_csv(
        folder / "contact.csv",
        "id,property_createdate,property_Buying_Window,property_timeframe",
        ["1", "2026-01-01", "0-3 months", "never"],
    )
    write_csv(folder / "form.csv", "guid,name", ["f1", "Guide"], ["f2", ""], ["", "Nameless"])
    write_csv(
        folder / "contact_form_submission.csv",
        "contact_id,form_id,conversion_id,timestamp,title",
        ["1", "f1", "c1", "2026-01-01 10:00:00", "Page"],
        ["1", "f1", "c1", "2026-01-01 10:00:00", "Page"],
        ["1", "f1", "c2", "2026-01-01 10:00:00", "Page"],
        ["1", "f2", "", "2026-01-02 10:00:00", "Page"],
        ["1", "f3", "c3", "2026-01-03 10:00:00", ""],
        ["", "f1", "c4", "2026-01-01 10:00:00", "Page"],
        ["1", "f1", "c5", "2026-04-01 10:00:00", "Page"],
    )
    write_csv(
        folder / "form_submissions.csv",
        "formId,submittedAt,values",
        ["f1", "2026-01-01T10:00:00Z", '[{"name": "email", "value": "a@acme.example"}]'],
    )

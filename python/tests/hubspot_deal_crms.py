"""Small raw HubSpot folders: one story as each loader tells it, and one folder for each rule."""

from __future__ import annotations

import json
from pathlib import Path

from raw_files import write_csv

FIVETRAN_STAGE = "pipeline_id,stage_id,label,display_order,is_closed,probability,_fivetran_deleted"
CONNECTED = "f240bbac-87c9-4f6e-bf70-924b57d47db7"
AT_10 = "2026-01-06 10:00:00"


def cells(row: str) -> list[str]:
    """The cells of a row that is written with bars between them."""
    return row.split("|")


def fivetran(folder: Path) -> None:
    """The story: deal 11 is won, a call, an e-mail, a task and a meeting were about it."""
    write_csv(
        folder / "deal.csv",
        "deal_id,deal_pipeline_id,deal_pipeline_stage_id,owner_id,property_createdate,"
        "property_closedate,property_amount,property_hs_next_step,property_hs_analytics_source,"
        "property_hs_lastmodifieddate,is_deleted",
        cells(
            "11|default|closedwon|7|2026-01-05 09:00:00|2026-02-11 01:30:00|5000|Send papers|"
            "PAID_SEARCH|2026-02-12 00:00:00|false"
        ),
    )
    write_csv(
        folder / "deal_stage.csv",
        "deal_id,value,date_entered,_fivetran_start,_fivetran_end,_fivetran_active",
        cells(
            "11|appointmentscheduled|2026-01-05 09:00:00|2026-01-05 09:00:00|"
            "2026-02-10 15:00:00|false"
        ),
        ["11", "closedwon", None, "2026-02-10 15:00:00", "2050-01-01 00:00:00", "true"],
    )
    write_csv(
        folder / "deal_pipeline.csv",
        "pipeline_id,label,display_order,_fivetran_deleted",
        ["default", "Sales", "0", "false"],
    )
    write_csv(
        folder / "deal_pipeline_stage.csv",
        FIVETRAN_STAGE,
        ["default", "appointmentscheduled", "Appointment", "0", "false", "0.2", "false"],
        ["default", "closedwon", "Signed", "1", "true", "1.0", "false"],
        ["default", "closedlost", "Gone", "2", "true", "0.0", "false"],
    )
    write_csv(
        folder / "deal_contact.csv",
        "contact_id,deal_id,type_id,category",
        ["101", "11", "3", "HUBSPOT_DEFINED"],
        ["102", "11", "3", "HUBSPOT_DEFINED"],
        ["102", "11", "3", "HUBSPOT_DEFINED"],
    )
    write_csv(
        folder / "deal_company.csv",
        "company_id,deal_id,type_id,category",
        ["201", "11", "341", "HUBSPOT_DEFINED"],
        ["202", "11", "5", "HUBSPOT_DEFINED"],
    )
    _fivetran_engagements(folder)


def _fivetran_engagements(folder: Path) -> None:
    common = "engagement_id,property_hs_createdate,property_hs_timestamp,property_hubspot_owner_id,"
    write_csv(
        folder / "engagement.csv",
        "id,type,portal_id",
        *([str(number), "X", "1"] for number in range(1, 5)),
    )
    write_csv(
        folder / "engagement_call.csv",
        common + "property_hs_call_status,property_hs_call_direction,property_hs_call_disposition",
        ["1", AT_10, AT_10, "7", "COMPLETED", "OUTBOUND", CONNECTED],
    )
    write_csv(
        folder / "engagement_email.csv",
        common + "property_hs_email_status,type,property_hs_email_subject",
        ["2", "2026-01-07 10:00:00", "2026-01-07 10:00:00", "7", "SENT", "EMAIL", "Hello"],
    )
    write_csv(
        folder / "engagement_task.csv",
        common + "property_hs_task_status,property_hs_task_type,property_hs_engagement_source",
        ["3", "2026-01-08 10:00:00", "2026-03-09 01:00:00", "7", "NOT_STARTED", "TODO", "CRM_UI"],
    )
    write_csv(
        folder / "engagement_meeting.csv",
        common + "property_hs_meeting_start_time,property_hs_meeting_outcome",
        cells("4|2026-01-09 10:00:00|2026-01-20 10:00:00|7|2026-01-20 10:00:00|COMPLETED"),
    )
    write_csv(
        folder / "engagement_contact.csv",
        "engagement_id,contact_id",
        *([str(number), "101"] for number in range(1, 5)),
    )
    write_csv(
        folder / "engagement_deal.csv",
        "engagement_id,deal_id",
        *([str(number), "11"] for number in range(1, 5)),
    )


def airbyte(folder: Path) -> None:
    """The story in camel case: lists on the records, stages nested, times as stage dates."""
    write_csv(
        folder / "deals.csv",
        "_airbyte_extracted_at,id,properties,properties_pipeline,properties_dealstage,"
        "properties_hubspot_owner_id,properties_createdate,properties_closedate,properties_amount,"
        "properties_hs_next_step,properties_hs_analytics_source,"
        "properties_hs_v2_date_entered_appointmentscheduled,"
        "properties_hs_date_entered_appointmentscheduled,properties_hs_date_entered_closedwon,"
        "properties_hs_v2_date_entered_closedlost,properties_hs_v2_date_entered_current_stage,"
        "properties_hs_primary_associated_company,contacts,companies,createdAt,updatedAt,archived",
        cells(
            "2026-02-20T00:00:00Z|11|{}|default|closedwon|7|2026-01-05T09:00:00.000Z|"
            "2026-02-11T01:30:00Z|5000|Send papers|PAID_SEARCH|2026-01-05T09:00:00Z|"
            "2026-01-01T00:00:00Z|2026-02-10T15:00:00Z||2026-02-10T15:00:00Z|202|"
            '[\n  "101",\n  "102"\n]|[201,202]|'
            "2026-01-05T09:00:00Z|2026-02-12T00:00:00Z|false"
        ),
    )
    stages = [
        ("appointmentscheduled", "Appointment", 0, "false", "0.2"),
        ("closedwon", "Signed", 1, "true", "1.0"),
        ("closedlost", "Gone", 2, "true", "0.0"),
    ]
    nested = [
        {
            "stageId": stage,
            "label": label,
            "displayOrder": order,
            "metadata": {"isClosed": is_closed, "probability": probability},
        }
        for stage, label, order, is_closed, probability in stages
    ]
    write_csv(
        folder / "deal_pipelines.csv",
        "pipelineId,label,displayOrder,active,stages,createdAt",
        ["default", "Sales", "0", "true", json.dumps(nested), "1767603600000"],
    )
    _airbyte_engagements(folder)


def _airbyte_engagements(folder: Path) -> None:
    common = "id,properties_hs_timestamp,properties_hubspot_owner_id,createdAt,contacts,deals,"
    write_csv(
        folder / "engagements_calls.csv",
        common + "properties_hs_call_status,properties_hs_call_direction,"
        "properties_hs_call_disposition",
        ["1", AT_10, "7", AT_10, '["101"]', '["11"]', "COMPLETED", "OUTBOUND", CONNECTED],
    )
    write_csv(
        folder / "engagements_emails.csv",
        common + "properties_hs_email_status,properties_hs_email_direction,"
        "properties_hs_email_subject",
        cells("2|2026-01-07T10:00:00Z|7|2026-01-07T10:00:00Z|[101]|[11]|SENT|EMAIL|Hello"),
    )
    write_csv(
        folder / "engagements_tasks.csv",
        common + "properties_hs_task_status,properties_hs_task_type,"
        "properties_hs_engagement_source",
        cells("3|2026-03-09T01:00:00Z|7|2026-01-08T10:00:00Z|[101]|[11]|NOT_STARTED|TODO|CRM_UI"),
    )
    write_csv(
        folder / "engagements_meetings.csv",
        common + "properties_hs_meeting_start_time,properties_hs_meeting_outcome",
        cells(
            "4|2026-01-20T10:00:00Z|7|2026-01-09T10:00:00Z|[101]|[11]|2026-01-20T10:00:00Z|"
            "COMPLETED"
        ),
    )


def dlt(folder: Path) -> None:
    """The story in bare names: stage times and associations in tables of their own."""
    write_csv(
        folder / "deals.csv",
        "id,pipeline,dealstage,hubspot_owner_id,createdate,closedate,amount,hs_next_step,"
        "hs_analytics_source,hs_lastmodifieddate,_dlt_load_id,_dlt_id",
        cells(
            "11|default|closedwon|7|2026-01-05 09:00:00+00:00|2026-02-11 01:30:00+00|5000|"
            "Send papers|PAID_SEARCH|2026-02-12 00:00:00+00:00|1|a"
        ),
    )
    write_csv(
        folder / "stages_timing_deals.csv",
        "id,stage,hs_v2_date_enteredx,_dlt_id",
        ["11", "appointmentscheduled", "2026-01-05 09:00:00+00:00", "b"],
        ["11", "closedwon", "2026-02-10 15:00:00+00:00", "c"],
        ["11", "closedwon", "2026-02-10 15:00:00+00:00", "d"],
    )
    write_csv(
        folder / "pipelines_deals.csv",
        "id,label,display_order,archived,_dlt_id",
        ["default", "Sales", "0", "false", "p1"],
    )
    write_csv(
        folder / "pipelines_deals__stages.csv",
        "id,label,display_order,metadata__is_closed,metadata__probability,archived,"
        "_dlt_parent_id,_dlt_list_idx,_dlt_id",
        ["appointmentscheduled", "Appointment", "0", "false", "0.2", "false", "p1", "0", "s1"],
        ["closedwon", "Signed", "1", "true", "1.0", "false", "p1", "1", "s2"],
        ["closedlost", "Gone", "2", "true", "0.0", "false", "p1", "2", "s3"],
    )
    write_csv(
        folder / "contacts__deals.csv",
        "value,deals_id,_dlt_parent_id,_dlt_list_idx,_dlt_id",
        ["101", "11", "x", "0", "y"],
        ["102", "11", "z", "0", "w"],
    )
    write_csv(
        folder / "companies__deals.csv",
        "value,deals_id,_dlt_parent_id,_dlt_list_idx,_dlt_id",
        ["202", "11", "x", "0", "y"],
        ["203", "11", "x", "0", "y"],
    )


def old_names(folder: Path) -> None:
    """Fivetran's first tables: bare columns, owner and times on the engagement."""
    write_csv(
        folder / "engagement.csv",
        "id,type,created_at,timestamp,owner_id,is_deleted",
        ["1", "CALL", "2026-01-06 10:00:00", "2026-01-06 11:00:00", "7", "false"],
        ["2", "EMAIL", "2026-01-06 10:00:00", "2026-01-06 11:00:00", "7", "true"],
        ["3", "TASK", "2026-03-06 10:00:00", "2026-03-06 11:00:00", "7", "false"],
        ["4", "MEETING", "2026-01-06 10:00:00", "2026-01-07 11:00:00", "7", "false"],
    )
    write_csv(folder / "engagement_call.csv", "engagement_id,status", ["1", "COMPLETED"])
    write_csv(folder / "engagement_email.csv", "engagement_id,subject", ["2", "Hello"])
    write_csv(folder / "engagement_task.csv", "engagement_id,status", ["3", "WAITING"])
    write_csv(
        folder / "engagement_meeting.csv",
        "engagement_id,start_time,meeting_outcome,source",
        ["4", "2026-01-08 12:00:00", "NO_SHOW", "CRM_UI"],
        ["5", "2026-01-09 12:00:00", None, None],
    )
    write_csv(
        folder / "deal_pipeline_stage.csv",
        "pipeline_id,stage_id,label,display_order,closed_won,probability,_fivetran_deleted",
        ["default", "won", "Won", "1", "true", "1.0", "false"],
        ["default", "lost", "Lost", "2", "true", "0.0", "false"],
        ["default", "gone", "Gone", "3", "false", "0.5", "true"],
    )


def two_pipelines(folder: Path) -> None:
    """Labels that two pipelines share, stages of another pipeline, and stages nobody knows."""
    write_csv(
        folder / "deal.csv",
        "deal_id,deal_pipeline_id,deal_pipeline_stage_id,property_createdate,"
        "property_hs_is_closed,property_hs_is_closed_won,"
        "property_hs_v2_date_entered_60b5c368_04c4_13292096,property_closedate",
        ["1", "partner", "won", "2026-01-05", "false", "false", None, "2026-02-11 00:00:00"],
        ["2", "partner", "only-default", "2026-01-05", None, None, None, None],
        ["3", "partner", "closedlost", "2026-01-05", "true", "false", None, None],
        ["4", "default", "60b5c368-04c4", "2026-01-05", None, None, "2026-01-06", None],
        ["5", None, None, "2026-01-05", None, None, None, None],
    )
    write_csv(
        folder / "deal_pipeline_stage.csv",
        FIVETRAN_STAGE,
        ["default", "won", "Done", "5", "true", "1", "false"],
        ["partner", "won", "Done", "9", "true", "1", "false"],
        ["default", "only-default", None, "3", "false", "0.5", "false"],
        ["default", "60b5c368-04c4", "Proof", "2", "false", "0.5", "true"],
    )
    write_csv(
        folder / "deal_property_history.csv",
        "deal_id,name,value,timestamp,source",
        ["1", "dealstage", "only-default", "2026-01-05 10:00:00", "CRM_UI"],
        ["1", "dealstage", "won", "2026-01-06 10:00:00", "CRM_UI"],
        ["1", "dealstage", "won", "2026-01-06 10:00:00", "CRM_UI"],
        ["1", "amount", "5", "2026-01-07 10:00:00", "CRM_UI"],
        ["1", "dealstage", None, "2026-01-08 10:00:00", "CRM_UI"],
    )


def merges(folder: Path) -> None:
    """Deals merged into one another, chained, listed on the survivor, without a row."""
    write_csv(
        folder / "deal.csv",
        "deal_id,property_createdate,is_deleted,property_hs_merged_object_ids",
        ["1", "2026-01-05", "false", "4;5"],
        ["2", "2026-01-05", "true", None],
        ["3", "2026-01-05", "false", None],
        ["4", "2026-01-05", "false", None],
    )
    write_csv(
        folder / "merged_deal.csv",
        "deal_id,merged_deal_id",
        ["1", "2"],
        ["2", "3"],
        ["1", "1"],
        ["1", "6"],
        ["10", "6"],
        [None, "7"],
    )


def every_rule(folder: Path) -> None:
    """Rows that each fall under another rule."""
    write_csv(
        folder / "deal.csv",
        "deal_id,property_dealname,property_createdate,is_deleted,property_hs_lastmodifieddate,"
        "property_amount,property_hs_date_entered_new,_fivetran_active",
        [None, "no id", "2026-01-05", "false", None, "1", None, "true"],
        ["1", "old version", "2026-01-05", "false", None, "2", None, "false"],
        ["1", "earlier", "2026-01-05", "false", "2026-01-06", "3", "2026-01-07", "true"],
        ["1", "later", "2026-01-05", "false", "2026-01-08", "4", "2026-01-06", "true"],
        ["2", "deleted", "2026-01-05", "true", None, "5", "2026-01-06", "true"],
        ["3", "undated", "soon", "false", None, "6", None, "true"],
        ["4", "after as_of", "2026-03-02", "false", None, "7", None, "true"],
    )
    write_csv(
        folder / "deal_stage.csv",
        "deal_id,value,date_entered",
        ["3", "new", "2026-01-05"],
        ["3", "new", "soon"],
        ["3", "won", None],
        [None, "new", "2026-01-05"],
        ["3", "won", "2026-03-05"],
    )
    write_csv(
        folder / "deal_contact.csv",
        "deal_id,contact_id,label",
        ["1", "101", "Decision maker"],
        ["1", None, None],
        ["1", "101", None],
    )
    write_csv(
        folder / "engagement_call.csv",
        "engagement_id,property_hs_call_status,property_hs_timestamp,property_hs_createdate",
        ["1", "NO_ANSWER", "2026-01-05", "2026-01-05"],
        ["2", None, "2026-01-05", "2026-01-05"],
        ["3", "COMPLETED", "2026-03-05", "2026-03-05"],
    )
    write_csv(
        folder / "engagement_email.csv",
        "engagement_id,property_hs_email_status,property_hs_timestamp",
        ["4", "BOUNCED", "2026-01-05"],
        ["5", "Sent", "2026-01-05"],
    )
    write_csv(
        folder / "engagement_task.csv",
        "engagement_id,property_hs_task_status,property_hs_timestamp,"
        "property_hs_task_completion_date",
        ["6", "COMPLETED", "2026-01-05", None],
        ["7", "completed", "2026-01-05", "2026-01-06"],
        ["8", None, "2026-01-05", None],
    )
    write_csv(
        folder / "engagement_contact.csv",
        "engagement_id,contact_id",
        ["5", "101"],
        ["5", "102"],
        ["5", "102"],
        ["6", None],
    )
    write_csv(folder / "engagement_deal.csv", "engagement_id,deal_id", ["5", "1"], ["5", "3"])


def archived(folder: Path) -> None:
    """Airbyte's deals, of which one has been archived since and one was restored."""
    write_csv(
        folder / "deals.csv",
        "id,properties_createdate,updatedAt,archived",
        ["1", "2026-01-05", "2026-01-06T00:00:00Z", "false"],
        ["2", "2026-01-05", "2026-02-06T00:00:00Z", "false"],
        ["3", "2026-01-05", "2026-01-06T00:00:00Z", "false"],
    )
    write_csv(
        folder / "deals_archived.csv",
        "id,updatedAt,archived",
        ["1", "2026-01-20T00:00:00Z", "true"],
        ["2", "2026-01-20T00:00:00Z", "true"],
        [None, "2026-01-20T00:00:00Z", "true"],
    )

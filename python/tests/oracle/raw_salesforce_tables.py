"""Salesforce's raw tables."""

from __future__ import annotations

from .tables import Table, columns

NEW_VALUE = {"new_value": ("newvaluest", "newvaluefl", "newvaluede", "newvaluebo")}
CREATED = {"id": "key", "created_date": "time"}
TABLES: dict[str, Table] = {
    "lead": Table(
        CREATED
        | columns("key", "master_record_id owner_id converted_opportunity_id")
        | columns("key", "converted_contact_id converted_account_id")
        | {"is_converted": "flag", "converted_date": "date or time"}
        | columns("number", "number_of_employees lead_score_c")
        | columns("picklist", "status lead_source industry country")
        | columns("picklist", "disqualification_reason_c timeframe_c")
        | columns("text", "email first_name last_name company title pain_c")
        | columns("label", "utm_source_c utm_medium_c utm_campaign_c"),
        dated_by="created_date",
        ends_by="created_date",
        merged_by="master_record_id",
        record_kind="lead",
    ),
    "lead_history": Table(
        CREATED | {"lead_id": "key", "field": "text", "new_value": "picklist"},
        also=NEW_VALUE,
        needs=("lead_id",),
        dated_by="created_date",
        ends_by="created_date",
    ),
    "account": Table(
        {"id": "key", "number_of_employees": "number", "website": "text"}
        | {"name": "company", "is_person_account": "flag"}
        | columns("picklist", "industry billing_country"),
        needs=("id",),
    ),
    "contact": Table(
        columns("key", "id account_id master_record_id") | columns("text", "email title"),
        needs=("id",),
        merged_by="master_record_id",
    ),
    "opportunity": Table(
        CREATED
        | columns("key", "account_id campaign_id owner_id")
        | columns("picklist", "lead_source stage_name")
        | {"currency_iso_code": "label"}
        | columns("text", "next_step hubspot_deal_id_c")
        | {"close_date": "day", "is_closed": "flag", "is_won": "flag", "amount": "number"},
        needs=("id",),
        record_kind="opportunity",
        ends_by="created_date",
    ),
    "opportunity_history": Table(
        CREATED | {"opportunity_id": "key", "stage_name": "picklist"},
        needs=("opportunity_id",),
        dated_by="created_date",
        ends_by="created_date",
    ),
    "opportunity_field_history": Table(
        CREATED | {"opportunity_id": "key", "field": "text", "new_value": "picklist"},
        also=NEW_VALUE,
        needs=("opportunity_id",),
        dated_by="created_date",
        ends_by="created_date",
    ),
    "opportunity_stage": Table(
        {"id": "key", "sort_order": "number"}
        | columns("label", "api_name master_label")
        | columns("flag", "is_closed is_won"),
        also={"api_name": ("masterlabel",)},
        key=("api_name",),
    ),
    "opportunity_contact_role": Table(
        CREATED | columns("key", "opportunity_id contact_id") | {"role": "label"},
        ends_by="created_date",
    ),
    "campaign": Table(
        {"id": "key", "start_date": "day", "actual_cost": "number"}
        | columns("label", "name type currency_iso_code"),
        needs=("id",),
    ),
    "campaign_member": Table(
        CREATED
        | columns("key", "campaign_id lead_id contact_id")
        | {"has_responded": "flag", "first_responded_date": "date or time"},
        ends_by="created_date",
    ),
    "task": Table(
        CREATED
        | columns("key", "who_id what_id")
        | {"is_closed": "flag", "activity_date": "day", "completed_date_time": "time"}
        | columns("text", "subject status type task_subtype call_type call_disposition"),
        ends_by="created_date",
    ),
    "event": Table(
        CREATED
        | columns("key", "who_id what_id")
        | columns("time", "start_date_time activity_date_time activity_date"),
        ends_by="created_date",
    ),
    "user": Table(
        {"id": "key", "is_active": "flag", "time_zone_sid_key": "text"},
        ("sfuser", "users"),
        needs=("id",),
    ),
    "group": Table({"id": "key"} | columns("label", "type name"), needs=("id",)),
    "currency_type": Table({"iso_code": "text", "conversion_rate": "number"}, key=("iso_code",)),
    "dated_conversion_rate": Table(
        {"iso_code": "text", "conversion_rate": "number"}
        | columns("day", "start_date next_start_date"),
        key=("iso_code", "start_date"),
        needs=("iso_code", "start_date"),
    ),
}

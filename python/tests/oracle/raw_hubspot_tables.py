"""HubSpot's raw tables, with the names that Fivetran, Airbyte and dlt give them."""

from __future__ import annotations

from .tables import Table, columns

MODIFIED = {"last_modified_date": ("lastmodifieddate", "hslastmodifieddate", "updatedat")}
ALSO = MODIFIED | {"is_deleted": ("archived",)}
LABELLED = ("type_id", "label")
CREATED = ("createdat", "hscreatedate")
SOURCES = {"lead_source": "picklist", "hs_analytics_source": "picklist"}

CONTACT = Table(
    {"id": "key", "createdate": "time"}
    | columns("number", "numemployees hubspotscore")
    | columns("key", "hubspot_owner_id associatedcompanyid")
    | columns("text", "email firstname lastname company jobtitle pain")
    | columns("picklist", "lifecyclestage hs_lead_status industry country")
    | columns("picklist", "disqualification_reason timeframe")
    | columns("label", "utm_source utm_medium utm_campaign")
    | columns("text", "hs_merged_object_ids hs_calculated_merged_vids _dlt_id")
    | columns("text", "hs_additional_emails")
    | SOURCES,
    names=("contacts",),
    also=ALSO
    | {
        "id": ("vid", "contactid", "hsobjectid"),
        "createdate": CREATED,
        "hubspot_owner_id": ("ownerid",),
        "numemployees": ("numberofemployees",),
    },
    needs=("id",),
    dated_by="createdate",
    ends_by="createdate",
    record_kind="lead",
    stage_dates=(
        ("hsv2dateentered", ""),
        ("hsdateentered", ""),
        ("hslifecyclestage", "date"),
    ),
)
DEAL = Table(
    columns("key", "deal_id owner_id hs_primary_associated_company")
    | columns("id", "deal_pipeline_id deal_pipeline_stage_id")
    | {"hs_next_step": "text", "deal_currency_code": "label"}
    | columns("number", "amount amount_in_home_currency")
    | columns("time", "createdate closedate")
    | columns("flag", "hs_is_closed hs_is_closed_won")
    | columns("text", "salesforce_id contacts companies hs_merged_object_ids")
    | SOURCES,
    names=("deals",),
    also=ALSO
    | {
        "deal_id": ("id", "hsobjectid"),
        "owner_id": ("hubspotownerid",),
        "hs_next_step": ("nextstep",),
        "deal_pipeline_id": ("pipeline", "pipelineid"),
        "deal_pipeline_stage_id": ("dealstage", "stageid"),
        "createdate": CREATED,
        "salesforce_id": ("hssalesforceopportunityid", "salesforceopportunityid"),
    },
    key=("deal_id",),
    needs=("deal_id",),
    ends_by="createdate",
    record_kind="opportunity",
    stage_dates=(("hsv2dateentered", ""), ("hsdateentered", "")),
)


def _history(parent: str, names: tuple[str, ...], also: tuple[str, ...]) -> Table:
    """A property history: one row per change of one property."""
    return Table(
        {parent: "key", "timestamp": "time"} | columns("text", "name value source"),
        names=names,
        also=ALSO
        | {
            parent: (*also, "objectid"),
            "name": ("property", "propertyname"),
            "source": ("sourcetype",),
            "timestamp": ("timestampinstant",),
        },
        key=(parent, "name", "value", "timestamp"),
        needs=(parent,),
        dated_by="timestamp",
        ends_by="timestamp",
        keeps_versions=True,
        shown=parent,
    )


def _association(
    left: str,
    right: str,
    names: tuple[str, ...] = (),
    also: dict[str, tuple[str, ...]] | None = None,
    key: tuple[str, ...] = (),
) -> Table:
    """Which record belongs to which; `key` has what else tells the rows apart."""
    return Table(
        columns("key", f"{left} {right}") | columns("id", "type_id") | columns("text", "label"),
        names=names,
        also=ALSO
        | {
            "type_id": ("associationtypeid", "type"),
            "label": ("associationlabel", "role"),
        }
        | (also or {}),
        key=(left, right, *key),
        needs=(left, right),
    )


def _engagement(names: tuple[str, ...], also: dict[str, tuple[str, ...]], **kinds: str) -> Table:
    """One kind of activity, or all of them in one table."""
    return Table(
        {"engagement_id": "key", "hs_createdate": "time", "hs_timestamp": "time"}
        | columns("text", "hs_engagement_source contacts deals type")
        | kinds,
        names=names,
        also=ALSO
        | {
            "engagement_id": ("id", "hsobjectid"),
            "hs_createdate": ("createdate", "createdat"),
            "hs_timestamp": ("timestamp",),
            "hs_engagement_source": ("hsobjectsource", "source"),
        }
        | also,
        key=("engagement_id",),
        needs=("engagement_id",),
        ends_by="hs_createdate",
    )


TABLES: dict[str, Table] = {
    "contact": CONTACT,
    "contact_property_history": _history(
        "contact_id", ("contactspropertyhistory", "contactpropertyhistory"), ("vid", "canonicalvid")
    ),
    "company": Table(
        {"id": "key", "numberofemployees": "number"}
        | columns("text", "domain website")
        | columns("company", "name")
        | columns("picklist", "industry country"),
        names=("companies",),
        also=ALSO | {"id": ("companyid", "hsobjectid"), "numberofemployees": ("numemployees",)},
        needs=("id",),
    ),
    "deal": DEAL,
    "deal_archived": Table(
        columns("key", "deal_id"),
        names=("dealsarchived",),
        also=ALSO | {"deal_id": ("id", "hsobjectid")},
        key=("deal_id",),
        needs=("deal_id",),
    ),
    "deal_stage": Table(
        columns("key", "deal_id") | {"value": "id", "date_entered": "time"},
        names=("stagestimingdeals",),
        also=ALSO
        | {
            "deal_id": ("id",),
            "value": ("stage", "stageid"),
            "date_entered": (
                *("hsv2dateenteredx", "hsdateenteredx", "hsv2dateentered", "hsdateentered"),
                "fivetranstart",
            ),
        },
        key=("deal_id", "value", "date_entered"),
        needs=("deal_id",),
        dated_by="date_entered",
        ends_by="date_entered",
        keeps_versions=True,
    ),
    "deal_property_history": _history("deal_id", ("dealspropertyhistory",), ("dealid",)),
    "deal_pipeline": Table(
        columns("id", "pipeline_id") | columns("text", "stages _dlt_id"),
        names=("dealpipelines", "pipelinesdeals"),
        also=ALSO | {"pipeline_id": ("id",)},
        key=("pipeline_id",),
        needs=("pipeline_id",),
        keeps_deleted=True,
    ),
    "deal_pipeline_stage": Table(
        columns("id", "pipeline_id stage_id")
        | columns("text", "_dlt_parent_id")
        | columns("label", "label")
        | columns("number", "display_order probability")
        | columns("flag", "is_closed closed_won"),
        names=("dealpipelinestages", "dealpipelinesstages", "pipelinesdealsstages"),
        also=ALSO
        | {
            "stage_id": ("id",),
            "is_closed": ("metadataisclosed",),
            "probability": ("metadataprobability",),
        },
        key=("pipeline_id", "_dlt_parent_id", "stage_id"),
        needs=("stage_id",),
        shown="stage_id",
        keeps_deleted=True,
    ),
    "deal_contact": _association(
        "deal_id",
        "contact_id",
        ("dealcontacts", "dealscontacts"),
        {"deal_id": ("dealsid", "value"), "contact_id": ("contactsid",)},
        LABELLED,
    ),
    "contact_deal": _association(
        "deal_id",
        "contact_id",
        ("contactsdeals",),
        {"deal_id": ("dealsid",), "contact_id": ("contactsid", "value")},
        LABELLED,
    ),
    "deal_company": _association(
        "deal_id",
        "company_id",
        ("dealcompanies", "dealscompanies"),
        {"deal_id": ("dealsid", "value"), "company_id": ("companiesid",)},
        LABELLED,
    ),
    "company_deal": _association(
        "deal_id",
        "company_id",
        ("companiesdeals",),
        {"deal_id": ("dealsid",), "company_id": ("companiesid", "value")},
        LABELLED,
    ),
    "engagement": _engagement(
        ("engagements",),
        {"contacts": ("associationscontactids",), "deals": ("associationsdealids",)},
        type="text",
    ),
    "engagement_call": _engagement(
        ("engagementscalls", "calls"),
        {
            "hs_call_status": ("status",),
            "hs_call_disposition": ("disposition",),
            "hs_call_direction": ("direction",),
            "hs_call_title": ("title",),
        },
        **columns("text", "hs_call_status hs_call_disposition hs_call_direction hs_call_title"),
    ),
    "engagement_email": _engagement(
        ("engagementsemails", "emails"),
        {
            "hs_email_status": ("status",),
            "hs_email_direction": ("direction", "type"),
            "hs_email_subject": ("subject",),
        },
        **columns("text", "hs_email_status hs_email_direction hs_email_subject"),
    ),
    "engagement_meeting": _engagement(
        ("engagementsmeetings", "meetings"),
        {
            "hs_meeting_outcome": ("meetingoutcome",),
            "hs_meeting_start_time": ("starttime",),
        },
        hs_meeting_outcome="text",
        hs_meeting_start_time="time",
    ),
    "engagement_task": _engagement(
        ("engagementstasks", "tasks"),
        {
            "hs_task_status": ("status",),
            "hs_task_completion_date": ("completiondate",),
            "hs_task_subject": ("subject",),
            "hs_task_type": ("tasktype",),
        },
        **columns("text", "hs_task_status hs_task_subject hs_task_type"),
        hs_task_completion_date="time",
    ),
    "engagement_contact": _association("engagement_id", "contact_id"),
    "engagement_deal": _association("engagement_id", "deal_id"),
    "contact_form_submission": Table(
        columns("key", "contact_id")
        | columns("id", "form_id conversion_id")
        | columns("label", "title page_title")
        | {"timestamp": "time"},
        names=("contactsformsubmissions",),
        also=ALSO | {"contact_id": ("canonicalvid", "vid")},
        key=("contact_id", "form_id", "timestamp", "conversion_id"),
        needs=("contact_id",),
        ends_by="timestamp",
    ),
    "form_submission": Table(
        columns("id", "form_id conversion_id") | {"submitted_at": "time", "email": "typed_email"},
        names=("formsubmissions",),
        also=ALSO | {"email": ("answers", "values")},
        key=("email", "form_id", "submitted_at", "conversion_id"),
        needs=("email",),
        ends_by="submitted_at",
        shown="form_id",
    ),
    "form": Table(
        columns("id", "guid") | columns("label", "name"),
        names=("forms",),
        also=ALSO | {"guid": ("id", "formid")},
        key=("guid",),
        needs=("guid",),
    ),
    "lead": Table(
        columns("key", "id hs_primary_contact_id")
        | columns("picklist", "hs_pipeline_stage hs_lead_disqualification_reason")
        | {"createdate": "time", "contacts": "text"},
        names=("leads",),
        also=ALSO | {"id": ("leadid", "hsobjectid"), "createdate": CREATED},
        needs=("id",),
        ends_by="createdate",
    ),
    "lead_contact": _association(
        "lead_id",
        "contact_id",
        ("leadscontacts",),
        {"lead_id": ("value",), "contact_id": ("contactsid",)},
        LABELLED,
    ),
    "lead_property_history": _history("lead_id", ("leadspropertyhistory",), ()),
    "owner": Table(
        columns("key", "owner_id"),
        names=("owners",),
        also=ALSO | {"owner_id": ("id",)},
        key=("owner_id",),
        needs=("owner_id",),
    ),
    "contact_merged_id": Table(
        columns("text", "_dlt_parent_id value"),
        names=("contactshsmergedobjectids",),
        also=ALSO,
        key=("_dlt_parent_id", "value"),
        needs=("_dlt_parent_id", "value"),
    ),
    "contact_merge_audit": Table(
        columns("key", "canonical_vid vid_to_merge"),
        names=("contactsmergedaudit",),
        also=ALSO,
        key=("canonical_vid", "vid_to_merge"),
        needs=("canonical_vid", "vid_to_merge"),
    ),
    "merged_deal": Table(
        columns("key", "deal_id merged_deal_id"),
        names=("mergeddeals",),
        also=ALSO,
        key=("deal_id", "merged_deal_id"),
        needs=("deal_id", "merged_deal_id"),
        shown="merged_deal_id",
    ),
}

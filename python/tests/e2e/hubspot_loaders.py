"""A HubSpot portal as other loaders leave it: the tables, columns and times of Airbyte and dlt.

Both start from the tables as Fivetran names them, clean or dirty.
"""

from __future__ import annotations

import json
import re

from .plan import AS_OF
from .raw_tables import RawCrm, RawRow

ENGAGEMENTS = {"call": "calls", "email": "emails", "task": "tasks", "meeting": "meetings"}
DELETED = ("archived", "is_deleted", "_fivetran_deleted")
EXTRACTED = f"{AS_OF:%Y-%m-%dT%H:%M:%S}Z"
PLAIN_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
RENAMED = {"deal_id": "id", "engagement_id": "id", "deal_pipeline_id": "property_pipeline"}
RENAMED |= {"deal_pipeline_stage_id": "property_dealstage", "owner_id": "property_hubspot_owner_id"}


def airbyte(portal: RawCrm) -> RawCrm:
    """Streams with `properties_*`; associations are lists, stages a history of a property."""
    changes = [
        row | {"name": "dealstage", "timestamp": row["date_entered"]}
        for row in portal.get("deal_stage", [])
    ] + portal.get("deal_property_history", [])
    crm = {
        "contacts": [_stream_row(row) for row in portal["contact"]],
        "contacts_property_history": [
            _history_row("contactId", row["contact_id"], row)
            for row in portal["contact_property_history"]
        ],
        "contacts_merged_audit": [
            {"canonical-vid": row["canonical_vid"], "vid-to-merge": row["vid_to_merge"]}
            for row in portal.get("contact_merge_audit", [])
        ],
        "companies": [_stream_row(row) for row in portal["company"]],
        "leads": [_stream_row(row) for row in portal.get("lead", [])],
        "deals_property_history": [_history_row("dealId", row["deal_id"], row) for row in changes],
        "deal_pipelines": _pipelines(portal),
        "owners": [
            {"id": row["owner_id"], "archived": row.get("archived", "false")}
            for row in portal["owner"]
        ],
        "forms": [{"id": row["guid"], "name": row["name"]} for row in portal["form"]],
        "contacts_form_submissions": [
            {
                "canonical-vid": row["contact_id"],
                "form-id": row["form_id"],
                "timestamp": _iso(row["timestamp"]),
                "conversion-id": row["conversion_id"],
                "title": row["title"],
            }
            for row in portal.get("contact_form_submission", [])
        ],
    }
    return crm | _streams_with_lists(portal)


def _streams_with_lists(portal: RawCrm) -> RawCrm:
    """Deals and activities, which carry their associations."""
    on_deals = {thing: _lists(portal, "deal", thing) for thing in ("contact", "company")}
    around = {thing: _lists(portal, "engagement", thing) for thing in ("contact", "deal")}
    crm = {
        f"engagements_{name}": [
            _stream_row(row)
            | {f"{thing}s": around[thing].get(row["engagement_id"], "") for thing in around}
            for row in portal.get(f"engagement_{kind}", [])
        ]
        for kind, name in ENGAGEMENTS.items()
    }
    crm["deals"] = [
        _stream_row(row)
        | {
            "contacts": on_deals["contact"].get(row["deal_id"], ""),
            "companies": on_deals["company"].get(row["deal_id"], ""),
        }
        for row in portal["deal"]
    ]
    return crm


def _stream_row(row: RawRow) -> RawRow:
    own = {RENAMED.get(name, name): cell for name, cell in row.items()}
    properties = {
        name.replace("property_", "properties_", 1): _iso(cell)
        for name, cell in own.items()
        if name.startswith("property_")
    }
    created = own.get("property_createdate", own.get("property_hs_createdate", ""))
    is_archived = next((row[name] for name in DELETED if row.get(name)), "false")
    extracted = {"_airbyte_extracted_at": row.get("_fivetran_synced") or EXTRACTED}
    return {
        "id": own["id"],
        "createdAt": _iso(created),
        "archived": is_archived,
        **properties,
        **extracted,
    }


def _history_row(key: str, record: str, row: RawRow) -> RawRow:
    cells = {key: record, "property": row["name"], "value": row["value"]}
    return cells | {
        "timestamp": _iso(row["timestamp"]),
        "sourceType": row.get("source", ""),
        "archived": next((row[name] for name in DELETED if row.get(name)), "false"),
    }


def _pipelines(portal: RawCrm) -> list[RawRow]:
    """The pipelines with their stages inside, as the API gives them."""
    rows = []
    for pipeline in portal["deal_pipeline"]:
        stages = [
            {
                "stageId": row["stage_id"],
                "label": row["label"],
                "displayOrder": int(row["display_order"]),
                "metadata": {"isClosed": row["is_closed"], "probability": row["probability"]},
            }
            for row in portal["deal_pipeline_stage"]
            if row["pipeline_id"] == pipeline["pipeline_id"]
        ]
        row = {"pipelineId": pipeline["pipeline_id"], "label": pipeline["label"]}
        rows.append(row | {"stages": json.dumps(stages)})
    return rows


def _lists(portal: RawCrm, owner: str, thing: str) -> dict[str, str]:
    """Record -> the list of what it is associated with, as JSON."""
    found: dict[str, list[str]] = {}
    for link in portal.get(f"{owner}_{thing}", []):
        if not any(link.get(name) for name in DELETED) and link[f"{thing}_id"]:
            found.setdefault(link[f"{owner}_id"], []).append(link[f"{thing}_id"])
    return {record: json.dumps(ids) for record, ids in found.items()}


def _iso(cell: str) -> str:
    """A plain time as the API writes it; any other cell stays."""
    return f"{cell.replace(' ', 'T')}.000Z" if PLAIN_TIME.fullmatch(cell) else cell


def dlt(portal: RawCrm) -> RawCrm:
    """Bare names; history is appended anew with every run; neither activities nor submissions.

    The stage table keeps one time per stage: a deal that comes back to a stage is told by the
    history of its property alone.
    """
    return {
        "contacts": [_bare_row(row) for row in portal["contact"]],
        "contacts_property_history": 2
        * [
            _dlt_history_row(row["contact_id"], row["name"], row["value"], row["timestamp"])
            for row in portal["contact_property_history"]
        ],
        "companies": [_bare_row(row) for row in portal["company"]],
        "deals": [_bare_row(row) for row in portal["deal"]],
        "contacts__deals": [
            {"value": row["contact_id"], "deals_id": row["deal_id"]}
            for row in portal["deal_contact"]
        ],
        "companies__deals": [
            {"value": row["company_id"], "deals_id": row["deal_id"]}
            for row in portal["deal_company"]
        ],
        "owners": [{"id": row["owner_id"], "archived": "false"} for row in portal["owner"]],
        **_stage_tables(portal),
        **_pipeline_tables(portal),
    }


def _stage_tables(portal: RawCrm) -> RawCrm:
    """When deals entered their stages, in the table that can tell it."""
    returning = _returning_deals(portal)
    return {
        "deals_property_history": 2
        * [
            _dlt_history_row(row["deal_id"], "dealstage", row["value"], row["date_entered"])
            for row in portal["deal_stage"]
            if row["deal_id"] in returning
        ],
        "stages_timing_deals": [
            {
                "id": row["deal_id"],
                "stage": row["value"],
                "hs_v2_date_enteredx": _offset(row["date_entered"]),
            }
            for row in portal["deal_stage"]
            if row["deal_id"] not in returning
        ],
    }


def _pipeline_tables(portal: RawCrm) -> RawCrm:
    """Pipelines, and their stages as a child table that knows its parent by the loader's mark."""
    marks = {row["pipeline_id"]: f"mark{n}" for n, row in enumerate(portal["deal_pipeline"])}
    return {
        "pipelines_deals": [
            {"id": row["pipeline_id"], "label": row["label"], "_dlt_id": marks[row["pipeline_id"]]}
            for row in portal["deal_pipeline"]
        ],
        "pipelines_deals__stages": [
            {
                "id": row["stage_id"],
                "label": row["label"],
                "display_order": row["display_order"],
                "metadata__is_closed": row["is_closed"],
                "metadata__probability": row["probability"],
                "_dlt_parent_id": marks[row["pipeline_id"]],
            }
            for row in portal["deal_pipeline_stage"]
        ],
    }


def _returning_deals(portal: RawCrm) -> set[str]:
    entered: set[tuple[str, str]] = set()
    returning = set()
    for row in portal["deal_stage"]:
        visit = (row["deal_id"], row["value"])
        if visit in entered:
            returning.add(row["deal_id"])
        entered.add(visit)
    return returning


def _bare_row(row: RawRow) -> RawRow:
    bare = {
        RENAMED.get(name, name).removeprefix("property_"): _offset(cell)
        for name, cell in row.items()
        if name not in DELETED
    }
    return bare | {"hs_object_id": bare["id"], "_dlt_load_id": "1784548800.1"}


def _dlt_history_row(record: str, name: str, value: str, moment: str) -> RawRow:
    row = {"object_id": record, "property_name": name, "value": value}
    return row | {"timestamp": _offset(moment), "source_type": "CRM_UI"}


def _offset(cell: str) -> str:
    """A plain time with its offset, as dlt loads it; any other cell stays."""
    return f"{cell}+00:00" if PLAIN_TIME.fullmatch(cell) else cell

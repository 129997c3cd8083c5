"""The same portal as other loaders leave it: Airbyte's and dlt's tables, columns and times."""

from __future__ import annotations

import json

from .plan import AS_OF, Plan
from .plan_hubspot import PIPELINE, HubSpot
from .raw_tables import RawCrm, RawRow

ENGAGEMENTS = {"call": "calls", "email": "emails", "task": "tasks", "meeting": "meetings"}
TIMES = ("createdate", "closedate", "timestamp", "startdate", "start_time", "completion_date")


class HubSpotAirbyte(HubSpot):
    """Streams with `properties_*`; associations are lists, stages a history of a property."""

    def tables(self, plans: list[Plan]) -> RawCrm:
        portal = super().tables(plans)
        crm = {
            "contacts": [_stream_row(row) for row in portal["contact"]],
            "contacts_property_history": [
                _history_row("contactId", row, row["name"])
                for row in portal["contact_property_history"]
            ],
            "companies": [_stream_row(row) for row in portal["company"]],
            "deals": [self._deal_row(row, portal) for row in portal["deal"]],
            "deals_property_history": [
                _history_row("dealId", row | {"timestamp": row["date_entered"]}, "dealstage")
                for row in portal["deal_stage"]
            ],
            "deal_pipelines": [_pipeline(portal)],
            "owners": [{"id": row["owner_id"], "archived": "false"} for row in portal["owner"]],
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
        contacts, deals = (_lists(portal, thing) for thing in ("contact", "deal"))
        for kind, name in ENGAGEMENTS.items():
            crm[f"engagements_{name}"] = [
                _stream_row({"id": row["engagement_id"], **row})
                | {
                    "contacts": _list(contacts.get(row["engagement_id"], [])),
                    "deals": _list(deals.get(row["engagement_id"], [])),
                }
                for row in portal.get(f"engagement_{kind}", [])
            ]
        return crm

    def _deal_row(self, row: RawRow, portal: RawCrm) -> RawRow:
        own = {
            thing: [
                link[f"{thing}_id"]
                for link in portal[f"deal_{thing}"]
                if link["deal_id"] == row["deal_id"]
            ]
            for thing in ("contact", "company")
        }
        properties = {name: cell for name, cell in row.items() if name.startswith("property_")}
        return _stream_row({"id": row["deal_id"], **properties}) | {
            "properties_pipeline": row["deal_pipeline_id"],
            "properties_dealstage": row["deal_pipeline_stage_id"],
            "properties_hubspot_owner_id": row["owner_id"],
            "contacts": _list(own["contact"]),
            "companies": _list(own["company"]),
        }


def _stream_row(row: RawRow) -> RawRow:
    properties = {
        name.replace("property_", "properties_", 1): _iso(cell) if name.endswith(TIMES) else cell
        for name, cell in row.items()
        if name.startswith("property_")
    }
    created = row.get("property_createdate", row.get("property_hs_createdate", ""))
    return {
        "id": row["id"],
        "createdAt": _iso(created),
        "archived": "false",
        **properties,
        "_airbyte_extracted_at": f"{AS_OF:%Y-%m-%dT%H:%M:%S}Z",
    }


def _history_row(key: str, row: RawRow, name: str) -> RawRow:
    record = row["contact_id"] if key == "contactId" else row["deal_id"]
    cells = {key: record, "property": name, "value": row["value"]}
    return cells | {"timestamp": _iso(row["timestamp"]), "sourceType": "CRM_UI"}


def _pipeline(portal: RawCrm) -> RawRow:
    """The pipeline with its stages inside, as the API gives them."""
    stages = [
        {
            "stageId": row["stage_id"],
            "label": row["label"],
            "displayOrder": int(row["display_order"]),
            "active": True,
            "metadata": {"isClosed": row["is_closed"], "probability": row["probability"]},
        }
        for row in portal["deal_pipeline_stage"]
    ]
    return {
        "pipelineId": PIPELINE,
        "label": "Sales",
        "active": "true",
        "stages": json.dumps(stages),
    }


def _lists(portal: RawCrm, thing: str) -> dict[str, list[str]]:
    """Engagement -> the contacts or deals it is with."""
    found: dict[str, list[str]] = {}
    for link in portal.get(f"engagement_{thing}", []):
        found.setdefault(link["engagement_id"], []).append(link[f"{thing}_id"])
    return found


def _list(ids: list[str]) -> str:
    return json.dumps(ids) if ids else ""


def _iso(cell: str) -> str:
    return f"{cell.replace(' ', 'T')}.000Z" if cell else ""


class HubSpotDlt(HubSpot):
    """Bare names; history is appended anew with every run; neither activities nor submissions.

    The stage table keeps one time per stage: a deal that comes back to a stage is told by the
    history of its property alone.
    """

    def tables(self, plans: list[Plan]) -> RawCrm:
        portal = super().tables(plans)
        returning = _returning_deals(portal)
        stages = portal["deal_stage"]
        changes = [row for row in stages if row["deal_id"] in returning]
        return {
            "contacts": [_bare_row(row) for row in portal["contact"]],
            "contacts_property_history": 2
            * [
                _dlt_history_row(row["contact_id"], row["name"], row["value"], row["timestamp"])
                for row in portal["contact_property_history"]
            ],
            "companies": [_bare_row(row) for row in portal["company"]],
            "deals": [_bare_row(_renamed(row)) for row in portal["deal"]],
            "deals_property_history": 2
            * [
                _dlt_history_row(row["deal_id"], "dealstage", row["value"], row["date_entered"])
                for row in changes
            ],
            "stages_timing_deals": [
                {
                    "id": row["deal_id"],
                    "stage": row["value"],
                    "hs_v2_date_enteredx": _offset(row["date_entered"]),
                }
                for row in stages
                if row["deal_id"] not in returning
            ],
            "contacts__deals": [
                {"value": row["contact_id"], "deals_id": row["deal_id"]}
                for row in portal["deal_contact"]
            ],
            "deals__companies": [
                {"value": row["deal_id"], "companies_id": row["company_id"]}
                for row in portal["deal_company"]
            ],
            "pipelines_deals": [{"id": PIPELINE, "label": "Sales", "_dlt_id": "kQz1"}],
            "pipelines_deals__stages": [
                {
                    "id": row["stage_id"],
                    "label": row["label"],
                    "display_order": row["display_order"],
                    "metadata__is_closed": row["is_closed"],
                    "metadata__probability": row["probability"],
                    "_dlt_parent_id": "kQz1",
                }
                for row in portal["deal_pipeline_stage"]
            ],
            "owners": [{"id": row["owner_id"], "archived": "false"} for row in portal["owner"]],
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


def _renamed(row: RawRow) -> RawRow:
    """A deal's own columns under the names of its properties."""
    names = {"deal_id": "id", "deal_pipeline_id": "pipeline", "owner_id": "hubspot_owner_id"}
    names["deal_pipeline_stage_id"] = "dealstage"
    return {names.get(name, name): cell for name, cell in row.items()}


def _bare_row(row: RawRow) -> RawRow:
    bare = {
        name.removeprefix("property_"): _offset(cell) if name.endswith(TIMES) else cell
        for name, cell in row.items()
        if name not in ("_fivetran_deleted", "is_deleted")
    }
    return bare | {"hs_object_id": row["id"], "_dlt_load_id": "1784548800.1", "_dlt_id": row["id"]}


def _dlt_history_row(record: str, name: str, value: str, moment: str) -> RawRow:
    row = {"object_id": record, "property_name": name, "value": value}
    return row | {"timestamp": _offset(moment), "source_type": "CRM_UI"}


def _offset(cell: str) -> str:
    return f"{cell}+00:00" if cell else ""

"""The second CRM that joins: the generic layout, filled from an org of its own."""

from year.crm import Row, Tables

LEADS = {
    **{"lead_id": "id", "created_at": "created_date", "status": "status", "source": "lead_source"},
    **{"owner": "owner_id", "email": "email", "company": "company", "title": "title"},
    **{"industry": "industry", "employees": "number_of_employees", "country": "country"},
    **{"website": "website", "pain": "pain_c", "timeframe": "timeframe_c"},
    **{"disqualification_reason": "disqualification_reason_c"},
    **{"opportunity_id": "converted_opportunity_id"},
}
DEALS = {
    **{"opportunity_id": "id", "created_at": "created_date", "stage": "stage_name"},
    **{"is_won": "is_won", "is_closed": "is_closed", "amount": "amount", "source": "lead_source"},
    **{"currency": "currency_iso_code", "closed_at": "close_date", "owner": "owner_id"},
    **{"next_step": "next_step", "lost_reason": "loss_reason_c"},
}
COLUMNS = {
    "leads": list(LEADS),
    "opportunities": list(DEALS),
    "stage_events": ["object", "id", "stage", "entered_at"],
    "activities": ["activity_id", "lead_id", "opportunity_id", "type", "direction",
                   "completed_at", "scheduled_at", "owner"],
}  # fmt: skip


def generic(org: Tables, shared: list[str]) -> Tables:
    """The org's tables in the generic layout; its first leads have the e-mails `shared`.

    So some persons are in both CRMs, and are one lead each.
    """
    leads = [_taken(row, LEADS) for row in org["lead"] if row["is_deleted"] == "false"]
    for lead, email in zip(leads, shared, strict=False):
        lead["email"] = email
    return {
        "leads": leads,
        "opportunities": [_taken(row, DEALS) for row in org["opportunity"]],
        "stage_events": [
            *(_event("lead", row["lead_id"], row["new_value"], row["created_date"])
              for row in org["lead_history"] if row["field"] == "Status"),
            *(_event("opportunity", row["opportunity_id"], row["stage_name"], row["created_date"])
              for row in org["opportunity_history"]),
        ],
        "activities": [_activity(row) for row in org["task"] if row["is_deleted"] == "false"],
    }  # fmt: skip


def _taken(row: Row, columns: dict[str, str]) -> Row:
    return {name: row[column] for name, column in columns.items()}


def _event(record: str, key: str, stage: str, at: str) -> Row:
    return {"object": record, "id": key, "stage": stage, "entered_at": at}


def _activity(row: Row) -> Row:
    is_deal = row["what_id"].startswith("006")
    return {
        "activity_id": row["id"],
        "lead_id": row["who_id"] if row["who_id"].startswith("00Q") else "",
        "opportunity_id": row["what_id"] if is_deal else "",
        "type": (row["type"] or "task").lower(),
        "direction": (row["call_type"] or "outbound").lower(),
        "completed_at": row["completed_date_time"],
        "scheduled_at": "" if row["completed_date_time"] else row["activity_date"],
        "owner": row["owner_id"],
    }

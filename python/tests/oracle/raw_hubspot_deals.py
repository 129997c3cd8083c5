"""HubSpot's deals, their pipelines, stages, contacts and companies as neutral records."""

from __future__ import annotations

import json
from collections import defaultdict

from .accounting import is_deleted
from .raw import Crm
from .raw_generic import calendar_day
from .records import DealContact, DealRecord, Row, Stage, StageChange, chain_ends
from .settings import Settings
from .values import bare, flag, items, key, number, text

Known = tuple[str, str]  # the key of a stage and what is shown of it


class Stages:
    """Stages by pipeline and id. A stage key is both in lower case, with a line break between."""

    def __init__(self, crm: Crm) -> None:
        self.by_key: dict[str, Stage] = {}
        self.labels: dict[str, str] = {}
        self.pipelines: dict[str, set[str]] = defaultdict(set)  # stage id -> pipelines
        parents: dict[str, str] = {}
        for row in crm.used("deal_pipeline"):
            parents[row["_dlt_id"] or ""] = row["pipeline_id"]
            for stage in _listed_stages(row):
                self._add(row["pipeline_id"], stage)
        for row in crm.used("deal_pipeline_stage"):
            self._add(row["pipeline_id"] or parents.get(row["_dlt_parent_id"] or ""), row)

    def _add(self, pipeline: str | None, row: Row) -> None:
        stage_key = f"{key(pipeline)}\n{key(row['stage_id'])}"
        self.labels[stage_key] = row["label"] or row["stage_id"]
        self.pipelines[key(row["stage_id"])].add(key(pipeline))
        self.by_key[stage_key] = _stage(row)

    def find(self, pipeline: str | None, stage_id: str) -> Known:
        """In the deal's pipeline, else in the first that has it."""
        pipelines = self.pipelines.get(key(stage_id), set())
        own = key(pipeline) if key(pipeline) in pipelines else min(pipelines, default="")
        stage_key = f"{own}\n{key(stage_id)}"
        return stage_key, self.labels.get(stage_key, stage_id)

    def find_bare(self, deal: Row, name: str) -> Known:
        """By the name in a column, of which only letters and digits are left."""
        known = [*sorted(self.pipelines), deal["deal_pipeline_stage_id"] or ""]
        ids = [stage_id for stage_id in known if _is_named(stage_id, name)]
        return self.find(deal["deal_pipeline_id"], ids[0] if ids else name)


def _is_named(stage_id: str, name: str) -> bool:
    """HubSpot puts a number behind the name of an id that has more than letters and digits."""
    rest = bare(name).removeprefix(bare(stage_id))
    if not stage_id or rest == bare(name):
        return False
    return not rest or (rest.isdigit() and bare(stage_id) != key(stage_id))


def stages(crm: Crm) -> Stages:
    """What the CRM knows of its stages."""
    return Stages(crm)


def _listed_stages(row: Row) -> list[Row]:
    """The stages that stand as JSON in the row of their pipeline."""
    listed = json.loads(row["stages"]) if row["stages"] else []
    found = []
    for stage in listed:
        about = {bare(name): value for name, value in (stage | stage.get("metadata", {})).items()}
        plain = {name: None if value is None else str(value) for name, value in about.items()}
        found.append(
            {
                "stage_id": text(plain.get("stageid") or plain.get("id")),
                "label": text(plain.get("label")),
                "display_order": number(plain.get("displayorder")),
                "probability": number(plain.get("probability")),
                "is_closed": flag(plain.get("isclosed")),
                "closed_won": flag(plain.get("closedwon")),
            }
        )
    return [stage for stage in found if stage["stage_id"]]


def _stage(row: Row) -> Stage:
    """Won: closed with a probability of 1. The old closed_won means closed, either way."""
    is_closed = row["closed_won"] if row["is_closed"] is None else row["is_closed"]
    is_won = None
    if is_closed is False:
        is_won = False
    elif is_closed and row["probability"] is not None:
        is_won = row["probability"] == 1
    order = None if row["display_order"] is None else int(row["display_order"])
    return Stage(order, is_closed, is_won)


def told(crm: Crm, table: str) -> list[Row]:
    """What a table tells of merges: rows that count, also before deleted ones are set apart."""
    return [row for row in crm.used(table) if not is_deleted(row)]


def deal_steps(crm: Crm) -> dict[str, str]:
    """Merged-away deal -> the deal it went into; of several the largest id."""
    into: dict[str, set[str]] = defaultdict(set)
    for row in told(crm, "merged_deal"):
        into[row["merged_deal_id"]].add(row["deal_id"])
    for row in crm.rows["deal"]:
        if row["deal_id"] and row["row_reason"] not in ("older_version", "duplicate_copy"):
            for item in items(row["hs_merged_object_ids"]):
                into[f"{crm.name}:{item}"].add(row["deal_id"])
    steps = {gone: kept - {gone} for gone, kept in into.items()}
    return {gone: max(kept, key=largest_id) for gone, kept in steps.items() if kept}


def largest_id(found: str) -> tuple[int, str]:
    """Ids are numbers: the longer is the larger."""
    return (len(found), found)


def deal_merges(crm: Crm) -> dict[str, str]:
    """Merged-away deal -> the deal at the end of its chain."""
    return chain_ends(deal_steps(crm))


def deals(crm: Crm, settings: Settings) -> list[DealRecord]:
    """The deals that count."""
    known = stages(crm)
    companies = _companies(crm)
    return [_deal(row, known, companies.get(row["deal_id"]), settings) for row in crm.used("deal")]


def _deal(row: Row, known: Stages, company_id: str | None, settings: Settings) -> DealRecord:
    stage_key, label = "", None
    if row["deal_pipeline_stage_id"]:
        stage_key, label = known.find(row["deal_pipeline_id"], row["deal_pipeline_stage_id"])
    stage = known.by_key.get(stage_key, Stage(None, None, None))
    return DealRecord(
        row=row,
        crm=row["crm"],
        layout="hubspot",
        id=row["deal_id"],
        company_id=company_id,
        lead_source=row["lead_source"] or row["hs_analytics_source"],
        created_at=row["createdate"],
        last_modified_at=row["last_modified_date"],
        close_date=calendar_day(row["closedate"], settings),
        closes_at=row["closedate"],
        stage=label,
        stage_key=stage_key,
        is_closed=row["hs_is_closed"] if stage.is_closed is None else stage.is_closed,
        is_won=row["hs_is_closed_won"] if stage.is_won is None else stage.is_won,
        amount=row["amount"],
        home_amount=row["amount_in_home_currency"],
        currency=row["deal_currency_code"],
        next_step=row["hs_next_step"],
        owner_id=row["owner_id"],
        other_crm_id=row["salesforce_id"],
    )


def _companies(crm: Crm) -> dict[str, str]:
    """Deal -> its company: the primary one, else the smallest id."""
    found: dict[str, set[tuple[bool, str]]] = defaultdict(set)
    for row in crm.used("deal_company") + crm.used("company_deal"):
        found[row["deal_id"]].add((not _is_primary(row), row["company_id"]))
    for row in crm.used("deal"):
        if row["hs_primary_associated_company"]:
            found[row["deal_id"]].add((False, row["hs_primary_associated_company"]))
        for item in items(row["companies"]):
            found[row["deal_id"]].add((True, f"{crm.name}:{item}"))
    return {
        deal: min(companies, key=lambda one: (one[0], len(one[1]), one[1]))[1]
        for deal, companies in found.items()
    }


def _is_primary(row: Row) -> bool:
    """The association says so by its type, or by its label."""
    return row["type_id"] in ("5", "6", "deal_to_company") or key(row["label"]) == "primary"


def deal_contacts(crm: Crm, contacts: dict[str, str]) -> list[DealContact]:
    """Who is on which deal; in HubSpot a contact that is a lead is the lead itself."""
    found: list[tuple[str, str, str | None]] = [
        (row["deal_id"], row["contact_id"], row["label"])
        for row in crm.used("deal_contact") + crm.used("contact_deal")
    ]
    for row in crm.rows["deal"]:
        if row["row_status"] in ("used", "merged"):
            listed = items(row["contacts"])
            found += [(row["deal_id"], f"{crm.name}:{item}", None) for item in listed]
    deleted = {row["id"] for row in crm.rows["contact"] if row["row_reason"] == "deleted"}
    return [
        DealContact(deal, contacts.get(contact, contact), label, is_lead=True)
        for deal, contact, label in found
        if contact not in deleted
    ]


def deal_changes(crm: Crm) -> dict[str, list[StageChange]]:
    """Deal -> its stages by the best history it has."""
    known = stages(crm)
    pipelines = {row["deal_id"]: row["deal_pipeline_id"] for row in crm.used("deal")}
    found: dict[str, list[StageChange]] = {}
    for rows in (_stage_rows(crm), _property_rows(crm)):
        better: dict[str, list[StageChange]] = defaultdict(list)
        for row in rows:
            if row["deal_id"] in pipelines and row["deal_id"] not in found and row["value"]:
                stage_key, label = known.find(pipelines[row["deal_id"]], row["value"])
                better[row["deal_id"]].append(StageChange(stage_key, label, stage_key, row["at"]))
        found |= better
    for row in crm.used("deal"):
        found.setdefault(row["deal_id"], _dated_stages(row, known))
    return found


def _stage_rows(crm: Crm) -> list[Row]:
    return [row | {"at": row["date_entered"]} for row in crm.used_or_later("deal_stage")]


def _property_rows(crm: Crm) -> list[Row]:
    return [
        row | {"at": row["timestamp"]}
        for row in crm.used_or_later("deal_property_history")
        if key(row["name"]) == "dealstage"
    ]


def _dated_stages(row: Row, known: Stages) -> list[StageChange]:
    """Dates on the deal's own row, of each stage the newest kind."""
    found: dict[str, StageChange] = {}
    for name, _, at in sorted(row["stage_dates"], key=lambda date: date[1]):
        stage_key, label = known.find_bare(row, name)
        found.setdefault(stage_key, StageChange(stage_key, label, stage_key, at))
    return list(found.values())

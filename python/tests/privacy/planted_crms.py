"""CRMs in every layout whose every cell of text bears a mark of its own, to be looked for later.

Tables, columns and their kinds are those of the sources' YAML, so that a column that is added there
is planted too. Personal text is a mark in each row. Names of things (sources, statuses, campaigns)
are such names, but in two rows of each table: there they hold an e-mail address, or a phone number.
Cells that are no text (times, numbers, yes or no) hold a mark in the last row.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml
from builds import ROOT

AS_OF = "2026-10-31"
PATTERN = "zq[a-j]{5}qz"
"""A mark. It has no digit, and so is no number of a phone."""
ROWS = 24
EMAIL_ROW, PHONE_ROW, LONG_ROW, BROKEN_ROW = ROWS - 4, ROWS - 3, ROWS - 2, ROWS - 1
CRMS = {
    "salesforce": "salesforce",
    "hubspot": "hubspot",
    "hubspot_forms": "hubspot",
    "pipedrive": "pipedrive",
    "generic": "generic",
}
"""Folder -> layout."""
LEFT_OUT = {
    *(("hubspot", table) for table in ("deal_archived", "merged_deal", "contact_merge_audit")),
    *(
        ("hubspot_forms", table)
        for table in ("deal_archived", "merged_deal", "contact_merge_audit")
    ),
    ("hubspot_forms", "contact_form_submission"),
}
"""The first, which hold ids alone, would leave no deal. Without the last, the addresses that were
typed into forms tell whose submissions they are."""

EXTRA = ("phone", "mobile_phone", "description", "body", "notes", "street", "full_name", "comment")
"""Columns that nothing reads, in every table."""

KEYS = {
    "account_id": "account", "contact_id": "contact", "opportunity_id": "opportunity",
    "campaign_id": "campaign", "who_id": "lead", "what_id": "opportunity", "lead_id": "lead",
    "owner_id": "user", "hubspot_owner_id": "owner", "owner": "owner", "user_id": "users",
    "converted_opportunity_id": "opportunity", "converted_contact_id": "contact",
    "converted_account_id": "account", "parent_id": "account", "associatedcompanyid": "company",
    "deal_id": "deal", "company_id": "company", "hs_primary_associated_company": "company",
    "engagement_id": "engagement", "form_id": "form", "guid": "form", "person_id": "persons",
    "org_id": "organizations", "stage_id": "stages", "item_id": "deals", "new_value": "stages",
    "deal_pipeline_stage_id": "deal_pipeline_stage", "hs_primary_contact_id": "contact",
    "activity_id": "activity", "pipeline_id": "deal_pipeline", "deal_pipeline_id": "deal_pipeline",
}  # fmt: skip
"""Column of ids -> the table whose ids it holds; `id` is of its own table."""

NONE = {
    "master_record_id", "hubspot_deal_id_c", "hs_salesforceopportunityid", "_dlt_id", "row_mark",
    "pipeline_mark", "hs_merged_object_ids", "hs_calculated_merged_vids", "contacts", "companies",
    "deals", "type_id", "stages", "_dlt_parent_id",
}  # fmt: skip
"""Columns that are empty: bookkeeping of loaders, and lists of ids."""

NAMES = {
    "status": ["New", "Working", "Accepted", "Unqualified"],
    "hs_lead_status": ["NEW", "IN_PROGRESS", "OPEN_DEAL", "UNQUALIFIED"],
    "lifecyclestage": ["lead", "marketingqualifiedlead", "salesqualifiedlead", "opportunity"],
    "new_value": ["Working", "Accepted", "Unqualified"],
    "stage": ["Working", "Accepted", "Unqualified"],
    "stage_name": ["Prospecting", "Proposal", "Closed Won", "Closed Lost"],
    "industry": ["Software", "Logistics"],
    "country": ["US", "Ireland"],
    "type": ["Call", "Email", "Webinar"],
    "field": ["Status"],
    "name": ["Autumn webinar", "hs_lead_status"],
    "object": ["lead", "opportunity"],
    "currency": ["USD"],
    "lost_reason": ["No budget"],
}
SOURCES = ["Webinar", "Referral", "Paid Search"]
REASONS = ["No budget", "Student", "Wrong industry"]
WRITTEN = "{mark} wrote that the budget is gone until the next year" + ", and not to call again" * 9


def mark_of(number: int) -> str:
    """The mark with this number, below 100,000."""
    letters = f"{number:05d}".translate(str.maketrans("0123456789", "abcdefghij"))
    return f"zq{letters}qz"


def tables(layout: str) -> dict[str, dict[str, str]]:
    """Table -> column -> kind, as the YAML of the layout's sources says."""
    found: dict[str, dict[str, str]] = {}
    for file in sorted((ROOT / "models" / "staging" / layout).rglob("*sources.yml")):
        for source in yaml.safe_load(file.read_text(encoding="utf-8"))["sources"]:
            for table in source["tables"]:
                columns = {one["name"]: one["data_type"] for one in table["columns"]}
                found[table["name"]] = columns
    return found


class Planter:
    """Writes CRMs; `marks` says where each mark was put."""

    def __init__(self) -> None:
        self.marks: dict[str, str] = {}

    def plant(self, raw: Path) -> None:
        """One folder of CSV files for each of CRMS."""
        for crm, layout in CRMS.items():
            for table, columns in tables(layout).items():
                if (crm, table) in LEFT_OUT:
                    continue
                file = raw / crm / f"{table}.csv"
                file.parent.mkdir(parents=True, exist_ok=True)
                with file.open("w", encoding="utf-8", newline="") as stream:
                    writer = csv.writer(stream, lineterminator="\n")
                    writer.writerow([*columns, *EXTRA])
                    writer.writerows(self._rows(layout, table, columns))

    def _rows(self, layout: str, table: str, columns: dict[str, str]) -> Iterator[list[Any]]:
        for number in range(ROWS):
            cells = [self._cell(layout, table, *one, number) for one in columns.items()]
            yield cells + [self._mark(layout, table, name) for name in EXTRA]

    def _mark(self, layout: str, table: str, column: str) -> str:
        mark = mark_of(len(self.marks))
        self.marks[mark] = f"{layout}.{table}.{column}"
        return mark

    def _cell(self, layout: str, table: str, column: str, kind: str, number: int) -> Any:
        if column in NONE or column.startswith("is_deleted") or column == "deleted_flag":
            return ""
        if kind == "key":
            return self._key(layout, table, column, number)
        mark = self._mark(layout, table, column)
        if kind == "varchar":
            return self._personal(column, mark)
        if kind in ("picklist", "label", "company"):
            return _named(table, column, mark, number)
        return f"{mark} on 3 May" if number == BROKEN_ROW else _plain(column, kind, number)

    def _personal(self, column: str, mark: str) -> str:
        if column == "month":
            return "2026-05"
        if column == "answers":
            email = f'{{"name": "email", "value": "{mark}@secret.example"}}'
            return f'[{email}, {{"name": "notes", "value": "{mark}"}}]'
        return f"{mark}@secret.example" if "email" in column else f"{mark} Director"

    def _key(self, layout: str, table: str, column: str, number: int) -> str:
        if layout == "generic" and column == "owner":
            owners = ["{}@secret.example", "rep-7"]
            return owners[number % 2].format(self._person("generic.owner", number % 2))
        own = {"id", f"{table}_id", "guid", "owner_id"} if table in ("owner",) else {"id", "guid"}
        of = table if column in own else KEYS.get(column, table)
        if layout == "generic" and of in ("lead", "contact", "stage_events"):
            # A CRM whose ids are the addresses.
            return f"{self._person('generic.lead_id', number)}@secret.example"
        if column == "value" and table == "deal_stage":
            of = "deal_pipeline_stage"
        return f"{of}-{number}"

    def _person(self, where: str, number: int) -> str:
        mark = mark_of(90000 + number + (1000 if where.endswith("owner") else 0))
        self.marks[mark] = where
        return mark


def _named(table: str, column: str, mark: str, number: int) -> str:
    if number == EMAIL_ROW:
        return f"Ask {mark}@secret.example"
    if number == PHONE_ROW:
        return f"{mark} +353 1 555 0123"
    if number == LONG_ROW:
        return WRITTEN.format(mark=mark)
    if "source" in column:
        names = SOURCES
    elif "reason" in column:
        names = REASONS
    else:
        names = NAMES.get(column, ["Autumn"])
    return names[number % len(names)]


def _plain(column: str, kind: str, number: int) -> str:
    if kind in ("timestamp", "date"):
        days = 3 if "created" in column or column in ("add_time", "createdate") else 9
        day = date(2026, 3, 1) + timedelta(days=7 * number + days)
        return f"{day}" if kind == "date" else f"{day} 10:00:00"
    if kind == "boolean":
        return str(column in ("done", "active_flag") or number % 3 == 0).lower()
    return str(60 + number)

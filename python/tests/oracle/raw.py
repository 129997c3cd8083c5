"""Raw rows: which tables and columns are read, with which types, whatever the loader named them."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from . import values
from .settings import Settings

Row = dict[str, Any]
RawTables = Mapping[str, Iterable[Mapping[str, str]]]

READERS: dict[str, Callable[[str | None], Any]] = {
    "text": values.text,
    "time": values.time,
    "day": values.day,
    "number": values.number,
    "flag": values.flag,
}

# A key is an id: `<crm>:<id>`. Every table has the bookkeeping columns as well.
BOOKKEEPING = {
    "last_modified_date": "time",
    "system_modstamp": "time",
    "is_deleted": "flag",
    "_fivetran_active": "flag",
    "_fivetran_deleted": "flag",
    "_sdc_deleted_at": "text",
    "_ab_cdc_deleted_at": "text",
    "_fivetran_synced": "time",
    "_airbyte_extracted_at": "time",
    "_airbyte_emitted_at": "time",
    "_sdc_batched_at": "time",
}
CREATED = {"id": "key", "created_date": "time"}
TABLES: dict[str, dict[str, str]] = {
    "lead": CREATED
    | dict.fromkeys(["master_record_id", "owner_id", "converted_opportunity_id"], "key")
    | dict.fromkeys(["converted_contact_id", "converted_account_id"], "key")
    | {"is_converted": "flag", "converted_date": "time", "number_of_employees": "number"}
    | dict.fromkeys(["status", "lead_source", "email", "first_name", "last_name"], "text")
    | dict.fromkeys(["company", "title", "industry", "country"], "text")
    | dict.fromkeys(["disqualification_reason_c", "pain_c", "timeframe_c"], "text")
    | dict.fromkeys(["utm_source_c", "utm_medium_c", "utm_campaign_c"], "text"),
    "lead_history": CREATED | {"lead_id": "key", "field": "text", "new_value": "text"},
    "account": {"id": "key", "industry": "text", "number_of_employees": "number"}
    | {"billing_country": "text"},
    "contact": {"id": "key", "title": "text"},
    "opportunity": CREATED
    | dict.fromkeys(["account_id", "campaign_id", "owner_id"], "key")
    | dict.fromkeys(["lead_source", "stage_name", "next_step", "currency_iso_code"], "text")
    | {"close_date": "day", "is_closed": "flag", "is_won": "flag", "amount": "number"},
    "opportunity_history": CREATED | {"opportunity_id": "key", "stage_name": "text"},
    "opportunity_field_history": CREATED
    | {"opportunity_id": "key", "field": "text", "new_value": "text"},
    "opportunity_stage": {
        "id": "key",
        "master_label": "text",
        "api_name": "text",
        "sort_order": "number",
    }
    | {"is_closed": "flag", "is_won": "flag"},
    "opportunity_contact_role": CREATED
    | {"opportunity_id": "key", "contact_id": "key", "role": "text"},
    "campaign": {"id": "key", "name": "text", "type": "text", "start_date": "day"}
    | {"actual_cost": "number", "currency_iso_code": "text"},
    "campaign_member": CREATED
    | dict.fromkeys(["campaign_id", "lead_id", "contact_id"], "key")
    | {"has_responded": "flag", "first_responded_date": "time"},
    "task": CREATED
    | {"who_id": "key", "what_id": "key", "is_closed": "flag", "activity_date": "day"}
    | dict.fromkeys(["subject", "status", "type", "task_subtype"], "text")
    | dict.fromkeys(["call_type", "call_disposition"], "text")
    | {"completed_date_time": "time"},
    "event": CREATED
    | {"who_id": "key", "what_id": "key"}
    | dict.fromkeys(["start_date_time", "activity_date_time", "activity_date"], "time"),
    "user": {"id": "key", "is_active": "flag"},
    "group": {"id": "key", "type": "text"},
    "currency_type": {"iso_code": "text", "conversion_rate": "number"},
    "dated_conversion_rate": {"iso_code": "text", "conversion_rate": "number"}
    | {"start_date": "day", "next_start_date": "day"},
}


def normalised(name: str) -> str:
    """Names are the same when case and underscores do not count."""
    return name.replace("_", "").lower()


def read_folder(folder: Path) -> dict[str, list[dict[str, str]]]:
    """The CSV files of one CRM (.csv or .csv.gz): table -> rows as column -> text."""
    tables: dict[str, list[dict[str, str]]] = {}
    for path in sorted(folder.iterdir()):
        if path.name.endswith((".csv", ".csv.gz")):
            opener = gzip.open if path.suffix == ".gz" else open
            with opener(path, "rt", encoding="utf-8-sig", newline="") as file:
                reader = csv.DictReader(file)
                name = path.name.removesuffix(".gz").removesuffix(".csv")
                tables[name] = [dict.fromkeys(reader.fieldnames or [], ""), *reader]
    return tables


class Crm:
    """The raw tables of one CRM with typed rows; a table that is not there is empty.

    Args:
        name: the folder or schema, first part of every key.
        tables: table -> rows as column -> text. `read_folder` puts a row of empty cells first,
            which carries the header and is dropped here.
    """

    def __init__(self, name: str, tables: RawTables, settings: Settings) -> None:
        self.name = name
        self.columns: dict[str, set[str]] = {}
        self.rows: dict[str, list[Row]] = {table: [] for table in TABLES}
        found = {normalised(table): list(rows) for table, rows in tables.items()}
        for table, wanted in TABLES.items():
            if normalised(table) in found:
                header_and_rows = found[normalised(table)]
                self._read(table, wanted | BOOKKEEPING, header_and_rows, settings)

    def _read(
        self,
        table: str,
        wanted: dict[str, str],
        rows: list[Mapping[str, str]],
        settings: Settings,
    ) -> None:
        header = {normalised(column): column for column in (rows[0] if rows else {})}
        names = {
            column: header.get(normalised(settings.salesforce_fields.get(column, column)))
            for column in wanted
        }
        self.columns[table] = {column for column, name in names.items() if name is not None}
        for order, cells in enumerate(rows[1:]):
            row: Row = {"crm": self.name, "table": table, "order": order}
            for column, kind in wanted.items():
                name = names[column]
                row[column] = self._value(kind, cells.get(name) if name else None)
            created = names.get("created_date")
            row["created_raw"] = values.text(cells.get(created)) if created else None
            self.rows[table].append(row)

    def _value(self, kind: str, cell: str | None) -> Any:
        if kind == "key":
            plain = values.text(cell)
            return f"{self.name}:{plain}" if plain else None
        return READERS[kind](cell)

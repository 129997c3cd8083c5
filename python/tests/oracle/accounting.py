"""What becomes of each raw row: used, merged, excluded, quarantined; the first rule counts."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import datetime
from typing import Protocol

from .raw import Crm, Row
from .settings import Settings
from .tables import Table

SYNCED = ["_fivetran_synced", "_airbyte_extracted_at", "_airbyte_emitted_at", "_sdc_batched_at"]
SYNCED += ["_dlt_load_id"]

# Tables whose rows have no id of their own; what is shown for a row without a whole key is nothing.
NATURAL = ("opportunity_stage", "currency_type", "dated_conversion_rate")


class Rules(Protocol):
    """What only one layout knows of its rows."""

    def merged(self, crm: Crm) -> set[tuple[str, str]]:
        """Rows, as table and key, that other tables say were merged away (rule 4)."""
        ...

    def deleted(self, crm: Crm) -> set[tuple[str, str]]:
        """Rows, as table and key, that other tables say were deleted (rule 5)."""
        ...

    def is_snapshot(self, crm: Crm, table: str) -> bool:
        """The table has no dates, and needs none (rule 6)."""
        ...

    def fault(self, crm: Crm, table: str, row: Row) -> str | None:
        """Why the row can't be used (rule 7)."""
        ...

    def left_out(self, crm: Crm, table: str, row: Row) -> tuple[str, str] | None:
        """What becomes of a row that passed all other rules, and why, unless it is used."""
        ...


def settle(crm: Crm, rules: Rules, settings: Settings) -> None:
    """Give every row `status` and `reason`. Records of one person (rule 9) are for people.py."""
    for table, rows in crm.rows.items():
        for row in rows:
            row["row_status"], row["row_reason"] = "used", None
        _keys_and_versions(crm, table, rows)
    merged, deleted = rules.merged(crm), rules.deleted(crm)
    for table, rows in crm.rows.items():
        for row in rows:
            if row["row_status"] == "used":
                place = (table, shown(crm.specs[table], row))
                if place in merged:
                    row["row_status"], row["row_reason"] = "merged", "merged"
                else:
                    row["is_deleted"] = row["is_deleted"] or place in deleted
                    row["row_status"], row["row_reason"] = _verdict(crm, rules, row, settings)
    for table in crm.rows:
        for row in crm.used(table):
            if found := rules.left_out(crm, table, row):
                row["row_status"], row["row_reason"] = found


def _keys_and_versions(crm: Crm, table: str, rows: list[Row]) -> None:
    """Rules 1 to 3: no id, older version, duplicate copy."""
    spec = crm.specs[table]
    there = [name for name in spec.key if name in crm.columns.get(table, ())]
    same: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for row in rows:
        must = spec.key if len(spec.key) == 1 else [name for name in spec.key if name in spec.needs]
        empty = [name for name in must if name in there and row[name] is None]
        if empty:
            row["row_status"], row["row_reason"] = "quarantined", f"no {empty[0]}"
        elif row["_fivetran_active"] is False and not spec.keeps_versions:
            row["row_status"], row["row_reason"] = "excluded", "older_version"
        elif there:
            same[tuple(row[name] for name in there)].append(row)
    for copies in same.values():
        for row in sorted(copies, key=_newest_first)[1:]:
            row["row_status"], row["row_reason"] = "excluded", "duplicate_copy"


def _newest_first(row: Row) -> tuple[float, float, int]:
    modified = row["last_modified_date"] or row["system_modstamp"]
    synced = next((row[name] for name in SYNCED if row[name]), None)
    return (-_seconds(modified), -_seconds(synced), row["order"])


def _seconds(moment: datetime | None) -> float:
    return (moment - datetime(1, 1, 1)).total_seconds() if moment else -1.0


def _verdict(crm: Crm, rules: Rules, row: Row, settings: Settings) -> tuple[str, str | None]:
    """Rules 4 to 8 for a row that has a key and is the one that counts."""
    table, spec = row["table"], crm.specs[row["table"]]
    if spec.merged_by and row[spec.merged_by] not in (None, row["id"]):
        return "merged", "merged"
    if is_deleted(row) and not spec.keeps_deleted:
        return "excluded", "deleted"
    if spec.dated_by and row[spec.dated_by] is None and not rules.is_snapshot(crm, table):
        raw = row["date_text"]
        return "quarantined", (
            f"{spec.dated_by} is not a time{_form(raw)}" if raw else f"{spec.dated_by} is empty"
        )
    missing = [name for name in spec.needs if row[name] is None]
    if missing:
        return "quarantined", f"no {missing[0]}"
    if fault := rules.fault(crm, table, row):
        return "quarantined", fault
    if spec.ends_by and row[spec.ends_by] and row[spec.ends_by] > settings.as_of:
        return "excluded", "after_as_of"
    return "used", None


def _form(text: str) -> str:
    """How a time that is none is written, where it has digits and marks of dates alone."""
    if not re.fullmatch(r"[0-9./: -]{1,30}", text):
        return ""
    return f": {re.sub('[0-9]', '9', text)}"


def is_deleted(row: Row) -> bool:
    """The row, or the loader, says that it is deleted."""
    loader_mark = row["_fivetran_deleted"] or row["_sdc_deleted_at"] or row["_ab_cdc_deleted_at"]
    return bool(row["is_deleted"] or loader_mark)


def shown(spec: Table, row: Row) -> str | None:
    """The id that is shown for a raw row."""
    name = spec.shown or next(iter(spec.key), None)
    value = row.get(name) if name else None
    return None if value is None else str(value)


def row_accounting(crms: list[Crm]) -> list[Row]:
    """One row per raw table that was found."""
    result = []
    for crm in crms:
        for table in crm.columns:
            kinds = Counter(row["row_status"] for row in crm.rows[table])
            counts = {f"{kind}_rows": kinds[kind] for kind in ("used", "merged", "excluded")}
            counts["quarantined_rows"] = kinds["quarantined"]
            reasons = Counter(row["row_reason"] for row in crm.rows[table])
            counts["forgotten_rows"] = len(crm.forgotten[table])
            counts["past_retention_rows"] = reasons["past_retention"]
            counts["excluded_rows"] += counts["forgotten_rows"]
            counts["raw_rows"] = len(crm.rows[table]) + counts["forgotten_rows"]
            about = {"crm": crm.name, "raw_table": table}
            result.append({**about, **counts, "record_kind": crm.specs[table].record_kind})
    return result


def quarantined_rows(crms: list[Crm]) -> list[Row]:
    """One row per raw row that could not be used."""
    return [
        {
            "crm": crm.name,
            "raw_table": table,
            "raw_id": shown(crm.specs[table], row),
            "reason": row["row_reason"],
        }
        for crm in crms
        for table, rows in crm.rows.items()
        for row in rows
        if row["row_status"] == "quarantined"
    ]

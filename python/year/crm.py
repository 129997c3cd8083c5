"""A Salesforce org as it stood at the end of any day: a demo CRM, seen from an earlier day."""

import csv
import re
import tempfile
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from zlib import crc32

from leadsignal import demo

Row = dict[str, str]
Tables = dict[str, list[Row]]
DEMO_ID = re.compile(r"^(\w{3})5e(\d{10}AAA)$")
"""Ids of a demo CRM. An own org's are others, else its sets would be taken for a demo's."""
ORG = "7k"
BEGINS = {"campaign": "start_date", "opportunity_stage": "", "user": "", "group": ""}
"""The column by which a row is there, where it is not `created_date`; empty: it always is."""
LATE_TABLES = ("lead_history", "task", "event")
LATE_ONE_IN, LATEST_DAYS = 10, 15
"""Of so many rows of the late tables one is loaded 1 to so many days after it was made."""


def drawn(leads: int, seed: int, org: str = ORG) -> Tables:
    """All that ever happens in a CRM of about so many leads, in Fivetran's names.

    It ends on `demo.AS_OF` and begins eighteen months before. `org` makes its ids its own.
    """
    with tempfile.TemporaryDirectory() as folder:
        demo.write(Path(folder), leads, seed)
        files = sorted(Path(folder, "salesforce").glob("*.csv"))
        tables = {file.stem: [_renamed(row, org) for row in _read(file)] for file in files}
    return {table: rows for table, rows in tables.items() if rows}


def standing(whole: Tables, day: date) -> Tables:
    """The tables as they were loaded at the end of that day. The rows are copies."""
    end = f"{day} 23:59:59"
    there = {
        table: [dict(row) for row in rows if _arrival(table, row) <= end]
        for table, rows in whole.items()
    }
    statuses = _by(whole["lead_history"], "lead_id", end)
    stages = _by(whole["opportunity_history"], "opportunity_id", end)
    closed = {row["api_name"]: row for row in whole["opportunity_stage"]}
    for row in there["lead"]:
        _lead(row, statuses[row["id"]], end)
    for row in there["opportunity"]:
        _deal(row, stages[row["id"]], closed)
    for row in there["task"]:
        if row["completed_date_time"] > end:
            row |= {"completed_date_time": "", "status": "Not Started", "is_closed": "false"}
    for table in ("lead", "opportunity"):
        for row in there[table]:
            row["_fivetran_synced"] = f"{day} 23:45:00"
    return there


def write(folder: Path, tables: Tables, columns: Callable[[str], list[str]]) -> None:
    """The tables as CSV files; one without rows has its header."""
    folder.mkdir(parents=True)
    for table, rows in tables.items():
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns(table))
            writer.writeheader()
            writer.writerows(rows)


def _read(file: Path) -> list[Row]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def _renamed(row: Row, org: str) -> Row:
    return {name: DEMO_ID.sub(rf"\g<1>{org}\2", value) for name, value in row.items()}


def _arrival(table: str, row: Row) -> str:
    """When the loader brings the row."""
    begins = row.get(BEGINS.get(table, "created_date"), "")
    number = crc32(row.get("id", "").encode())
    if table not in LATE_TABLES or number % LATE_ONE_IN:
        return begins
    made = datetime.fromisoformat(begins)
    return f"{made + timedelta(days=1 + number // LATE_ONE_IN % LATEST_DAYS)}"


def _by(rows: list[Row], key: str, end: str) -> dict[str, list[Row]]:
    """The changes up to then of each record, oldest first, late ones too: its own row has them."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda one: (one["created_date"], one["id"])):
        if row.get("field", "Status") == "Status":
            found[row[key]].append(row)
    return defaultdict(
        list,
        {one: [row for row in some if row["created_date"] <= end] or [_first(some)]
         for one, some in found.items()},
    )  # fmt: skip


def _first(rows: list[Row]) -> Row:
    """What a record said before its first change, at no time."""
    before = dict.fromkeys(rows[0], "")
    return before | {"new_value": rows[0].get("old_value", ""), "created_date": ""}


def _lead(row: Row, changes: list[Row], end: str) -> None:
    if row["last_modified_date"] > end:
        row |= {"master_record_id": "", "is_deleted": "false"}
    if changes:
        later = changes[-1]["new_value"] != row["status"]
        row["status"] = changes[-1]["new_value"]
        row["last_modified_date"] = changes[-1]["created_date"] or row["created_date"]
        if later:
            row["disqualification_reason_c"] = ""
    if row["converted_date"] > end:
        row["is_converted"] = "false"
        row |= {f"converted_{what}": "" for what in
                ("date", "account_id", "contact_id", "opportunity_id")}  # fmt: skip


def _deal(row: Row, visits: list[Row], stages: dict[str, Row]) -> None:
    if not visits or not visits[-1]["stage_name"]:
        return
    last = visits[-1]
    row |= {"stage_name": last["stage_name"], "amount": last["amount"]}
    row |= {"close_date": last["close_date"], "last_modified_date": last["created_date"]}
    row["is_closed"] = stages[last["stage_name"]]["is_closed"]
    row["is_won"] = stages[last["stage_name"]]["is_won"]
    if row["is_closed"] == "false":
        row["loss_reason_c"] = ""

"""A golden CRM as a published set, made by the oracle: no dbt, so it costs a second or two."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from e2e.raw_tables import write_tables
from oracle import Settings, Tables, run_folder
from tiny_marts import QUESTIONS, TinyMarts

from .truth import Truth
from .worlds import AS_OF, WORLDS

Row = dict[str, Any]
# What the models say is to be done where a question has too few answers, by its order.
TO_DO = {
    1: "make the lead source a required field, and map its values in lead_sources",
    2: "log the response as a campaign member, or fill utm_campaign",
    3: "fill country, industry and number of employees on the lead (or enrich them)",
    4: "give sales one status for accepted and one for rejected, and have each lead end in one",
    5: "make the disqualification reason a required picklist, without Other",
    6: "log the handover as a status, and calls and e-mails as tasks",
    7: "convert the lead when the deal is opened, or add its contact to the deal",
    8: "make the disqualification reason a required picklist, without Other",
    9: "add contact roles to each opportunity",
    10: "enter the cost of each campaign",
    11: "track the history of the lead status field, and load lead_history",
    12: "load the history of the deals' stages",
    13: "have each deal in one CRM, or name the other one's id",
    14: "keep lost deals, and close them as lost",
}
ASKED = (
    *QUESTIONS,
    "is the history complete",
    "does the stage history end where the deal is",
    "is each deal there once",
    "are lost deals on record",
    "what is not there of all that is read",
)


@dataclass(frozen=True)
class GoldenSet:
    """A published set: `con` reads it as `warehouse.open_published` would.

    Attributes:
        name, sentence: which world it is and what is true of it.
        truth: what the generator decided.
        tables: the oracle's rows of the same marts.
        raw: the folder of the raw CRM (`<raw>/salesforce/<table>.csv`).
    """

    name: str
    sentence: str
    con: duckdb.DuckDBPyConnection
    truth: Truth
    tables: Tables
    raw: Path
    as_of: str = AS_OF


def publish(name: str, raw: Path) -> GoldenSet:
    """Write a golden CRM below `raw` (made here) and publish it by the oracle.

    Raises:
        KeyError: there is no world of that name.
    """
    world = WORLDS[name]
    crm, truth = world.make()
    write_tables(raw / "salesforce", crm)
    settings = Settings(AS_OF)
    tables = run_folder(raw, settings)
    return GoldenSet(name, world.sentence, as_marts(tables, settings), truth, tables, raw)


def as_marts(tables: Tables, settings: Settings) -> duckdb.DuckDBPyConnection:
    """A published set of all tables of the oracle."""
    marts = TinyMarts(
        f"{settings.as_of:%Y-%m-%d %H:%M:%S}",
        reporting_timezone=settings.reporting_timezone,
        reporting_currency=settings.reporting_currency,
        follow_up_sla_hours=settings.follow_up_sla_hours,
        conversion_horizon_days=settings.conversion_horizon_days,
    )
    marts.con.execute("delete from crm_trust")
    for table, rows in tables.items():
        for row in _complete(table, rows):
            marts.insert(table, **row)
    return marts.con


def _complete(table: str, rows: list[Row]) -> list[Row]:
    """Rows with the columns that only the models have words or numbers for."""
    if table == "quarantined_rows":
        return [row | {"raw_row_number": number} for number, row in enumerate(rows, 1)]
    if table == "crm_trust":
        return [row | _words(row) for row in rows]
    return rows


def _words(trust: Row) -> Row:
    order = trust["question_order"]
    is_fine = trust["answerable_rate"] in (None, 1)
    return {
        "question": ASKED[order - 1],
        "missing": "nothing" if is_fine else TO_DO[order],
    }

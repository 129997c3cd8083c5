"""Many small CRMs in one Salesforce folder, so that one dbt build judges them all."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from oracle import Settings
from oracle.raw import TABLES
from oracle.tables import BOOKKEEPING, normalised

from .crms import crms
from .raw_tables import RawCrm, RawRow


@dataclass(frozen=True)
class Batch:
    """One raw folder with its settings.

    `missing` are tables, or `table.column`, that are not there. `crms` are the folders of the CRMs;
    with two, every second drawn CRM goes to the second one, in the name space of the first.
    """

    name: str
    as_of: str
    examples: int = 50
    reporting_timezone: str = "UTC"
    missing: tuple[str, ...] = ()
    camel_case: bool = False
    crms: tuple[str, ...] = ("salesforce",)
    variables: dict[str, Any] = field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        return Settings(self.as_of, self.reporting_timezone, crms=self.crms, **self.variables)

    @property
    def dbt_variables(self) -> dict[str, Any]:
        """What differs from the project's own settings."""
        different = dict(self.variables)
        if self.reporting_timezone != "UTC":
            different["reporting_timezone"] = self.reporting_timezone
        if self.crms != ("salesforce",):
            different["crms"] = dict.fromkeys(self.crms, "salesforce")
        return different


def draw_crms(number: int, examples: int) -> list[RawCrm]:
    """So many CRMs, always the same ones for the same number."""
    drawn: list[RawCrm] = []

    @seed(number)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(crms())
    def collect(crm: RawCrm) -> None:
        drawn.append(crm)

    collect()
    return drawn


def write_batch(folder: Path, drawn: list[RawCrm], batch: Batch) -> None:
    """Write the CRMs as `<folder>/<crm>/<table>.csv`, each in a name space of its own."""
    width = len(batch.crms)
    for place, crm_name in enumerate(batch.crms):
        spaces = {space(n): crm for n, crm in enumerate(drawn[place::width])}
        write_crm(folder / crm_name, spaces, batch)


def space(number: int) -> str:
    """The name space of a CRM, part of each of its ids."""
    return f"x{number:03d}"


def write_crm(folder: Path, drawn: dict[str, RawCrm], batch: Batch) -> None:
    """Write name space -> CRM into one folder, the tables of the whole CRM included."""
    folder.mkdir(parents=True)
    together: RawCrm = {table: [] for table in TABLES}
    for name, crm in drawn.items():
        for table, rows in crm.items():
            together[table] += [
                {column: cell.replace("~", name) for column, cell in row.items()} for row in rows
            ]
    for table, rows in {**together, **reference_tables()}.items():
        if table not in batch.missing:
            _write(folder / f"{_spelled(table, batch)}.csv", table, rows, batch)


def reference_tables() -> RawCrm:
    """Tables that are of the whole CRM: stages, currencies, owners."""
    stages = ["Discovery", "Proposal", "Negotiation", "Closed Won", "Closed Lost"]
    return {
        "opportunity_stage": [
            {
                "id": f"01J{order}",
                "master_label": stage,
                "sort_order": str(order),
                "is_closed": str("Closed" in stage).lower(),
                "is_won": str("Won" in stage).lower(),
            }
            for order, stage in enumerate(stages, start=1)
        ]
        + [
            {"id": "01J6", "api_name": "Handshake", "sort_order": "2", "is_closed": "false"},
            {"id": "01J7", "master_label": "Proposal", "sort_order": "9", "is_closed": "true"},
            {"id": "01J8", "sort_order": "7"},
        ],
        "currency_type": [
            {"id": "01L1", "iso_code": "EUR", "conversion_rate": "0.9"},
            {"id": "01L2", "iso_code": "GBP", "conversion_rate": "0.8"},
            {"id": "01L3", "iso_code": "USD", "conversion_rate": "1"},
            {"id": "01L4", "iso_code": "", "conversion_rate": "1"},
        ],
        "dated_conversion_rate": [
            _rate("04w1", "EUR", "0.95", "2026-01-01", "2026-03-01"),
            _rate("04w2", "EUR", "0.85", "2026-03-01", "2026-04-15"),
            _rate("04w3", "GBP", "0.7", "2026-04-01", ""),
            _rate("04w4", "GBP", "0.6", "2026-05-01", "2026-06-15"),
            _rate("04w5", "GBP", "0.5", "2026-05-01", "2026-06-15"),
            _rate("04w6", "GBP", "0.4", "", ""),
        ],
        "user": [
            {"id": "005A", "is_active": "true"},
            {"id": "005B", "is_active": "false"},
        ],
        "group": [{"id": "00GQ", "type": "Queue", "name": "Inbound"}],
    }


def _rate(key: str, currency: str, rate: str, start: str, following: str) -> RawRow:
    row = {"id": key, "iso_code": currency, "conversion_rate": rate}
    return row | {"start_date": start, "next_start_date": following}


def _spelled(name: str, batch: Batch) -> str:
    """A column or table as the API spells it, when the batch wants that."""
    if not batch.camel_case or name.startswith("_"):
        return name
    custom = name.endswith("_c")
    plain = name.removesuffix("_c") if custom else name
    camel = "".join(part.capitalize() for part in plain.split("_"))
    return f"{camel}__c" if custom else camel


def _write(path: Path, table: str, rows: list[RawRow], batch: Batch) -> None:
    columns = [*TABLES[table], *BOOKKEEPING]
    columns = [name for name in columns if f"{table}.{name}" not in batch.missing]
    used = {normalised(name) for row in rows for name in row}
    columns = [name for name in columns if not rows or normalised(name) in used]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([_spelled(name, batch) for name in columns])
        writer.writerows([[row.get(name, "") for name in columns] for row in rows])

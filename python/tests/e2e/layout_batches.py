"""Many small CRMs of any layouts in one raw folder, so that one dbt build judges them all."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy
from oracle import Settings

from .batches import reference_tables as salesforce_tables
from .hubspot_deals import reference_tables as hubspot_tables
from .raw_tables import RawCrm, write_tables

Rewrite = Callable[[RawCrm], RawCrm]
# More CRMs in each batch than the usual few, for a longer hunt.
TIMES = int(os.environ.get("LEADSIGNAL_TEST_CRMS", "1"))


@dataclass(frozen=True)
class LayoutBatch:
    """One raw folder with its settings.

    Attributes:
        drawn: gives one CRM, or several by their names (the folders).
        name: of the batch, and of the folder when one CRM is drawn.
        missing: tables, or `table.column`, that are not there.
        rewrites: CRM -> how another loader leaves its tables.
    """

    name: str
    as_of: str
    drawn: SearchStrategy[Any]
    examples: int = 40
    reporting_timezone: str = "UTC"
    missing: tuple[str, ...] = ()
    rewrites: Mapping[str, Rewrite] = field(default_factory=dict)
    variables: Mapping[str, Any] = field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        return Settings(self.as_of, self.reporting_timezone, **self.variables)

    @property
    def dbt_variables(self) -> dict[str, Any]:
        """What differs from the project's own settings."""
        different = dict(self.variables)
        if self.reporting_timezone != "UTC":
            different["reporting_timezone"] = self.reporting_timezone
        return different


def draw(number: int, batch: LayoutBatch) -> list[dict[str, RawCrm]]:
    """The CRMs of a batch by their names, always the same ones for the same number."""
    drawn: list[dict[str, RawCrm]] = []

    @seed(number)
    @settings(
        max_examples=batch.examples * TIMES,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(batch.drawn)
    def collect(crms: dict[str, RawCrm]) -> None:
        drawn.append(crms)

    collect()
    return drawn


def write_batch(raw: Path, drawn: list[dict[str, RawCrm]], batch: LayoutBatch) -> None:
    """Write `<raw>/<crm>/<table>.csv`, every drawn one in a name space of its own."""
    together: dict[str, RawCrm] = {}
    for number, crms in enumerate(drawn):
        for name, crm in crms.items():
            tables = together.setdefault(name, whole_crm_tables(name))
            for table, rows in crm.items():
                tables.setdefault(table, []).extend(
                    {column: cell.replace("~", space(number)) for column, cell in row.items()}
                    for row in rows
                )
    for name, tables in together.items():
        rewrite = batch.rewrites.get(name, dict)
        write_tables(raw / name, rewrite(tables), batch.missing)


def space(number: int) -> str:
    """The name space of a CRM, part of each of its ids: digits, as ids of HubSpot are."""
    return f"70{number:03d}"


def whole_crm_tables(name: str) -> RawCrm:
    """Tables that are of the whole CRM, by the layout that its name begins with."""
    if name.startswith("salesforce"):
        return salesforce_tables()
    return hubspot_tables() if name.startswith("hubspot") else {}

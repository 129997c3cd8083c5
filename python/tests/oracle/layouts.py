"""The layouts that raw tables come in, and which one a CRM's folder has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol

from .accounting import Rules
from .raw import Crm, RawTables
from .raw_generic import Generic
from .raw_hubspot import HubSpot
from .raw_salesforce import Salesforce
from .records import CrmRecords
from .settings import Settings
from .tables import Table, normalised


class Layout(Rules, Protocol):
    """Tables that are read, the row rules of its own, and what the rows say."""

    @property
    def name(self) -> str: ...

    @property
    def tables(self) -> Mapping[str, Table]: ...

    @property
    def signs(self) -> tuple[str, ...]:
        """Tables of which a CRM of the layout has one."""
        ...

    def read(self, crm: Crm, settings: Settings) -> CrmRecords: ...


LAYOUTS: dict[str, Layout] = {
    layout.name: layout for layout in (Salesforce(), HubSpot(), Generic())
}


def layout_of(crm: str, tables: Iterable[str], settings: Settings) -> Layout | None:
    """As set, else by the beginning of the name, else the one that knows most of the tables."""
    if isinstance(settings.crms, Mapping) and settings.crms:
        return LAYOUTS[settings.crms[crm]]
    found = {normalised(table) for table in tables}
    for name, layout in LAYOUTS.items():
        if crm.lower().startswith(name):
            # What only begins like a layout, and was not asked for, must show a sign of it.
            is_sure = settings.crms or crm.lower() == name or found & set(layout.signs)
            return layout if is_sure else None
    known = {
        layout.name: sum(
            bool(found & {normalised(table), *spec.names}) for table, spec in layout.tables.items()
        )
        for layout in LAYOUTS.values()
        if found & set(layout.signs)
    }
    return LAYOUTS[max(known, key=lambda name: known[name])] if known else None


def folders(raw: Path, settings: Settings) -> list[str]:
    """The folders that are set, else every folder."""
    if settings.crms:
        return list(settings.crms)
    return sorted(place.name for place in raw.iterdir() if place.is_dir())


def raw_crm(name: str, tables: RawTables, layout: Layout, settings: Settings) -> Crm:
    """Typed rows of one CRM."""
    fields = {"salesforce": settings.salesforce_fields, "hubspot": settings.hubspot_fields}
    fields["generic"] = settings.generic_fields
    return Crm(name, tables, layout.tables, fields[layout.name], settings)

"""Where a home keeps the list of forgotten persons, its work tables and the CRMs' raw rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

from leadsignal.homes import Home
from leadsignal.privacy.searching import Needles
from leadsignal.privacy.suppression import Suppression
from leadsignal.settings import Settings

HOMES = ("duckdb", "postgres")
"""Homes that know the list; macros/raw/forgotten.sql reads it there."""


@dataclass(frozen=True)
class RawRow:
    """A row of a CRM's own tables that still is of the person."""

    table: str
    """Path of the file, or schema and table."""
    row: str
    """Its id, such as `id 00Q5e00000ABCDE`, or its number in the file, the header being 1."""


class Store(Protocol):
    """A home, seen by someone who wants to be forgotten. Each method raises BuildFailed."""

    place: str
    """Where the list is, for messages."""

    def suppression(self) -> Suppression | None:
        """The list; None while nobody asked. Raises UsageError when it is broken."""
        ...

    def suppress(self, suppression: Suppression) -> None:
        """Keep the list, all of it or nothing, for those alone who build."""
        ...

    def tied(self) -> set[str]:
        """Hashes of all records that the build just made found to be of forgotten persons."""
        ...

    def addresses(self) -> Iterator[list[tuple[str, str]]]:
        """Lead and address of the leads of the build just made, in batches."""
        ...

    def clear(self) -> None:
        """Take away the work tables, and every set that readers are not shown."""
        ...

    def found(self, needles: Needles) -> tuple[int, list[str]]:
        """How many files and tables were searched, and those that hold a needle."""
        ...

    def raw_rows(self, needles: Needles, listed: Suppression) -> list[RawRow]:
        """Rows of the CRMs' own tables that hold the address, or an id that is listed."""
        ...


def store_of(settings: Settings, home: Home) -> Store | None:
    """The store of an open home; None where a home knows no list."""
    if settings.home not in HOMES:
        return None
    module = import_module(f"leadsignal.privacy.{settings.home}")
    return cast("Store", module.store(settings, home))

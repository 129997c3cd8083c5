"""What a layout's raw tables look like: columns, other names, and what tells their rows apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# Every table has the bookkeeping columns as well.
BOOKKEEPING = {
    "last_modified_date": "time",
    "system_modstamp": "time",
    "is_deleted": "flag",
    "_dlt_load_id": "load",
    "_fivetran_active": "flag",
    "_fivetran_deleted": "flag",
    "_sdc_deleted_at": "text",
    "_ab_cdc_deleted_at": "text",
    "_fivetran_synced": "time",
    "_airbyte_extracted_at": "time",
    "_airbyte_emitted_at": "time",
    "_sdc_batched_at": "time",
}


@dataclass(frozen=True)
class Table:
    """One raw table of a layout.

    `columns` are name -> kind (see `raw.READERS`), `also` other names of
    columns, `names` other names of the table, all normalised. `key` tells rows apart; a
    row without a needed column, or whose `dated_by` is no time, can't be used; one later than as_of
    in `ends_by` is excluded; a filled `merged_by` means that the row went into another.
    """

    columns: Mapping[str, str]
    names: tuple[str, ...] = ()
    also: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    key: tuple[str, ...] = ("id",)
    needs: tuple[str, ...] = ()
    dated_by: str | None = None
    ends_by: str | None = None
    merged_by: str | None = None
    keeps_versions: bool = False
    keeps_deleted: bool = False
    record_kind: str = "other"  # what a row is: lead, opportunity or other
    shown: str | None = None  # the column that is the row's id in the accounting, else the key
    stage_dates: tuple[tuple[str, str], ...] = ()  # beginning and end of columns named by a stage


def normalised(name: str) -> str:
    """Names are the same when case, underscores, hyphens and blanks do not count."""
    return name.replace("_", "").replace("-", "").replace(" ", "").lower()


def columns(kind: str, names: str) -> dict[str, str]:
    """Columns of one kind, their names with blanks in between."""
    return dict.fromkeys(names.split(), kind)

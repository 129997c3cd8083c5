"""Looks at the raw files as a build would: tables, columns, delimiters; not at their rows."""

import csv
import gzip
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import duckdb

from leadsignal.findings import Finding
from leadsignal.warehouse import quoted

ENDINGS = (".csv", ".csv.gz", ".parquet")
_OTHER_NAMES = {"user": ("sfuser", "users")}
_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_COSTS = {
    "lead_history": "dates of handover, acceptance and rejection are inferred or unknown",
    "account": "country, industry and size come from the leads alone",
    "contact": "deals have no contacts and converted leads lose their activities",
    "opportunity": "there is no pipeline, no win rate and no conversion",
    "opportunity_history": "stage times come from opportunity_field_history, else from nothing",
    "opportunity_field_history": "deals without opportunity_history have no stage times",
    "opportunity_stage": "stages are ordered by seeds/definition/opportunity_stages.csv",
    "opportunity_contact_role": "no deal has a known contact, so few can be strong pipeline",
    "campaign": "there are no campaigns, offers or costs",
    "campaign_member": "there are no responses, so no campaign brought a lead",
    "task": "there are no touches, so follow-up cannot be measured",
    "event": "there are no meetings, so conversations are calls alone",
    "user": "owners who left cannot be told from those who are there",
    "group": "queues cannot be told from people",
    "currency_type": "amounts in other currencies are unknown without dated_conversion_rate",
    "dated_conversion_rate": "amounts are converted at the undated rates of currency_type",
}


# Many extracts leave these out, and nothing is lost by it but the order of doubled rows.
_BOOKKEEPING = {"last_modified_date", "is_deleted"}


@dataclass(frozen=True)
class RawLayout:
    """The tables and columns that are read of a kind of CRM: the `tables` of its sources YAML."""

    tables: tuple[dict[str, Any], ...]
    fields: dict[str, str]
    """Custom field names: name in the contract -> name in the CRM."""


def check(folder: Path, layout: RawLayout) -> Iterator[Finding]:
    """What a build would find in the folder of one CRM."""
    files = _files(folder)
    for table in layout.tables:
        name = table["name"]
        names = (_normal(name), *_OTHER_NAMES.get(name, ()))
        found = [file for spelt in names for file in files.get(spelt, ())]
        if len(found) > 1:
            listed = " and ".join(file.name for file in found)
            yield Finding("error", f"{folder}: two files hold `{name}`: {listed}.", "Keep one.")
        elif found:
            yield from _check_file(found[0], table, layout, files)
        elif _is_required(table):
            yield Finding(
                "error",
                f"{folder} has no table `{name}`.",
                f"Put {name}.csv, {name}.csv.gz or {name}.parquet there.",
            )
        else:
            yield Finding(
                "note",
                f"{folder.name} has no table `{name}`: {_COSTS.get(name, 'it counts as empty')}.",
                "Export it to have that too.",
            )


def _check_file(
    file: Path, table: dict[str, Any], layout: RawLayout, files: dict[str, list[Path]]
) -> Iterator[Finding]:
    try:
        header = _header(file)
    except UnicodeDecodeError:
        yield Finding("error", f"{file} is not UTF-8.", "Export it as UTF-8.")
        return
    except (OSError, EOFError, duckdb.Error, csv.Error) as error:
        yield Finding("error", f"{file} cannot be read: {error}.", "Export it again.")
        return
    known = {_normal(name) for name in header}
    columns = [column for column in table["columns"] if not _names(column, layout) & known]
    if not header:
        yield Finding("error", f"{file} is empty.", "Export it with its header line, or remove it.")
    elif len(columns) == len(table["columns"]):
        yield _header_complaint(file, table["name"], header)
    else:
        yield from _missing(file, table["name"], columns, files)


def _header_complaint(file: Path, table: str, header: list[str]) -> Finding:
    for mark, name in _DELIMITERS.items():
        if any(mark in column for column in header):
            return Finding("error", f"{file} is separated by {name}.", "Export it with commas.")
    return Finding(
        "error",
        f"The first line of {file} has no column of `{table}`.",
        "It needs a header line with the names of the columns.",
    )


def _missing(
    file: Path, table: str, columns: list[dict[str, Any]], files: dict[str, list[Path]]
) -> Iterator[Finding]:
    required: list[str] = []
    optional: list[str] = []
    for column in columns:
        excuse = _meta(column).get("unless_missing")
        is_needed = _is_required(column) and not (excuse and _normal(excuse) not in files)
        if is_needed:
            required.append(column["name"])
        elif column["name"] not in _BOOKKEEPING:
            optional.append(column["name"])
    if required:
        yield Finding(
            "error", f"{file} has no column {', '.join(required)}.", "Add it to the extract."
        )
    elif optional:
        yield Finding(
            "note",
            f"{file.name} is read; these columns are not in it and count as empty: "
            f"{', '.join(optional)}.",
            "Add them to the extract, or name custom fields in dbt_project.yml.",
        )
    else:
        yield Finding("ok", f"{file.name} is read, `{table}` is complete.")


def _files(folder: Path) -> dict[str, list[Path]]:
    """The raw files by the normalised name of their table."""
    found: dict[str, list[Path]] = {}
    for file in sorted(folder.iterdir()):
        for ending in ENDINGS:
            if file.name.lower().endswith(ending) and file.is_file():
                found.setdefault(_normal(file.name[: -len(ending)]), []).append(file)
    return found


def _header(file: Path) -> list[str]:
    """The names of the columns; none for an empty file."""
    if file.name.lower().endswith(".parquet"):
        with duckdb.connect() as con:
            rows = con.execute(f"describe select * from read_parquet({quoted(file)})").fetchall()
        return [row[0] for row in rows]
    opened: Callable[..., TextIO] = gzip.open if file.name.lower().endswith(".gz") else open
    with opened(file, "rt", encoding="utf-8-sig", newline="") as lines:
        return next(csv.reader(lines), [])


def _names(column: dict[str, Any], layout: RawLayout) -> set[str]:
    """Every normalised name the column may have."""
    spelt = layout.fields.get(column["name"], column["name"])
    return {_normal(spelt), *_meta(column).get("also", [])}


def _meta(item: dict[str, Any]) -> dict[str, Any]:
    meta: dict[str, Any] = (item.get("config") or {}).get("meta") or {}
    return meta


def _is_required(item: dict[str, Any]) -> bool:
    return bool(_meta(item).get("required"))


def _normal(name: str) -> str:
    return name.lower().replace("_", "").replace(" ", "")

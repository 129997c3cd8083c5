"""Looks at the raw files as a build would: tables, columns, delimiters; not at their rows."""

import csv
import gzip
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO

import duckdb

from leadsignal.findings import Finding
from leadsignal.layouts import (
    RawLayout,
    files_by_table,
    meta,
    names_of_column,
    names_of_table,
    normal,
    normal_column,
)
from leadsignal.settings import PROJECT_FILE
from leadsignal.variables import ENCODINGS
from leadsignal.warehouse import quoted

_UNREAD_ENDINGS = (".xlsx", ".xlsm", ".xls", ".ods", ".numbers", ".tsv", ".zip")
_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_COSTS = {
    "salesforce": {
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
    },
    "hubspot": {
        "contact_property_history": "dates of statuses come from date properties or nothing",
        "company": "country, industry and size come from the contacts alone",
        "deal": "there is no pipeline, no win rate and no conversion",
        "deal_stage": "stage times come from deal_property_history, else from date properties",
        "deal_pipeline_stage": "whether a stage is won is told by the deals and the seeds alone",
        "deal_contact": "no deal is linked to a lead but by lists of the deals themselves",
        "engagement_call": "there are no calls",
        "engagement_email": "there are no e-mails",
        "engagement_task": "there are no tasks, so nothing is scheduled but meetings",
        "engagement_meeting": "there are no meetings, so conversations are calls alone",
        "engagement_contact": "activities are linked to leads by their own lists alone",
        "contact_form_submission": "there are no responses",
        "owner": "owners who left cannot be told from those who are there",
    },
    "generic": {
        "leads": "there are deals alone, and nothing is said of leads",
        "opportunities": "there is no pipeline, no win rate and no conversion",
        "stage_events": "stage times are inferred or unknown",
        "activities": "there are no touches, so follow-up cannot be measured",
        "opportunity_contacts": "no deal has a known contact, so few can be strong pipeline",
        "spend": "there are no costs",
    },
}
"""What is lost without a table, by layout."""


# Many extracts leave these out, and nothing is lost by it but the order of doubled rows.
_BOOKKEEPING = {"last_modified_date", "is_deleted"}


def check(folder: Path, layout: RawLayout, encoding: str = "utf-8") -> Iterator[Finding]:
    """What a build would find in the folder of one CRM, whose CSV files have this encoding."""
    files = files_by_table(folder)
    unmissed: list[str] = []
    for table in layout.tables:
        name = table["name"]
        found = [file for spelt in names_of_table(table) for file in files.get(spelt, ())]
        if len(found) > 1:
            listed = " and ".join(file.name for file in found)
            yield Finding("error", f"{folder}: two files hold `{name}`: {listed}.", "Keep one.")
        elif found:
            yield from _check_file(found[0], table, layout, files, encoding)
        elif meta(table).get("required"):
            yield from _required(folder, table, files)
        elif cost := _COSTS.get(layout.name, {}).get(name):
            yield Finding(
                "note",
                f"{folder.name} has no table `{name}`: {cost}.",
                "Export it to have that too.",
            )
        else:
            unmissed.append(name)
    if unmissed:
        yield Finding("note", f"{folder.name} has none of the tables {', '.join(unmissed)}.")
    yield from unread(folder)


def unread(folder: Path) -> Iterator[Finding]:
    """Exports in the folder of a CRM that are in a form that is not read, such as a workbook."""
    for file in sorted(folder.iterdir()):
        if file.name.lower().endswith(_UNREAD_ENDINGS):
            yield Finding("warning", f"{file} is not read.", "Save it there as CSV (UTF-8).")


def _required(
    folder: Path, table: dict[str, Any], files: dict[str, list[Path]]
) -> Iterator[Finding]:
    name, other = table["name"], meta(table).get("required_unless")
    if not (other and normal(other) in files):
        either = f"`{name}` or `{other}`" if other else f"`{name}`"
        yield Finding(
            "error",
            f"{folder} has no table {either}.",
            f"Put {name}.csv, {name}.csv.gz or {name}.parquet there.",
        )


def _check_file(
    file: Path,
    table: dict[str, Any],
    layout: RawLayout,
    files: dict[str, list[Path]],
    encoding: str,
) -> Iterator[Finding]:
    try:
        header = _header(file, encoding)
    except UnicodeError:
        yield Finding(
            "error",
            f"{file} is not in the encoding {encoding}.",
            f"Set encoding in {PROJECT_FILE} to that of the files, or export it as UTF-8.",
        )
        return
    except (OSError, EOFError, zlib.error, duckdb.Error, csv.Error) as error:
        yield Finding("error", f"{file} cannot be read: {error}.", "Export it again.")
        return
    known = {normal_column(name) for name in header}
    columns = [column for column in table["columns"] if not names_of_column(column, layout) & known]
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
        excuse = meta(column).get("unless_missing")
        is_needed = meta(column).get("required") and not (excuse and normal(excuse) not in files)
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


def _header(file: Path, encoding: str) -> list[str]:
    """The names of the columns; none for an empty file."""
    if file.name.lower().endswith(".parquet"):
        with duckdb.connect() as con:
            rows = con.execute(f"describe select * from read_parquet({quoted(file)})").fetchall()
        return [row[0] for row in rows]
    opened: Callable[..., TextIO] = gzip.open if file.name.lower().endswith(".gz") else open
    with opened(file, "rt", encoding=ENCODINGS[encoding], newline="") as lines:
        return next(csv.reader(lines), [])

"""Write the demo CRM to files."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb

from leadsignal.demo import (
    activities,
    companies,
    deals,
    dice,
    journeys,
    leads,
    people,
    setup,
    words,
)
from leadsignal.errors import UsageError

FileFormat = Literal["csv", "parquet"]
MEMORY = "8GB"


@dataclass(frozen=True)
class DemoSummary:
    """What was written: the folder to give as raw data, and the rows of each table."""

    folder: Path
    rows: dict[str, int]


def write(
    out: Path, leads: int = 1000, seed: int = 1, file_format: FileFormat = "csv"
) -> DemoSummary:
    """Write a Salesforce CRM of about that many leads to `<out>/salesforce/<table>.<format>`.

    The same leads and seed give the same files on every machine, each sorted by its first column.
    Raises UsageError when leads is below 1 or above 50 million, and when the folder holds anything
    but an earlier demo of that format.
    """
    if not 1 <= leads <= 50_000_000:
        raise UsageError(f"A demo of {leads} leads is not made.", "Ask for 1 to 50 million.")
    folder = out / "salesforce"
    tables = _tables(leads)
    _check_folder(folder, {f"{table}.{file_format}" for table in tables})
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"The folder {folder} cannot be made: {error.strerror}.", "Name another with --out."
        ) from error
    with tempfile.TemporaryDirectory(prefix=".leadsignal-demo-", dir=out) as scratch:
        # Tables of a file leave memory when it is short; those of a database in memory do not.
        con = duckdb.connect(f"{scratch}/demo.duckdb", config={"memory_limit": MEMORY})
        try:
            _prepare(con, leads, seed)
            rows = {
                table: _copy(con, dice.throw(sql, seed), folder / f"{table}.{file_format}")
                for table, sql in tables.items()
            }
        finally:
            con.close()
    return DemoSummary(folder=folder, rows=rows)


def _check_folder(folder: Path, names: set[str]) -> None:
    """A folder with any other files may be somebody's real CRM, which must not be overwritten."""
    found = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    if found and found != names:
        raise UsageError(
            f"{folder} holds other files than a demo's.", "Choose another --out, or remove them."
        )


def _prepare(con: duckdb.DuckDBPyConnection, leads_count: int, seed: int) -> None:
    con.execute("set enable_progress_bar = false")
    dice.load(con)
    words.load(con)
    steps = [
        people.table(leads_count),
        journeys.table(),
        deals.table(leads_count),
        companies.TABLE,
        leads.records(),
    ]
    for sql in steps:
        con.execute(dice.throw(sql, seed))


def _tables(leads_count: int) -> dict[str, str]:
    return {
        "lead": leads.lead(),
        "lead_history": leads.lead_history(),
        "account": companies.account(),
        "contact": companies.contact(),
        "opportunity": deals.opportunity(),
        "opportunity_history": deals.opportunity_history(),
        "opportunity_field_history": deals.opportunity_field_history(),
        "opportunity_stage": setup.opportunity_stage(),
        "opportunity_contact_role": companies.opportunity_contact_role(),
        "campaign": setup.campaign(leads_count),
        "campaign_member": leads.campaign_member(),
        "task": activities.task(),
        "event": activities.event(),
        "user": setup.user(leads_count),
        "group": setup.group(),
        "currency_type": setup.currency_type(),
        "dated_conversion_rate": setup.dated_conversion_rate(),
    }


def _copy(con: duckdb.DuckDBPyConnection, sql: str, path: Path) -> int:
    """Copy a query to a file, sorted by id; return its number of rows."""
    # The lead table is by far the widest, and comes in the order of its ids already.
    query = sql if path.stem == "lead" else f"select * from ({sql}) order by 1"
    options = "format csv, header" if path.suffix == ".csv" else "format parquet"
    target = str(path).replace("'", "''")
    row = con.execute(f"copy ({query}) to '{target}' ({options})").fetchone()
    return int(row[0]) if row else 0

"""One dbt build of any raw folder, and reading the tables that it made."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
from dbt_process import run_dbt_command
from leadsignal.dbt_run import leaving_out
from leadsignal.layouts import tables_of_folders

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data"
Row = dict[str, Any]


def target(work: Path, variables: Mapping[str, Any] | None = None, project: Path = ROOT) -> Path:
    """Where dbt keeps what it parsed in the work place: one place for each way of parsing."""
    way = json.dumps([dict(variables or {}), str(project)], sort_keys=True)
    return work / f"target_{sha256(way.encode()).hexdigest()[:16]}"


def run_dbt(
    work: Path,
    raw: Path,
    as_of: str,
    variables: Mapping[str, Any] | None = None,
    project: Path = ROOT,
    tests: bool = True,
) -> subprocess.CompletedProcess[str]:
    """Run `dbt build` in the work place (an existing folder); a failed build does not raise.

    Without `tests` only the tables are made, which takes two thirds of the time. The marts are then
    in `work / "work_marts.duckdb"`, everything else in `work / "work.duckdb"`.
    """
    for stale in work.glob("work*.duckdb*"):
        stale.unlink()
    command = ["--log-level-file", "none", "build", "--quiet"]
    command += ["--exclude-resource-type", "unit_test"]  # they do not depend on the raw data
    if not tests:
        command += ["--exclude-resource-type", "test"]
    command += ["--target-path", str(target(work, variables, project))]
    command += ["--log-path", str(work / "logs")]
    crms = (variables or {}).get("crms", {})
    command += leaving_out(project, tables_of_folders(raw, crms), crms)
    if variables:
        command += ["--vars", json.dumps(dict(variables))]
    environment = os.environ | {
        "LEADSIGNAL_RAW": str(raw),
        "LEADSIGNAL_AS_OF": as_of,
        "LEADSIGNAL_WORK": str(work),
        "DO_NOT_TRACK": "1",
    }
    return run_dbt_command(command, project, environment)


def read_table(marts: Path, table: str) -> list[Row]:
    """All rows of one published table, each as column -> Python value."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{marts}' as published (read_only)")
        cursor = connection.execute(f"select * from published.marts.{table}")
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]

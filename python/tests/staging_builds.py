"""One dbt build of staging models over small raw folders, and queries of what it made."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb
from builds import ROOT
from dbt_process import run_dbt_command

LAYOUTS = ("generic", "hubspot", "pipedrive", "salesforce")
Query = Callable[[str], list[tuple[Any, ...]]]


def build_staging(
    work: Path, raw: Path, select: str, as_of: str, variables: dict[str, Any]
) -> subprocess.CompletedProcess[str]:
    """Build the models that `select` names (dbt's syntax); a failed build does not raise.

    The project is the staging of the layouts in question alone: the whole one takes three times as
    long to parse, anew for each other setting.
    """
    asked = [select, *variables.get("crms", {}).values()]
    layouts = [layout for layout in LAYOUTS if any(layout in text for text in asked)]
    project = staging_project(work / "-".join(layouts), layouts)
    command = ["build", "--select", *select.split()]
    command += ["--indirect-selection", "cautious", "--no-use-colors"]
    command += ["--target-path", str(work / "target"), "--log-path", str(work / "logs")]
    command += ["--vars", json.dumps(variables)]
    environment = os.environ | {
        "LEADSIGNAL_RAW": str(raw),
        "LEADSIGNAL_AS_OF": as_of,
        "LEADSIGNAL_WORK": str(work),
        "DO_NOT_TRACK": "1",
    }
    return run_dbt_command(command, project, environment)


def staging_project(folder: Path, layouts: Sequence[str]) -> Path:
    """The project without the models of other layouts and layers, and without its seeds."""
    if not folder.exists():
        for layout in (*layouts, "forgotten"):
            room = Path("models") / "staging" / layout
            shutil.copytree(ROOT / room, folder / room)  # dbt follows no link below its top folders
        for name in ("macros", "dbt_project.yml", "profiles.yml"):
            (folder / name).symlink_to(ROOT / name)
    return folder


def querying(work: Path) -> Query:
    """A function from SQL over the staging models to its rows."""

    def query(sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(work / "work.duckdb"), read_only=True) as connection:
            return connection.execute(f"set schema = 'staging'; {sql}").fetchall()

    return query

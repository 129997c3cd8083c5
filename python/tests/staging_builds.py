"""One dbt build of staging models over small raw folders, and queries of what it made."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
from builds import ROOT

Query = Callable[[str], list[tuple[Any, ...]]]


def build_staging(
    work: Path, raw: Path, select: str, as_of: str, variables: dict[str, Any]
) -> subprocess.CompletedProcess[str]:
    """Build the models that `select` names (dbt's syntax); a failed build does not raise."""
    command = [str(Path(sys.executable).with_name("dbt")), "build", "--select", *select.split()]
    command += ["--indirect-selection", "cautious", "--no-use-colors"]
    command += ["--target-path", str(work / "target"), "--log-path", str(work / "logs")]
    command += ["--vars", json.dumps(variables)]
    environment = os.environ | {
        "LEADSIGNAL_RAW": str(raw),
        "LEADSIGNAL_AS_OF": as_of,
        "LEADSIGNAL_WORK": str(work),
        "DO_NOT_TRACK": "1",
    }
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


def querying(work: Path) -> Query:
    """A function from SQL over the staging models to its rows."""

    def query(sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(work / "work.duckdb"), read_only=True) as connection:
            return connection.execute(f"set schema = 'staging'; {sql}").fetchall()

    return query

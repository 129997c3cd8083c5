"""Loads the DAG and runs it once; `make airflow` runs it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]
DAY = "2026-11-01"


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """An environment with an empty Airflow of its own."""
    env = os.environ | {
        "AIRFLOW_HOME": str(tmp_path / "airflow"),
        "AIRFLOW__CORE__DAGS_FOLDER": str(HERE),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "LEADSIGNAL_RAW": str(PROJECT / "warehouse/demo"),
        "LEADSIGNAL_AS_OF": os.environ.get("DEMO_AS_OF", "2026-10-31"),
        "LEADSIGNAL_WAREHOUSE": str(tmp_path / "warehouse"),
    }
    assert airflow(env, "db", "migrate").returncode == 0
    return env


def airflow(env: dict[str, str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [Path(sys.executable).with_name("airflow"), *arguments]
    done = subprocess.run(
        command, env=env, capture_output=True, text=True, timeout=1200, check=False
    )
    print(done.stdout[-6000:], done.stderr[-6000:])
    return done


def test_dag_loads_and_runs_once(home: dict[str, str]) -> None:
    assert "No data found" in airflow(home, "dags", "list-import-errors", "--local").stdout
    done = airflow(home, "dags", "test", "leadsignal_nightly", DAY)
    said = done.stdout + done.stderr
    assert done.returncode == 0
    assert "leadsignal published: build 20" in said
    assert (Path(home["LEADSIGNAL_WAREHOUSE"]) / "leadsignal.duckdb").is_file()


def test_refused_build_is_a_failed_run_that_is_told(home: dict[str, str], tmp_path: Path) -> None:
    fake = tmp_path / "leadsignal"
    fake.write_text(
        '#!/bin/sh\ntest "$1" = doctor && exit 0\n'
        'echo \'{"status": "refused", "exit_status": 1, "errors": ["Refused."], "crms": [],'
        ' "warnings": [], "build_id": "b1", "data_through": null}\'\nexit 1\n'
    )
    fake.chmod(0o755)
    home["LEADSIGNAL_COMMAND"] = str(fake)
    done = airflow(home, "dags", "test", "leadsignal_nightly", DAY)
    said = done.stdout + done.stderr
    assert "leadsignal refused: build b1" in said
    assert "state=failed" in said

"""Every night: is everything there, build and publish, say what came of it.

LEADSIGNAL_PROJECT is the folder of the project, LEADSIGNAL_COMMAND the command (default: that of
the project's own environment, .venv). LEADSIGNAL_RAW, LEADSIGNAL_ALERT_URL and the other variables
of the worker reach it.
"""

import json
import os
import subprocess
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from airflow.sdk import TriggerRule, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowException, AirflowFailException

PROJECT = Path(os.environ.get("LEADSIGNAL_PROJECT", Path(__file__).parents[2])).resolve()
COMMAND = os.environ.get("LEADSIGNAL_COMMAND", str(PROJECT / ".venv/bin/leadsignal"))
RECORD = "run_record"
NOT_RETRIED = (1, 2)
"""Exit status of a refused audit and of wrong settings: the same would come of it again."""


def leadsignal(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run the command in the project; what it says on stderr goes to the log."""
    done = subprocess.run(
        [COMMAND, *arguments], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    print(done.stderr, end="")
    return done


def failure(exit_status: int) -> type[AirflowException]:
    """What to raise: a failure that is tried again, or one that is not."""
    return AirflowFailException if exit_status in NOT_RETRIED else AirflowException


@dag(
    schedule="0 4 * * *",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    tags=["leadsignal"],
)
def leadsignal_nightly() -> None:
    """Doctor, build, notify."""

    @task
    def doctor() -> None:
        """Stop at what would stop a build, such as a table that was not loaded."""
        done = leadsignal("doctor")
        print(done.stdout, end="")
        if done.returncode:
            raise failure(done.returncode)("leadsignal doctor found something to mend: see above.")

    @task(retries=2, retry_delay=timedelta(minutes=15), execution_timeout=timedelta(hours=3))
    def build() -> None:
        """Build, audit and publish; the run record is kept, whatever came of it."""
        done = leadsignal("build", "--json", "--wait", "30")
        try:
            record = json.loads(done.stdout)
        except ValueError:
            raise failure(done.returncode)(f"leadsignal ended with {done.returncode}.") from None
        get_current_context()["ti"].xcom_push(RECORD, record)
        if record["exit_status"]:
            raise failure(record["exit_status"])("\n".join(record["errors"]))

    @task(trigger_rule=TriggerRule.ALL_DONE)
    def notify() -> None:
        """One line for people, and a failed run when nothing was published.

        The webhook of LEADSIGNAL_ALERT_URL was told by the build itself, where there was one.
        """
        record = get_current_context()["ti"].xcom_pull(task_ids="build", key=RECORD)
        print(line := summary(record))
        if not record or record["exit_status"]:
            raise AirflowFailException(line)

    doctor() >> build() >> notify()


def summary(record: dict[str, Any] | None) -> str:
    """What came of the night, in one line."""
    if not record:
        return "leadsignal did not build: see the tasks before."
    stale = [crm["crm"] for crm in record["crms"] if crm["is_stale"]]
    return (
        f"leadsignal {record['status']}: build {record['build_id']}, data through "
        f"{record['data_through']}, {len(record['warnings'])} warnings, "
        f"stale CRMs: {', '.join(stale) or 'none'}."
    )


leadsignal_nightly()

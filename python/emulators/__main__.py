"""`python -m emulators snowflake|bigquery`: builds the demo CRM and compares it with DuckDB's.

Exit status 1 where dbt fails or a table differs.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from emulators.bigquery import BigQuery
from emulators.comparing import differences
from emulators.emulator import PROJECT, Emulator
from emulators.snowflake import Snowflake

MARTS = PROJECT / "warehouse" / "test" / "work_marts.duckdb"
"""What `make test-dbt` makes of the demo CRM."""


def main(dialect: str) -> int:
    """Runs the emulator of a dialect, builds and compares; the exit status."""
    emulator: Emulator = {"snowflake": Snowflake, "bigquery": BigQuery}[dialect]()
    work = PROJECT / "target" / "emulators" / dialect
    with emulator.running(work):
        emulator.load(PROJECT / "demo")
        if built := _build(emulator, work):
            return built
        found = list(differences(emulator, MARTS))
    print(*found, sep="\n", end="\n" if found else "")
    print(
        f"{dialect}: every model and test passed, {len(found) or 'no'} marts differ from DuckDB's"
    )
    return int(bool(found))


def _build(emulator: Emulator, work: Path) -> int:
    """dbt's exit status. Unit tests stay out: their cases are in SQL that DuckDB knows."""
    settings = {"crms": {"salesforce": "salesforce"}, **emulator.settings}
    command = [str(Path(sys.executable).parent / "dbt"), "--log-path", str(work / "logs"), "build"]
    command += [
        "--profiles-dir",
        str(Path(__file__).parent),
        "--target",
        emulator.dialect,
        "--quiet",
    ]
    command += [
        "--target-path",
        str(work),
        "--exclude-resource-type",
        "unit_test",
        "--vars",
        json.dumps(settings),
    ]
    return subprocess.run(
        command, cwd=PROJECT, env={**os.environ, "LEADSIGNAL_AS_OF": "2026-10-31"}, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

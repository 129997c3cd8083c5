"""The project compiled for a warehouse that nobody is connected to."""

import json
import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[2]
COMPILED = PROJECT / "target" / "dialects"

LAYOUTS = ("salesforce", "hubspot", "pipedrive", "generic")

# Each layout twice, once with columns of the types that the sources' YAML names and once of
# text, so that every way of reading a column is compiled; a time zone, so that moments are moved;
# the columns of a portal that bear a stage in their name.
_SETTINGS = {
    "reporting_timezone": "Europe/Berlin",
    "crms": {name: layout for layout in LAYOUTS for name in (layout, f"{layout}_text")},
    "raw_described": {
        **{layout: {"of": "typed"} for layout in LAYOUTS},
        **{f"{layout}_text": {"of": "text"} for layout in LAYOUTS},
        "hubspot": {"of": "typed", "also": ["hsdateenteredqualified", "hslifecyclestageleaddate"]},
    },
}


def compiled(dialect: str) -> list[Path]:
    """Compiles every model, test and analysis; their files, in order.

    Raises CalledProcessError where dbt fails, which says why.
    """
    target = COMPILED / dialect
    command = [
        str(Path(sys.executable).parent / "dbt"),
        "--quiet",
        "--log-path",
        str(target / "logs"),
        "compile",
    ]
    command += [
        "--profiles-dir",
        str(Path(__file__).parent),
        "--target",
        dialect,
        "--target-path",
        str(target),
    ]
    command += ["--no-introspect", "--no-populate-cache", "--vars", json.dumps(_SETTINGS)]
    for old in (target / "compiled").rglob("*.sql"):
        old.unlink()
    subprocess.run(
        command, cwd=PROJECT, check=True, env={**os.environ, "LEADSIGNAL_AS_OF": "2026-10-31"}
    )
    return sorted((target / "compiled").rglob("*.sql"))

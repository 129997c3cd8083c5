"""Imported once by the process that dbt commands are forked off: dbt, and every macro parsed.

Parsing the macros (a thousand of dbt's, some two hundred of the project's) takes dbt four seconds
for each new place of work. dbt's own cache for tests keeps what the text of a macro means, so that
a forked command parses only the macros that it does not know.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import dbt.adapters.duckdb
import dbt.task.build  # noqa: F401
from dbt.cli.main import dbtRunner
from dbt_common.tests import enable_test_caching

ROOT = Path(__file__).resolve().parents[2]


def parse_macros() -> None:
    """Parse the project with one folder of models alone."""
    with tempfile.TemporaryDirectory() as place:
        for name in ("macros", "dbt_project.yml", "profiles.yml"):
            (Path(place) / name).symlink_to(ROOT / name)
        (Path(place) / "models").symlink_to(ROOT / "models" / "staging" / "forgotten")
        folders = ["--project-dir", place, "--profiles-dir", place, "--target-path", place]
        # The static parser leaves threads behind, which no process should have that is forked.
        options = ["--log-level-file", "none", "--quiet", "--no-static-parser"]
        result = dbtRunner().invoke([*options, "parse", *folders])
        if not result.success:
            raise RuntimeError(f"The macros cannot be parsed: {result.exception}")


enable_test_caching()
here = os.getcwd()
parse_macros()
os.chdir(here)

"""A demo CRM of any size, built on a home and on DuckDB: how long it took, and is it equal?

From python/tests, `python -m homes.larger spark|postgres LEADS FOLDER`. Spark is a cluster started
for it, PostgreSQL the server of scripts/postgres.sh. A table that is not equal ends it with the
first cells that differ.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from builds import ROOT
from leadsignal import demo

from .comparing import assert_same

LEADSIGNAL = Path(sys.executable).with_name("leadsignal")
EXECUTOR_MEMORY = "3g"


def main() -> None:
    """Build, tell and compare."""
    home, leads, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]).resolve()
    raw = folder / "raw"
    # What another run published would go on as history, on one side or on both.
    for name in (home, "duckdb", "cluster"):
        shutil.rmtree(folder / name, ignore_errors=True)
    demo.write(raw, leads)
    with loaded(home, raw, folder) as env:
        on_home = build(folder / home, home, env)
    on_duckdb = build(folder / "duckdb", "duckdb", {"LEADSIGNAL_RAW": str(raw)})
    print(f"{leads:,} leads: {home} {on_home:.0f} s, DuckDB {on_duckdb:.0f} s,", flush=True)
    cells = assert_same(*(folder / name / "leadsignal.duckdb" for name in ("duckdb", home)))
    print(f"{cells:,} cells equal")


@contextmanager
def loaded(home: str, raw: Path, folder: Path) -> Iterator[Mapping[str, str]]:
    """The home with the CRM as a loader would leave it; what tells a build where it is."""
    if home == "spark":
        from cluster import load, running

        with running(folder / "cluster", memory=EXECUTOR_MEMORY) as cluster:
            load(cluster, raw)
            yield {"SPARK_PORT": str(cluster.server)}
    else:
        from .loading import connection, load_crms

        with closing(connection("leadsignal_build")) as con, con, con.cursor() as cursor:
            cursor.execute("drop schema if exists leadsignal, leadsignal_a, leadsignal_b cascade")
        with closing(connection("leadsignal_load")) as con:
            load_crms(con, raw)
        yield {}


def build(warehouse: Path, target: str, env: Mapping[str, str]) -> float:
    """One `leadsignal build`; its seconds of wall time."""
    started = time.monotonic()
    subprocess.run(
        [LEADSIGNAL, "build", "--target", target, "--as-of", demo.AS_OF],
        cwd=ROOT,
        env=os.environ | {"LEADSIGNAL_WAREHOUSE": str(warehouse)} | dict(env),
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return time.monotonic() - started


if __name__ == "__main__":
    main()

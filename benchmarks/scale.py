"""What a whole `leadsignal build` costs beside the floor, plain DuckDB, and how both grow.

    python benchmarks/scale.py [--folder FOLDER] [--write] [LEADS ...]

Each size is a demo Salesforce in Parquet, kept in FOLDER (default: a temporary one). It is built by
`leadsignal build`; by dbt alone, only the models that the floor's tables need, without tests; and
by floor.sql: each in a process of its own, one after another. The run fails when a table of the
floor is not equal to the published one. --write keeps the figures in scale.json beside those of
other sizes, and writes README.md and scale.svg from them.
"""

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import floor
import measuring
import scale_report
import yaml
from leadsignal import demo
from leadsignal.warehouse import open_published

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent
SIZES = (1_000, 100_000, 1_000_000, 3_000_000, 10_000_000)
RESULTS = HERE / "scale.json"
PARTS = {
    "Building the tables": "dbt",
    "Keeping what was reported": "history",
    "Auditing": "audit",
    "Writing the story and the report": "story",
    "Publishing": "publish",
}
MART_QUERIES = (
    "select source, sum(won), sum(lost) from win_rate_by_source group by all order by all",
    "select created_month, sum(leads), sum(icp_fit_leads), sum(qualified_leads) "
    "from lead_quality_by_source group by all order by all",
    "select owner_id, sum(due_leads), sum(followed_up_leads) from follow_up_by_owner group by all",
)


def main() -> None:
    """Measure each size, tell it, and keep it when asked to."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("leads", nargs="*", type=int, default=SIZES)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument(
        "--floor-only", action="store_true", help="measure the floor anew, of sizes that FOLDER has"
    )
    asked = parser.parse_args()
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {}
    with tempfile.TemporaryDirectory(prefix="leadsignal-scale-") as scratch:
        for leads in asked.leads:
            place = (asked.folder or Path(scratch)).resolve() / str(leads)
            if asked.floor_only:
                results[str(leads)] |= floor_measured(place)
            else:
                results[str(leads)] = measured(leads, place)
            print(json.dumps({leads: results[str(leads)]}), flush=True)
            if asked.write:
                RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
                scale_report.write(results)


def measured(leads: int, place: Path) -> dict[str, Any]:
    """The figures of one size. Exits when the floor's tables are not the published ones."""
    raw, warehouse = place / "raw", place / "warehouse"
    load = os.getloadavg()[0]
    _write_raw(raw, leads)
    shutil.rmtree(warehouse, ignore_errors=True)
    env = _environment(place, raw)
    published = warehouse / "leadsignal.duckdb"
    build = measuring.run(
        [measuring.executable("leadsignal"), "build"],
        env | {"LEADSIGNAL_WAREHOUSE": str(warehouse)},
        PARTS,
    )
    print(f"{leads:,} leads: build {build.cost}", file=sys.stderr, flush=True)
    floor_figures = floor_measured(place)
    models = _models(floor.tables(place / "floor.duckdb"), place / "models", env)
    return {
        "load": load,
        "rows": _rows(raw),
        "raw_mb": sum(path.stat().st_size for path in raw.rglob("*.parquet")) / 1e6,
        "build": asdict(build),
        "models": asdict(models),
        "open_ms": _median_ms(lambda: open_published(published).close()),
        "query_ms": _slowest_query_ms(published),
        **floor_figures,
    }


def floor_measured(place: Path) -> dict[str, Any]:
    """The figures of the floor. Exits when its tables are not those published in `place`."""
    file, published = place / "floor.duckdb", place / "warehouse" / "leadsignal.duckdb"
    command = [sys.executable, str(HERE / "floor.py"), str(place / "raw" / "salesforce"), str(file)]
    run = measuring.run(command, os.environ)
    print(f"{place.name} leads: floor {run.cost}", file=sys.stderr, flush=True)
    if differ := floor.differences(file, published):
        raise SystemExit("The floor is not what is published:\n" + "\n".join(differ))
    return {"floor": asdict(run), "left_out": floor.left_out(file, published)}


def _write_raw(raw: Path, leads: int) -> None:
    written = raw.parent / "written"
    if not written.exists():
        demo.write(raw, leads, file_format="parquet")
        written.touch()


def _environment(place: Path, raw: Path) -> dict[str, str]:
    """The caller's, with a profile that has the limits of the floor."""
    profiles = yaml.safe_load((PROJECT / "profiles.yml").read_text(encoding="utf-8"))
    output = profiles["leadsignal"]["outputs"]["duckdb"]
    output["config_options"] = {
        "memory_limit": floor.MEMORY,
        "temp_directory": str(place / "spill"),
    }
    (place / "profiles.yml").write_text(yaml.safe_dump(profiles), encoding="utf-8")
    return os.environ | {
        "DBT_PROFILES_DIR": str(place),
        "DBT_PROJECT_DIR": str(PROJECT),
        "LEADSIGNAL_RAW": str(raw),
        "LEADSIGNAL_AS_OF": demo.AS_OF,
        "DO_NOT_TRACK": "1",
    }


def _models(tables: list[str], work: Path, env: dict[str, str]) -> measuring.Run:
    """dbt alone, for those tables and what they are made from: no tests, no audit, no story."""
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    command = [measuring.executable("dbt"), "--quiet", "--log-path", str(work / "logs"), "build"]
    command += ["--target-path", str(work / "target"), "--select", *(f"+{name}" for name in tables)]
    command += ["--exclude", "resource_type:test", "resource_type:unit_test"]
    # As `leadsignal build` leaves them out where no CRM has the layout.
    command += [f"path:models/staging/{name}" for name in ("hubspot", "generic", "pipedrive")]
    run = measuring.run(command, env | {"LEADSIGNAL_WORK": str(work)})
    shutil.rmtree(work)
    return run


def _rows(raw: Path) -> int:
    con = duckdb.connect()
    paths = [str(path) for path in raw.rglob("*.parquet")]
    row = con.execute("select sum(num_rows) from parquet_file_metadata(?)", [paths]).fetchone()
    return int(row[0]) if row else 0


def _median_ms(action: Callable[[], object], rounds: int = 20) -> float:
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        action()
        times.append(1000 * (time.perf_counter() - started))
    return statistics.median(times)


def _slowest_query_ms(published: Path) -> float:
    con = open_published(published)
    slowest = 0.0
    for query in MART_QUERIES:
        slowest = max(slowest, _median_ms(partial(_ask, con, query)))
    con.close()
    return slowest


def _ask(con: duckdb.DuckDBPyConnection, query: str) -> None:
    con.execute(query).fetchall()


if __name__ == "__main__":
    main()

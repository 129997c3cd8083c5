"""The benchmark's floor makes the tables that a build publishes, and says so when it does not."""

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from leadsignal import demo

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "benchmarks"))
import floor  # noqa: E402  (benchmarks/ is a folder of scripts, no package)

pytestmark = pytest.mark.slow


def test_the_floor_makes_what_is_published(tmp_path: Path) -> None:
    raw, warehouse, file = tmp_path / "raw", tmp_path / "warehouse", tmp_path / "floor.duckdb"
    published = warehouse / "leadsignal.duckdb"
    demo.write(raw, 2000, file_format="parquet")
    subprocess.run(
        [Path(sys.executable).with_name("leadsignal"), "build", "--raw", raw],
        env=os.environ
        | {
            "LEADSIGNAL_AS_OF": demo.AS_OF,
            "LEADSIGNAL_WAREHOUSE": str(warehouse),
            "DBT_PROJECT_DIR": str(PROJECT),
        },
        check=True,
    )
    floor.make(raw / "salesforce", file)

    assert floor.differences(file, published) == []
    assert len(floor.tables(file)) >= 20

    with duckdb.connect(str(file)) as con:
        first = "lead_id = (select min(lead_id) from fct_leads)"
        con.execute(f"update fct_leads set touch_count = 7 where {first}")
        con.execute("update pipeline_quality set amount = amount * (1 + 1e-8)")
        con.execute(
            "delete from fct_touches where touch_id = (select min(touch_id) from fct_touches)"
        )
        con.execute("alter table dim_dates rename year_number to year")
    assert floor.differences(file, published) == [
        "dim_dates: other columns, or columns of other types",
        "fct_leads: other rows",
        "fct_touches: other rows",
        "pipeline_quality: other values",
    ]

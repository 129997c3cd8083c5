"""What a BI tool reads of the published file says what it is, and is of types that it knows."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from builds import ROOT
from leadsignal import warehouse

PLAIN = {"BIGINT", "BOOLEAN", "DATE", "DOUBLE", "INTEGER", "TIMESTAMP", "VARCHAR"}
USERS_OWN = {"published_targets"}
"""Its rows are a seed that users write; the scorecard says which of them are twice."""


def published_models() -> list[dict[str, Any]]:
    files = sorted((ROOT / "models" / "marts").glob("*/_*__models.yml"))
    return [model for file in files for model in yaml.safe_load(file.read_text())["models"]]


def semantic(part: str) -> Iterator[dict[str, Any]]:
    for file in sorted((ROOT / "models" / "metrics").glob("*.yml")):
        for model in yaml.safe_load(file.read_text()).get("semantic_models", []):
            yield from model.get(part, [])


def test_every_table_and_column_arrives_with_its_description(demo_marts: Path) -> None:
    con = warehouse.open_published(demo_marts)
    columns = con.execute(
        "select table_name || '.' || column_name, data_type, comment from duckdb_columns()"
        " where database_name = 'leadsignal' and schema_name = 'marts'"
    ).fetchall()
    tables = con.execute(
        "select table_name, comment from duckdb_tables()"
        " where database_name = 'leadsignal' and schema_name = 'marts'"
    ).fetchall()
    [(views,)] = con.execute(
        "select count(*) from duckdb_views() where database_name = 'leadsignal' and not internal"
    ).fetchall()
    con.close()
    assert len(columns) > 300
    assert [name for name, _, comment in columns if not comment] == []
    assert [name for name, comment in tables if not comment] == []
    assert {kind for _, kind, _ in columns} <= PLAIN
    assert views == 0


def test_dates_have_no_hole_and_cover_the_facts(demo_marts: Path) -> None:
    con = warehouse.open_published(demo_marts)
    [(days, first, last, leads_outside)] = con.execute("""
        select count(distinct date_day), min(date_day), max(date_day), (
            select count(*) from fct_leads
            where created_on is not null and created_on not in (select date_day from dim_dates)
        )
        from dim_dates
    """).fetchall()
    con.close()
    assert days == (last - first).days + 1
    assert leads_outside == 0


@pytest.mark.parametrize("model", published_models(), ids=lambda model: str(model["name"]))
def test_key_is_stated_and_tested(model: dict[str, Any]) -> None:
    alone = [column for column in model["columns"] if "unique" in column.get("data_tests", [])]
    together = [test for test in model.get("data_tests", []) if "unique_together" in test]
    assert "Key: " in model["description"]
    assert alone or together or model["name"] in USERS_OWN


def test_dimensions_and_metrics_have_labels_for_people() -> None:
    made = [one for one in semantic("measures") if one.get("create_metric")]
    named = [*semantic("dimensions"), *made]
    for file in sorted((ROOT / "models" / "metrics").glob("*.yml")):
        named += yaml.safe_load(file.read_text()).get("metrics", [])
    assert len(named) > 100
    assert [one["name"] for one in named if not one.get("label")] == []

"""PostgreSQL gives, cell by cell, what DuckDB gives from the same rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from builds import ROOT
from conftest import Build
from e2e import batches, layout_batches
from e2e.test_random_crms import BATCHES as SALESFORCE
from e2e.test_random_layouts import BATCHES as LAYOUTS
from leadsignal.demo.market import AS_OF as DEMO_AS_OF
from leadsignal.layouts import layouts

from .comparing import assert_same
from .server import Server

pytestmark = pytest.mark.homes
TYPES_OF_LOADERS = {
    **{"timestamp": "timestamptz", "date": "date", "boolean": "boolean"},
    **{"double": "numeric", "integer": "bigint"},
}


@pytest.mark.parametrize("number", range(len(SALESFORCE)), ids=[one.name for one in SALESFORCE])
def test_random_salesforce_crms(number: int, server: Server, build: Build, tmp_path: Path) -> None:
    batch = SALESFORCE[number]
    raw = tmp_path / "raw"
    batches.write_batch(raw, batches.draw_crms(number, batch.examples), batch)
    server.load(raw)
    made = server.build(tmp_path, batch.as_of, batch.dbt_variables)
    expected = build(raw, batch.as_of, batch.dbt_variables, tests=False)
    assert_same(expected, made)


@pytest.mark.parametrize("number", LAYOUTS, ids=[one.name for one in LAYOUTS.values()])
def test_random_crms_of_other_layouts(
    number: int, server: Server, build: Build, tmp_path: Path
) -> None:
    batch = LAYOUTS[number]
    raw = tmp_path / "raw"
    layout_batches.write_batch(raw, layout_batches.draw(number, batch), batch)
    server.load(raw)
    made = server.build(tmp_path, batch.as_of, batch.dbt_variables)
    expected = build(raw, batch.as_of, batch.dbt_variables, tests=False)
    assert_same(expected, made)


def test_columns_of_the_types_that_loaders_make(
    server: Server, demo_marts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Moments with a zone, booleans, numbers, dates and a view; the session is elsewhere."""
    server.load(ROOT / "demo")
    for layout in layouts(ROOT, {}).values():
        for table in layout.tables if layout.name == "salesforce" else ():
            give_types(server, "salesforce", table)
    server.query(
        "alter table salesforce.task rename to hidden; grant usage on schema salesforce to"
        " leadsignal_build; create view salesforce.task as select * from salesforce.hidden;"
        " grant select on salesforce.task to leadsignal_build",
        "leadsignal_load",
    )
    monkeypatch.setitem(server.env, "PGTZ", "Asia/Kolkata")
    made = server.build(tmp_path, DEMO_AS_OF)
    assert_same(demo_marts, made)


def give_types(server: Server, schema: str, table: dict[str, Any]) -> None:
    """Change the text columns of a loaded table into those of their types in the sources' YAML."""
    there = server.query(
        "select column_name from information_schema.columns"
        f" where table_schema = '{schema}' and table_name = '{table['name']}'"
    )
    wanted = {column["name"]: column["data_type"] for column in table["columns"]}
    for (name,) in there:
        kind = TYPES_OF_LOADERS.get(wanted.get(name, ""))
        if kind:
            server.query(
                f"set timezone = 'UTC'; alter table {schema}.{table['name']}"
                f" alter {name} type {kind} using cast(nullif({name}, '') as {kind})",
                "leadsignal_load",
            )

"""Two serving files held against each other, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
from leadsignal.homes import serving

OF_THE_BUILD = {"build_id", "built_at", "reported_at"}
"""Columns that say which build it was."""
NEAR = 1e-9
"""How far apart medians, quantiles, means and sums of doubles may be, as a share of the number:
engines add and interpolate in an order of their own. Every other cell is the same to the bit."""
INEXACT = (
    *("mean_", "p75_", "p90_", "median_", "spend", "cost_per_", "pipeline_amount", "won_amount"),
    *("lost_amount", "open_amount", "strong_amount", "amount", "value_win_rate"),
)
"""Beginnings of the names of such columns."""


def assert_same(one: Path, other: Path, *, described: bool = True) -> int:
    """Same tables, types, descriptions and cells; the number of cells that were compared."""
    tables, others = serving.held(one), serving.held(other)
    if described:
        assert tables == others
    with duckdb.connect() as con:
        con.execute(f"attach '{one}' as one (read_only); attach '{other}' as other (read_only)")
        found = [list(_differences(con, table)) for table in tables]
        counts = serving.counts(one)
    differing = [line for lines in found for line in lines]
    assert not differing, "\n".join(differing[:20])
    return sum(counts[table.name] * len(table.columns) for table in tables)


def _differences(con: duckdb.DuckDBPyConnection, table: serving.Table) -> Iterator[str]:
    """Rows are matched by all their exact cells; among equals, by the order of the others."""
    columns = {name: one for name, one in table.columns.items() if name not in OF_THE_BUILD}
    near = [name for name, one in columns.items() if _is_near(table.name, name, one.type)]
    exact = [f'"{name}"' for name in columns if name not in near]
    order = ", ".join([*exact, *(f'round("{name}", 4), "{name}"' for name in near)])
    place = f"row_number() over (order by {order}) as row_place"
    sides = (f'(select *, {place} from {side}.marts."{table.name}")' for side in ("one", "other"))
    checks = [f"a.{name} is distinct from b.{name}" for name in exact] + [
        f'(a."{name}" is null) <> (b."{name}" is null)'
        f' or abs(a."{name}" - b."{name}") > {NEAR} * greatest(1, abs(a."{name}"))'
        for name in near
    ]
    rows = con.execute(
        f"select a, b from {' as a full join '.join(sides)} as b using (row_place)"
        f" where a.row_place is null or b.row_place is null or {' or '.join(checks)} limit 3"
    )
    for row in rows.fetchall():
        yield f"{table.name}: {row}"


def _is_near(table: str, column: str, kind: str) -> bool:
    if table in ("scorecard_history", "advice_history"):
        return kind == "DOUBLE"  # what was computed from the others
    return kind == "DOUBLE" and column.startswith(INEXACT) and not table.startswith("fct_opp")

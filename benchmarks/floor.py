"""The floor: what plain DuckDB needs for the published tables, and whether it makes the same ones.

    python benchmarks/floor.py RAW FILE

RAW is a folder with one Salesforce as Parquet, FILE the DuckDB file to make: absolute paths.
`floor.sql` is run in this one process; its tables are what `leadsignal build` publishes.
"""

import math
import os
import sys
from pathlib import Path

import duckdb
from leadsignal import demo

HERE = Path(__file__).resolve().parent
SEEDS = HERE.parent / "seeds" / "definition"
MEMORY = "8GB"


def make(raw: Path, file: Path) -> None:
    """Run floor.sql over the Parquet files in `raw`, into `file`, which is made anew."""
    file.unlink(missing_ok=True)
    settings: dict[str, str | bool | int | float | list[str]] = {
        "threads": os.cpu_count() or 2,
        "memory_limit": MEMORY,
        "preserve_insertion_order": False,
        "temp_directory": str(file.with_suffix(".spill")),
    }
    con = duckdb.connect(config=settings)
    con.execute("set TimeZone = 'UTC'")
    con.execute(f"attach '{file}' as floor (storage_version 'v1.0.0')")
    con.execute("use floor")
    values = {"raw": str(raw), "seeds": str(SEEDS), "as_of": f"{demo.AS_OF} 23:59:59"}
    for name, value in values.items():
        kind = "timestamp" if name == "as_of" else "varchar"
        con.execute(f"set variable {name} = cast('{value}' as {kind})")
    con.execute((HERE / "floor.sql").read_text(encoding="utf-8"))
    con.close()


def differences(file: Path, published: Path) -> list[str]:
    """What of the floor's tables is not as published, one line each; none when all is equal.

    Facts and dimensions are compared by their number of rows and a hash over all columns that does
    not depend on their order, doubles rounded to a millionth (a day and an amount of thousands know
    nine or more digits then). Counts, which sum doubles in any order, are compared value by value
    to 1e-9 of each.
    """
    con = duckdb.connect()
    con.execute(f"attach '{file}' as floor (read_only)")
    con.execute(f"attach '{published}' as leadsignal (read_only)")
    found = []
    for table in tables(file):
        columns = _columns(con, "leadsignal", table)
        if _columns(con, "floor", table) != columns:
            found.append(f"{table}: other columns, or columns of other types")
        elif table.startswith(("fct_", "dim_")):
            if _fingerprint(con, "floor.main", table, columns) != _fingerprint(
                con, "leadsignal.marts", table, columns
            ):
                found.append(f"{table}: other rows")
        elif not _all_close(con, table, columns):
            found.append(f"{table}: other values")
    con.close()
    return found


def tables(file: Path) -> list[str]:
    """The tables that the floor makes."""
    return _tables(file, "main")


def left_out(file: Path, published: Path) -> list[str]:
    """The published tables that it does not."""
    return sorted(set(_tables(published, "marts")) - set(tables(file)))


def _tables(file: Path, schema: str) -> list[str]:
    with duckdb.connect(str(file), read_only=True) as con:
        rows = con.execute(
            "select table_name from duckdb_tables() where schema_name = ? order by 1", [schema]
        ).fetchall()
    return [str(name) for (name,) in rows]


def _columns(con: duckdb.DuckDBPyConnection, catalog: str, table: str) -> dict[str, str]:
    rows = con.execute(
        "select column_name, data_type from duckdb_columns() "
        "where database_name = ? and table_name = ? order by 1",
        [catalog, table],
    ).fetchall()
    return {str(name): str(kind) for name, kind in rows}


def _fingerprint(
    con: duckdb.DuckDBPyConnection, schema: str, table: str, columns: dict[str, str]
) -> object:
    values = ", ".join(
        f'round("{name}", 6)' if kind == "DOUBLE" else f'"{name}"' for name, kind in columns.items()
    )
    query = f"select count(*), sum(cast(hash({values}) as hugeint)) from {schema}.{table}"
    return con.execute(query).fetchone()


def _all_close(con: duckdb.DuckDBPyConnection, table: str, columns: dict[str, str]) -> bool:
    names = sorted(columns, key=lambda name: columns[name] == "DOUBLE")
    listed = ", ".join(f'"{name}"' for name in names)
    query = f"select {listed} from {{}}.{table} order by all"
    ours = con.execute(query.format("leadsignal.marts")).fetchall()
    floors = con.execute(query.format("floor.main")).fetchall()
    return len(ours) == len(floors) and all(
        _is_close(one, other)
        for row, other_row in zip(ours, floors, strict=True)
        for one, other in zip(row, other_row, strict=True)
    )


def _is_close(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    return one == other


if __name__ == "__main__":
    make(Path(sys.argv[1]), Path(sys.argv[2]))

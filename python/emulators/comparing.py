"""The published tables of an emulator, held against those that DuckDB made of the same raw rows."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from emulators.emulator import Emulator

# Of the build itself, not of its raw rows.
_OWN = {"publication": {"build_id", "built_at"}}


def differences(emulator: Emulator, marts: Path) -> Iterator[str]:
    """A sentence for every table whose rows, in any order, are not those of DuckDB's `marts`."""
    with duckdb.connect(str(marts), read_only=True) as con:
        tables = con.sql(
            "select distinct table_name from information_schema.columns order by 1"
        ).fetchall()
        for (table,) in tables:
            relation = con.table(f"marts.{table}")
            columns = dict(zip(relation.columns, map(str, relation.types), strict=True))
            for own in _OWN.get(table, ()):
                del columns[own]
            listed = ", ".join(f'"{column}"' for column in columns)
            expected = _counted(con.sql(f"select {listed} from marts.{table}").fetchall())
            found = _counted(emulator.rows(table, columns))
            if only := [*(expected - found), *(found - expected)]:
                yield f"{table}: {len(only)} rows differ, such as {only[0]} and {only[-1]}"


def _counted(rows: list[tuple[Any, ...]]) -> "Counter[tuple[Any, ...]]":
    return Counter(tuple(map(_comparable, row)) for row in rows)


def _comparable(value: Any) -> Any:
    """Numbers to nine digits, times as UTC without saying so."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, (int, float, Decimal)):
        return float(f"{float(value):.9g}")
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value

"""Spark's tables: what they hold, read by DuckDB, and made from what DuckDB holds."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from leadsignal import warehouse
from leadsignal.homes.serving import Column, Table
from leadsignal.homes.spark_server import Server

TYPES = {
    "VARCHAR": "string",
    "DOUBLE": "double",
    "BOOLEAN": "boolean",
    "INTEGER": "int",
    "BIGINT": "bigint",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
}
"""Spark's name of each type that a published table may have."""
_DUCKDB_TYPES = {name: kind for kind, name in TYPES.items()}
ROWS_AT_ONCE = 1000
ADDED = "added"
"""Folder, in that of a schema, of the files of tables that were not made by Spark."""


def quoted(name: str) -> str:
    """The name as an identifier of Spark."""
    return "`" + name.replace("`", "``") + "`"


def tables(server: Server, schema: str) -> list[Table]:
    """The tables and views of a schema, with their comments."""
    return [
        _described(server, schema, str(name))
        for _, name, *_ in server.run(f"show tables in {quoted(schema)}")
    ]


def _described(server: Server, schema: str, name: str) -> Table:
    said = server.run(f"describe table extended {quoted(schema)}.{quoted(name)}")
    columns: dict[str, Column] = {}
    for column, kind, comment in said:
        if not column or column.startswith("#"):
            break  # what follows is about the table
        columns[column] = Column(_DUCKDB_TYPES.get(kind, "VARCHAR"), comment or "")
    details = {str(key): str(value) for key, value, _ in said[len(columns) :]}
    return Table(name, columns, details.get("Comment", ""))


def rows(server: Server, schema: str, table: Table, copy: Path) -> str:
    """What DuckDB's `select * from` takes for the rows of a table.

    Parquet files that this machine sees are read where they are; those of other tables are fetched,
    as text, into the file `copy`.
    """
    name = f"{quoted(schema)}.{quoted(table.name)}"
    place = _seen(server, f"table extended {name}")
    files = sorted(place.glob("*.parquet")) if place else []
    if files:
        read = [_across(key, one) for key, one in table.columns.items()]
    else:
        files = [_fetched(server, name, table, copy)]
        read = [f'cast("{key}" as {one.type}) as "{key}"' for key, one in table.columns.items()]
    listed = ", ".join(map(warehouse.quoted, files))
    return f"(select {', '.join(read)} from read_parquet([{listed}]))"


def _across(name: str, column: Column) -> str:
    """The column for DuckDB's `select`: Spark's timestamps are moments, ours are UTC."""
    moved = " at time zone 'UTC'" if column.type == "TIMESTAMP" else ""
    return f'"{name}"{moved} as "{name}"'


def _fetched(server: Server, name: str, table: Table, copy: Path) -> Path:
    text = ", ".join(f"cast({quoted(key)} as string)" for key in table.columns)
    schema = pa.schema([(key, pa.string()) for key in table.columns])
    with (
        server.cursor(f"select {text} from {name}") as cursor,
        pq.ParquetWriter(copy, schema) as writer,
    ):
        while some := cursor.fetchmany(ROWS_AT_ONCE):
            columns = [pa.array(values, pa.string()) for values in zip(*some, strict=True)]
            writer.write_table(pa.table(columns, schema=schema))
    return copy


def add(server: Server, schema: str, table: Table, marts: Path) -> None:
    """Make a table of the DuckDB file in a schema: of a Parquet file where Spark and this machine
    see one folder, else statement by statement.
    """
    name = f"{quoted(schema)}.{quoted(table.name)}"
    place = _seen(server, f"schema extended {quoted(schema)}")
    if place:
        folder = place / ADDED / table.name
        folder.mkdir(parents=True)
        read = ", ".join(map(_across, table.columns, table.columns.values()))
        with duckdb.connect(marts, read_only=True) as con:
            con.execute(
                f'copy (select {read} from {warehouse.SCHEMA}."{table.name}")'
                f" to {warehouse.quoted(folder / 'rows.parquet')} (format parquet)"
            )
        server.run(f"create table {name} using parquet location '{folder}'")
    else:
        columns = ", ".join(
            f"{quoted(key)} {TYPES[one.type]}" for key, one in table.columns.items()
        )
        server.run(f"create table {name} ({columns}) using parquet")
        _insert(server, name, table, marts)


def _insert(server: Server, name: str, table: Table, marts: Path) -> None:
    kinds = [TYPES[one.type] for one in table.columns.values()]
    row = "(" + ", ".join(f"cast(%s as {kind})" for kind in kinds) + ")"
    text = ", ".join(f'cast("{key}" as varchar)' for key in table.columns)
    with duckdb.connect(marts, read_only=True) as con:
        found = con.execute(f'select {text} from {warehouse.SCHEMA}."{table.name}"')
        while some := found.fetchmany(ROWS_AT_ONCE):
            values = [value for one in some for value in one]
            server.run(f"insert into {name} values {', '.join([row] * len(some))}", values)


def _seen(server: Server, thing: str) -> Path | None:
    """The folder of a table or schema, when this machine sees it."""
    said = {str(row[0]): str(row[1]) for row in server.run(f"describe {thing}")}
    address = urlsplit(said.get("Location", ""))
    place = Path(unquote(address.path))
    return place if address.scheme in ("", "file") and address.path and place.is_dir() else None

"""Looking for a person in everything that is stored: files as bytes, tables row by row."""

import mmap
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from leadsignal import warehouse
from leadsignal.errors import BuildFailed

DATABASE = ".duckdb"
_AROUND = "[^0-9A-Za-z]"
"""What may stand beside an id; else it is a longer one."""
_BEFORE, _BEHIND = "(^|[^0-9a-z_.+%-])", "($|[^0-9a-z_.-]|[.]($|[^0-9a-z_]))"
"""The same for an address: joada@loom.example is somebody else than ada@loom.example."""
KEYS_OF_OTHERS = (
    *("opportunity_id", "company_id", "owner_id", "touch_id", "campaign_id", "response_id"),
)
"""Columns of published tables whose keys are not of persons. A CRM that numbers its persons, deals
and companies from 1 each has one key for several of them."""
_COLUMNS_SQL = """
    select schema_name, table_name, column_name from duckdb_columns()
    semi join duckdb_tables() using (database_name, schema_name, table_name)
    where database_name = 'searched' order by all
"""


@dataclass(frozen=True)
class Needles:
    """What stands for a person in clear, and what hides them."""

    address: str = ""
    """In lower case; empty where only a lead is known."""
    ids: tuple[str, ...] = ()
    """Keys of records, `<crm>:<id>`."""
    hashes: tuple[str, ...] = ()
    shared: frozenset[str] = frozenset()
    """Those of the ids that something else has too: in words they tell nothing."""

    @property
    def folded(self) -> str:
        """A pattern for text in lower case; it matches nothing where there is nothing to find."""
        address = f"{_BEFORE}{re.escape(self.address)}{_BEHIND}" if self.address else ""
        return "|".join(filter(None, (address, *map(re.escape, self.hashes)))) or "a^"

    @property
    def packed(self) -> str:
        """The same for bytes of a database, where texts stand side by side."""
        return "|".join(map(re.escape, filter(None, (self.address, *self.hashes)))) or "a^"

    @property
    def keys(self) -> str:
        """A pattern for the columns of tables that hold keys of persons, as they are."""
        return _any_of(self.ids)

    @property
    def words(self) -> str:
        """The same for text in which a key may be anybody's."""
        return _any_of(one for one in self.ids if one not in self.shared)


def _any_of(ids: Iterable[str]) -> str:
    known = "|".join(map(re.escape, ids))
    return f"(^|{_AROUND})({known})($|{_AROUND})" if known else "a^"


def files(folders: Iterable[Path], left_out: Iterable[Path]) -> Iterator[Path]:
    """Every file in the folders, but those in `left_out` and in data folders of a server."""
    outside = [place.resolve() for place in left_out]
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            place = file.resolve()
            is_out = any(place == one or one in place.parents for one in outside)
            is_servers = any((parent / "PG_VERSION").exists() for parent in file.parents)
            if file.is_file() and not is_out and not is_servers:
                yield file


def holds(file: Path, needles: Needles) -> bool:
    """Whether a file has one of the needles: in its bytes, or in a row of a database's tables.

    DuckDB packs texts, so the bytes of its files do not tell all. Raises BuildFailed when the file
    cannot be read: nothing is said of what was not looked at.
    """
    try:
        if file.name.endswith(DATABASE) and _in_tables(file, needles):
            return True
        return _in_bytes(file, needles)
    except (OSError, duckdb.Error) as error:
        raise BuildFailed(
            f"{file} cannot be searched: {str(error).splitlines()[0]}.",
            "Close the program that has it open, or remove the file, and run the command again.",
        ) from error


def _in_bytes(file: Path, needles: Needles) -> bool:
    if not file.stat().st_size:
        return False
    pattern = f"(?i:{needles.folded})|(?m:{needles.words})"
    if file.name.endswith(DATABASE):  # ids stand there without a blank: its tables are asked
        pattern = f"(?i:{needles.packed})"
    with file.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return re.search(pattern.encode(), data) is not None


def _in_tables(file: Path, needles: Needles) -> bool:
    with duckdb.connect() as con:
        con.execute(f"attach {warehouse.quoted(file)} as searched (read_only)")
        for table, columns in _tables(con).items():
            everything, keys = _text(map(_name, columns)), _text(_of_persons(columns))
            found = con.execute(
                f"select 1 from {table} where regexp_matches(lower({everything}), ?)"
                f" or regexp_matches({keys}, ?) limit 1",
                [needles.folded, needles.keys],
            )
            if found.fetchone():
                return True
        return False


def key_of_person(column: str, columns: Collection[str]) -> str:
    """SQL of a column's keys of persons, in a table with these columns."""
    if column == "record_id" and "record_kind" in columns:
        return "case when record_kind = 'lead' then record_id end"
    return _name(column)


def _of_persons(columns: Sequence[str]) -> list[str]:
    return [key_of_person(name, columns) for name in columns if name not in KEYS_OF_OTHERS]


def shared(file: Path, ids: Iterable[str]) -> frozenset[str]:
    """Those of the ids that are also keys of something else in a published file."""
    with duckdb.connect() as con:
        con.execute(f"attach {warehouse.quoted(file)} as searched (read_only)")
        keys = " union ".join(
            f"select {_name(column)} as key from {table}"
            for table, columns in _tables(con).items()
            for column in columns
            if column in KEYS_OF_OTHERS
        )
        rows = con.execute(f"select key from ({keys}) where key in (select unnest(?))", [[*ids]])
        return frozenset(key for (key,) in rows.fetchall())


def _tables(con: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """The tables of the attached file, and their columns."""
    tables: dict[str, list[str]] = {}
    for schema, table, column in con.execute(_COLUMNS_SQL).fetchall():
        tables.setdefault(f'searched."{schema}"."{table}"', []).append(column)
    return tables


def _text(columns: Iterable[str]) -> str:
    return f"concat_ws(chr(31), '', {', '.join(f'{column}::varchar' for column in columns)})"


def _name(column: str) -> str:
    return f'"{column}"'

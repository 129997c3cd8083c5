"""Looking for a person in everything that is stored: files as bytes, tables row by row."""

import mmap
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from leadsignal import warehouse
from leadsignal.errors import BuildFailed

DATABASE = ".duckdb"
_AROUND = "[^0-9A-Za-z]"
"""What may stand beside an id; else it is a longer one."""
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

    @property
    def folded(self) -> str:
        """A pattern for text in lower case; it matches nothing where there is nothing to find."""
        return "|".join(map(re.escape, filter(None, (self.address, *self.hashes)))) or "a^"

    @property
    def exact(self) -> str:
        """A pattern for text as it is."""
        if not self.ids:
            return "a^"
        return f"(^|{_AROUND})({'|'.join(map(re.escape, self.ids))})($|{_AROUND})"


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
    pattern = f"(?i:{needles.folded})"
    if not file.name.endswith(DATABASE):  # in a database, ids stand side by side without a blank
        pattern += f"|(?m:{needles.exact})"
    with file.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return re.search(pattern.encode(), data) is not None


def _in_tables(file: Path, needles: Needles) -> bool:
    with duckdb.connect() as con:
        con.execute(f"attach {warehouse.quoted(file)} as searched (read_only)")
        tables: dict[str, list[str]] = {}
        for schema, table, column in con.execute(_COLUMNS_SQL).fetchall():
            tables.setdefault(f'searched."{schema}"."{table}"', []).append(f'"{column}"')
        return any(
            con.execute(
                f"select 1 from {table} where {matching(columns)} limit 1",
                [needles.folded, needles.exact],
            ).fetchall()
            for table, columns in tables.items()
        )


def matching(columns: Iterable[str]) -> str:
    """A condition of DuckDB on rows with a needle; parameters are the two patterns."""
    text = f"concat_ws(chr(31), {', '.join(f'{name}::varchar' for name in columns)})"
    return f"regexp_matches(lower({text}), ?) or regexp_matches({text}, ?)"

"""Small published sets one after the other, each with the history of those before it."""

from pathlib import Path

import duckdb
from leadsignal import history, warehouse
from leadsignal.warehouse import quoted
from tiny_marts import TinyMarts


def publish(marts: TinyMarts, file: Path, before: Path | None = None) -> Path:
    """The set as a file, with its history, as `leadsignal build` finishes one."""
    marts.con.execute(f"attach {quoted(file)} as copied")
    marts.con.execute("copy from database leadsignal to copied")
    marts.con.execute("detach copied")
    history.keep(file, before)
    return file


def read(file: Path) -> duckdb.DuckDBPyConnection:
    """The published set, opened for reading."""
    return warehouse.open_published(file)


def one_after_the_other(folder: Path, *sets: TinyMarts) -> list[Path]:
    """The sets published in turn; every earlier file stays, to be held against the last."""
    files: list[Path] = []
    for place, marts in enumerate(sets, 1):
        before = files[-1] if files else None
        files.append(publish(marts, folder / f"set_{place}.duckdb", before))
    return files

"""Readers of a published file that go on while builds replace it.

`python -m faults.reading FILE OUT SEED` is a process of ten of them. It reads until its standard
input is closed, then writes what it saw to OUT.
"""

import json
import random
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb
from leadsignal import Metrics, warehouse
from leadsignal.errors import LeadsignalError

from faults import sets

KINDS = ("anew", "kept", "driver")
"""Opens for each query as this project does; keeps one connection; opens as a BI driver does."""
OF_A_PROCESS = (*KINDS * 3, "metrics")
PAUSE = 2.0
"""Seconds between two readings, on average."""
READINGS_OF_ONE = 60
"""After so many a kept connection is opened anew."""

Seen = tuple[str, str, str]
"""A build, one of its tables and the table's digest."""


class Reader(threading.Thread):
    """One reader with its own connection."""

    def __init__(self, file: Path, kind: str, seed: int, pause: float = PAUSE) -> None:
        super().__init__(name=kind, daemon=True)
        self.file = file
        self.kind = kind
        self.pause = pause
        self.dice = random.Random(seed)  # noqa: S311 (which table, and when)
        self.seen: list[Seen] = []
        self.leads: list[int] = []
        """What the metrics layer said the number of leads is, in order."""
        self.errors: list[str] = []
        self._is_over = threading.Event()
        self._kept: duckdb.DuckDBPyConnection | None = None
        self._readings = 0

    def run(self) -> None:
        """Read until told to stop; an error is noted and does not stop it."""
        metrics = Metrics.open(self.file) if self.kind == "metrics" else None
        while not self._is_over.wait(self.dice.uniform(0, 2 * self.pause)):
            try:
                if metrics:
                    [row] = metrics.query(["leads"]).to_pylist()
                    self.leads.append(int(row["value"]))
                elif self.file.exists():
                    self._read()
            except (duckdb.Error, LeadsignalError, OSError) as error:
                self.errors.append(f"{self.kind}: {' '.join(str(error).split())}")

    def stop(self) -> None:
        """Stop and wait for it."""
        self._is_over.set()
        self.join()

    def _read(self) -> None:
        con = self._kept or self._opened()
        try:
            [(build,)] = con.execute("select build_id from publication").fetchall()
            table = self.dice.choice(sets.tables_of(con))
            self.seen.append((build, table, sets.digest(con, table)))
        finally:
            self._readings += 1
            is_kept = self.kind == "kept" and self._readings % READINGS_OF_ONE
            self._kept = con if is_kept else None
            if not is_kept:
                con.close()

    def _opened(self) -> duckdb.DuckDBPyConnection:
        if self.kind != "driver":
            return warehouse.open_published(self.file)
        con = duckdb.connect(self.file, read_only=True)
        con.execute(f"use {warehouse.SCHEMA}")
        return con


class Readers:
    """One reader of each kind for as long as the block lasts."""

    def __init__(self, file: Path, kinds: tuple[str, ...] = KINDS, seed: int = 0) -> None:
        self._readers = [Reader(file, kind, seed + place) for place, kind in enumerate(kinds)]

    def __enter__(self) -> Self:
        """Begin to read."""
        for reader in self._readers:
            reader.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        for reader in self._readers:
            reader.stop()

    @property
    def seen(self) -> list[Seen]:
        """What all of them saw."""
        return [one for reader in self._readers for one in reader.seen]

    @property
    def leads(self) -> list[int]:
        """The numbers of leads that the metrics layer gave."""
        return [one for reader in self._readers for one in reader.leads]

    @property
    def errors(self) -> list[str]:
        """The errors that any of them got."""
        return [one for reader in self._readers for one in reader.errors]


def main(file: str, out: str, seed: str) -> None:
    """Read until standard input is closed."""
    with Readers(Path(file), OF_A_PROCESS, int(seed)) as readers:
        sys.stdin.read()
    told = {"seen": readers.seen, "leads": readers.leads, "errors": readers.errors}
    Path(out).write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])

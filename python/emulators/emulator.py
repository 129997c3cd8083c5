"""What the emulators have in common."""

import os
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

PROJECT = Path(__file__).parents[2]
STARTS_WITHIN = 60
"""Seconds."""


class Emulator(ABC):
    """A warehouse on this machine: its server, what it needs to be told, and what is read of it."""

    dialect: str
    port: int
    settings: ClassVar[dict[str, object]]
    """Vars of dbt for what the emulator lacks."""

    @abstractmethod
    def command(self, work: Path) -> tuple[list[str], dict[str, str]]:
        """The server's command and additions to its environment; `work` is its own folder."""

    @abstractmethod
    def load(self, raw: Path) -> None:
        """Loads each folder of CSV files in `raw` as a schema whose columns are all text."""

    @abstractmethod
    def rows(self, table: str, columns: dict[str, str]) -> list[tuple[Any, ...]]:
        """The rows of a published table; `columns`: name -> DuckDB's type."""

    @contextmanager
    def running(self, work: Path) -> Iterator[None]:
        """Runs the server, stops it in the end. Raises TimeoutError where it does not come up."""
        work.mkdir(parents=True, exist_ok=True)
        command, more = self.command(work)
        with (work / "server.log").open("w", encoding="utf-8") as log:
            server = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, **more})
            try:
                self._wait(server, work / "server.log")
                yield
            finally:
                server.terminate()
                server.wait(timeout=30)

    def _wait(self, server: "subprocess.Popen[bytes]", log: Path) -> None:
        ends = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < ends and server.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.2)
        raise TimeoutError(f"the emulator of {self.dialect} did not start: see {log}")


def folders(raw: Path) -> Iterator[tuple[str, list[Path]]]:
    """Name and CSV files of each CRM."""
    for folder in sorted(place for place in raw.iterdir() if place.is_dir()):
        yield folder.name, sorted(folder.glob("*.csv"))

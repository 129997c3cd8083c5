"""Apache Spark: marts in one of two generation schemas, published by views over both of them.

Readers see the views of the published schema alone. Spark replaces one view at a time, so each of
them shows both generations and keeps the rows of the one that the view `shown` names: replacing
that one view shows all the tables of a build at once (see docs/homes.md for what this needs).
"""

import os
import socket
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from leadsignal.errors import BuildLocked
from leadsignal.homes import GENERATION, serving
from leadsignal.homes.profile import rendered
from leadsignal.homes.serving import Table
from leadsignal.homes.spark_server import Server, connected
from leadsignal.homes.spark_tables import add, quoted, rows, tables
from leadsignal.homes.spark_views import show_alone, show_both, shown
from leadsignal.layouts import normal
from leadsignal.settings import PROFILES_FILE, Settings

GENERATIONS = ("a", "b")
WORK = ("staging", "intermediate", "definition")
"""Schemas that dbt fills on the way to the marts."""


class Spark:
    """Raw schemas, work schemas, two generations and the views; see `Home`."""

    def __init__(self, server: Server, schema: str, work: Path) -> None:
        """`schema` is what readers see; `work` takes copies."""
        self.server = server
        self.schema = schema
        self.copied = work / "copied.parquet"
        self.generation = ""

    @property
    def place(self) -> str:
        """The schema that this build fills."""
        return f"{self.schema}_{self.generation}"

    def prepare(self) -> Mapping[str, str]:
        """Empty the work schemas and the generation that the views do not show.

        Files that a killed build has left go with their schema.
        """
        now = shown(self.server, self.schema)
        if now:
            show_alone(self.server, self.schema, now)
        self.generation = next(name for name in GENERATIONS if name != now)
        for name in (*WORK, self.generation):
            self.server.run(f"drop schema if exists {quoted(f'{self.schema}_{name}')} cascade")
        self.server.run(f"create schema {quoted(self.place)}")
        return {GENERATION: self.generation}

    def raw_tables(self) -> Mapping[str, Collection[str]]:
        """What stands in schemas that are not ours."""
        schemas = [name for (name,) in self.server.run("show schemas")]
        return {
            name: {normal(row[1]) for row in self.server.run(f"show tables in {quoted(name)}")}
            for name in schemas
            if not name.startswith(self.schema)
        }

    def fetch(self, manifest: Path, marts: Path) -> None:
        """Copy the generation into the serving file."""
        serving.fill(marts, serving.tables(manifest), partial(self._rows, self.place))

    def previous(self, local: Path, copy: Path) -> Path | None:
        """The set that the views show: the local file, or a copy of it."""
        now = shown(self.server, self.schema)
        if not now:
            return None
        place = f"{self.schema}_{now}"
        [(build_id,)] = self.server.run(f"select build_id from {quoted(place)}.publication")
        if local.is_file() and serving.build_id(local) == build_id:
            return local
        serving.fill(copy, tables(self.server, place), partial(self._rows, place))
        return copy

    def publish(self, marts: Path) -> None:
        """Add what only the finished file has, and let the views show this generation."""
        there = {table.name for table in tables(self.server, self.place)}
        held = serving.held(marts)
        for table in held:
            if table.name not in there:
                add(self.server, self.place, table, marts)
        serving.same_counts(self._counts(held), marts)
        show_both(self.server, self.schema, self.generation, held)

    def _counts(self, held: list[Table]) -> dict[str, int]:
        each = (
            f"select '{table.name}', count(*) from {quoted(self.place)}.{quoted(table.name)}"
            for table in held
        )
        return dict(self.server.run(" union all ".join(each)))

    @contextmanager
    def _rows(self, place: str, table: Table) -> Iterator[str]:
        yield rows(self.server, place, table, self.copied)
        self.copied.unlink(missing_ok=True)


@contextmanager
def opened(settings: Settings) -> Iterator[Spark]:
    """The home, held by a schema that only one build can make; see `homes.opened`."""
    place = f"Target '{settings.target}' in {settings.profiles_dir / PROFILES_FILE}"
    output = rendered(settings.output, place)
    with connected(output, place) as server:
        schema = str(output["schema"])
        with _held(server, f"{schema}_lock"):
            yield Spark(server, schema, settings.work)


@contextmanager
def _held(server: Server, lock: str) -> Iterator[None]:
    """Spark has no locks. What a build on this machine left when it was killed is taken over."""
    me = f"{socket.gethostname()} {os.getpid()}"
    holder = _holder(server, lock)
    if holder and _is_gone(holder):
        server.run(f"drop schema if exists {quoted(lock)}")
    elif holder:
        raise BuildLocked(
            f"Another build is running: process {holder.split()[1]} on {holder.split()[0]}.",
            f"Wait until it has ended; if it was killed, run `drop schema {lock}` on Spark.",
        )
    server.run(f"create schema {quoted(lock)} comment '{me}'")
    try:
        yield
    finally:
        server.run(f"drop schema if exists {quoted(lock)}")


def _holder(server: Server, lock: str) -> str:
    """Host and process of the build that holds the lock; empty when there is none."""
    if (lock,) not in server.run("show schemas"):
        return ""
    said = {str(row[0]): str(row[1]) for row in server.run(f"describe schema {quoted(lock)}")}
    return said.get("Comment") or "unknown 0"


def _is_gone(holder: str) -> bool:
    host, process = holder.split()
    if host != socket.gethostname():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass  # it is there, and somebody else's
    return False

"""Apache Spark: marts made in a schema of their own, published by views over two generations.

Readers see the views of the published schema alone (see `spark_views`).
"""

import os
import socket
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from leadsignal.errors import BuildFailed, BuildLocked
from leadsignal.homes import GENERATION, serving
from leadsignal.homes.profile import filled
from leadsignal.homes.serving import Table
from leadsignal.homes.spark_server import Server, connected
from leadsignal.homes.spark_tables import add, quoted, rows, tables
from leadsignal.homes.spark_views import publish, shown
from leadsignal.layouts import normal
from leadsignal.settings import Settings

MADE = "made"
"""Ending of the schema that dbt makes the marts in."""
WORK = ("staging", "intermediate", "definition", MADE)
"""Endings of the schemas that dbt fills."""


class Spark:
    """Raw schemas, the schemas that dbt fills, two generations and the views; see `Home`."""

    def __init__(self, server: Server, schema: str, work: Path) -> None:
        """`schema` is what readers see; `work` takes copies."""
        self.server = server
        self.schema = schema
        self.made = f"{schema}_{MADE}"
        self.copied = work / "copied.parquet"

    def prepare(self) -> Mapping[str, str]:
        """Empty the schemas that dbt fills; files that a killed build has left go with them."""
        for name in WORK:
            self.server.run(f"drop schema if exists {quoted(f'{self.schema}_{name}')} cascade")
        self.server.run(f"create schema {quoted(self.made)}")
        return {GENERATION: MADE}

    def hold(self) -> None:
        """Nothing: the schema that stands for the lock stays until it is dropped."""

    def raw_tables(self) -> Mapping[str, Collection[str]]:
        """What stands in schemas that are not ours."""
        schemas = [name for (name,) in self.server.run("show schemas")]
        return {
            name: {normal(row[1]) for row in self.server.run(f"show tables in {quoted(name)}")}
            for name in schemas
            if not name.startswith(self.schema)
        }

    def fetch(self, manifest: Path, marts: Path) -> None:
        """Copy the marts into the serving file."""
        serving.fill(marts, serving.tables(manifest), partial(self._rows, self.made))

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
        """Add what only the finished file has, and let the views show all of it."""
        there = {table.name for table in tables(self.server, self.made)}
        held = serving.held(marts)
        for table in held:
            if table.name not in there:
                add(self.server, self.made, table, marts)
        serving.same_counts(self._counts(held), marts)
        publish(self.server, self.schema, self.made, held)

    def _counts(self, held: list[Table]) -> dict[str, int]:
        each = (
            f"select '{table.name}', count(*) from {quoted(self.made)}.{quoted(table.name)}"
            for table in held
        )
        return dict(self.server.run(" union all ".join(each)))

    @contextmanager
    def _rows(self, place: str, table: Table) -> Iterator[str]:
        yield rows(self.server, place, table, self.copied)
        self.copied.unlink(missing_ok=True)


def reach(settings: Settings) -> None:
    """Begin a session, and end it."""
    with connected(*filled(settings)):
        pass


@contextmanager
def opened(settings: Settings) -> Iterator[Spark]:
    """The home, held by a schema that only one build can make; see `homes.opened`."""
    output, place = filled(settings)
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
    try:
        server.run(f"create schema {quoted(lock)} comment '{me}'")
    except BuildFailed as error:
        if not _holder(server, lock):
            raise
        raise BuildLocked("Another build began just now.", "Wait until it has ended.") from error
    try:
        yield
    finally:
        with suppress(BuildFailed):  # without the server, nobody builds
            server.run(f"drop schema if exists {quoted(lock)}")


def _holder(server: Server, lock: str) -> str:
    """Host and process of the build that holds the lock; empty when there is none."""
    if (lock,) not in server.run("show schemas"):
        return ""
    try:
        said = {str(row[0]): str(row[1]) for row in server.run(f"describe schema {quoted(lock)}")}
    except BuildFailed:
        return ""  # it ended just now
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

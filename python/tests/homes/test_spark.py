"""Builds on a cluster of Apache Spark: what is published, who did the work, what readers see.

The tests of this file follow upon each other: builds of one cluster, which loses a worker.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from builds import ROOT
from cluster import HOST, Cluster, NoCluster, load, running
from leadsignal.demo.market import AS_OF as DEMO_AS_OF
from leadsignal.homes import serving
from leadsignal.homes.spark import Spark
from leadsignal.homes.spark_server import Server, connected
from test_real_build import LEADSIGNAL, Warehouse
from waiting import wait_for

from .comparing import assert_same

pytestmark = [
    pytest.mark.homes,
    pytest.mark.skipif(find_spec("pyspark") is None, reason="needs the environment of make spark"),
]
LATER = "2026-11-15"
# One statement: the build of a table that dbt makes, and of one that is added at the end.
MIXTURE_SQL = """
    select
        publication.build_id,
        (select max_by(build_id, build_number) from leadsignal.scorecard_history),
        (select count(*) from leadsignal.fct_leads)
    from leadsignal.publication
"""


class Published:
    """The demo CRM on a cluster, built there and beside it on DuckDB."""

    def __init__(self, cluster: Cluster, folder: Path) -> None:
        self.cluster = cluster
        self.embedded = Warehouse(folder)
        self.embedded.raw = ROOT / "demo"
        self.folder = folder / "machine_1"
        load(cluster, self.embedded.raw)
        self.build(DEMO_AS_OF)

    @property
    def file(self) -> Path:
        return self.folder / "leadsignal.duckdb"

    def started(self, *arguments: str) -> subprocess.Popen[str]:
        """`leadsignal <arguments> --target spark`, begun."""
        return subprocess.Popen(
            [LEADSIGNAL, *arguments, "--target", "spark"],
            cwd=ROOT,
            env=os.environ
            | {"LEADSIGNAL_WAREHOUSE": str(self.folder), "SPARK_PORT": str(self.cluster.server)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def ended(self, process: subprocess.Popen[str]) -> None:
        _, err = process.communicate(timeout=3600)
        assert process.returncode == 0, err

    def build(self, as_of: str) -> None:
        """On both homes."""
        self.ended(self.started("build", "--as-of", as_of))
        self.embedded.run("build", "--as-of", as_of)

    def connected(self) -> Any:
        place = {"method": "thrift", "host": HOST, "port": self.cluster.server, "user": "reader"}
        return connected(place, "the cluster")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    try:
        with running(tmp_path_factory.mktemp("cluster")) as cluster:
            yield Published(cluster, tmp_path_factory.mktemp("published"))
    except NoCluster as error:
        pytest.exit(str(error), returncode=1)


def test_everything_published_is_what_duckdb_publishes(published: Published) -> None:
    assert assert_same(published.embedded.published, published.file) > 10_000


def test_the_work_is_done_by_the_executors_of_both_workers(published: Published) -> None:
    tasks = published.cluster.tasks()
    assert tasks.pop("driver") == 0
    assert len(tasks) == 2
    assert min(tasks.values()) > 100


def test_views_hold_what_the_local_file_holds(published: Published, tmp_path: Path) -> None:
    """They have no files of their own: read row by row, as where disks are out of reach."""
    held = serving.held(published.file)
    with published.connected() as server:
        home = Spark(server, "leadsignal", tmp_path)
        serving.fill(tmp_path / "views.duckdb", held, partial(home._rows, "leadsignal"))
    assert_same(tmp_path / "views.duckdb", published.file)


def test_every_column_tells_business_users_what_it_is(published: Published) -> None:
    with published.connected() as server:
        [table] = [one for one in serving.held(published.file) if one.name == "fct_leads"]
        said = server.run("describe leadsignal.fct_leads")
    assert [(name, words) for name, _, words in said] == [
        (name, column.description) for name, column in table.columns.items()
    ]


def test_two_builds_at_once_are_one(published: Published) -> None:
    with published.connected() as server:
        server.run("create schema leadsignal_lock comment 'another-machine 1'")
        process = published.started("build")
        _, err = process.communicate(timeout=120)
        server.run("drop schema leadsignal_lock")
    assert process.returncode == 4
    line = "leadsignal: Another build is running: process 1 on another-machine."
    assert err.splitlines()[-1].startswith(line)


def test_a_build_that_was_killed_is_in_nobodys_way(published: Published) -> None:
    process = published.started("build", "--as-of", LATER)
    with published.connected() as server:
        wait_for(lambda: server.run("show tables in leadsignal_definition"), seconds=900, pause=0.5)
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        [(generation,)] = server.run("select generation from leadsignal.shown")
        # What a statement leaves that is killed while it writes: files of no table.
        half = published.cluster.folder / "tables" / "leadsignal_intermediate.db" / "int_people"
        half.mkdir(parents=True, exist_ok=True)
        (half / "part-00000.parquet").write_text("half of it")
    assert generation == "a"


def test_a_worker_killed_in_mid_build_changes_nothing_and_readers_see_one_build_or_the_next(
    published: Published,
) -> None:
    cluster = published.cluster
    process = published.started("build", "--as-of", LATER)
    with watching(published) as seen, published.connected() as server:
        wait_for(
            lambda: is_there(server, "leadsignal_intermediate", "int_people"),
            seconds=900,
            pause=0.5,
        )
        done = cluster.tasks()
        os.killpg(cluster.workers[0], signal.SIGKILL)  # the worker and its executor
        published.ended(process)
        wait_for(lambda: cluster.workers_alive() == 1, seconds=900, pause=0.5)
    assert sum(cluster.tasks().values()) > sum(done.values()) + 100
    published.embedded.run("build", "--as-of", LATER)
    assert assert_same(published.embedded.published, published.file) > 10_000
    assert all(of_table == of_history for of_table, of_history, _ in seen)
    assert len({of_table for of_table, _, _ in seen}) == 2


def is_there(server: Server, schema: str, table: str) -> bool:
    return any(name == table for _, name, *_ in server.run(f"show tables in {schema}"))


class watching:  # noqa: N801 - reads as a word: with watching(...) as seen
    """What a reader sees again and again until the block is left; one read more after that."""

    def __init__(self, published: Published) -> None:
        self.published = published
        self.seen: list[tuple[Any, ...]] = []
        self.is_over = threading.Event()
        self.reading = threading.Thread(target=self.read)

    def read(self) -> None:
        with self.published.connected() as server:
            while not self.is_over.is_set():
                self.seen.extend(server.run(MIXTURE_SQL))
            self.seen.extend(server.run(MIXTURE_SQL))

    def __enter__(self) -> list[tuple[Any, ...]]:
        self.reading.start()
        return self.seen

    def __exit__(self, *error: object) -> None:
        self.is_over.set()
        self.reading.join()


def test_nothing_is_left_running_after_ctrl_c(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "cluster", str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout
    assert process.stdout.readline().startswith("Thrift server on 127.0.0.1:")
    assert len(commands(tmp_path)) > 4
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert commands(tmp_path) == []


def commands(folder: Path) -> list[str]:
    """Commands of the processes that work in the folder."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if (place / "cwd").readlink().is_relative_to(folder):
                found.append((place / "cmdline").read_text())
        except OSError:
            continue  # it has ended meanwhile, or is another user's
    return found

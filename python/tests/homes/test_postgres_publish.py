"""A build on PostgreSQL from raw rows to what readers see, and what they see while it goes on.

The tests of this file follow upon each other: first, second and third build of one database.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from builds import ROOT
from leadsignal import demo, homes, lock, settings
from leadsignal.errors import BuildFailed, BuildLocked
from leadsignal.homes import serving, views
from leadsignal.homes.postgres import Postgres
from test_real_build import Warehouse
from waiting import wait_for

from .comparing import assert_same
from .server import Server

pytestmark = pytest.mark.homes
LATER = "2026-11-15"
MIXTURE_SQL = """
    select
        publication.build_id,
        (select build_id from leadsignal.scorecard_history order by build_number desc limit 1),
        (select count(*) from leadsignal.fct_leads)
    from leadsignal.publication
"""


def another_build(server: Server) -> Any:
    """A connection that holds the lock as a build on another machine does."""
    con = server.connect("leadsignal_build")
    with con.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(hashtext('leadsignal build leadsignal'))")
    return con


class Published:
    """A CRM loaded into the server and built there, beside the same on DuckDB."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.server = server
        self.embedded = Warehouse(folder)
        self.folder = folder / "machine_1"
        server.load(self.embedded.raw)
        server.leadsignal(self.folder, "build", "--as-of", demo.AS_OF)
        self.embedded.run("build", "--as-of", demo.AS_OF)

    @property
    def file(self) -> Path:
        return self.folder / "leadsignal.duckdb"

    def home(self, con: Any, folder: Path) -> Postgres:
        return Postgres(con, "leadsignal", ("leadsignal_bi",), folder)

    def build_ids(self) -> list[str]:
        """The builds that readers of the database know of, oldest first."""
        rows = self.server.query(
            "select build_number, build_id from leadsignal.scorecard_history"
            " group by build_number, build_id order by build_number",
            "leadsignal_bi",
        )
        return [build_id for _, build_id in rows]


@pytest.fixture(scope="module")
def published(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Published:
    return Published(server, tmp_path_factory.mktemp("published"))


def test_everything_published_is_what_duckdb_publishes(published: Published) -> None:
    assert assert_same(published.embedded.published, published.file) > 10_000


def test_views_hold_what_the_local_file_holds(published: Published, tmp_path: Path) -> None:
    con = published.server.connect("leadsignal_build")
    copy = published.home(con, tmp_path).previous(tmp_path / "nothing", tmp_path / "copy.duckdb")
    con.close()
    assert copy
    assert serving.counts(copy) == serving.counts(published.file)
    assert_same(copy, published.file, described=False)


def test_every_column_tells_business_users_what_it_is(published: Published) -> None:
    said = published.server.query(
        "select relname, attname, col_description(attrelid, attnum) from pg_attribute"
        " inner join pg_class on attrelid = oid where relnamespace = 'leadsignal'::regnamespace"
        " and attnum > 0",
        "leadsignal_bi",
    )
    expected = {
        (table.name, name, column.description or None)
        for table in serving.held(published.file)
        for name, column in table.columns.items()
    }
    assert set(said) == expected
    assert sum(words is not None for _, _, words in said) > 400


@pytest.mark.parametrize(
    "table",
    [
        "salesforce.lead",
        "leadsignal_staging.stg_salesforce__leads",
        "leadsignal_intermediate.int_people",
        "leadsignal_definition.lead_sources",
        "leadsignal_a.fct_leads",
    ],
)
def test_business_users_read_the_views_alone(published: Published, table: str) -> None:
    assert published.server.query("select count(*) from leadsignal.fct_leads", "leadsignal_bi")
    assert published.server.query(f"select count(*) from {table}")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        published.server.query(f"select count(*) from {table}", "leadsignal_bi")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        published.server.query("delete from leadsignal.fct_leads", "leadsignal_bi")


def test_a_switch_that_fails_leaves_every_view_as_it_was(
    published: Published, tmp_path: Path
) -> None:
    before = published.server.query("select * from pg_views where schemaname = 'leadsignal'")
    con = published.server.connect("leadsignal_build")
    held = [table for table in serving.held(published.file) if table.name != "fct_leads"]
    with pytest.raises(BuildFailed, match=r'role "nobody_knows" does not exist'):
        views.switch(con, "leadsignal", "leadsignal_a", held, ["nobody_knows"])
    con.close()
    after = published.server.query("select * from pg_views where schemaname = 'leadsignal'")
    assert sorted(before) == sorted(after)


def test_readers_are_waited_for_and_never_cancelled(published: Published) -> None:
    reader, con = (published.server.connect(role) for role in ("leadsignal_bi", "leadsignal_build"))
    reader.autocommit = False
    held = serving.held(published.file)
    switching = threading.Thread(
        target=views.switch, args=(con, "leadsignal", "leadsignal_a", held, ["leadsignal_bi"])
    )
    with reader, reader.cursor() as cursor:
        cursor.execute("select count(*) from leadsignal.publication")
        switching.start()
        for table in ("dim_sources", "fct_leads", "win_rate_by_source"):  # each may be locked now
            time.sleep(1.2)
            cursor.execute(f"select count(*) from leadsignal.{table}")
        assert switching.is_alive()
    switching.join(timeout=30)
    assert not switching.is_alive()
    reader.close()
    con.close()


def test_two_builds_at_once_are_one(published: Published, tmp_path: Path) -> None:
    con = another_build(published.server)
    backend = con.info.backend_pid
    process = published.server.started(tmp_path / "machine_2", "build")
    _, err = process.communicate(timeout=60)
    con.close()
    assert process.returncode == 4
    [line] = [line for line in err.splitlines() if "Another build" in line]
    assert "Another build of leadsignal.leadsignal on 127.0.0.1 is running: " in line
    assert f"backend {backend} of leadsignal_build from 127.0.0.1, since 20" in line


def test_a_build_waits_for_that_of_another_machine(
    published: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in published.server.env.items():
        monkeypatch.setenv(name, value)
    found = settings.load(target="postgres", warehouse=tmp_path, project_dir=ROOT)
    con = another_build(published.server)
    ending = threading.Timer(2, con.close)
    told: list[BuildLocked] = []
    ending.start()
    until = time.monotonic() + 60
    with lock.waited_for(lambda: homes.opened(found), until, told.append) as home:
        assert con.closed
        assert home.raw_tables()
    assert len(told) == 1
    ending.join()


def test_a_lost_lock_ends_the_build(published: Published, tmp_path: Path) -> None:
    con = published.server.connect("leadsignal_build")
    home = published.home(con, tmp_path)
    home.hold()
    [(backend,)] = views.run(con, "select pg_backend_pid()")
    published.server.query(f"select pg_terminate_backend({backend})")
    with pytest.raises(BuildFailed, match="another build may have begun: PostgreSQL refused") as it:
        home.hold()
    assert it.value.lines == (str(it.value),)


def test_a_preview_is_not_shown(published: Published) -> None:
    before = published.build_ids()
    out = published.server.leadsignal(published.folder, "build", "--preview", "--as-of", LATER)
    assert out.startswith("Nothing was published.\n")
    assert f"would change in the published build {before[-1]}" in out
    assert published.build_ids() == before


def test_readers_see_one_build_or_the_next(published: Published) -> None:
    server, first = published.server, published.build_ids()
    published.embedded.lose_a_lead() if published.embedded.published.is_file() else None
    server.query(
        "create schema own; create view own.sources as select * from leadsignal.dim_sources"
    )
    server.load(published.embedded.raw)
    seen: list[tuple[Any, ...]] = []
    is_over = threading.Event()

    def read() -> None:
        while not is_over.is_set():
            seen.extend(server.query(MIXTURE_SQL, "leadsignal_bi"))

    reading = threading.Thread(target=read)
    reading.start()
    try:
        server.leadsignal(published.folder, "build", "--as-of", LATER)
        wait_for(lambda: seen[-1][0] != first[-1], seconds=900, pause=0.2)
    finally:
        is_over.set()
        reading.join()
    assert published.build_ids()[:-1] == first
    assert {row[0] for row in seen} == set(published.build_ids()[-2:])
    assert all(of_table == of_history for of_table, of_history, _ in seen)
    assert len({(build_id, leads) for build_id, _, leads in seen}) == 2
    assert server.query("select count(*) from own.sources")
    server.query("drop schema own cascade")


def test_a_killed_build_changes_nothing_and_the_next_one_works(
    published: Published, tmp_path: Path
) -> None:
    server, before = published.server, published.build_ids()
    facts = (
        "select oid from pg_class where relname = 'fct_leads'"
        " and relnamespace = to_regnamespace('leadsignal_a')"
    )
    of_first_build = server.query(facts)
    process = server.started(published.folder, "build", "--as-of", LATER)
    wait_for(lambda: server.query(facts) not in ([], of_first_build), seconds=900, pause=0.2)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert published.build_ids() == before
    server.stop()
    stopped = server.started(published.folder, "build", "--as-of", LATER)
    _, err = stopped.communicate(timeout=60)
    assert stopped.returncode == 3
    assert "cannot be reached" in err.splitlines()[-1]
    server.start()
    assert published.build_ids() == before
    elsewhere = tmp_path / "machine_2"
    server.leadsignal(elsewhere, "build", "--as-of", LATER)
    assert published.build_ids()[:-1] == before
    assert serving.counts(elsewhere / "leadsignal.duckdb")["lead_versions"] > 0

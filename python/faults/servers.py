"""PostgreSQL that ends a build's connections, or is restarted under it."""

import os
import shutil
import socket
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from leadsignal.homes.postgres import Postgres

from faults import sets
from faults.harness import Harness
from faults.site import PROJECT, Crm, Run, Site
from faults.trials import Known, Place, Strike, Trial

if TYPE_CHECKING:
    from homes.server import Server

FAULT = "postgres"
SCRIPT = PROJECT / "scripts" / "postgres.sh"
PROGRAMS = Path("/usr/lib/postgresql/15/bin")
OURS = "application_name = 'leadsignal'"
DBTS = "usename = 'leadsignal_build' and application_name <> 'leadsignal'"
READ_TIMES = 3


class ServerPlace(Place):
    """A place whose published set is the one that readers of the database see."""

    server: "Server"

    def load(self, crm: Crm) -> None:
        """Into the server, as a loader would."""
        self.server.load(crm.raw)

    def published(self) -> sets.Published | None:
        """The views, copied into a file and read as one."""
        con = self.server.connect("leadsignal_bi")
        con.autocommit = False
        copy = self.site.folder / "copy.duckdb"
        copy.unlink(missing_ok=True)
        try:
            home = Postgres(con, "leadsignal", (), self.site.folder)
            if home.previous(self.site.folder / "nothing", copy) is None:
                return None
            found = sets.read(copy)
        finally:
            con.close()
            copy.unlink(missing_ok=True)
        self.known.exact[found.build_id] = found.exact
        return found


def failing(harness: Harness) -> None:
    """Every failure of the server once; a sentence where PostgreSQL cannot be started."""
    cases: dict[str, tuple[str, str]] = {
        "connection of the build ended while dbt builds": ("  ", OURS),
        "connections of dbt ended while dbt builds": ("  ", DBTS),
        "connection of the build ended as it publishes": ("Publishing", OURS),
        "restarted while dbt builds": ("  ", ""),
        "restarted as it publishes": ("Publishing", ""),
    }
    todo = {case: how for case, how in cases.items() if not harness.results.has(FAULT, case)}
    if not todo:
        return
    if not PROGRAMS.is_dir():
        harness.say(f"postgres: left out, as {PROGRAMS} is not there (Debian: postgresql-15)")
        return
    place = _place(harness)
    try:
        place.begin()
        for case, (line, whose) in todo.items():
            trial = Trial(FAULT, case)
            if not place.strike(trial, _struck(place.server, line, whose)):
                raise RuntimeError(f"{FAULT}, {case}: the build ended before: {trial.ended}")
            harness.keep(trial)
    finally:
        place.server.stop()


def _place(harness: Harness) -> ServerPlace:
    from homes.server import Server

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = Path(os.environ.get("POSTGRES_DATA", "/var/lib/postgresql/leadsignal_faults"))
    if os.geteuid() != 0:
        folder = harness.folder / "server"
    if folder.is_dir():  # of a run that was interrupted
        data = {"POSTGRES_DATA": str(folder / "server")}
        subprocess.run([SCRIPT, "stop"], env=os.environ | data, check=True, capture_output=True)
        shutil.rmtree(folder)
    server = Server(folder, port)
    site = Site(harness.folder / "postgres", env=server.env, options=("--target", "postgres"))
    place = ServerPlace(site, harness.crms, Known())
    place.server = server
    return place


def _struck(server: "Server", line: str, whose: str) -> Strike:
    def strike(run: Run) -> str | None:
        if not run.until(lambda said: said.startswith(line), READ_TIMES if line == "  " else 1):
            return None
        step = run.step
        if not whose:
            _restart(server)
            return f"restarted at once in '{step}'"
        ended = server.query(
            f"select pg_terminate_backend(pid) from pg_stat_activity"
            f" where {whose} and pid <> pg_backend_pid()",
            "leadsignal_build",
        )
        run.end()
        return f"{len(ended)} connections ended in '{step}'"

    return strike


def _restart(server: "Server") -> None:
    """As after a crash: no connection is awaited, and the log is read again."""
    program = [str(PROGRAMS / "pg_ctl"), "--pgdata", server.env["POSTGRES_DATA"]]
    as_owner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run(
        [*as_owner, *program, "--mode", "immediate", "--wait", "stop"],
        check=True,
        cwd="/",
        stdout=subprocess.DEVNULL,
    )
    server.start()

"""A PostgreSQL server for tests, and builds on it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg2
from builds import ROOT
from dbt_process import run_dbt_command
from leadsignal.homes.postgres import Postgres
from leadsignal.metrics import definitions

from .loading import load_crms

SCRIPT = ROOT / "scripts" / "postgres.sh"
PROGRAMS = Path("/usr/lib/postgresql/15/bin")
LEADSIGNAL = Path(sys.executable).with_name("leadsignal")


class Server:
    """The server of scripts/postgres.sh on a port and in a folder of its own."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.env = os.environ | {
            "POSTGRES_PORT": str(port),
            "POSTGRES_DATA": str(folder / "server"),
            "DO_NOT_TRACK": "1",
        }
        self.start()

    def start(self) -> None:
        subprocess.run([SCRIPT, "start"], env=self.env, check=True, capture_output=True)

    def stop(self) -> None:
        subprocess.run([SCRIPT, "stop"], env=self.env, check=True, capture_output=True)

    def connect(self, role: str) -> Any:
        con = psycopg2.connect(
            host="127.0.0.1", port=self.env["POSTGRES_PORT"], user=role, dbname="leadsignal"
        )
        con.autocommit = True
        return con

    def query(self, sql: str, role: str = "leadsignal_build") -> list[tuple[Any, ...]]:
        con = self.connect(role)
        try:
            with con.cursor() as cursor:
                cursor.execute(sql)
                return list(cursor.fetchall()) if cursor.description else []
        finally:
            con.close()

    def load(self, raw: Path) -> None:
        """The CRMs of a raw folder, and no others."""
        for (schema,) in self.query(
            "select nspname from pg_namespace where nspowner = 'leadsignal_load'::regrole"
        ):
            self.query(f'drop schema "{schema}" cascade', "leadsignal_load")
        con = self.connect("leadsignal_load")
        con.autocommit = False
        load_crms(con, raw)
        con.close()

    def build(self, work: Path, as_of: str, variables: Mapping[str, Any] | None = None) -> Path:
        """`dbt build` without its tests; the marts as a serving file."""
        command = ["build", "--quiet", "--target", "postgres"]
        command += ["--exclude-resource-type", "unit_test", "--exclude-resource-type", "test"]
        command += ["--target-path", str(work / "target"), "--log-path", str(work / "logs")]
        command += ["--vars", json.dumps(dict(variables or {}))]
        result = run_dbt_command(command, ROOT, self.env | {"LEADSIGNAL_AS_OF": as_of})
        assert result.returncode == 0, result.stdout[-6000:]
        con = self.connect("leadsignal_build")
        home = Postgres(con, "leadsignal", (), work)
        home.generation = "marts"
        marts = work / "work_marts.duckdb"
        marts.unlink(missing_ok=True)
        home.fetch(work / "target" / "manifest.json", marts)
        definitions.store(work / "target" / "semantic_manifest.json", marts)
        con.close()
        return marts

    def started(self, warehouse: Path, *arguments: str) -> subprocess.Popen[str]:
        """`leadsignal <arguments> --target postgres`, begun."""
        return subprocess.Popen(
            [LEADSIGNAL, *arguments, "--target", "postgres"],
            cwd=ROOT,
            env=self.env | {"LEADSIGNAL_WAREHOUSE": str(warehouse)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def leadsignal(self, warehouse: Path, *arguments: str) -> str:
        """The same, ended; what it said."""
        process = self.started(warehouse, *arguments)
        out, err = process.communicate(timeout=900)
        assert process.returncode == 0, err
        return out

"""Imports the dashboard into an empty Superset and runs every chart; `make superset` runs it.

With SUPERSET_READS=postgres it reads what is published on the server of scripts/postgres.sh, which
`make postgres` fills; the published file otherwise.
"""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

HERE = Path(__file__).parent
PROJECT = HERE.parents[2]
PUBLISHED = PROJECT / "warehouse" / "leadsignal.duckdb"
PLACE = "duckdb:////opt/leadsignal/warehouse/leadsignal.duckdb"
ENGINE = "extra:\n  engine_params:\n    connect_args: {read_only: true}\n"
SERVER = "postgresql+psycopg2://leadsignal_bi@127.0.0.1:5455/leadsignal"
IS_SERVER = os.environ.get("SUPERSET_READS") == "postgres"
EARLIER = "2026-09-30"
"""A month before the demo CRM's last day: fewer leads."""
SUMS = """
    select (select sum(leads) from {schema}.lead_quality_by_source),
        (select sum(won) + sum(lost) from {schema}.win_rate_by_source)
"""
CONFIG = """
SECRET_KEY = "for a test of an hour on this machine alone"
SQLALCHEMY_DATABASE_URI = "sqlite:///{home}/superset.db"
WTF_CSRF_ENABLED = False
TALISMAN_ENABLED = False
"""


def bundle(place: Path, file: Path) -> Path:
    """The dashboard as Superset takes it, with the place of what is published put in."""
    with zipfile.ZipFile(file, "w") as made:
        for part in sorted((HERE / "dashboard").rglob("*.yaml")):
            text = part.read_text()
            if IS_SERVER:
                text = text.replace(PLACE, SERVER).replace(ENGINE, "extra: {}\n")
                text = text.replace("schema: marts", "schema: leadsignal")
            else:
                text = text.replace(PLACE, f"duckdb:///{place}")
            made.writestr(f"dashboard/{part.relative_to(HERE / 'dashboard')}", text)
    return file


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("superset")
    (folder / "superset_config.py").write_text(CONFIG.format(home=folder))
    if not IS_SERVER:
        shutil.copy(PUBLISHED, folder / "leadsignal.duckdb")
    return folder


@pytest.fixture(scope="module")
def app(home: Path) -> Iterator[Any]:
    os.environ["SUPERSET_CONFIG_PATH"] = str(home / "superset_config.py")
    os.environ["SUPERSET_HOME"] = str(home)
    os.environ["FLASK_APP"] = "superset"
    os.environ["SCARF_ANALYTICS"] = "false"
    superset = str(Path(sys.executable).with_name("superset"))
    dashboard = str(bundle(home / PUBLISHED.name, home / "dashboard.zip"))
    user = [
        "--username",
        "admin",
        "--firstname",
        "A",
        "--lastname",
        "D",
        "--email",
        "a@example.com",
    ]
    for arguments in (
        ["db", "upgrade"],
        ["init"],
        ["fab", "create-admin", *user, "--password", "admin"],
        ["import-dashboards", "-p", dashboard, "-u", "admin"],
    ):
        done = subprocess.run([superset, *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    from superset.app import create_app

    made = create_app()
    with made.app_context():
        yield made


def charts(app: Any) -> dict[str, list[dict[str, Any]]]:
    """The rows of every chart, asked as a dashboard asks."""
    from superset import db, security_manager
    from superset.charts.schemas import ChartDataQueryContextSchema
    from superset.commands.chart.data.get_data_command import ChartDataCommand
    from superset.models.slice import Slice
    from superset.utils.core import override_user

    found = {}
    with app.test_request_context(), override_user(security_manager.find_user("admin")):
        for chart in db.session.query(Slice).all():
            asked = json.loads(chart.query_context) | {"force": True}
            context = ChartDataQueryContextSchema().load(asked)
            command = ChartDataCommand(context)
            command.validate()
            found[chart.slice_name] = command.run()["queries"][0]["data"]
    return found


def sums(file: Path) -> tuple[int, int]:
    """Leads, and closed deals, of what is published."""
    if IS_SERVER:
        import psycopg2

        with psycopg2.connect(SERVER.replace("+psycopg2", "")) as con, con.cursor() as cursor:
            cursor.execute(SUMS.format(schema="leadsignal"))
            return cursor.fetchone()
    with duckdb.connect() as con:
        con.execute(f"attach '{file}' as published (read_only)")
        return con.execute(SUMS.format(schema="published.marts")).fetchall()[0]


def leads_of(app: Any) -> int:
    """Leads in the first chart."""
    return sum(row["leads_captured"] for row in charts(app)["Does volume bring fit?"])


def test_every_chart_has_data_that_is_the_published(app: Any, home: Path) -> None:
    found = charts(app)
    assert found.keys() == {"Does volume bring fit?", "Which sources win?", "Why do leads fail?"}
    leads, closed = sums(home / PUBLISHED.name)
    assert sum(row["leads_captured"] for row in found["Does volume bring fit?"]) == leads
    assert sum(row["closed_deals"] for row in found["Which sources win?"]) == closed
    assert all(0 <= row["fit_rate"] <= 1 for row in found["Does volume bring fit?"])
    assert found["Why do leads fail?"]


def build(home: Path, as_of: str) -> "subprocess.Popen[str]":
    """A whole build of the demo CRM, which publishes what the charts read."""
    command = [str(PROJECT / ".venv/bin/leadsignal"), "build", "--as-of", as_of]
    if IS_SERVER:
        warehouse, more = PROJECT / "warehouse" / "on_postgres", ["--target", "postgres"]
    else:
        warehouse, more = home / PUBLISHED.name, ["--raw", str(PROJECT / "warehouse" / "demo")]
    return subprocess.Popen(
        [*command, *more],
        cwd=PROJECT, env=os.environ | {"LEADSIGNAL_WAREHOUSE": str(warehouse)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


# The second build puts back what was published.
@pytest.mark.parametrize("as_of", [EARLIER, os.environ["DEMO_AS_OF"]])
def test_build_that_publishes_underneath_fails_no_query_and_is_seen(
    app: Any, home: Path, as_of: str
) -> None:
    before = sums(home / PUBLISHED.name)[0]
    process = build(home, as_of)
    seen = []
    while process.poll() is None:
        seen.append(leads_of(app))
    _, err = process.communicate()
    assert process.returncode == 0, err
    after = sums(home / PUBLISHED.name)[0]
    assert after != before
    assert len(seen) > 5
    assert set(seen) <= {before, after}
    assert leads_of(app) == after

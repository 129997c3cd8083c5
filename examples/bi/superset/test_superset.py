"""Imports the dashboard into an empty Superset and runs every chart; `make superset` runs it."""

import json
import os
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

HERE = Path(__file__).parent
PUBLISHED = HERE.parents[2] / "warehouse" / "leadsignal.duckdb"
PLACE = "/opt/leadsignal/warehouse/leadsignal.duckdb"
CONFIG = """
SECRET_KEY = "for a test of an hour on this machine alone"
SQLALCHEMY_DATABASE_URI = "sqlite:///{home}/superset.db"
WTF_CSRF_ENABLED = False
TALISMAN_ENABLED = False
"""


def bundle(place: Path, file: Path) -> Path:
    """The dashboard as Superset takes it, with the place of the published file put in."""
    with zipfile.ZipFile(file, "w") as made:
        for part in sorted((HERE / "dashboard").rglob("*.yaml")):
            text = part.read_text().replace(PLACE, str(place))
            made.writestr(f"dashboard/{part.relative_to(HERE / 'dashboard')}", text)
    return file


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("superset")
    (folder / "superset_config.py").write_text(CONFIG.format(home=folder))
    shutil.copy(PUBLISHED, folder / "leadsignal.duckdb")
    return folder


@pytest.fixture(scope="module")
def app(home: Path) -> Iterator[Any]:
    os.environ["SUPERSET_CONFIG_PATH"] = str(home / "superset_config.py")
    os.environ["SUPERSET_HOME"] = str(home)
    os.environ["FLASK_APP"] = "superset"
    os.environ["SCARF_ANALYTICS"] = "false"
    superset = str(Path(sys.executable).with_name("superset"))
    dashboard = str(bundle(home / "leadsignal.duckdb", home / "dashboard.zip"))
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
    with duckdb.connect() as con:
        con.execute(f"attach '{file}' as published (read_only)")
        return con.execute("""
            select (select sum(leads) from published.marts.lead_quality_by_source),
                (select sum(won) + sum(lost) from published.marts.win_rate_by_source)
        """).fetchall()[0]


def test_every_chart_has_data_that_is_the_file_s(app: Any, home: Path) -> None:
    found = charts(app)
    assert found.keys() == {"Does volume bring fit?", "Which sources win?", "Why do leads fail?"}
    leads, closed = sums(home / "leadsignal.duckdb")
    assert sum(row["leads_captured"] for row in found["Does volume bring fit?"]) == leads
    assert sum(row["closed_deals"] for row in found["Which sources win?"]) == closed
    assert all(0 <= row["fit_rate"] <= 1 for row in found["Does volume bring fit?"])
    assert found["Why do leads fail?"]


def test_publishing_underneath_fails_no_query_and_is_seen(app: Any, home: Path) -> None:
    published, other = home / "leadsignal.duckdb", home / "other.duckdb"
    shutil.copy(published, other)
    with duckdb.connect(str(other)) as con:
        con.execute("update marts.lead_quality_by_source set leads = leads * 2")
    twice = sums(other)[0]
    done = threading.Event()

    def publish() -> None:
        while not done.wait(0.2):
            new = home / "new.duckdb"
            shutil.copy(other, new)
            os.replace(new, published)

    publisher = threading.Thread(target=publish)
    publisher.start()
    try:
        answers = [charts(app)["Does volume bring fit?"] for _ in range(5)]
    finally:
        done.set()
        publisher.join()
    answers.append(charts(app)["Does volume bring fit?"])
    seen = [sum(row["leads_captured"] for row in rows) for rows in answers]
    assert set(seen) <= {twice / 2, twice}
    assert seen[-1] == twice

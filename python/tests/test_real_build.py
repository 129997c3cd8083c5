import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest
from builds import ROOT
from leadsignal import demo, history, warehouse

LEADSIGNAL = Path(sys.executable).with_name("leadsignal")
NO_NETWORK = Path(__file__).parent / "no_network"


class Warehouse:
    """The project's own command line on a small demo CRM, in a warehouse of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "warehouse"
        self.raw = folder / "crm"
        self.published = self.folder / "leadsignal.duckdb"
        self.connections = folder / "connections.log"
        demo.write(self.raw, 150)

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        env = {name: value for name, value in os.environ.items() if "LEADSIGNAL" not in name}
        return subprocess.Popen(
            [LEADSIGNAL, *arguments],
            cwd=ROOT,
            env=env
            | {"LEADSIGNAL_WAREHOUSE": str(self.folder), "LEADSIGNAL_RAW": str(self.raw)}
            | self.without_network(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def without_network(self) -> dict[str, str]:
        """What forbids and writes down every connection of a Python process and its children."""
        path = os.pathsep.join([str(NO_NETWORK), *filter(None, [os.environ.get("PYTHONPATH")])])
        return {"PYTHONPATH": path, "LEADSIGNAL_TEST_CONNECTIONS": str(self.connections)}

    def run(self, *arguments: str) -> str:
        process = self.start(*arguments)
        out, err = process.communicate(timeout=240)
        assert process.returncode == 0, err
        return out

    def lose_a_lead(self) -> str:
        """Take the row of the newest published lead out of the CRM; its key."""
        con = warehouse.open_published(self.published)
        [(key,)] = con.execute("select max_by(lead_id, created_at) from fct_leads").fetchall()
        con.close()
        file = self.raw / "salesforce" / "lead.csv"
        with file.open(encoding="utf-8", newline="") as stream:
            header, *rows = csv.reader(stream)
        place = header.index("id")
        with file.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerows([header, *(row for row in rows if not key.endswith(row[place]))])
        return str(key)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    made = Warehouse(tmp_path_factory.mktemp("real"))
    out = made.run("build", "--as-of", demo.AS_OF)
    assert out.endswith(f"Tables: {made.published}\n")
    return made


def test_published_story_is_what_the_story_command_tells(built: Warehouse) -> None:
    told, of_build = (built.folder / "story.md").read_text().rsplit("\n\n", 1)
    assert built.run("story") == f"{told}\n"
    assert of_build.startswith("Build 20")


def test_published_report_is_of_the_published_set(built: Warehouse) -> None:
    page = (built.folder / "report.html").read_text()
    con = warehouse.open_published(built.published)
    [(build_id,)] = con.execute("select build_id from publication").fetchall()
    con.close()
    assert f"<dd>{build_id}</dd>" in page
    assert "rules that could be judged hold" in page
    assert built.run("report", "--out", "-") == page


def test_published_set_has_every_lead_of_the_crm(built: Warehouse) -> None:
    con = warehouse.open_published(built.published)
    row = con.execute(
        "select (select count(*) from fct_leads), sum(used_rows) from row_accounting "
        "where raw_table = 'lead'"
    ).fetchone()
    con.close()
    assert row is not None
    assert row[0] == row[1] > 100


def test_build_needs_no_network(built: Warehouse) -> None:
    assert not built.connections.exists()
    call = "import socket; socket.create_connection(('127.0.0.1', 9))"
    env = os.environ | built.without_network()
    control = subprocess.run([sys.executable, "-c", call], env=env, capture_output=True, text=True)
    assert "there is no network in this test" in control.stderr
    assert built.connections.read_text().startswith("socket.getaddrinfo")
    built.connections.unlink()


@pytest.mark.slow
def test_killed_build_changes_nothing_and_the_next_one_works(built: Warehouse) -> None:
    content = built.published.read_bytes()
    process = built.start("build", "--as-of", demo.AS_OF)
    assert process.stderr is not None
    while " model fct_" not in process.stderr.readline():
        assert process.poll() is None
    process.kill()
    process.communicate()
    assert built.published.read_bytes() == content
    built.run("scorecard")
    lost = built.lose_a_lead()
    out = built.run("build", "--as-of", demo.AS_OF)
    assert built.published.read_bytes() != content
    assert "Warning: Every lead that is published now is still in the CRM's tables" in out
    assert "Not so: 1 of " in out
    assert f"<li>{lost}</li>" in (built.folder / "audit.html").read_text()
    con = warehouse.open_published(built.published)
    first = con.execute("select build_id from scorecard_history where build_number = 1").fetchone()
    assert first is not None
    found = history.changed(con, first[0])
    con.close()
    gone = [row for row in found.rows.to_pylist() if row["cause"] == "merged or deleted"]
    assert {row["id"] for row in gone} == {lost}
    assert {row["metric"] for row in gone} >= {"lead_volume", "icp_fit_rate"}
    for number in found.numbers:
        assert sum(cause.numerator for cause in number.causes) == pytest.approx(number.numerator)
        assert "metric or setting changed" not in {cause.cause for cause in number.causes}

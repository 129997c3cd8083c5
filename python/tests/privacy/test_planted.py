"""A secret in every cell of text of four CRMs: none of them is anywhere after a whole build."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from builds import ROOT
from dbt_process import run_dbt_command
from leadsignal import alerts, cli, explain, warehouse
from leadsignal.questions import QUESTIONS
from leadsignal.run_record import RunRecord

from . import marks
from .planted_crms import AS_OF, Planter, tables

pytestmark = pytest.mark.slow

ALLOWED = {"build/work.duckdb"}
COMMANDS = [
    ["doctor"],
    ["scorecard"],
    ["scorecard", "--by", "campaign", "--format", "json"],
    ["scorecard", "--by", "owner", "--format", "csv"],
    *(["story", "--audience", who] for who in ("leadership", "marketing", "sales")),
    ["story", "--trace"],
    *(["report", "--format", form, "--out", "-"] for form in ("html", "md", "json")),
    *(["ask", question, "--format", "json"] for question in QUESTIONS),
    *(["query", "--metrics", "leads", "--by", by] for by in ("campaign", "owner", "offer")),
    ["query", "--metrics", "opportunities", "--by", "stage", "--format", "csv"],
    ["diagnose"],
    ["alarms"],
    ["changed", "--since", "2026-01-01"],
    ["build", "--raw", "/nowhere"],
]


class Planted:
    """The built CRMs: marks, folders, and what the build printed."""

    def __init__(self, folder: Path) -> None:
        planter = Planter()
        planter.plant(folder / "raw")
        self.marks = planter.marks
        self.warehouse = folder / "warehouse"
        self.published = self.warehouse / "leadsignal.duckdb"
        self.raw = folder / "raw"
        self.environment = {
            "LEADSIGNAL_WAREHOUSE": str(self.warehouse),
            "LEADSIGNAL_RAW": str(self.raw),
            "LEADSIGNAL_AS_OF": AS_OF,
        }
        self.done = subprocess.run(
            [sys.executable, "-c", "from leadsignal import cli; cli.main()", "build", "--json"],
            cwd=ROOT,
            env=os.environ | self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def record(self) -> dict[str, Any]:
        record: dict[str, Any] = json.loads(self.done.stdout)
        return record


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    made = Planted(tmp_path_factory.mktemp("planted"))
    assert made.done.returncode == 0, made.done.stderr
    return made


@pytest.fixture
def connection(planted: Planted) -> Iterator[Any]:
    con = warehouse.open_published(planted.published)
    yield con
    con.close()


@pytest.fixture
def run(
    planted: Planted, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Callable[..., bytes]:
    """`run(*arguments)`: the command's output and errors."""
    for name, value in planted.environment.items():
        monkeypatch.setenv(name, value)

    def command(*arguments: str) -> bytes:
        with pytest.raises(SystemExit):
            cli.main(list(arguments))
        out, err = capfdbinary.readouterr()
        return out + err

    return command


def test_secrets_are_read(planted: Planted) -> None:
    """Else nothing would be proved: persons' columns are in the work database."""
    read = marks.in_text((planted.warehouse / "build" / "work.duckdb").read_bytes())
    columns = {planted.marks[mark] for mark in read if mark in planted.marks}
    assert {
        *("salesforce.lead.email", "salesforce.lead.last_name", "hubspot.contact.jobtitle"),
        *("pipedrive.persons.first_name", "generic.leads.pain", "generic.leads.email"),
    } <= columns


def test_every_layout_has_leads_deals_and_rows_that_cannot_be_used(connection: Any) -> None:
    rows = connection.execute("""
        select crm, count(distinct fct_leads.lead_id), count(distinct deals.opportunity_id)
        from fct_leads full join fct_opportunities as deals using (crm)
        group by crm order by crm
    """).fetchall()
    assert [row[0] for row in rows] == [
        "generic", "hubspot", "hubspot_forms", "pipedrive", "salesforce",
    ]  # fmt: skip
    assert all(leads > 10 and deals > 3 for _, leads, deals in rows), rows
    reasons = connection.execute("select distinct reason from quarantined_rows").fetchall()
    assert {"created_date is not a time", "createdate is not a time"} <= {one for (one,) in reasons}


def test_masked_values_are_counted_and_named_by_their_kind(connection: Any) -> None:
    found = connection.execute("select distinct field, raw_value from unmapped_values").fetchall()
    for kind in ("(e-mail address)", "(phone number)", "(long text)"):
        fields = {field for field, value in found if value == kind}
        assert fields >= {"lead source", "lead status", "country", "disqualification reason"}


def test_no_column_of_a_published_table_has_a_secret(planted: Planted) -> None:
    assert marks.in_tables(planted.published) == []


def test_no_file_that_stays_has_a_secret_but_the_work_database(planted: Planted) -> None:
    assert set(marks.in_files(planted.warehouse)) == ALLOWED


def test_nothing_that_the_build_said_has_a_secret(planted: Planted) -> None:
    assert not marks.in_text(planted.done.stdout + planted.done.stderr)
    record = RunRecord()
    record.__dict__.update(planted.record)
    message = alerts.message(record)
    assert message
    assert not marks.in_text(message)


def test_work_place_is_for_nobody_but_its_owner(planted: Planted) -> None:
    work = planted.warehouse / "build"
    assert work.stat().st_mode & 0o777 == 0o700
    for name in ("work.duckdb", "target/run_results.json", "logs/dbt.log", "audit/audit.json"):
        assert (work / name).stat().st_mode & 0o077 == 0, name
    assert planted.published.stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_no_command_tells_a_secret(run: Callable[..., bytes], arguments: list[str]) -> None:
    said = run(*arguments)
    assert said
    assert not marks.in_text(said)


def test_no_lead_is_explained_by_a_secret(connection: Any) -> None:
    leads = connection.execute("select lead_id from fct_leads").fetchall()
    told = "\n".join(explain.explain(connection, lead).render() for (lead,) in leads)
    assert told.count("Owner ") == len(leads)
    assert not marks.in_text(told)


def test_page_of_dbt_docs_has_no_secret(planted: Planted, tmp_path: Path) -> None:
    environment = os.environ | planted.environment
    environment |= {"LEADSIGNAL_WORK": str(planted.warehouse / "build"), "DO_NOT_TRACK": "1"}
    command = ["docs", "generate", "--static", "--quiet"]
    command += ["--target-path", str(tmp_path), "--log-path", str(tmp_path / "logs")]
    done = run_dbt_command(command, ROOT, environment)
    assert done.returncode == 0, done.stdout
    assert (tmp_path / "static_index.html").stat().st_size > 100_000
    assert not marks.in_files(tmp_path)


def test_every_column_of_text_is_planted(planted: Planted) -> None:
    """A column that is added to the sources' YAML is looked for as well."""
    planted_columns = set(planted.marks.values())
    for layout in ("salesforce", "hubspot", "pipedrive", "generic"):
        for table, columns in tables(layout).items():
            for column, kind in columns.items():
                if kind in ("picklist", "label", "company"):
                    assert f"{layout}.{table}.{column}" in planted_columns

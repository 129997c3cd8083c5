"""What a build would change, and by what, without publishing: two real builds side by side."""

import csv
import json
import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
import pytest
from builds import ROOT
from leadsignal import demo

pytestmark = pytest.mark.slow
LEADSIGNAL = Path(sys.executable).with_name("leadsignal")
COPIED = ("models", "macros", "seeds", "tests", "analyses")
OLD = "icp_employees_at_least,employees,at_least,50,2000-01-01,"
NEW = "icp_employees_at_least,employees,at_least,500,2000-01-01,"


class Project:
    """A copy of the project with a small CRM, whose definitions and rows can be changed."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.raw, self.warehouse = folder / "p", folder / "raw", folder / "warehouse"
        for name in COPIED:
            shutil.copytree(ROOT / name, self.folder / name)
        for name in ("dbt_project.yml", "profiles.yml"):
            shutil.copy(ROOT / name, self.folder)
        demo.write(self.raw, 60)

    def run(self, *arguments: str) -> str:
        env = {name: value for name, value in os.environ.items() if "LEADSIGNAL" not in name}
        own = {"LEADSIGNAL_WAREHOUSE": str(self.warehouse), "LEADSIGNAL_RAW": str(self.raw)}
        result = subprocess.run(
            [LEADSIGNAL, *arguments, "--as-of", demo.AS_OF],
            cwd=self.folder,
            env=env | own,
            capture_output=True,
            text=True,
            timeout=600,
        )
        assert result.returncode == 0, result.stderr
        return result.stdout

    def fit_only_large_companies(self) -> None:
        file = self.folder / "seeds" / "definition" / "icp_criteria.csv"
        text = file.read_text()
        assert OLD in text
        file.write_text(text.replace(OLD, NEW))

    def delete(self, lead_id: str) -> None:
        file = self.raw / "salesforce" / "lead.csv"
        with file.open(newline="") as stream:
            rows = list(csv.DictReader(stream))
        for row in rows:
            row["is_deleted"] = "true" if lead_id.endswith(row["id"]) else row["is_deleted"]
        with file.open("w", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)

    @property
    def seen(self) -> dict[str, str]:
        """What readers of the warehouse see."""
        files = [file for file in self.warehouse.iterdir() if file.is_file()]
        return {file.name: sha256(file.read_bytes()).hexdigest() for file in files}

    def published(self, sql: str) -> list[Any]:
        with duckdb.connect() as con:
            con.execute(f"attach '{self.warehouse / 'leadsignal.duckdb'}' as set (read_only)")
            con.execute("use set.marts")
            return con.execute(sql).fetchall()


def test_a_preview_tells_definitions_from_data_and_publishes_nothing(tmp_path: Path) -> None:
    project = Project(tmp_path)
    first = json.loads(project.run("build", "--json"))
    before = project.seen
    [(deleted,)] = project.published(
        "select min(lead_id) from fct_leads where fit_verdict = 'pass' and sales_decision is null"
    )
    project.delete(deleted)
    project.fit_only_large_companies()
    record = json.loads(project.run("build", "--preview", "--json"))
    assert project.seen == before
    assert not list((project.warehouse / "preview").rglob("*.duckdb*"))
    assert (record["status"], record["exit_status"]) == ("previewed", 0)
    found = record["preview"]
    assert found["against"]["build_id"] == first["build_id"]
    assert [(one["change"], one["row"]["value"]) for one in found["definitions"]] == [
        ("removed", "50"),
        ("added", "500"),
    ]
    by_definitions, by_data = found["parts"]
    assert by_definitions["cause"] == "the definitions"
    assert by_data["cause"] == "data and time"
    moved = {(one["column"], one["was"], one["now"]): one for one in by_definitions["verdicts"]}
    [(small,)] = project.published(
        "select count(*) from fct_leads join fct_lead_verdicts using (lead_id)"
        " where fct_leads.fit_verdict = 'pass' and company_size in ('50-249', '250-999')"
    )
    assert 0 < moved["fit_verdict", "pass", "fail"]["leads"] <= small
    causes = {cause["cause"] for number in by_definitions["numbers"]["numbers"]
              for cause in number["causes"] if cause["rows"]}  # fmt: skip
    assert causes == {"rule changed"}
    [gone] = by_data["verdicts"]
    assert (gone["column"], gone["examples"]) == ("lead", [deleted])

    told = project.run("build", "--preview")
    assert told.startswith("Nothing was published.\nWhat a build as of ")
    assert "\nBy the definitions:\n" in told
    assert "\nBy data and time:\n" in told

    # What was previewed comes true.
    project.run("build")
    [(large,)] = project.published(
        "select count(*) from definition_history where build_number = 2 and change = 'added'"
    )
    assert large == 1
    [(failed,)] = project.published(
        "select count(*) from lead_versions join fct_leads using (lead_id)"
        " where lead_versions.fit_verdict = 'pass' and fct_leads.fit_verdict = 'fail'"
    )
    assert failed == moved["fit_verdict", "pass", "fail"]["leads"]

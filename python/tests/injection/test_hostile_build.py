"""A whole build of a CRM, definitions, folders and paths whose every name is an attack."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from builds import ROOT
from leadsignal import warehouse

from .payloads import EVERY, OBEYED
from .test_outputs import Elements, assert_plain_markdown

pytestmark = pytest.mark.slow

AS_OF = "2026-10-31"
TEXTS = [text for text in EVERY if "\x00" not in text]
"""No loader writes the character zero."""
DEFINED = {place: text for place, text in enumerate(TEXTS) if not text.startswith("=")}
"""What a definition may hold: a formula is refused."""
CRM = "salesforce it's {{ 7 * 7 }}"
SEEDS: dict[str, list[dict[str, str]]] = {
    "definition/lead_sources": [
        {"raw_value": f"Seeded {place}", "source": text, "channel": "x", "demand_type": "paid"}
        for place, text in DEFINED.items()
    ],
    "definition/offers": [
        {"phrase": f"offer {place} {text}", "intent": "buying"} for place, text in DEFINED.items()
    ],
    "definition/job_titles": [
        {"phrase": f"title {place} {text}", "authority": "influencer", "match_order": "9"}
        for place, text in DEFINED.items()
    ],
    "definition/noise_rules": [
        {"rule_id": f"noise {place} {text}", "noise_class": "vendor", "field": "company"}
        | {"operator": "equals", "value": f"vendor {text}"}
        for place, text in DEFINED.items()
    ],
    "definition/holidays": [
        {"holiday_on": str(date(2025, 1, 1) + timedelta(days=place)), "name": text}
        for place, text in DEFINED.items()
    ],
}


def write_crm(folder: Path) -> None:
    """Two leads for each text: one bears it as its source, one a name that the seeds map to it."""
    leads, members, campaigns, deals, accounts = [], [], [], [], []
    for place, text in enumerate(TEXTS):
        day = f"2026-10-{1 + place % 28:02d} 09:00:00"
        person = [f"jane{place}@example.org", text, text, text, text, text]
        leads.append([f"L{place}", day, "Unqualified", text, *person, text, f"O{place}"])
        leads.append(
            [f"M{place}", day, text, f"Seeded {place}", f"m{person[0]}", *person[1:], text, ""]
        )
        campaigns.append([f"C{place}", text, text])
        members.append([f"CM{place}", f"C{place}", f"L{place}", text, "true", day])
        accounts.append([f"A{place}", text, text, text])
        deals.append(
            [f"O{place}", f"A{place}", f"C{place}", text, day, "2026-12-01", text, text, text]
        )
    tables = {
        "lead": (
            "id,created_date,status,lead_source,email,first_name,last_name,company,title,industry,"
            "disqualification_reason_c,converted_opportunity_id",
            leads,
        ),
        "campaign": ("id,name,type", campaigns),
        "campaign_member": (
            "id,campaign_id,lead_id,status,has_responded,created_date",
            members,
        ),
        "account": ("id,name,industry,billing_country", accounts),
        "opportunity": (
            "id,account_id,campaign_id,lead_source,created_date,close_date,stage_name,next_step,"
            "loss_reason_c",
            deals,
        ),
    }
    folder.mkdir(parents=True)
    for name, (header, rows) in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL)
            writer.writerows([header.split(","), *rows])


def write_project(folder: Path) -> None:
    """The project with SEEDS added to its own."""
    for name in ("models", "macros", "seeds", "tests"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(ROOT / name, folder / name)
    for seed, rows in SEEDS.items():
        file = folder / "seeds" / f"{seed}.csv"
        columns = next(csv.reader(file.open(encoding="utf-8", newline="")))
        dated = {"valid_from": "2000-01-01"} if "valid_from" in columns else {}
        with file.open("a", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(
                stream, columns, restval="", lineterminator="\n", quoting=csv.QUOTE_ALL
            )
            writer.writerows(row | dated for row in rows)


class Hostile:
    """The folders, the build and what it said."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "it's {{ 7 * 7 }} [a-z]* $(touch pwned)"
        write_crm(self.folder / "raw" / CRM)
        write_project(self.folder / "project")
        self.warehouse = self.folder / "ware \"house\" '' $HOME"
        self.done = subprocess.run(
            [sys.executable, "-c", "from leadsignal import cli; cli.main()", "build"],
            cwd=self.folder / "project",
            env=os.environ
            | {
                "LEADSIGNAL_RAW": str(self.folder / "raw"),
                "LEADSIGNAL_WAREHOUSE": str(self.warehouse),
                "LEADSIGNAL_AS_OF": AS_OF,
            },
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Hostile:
    made = Hostile(tmp_path_factory.mktemp("hostile"))
    assert made.done.returncode == 0, made.done.stderr
    return made


@pytest.fixture
def con(hostile: Hostile) -> Iterator[Any]:
    con = warehouse.open_published(hostile.warehouse / "leadsignal.duckdb")
    yield con
    con.close()


def trimmed(text: str) -> str:
    return text.strip(" \t\r\n")


def test_every_source_is_its_text_raw_and_mapped(con: Any) -> None:
    rows = dict(con.execute("select lead_id, source_raw from fct_leads").fetchall())
    assert rows == {
        f"{CRM}:{letter}{place}": (trimmed(text) if letter == "L" else f"Seeded {place}")
        for place, text in enumerate(TEXTS)
        for letter in "LM"
    }
    mapped = con.execute("select lead_id, source from fct_leads where source <> 'unknown'")
    sources = {trimmed(text) for text in DEFINED.values()}
    assert {trimmed(source) for _, source in mapped.fetchall()} == sources


@pytest.mark.parametrize(
    "sql",
    [
        "select campaign from dim_campaigns",
        "select company_name from dim_companies",
        "select stage from fct_opportunities",
        "select disqualification_reason_raw from fct_leads",
        "select raw_value from unmapped_values where field = 'lead source'",
        "select raw_value from unmapped_values where field = 'lead status'",
    ],
)
def test_every_name_is_its_text(con: Any, sql: str) -> None:
    names = {name for (name,) in con.execute(sql).fetchall()}
    undefined = {f"Seeded {place}" for place in range(len(TEXTS)) if place not in DEFINED}
    assert names - undefined == {trimmed(text) for text in TEXTS}


def test_tables_are_those_of_any_build(con: Any) -> None:
    files = (ROOT / "models" / "marts").rglob("*.sql")
    models = {file.stem.removeprefix("published_") for file in files}
    tables = con.execute("select table_name from information_schema.tables").fetchall()
    names = {name for (name,) in tables}
    assert names >= models
    assert not any("pwned" in name.lower() for name in names)


def test_no_file_was_written_by_a_name(hostile: Hostile) -> None:
    """Compiled SQL and the like hold what it was called; no file is called by it."""
    assert not list(hostile.folder.rglob("*pwned*"))
    assert not list(hostile.folder.parent.glob("pwned*"))


def test_terminal_got_nothing_to_obey(hostile: Hostile) -> None:
    assert not set(hostile.done.stdout + hostile.done.stderr) & set(OBEYED)
    assert not any(line.startswith("PWNED") for line in hostile.done.stdout.splitlines())


def test_story_and_pages_have_no_markup_of_the_crm(hostile: Hostile) -> None:
    assert_plain_markdown((hostile.warehouse / "story.md").read_text(encoding="utf-8"))
    for name in ("report.html", "audit.html"):
        elements = Elements((hostile.warehouse / name).read_text(encoding="utf-8"))
        assert elements.names.count("head") == elements.names.count("body") == 1
        assert not {"img", "iframe", "object", "embed", "base"} & set(elements.names)
        assert not any(attribute.startswith("on") for attribute in elements.attributes)

"""What the README of each example says, done in a copy of the project: numbers and all."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from builds import ROOT
from leadsignal import demo

pytestmark = pytest.mark.slow  # whole builds from end to end
PROJECT = ("models", "macros", "seeds", "tests", "analyses", "dbt_project.yml", "profiles.yml")
BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
ANY_CRM = ROOT / "examples" / "any-crm" / "README.md"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's files beside a copy of the examples."""
    folder = tmp_path_factory.mktemp("project")
    for name in PROJECT:
        (folder / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "examples", folder / "examples", ignore=shutil.ignore_patterns("raw"))
    return folder


def run(commands: str, project: Path) -> str:
    """The output of the last command of a block; every one of them must succeed."""
    kept = {name: value for name, value in os.environ.items() if "LEADSIGNAL" not in name}
    path = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
    warehouse = str(project / "warehouse")
    result = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        cwd=project,
        env=kept | {"PATH": path, "LEADSIGNAL_WAREHOUSE": warehouse, "DO_NOT_TRACK": "1"},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, f"{commands}\n{result.stdout}\n{result.stderr[-4000:]}"
    return result.stdout


def test_the_any_crm_example_does_what_its_readme_says(project: Path) -> None:
    said: list[str] = []
    output = ""
    for language, block in BLOCK.findall(ANY_CRM.read_text(encoding="utf-8")):
        if language == "sh":
            output = run(block, project)
        else:
            said.append(block)
            assert output.endswith(block), output
    assert len(said) == 2


def test_the_build_names_the_words_that_the_readme_names(project: Path) -> None:
    story = run("leadsignal doctor --raw examples/any-crm/raw || true", project)
    text = ANY_CRM.read_text(encoding="utf-8")
    for word in ("Messe", "On hold"):
        assert f"`{word}`" in text
        assert f"'{word}'" in story


def test_cron_line_builds_and_adds_its_run_record(project: Path) -> None:
    """The crontab's own line, as cron runs it: by sh, with cron's bare environment."""
    crontab = (ROOT / "examples" / "cron" / "crontab").read_text(encoding="utf-8")
    _, line = crontab.strip().rsplit("\n", 1)
    command = line.split(maxsplit=5)[5].replace("/opt/leadsignal", str(project))
    assert "%" not in command  # cron would take it for the end of a line
    (project / ".venv").mkdir()
    (project / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
    demo.write(project / "raw", 40)
    (project / "warehouse").mkdir(exist_ok=True)
    (project / "alert.env").write_text("export LEADSIGNAL_AS_OF=2026-10-31\n", encoding="utf-8")
    result = subprocess.run(
        ["sh", "-c", command],
        env={"HOME": str(project), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    [record] = (project / "warehouse" / "runs.jsonl").read_text(encoding="utf-8").splitlines()
    told = json.loads(record)
    assert (told["status"], told["as_of"]) == ("published", "2026-10-31 23:59:59")

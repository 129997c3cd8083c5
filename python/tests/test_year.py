"""A week of the simulated year: an edit, a kill, a refusal, a second CRM, an outage, new rules."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from builds import ROOT
from year import crm
from year.edits import KINDS
from year.place import Place
from year.plan import PLANS, PUBLISHED, WEEK, YEAR


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = Place(tmp_path_factory.mktemp("year"), YEAR)
    place.draw()
    return place


def test_a_crm_is_seen_as_it_stood(place: Place) -> None:
    early, late = (
        crm.standing(place.whole, night.day) for night in (YEAR.nights()[0], YEAR.nights()[-1])
    )
    assert len(early["lead"]) < len(late["lead"])
    told = {row["id"]: row for row in early["lead"]}
    end = f"{YEAR.first} 23:59:59"
    for row in late["lead"]:
        assert (row["id"] in told) == (row["created_date"] <= end)
    assert all(row["converted_date"] <= end for row in told.values())
    open_ones = [row for row in early["opportunity"] if row["is_closed"] == "false"]
    assert all(not row["loss_reason_c"] for row in open_ones)
    assert {row["is_deleted"] for row in place.whole["lead"]} <= {"true", "false"}


def test_some_rows_are_loaded_late(place: Place) -> None:
    late = set()
    for night in YEAR.nights():
        end = f"{night.day} 23:59:59"
        there = {row["id"] for row in crm.standing(place.whole, night.day)["task"]}
        due = {row["id"] for row in place.whole["task"] if row["created_date"] <= end}
        assert there <= due
        late |= due - there
    assert 0 < len(late) < len(place.whole["task"]) / 5


def test_everything_happens_in_the_first_hundred_nights(place: Place) -> None:
    hundred = YEAR.nights()[:100]
    assert {night.expected for night in hundred} == {
        "published",
        "refused",
        "failed",
        "killed",
        "no run",
    }
    assert {night.killed_at for night in hundred} > {"Auditing", "Publishing"}
    assert any(night.rule and night.rule.is_in_place for night in hundred)
    assert sum(night.rule is not None for night in hundred) == 5
    assert any(night.loaded < night.day for night in hundred)
    assert {night.has_second for night in hundred} == {True, False}
    causes = {edit.cause for edit in place.edits if edit.noticed <= 100}
    assert len(causes) == 6
    for night in YEAR.nights():
        noticed = [edit for edit in place.edits if edit.noticed == night.number]
        assert night.expected == PUBLISHED or not noticed
    assert {here.edit for here in YEAR.happenings.values() if here.edit} == {*KINDS, "amount"}


@pytest.mark.parametrize("name", PLANS)
def test_every_rule_can_be_written(tmp_path: Path, name: str) -> None:
    place = Place(tmp_path, PLANS[name])
    place.begin()
    place.define(place.nights[-1])
    for night in place.nights:
        if night.rule:
            seed = f"seeds/definition/{night.rule.seed}.csv"
            assert (place.project / seed).read_text() != (ROOT / seed).read_text()


@pytest.mark.slow
def test_a_week_ends_where_one_build_ends(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "year", "--plan", "week", "--folder", str(tmp_path)],
        cwd=ROOT / "python",
        env=os.environ | {"PYTHONPATH": str(ROOT / "python")},
        capture_output=True,
        text=True,
        timeout=1200,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert "8 nights: 5 published, 1 killed, 1 refused, 1 no run" in result.stdout
    diary = [json.loads(file.read_text()) for file in sorted((tmp_path / "diary").iterdir())]
    assert [entry["status"] for entry in diary] == [night.expected for night in WEEK.nights()]
    assert all(entry["moved"] for entry in diary if entry["number"] in (2, 7))

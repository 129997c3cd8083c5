"""What python/faults looks for is found, and a few of its faults on a small project."""

import os
import random
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from faults import kills, sets
from faults.page import page
from faults.results import Results
from faults.site import Crm, Run, Site, Stopped
from faults.trials import Known, Place, Trial, ill_said, mixtures
from leadsignal import warehouse
from mini_project import MiniProject

STEPS = {
    "Building the tables": 2.0,
    "Keeping what was reported": 16.0,
    "Auditing": 19.0,
    "Writing the story and the report": 24.0,
    "Publishing": 27.0,
    "end": 27.1,
}


def written(file: Path, build: str, leads: int, reported: tuple[str, ...]) -> sets.Published:
    """A published set of two tables and a history."""
    with duckdb.connect() as con:
        con.execute(f"attach {warehouse.quoted(file)} as leadsignal (storage_version 'v1.0.0')")
        con.execute("create schema leadsignal.marts; use leadsignal.marts")
        con.execute(
            "create table publication as select ? as build_id, now() as built_at,"
            " timestamp '2026-10-31' as as_of",
            [build],
        )
        con.execute("create table fct_leads as select range as lead_id from range(?)", [leads])
        con.execute("create table scorecard_history as select unnest(?) as build_id", [reported])
    return sets.read(file)


@pytest.fixture
def first(tmp_path: Path) -> sets.Published:
    return written(tmp_path / "first.duckdb", "one", 60, ("one",))


def test_same_rows_in_another_order_are_the_same() -> None:
    with duckdb.connect() as con:
        con.execute("create table up as from range(9); create table down as from range(8, -1, -1)")
        assert sets.digest(con, "up") == sets.digest(con, "down")
        con.execute("insert into down values (8)")
        assert sets.digest(con, "up") != sets.digest(con, "down")


def test_set_of_a_known_crm_with_its_history_is_whole(
    first: sets.Published, tmp_path: Path
) -> None:
    second = written(tmp_path / "second.duckdb", "two", 60, ("one", "two"))
    assert sets.faults_of(second, first, {"crm": first.content}) == []


def test_table_of_another_build_is_a_mixture(first: sets.Published, tmp_path: Path) -> None:
    second = written(tmp_path / "second.duckdb", "two", 61, ("one", "two"))
    [line] = sets.faults_of(second, first, {"crm": first.content})
    assert line.startswith("fct_leads has 61 rows")


def test_history_of_a_build_that_was_never_shown_is_a_fault(
    first: sets.Published, tmp_path: Path
) -> None:
    second = written(tmp_path / "second.duckdb", "two", 60, ("one", "killed", "two"))
    [line] = sets.faults_of(second, first, {"crm": first.content})
    assert line.startswith("scorecard_history has 2 rows")


def test_reading_that_no_set_has_is_told() -> None:
    exact = {"one": {"fct_leads": "60 rows"}}
    seen = [("one", "fct_leads", "60 rows"), ("one", "fct_leads", "61 rows"), ("two", "x", "")]
    assert mixtures(seen, exact) == [
        "a reader saw fct_leads with 61 rows in build one",
        "a reader saw x with  in build two",
    ]


def test_half_of_the_kills_come_after_dbt_and_all_within_the_build() -> None:
    moments = [kills.moment(random.Random(number), STEPS) for number in range(400)]
    late = sum(step in list(STEPS)[1:] for step, _ in moments)
    assert 0.6 < late / len(moments) < 0.8  # half of all, and what falls there of the others
    for step, seconds in moments:
        assert 0 <= STEPS.get(step, 0) + seconds <= STEPS["end"]


def test_interrupted_run_goes_on_after_its_last_whole_line(tmp_path: Path) -> None:
    file = tmp_path / "results.jsonl"
    Results(file).keep(Trial("kill", "001", next_run="published"))
    with file.open("a") as lines:
        lines.write('{"fault": "kill", "case": "00')
    again = Results(file)
    assert (again.has("kill", "001"), again.has("kill", "002")) == (True, False)
    again.keep(Trial("kill", "002", next_run="published"))
    assert [trial.case for trial in Results(file).trials] == ["001", "002"]
    again.forget(lambda trial: trial.case == "001")
    assert [trial.case for trial in Results(file).trials] == ["002"]


def test_page_counts_and_names_what_was_not_survived() -> None:
    good = Trial("kill", "001", "1.00 s after 'Auditing'", next_run="published", readings=40)
    bad = Trial("raw", "cut", ended="exit 0 in '/tmp/x/lead.csv'", next_run="published")
    locked = Trial("second", "refused", ended="exit 4: process 7 of eva on pc, since 20 UTC. Wait.")
    bad.wrong.append("fct_leads has 61 rows and not 60 rows")
    told = page([good, good, bad, locked])
    assert "| kill | 2 | 2 | 0 | 80 | 0 | 2 | 0 |" in told
    assert "| raw | 1 | 0 | 0 | 0 | 0 | 1 | 0 |" in told
    assert "- raw, cut (): fct_leads has 61 rows and not 60 rows" in told
    assert "| refused | exit 4: process PID of USER on HOST, since TIME UTC. Wait. |" in told
    assert "Not run yet: boundary, child, stop, disk, readers, clock, postgres." in told
    assert "| cut | exit 0 in 'lead.csv' | the set before | NO |" in told


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The small project, with two CRMs that tell their builds apart."""
    mini = MiniProject(tmp_path_factory.mktemp("mini"))
    folder = tmp_path_factory.mktemp("site")
    crms = []
    for name in ("one", "two"):
        raw = folder / name
        (raw / "salesforce").mkdir(parents=True)
        (raw / "salesforce" / "lead.csv").write_text("id\n1\n")
        crms.append(Crm(name, raw))
    paths = os.pathsep.join([str(mini.folder / "fakes"), os.environ.get("PYTHONPATH", "")])
    site = Site(
        folder,
        project=mini.folder,
        command=(sys.executable, "fakes/mini.py"),
        env={"PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    made = Place(site, crms, Known())
    made.begin()
    return made


def strikes() -> Iterator[tuple[str, kills.Strike]]:
    yield "at random", kills.after("Building the tables", 1.5)
    for step in ("Auditing", "Writing the story and the report", "Publishing"):
        yield step, kills.after(step, 0)


@pytest.mark.slow
@pytest.mark.parametrize(("case", "strike"), list(strikes()))
def test_killed_build_is_survived(place: Place, case: str, strike: kills.Strike) -> None:
    trial = Trial("kill", case)
    assert place.strike(trial, strike), trial.ended
    assert trial.ended.startswith("signal 9"), trial.ended
    assert trial.readings > 0
    assert trial.is_survived, trial


@pytest.mark.slow
def test_harm_that_is_not_survived_is_noticed(place: Place) -> None:
    def scribble(run: Run) -> str:
        run.until_step("Auditing")
        changed = place.site.folder / "changed.duckdb"
        shutil.copy(place.site.published, changed)
        with duckdb.connect(changed) as con:
            con.execute("update marts.crm_freshness set crm = 'another'")
        os.replace(changed, place.site.published)
        (place.site.temporary / "forgotten").touch()
        run.kill()
        return "a stranger puts a file of his own into the place"

    trial = Trial("stranger", "once")
    assert place.strike(trial, scribble)
    (place.site.temporary / "forgotten").unlink()
    assert not trial.is_survived
    assert any(line.startswith("crm_freshness has 1 rows") for line in trial.wrong)
    assert trial.left_over == ["tmp/forgotten"]


@pytest.mark.slow
def test_traceback_is_ill_said(place: Place) -> None:
    run = place.site.start(place.crms[0], "--no-such-option")
    status = run.end()
    assert (status, ill_said(run, status)) == (2, [])
    run.lines.append("Traceback (most recent call last):")
    assert ill_said(run, status) == ["it said: Traceback (most recent call last):"]


@pytest.mark.slow
def test_harness_that_is_stopped_ends_its_build_and_starts_no_other(tmp_path: Path) -> None:
    site = Site(tmp_path, command=(sys.executable, "-c", "import time; time.sleep(60)"))
    run = site.start(Crm("one", tmp_path))
    site.stop()
    with pytest.raises(Stopped):  # so that it is kept as no fault that was not survived
        run.end()
    assert run.process.poll() == -signal.SIGKILL
    with pytest.raises(Stopped):
        site.start(Crm("one", tmp_path))

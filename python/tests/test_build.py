import json
import os
import shutil
import signal
import subprocess
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest
import yaml
from leadsignal import build, lock, warehouse, workplace
from leadsignal.errors import BuildFailed
from mini_project import MiniProject
from waiting import wait_for

READABLE_BY_EVERY_1_X = 64


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[MiniProject, str, str]:
    """The project after a first build, with what it said on stdout and stderr."""
    project = MiniProject(tmp_path_factory.mktemp("mini"))
    result = project.run("build")
    assert result.returncode == 0, result.stderr
    return project, result.stdout, result.stderr


@pytest.fixture
def project(first: tuple[MiniProject, str, str]) -> MiniProject:
    return first[0]


def build_id(project: MiniProject) -> str:
    con = warehouse.open_published(project.published)
    try:
        row = con.execute("select build_id from publication").fetchone()
    finally:
        con.close()
    assert row is not None
    return str(row[0])


def child_of(pid: int) -> int:
    """The one child process of a process."""
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text())


def start_and_hang(project: MiniProject) -> tuple["subprocess.Popen[str]", int]:
    """A build in the middle of a query that does not end, and the id of its dbt process."""
    database = project.warehouse / "build" / "work.duckdb"
    database.unlink(missing_ok=True)
    process = project.start("build", MINI_DBT="forever")
    wait_for(database.exists)
    return process, child_of(process.pid)


def has_ended(pid: int) -> bool:
    try:
        return ") Z " in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return True


def test_profile_that_dbt_cannot_use_is_wrong_usage(tmp_path: Path) -> None:
    project = MiniProject(tmp_path)
    profiles = tmp_path / "profiles.yml"
    profiles.write_text(profiles.read_text().replace("threads: 2", "threads: two"))
    result = project.run("build", "--json")
    assert result.returncode == 2
    said = f"{profiles} cannot be used: at path ['threads']: 'two' is not of type 'integer'."
    assert json.loads(result.stdout)["errors"] == [f"{said} Mend it and run again."]


def test_definitions_that_contradict_stop_a_build_before_it_begins(tmp_path: Path) -> None:
    project = MiniProject(tmp_path)
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "_seeds.yml").write_text(
        "seeds: [{name: days, config: {column_types: {day: date}},"
        " columns: [{name: day, data_tests: [unique, not_null]}]}]"
    )
    (seeds / "days.csv").write_text("day\n2026-12-25\n2026-12-25\n31.12.2026\n")
    result = project.run("build")
    assert result.returncode == 2
    assert result.stderr.splitlines() == [
        "leadsignal: seeds/days.csv rows 2 and 3: day '2026-12-25' stands 2 times. "
        "Keep one, or tell them apart.",
        "leadsignal: seeds/days.csv row 4: day is '31.12.2026', no day. "
        "Write a day like 2026-10-31.",
    ]
    assert not project.warehouse.exists()


def test_build_says_where_everything_is(first: tuple[MiniProject, str, str]) -> None:
    project, out, _ = first
    lines = out.splitlines()
    assert lines[0].startswith(f"Published build {build_id(project)} as of 2026-10-31 23:59:59")
    assert lines[-4:] == [
        f"Story: {project.warehouse / 'story.md'}",
        f"Report: {project.warehouse / 'report.html'}",
        f"Audit: {project.warehouse / 'audit.html'}",
        f"Tables: {project.published}",
    ]
    told = f"Told of build {build_id(project)}."
    assert (project.warehouse / "story.md").read_text() == (
        f"{told}\n\nBuild {build_id(project)}, as of 2026-10-31 23:59:59.\n"
    )
    assert (project.warehouse / "report.html").read_text() == f"{told} By audit.json."


def test_spill_folder_that_would_stop_a_build_at_its_end_is_refused_at_once(
    project: MiniProject,
) -> None:
    profiles = (project.folder / "profiles.yml").read_text()
    before = build_id(project)
    for place, code in (("settings", 3), ("config_options", 0)):
        changed = project.folder / place
        changed.mkdir()
        options = yaml.safe_load(profiles)
        target = options["leadsignal"]["outputs"]["duckdb"]
        target.setdefault(place, {})["temp_directory"] = str(changed / "spill")
        (changed / "profiles.yml").write_text(yaml.safe_dump(options))
        result = project.run("build", DBT_PROFILES_DIR=str(changed))
        assert result.returncode == code, result.stderr
        if code:
            assert result.stderr.splitlines()[-1] == (
                "leadsignal: temp_directory of target `duckdb` in profiles.yml stands under"
                " settings, where it stops a build that has spilled: move it to config_options."
                " Nothing was published."
            )
            assert build_id(project) == before


def test_progress_is_plain_lines_where_no_terminal_is(first: tuple[MiniProject, str, str]) -> None:
    _, _, err = first
    lines = err.splitlines()
    assert lines[0] == "Building the tables"
    assert any(line.startswith("  1/4 model numbers: success in ") for line in lines)
    assert lines[-3:] == ["Auditing", "Writing the story and the report", "Publishing"]
    assert "\x1b" not in err


def test_published_file_is_readable_by_every_1_x_driver(project: MiniProject) -> None:
    header = project.published.read_bytes()[:20]
    assert header[8:12] == b"DUCK"
    assert int.from_bytes(header[12:20], "little") == READABLE_BY_EVERY_1_X


def test_options_reach_dbt_and_json_tells_a_scheduler(project: MiniProject, tmp_path: Path) -> None:
    (tmp_path / "salesforce").mkdir()
    result = project.run(
        "build", "--raw", str(tmp_path), "--as-of", "2026-09-30", "--full-refresh", "--json",
        LEADSIGNAL_AS_OF="2020-01-01", MINI_AUDIT="warn",
    )  # fmt: skip
    told = json.loads(result.stdout)
    assert (result.returncode, result.stderr) == (0, "")
    assert (told["status"], told["exit_status"], told["errors"]) == ("published", 0, [])
    assert told["warnings"] == [
        "3 leads are both won and lost: mend their status.",
        'source "TikTok" is not mapped',
    ]
    assert told["build_id"] == build_id(project)
    assert told["as_of"] == "2026-09-30 23:59:59"
    con = warehouse.open_published(project.published)
    row = con.execute("select raw, is_full_refresh from publication").fetchone()
    con.close()
    assert row == (str(tmp_path), True)
    # The audit compares with the set that was published before.
    assert (project.warehouse / "audit.html").read_text() == (
        f"<p>{told['build_id']} --previous {project.published}"
    )


def test_run_record_of_a_good_build(project: MiniProject) -> None:
    result = project.run("build", "--json", MINI_AUDIT="warn")
    told = json.loads(result.stdout)
    assert told["started_at"] <= told["ended_at"]
    assert [one["step"] for one in told["steps"]] == [
        "Building the tables", "Keeping what was reported", "Auditing",
            "Writing the story and the report",
        "Publishing",
    ]  # fmt: skip
    assert 0 < sum(one["seconds"] for one in told["steps"]) <= told["seconds"] + 0.5
    assert told["rows"]["publication"] == 1
    assert told["data_through"] == "2026-10-31 12:00:00"
    assert told["crms"] == [
        {
            "crm": "hubspot", "data_through": "2026-10-20 08:00:00", "hours_behind": 279.9,
            "is_stale": False,
        }
    ]  # fmt: skip
    assert told["audit_result"] == {
        "success": True,
        "critical_failures": 0,
        "warnings": 1,
        "broken": [
            {
                "id": "one_outcome",
                "severity": "warning",
                "observed": None,
                "line": "3 leads are both won and lost: mend their status.",
            }
        ],
        "skipped": {"as_usual": "It is the first."},
    }
    assert told["audit"] == str(project.warehouse / "audit.html")


def test_run_record_of_a_refused_build_says_why_and_where(project: MiniProject) -> None:
    told = json.loads(project.run("build", "--json", MINI_AUDIT="refuse").stdout)
    assert (told["status"], told["exit_status"]) == ("refused", 1)
    assert told["steps"][-1]["step"] == "Auditing"
    assert told["build_id"] != build_id(project)
    assert told["rows"]["publication"] == 1
    assert told["audit_result"]["broken"][0]["id"] == "one_outcome"
    assert told["audit"] == str(project.warehouse / "build" / "audit" / "audit.html")
    assert told["published"] == str(project.published)
    assert told["story"] is None


@pytest.mark.slow
@pytest.mark.parametrize("before", [{"MINI_AUDIT": "refuse"}, {"MINI_DBT": "sql"}, {}])
def test_build_can_be_run_again_at_once(project: MiniProject, before: dict[str, str]) -> None:
    ended = project.run("build", **before)
    assert (ended.returncode != 0) == bool(before)
    again = json.loads(project.run("build", "--json").stdout)
    assert (again["status"], again["build_id"]) == ("published", build_id(project))
    left_over = {file.name for file in project.warehouse.iterdir()}
    assert left_over == {
        *("audit.html", "build", "build.lock", "leadsignal.duckdb", "report.html", "story.md"),
    }


def test_workbook_beside_the_tables_is_a_warning(project: MiniProject) -> None:
    workbook = project.folder / "raw" / "salesforce" / "deals.xlsx"
    workbook.touch()
    try:
        result = project.run("build")
    finally:
        workbook.unlink()
    assert f"Warning: {workbook} is not read. Save it there as CSV (UTF-8).\n" in result.stdout


@pytest.mark.parametrize(
    ("before", "now", "is_dropped"),
    [
        ("00Q5e1000000000AAA", "00Q5e00000BdZx1AAA", True),
        ("00Q5e1000000000AAA", "00Q5e1000000007AAA", False),
        ("00Q5e00000BdZx1AAA", "00Q5e00000BdZx2AAA", False),
        ("00Q5e00000BdZx1AAA", "00Q5e1000000000AAA", False),
    ],
)
def test_only_a_demo_is_no_past_of_own_numbers(
    tmp_path: Path, before: str, now: str, is_dropped: bool
) -> None:
    files = [tmp_path / "before.duckdb", tmp_path / "now.duckdb"]
    for file, lead in zip(files, (before, now), strict=True):
        with duckdb.connect(file) as con:
            con.execute("create schema marts")
            con.execute(f"create table marts.fct_leads as select 'salesforce:{lead}' as lead_id")
    assert build.follows_a_demo(files[1], files[0]) == is_dropped


def test_refused_audit_is_exit_1_with_a_line_for_each_rule(project: MiniProject) -> None:
    before = build_id(project)
    result = project.run("build", MINI_AUDIT="refuse")
    assert result.returncode == 1
    page = project.warehouse / "build" / "audit" / "audit.html"
    assert result.stderr.splitlines()[-2:] == [
        f"leadsignal: The audit refused the build: 1 rule is broken. Nothing was published. "
        f"See {page}.",
        "leadsignal: 3 leads are both won and lost: mend their status.",
    ]
    assert page.exists()
    assert build_id(project) == before


@pytest.mark.parametrize(
    ("how", "line"),
    [
        ("macro", "lead.csv has one column: 'a;b'. Looked in raw. Use commas."),
        ("sql", "Model numbers (models/numbers.sql): Binder Error: "),
        (
            "test",
            "Test not_null_numbers_number fails on 1 row (numbers.number: it has empty values)",
        ),
        ("parse", "Model 'model.leadsignal.publication' (models/marts/publication.sql) depends on"),
    ],
)
def test_failed_dbt_is_exit_3_with_the_cause_in_one_line(
    project: MiniProject, how: str, line: str
) -> None:
    before = build_id(project)
    result = project.run("build", MINI_DBT=how)
    assert result.returncode == 3
    told = [line for line in result.stderr.splitlines() if line.startswith("leadsignal: ")]
    assert len(told) == 1
    assert told[0].startswith(f"leadsignal: {line}")
    assert "Traceback" not in result.stderr
    assert build_id(project) == before


def test_crashed_audit_is_exit_3(project: MiniProject) -> None:
    before = build_id(project)
    result = project.run("build", "--json", MINI_AUDIT="crash")
    assert result.returncode == 3
    told = json.loads(result.stdout)
    assert (told["status"], told["exit_status"]) == ("failed", 3)
    assert told["errors"][0].startswith(
        "The audit ended with status 1 and without a result: no audit today See "
    )
    assert build_id(project) == before


def test_verdict_that_was_cut_off_is_none(project: MiniProject) -> None:
    before = build_id(project)
    result = project.run("build", MINI_AUDIT="torn")
    assert result.returncode == 3
    assert result.stderr.splitlines()[-1].startswith(
        "leadsignal: The audit ended with status 0 and without a result: "
    )
    assert build_id(project) == before


def test_dbt_that_is_killed_is_one_line_that_says_why(project: MiniProject) -> None:
    process, dbt = start_and_hang(project)
    os.kill(dbt, signal.SIGKILL)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 3
    assert err.splitlines()[-1].startswith(
        "leadsignal: dbt's process was ended by signal 9, as a machine short of memory does it. "
    )


@pytest.mark.parametrize("error", [duckdb.IOException("no room"), OSError(28, "no room")])
def test_full_disk_is_named_first(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=0))
    full = f"The disk of {tmp_path} is full"
    with pytest.raises(BuildFailed, match=full) as caught, workplace.disk_errors(tmp_path):
        raise error
    assert len(caught.value.lines) == 1
    with pytest.raises(BuildFailed) as caught, workplace.disk_errors(tmp_path):
        raise BuildFailed("lead.csv is broken.", "Export it again.")
    assert caught.value.lines[1:] == ("lead.csv is broken. Export it again.",)


def test_writing_that_fails_with_room_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(BuildFailed, match="denied") as caught, workplace.disk_errors(tmp_path):
        raise duckdb.IOException("Permission denied\nand a stack")
    assert len(caught.value.lines) == 1
    with pytest.raises(BuildFailed, match="Use commas"), workplace.disk_errors(tmp_path):
        raise BuildFailed("lead.csv has one column.", "Use commas.")


def test_second_build_is_exit_4(project: MiniProject) -> None:
    with lock.held(project.warehouse):
        result = project.run("build")
    assert result.returncode == 4
    assert result.stderr.count("\n") == 1
    assert f"process {os.getpid()} of " in result.stderr


def test_second_build_waits_when_told_to(project: MiniProject) -> None:
    with lock.held(project.warehouse):
        process = project.start("build", "--wait", "2")
        assert process.stderr is not None
        line = process.stderr.readline()
    _, err = process.communicate(timeout=120)
    assert line.startswith("Waiting: Another build of ")
    assert f"process {os.getpid()} of " in line
    assert (process.returncode, err.splitlines()[-1]) == (0, "Publishing")


def test_missing_raw_folder_is_exit_2_also_for_a_scheduler(project: MiniProject) -> None:
    result = project.run("build", "--raw", "nowhere", "--json")
    assert result.returncode == 2
    told = json.loads(result.stdout)
    assert (told["status"], told["exit_status"]) == ("wrong usage", 2)
    assert result.stderr == f"leadsignal: {told['errors'][0]}\n"
    assert "nowhere does not exist" in result.stderr


def test_killed_build_changes_nothing_and_its_child_ends(project: MiniProject) -> None:
    before, content = build_id(project), project.published.read_bytes()
    process, dbt = start_and_hang(project)
    process.kill()
    process.communicate()
    wait_for(lambda: has_ended(dbt))
    assert (build_id(project), project.published.read_bytes()) == (before, content)
    assert project.run("build").returncode == 0
    assert build_id(project) != before


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_stop_is_exit_130_without_a_word(project: MiniProject, sent: signal.Signals) -> None:
    before = build_id(project)
    process, dbt = start_and_hang(project)
    process.send_signal(sent)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert err == "Building the tables\n"
    assert has_ended(dbt)
    assert build_id(project) == before


def test_page_that_cannot_be_replaced_does_not_take_back_what_is_published(
    project: MiniProject,
) -> None:
    before = build_id(project)
    story = project.warehouse / "story.md"
    story.unlink()
    (story / "in the way").mkdir(parents=True)
    result = project.run("build")
    shutil.rmtree(story)
    assert result.returncode == 0, result.stderr
    assert build_id(project) != before
    assert "Warning: story.md is still that of the build before: " in result.stdout


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["Auditing", "Writing the story and the report", "Publishing"])
def test_build_killed_at_any_step_leaves_a_whole_set(project: MiniProject, moment: str) -> None:
    before = build_id(project)
    process = project.start("build")
    assert process.stderr is not None
    while process.stderr.readline().strip() != moment:
        assert process.poll() is None
    process.kill()
    process.communicate()
    if moment == "Publishing":  # one rename: the old set or the new one
        assert build_id(project)
    else:
        assert build_id(project) == before

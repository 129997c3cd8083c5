import json
import shutil
from pathlib import Path

import duckdb
import pytest
import yaml
from leadsignal import build, warehouse
from mini_project import MiniProject

READABLE_BY_EVERY_1_X = 64


def test_profile_that_dbt_cannot_use_is_wrong_usage(tmp_path: Path) -> None:
    project = MiniProject(tmp_path)
    profiles = tmp_path / "profiles.yml"
    profiles.write_text(profiles.read_text().replace("threads: 1", "threads: two"))
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


def test_build_says_where_everything_is(first_build: tuple[MiniProject, str, str]) -> None:
    project, out, _ = first_build
    lines = out.splitlines()
    assert lines[0].startswith(f"Published build {project.build_id()} as of 2026-10-31 23:59:59")
    assert lines[-4:] == [
        f"Story: {project.warehouse / 'story.md'}",
        f"Report: {project.warehouse / 'report.html'}",
        f"Audit: {project.warehouse / 'audit.html'}",
        f"Tables: {project.published}",
    ]
    told = f"Told of build {project.build_id()}."
    assert (project.warehouse / "story.md").read_text() == (
        f"{told}\n\nBuild {project.build_id()}, as of 2026-10-31 23:59:59.\n"
    )
    assert (project.warehouse / "report.html").read_text() == f"{told} By audit.json."


@pytest.mark.slow
def test_spill_folder_that_would_stop_a_build_at_its_end_is_refused_at_once(
    mini: MiniProject,
) -> None:
    profiles = (mini.folder / "profiles.yml").read_text()
    before = mini.build_id()
    for place, code in (("settings", 3), ("config_options", 0)):
        changed = mini.folder / place
        changed.mkdir()
        options = yaml.safe_load(profiles)
        target = options["leadsignal"]["outputs"]["duckdb"]
        target.setdefault(place, {})["temp_directory"] = str(changed / "spill")
        (changed / "profiles.yml").write_text(yaml.safe_dump(options))
        result = mini.run("build", DBT_PROFILES_DIR=str(changed))
        assert result.returncode == code, result.stderr
        if code:
            assert result.stderr.splitlines()[-1] == (
                "leadsignal: temp_directory of target `duckdb` in profiles.yml stands under"
                " settings, where it stops a build that has spilled: move it to config_options."
                " Nothing was published."
            )
            assert mini.build_id() == before


def test_progress_is_plain_lines_where_no_terminal_is(
    first_build: tuple[MiniProject, str, str],
) -> None:
    _, _, err = first_build
    lines = err.splitlines()
    assert lines[0] == "Building the tables"
    assert any(line.startswith("  1/4 model numbers: success in ") for line in lines)
    assert lines[-3:] == ["Auditing", "Writing the story and the report", "Publishing"]
    assert "\x1b" not in err


def test_published_file_is_readable_by_every_1_x_driver(mini: MiniProject) -> None:
    header = mini.published.read_bytes()[:20]
    assert header[8:12] == b"DUCK"
    assert int.from_bytes(header[12:20], "little") == READABLE_BY_EVERY_1_X


def test_options_reach_dbt_and_json_tells_a_scheduler(mini: MiniProject, tmp_path: Path) -> None:
    (tmp_path / "salesforce").mkdir()
    result = mini.run(
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
    assert told["build_id"] == mini.build_id()
    assert told["as_of"] == "2026-09-30 23:59:59"
    con = warehouse.open_published(mini.published)
    row = con.execute("select raw, is_full_refresh from publication").fetchone()
    con.close()
    assert row == (str(tmp_path), True)
    # The audit compares with the set that was published before.
    assert (mini.warehouse / "audit.html").read_text() == (
        f"<p>{told['build_id']} --previous {mini.published}"
    )


def test_run_record_of_a_good_build(mini: MiniProject) -> None:
    result = mini.run("build", "--json", MINI_AUDIT="warn")
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
    assert told["audit"] == str(mini.warehouse / "audit.html")


@pytest.mark.slow
def test_run_record_of_a_refused_build_says_why_and_where(mini: MiniProject) -> None:
    told = json.loads(mini.run("build", "--json", MINI_AUDIT="refuse").stdout)
    assert (told["status"], told["exit_status"]) == ("refused", 1)
    assert told["steps"][-1]["step"] == "Auditing"
    assert told["build_id"] != mini.build_id()
    assert told["rows"]["publication"] == 1
    assert told["audit_result"]["broken"][0]["id"] == "one_outcome"
    assert told["audit"] == str(mini.warehouse / "build" / "audit" / "audit.html")
    assert told["published"] == str(mini.published)
    assert told["story"] is None


@pytest.mark.slow
@pytest.mark.parametrize("before", [{"MINI_AUDIT": "refuse"}, {"MINI_DBT": "sql"}, {}])
def test_build_can_be_run_again_at_once(mini: MiniProject, before: dict[str, str]) -> None:
    ended = mini.run("build", **before)
    assert (ended.returncode != 0) == bool(before)
    again = json.loads(mini.run("build", "--json").stdout)
    assert (again["status"], again["build_id"]) == ("published", mini.build_id())
    left_over = {file.name for file in mini.warehouse.iterdir()}
    assert left_over == {
        *("audit.html", "build", "build.lock", "leadsignal.duckdb", "report.html", "story.md"),
    }


@pytest.mark.slow
def test_workbook_beside_the_tables_is_a_warning(mini: MiniProject) -> None:
    workbook = mini.folder / "raw" / "salesforce" / "deals.xlsx"
    workbook.touch()
    try:
        result = mini.run("build")
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


def test_missing_raw_folder_is_exit_2_also_for_a_scheduler(mini: MiniProject) -> None:
    result = mini.run("build", "--raw", "nowhere", "--json")
    assert result.returncode == 2
    told = json.loads(result.stdout)
    assert (told["status"], told["exit_status"]) == ("wrong usage", 2)
    assert result.stderr == f"leadsignal: {told['errors'][0]}\n"
    assert "nowhere does not exist" in result.stderr


@pytest.mark.slow
def test_page_that_cannot_be_replaced_does_not_take_back_what_is_published(
    mini: MiniProject,
) -> None:
    before = mini.build_id()
    story = mini.warehouse / "story.md"
    story.unlink()
    (story / "in the way").mkdir(parents=True)
    result = mini.run("build")
    shutil.rmtree(story)
    assert result.returncode == 0, result.stderr
    assert mini.build_id() != before
    assert "Warning: story.md is still that of the build before: " in result.stdout

"""Errors of databases quote values; what is kept of them does not."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from builds import ROOT
from leadsignal import causes, raw_dates
from leadsignal.discretion import UNTOLD, without_values
from leadsignal.layouts import layouts
from mini_project import MiniProject
from raw_files import write_csv

from . import marks

MARK = "zqabcdeqz"
TWO_COLUMNS = "{'id': 'varchar', 'email': 'varchar'}"
PEOPLE = f"(values ('{MARK} to DATE, in column {MARK}'), ('{MARK}@secret.example')) as p (x)"
FAULTS = {
    f"select cast(x as integer) from {PEOPLE}": "cannot be used as INT32",
    f"select cast(x as date) from {PEOPLE}": "cannot be used as",
    f"select cast(x as decimal(9, 2)) from {PEOPLE}": "cannot be used as DECIMAL",
    f"select cast(x as boolean) from {PEOPLE}": "cannot be used as BOOL",
    f"select cast(x as enum ('a')) from {PEOPLE}": "cannot be used",
    f"select strptime(x, '%Y') from {PEOPLE}": "cannot be used",
    f"select error('no ' || x) from {PEOPLE}": "cannot be used",
    f"select json_extract('{{' || x, '$.a') from {PEOPLE}": "cannot be used",
    f"select regexp_matches('a', '(' || x) from {PEOPLE}": "cannot be used",
    f"create table t (x varchar unique); insert into t select '{MARK}' from range(2)": "cannot",
    "create table t (x varchar not null); insert into t values (null)": "constraint failed: t.x",
    "select nothing from (select 1 as x)": 'Referenced column "nothing" not found',
}
SERVER = {
    f"invalid input syntax for type integer: \"{MARK}\"\nLINE 1: select '{MARK}'": "type integer",
    f'value "{MARK}" is out of range for type integer': "out of range for type integer",
    'duplicate key value violates unique constraint "people_pkey"\n'
    f"DETAIL:  Key (email)=({MARK}) already exists.": "people_pkey",
    f'date/time field value out of range: "{MARK}\n{MARK}"\nHINT:  Perhaps': "date/time field",
    'null value in column "email" of relation "t" violates not-null constraint\n'
    f"DETAIL:  Failing row contains (1, {MARK}).": "violates not-null constraint",
    f'value too long for type character varying(9)\nCONTEXT:  COPY t, line 1: "{MARK}"': "too long",
    f'[CAST_INVALID_INPUT] The value \'{MARK}\' of the type "STRING" cannot be cast to "INT"'
    f"\n== SQL (line 1) ==\n{MARK}": "CAST_INVALID_INPUT",
}


@pytest.mark.parametrize("sql", FAULTS)
def test_error_of_duckdb_keeps_its_kind_and_no_value(sql: str) -> None:
    with pytest.raises(duckdb.Error) as caught, duckdb.connect() as con:
        con.execute(sql).fetchall()
    message = f"Runtime Error in model m (models/m.sql)\n  {caught.value}"
    told = without_values(message)
    assert FAULTS[sql] in told
    assert not marks.in_text(told)
    assert without_values(told) == told
    assert not marks.in_text(causes.plain(message))


@pytest.mark.parametrize("message", SERVER)
def test_error_of_a_server_keeps_what_it_is_and_no_value(message: str) -> None:
    told = without_values(message)
    assert SERVER[message] in told
    assert not marks.in_text(told)


def test_line_of_our_own_macro_is_left_alone() -> None:
    line = "Table `lead` of CRM `salesforce` has no column id: looked for it in 'a: \"b\"'."
    assert without_values(line) == line


@pytest.fixture(scope="module")
def failed(tmp_path_factory: pytest.TempPathFactory) -> tuple[MiniProject, str, str]:
    """A build whose every model trips over a value of a person."""
    project = MiniProject(tmp_path_factory.mktemp("failed"))
    crm = project.folder / "raw" / "salesforce"
    crm.joinpath("people.csv").write_text(f"email\n{MARK}@secret.example\n")
    crm.joinpath("broken.csv").write_text(f'id,email\n1,"{MARK}@secret.example" x, y\n')
    people, broken = (
        f"from read_csv('raw/salesforce/{name}.csv', header = true, auto_detect = false,"
        f" columns = {columns})"
        for name, columns in (("people", "{'email': 'varchar'}"), ("broken", TWO_COLUMNS))
    )
    models = {
        "converted": f"select cast(email || 1 as integer) as x {people}",
        "parsed": f"select strptime(email, '%Y') as x {people}",
        "unread": f"select * {broken}",
    }
    for name, sql in models.items():
        file = project.folder / "models" / f"{name}.sql"
        file.write_text(f"{{{{ config(materialized='table') }}}} {sql}")
    project_file = project.folder / "dbt_project.yml"
    flags = "flags: {log_level_file: info, send_anonymous_usage_stats: false}\n"
    project_file.write_text(flags + project_file.read_text())
    done = project.run("build", "--as-of", "2026-10-31", "--json")
    assert done.returncode == 3, done.stderr
    return project, done.stdout, done.stderr


def test_failed_build_says_which_model_and_no_value(failed: tuple[MiniProject, str, str]) -> None:
    _, out, err = failed
    errors = json.loads(out)["errors"]
    assert len(errors) == 3
    assert all(any(name in line for line in errors) for name in ("converted", "parsed", "broken"))
    assert sum(UNTOLD in line for line in errors) == 2
    assert not marks.in_text(out + err)


def test_failed_build_leaves_no_value_in_logs_and_artifacts(
    failed: tuple[MiniProject, str, str],
) -> None:
    project, _, _ = failed
    work: Path = project.warehouse / "build"
    assert "cannot be used" in (work / "logs" / "dbt.log").read_text()
    assert "cannot be used" in (work / "target" / "run_results.json").read_text()
    assert set(marks.in_files(project.warehouse)) <= {"build/work.duckdb"}


def test_work_place_is_for_nobody_but_its_owner(failed: tuple[MiniProject, str, str]) -> None:
    work: Path = failed[0].warehouse / "build"
    assert work.stat().st_mode & 0o777 == 0o700
    files = [file for file in work.rglob("*") if file.is_file()]
    assert {"work.duckdb", "dbt.log", "run_results.json"} <= {file.name for file in files}
    assert not [file for file in files if file.stat().st_mode & 0o077]


def test_warning_of_dates_shows_the_date_alone(tmp_path: Path) -> None:
    rows = [[str(number), f"{number + 13}/10/2026 {MARK}"] for number in range(5)]
    write_csv(tmp_path / "leads.csv", "lead_id,created_at", *rows)
    [finding] = raw_dates.check(tmp_path, layouts(ROOT, {})["generic"])
    assert "13/10/2026:" in str(finding)
    assert not marks.in_text(str(finding))

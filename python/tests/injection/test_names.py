"""Names of folders, files, columns and settings are names, whatever is in them."""

from __future__ import annotations

from pathlib import Path

import pytest
from raw_files import write_csv, write_parquet, write_text
from reader_project import ReaderProject

FOLDERS = [
    "salesforce it's",
    "salesforce' || 'PWNED",
    "salesforce {{ 7 * 7 }}",
    "salesforce {% do exceptions.raise_compiler_error('PWNED') %}",
    'salesforce"; drop table x; --',
    "salesforce [a-z]*?",
    "salesforce $$ %s",
    "salesforce <b>",
]
STAGES = [
    "won' || 'pwned",
    "{{ 7 * 7 }}",
    'quote"d',
    "--",
]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> ReaderProject:
    made = ReaderProject(tmp_path_factory.mktemp("names") / "it's {{ 7 * 7 }} [x]")
    for place, folder in enumerate(FOLDERS):
        write_csv(made.raw / folder / "lead.csv", "id", [str(place)])
    write_parquet(
        made.raw / "hubspot" / "contact.parquet",
        "select '7' as id, '2026-01-05' as createdate, '1;2' as \"it's \"\"mine\"\" {{ 7 }}\", "
        + ", ".join(
            "timestamp '2026-01-06 10:00:00' as \"hs_v2_date_entered_{}\"".format(
                name.replace('"', '""')
            )
            for name in STAGES
        ),
    )
    write_text(
        made.raw / "generic" / "leads.csv",
        "lead_id,created_at,\"a, 'b'\",'; drop table x; --,{{ 7 * 7 }}\n1,2026-01-05,x,y,z\n",
    )
    result = made.build(
        crms={
            **dict.fromkeys(FOLDERS, "salesforce"),
            "hubspot": "hubspot",
            "generic": "generic",
        },
        hubspot_fields={"merged_ids": 'it\'s "mine" {{ 7 }}'},
        generic_fields={"last_modified_date": "'; drop table x; --"},
    )
    assert result.returncode == 0, result.stdout[-4000:]
    return made


def test_crm_is_called_as_its_folder(project: ReaderProject) -> None:
    rows = project.rows("select crm, id from salesforce_leads")
    assert dict(rows) == {folder: str(place) for place, folder in enumerate(FOLDERS)}


def test_field_that_a_setting_names_is_read(project: ReaderProject) -> None:
    assert project.rows("select merged_id from merged_ids order by all") == [("1",), ("2",)]


def test_stage_in_the_name_of_a_column_is_its_text(project: ReaderProject) -> None:
    rows = project.rows("select distinct stage_name from stage_dates")
    read = {stage.replace(" ", "").replace("-", "") for stage in STAGES}
    assert {stage for (stage,) in rows} == read - {""}


def test_columns_that_nothing_reads_do_nothing(project: ReaderProject) -> None:
    assert project.rows("select lead_id from leads where row_status = 'used'") == [("1",)]


def test_build_leaves_nothing_but_its_own_files(project: ReaderProject) -> None:
    left = {path.name for path in Path(project.folder).iterdir()}
    assert left <= {
        *("dbt_project.yml", "profiles.yml", "macros", "models", "raw", "target", "logs"),
        *("work.duckdb", "work.duckdb.wal", "work_marts.duckdb", ".user.yml"),
    }

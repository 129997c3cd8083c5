"""Rows of a person who asked to be forgotten are read as empty ones, whatever names the person."""

from datetime import date
from pathlib import Path

import pytest
from leadsignal.privacy import searching, suppression
from leadsignal.privacy.searching import Needles
from leadsignal.privacy.suppression import Suppression
from staging_builds import Query, build_staging, querying

PERSONS = """id,add_time,email,first_name
1,2026-01-01,"[{""value"":""Old@Loom.example""},{""value"":""zenobia@loom.example""}]",Zenobia
2,never,old@loom.example,Zenobia
3,2026-01-01,bo@fleet.example,Bo
,2026-01-01,OLD@loom.example ,Zenobia
"""
TABLES = {
    "persons": PERSONS,
    "leads": "id,person_id,add_time\na,1,2026-01-01\nb,3,2026-01-01\n",
    "deals": "id,person_id,add_time,status\n9,1,2026-01-01,open\n8,3,2026-01-01,open\n",
    "activities": (
        "id,person_id,deal_id,add_time,done,subject\n"
        "5,1,9,2026-01-01,true,Call Zenobia of Loom\n6,3,8,2026-01-01,true,Call Bo\n"
    ),
}


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Staging of a Pipedrive whose first two persons and the one without an id have an address."""
    folder = tmp_path_factory.mktemp("forgotten")
    (folder / "raw" / "pipedrive").mkdir(parents=True)
    for table, text in TABLES.items():
        (folder / "raw" / "pipedrive" / f"{table}.csv").write_text(text)
    empty = Suppression()
    listed = empty.added([empty.hash("address:old@loom.example")], date(2026, 11, 1))
    suppression.write(listed, folder / "forgotten.csv")
    select = "models/staging/forgotten models/staging/pipedrive"
    result = build_staging(folder, folder / "raw", select, "2026-03-01", {})
    assert result.returncode == 0, result.stdout[-3000:]
    return folder


@pytest.fixture(scope="module")
def query(work: Path) -> Query:
    return querying(work)


def test_rows_are_excluded_by_name_before_any_other_rule(query: Query) -> None:
    fates = query(
        "select raw_table, raw_id, row_status, row_reason from stg_pipedrive__row_fates"
        " where row_reason is not null order by all"
    )
    assert fates == [
        ("activities", None, "excluded", "forgotten"),
        ("leads", None, "excluded", "forgotten"),
        *[("persons", None, "excluded", "forgotten")] * 3,
    ]


def test_others_are_read_as_before(query: Query) -> None:
    assert query(
        "select raw_table, raw_id from stg_pipedrive__row_fates where row_status = 'used'"
        " order by all"
    ) == [
        ("activities", "pipedrive:6"), ("deals", "pipedrive:8"), ("deals", "pipedrive:9"),
        ("leads", "pipedrive:b"), ("persons", "pipedrive:3"),
    ]  # fmt: skip


def test_deal_stays_without_the_person(query: Query) -> None:
    deals = "select opportunity_id, lead_id from stg_pipedrive__opportunities order by all"
    assert query(deals) == [("pipedrive:8", "pipedrive:3"), ("pipedrive:9", None)]


def test_nothing_of_the_person_is_in_the_work_database(work: Path) -> None:
    database = work / "work.duckdb"
    assert searching.holds(database, Needles(address="fleet.example"))
    for text in ("loom", "zenobia"):
        assert not searching.holds(database, Needles(address=text))


def test_salt_is_in_no_artefact(work: Path) -> None:
    listed = suppression.read(work / "forgotten.csv")
    assert listed
    held = [
        file.name
        for file in work.rglob("*")
        if file.is_file() and listed.salt.encode() in file.read_bytes()
    ]
    assert held == ["forgotten.csv"]

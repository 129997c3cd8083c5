import gzip
from dataclasses import replace
from datetime import date
from hashlib import md5
from pathlib import Path
from typing import Any

import duckdb
import pytest
from leadsignal.errors import BuildFailed
from leadsignal.privacy import raw_files, searching
from leadsignal.privacy.searching import Needles
from leadsignal.privacy.suppression import Suppression
from leadsignal.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
ADA = Needles("ada@loom.example", ("hubspot:12", "salesforce:00Q1"), ("f00d" * 16,))


@pytest.mark.parametrize(
    ("text", "is_there"),
    [
        ("to Ada@Loom.example, again", True),
        ("hash F00D" + "f00d" * 15, True),
        ("lead hubspot:12.", True),
        ("hubspot:12", True),
        ('{"lead_id": "salesforce:00Q1"}', True),
        ("hubspot:123", False),
        ("salesforce:00Q12", False),
        ("salesforce:00q1", False),
        ("xhubspot:12", False),
        ("bo@loom.example", False),
        ("joada@loom.example", False),
        ("j.ada@loom.example", False),
        ("ada@loom.example.org", False),
        ("<ada@loom.example>.", True),
        ("", False),
    ],
)
def test_what_counts_as_found_in_a_file(tmp_path: Path, text: str, is_there: bool) -> None:
    file = tmp_path / "story.md"
    file.write_text(text)
    assert searching.holds(file, ADA) is is_there


@pytest.mark.parametrize("value", ["hubspot:12", "mail of Ada@loom.example", "f00d" * 16])
def test_rows_of_a_database_are_searched_whatever_its_bytes_are(tmp_path: Path, value: str) -> None:
    file = tmp_path / "set.duckdb"
    with duckdb.connect(file) as con:
        con.execute("create schema marts")
        con.execute("create table marts.t as select range as n, 'no' as a from range(9000)")
        con.execute("create table marts.u (n int, words varchar[])")
    assert not searching.holds(file, ADA)
    with duckdb.connect(file) as con:
        con.execute("insert into marts.u values (1, [?])", [value])
    assert searching.holds(file, ADA)


def test_a_number_that_a_deal_has_too_is_no_trace_of_the_person(tmp_path: Path) -> None:
    file, page = tmp_path / "set.duckdb", tmp_path / "audit.html"
    page.write_text("deal hubspot:12 has no amount, lead salesforce:00Q1 no owner")
    with duckdb.connect(file) as con:
        con.execute("create schema marts")
        con.execute("create table marts.deals as select 'hubspot:12' as opportunity_id, 'x' as a")
        con.execute(
            "create table marts.aside as"
            " select 'opportunity' as record_kind, 'hubspot:12' as record_id"
        )
    assert not searching.holds(file, ADA)
    shared = searching.shared(file, ADA.ids)
    assert shared == {"hubspot:12"}
    known = replace(ADA, shared=shared)
    assert searching.holds(page, known)
    page.write_text("deal hubspot:12 has no amount")
    assert not searching.holds(page, known)
    with duckdb.connect(file) as con:
        con.execute("insert into marts.aside values ('lead', 'hubspot:12')")
    assert searching.holds(file, known)


def test_nothing_to_find_is_found_nowhere(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("a^ anything")
    assert not searching.holds(tmp_path / "a.md", Needles())


def test_what_cannot_be_searched_is_no_proof(tmp_path: Path) -> None:
    (tmp_path / "set.duckdb").write_bytes(b"no database at all")
    with pytest.raises(BuildFailed, match=r"set\.duckdb cannot be searched"):
        searching.holds(tmp_path / "set.duckdb", ADA)


def test_raw_data_and_a_server_are_not_of_the_warehouse(tmp_path: Path) -> None:
    for name in ("a/b.md", "raw/lead.csv", "server/PG_VERSION", "server/base/1", "forgotten.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    left_out = [tmp_path / "raw", tmp_path / "forgotten.csv"]
    assert list(searching.files([tmp_path], left_out)) == [tmp_path / "a" / "b.md"]


def settings(raw: Path, **variables: Any) -> Settings:
    return Settings(ROOT, ROOT, raw, raw, "", "duckdb", {}, variables=variables)


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    files = {
        "salesforce/Lead.csv": "Id,Email,Company\n00Q1,ada@loom.example,Loom\n00Q2,bo@x.example,\n",
        "salesforce/Task.csv": "Id,WhoId,Subject\n00T1,00Q1,Call\n00T2,00Q2,for ADA@loom.example\n",
        "salesforce/account.csv": "Id,Name\n00Q1,an id of another kind\n",
        "hubspot/contact.csv": "vid,property_email\n12,\n123,\n",
        "hubspot/engagement_contact.csv": "engagement_id,contact_id\n12,99\n7,12\n8,9\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    with gzip.open(tmp_path / "hubspot" / "form.csv.gz", "wt") as file:
        file.write("name\nfor everyone\nask ada@loom.example\n")
    with duckdb.connect() as con:
        con.execute(
            "copy (select '00h' as id, '00Q1' as LeadId, [1] as list union all select 'x', 'y', [])"
            f" to '{tmp_path / 'salesforce' / 'lead_history.parquet'}'"
        )
    return tmp_path


def listed(*told: str) -> Suppression:
    empty = Suppression()
    return empty.added(map(empty.hash, told), date(2026, 11, 1))


def test_raw_rows_are_named_by_file_and_id(raw: Path) -> None:
    ids = (*(f"id:{one}" for one in ADA.ids), "engagement:hubspot:8")
    found = raw_files.rows(settings(raw), ADA, listed(*ids))
    assert sorted((row.table.removeprefix(f"{raw}/"), row.row) for row in found) == [
        ("hubspot/contact.csv", "id 12"),
        ("hubspot/engagement_contact.csv", "engagement_id 7 with contact_id 12"),
        ("hubspot/engagement_contact.csv", "engagement_id 8 with contact_id 9"),
        ("hubspot/form.csv.gz", "row 3"),
        ("salesforce/Lead.csv", "id 00Q1"),
        ("salesforce/Task.csv", "id 00T1"),
        ("salesforce/Task.csv", "id 00T2"),
        ("salesforce/lead_history.parquet", "id 00h"),
    ]


@pytest.mark.parametrize(
    ("cell", "is_theirs"),
    [
        ("ada@loom.example", True),
        ("joada@loom.example", False),
        ("from bo@x.example, Ada <ADA@loom.example>", True),
    ],
)
def test_address_of_a_row_is_whole_and_known_by_its_hash_alone(cell: str, is_theirs: bool) -> None:
    for needles in (Needles("ada@loom.example"), Needles(ids=("generic:7",))):
        known = listed("address:ada@loom.example")
        search = raw_files.Search("generic", {}, needles, known)
        assert search.is_of({"note": cell}) is is_theirs


def test_id_that_is_an_address_is_listed_by_its_pseudonym() -> None:
    pseudonym = "id-" + md5(b"Ada@loom.example").hexdigest()[:16]  # noqa: S324 (as the models do)
    search = raw_files.Search(
        "generic", {"leadid": "id"}, Needles(), listed(f"id:generic:{pseudonym}")
    )
    assert search.is_of({"lead_id": "Ada@loom.example"})
    assert not search.is_of({"lead_id": "bo@loom.example"})


def test_raw_file_that_breaks_off_is_no_proof(raw: Path) -> None:
    (raw / "hubspot" / "form.csv.gz").write_bytes(b"\x1f\x8b no more")
    with pytest.raises(BuildFailed, match=r"form\.csv\.gz cannot be read to its end"):
        list(raw_files.rows(settings(raw), ADA, listed()))


def test_short_id_of_salesforce_is_the_long_one() -> None:
    needles = Needles(ids=("salesforce:00Q5e1000000001AAA",))
    search = raw_files.Search("salesforce", {"whoid": "id"}, needles, Suppression())
    assert search.is_of({"WhoId": "00Q5e1000000001"})
    assert not search.is_of({"WhoId": "00Q5e1000000002"})
    assert not search.is_of({"WhatId": "00Q5e1000000001"})

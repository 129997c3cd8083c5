"""Any raw file is read as the second road reads it, row for row, or refused in one line."""

from __future__ import annotations

import csv
import gzip
import io
import shutil
import zlib
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from math import isfinite
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from oracle import accounting
from oracle.layouts import layout_of, raw_crm
from oracle.raw import Row, read_folder
from oracle.raw_generic import TABLES
from oracle.settings import Settings
from oracle.tables import normalised
from oracle.values import says_nothing
from raw_files import write_parquet

from .raw_folders import BOOKKEEPING, RawFile, files
from .reading import Reader
from .scale import inputs

pytestmark = pytest.mark.slow

AS_OF = "2026-03-01 00:00:00"
MODELS = ("stg_generic__opportunities", "stg_generic__leads")
STATUSES = {"used", "merged", "excluded", "quarantined"}
SAME = (
    *("created_at", "status", "campaign", "offer", "email", "company", "title", "industry"),
    *("employees", "country", "website", "pain", "timeframe", "score", "disqualification_reason"),
    *("handed_over_at", "accepted_at", "rejected_at", "row_status", "row_reason", "lead_id"),
)
"""Columns that both roads call by one name."""
OTHERS = {"lead_source": "source", "annual_revenue": "revenue", "owner_id": "owner"}


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    made = Reader(tmp_path_factory.mktemp("reader"), ["generic"], AS_OF)
    yield made
    made.close()


def put(reader: Reader, file: RawFile) -> Path:
    """The file alone in the folder of a CRM."""
    folder = reader.raw / "generic"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / file.name).write_bytes(file.content)
    return folder


def legal(file: RawFile) -> str:
    """Why the file cannot be read as a table of leads; empty when it can."""
    try:
        content = gzip.decompress(file.content) if file.name.endswith(".gz") else file.content
        text = content.decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (OSError, EOFError, zlib.error, UnicodeDecodeError, csv.Error) as error:
        return str(error) or "broken"
    if "\0" in text:
        return "NUL"
    if not rows or not rows[0]:
        return "empty"
    if len(rows[0]) > 1:
        rows = [row for row in rows if row]  # a blank line is no row
    if any(len(row) != len(rows[0]) for row in rows):
        return "ragged"
    return ""


def is_doubled(file: RawFile) -> bool:
    """Whether two columns have one name, of which either road may take another."""
    content = gzip.decompress(file.content) if file.name.endswith(".gz") else file.content
    header = next(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    names = [normalised(name.strip()) for name in header]
    return len(names) != len({*names})


def expected(folder: Path) -> list[Row]:
    """The leads as the second road reads them."""
    settings = Settings(AS_OF)
    raw = read_folder(folder)
    layout = layout_of("generic", raw, settings)
    assert layout
    crm = raw_crm("generic", raw, layout, settings)
    accounting.settle(crm, layout, settings)
    # A placeholder is no company.
    return [
        row | {"company": None if says_nothing(row["company"]) else row["company"]}
        for row in crm.rows["leads"]
    ]


def assert_same(found: list[dict[str, Any]], wanted: list[Row]) -> None:
    names = {name: name for name in SAME} | OTHERS
    ours = Counter(tuple(row[name] for name in names) for row in found)
    theirs = Counter(tuple(row[other] for other in names.values()) for row in wanted)
    assert ours == theirs, (ours - theirs, theirs - ours)


@example(file=RawFile("leads.csv", b'lead_id,"lea,d id",revenue\n1,2,1_000\n'))
@given(file=files())
@inputs(25, of=900)
def test_a_file_is_read_or_refused(reader: Reader, file: RawFile) -> None:
    check(reader, file)


TYPED = st.sampled_from(
    (
        *(
            "'x'",
            "1",
            "1::hugeint",
            "1.5::decimal(38, 10)",
            "'nan'::double",
            "'-inf'::double",
            "true",
        ),
        *("date '2026-01-02'", "'infinity'::date", "'0044-01-01 (BC)'::date", "null", "[[1], [2]]"),
        *("timestamp '2026-01-02'", "'infinity'::timestamp", "'290000-01-01'::timestamp"),
        *("timestamptz '2026-01-02'", "'-infinity'::timestamptz", "'290000-01-01'::timestamptz"),
        *("timestamp_ns '2026-01-02'", "timestamp_s '0001-01-01'", "time '03:04:05'", "uuid()"),
        *("interval 3 days", "{'a': 1}", "map {'k': 1}", "'a'::enum('a', 'b')", "'\\xAA'::blob"),
        *("255::utinyint", "18446744073709551615::ubigint", "'{}'::json", "['a']", "1::bit"),
    )
)


@example(values={"employees": "'-inf'::double", "score": "interval 3 days"})
@example(values={"created_at": "'290000-01-01'::timestamp", "accepted_at": "'infinity'::date"})
@example(values={"created_at": "timestamp_ns '2026-01-02'", "revenue": "'nan'::double"})
@given(values=st.dictionaries(st.sampled_from((*TABLES["leads"].columns, *BOOKKEEPING)), TYPED))
@inputs(10, of=200)
def test_parquet_of_any_type_is_read(reader: Reader, values: dict[str, str]) -> None:
    folder = put(reader, RawFile("leads.csv", b""))
    (folder / "leads.csv").unlink()
    told = {"lead_id": "1", "created_at": "'2026-01-05'"} | values
    selected = ", ".join(f'{value} as "{name}"' for name, value in told.items())
    write_parquet(folder / "leads.parquet", f"select {selected}")
    found = reader.rows(MODELS)
    assert not isinstance(found, str), found
    [row] = found["stg_generic__leads"]
    for name in ("created_at", "handed_over_at", "accepted_at", "rejected_at"):
        assert row[name] is None or isinstance(row[name], datetime), row[name]
    for name in ("employees", "annual_revenue", "score"):
        assert row[name] is None or isfinite(row[name]), row[name]


@pytest.mark.parametrize("name", ["leads.csv", "leads.csv.gz", "leads.parquet"])
def test_a_folder_with_the_name_of_a_table_is_none(reader: Reader, name: str) -> None:
    folder = put(reader, RawFile("opportunities.csv", b"opportunity_id,created_at\n1,2026-01-05\n"))
    (folder / name).mkdir()
    found = reader.rows(MODELS)
    assert not isinstance(found, str), found
    assert len(found["stg_generic__opportunities"]) == 1
    assert found["stg_generic__leads"] == []


def check(reader: Reader, file: RawFile) -> None:
    folder = put(reader, file)
    found = reader.rows(MODELS)
    why_not = legal(file)
    if isinstance(found, str):
        assert "\n" not in found
        assert "Traceback" not in found
        assert len(found) < 1000
        assert "Model m (p)" not in found, found  # an error that nobody foresaw
        told = (
            "has no column",
            "has none of the columns",
            "is separated by",
            "line ends of several",
        )
        assert why_not or any(one in found for one in told), found
        return
    leads = found["stg_generic__leads"]
    assert not why_not or not leads, why_not
    if not leads:
        return
    assert {row["row_status"] for row in leads} <= STATUSES
    wanted = expected(folder)
    assert len(leads) == len(wanted)
    if not is_doubled(file):
        assert_same(leads, wanted)

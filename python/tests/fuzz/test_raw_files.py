"""Any raw file is read as the second road reads it, row for row, or refused in one line."""

from __future__ import annotations

import csv
import gzip
import io
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from oracle import accounting
from oracle.layouts import layout_of, raw_crm
from oracle.raw import Row, read_folder
from oracle.settings import Settings
from oracle.tables import normalised

from .raw_folders import RawFile, files
from .reading import Reader
from .scale import inputs

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
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
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
    return crm.rows["leads"]


def assert_same(found: list[dict[str, Any]], wanted: list[Row]) -> None:
    names = {name: name for name in SAME} | OTHERS
    ours = Counter(tuple(row[name] for name in names) for row in found)
    theirs = Counter(tuple(row[other] for other in names.values()) for row in wanted)
    assert ours == theirs, (ours - theirs, theirs - ours)


@given(file=files())
@inputs(30, of=900)
def test_a_file_is_read_or_refused(reader: Reader, file: RawFile) -> None:
    check(reader, file)


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

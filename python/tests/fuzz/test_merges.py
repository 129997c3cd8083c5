"""Merges in chains, in circles, into themselves, into nothing: each ends where its chain does."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .reading import Reader
from .scale import inputs

pytestmark = pytest.mark.slow

OTHERS = (
    "lifecycle/int_lead_changes_unioned",
    "conversions/int_conversion_rows",
    "opportunities/int_contacts_unioned",
    "people/int_lead_merges_unioned",
    "people/int_leads_unioned",
    "people/int_lead_merges",
    "people/int_lead_records",
)
STAGING = (
    *("stg_salesforce__leads", "stg_salesforce__contacts", "stg_salesforce__lead_merges"),
    *("stg_salesforce__lead_history", "stg_salesforce__lead_changes"),
)
MODELS = (*STAGING, *(name.rpartition("/")[2] for name in OTHERS))
IDS = tuple(f"00Q{n}" for n in range(9))
ROWS = st.dictionaries(
    st.sampled_from(IDS), st.tuples(st.sampled_from(("", *IDS)), st.booleans()), min_size=1
)
"""Id -> the record that it was merged into, and whether it was deleted."""


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    made = Reader(
        tmp_path_factory.mktemp("merges"),
        ["salesforce"],
        "2026-03-01 00:00:00",
        [f"intermediate/{name}.sql" for name in OTHERS],
        {"crms": {"salesforce": "salesforce"}},
    )
    yield made
    made.close()


def survivor(rows: dict[str, tuple[str, bool]], record: str) -> str | None:
    """Where the chain ends; None where that is no record that counts, or a circle."""
    seen = set()
    while record in rows and rows[record][0]:
        if record in seen:
            return None
        seen.add(record)
        record = rows[record][0]
    return record if record in rows and not rows[record][1] else None


@given(rows=ROWS)
@inputs(8, of=200)
def test_each_record_ends_where_its_chain_does(
    reader: Reader, rows: dict[str, tuple[str, bool]]
) -> None:
    # What names itself was not merged.
    told = {one: ("" if into == one else into, gone) for one, (into, gone) in rows.items()}
    folder = reader.raw / "salesforce"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    with (folder / "Lead.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Id", "CreatedDate", "Status", "MasterRecordId", "IsDeleted"])
        writer.writerows(
            [one, "2026-01-05", "New", into, str(gone).lower()]
            for one, (into, gone) in rows.items()
        )
    found = reader.rows(MODELS)
    assert not isinstance(found, str), found
    status = {row["lead_id"]: row["row_status"] for row in found["stg_salesforce__leads"]}
    assert status == {
        f"salesforce:{one}": "merged" if into else "excluded" if gone else "used"
        for one, (into, gone) in told.items()
    }
    reached = {row["record_id"]: row["lead_id"] for row in found["int_lead_records"]}
    assert reached == {
        f"salesforce:{one}": end and f"salesforce:{end}"
        for one, (into, gone) in told.items()
        if into or not gone
        for end in [survivor(told, one)]
    }

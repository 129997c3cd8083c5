"""The set published before loses the forgotten and what is past retention, before it is read."""

from datetime import date
from pathlib import Path
from typing import Any, cast

import duckdb
import pytest
from kept_sets import one_after_the_other, publish, read
from leadsignal import history
from leadsignal.privacy import searching
from leadsignal.privacy.erasing import Erasing
from leadsignal.privacy.searching import Needles
from leadsignal.privacy.stores import Store
from leadsignal.privacy.suppression import Suppression
from leadsignal.settings import Settings
from tiny_marts import TinyMarts

AS_OF = "2026-10-31 23:59:59"


class Listed:
    """A store whose list has some records, of which a build has found one more."""

    def __init__(self, *ids: str, found: str = "") -> None:
        empty = Suppression()
        self.listed = empty.added([empty.hash(f"id:{one}") for one in ids], date(2026, 11, 1))
        self.found = {self.listed.hash(f"id:{found}")}

    def suppression(self) -> Suppression | None:
        return self.listed if self.listed.days else None

    def tied(self) -> set[str]:
        return self.found


def erasing(work: Path, store: Listed | None = None, **variables: Any) -> Erasing:
    folder = work / "build"
    folder.mkdir(exist_ok=True)
    settings = Settings(work, work, work, work, "", "duckdb", {}, variables=variables)
    return Erasing(settings, cast("Store | None", store))


def two_builds(folder: Path) -> tuple[Path, Path]:
    """Two sets of three leads with a deal each; the status of all has changed meanwhile."""
    sets = []
    for number, state in ((1, "working"), (2, "accepted")):
        marts = TinyMarts(build_id=f"b{number}", as_of=AS_OF)
        for created_at in ("2025-01-10 09:00:00", "2026-09-10 09:00:00", "2026-09-11 09:00:00"):
            lead_id = marts.lead(created_at, lead_state=state)
            closed_on = date(2025, 2, 1) if created_at < "2026" else None
            marts.insert(
                "fct_opportunities",
                opportunity_id=lead_id.replace(":L", ":D"),
                lead_id=lead_id,
                stage=state,
                closed_on=closed_on,
            )
            marts.insert("fct_lead_stages", lead_id=lead_id, stage="captured")
        sets.append(marts)
    first, second = one_after_the_other(folder, *sets)
    return first, second


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return two_builds(tmp_path_factory.mktemp("builds"))


def texts(file: Path, sql: str) -> list[Any]:
    con = read(file)
    try:
        return [row if len(row) > 1 else row[0] for row in con.execute(sql).fetchall()]
    finally:
        con.close()


def test_where_nobody_asked_the_set_itself_is_read(
    builds: tuple[Path, Path], tmp_path: Path
) -> None:
    for store in (None, Listed(), Listed("salesforce:L99")):
        made = erasing(tmp_path, store)
        assert made.remembered(builds[1], builds[1]) == builds[1]
        assert (made.removed, made.ids) == ({}, set())
    assert erasing(tmp_path).remembered(None, builds[1]) is None


def test_person_goes_from_facts_and_versions_and_numbers_stay(
    builds: tuple[Path, Path], tmp_path: Path
) -> None:
    made = erasing(tmp_path, Listed("salesforce:L2"))
    copy = made.remembered(builds[1], builds[1])
    assert copy not in (None, builds[1])
    assert copy
    assert made.ids == {"salesforce:L2"}
    assert made.removed == {
        "fct_leads": 1, "fct_lead_stages": 1, "fct_opportunities": 1,
        "lead_versions": 1, "opportunity_versions": 1,
    }  # fmt: skip
    for table in ("fct_leads", "fct_lead_stages", "lead_versions"):
        assert texts(copy, f"select distinct lead_id from {table} order by all") == [
            "salesforce:L1", "salesforce:L3",
        ]  # fmt: skip
    reported = "select * from scorecard_history order by all"
    assert texts(copy, reported) == texts(builds[1], reported)


def test_deals_of_the_person_stay_without_them(builds: tuple[Path, Path], tmp_path: Path) -> None:
    copy = erasing(tmp_path, Listed("salesforce:L2")).remembered(builds[1], builds[1])
    assert copy
    for table in ("fct_opportunities", "opportunity_versions"):
        assert texts(copy, f"select opportunity_id, lead_id from {table} order by all") == [
            ("salesforce:D1", "salesforce:L1"),
            ("salesforce:D2", None),
            ("salesforce:D3", "salesforce:L3"),
        ]


def test_records_that_the_build_has_found_go_as_well(
    builds: tuple[Path, Path], tmp_path: Path
) -> None:
    made = erasing(tmp_path, Listed("salesforce:nowhere", found="salesforce:L3"))
    made.remembered(builds[1], builds[1])
    assert made.ids == {"salesforce:L3"}


def test_history_that_is_carried_on_never_had_the_person(
    builds: tuple[Path, Path], tmp_path: Path
) -> None:
    later = TinyMarts(build_id="b3", as_of=AS_OF)
    for number in (1, 3):
        later.counter = number - 1
        later.lead("2026-09-10 09:00:00", lead_state="accepted")
    file = publish(later, tmp_path / "later.duckdb")
    with duckdb.connect(file) as con:  # what `publish` kept was without history
        for table in ("scorecard_history", "lead_versions", "opportunity_versions"):
            con.execute(f"drop table marts.{table}")
    history.keep(file, erasing(tmp_path, Listed("salesforce:L2")).remembered(builds[1], file))
    assert texts(file, "select count(*) from lead_versions where lead_id = 'salesforce:L2'") == [0]
    assert texts(file, "select count(*) from lead_versions where change = 'gone'") == [0]
    assert not searching.holds(file, Needles(ids=("salesforce:L2",)))
    assert searching.holds(file, Needles(ids=("salesforce:L3",)))


def test_bytes_of_what_went_are_in_no_new_file(tmp_path: Path) -> None:
    marker = "salesforce:zebra0000000000001"
    marts = TinyMarts(build_id="b1", as_of=AS_OF)
    marts.lead("2026-09-10 09:00:00", lead_id=marker)
    marts.lead("2026-09-10 09:00:00")
    file = publish(marts, tmp_path / "set.duckdb")
    assert b"zebra" in file.read_bytes()
    copy = erasing(tmp_path, Listed(marker)).remembered(file, file)
    assert copy
    assert b"zebra" not in copy.read_bytes()


def test_all_versions_of_what_is_past_retention_go(tmp_path: Path) -> None:
    sets = [TinyMarts(build_id=f"b{number}", as_of=AS_OF) for number in range(4)]
    for marts in sets:
        marts.lead("2026-09-10 09:00:00")
    for marts, closed_on in zip(sets[1:3], (None, date(2025, 2, 1)), strict=True):
        marts.lead("2025-01-10 09:00:00", lead_id="salesforce:old")
        marts.insert(
            "fct_opportunities", opportunity_id="salesforce:done", stage="x", closed_on=closed_on
        )
    last = one_after_the_other(tmp_path, *sets)[-1]
    changes = "select change from {} order by build_number"
    assert texts(last, changes.format("lead_versions")) == ["new", "gone"]
    assert texts(last, changes.format("opportunity_versions")) == ["new", "changed", "gone"]
    copy = erasing(tmp_path, retention_months=12).remembered(last, last)
    assert copy
    assert texts(copy, "from lead_versions") == texts(copy, "from opportunity_versions") == []


@pytest.mark.parametrize(
    ("months", "leads", "deals"), [(12, ["L2", "L3"], ["D2", "D3"]), (22, None, None)]
)
def test_what_is_past_retention_is_not_carried_on(
    builds: tuple[Path, Path],
    tmp_path: Path,
    months: int,
    leads: list[str] | None,
    deals: list[str] | None,
) -> None:
    made = erasing(tmp_path, retention_months=months)
    copy = made.remembered(builds[1], builds[1])
    assert copy
    if leads is None:
        assert copy == builds[1]
        return
    assert made.removed == {}
    for table in ("fct_leads", "fct_lead_stages", "lead_versions"):
        found = texts(copy, f"select distinct lead_id from {table} order by all")
        assert found == [f"salesforce:{one}" for one in leads]
    for table in ("fct_opportunities", "opportunity_versions"):
        found = texts(copy, f"select opportunity_id from {table} order by all")
        assert found == [f"salesforce:{one}" for one in deals or ()]
    reported = "select count(*) from scorecard_history"
    assert texts(copy, reported) == texts(builds[1], reported)

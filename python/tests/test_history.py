"""What every build reported is kept, and leads and deals as they stood in earlier sets."""

import random
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from kept_sets import one_after_the_other, publish, read
from leadsignal import history
from leadsignal.errors import BuildFailed
from leadsignal.history import versions
from leadsignal.history.carrying import carry, opened
from leadsignal.scorecard import scorecard
from tiny_marts import TinyMarts, fifty_leads

SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 6))]
REPORTED = "select * from scorecard_history where build_number = {} order by all"
FIELDS = ("value", "numerator", "denominator", "low", "high", "is_small_sample", "grade")


def named(build_id: str, **publication: Any) -> TinyMarts:
    return TinyMarts(build_id=build_id, **publication)


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return con.execute(sql).fetchall()


@pytest.fixture(scope="module")
def fifty(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    return read(publish(fifty_leads(), tmp_path_factory.mktemp("fifty") / "set.duckdb"))


@pytest.mark.parametrize("kind", ["week", "month", "quarter"])
@pytest.mark.parametrize("by", [None, "source"])
def test_what_is_kept_is_what_the_scorecard_says(
    fifty: duckdb.DuckDBPyConnection, kind: str, by: str | None
) -> None:
    card = scorecard(fifty, by, kind)
    kept = {
        (metric, segment): numbers
        for metric, segment, *numbers in rows(
            fifty,
            f"select metric, segment, {', '.join(FIELDS)} from scorecard_history where"
            f" period_kind = '{kind}' and period_start = date '{card.period.start}'"
            f" and (segment = 'all') = {by is None}",
        )
    }
    counted = [row for row in card.rows if row.numerator]
    assert {(row.metric, row.segment) for row in counted} <= kept.keys()
    assert len(counted) > 5 or kind != "month"
    for row in card.rows:
        if (numbers := kept.get((row.metric, row.segment))) is not None:
            assert numbers[1:] == [getattr(row, name) for name in FIELDS][1:]
            assert numbers[0] == row.value


def test_a_build_reports_a_quarter_of_weeks_a_year_of_months_and_a_year_of_quarters(
    fifty: duckdb.DuckDBPyConnection,
) -> None:
    card = rows(fifty, "select distinct build_number, build_id, as_of from scorecard_history")
    assert [(number, build_id) for number, build_id, _ in card] == [(1, "b")]
    starts = dict(
        rows(fifty, "select period_kind, max(period_start) from scorecard_history group by all")
    )
    assert starts["month"] == date(2026, 10, 1)
    assert starts["week"] <= date(2026, 10, 19)


def test_periods_are_those_of_the_reporting_time_zone(tmp_path: Path) -> None:
    marts = named("k", as_of="2026-12-31 18:29:59", reporting_timezone="Asia/Kolkata")
    marts.lead("2025-12-31 19:00:00")  # already 2026 in Kolkata
    marts.lead("2026-12-31 18:00:00")  # still 2026 there
    con = read(publish(marts, tmp_path / "set.duckdb"))
    found = rows(
        con,
        "select period_kind, period_start, value from scorecard_history"
        " where metric = 'lead_volume' and segment = 'all' and value > 0 order by all",
    )
    assert found == [
        ("month", date(2026, 1, 1), 1),
        ("month", date(2026, 12, 1), 1),
        ("quarter", date(2026, 1, 1), 1),
        ("quarter", date(2026, 10, 1), 1),
    ]


def test_what_was_reported_is_carried_over_word_for_word(tmp_path: Path) -> None:
    later = named("second", as_of="2026-11-30 23:59:59")
    later.lead(source="webinar")
    first, second, third = one_after_the_other(
        tmp_path, fifty_leads(), later, named("third", as_of="2026-12-31 23:59:59")
    )
    assert rows(read(second), REPORTED.format(1)) == rows(read(first), REPORTED.format(1))
    for number, file in ((1, first), (2, second)):
        assert rows(read(third), REPORTED.format(number)) == rows(
            read(file), REPORTED.format(number)
        )
    found = rows(
        read(third),
        "select distinct build_number, build_id, as_of from scorecard_history order by all",
    )
    assert [(number, build_id, str(as_of)) for number, build_id, as_of in found] == [
        (1, "b", "2026-10-31 23:59:59"),
        (2, "second", "2026-11-30 23:59:59"),
        (3, "third", "2026-12-31 23:59:59"),
    ]


def test_a_published_set_of_an_older_version_begins_no_history(tmp_path: Path) -> None:
    old = publish(fifty_leads(), tmp_path / "old.duckdb")
    with duckdb.connect(old) as con:
        for table in ("scorecard_history", "lead_versions", "opportunity_versions"):
            con.execute(f"drop table marts.{table}")
        con.execute("alter table marts.fct_leads drop column offer")
    con = read(publish(named("new"), tmp_path / "new.duckdb", old))
    assert rows(con, "select distinct build_number from scorecard_history") == [(1,)]
    assert rows(con, "select count(*) from lead_versions") == [(0,)]


def test_a_published_set_that_cannot_be_read_stops_the_build(tmp_path: Path) -> None:
    broken = tmp_path / "broken.duckdb"
    broken.write_bytes(b"no database at all" * 1000)
    with pytest.raises(BuildFailed, match=r"broken\.duckdb cannot be read, so what was reported"):
        publish(named("new"), tmp_path / "new.duckdb", broken)


def drawn(dice: random.Random, build_id: str) -> TinyMarts:
    """Some of the same twenty leads and deals, in any state."""
    marts = named(build_id)
    for number in range(20):
        if dice.random() < 0.7:
            marts.lead(
                lead_id=f"salesforce:{number}",
                source=dice.choice(["web", "webinar"]),
                campaign=dice.choice([None, "One", "Two"]),
                touch_count=dice.choice([0, 1]),
                is_icp_fit=dice.random() < 0.5,
            )
        if dice.random() < 0.7:
            amount = dice.choice([None, 0.0, 100.0])
            marts.deal(opportunity_id=f"salesforce:{number}", amount=amount)
    return marts


@pytest.mark.parametrize("seed", SEEDS)
def test_the_state_at_any_earlier_build_can_be_made_again(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    files = one_after_the_other(tmp_path, *(drawn(dice, f"build {n}") for n in range(3)))
    last = read(files[-1])
    for number, file in enumerate(files, 1):
        for table, (facts, _) in versions.VERSIONS.items():
            again = rows(last, f"select * from {versions.state(last, table, number)} order by all")
            assert again == rows(read(file), f"select * from {facts} order by all")
    changes = rows(last, "select distinct change from lead_versions order by all")
    assert changes == [("changed",), ("gone",), ("new",)]


def test_only_what_changed_is_kept(tmp_path: Path) -> None:
    sets = [named(name) for name in "ab"]
    for place, marts in enumerate(sets):
        marts.lead(lead_id="salesforce:same")
        marts.lead(lead_id="salesforce:other", source="webinar" if place else "web")
    _, file = one_after_the_other(tmp_path, *sets)
    assert rows(read(file), "select build_id, change, lead_id, source from lead_versions") == [
        ("b", "changed", "salesforce:other", "web")
    ]


def test_a_column_that_only_one_set_has_is_no_change(tmp_path: Path) -> None:
    first = named("a")
    first.lead(offer="Guide")
    earlier = publish(first, tmp_path / "a.duckdb")
    with duckdb.connect(earlier) as con:
        con.execute("alter table marts.fct_leads drop column offer")
        con.execute("alter table marts.fct_leads add column forgotten integer")
    second = named("b")
    second.lead(offer="Guide")
    con = read(publish(second, tmp_path / "b.duckdb", earlier))
    assert rows(con, "select count(*) from lead_versions") == [(0,)]


def test_what_builds_say_of_one_thing_lies_together(tmp_path: Path) -> None:
    names = "abc"
    _, _, file = one_after_the_other(tmp_path, *(fifty_leads() for _ in names))
    key = "period_kind, period_start, metric, segment, build_number"
    stored = rows(read(file), f"select {key} from scorecard_history order by rowid")
    assert stored == sorted(stored)
    assert len({row[-1] for row in stored}) == len(names)


def test_advice_is_kept_too(tmp_path: Path) -> None:
    _, file = one_after_the_other(tmp_path, fifty_leads(), named("b"))
    found = rows(
        read(file), "select distinct build_id from advice_history where period_kind = 'month'"
    )
    assert found == [("b",)]


def test_a_row_that_comes_twice_stops_the_build(tmp_path: Path) -> None:
    file = publish(named("a"), tmp_path / "set.duckdb")
    twice = "select * from scorecard_history union all select * from scorecard_history"
    with opened(file, None) as con:
        con.execute(f"create temp table twice as {twice}")
        with pytest.raises(BuildFailed, match="scorecard_history does not have one row for each"):
            carry(con, "scorecard_history", "select * from twice")


def test_the_tables_say_what_they_are(fifty: duckdb.DuckDBPyConnection) -> None:
    for table in ("scorecard_history", "lead_versions", "opportunity_versions", "advice_history"):
        [(comment,)] = rows(
            fifty, f"select comment from duckdb_tables() where table_name = '{table}'"
        )
        assert "Key: build_number" in comment
    missing = rows(
        fifty,
        "select column_name from duckdb_columns()"
        " where table_name in ('scorecard_history', 'advice_history') and comment is null",
    )
    assert missing == []


def test_a_marts_file_that_lacks_its_tables_is_no_build(tmp_path: Path) -> None:
    empty = tmp_path / "empty.duckdb"
    with duckdb.connect(empty) as con:
        con.execute("create schema marts")
    with pytest.raises(BuildFailed, match="What earlier builds reported cannot be kept"):
        history.keep(empty, None)

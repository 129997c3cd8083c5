"""Which reported numbers are different today, by how much, and by which leads and deals."""

import json
import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from kept_sets import one_after_the_other, read
from leadsignal.errors import UsageError
from leadsignal.history import changed
from leadsignal.history.builds import find
from leadsignal.history.changed import Cause, Changed, Restated
from leadsignal.metrics import definitions
from tiny_marts import TinyMarts

SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 6))]
OCTOBER = date(2026, 10, 1)
AT = "2026-10-10 09:00:00"
LEAD = "salesforce:1"
KEY = ("period_kind", "period_start", "metric", "segment")


def named(build_id: str, **publication: Any) -> TinyMarts:
    return TinyMarts(build_id=build_id, **publication)


def restated(
    folder: Path, then: dict[str, Any] | None, now: dict[str, Any] | None, **publication: Any
) -> Changed:
    """What changed when one lead (or none) becomes another, beside nine that stay as they are."""
    sets = [named("then"), named("now", **publication)]
    for marts, lead in zip(sets, (then, now), strict=True):
        for number in range(9):
            marts.lead(AT, lead_id=f"salesforce:stays {number}")
        if lead is not None:
            marts.lead(**{"created_at": AT, "lead_id": LEAD} | lead)
    return changed(read(one_after_the_other(folder, *sets)[-1]), "then")


def number(found: Changed, metric: str, segment: str = "all") -> Restated:
    """The one of October."""
    wanted = (metric, segment, "month", OCTOBER)
    [one] = [
        each
        for each in found.numbers
        if (each.metric, each.segment, each.period_kind, each.period_start) == wanted
    ]
    return one


FIT = {"is_icp_fit": True, "fit_verdict": "pass", "industry": "Software"}
REJECTED = {"sales_decision": "rejected", "rejected_at": "2026-10-13 09:00:00"}
ACCEPTED = {"sales_decision": "accepted", "accepted_at": "2026-10-14 09:00:00"}
FIT_RATE = "icp_fit_rate"
UNTOUCHED = {
    "first_touch_at": None,
    "hours_to_first_touch": None,
    "touch_count": 0,
    "is_follow_up_completed": False,
}


LEAD_CASES: list[tuple[Any, Any, str, str, tuple[int, int]]] = [
    (None, {}, "lead_volume", "new", (1, 0)),
    ({}, None, "lead_volume", "merged or deleted", (-1, 0)),
    (None, FIT, "icp_fit_rate", "new", (1, 1)),
    ({}, FIT, "icp_fit_rate", "facts about the lead changed", (1, 0)),
    (FIT, FIT | {"created_at": "2026-09-30 09:00:00"}, FIT_RATE, "date changed", (-1, -1)),
    ({}, {**FIT, "definition_version": "2026-10-01"}, "icp_fit_rate", "rule changed", (1, 0)),
    ({}, ACCEPTED, "sales_acceptance_rate", "decision changed", (1, 1)),
    (REJECTED, REJECTED | ACCEPTED, "sales_acceptance_rate", "decision changed", (1, 0)),
    (
        FIT,
        REJECTED | {"disqualification_issue": "fit", "fit_verdict": "fail"},
        "icp_fit_rate",
        "decision changed",
        (-1, 0),
    ),
    (UNTOUCHED, {}, "follow_up_completion_rate", "touched later", (1, 0)),
    (UNTOUCHED, {}, "median_hours_to_first_touch", "touched later", (1, 0)),
    (
        {},
        {"first_conversation_at": "2026-10-20 09:00:00"},
        "conversation_rate",
        "conversation changed",
        (1, 0),
    ),
    ({}, {"is_mature": True}, "lead_to_opportunity_rate", "time passed", (0, 1)),
    (
        {"is_mature": True},
        {
            "is_mature": True,
            "has_opportunity_in_horizon": True,
            "opportunity_at": "2026-10-22 09:00:00",
        },
        "lead_to_opportunity_rate",
        "opportunity changed",
        (1, 0),
    ),
]  # fmt: skip
DEAL_CASES: list[tuple[dict[str, Any], str, str]] = [
    ({"outcome": "lost", "closed_at": "2026-10-20 09:00:00"}, "win_rate", "outcome changed"),
    ({"amount": 500.0}, "pipeline_amount", "amount changed"),
    (
        {"is_sales_qualified": True, "lead_id": "salesforce:9"},
        "accepted_pipeline_amount",
        "lead behind it changed",
    ),
    (
        {"is_strong_pipeline": True, "has_next_step": True},
        "opportunity_quality_rate",
        "pipeline criteria changed",
    ),
    ({"created_at": "2026-09-12 09:00:00"}, "opportunities", "date changed"),
]


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Changed:
    """Two builds in which each case has a source of its own."""
    sets = [named("then"), named("now")]
    for place, (then, now, *_) in enumerate(LEAD_CASES):
        for marts, lead in zip(sets, (then, now), strict=True):
            if lead is not None:
                own = {"lead_id": f"salesforce:{place}", "source": f"case {place}"}
                marts.lead(**{"created_at": AT} | own | lead)
    for place, (change, *_) in enumerate(DEAL_CASES):
        for marts, more in zip(sets, ({}, change), strict=True):
            own = {"opportunity_id": f"salesforce:{place}", "source": f"deal {place}"}
            marts.deal(**{"created_at": AT, "amount": 100.0} | own | more)
    folder = tmp_path_factory.mktemp("cases")
    return changed(read(one_after_the_other(folder, *sets)[-1]), "then")


@pytest.mark.parametrize("place", range(len(LEAD_CASES)))
def test_each_restated_number_has_its_cause(cases: Changed, place: int) -> None:
    then, now, metric, cause, moved = LEAD_CASES[place]
    one = number(cases, metric, f"case {place}")
    assert one.causes == (Cause(cause, 1, *moved),)
    assert (one.numerator, one.denominator) == moved
    [row] = [
        row
        for row in cases.rows.to_pylist()
        if [row[name] for name in KEY] == ["month", OCTOBER, metric, f"case {place}"]
    ]
    assert (row["id"], row["cause"]) == (f"salesforce:{place}", cause)
    assert bool(row["changes"]) == (None not in (then, now))


@pytest.mark.parametrize("place", range(len(DEAL_CASES)))
def test_deals_are_explained_as_leads_are(cases: Changed, place: int) -> None:
    _, metric, cause = DEAL_CASES[place]
    [reason] = number(cases, metric, f"deal {place}").causes
    assert (reason.cause, reason.rows) == (cause, 1)


def test_a_lead_that_changes_its_source_moves_both_sources_and_not_the_whole(
    tmp_path: Path,
) -> None:
    found = restated(tmp_path, FIT, FIT | {"source": "webinar"})
    assert {each.segment for each in found.numbers} == {"web", "webinar"}
    lost, gained = (number(found, "icp_fit_rate", source) for source in ("web", "webinar"))
    assert lost.causes == (Cause("source changed", 1, -1, -1),)
    assert gained.causes == (Cause("source changed", 1, 1, 1),)
    assert (gained.value_then, gained.value_now) == (None, 1.0)
    changes = {
        (change["name"], change["was"], change["now"])
        for row in found.rows.to_pylist()
        for change in row["changes"]
    }
    assert changes == {("source", "web", "webinar")}


def test_what_does_not_count_restates_nothing(tmp_path: Path) -> None:
    found = restated(tmp_path, {}, {"campaign": "Another", "recycle_count": 2})
    assert found.numbers == ()
    assert found.rows.num_rows == 0
    assert "no number that it reported is different today" in found.render()


def test_a_later_build_reports_a_later_month_and_the_old_one_is_compared(tmp_path: Path) -> None:
    found = restated(tmp_path, {}, ACCEPTED, as_of="2026-12-31 23:59:59")
    one = number(found, "sales_acceptance_rate")
    assert (one.period_start, one.value_now) == (OCTOBER, 1.0)
    assert {each.period_start for each in found.numbers if each.period_kind == "month"} == {OCTOBER}


def test_what_is_made_of_other_numbers_says_so(tmp_path: Path) -> None:
    sets = [named("then"), named("now")]
    won = {"outcome": "won", "closed_at": "2026-10-20 09:00:00", "days_to_close": 8.0}
    for marts, amount in zip(sets, (100.0, 200.0), strict=True):
        marts.deal("2026-10-12 09:00:00", amount=amount, **won)
    found = changed(read(one_after_the_other(tmp_path, *sets)[-1]), "then")
    [cause] = number(found, "sales_velocity").causes
    assert (cause.cause, cause.rows) == ("by what it is computed from", 0)
    assert "  +100: amount changed (1 deal)" in found.render().splitlines()


def test_spend_that_becomes_known_later_restates_the_costs(tmp_path: Path) -> None:
    sets = [named("then"), named("now")]
    for marts, spend in zip(sets, ({}, {"web": 300.0}), strict=True):
        for place in range(3):
            marts.lead(AT, lead_id=f"salesforce:{place}")
        marts.spend("2026-10-01", **spend)
    one = number(changed(read(one_after_the_other(tmp_path, *sets)[-1]), "then"), "cost_per_lead")
    assert (one.value_then, one.value_now, one.numerator) == (None, 100.0, 300.0)
    assert [cause.rows for cause in one.causes] == [0]


def drawn(dice: random.Random, build_id: str, as_of: str) -> TinyMarts:
    """Some of the same forty leads and deals, in any state, over three months."""
    marts = named(build_id, as_of=as_of)
    for place in range(40):
        at = f"2026-{dice.choice(['08', '09', '10'])}-{dice.randint(1, 28):02} 09:00:00"
        state = dice.choice([{}, FIT, REJECTED, ACCEPTED, UNTOUCHED, {"is_mature": True}])
        if dice.random() < 0.8:
            source = dice.choice(["web", "webinar", "display"])
            marts.lead(at, lead_id=f"salesforce:{place}", source=source, **state)
        if dice.random() < 0.6:
            ended = {"outcome": "won", "closed_at": f"2026-10-{dice.randint(1, 30):02} 09:00:00"}
            marts.deal(
                at,
                opportunity_id=f"salesforce:{place}",
                amount=dice.choice([None, 0.1, 100.0]),
                source=dice.choice(["web", "webinar"]),
                **dice.choice([{}, ended | {"days_to_close": 5.0}]),
            )
    return marts


@pytest.mark.parametrize("seed", SEEDS)
def test_leads_and_deals_explain_every_difference_to_the_last_one(
    tmp_path: Path, seed: int
) -> None:
    dice = random.Random(seed)
    days = ("2026-10-31 23:59:59", "2026-11-30 23:59:59", "2026-12-31 23:59:59")
    sets = [drawn(dice, f"build {place}", day) for place, day in enumerate(days)]
    con = read(one_after_the_other(tmp_path, *sets)[-1])
    known = definitions.load(con)
    for build in ("build 0", "build 1"):
        found = changed(con, build)
        assert len(found.numbers) > 100
        for one in found.numbers:
            assert sum(cause.numerator for cause in one.causes) == pytest.approx(one.numerator)
            assert sum(cause.denominator for cause in one.causes) == pytest.approx(one.denominator)
            is_additive = known[one.metric].kind in ("count", "amount", "rate", "share")
            assert not is_additive or all(cause.rows for cause in one.causes)
            assert "metric or setting changed" not in {cause.cause for cause in one.causes}


def test_a_build_is_found_by_its_id_or_by_the_day_it_was_published(tmp_path: Path) -> None:
    days = {"20261031T10-aa": "2026-10-31 10:00:00", "20261115T10-bb": "2026-11-15 10:00:00"}
    sets = [named(build_id, built_at=day) for build_id, day in days.items()]
    sets.append(named("20261130T10-cc", built_at="2026-11-30 10:00:00"))
    con = read(one_after_the_other(tmp_path, *sets)[-1])
    for since, found in {
        "20261031T10-aa": "20261031T10-aa",
        "20261115": "20261115T10-bb",
        "2026-11-14": "20261031T10-aa",
        "2026-11-15": "20261115T10-bb",
        "2026-11-15 09:59:59": "20261031T10-aa",
    }.items():
        assert find(con, since, "UTC").build_id == found
    assert find(con, date(2026, 11, 29), "UTC").build_id == "20261115T10-bb"
    assert find(con, "2026-11-15", "America/New_York").build_id == "20261115T10-bb"
    assert changed(con, "20261130T10-cc").numbers == ()
    with pytest.raises(UsageError, match="No build that kept its numbers was published by 2026-10"):
        changed(con, "2026-10-30")
    with pytest.raises(UsageError, match="'yesterday' is neither a build nor a date"):
        changed(con, "yesterday")


def test_a_set_without_history_says_when_it_begins() -> None:
    with pytest.raises(UsageError, match="has not kept what was reported"):
        changed(TinyMarts().con, "2026-10-30")


def test_it_is_text_a_table_and_json(tmp_path: Path) -> None:
    found = restated(tmp_path, {}, FIT)
    text = found.render()
    assert text.startswith("Since build then (as of 2026-10-31 23:59), as build now (as of ")
    lines = text.splitlines()
    place = lines.index("month 2026-10  icp_fit_rate: 0.0% (0 of 10) -> 10.0% (1 of 10)")
    assert lines[place + 1] == "  +1 of +0: facts about the lead changed (1 lead)"
    assert lines[place + 2].startswith(f"    {LEAD}: ")
    assert "industry none -> Software" in lines[place + 2]
    told = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert len(told["numbers"]) == found.table.num_rows == len(found.numbers)
    assert told["since"]["build_id"] == "then"
    assert {row["id"] for row in told["rows"]} == {LEAD}


def test_where_the_cause_is_known_it_stands_for_all_others(tmp_path: Path) -> None:
    found = restated(tmp_path, FIT, {**FIT, "is_icp_fit": False, "fit_verdict": "fail"})
    known = found.because("rule changed")
    assert set(known.rows.column("cause").to_pylist()) == {"rule changed"}
    for was, now in zip(found.numbers, known.numbers, strict=True):
        assert sum(cause.numerator for cause in now.causes) == now.numerator == was.numerator
        assert sum(cause.rows for cause in now.causes) == sum(cause.rows for cause in was.causes)
        assert {cause.cause for cause in now.causes if cause.rows} <= {"rule changed"}
    assert [cause.cause for cause in number(known, FIT_RATE).causes] == ["rule changed"]

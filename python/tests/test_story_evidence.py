"""What every sentence rests on: each number of it is what its queries give, for every audience."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import duckdb
import pytest
from golden_crms import GoldenSet
from leadsignal import evidence
from leadsignal.errors import UsageError
from leadsignal.evidence import Evidence
from leadsignal.metrics import query as querying
from leadsignal.story import AUDIENCES, Story, story
from test_story import assert_explained, nothing, single, snapshot, two_months, untrusted
from tiny_marts import TinyMarts, fifty_leads

MADE: dict[str, Callable[[], TinyMarts]] = {
    make.__name__: make for make in (fifty_leads, two_months, untrusted, snapshot, nothing, single)
}
GOLDEN = ("quiet", "small", "broken_tracking", "no_reasons", "score_inflation", "mix_shift")


@dataclass
class Told:
    """A story and the set that it was told from."""

    con: duckdb.DuckDBPyConnection
    story: Story


@pytest.fixture(scope="session")
def tell(golden_set: Callable[[str], GoldenSet]) -> Callable[..., Told]:
    """`tell(name, audience)` is the story of a set of this module, or of a golden CRM."""
    cons: dict[str, Any] = {}

    @cache
    def telling(name: str, audience: str = "leadership") -> Told:
        if name not in cons:
            cons[name] = MADE[name]().con if name in MADE else golden_set(name).con
        return Told(cons[name], story(cons[name], audience=audience))

    return telling


every_story = pytest.mark.parametrize("audience", AUDIENCES)
every_set = pytest.mark.parametrize(
    "name", [*MADE, *(pytest.param(name, marks=pytest.mark.slow) for name in GOLDEN)]
)


@every_story
@every_set
def test_no_sentence_without_evidence(tell: Callable[..., Told], name: str, audience: str) -> None:
    told = tell(name, audience).story
    assert told.sentences
    assert [one.text for one in told.sentences if not one.evidence] == []


@every_story
@every_set
def test_every_number_is_what_its_queries_give(
    tell: Callable[..., Told], name: str, audience: str
) -> None:
    told = tell(name, audience)
    assert_explained(told.con, told.story)


@pytest.mark.parametrize(
    ("name", "audience"),
    [
        ("two_months", "leadership"),
        *(
            pytest.param("two_months", one, marks=pytest.mark.slow)
            for one in ("marketing", "sales")
        ),
        pytest.param("quiet", "leadership", marks=pytest.mark.slow),
    ],
)
def test_a_command_gives_the_number_of_its_evidence(
    tell: Callable[..., Told], name: str, audience: str
) -> None:
    told = tell(name, audience)
    for one in evidence.everything(told.story.sentences).values():
        _, _, _, metric, *more = shlex.split(one.command)
        if one.command.startswith("leadsignal"):
            table = querying.query(told.con, [metric], where=more[1:] or None)
            assert table.column(metric).to_pylist() in (
                [evidence.value(told.con, one).value],
                [],
            ), one.command
        else:
            told.con.execute(one.command)


def test_the_records_behind_a_count_are_as_many(tell: Callable[..., Told]) -> None:
    told = tell("two_months")
    counted = 0
    for one in evidence.everything(told.story.sentences).values():
        found = evidence.ids(told.con, one)
        if found and "amount" not in one.metric:
            assert len(set(found)) == len(found) == evidence.value(told.con, one).numerator
            counted += 1
    assert counted > 20


def test_the_same_question_has_the_same_id(tell: Callable[..., Told]) -> None:
    one, other = tell("two_months").story, tell("two_months", "sales").story
    shared = {each.id for each in evidence.everything(one.sentences).values()}
    assert shared & set(evidence.everything(other.sentences))
    texts = {each.text for each in evidence.everything(one.sentences).values()}
    assert len(texts) == len(shared)


def test_a_trace_names_the_query_its_value_and_some_leads(tell: Callable[..., Told]) -> None:
    told = tell("fifty_leads")
    traced = told.story.trace(told.con)
    accepted = next(part for part in traced.split("\n\n") if part.startswith("Sales accepted 12."))
    assert re.search(r"[0-9a-f]{8}  accepted_leads in 2026-10: 12\n", accepted)
    assert "leadsignal query --metrics accepted_leads --where" in accepted
    assert re.search(r"(salesforce:L\d+, ){9}salesforce:L\d+ and 2 more", accepted)
    assert "accepted_leads in 2026-10\n" in told.story.render(trace=True)


def test_a_story_is_json(tell: Callable[..., Told]) -> None:
    told = tell("fifty_leads").story
    found = told.to_dict()
    [first, *_] = found["paragraphs"]
    assert first[0]["text"] == "In October 2026 we captured 50 leads."
    assert found["evidence"][first[0]["evidence"][0]]["query"] == "leads in 2026-10"
    assert str(told) == told.render() == told.text


def test_what_is_no_metric_is_one_line() -> None:
    with pytest.raises(UsageError, match="no metric 'lead'"):
        evidence.value(TinyMarts().con, Evidence("lead"))
    with pytest.raises(UsageError, match="leads does not know 'sauce'"):
        evidence.value(
            TinyMarts().con, Evidence("leads", where=evidence.conditions("sauce = brown"))
        )


@pytest.mark.parametrize(
    "value", ["plain", "it's", 'the "best"', "a $5 and `b`", "and or in", "naïve, 100 %"]
)
def test_any_value_travels_through_a_text(value: str) -> None:
    marts = TinyMarts()
    marts.lead(campaign=value)
    marts.lead(campaign="other")
    one = Evidence("leads", None, evidence.conditions({"campaign": value}))
    assert evidence.value(marts.con, one).value == 1
    _, _, _, metric, _, where = shlex.split(one.command)
    assert querying.query(marts.con, [metric], where=where).column(metric).to_pylist() == [1]

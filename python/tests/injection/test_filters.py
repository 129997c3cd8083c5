"""A filter, a name, a day: whatever is asked, it is a value or it is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import duckdb
import pytest
from leadsignal import explain
from leadsignal.errors import UsageError
from leadsignal.history import changed
from leadsignal.metrics.asking import Metrics
from leadsignal.metrics.filters import Condition, parse
from leadsignal.metrics.query import query
from leadsignal.questions import answer
from leadsignal.scorecard import scorecard
from leadsignal.story import story
from tiny_marts import TinyMarts

from .payloads import EVERY, FEW


class Attacked:
    """A set with one lead for each payload, as its campaign, and the state it must stay in."""

    def __init__(self) -> None:
        self.marts = TinyMarts()
        for place, text in enumerate(EVERY):
            self.marts.accepted(campaign=text, offer=text, source=f"source {place}")
        self.con = self.marts.con
        self.before = self.state()

    def state(self) -> list[Any]:
        """Every table with its number of rows."""
        tables = self.con.execute(
            "select table_catalog, table_schema, table_name from information_schema.tables"
            " where not (table_catalog = 'temp') order by all"
        ).fetchall()
        leads = self.con.execute("select count(*) from leadsignal.marts.fct_leads").fetchall()
        return [*tables, *leads]


@pytest.fixture(scope="module")
def attacked() -> Attacked:
    return Attacked()


def written(text: str) -> str:
    """The text as a quoted value of a filter."""
    return "'" + text.replace("'", "''") + "'"


@pytest.mark.parametrize("text", EVERY)
def test_quoted_text_is_read_back_as_it_is(text: str) -> None:
    assert parse(f"campaign = {written(text)}") == [Condition("campaign", "=", (text,))]


@pytest.mark.parametrize("text", EVERY)
def test_filter_finds_the_one_lead_that_bears_the_text(attacked: Attacked, text: str) -> None:
    for where in (f"campaign = {written(text)}", {"campaign": text}, {"campaign": [text]}):
        found = query(attacked.con, ["leads"], ["campaign"], where).to_pylist()
        assert found == [{"campaign": text, "leads": 1}]
    [rest] = query(attacked.con, ["leads"], where=f"campaign <> {written(text)}").to_pylist()
    assert rest["leads"] == len(EVERY) - 1
    assert attacked.state() == attacked.before


@pytest.mark.parametrize("text", EVERY)
def test_sql_that_is_shown_is_of_one_statement_and_gives_the_same(
    attacked: Attacked, text: str
) -> None:
    shown = Metrics(attacked.con).explain_sql(["leads"], where={"campaign": text})
    assert len(duckdb.extract_statements(shown)) == 1
    assert attacked.con.execute(shown).fetchall() == [(1,)]


@pytest.mark.parametrize("text", FEW)
def test_story_of_a_part_is_of_that_part(attacked: Attacked, text: str) -> None:
    told = story(attacked.con, where=f"campaign = {written(text)}").render()
    assert "one lead" in told.lower()
    assert attacked.state() == attacked.before


ASKED: dict[str, Callable[[Any, str], Any]] = {
    "a whole filter": lambda con, text: query(con, ["leads"], where=text),
    "a name in a filter": lambda con, text: query(con, ["leads"], where={text: "x"}),
    "a value behind an operator": lambda con, text: query(
        con, ["leads"], where=f"created_on > {text}"
    ),
    "a metric": lambda con, text: query(con, [text]),
    "a dimension": lambda con, text: query(con, ["leads"], [text]),
    "a grain": lambda con, text: query(con, ["leads"], grain=text),
    "a first day": lambda con, text: query(con, ["leads"], start=text),
    "a last day": lambda con, text: query(con, ["leads"], end=text),
    "a lead": explain.explain,
    "a question": answer,
    "a cut of the scorecard": lambda con, text: scorecard(con, text),
    "a period": lambda con, text: scorecard(con, None, text),
    "a moment": lambda con, text: scorecard(con, None, "month", text),
    "a build": changed,
    "an audience": lambda con, text: story(con, audience=text),
    "a cut of the story": lambda con, text: story(con, where=f"{text} = x"),
}


@pytest.mark.parametrize("text", FEW)
@pytest.mark.parametrize("asked", ASKED)
def test_what_is_no_name_and_no_day_is_refused(attacked: Attacked, asked: str, text: str) -> None:
    with pytest.raises(UsageError) as caught:
        ASKED[asked](attacked.con, text)
    assert len(caught.value.lines) == 1
    assert attacked.state() == attacked.before

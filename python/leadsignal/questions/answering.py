"""Asking a question by its name, and what comes back."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from leadsignal import output
from leadsignal.errors import UsageError
from leadsignal.periods import Period
from leadsignal.questions.asking import Asked
from leadsignal.questions.registry import QUESTIONS

if TYPE_CHECKING:
    import duckdb

NOTHING_SQL = """
    select count(*), count(created_at), (select count(*) from fct_opportunities) from fct_leads
"""


@dataclass(frozen=True)
class Answer:
    """A question with its answer: one sentence or a few, and the table behind them."""

    name: str
    title: str
    sentence: str
    """How to read the table."""
    period: Period
    answer: str
    table: pa.Table
    is_answerable: bool = True

    def render(self) -> str:
        """The title, the answer, and the table under its reading guide."""
        lines = [self.title, "", self.answer]
        if self.table.num_rows:
            lines += ["", output.aligned(self.table), "", self.sentence]
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Everything, in types that JSON has."""
        rows = json.loads(json.dumps(self.table.to_pylist(), default=str))
        return {
            "question": self.name,
            "title": self.title,
            "period": self.period.label,
            "answer": self.answer,
            "is_answerable": self.is_answerable,
            "reading": self.sentence,
            "rows": rows,
        }


def answer(
    con: "duckdb.DuckDBPyConnection",
    name: str,
    period: str = "month",
    as_of: str | date | datetime | None = None,
) -> Answer:
    """The answer to the question `name` for the last complete period at `as_of`.

    Where the CRM cannot answer what the question needs, the answer says so and what to fix first;
    the table then holds what was counted, and no rate or verdict. Raises UsageError for an unknown
    question, period or `as_of`.
    """
    if name not in QUESTIONS:
        raise UsageError(f"There is no question '{name}'.", f"Ask one of: {', '.join(QUESTIONS)}.")
    question = QUESTIONS[name]
    asked = Asked.of(con, period, as_of)
    found = question.make(asked)
    said, table = found.answer, found.table
    doubts = asked.doubts(question.needs)
    if doubts:
        said = " ".join(doubt.sentence for doubt in doubts)
        table = _without(table, question.judged)
    missing = _missing(con, question.about)
    return Answer(
        name,
        question.title,
        question.sentence,
        asked.period,
        missing or said,
        table,
        is_answerable=not doubts and not missing,
    )


def ask(
    con: "duckdb.DuckDBPyConnection",
    name: str,
    period: str = "month",
    as_of: str | date | datetime | None = None,
) -> pa.Table:
    """The table of `answer`; its schema's metadata holds question, title, period, reading, answer.

    Raises UsageError as `answer` does.
    """
    said = answer(con, name, period, as_of)
    told = {key: str(value) for key, value in said.to_dict().items() if key != "rows"}
    return said.table.replace_schema_metadata(told)


def listing() -> str:
    """Every question by its name, one a line."""
    width = max(map(len, QUESTIONS))
    return "\n".join(f"{name.ljust(width)}  {each.title}" for name, each in QUESTIONS.items())


def _without(table: pa.Table, columns: tuple[str, ...]) -> pa.Table:
    """The table with these columns empty."""
    for name in columns:
        place = table.schema.get_field_index(name)
        field = table.schema.field(place)
        table = table.set_column(place, field, pa.nulls(table.num_rows, field.type))
    return table


def _missing(con: "duckdb.DuckDBPyConnection", about: str) -> str:
    """What is said when none of the records that a question is about are there; else nothing."""
    [(leads, dated, deals)] = con.execute(NOTHING_SQL).fetchall()
    if about == "leads" and not leads:
        return "Not answerable: no lead is on record. First: load the leads of the CRM."
    if about == "leads" and not dated:
        return "Not answerable: no lead says when it came in. First: load the creation times."
    if about == "deals" and not deals:
        return "Not answerable: no deal is on record. First: load the opportunities of the CRM."
    return ""

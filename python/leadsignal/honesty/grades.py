"""How far the CRM's own data can be trusted to answer, and what to mend first where it can't."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from leadsignal.metrics.questions import AMOUNTS

if TYPE_CHECKING:
    import duckdb

ORDER = ("low", "none", "medium", "high")
"""From too seldom answered to nearly always. What rests on a low answer is not answerable, even
where of another question there is nothing to ask (none)."""

MIN_ANSWERABLE = 0.6
"""What is known of a smaller share (0 to 1) says nothing: the default of the setting of that name,
by which crm_trust grades, for the published set does not say which was set."""

ABSENT = "not in the data: "
"""How crm_trust begins to say that raw tables or columns are not there; then comes what to do."""

TRUST_SQL = """
    select question_order, question, grade, answerable_rows, rows, missing from crm_trust
"""
AMOUNTS_SQL = """
    select outcome, count(*) filter (amount > 0) as priced, count(*) as deals
    from fct_opportunities where outcome in ('won', 'lost')
    group by outcome order by priced / deals, outcome limit 1
"""
"""Of the won or the lost deals, those of which fewer have an amount."""


@dataclass(frozen=True)
class Grade:
    """How well the CRM answers one question: high, medium, low, or none (nothing to ask)."""

    question: str
    question_order: int
    grade: str
    answerable_rows: int
    rows: int
    missing: str

    @property
    def is_low(self) -> bool:
        """Too few rows can answer: what rests on it is not answerable."""
        return self.grade == "low"

    @property
    def sentence(self) -> str:
        """Why a metric that needs this is not answerable, and what to do in the CRM first."""
        some = f"only {self.answerable_rows:,}" if self.answerable_rows else "none"
        absent, advice = "", self.missing
        if advice.startswith(ABSENT):
            absent, _, advice = advice.partition("; ")
        return (
            f"Not answerable: {some} of {self.rows:,} rows of the CRM say “{self.question}”"
            f"{f' ({absent})' if absent else ''}. First: {advice.rstrip('.')}."
        )


def grades(con: "duckdb.DuckDBPyConnection") -> dict[int, Grade]:
    """Every question's grade by its place in crm_trust."""
    found = {
        order: Grade(question, order, grade, answerable, rows, missing)
        for order, question, grade, answerable, rows, missing in con.execute(TRUST_SQL).fetchall()
    }
    for outcome, priced, deals in con.execute(AMOUNTS_SQL).fetchall():
        if priced < MIN_ANSWERABLE * deals:
            found[AMOUNTS] = Grade(
                f"what was a {outcome} deal worth", AMOUNTS, "low", priced, deals,
                f"Keep the amount of a deal when it is {outcome}",
            )  # fmt: skip
    return found


def worst(known: Mapping[int, Grade], questions: Iterable[int]) -> Grade | None:
    """The weakest of the answers behind a metric; None when any CRM can answer it."""
    asked = [known[question] for question in questions if question in known]
    return min(asked, key=lambda grade: ORDER.index(grade.grade), default=None)

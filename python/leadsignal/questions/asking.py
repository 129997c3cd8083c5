"""What a question is asked of: the published set, one period of it, and how far it can be trusted.

Every question counts with SQL where the rows are; Python only does the statistics of the counts.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from leadsignal.honesty.grades import Grade, grades
from leadsignal.periods import Period
from leadsignal.scorecard.counting import Publication, publication, records

if TYPE_CHECKING:
    import duckdb

LONG = timedelta(days=365)
"""Questions about what happens slowly look at the year that ends with the period."""
CAPTURED = "created_at >= $starts_at and created_at < $ends_at"
CAPTURED_IN_A_YEAR = "created_at >= $year_began_at and created_at < $ends_at"
HANDED_OVER = "handed_over_at >= $starts_at and handed_over_at < $ends_at"
TYPES = {
    "text": pa.string(),
    "count": pa.int64(),
    "number": pa.float64(),
    "day": pa.date32(),
}


@dataclass(frozen=True)
class Asked:
    """One question's moment: a connection to the published set and the period asked about."""

    con: "duckdb.DuckDBPyConnection"
    published: Publication
    period: Period

    @classmethod
    def of(
        cls, con: "duckdb.DuckDBPyConnection", kind: str, as_of: str | date | datetime | None
    ) -> "Asked":
        """The last complete period of that kind. Raises UsageError as the scorecard does."""
        published = publication(con)
        return cls(con, published, published.period(kind, as_of))

    def rows(self, sql: str, **more: object) -> list[dict[str, Any]]:
        """The rows of a query that names what it needs of the period as `$starts_at` and so on."""
        return records(self.con, sql, self._wanted(sql, more))

    def arrays(self, sql: str, **more: object) -> dict[str, Any]:
        """The columns of such a query as numpy arrays; none of them may have a null."""
        return self.con.execute(sql, self._wanted(sql, more)).fetchnumpy()

    def _wanted(self, sql: str, more: Mapping[str, object]) -> dict[str, object]:
        known = {
            "starts_at": self.period.starts_at,
            "ends_at": self.period.ends_at,
            "starts_on": self.period.start,
            "ends_on": self.period.end,
            "year_began_at": self.period.ends_at - LONG,
            "year_began_on": self.period.end - LONG,
            "as_of": self.published.as_of,
            "timezone": self.published.reporting_timezone,
            "sla_hours": self.published.follow_up_sla_hours,
        } | dict(more)
        return {name: known[name] for name in set(re.findall(r"\$(\w+)", sql))}

    def knows(self, *questions: int) -> bool:
        """Whether the CRM can answer these questions of crm_trust for enough rows."""
        return not self.doubts(questions)

    def doubts(self, questions: Iterable[int]) -> list[Grade]:
        """Those of these questions that the CRM answers for too few rows."""
        known = grades(self.con)
        return [known[each] for each in questions if each in known and known[each].is_low]

    @property
    def min_sample(self) -> int:
        """With fewer cases than this nothing is ranked."""
        return self.published.min_sample


@dataclass(frozen=True)
class Found:
    """What a question found: its table, and the answer in plain words."""

    table: pa.Table
    answer: str


@dataclass(frozen=True)
class Question:
    """One of the leader's questions: what it asks, how its table is read, what makes it."""

    title: str
    sentence: str
    """How to read the table, in one sentence."""
    make: Callable[[Asked], Found]
    about: str
    """leads or deals: without any of them on record there is no answer."""
    needs: tuple[int, ...] = ()
    """Places in crm_trust of what the CRM must be able to answer."""
    judged: tuple[str, ...] = ()
    """Columns that say more than was counted: empty when the CRM cannot answer what is needed."""


def tabled(rows: Iterable[Mapping[str, Any]], columns: str) -> pa.Table:
    """A table of the named columns ('source text, leads count'), whatever else the rows hold.

    Types: text, count (whole), number (float), day. What a row does not have is null.
    """
    kinds = [column.split() for column in columns.split(",")]
    schema = pa.schema([(name, TYPES[kind]) for name, kind in kinds])
    kept = [{name: row.get(name) for name in schema.names} for row in rows]
    return pa.Table.from_pylist(kept, schema=schema)

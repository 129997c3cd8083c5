"""What a sentence rests on: a metric query that anybody can run again, and the records behind it.

A query has a metric, a period on the metric's own axis and conditions. Its text decides its id, so
the same question has the same id in every story.
"""

import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from leadsignal import warehouse
from leadsignal.errors import UsageError
from leadsignal.metrics import definitions, filters
from leadsignal.metrics.definitions import Metric
from leadsignal.metrics.dimensions import ALIASES
from leadsignal.metrics.filters import Condition
from leadsignal.periods import Period

if TYPE_CHECKING:
    import duckdb

# What the facts are filtered by beside their own columns.
JOINED = {
    "fct_leads": """
        select facts.*, owners.owner_type, owners.is_active as is_owner_active
        from fct_leads as facts left join dim_owners as owners using (owner_id)
    """,
    "lead_quality_by_source": """
        select facts.*, sources.channel, sources.demand_type
        from lead_quality_by_source as facts left join dim_sources as sources using (source)
    """,
}
KEYS = {"fct_leads": "lead_id", "fct_opportunities": "opportunity_id"}
ID_LENGTH = 8


@dataclass(frozen=True)
class Value:
    """What a query gives. `numerator` is the count or amount; only a rate has a denominator."""

    numerator: float | None
    denominator: float | None = None

    @property
    def value(self) -> float | None:
        """The number itself: a rate is 0 to 1, and None over nothing."""
        if self.denominator is None:
            return self.numerator
        if self.numerator is None or not self.denominator:
            return None
        return self.numerator / self.denominator


@dataclass(frozen=True)
class Evidence:
    """One metric query. Without a period it is over all that is on record.

    A metric with a dot, such as `crm_trust.rows`, is a column of a published table, summed.
    """

    metric: str
    period: Period | None = None
    where: tuple[Condition, ...] = ()

    @property
    def text(self) -> str:
        """The query in words that it can be read back from, such as `leads in 2026-10`."""
        period = f" in {self.period.label}" if self.period else ""
        return f"{self.metric}{period}{' where ' if self.where else ''}{self._conditions}"

    @property
    def id(self) -> str:
        """Short, and the same wherever the same is asked."""
        return sha256(self.text.encode()).hexdigest()[:ID_LENGTH]

    @property
    def command(self) -> str:
        """What to type to see the number: `leadsignal query ...`, or SQL for a table's column."""
        table, _, column = self.metric.partition(".")
        if column:
            where = f" where {self._conditions}" if self.where else ""
            return f"select {column} from marts.{table}{where}"
        when = f"{self.period.kind} = {self.period.start}" if self.period else ""
        where = " and ".join(filter(None, (when, self._conditions)))
        option = f" --where {_in_a_shell(where)}" if where else ""
        return f"leadsignal query --metrics {self.metric}{option}"

    @property
    def _conditions(self) -> str:
        return " and ".join(map(written, self.where))


@dataclass(frozen=True)
class Sentence:
    """A sentence, or a line that begins with '- ', and the queries that every number is from."""

    text: str
    evidence: tuple[Evidence, ...] = ()


def say(text: str, *evidence: Evidence) -> Sentence:
    """A sentence with what it rests on, each query once."""
    return Sentence(text, tuple(dict.fromkeys(evidence)))


def conditions(*wheres: filters.Where) -> tuple[Condition, ...]:
    """Filters of any form, as in `filters`, that must hold together. Raises UsageError."""
    return tuple(one for where in wheres for one in filters.parse(where))


def written(condition: Condition) -> str:
    """A condition as `filters` reads it back."""
    if not condition.values:
        return f"{condition.name} {condition.operator}"
    values = [warehouse.literal(value) for value in condition.values]
    if condition.operator == "in":
        return f"{condition.name} in ({', '.join(values)})"
    return f"{condition.name} {condition.operator} {values[0]}"


def _in_a_shell(text: str) -> str:
    return shlex.quote(text) if set(text) & set('"$`\\!') else f'"{text}"'


def value(con: "duckdb.DuckDBPyConnection", evidence: Evidence) -> Value:
    """The number that the query gives. Raises UsageError for what is not known."""
    table, _, column = evidence.metric.partition(".")
    if column:
        # A moment, such as the publication's as_of, is no number.
        [(total,)] = _select(con, evidence, f"sum(try_cast({column} as double))", table)
        return Value(total)
    metric = _metric(con, evidence)
    sums = [f"sum({part})" if part else "null" for part in (metric.numerator, metric.denominator)]
    [(numerator, denominator)] = _select(con, evidence, ", ".join(sums), metric.table, metric.day)
    if metric.kind in ("count", "rate"):
        numerator = numerator or 0
    return Value(numerator, (denominator or 0) if metric.denominator else None)


def ids(con: "duckdb.DuckDBPyConnection", evidence: Evidence) -> list[str]:
    """The leads or deals that the number counts, in order; none for what counts neither."""
    if "." in evidence.metric:
        return []
    metric = _metric(con, evidence)
    key = KEYS.get(metric.table)
    if key is None:
        return []
    counted = f"({metric.numerator}) <> 0"
    rows = _select(con, evidence, key, metric.table, metric.day, counted, f"order by {key}")
    return [row[0] for row in rows]


def _metric(con: "duckdb.DuckDBPyConnection", evidence: Evidence) -> Metric:
    known = definitions.load(con)
    if evidence.metric not in known:
        raise UsageError(
            f"There is no metric '{evidence.metric}'.", f"There are: {', '.join(sorted(known))}."
        )
    return known[evidence.metric]


def _select(
    con: "duckdb.DuckDBPyConnection",
    evidence: Evidence,
    what: str,
    table: str,
    day: str = "",
    counted: str = "true",
    then: str = "",
) -> list[tuple[Any, ...]]:
    sql = JOINED.get(table, f"select * from {table}")
    types = {}
    if evidence.where:
        types = {row[0]: row[1] for row in con.execute(f"describe {sql}").fetchall()}
    holds, values = [counted], list[object]()
    if evidence.period and day:
        holds.append(f"{day} >= ? and {day} < ?")
        values += [evidence.period.start, evidence.period.end]
    for condition in evidence.where:
        column = ALIASES.get(condition.name, condition.name)
        if column not in types:
            raise UsageError(
                f"{evidence.metric} does not know '{condition.name}'.",
                f"It knows: {', '.join(sorted(types))}.",
            )
        holds.append(condition.sql(f'"{column}"', types[column]))
        values += condition.values
    where = " and ".join(holds)
    return con.execute(
        f"select {what} from ({sql}) as facts where {where} {then}", values
    ).fetchall()


def everything(sentences: Iterable[Sentence]) -> dict[str, Evidence]:
    """All evidence of some sentences by its id, in the order of its first use."""
    return {one.id: one for sentence in sentences for one in sentence.evidence}

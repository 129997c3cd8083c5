"""What a sentence rests on: a metric query that anybody can run again, and the records behind it.

A query has a metric, a period on the metric's own axis and conditions. Its text decides its id, so
the same question has the same id in every story.
"""

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from leadsignal.errors import UsageError
from leadsignal.metrics import filters
from leadsignal.metrics.filters import Condition
from leadsignal.metrics.measures import Axis
from leadsignal.metrics.metric_counts import SPENT, Metric, all_metrics
from leadsignal.periods import Period

if TYPE_CHECKING:
    import duckdb

TABLES = {
    "leads": """
        select leads.*, owners.owner_type, owners.is_active as is_owner_active
        from fct_leads as leads left join dim_owners as owners using (owner_id)
    """,
    "opportunities": "select * from fct_opportunities",
    "spend": """
        select counts.*, sources.channel, sources.demand_type
        from lead_quality_by_source as counts left join dim_sources as sources using (source)
    """,
}
KEYS = {"leads": "lead_id", "opportunities": "opportunity_id"}
_NAMES = {"owner": "owner_id", "company": "company_id"}
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
    values = ["'" + value.replace("'", "''") + "'" for value in condition.values]
    if condition.operator == "in":
        return f"{condition.name} in ({', '.join(values)})"
    return f"{condition.name} {condition.operator} {values[0]}"


def _in_a_shell(text: str) -> str:
    return shlex.quote(text) if set(text) & set('"$`\\!') else f'"{text}"'


def value(con: "duckdb.DuckDBPyConnection", evidence: Evidence) -> Value:
    """The number that the query gives. Raises UsageError for what is not known."""
    table, _, column = evidence.metric.partition(".")
    if column:
        [(total,)] = _select(con, f"select * from {table}", f"sum({column})", evidence)
        return Value(total)
    metric = _metric(evidence.metric)
    both = f"{metric.numerator}, {metric.denominator or 'null'}"
    [(numerator, denominator)] = _select(con, TABLES[metric.axis.table], both, evidence)
    return Value(numerator, denominator)


def ids(con: "duckdb.DuckDBPyConnection", evidence: Evidence) -> list[str]:
    """The leads or deals that the number counts, in order; none for what counts neither."""
    if "." in evidence.metric:
        return []
    metric = _metric(evidence.metric)
    key = KEYS.get(metric.axis.table)
    if key is None:
        return []
    of_each = f"group by {key} having {metric.numerator} <> 0 order by {key}"
    return [row[0] for row in _select(con, TABLES[metric.axis.table], key, evidence, of_each)]


def _metric(name: str) -> Metric:
    known = all_metrics()
    if name not in known:
        raise UsageError(f"There is no metric '{name}'.", f"There are: {', '.join(sorted(known))}.")
    return known[name]


def _select(
    con: "duckdb.DuckDBPyConnection", table: str, what: str, evidence: Evidence, then: str = ""
) -> list[tuple[Any, ...]]:
    types: Mapping[str, str] = {
        row[0]: row[1] for row in con.execute(f"describe {table}").fetchall()
    }
    holds, values = [], []
    if evidence.period:
        sql, bounds = _inside(_metric(evidence.metric).axis, evidence.period)
        holds.append(sql)
        values += bounds
    for condition in evidence.where:
        column = _NAMES.get(condition.name, condition.name)
        if column not in types:
            raise UsageError(f"{evidence.metric} does not know '{condition.name}'.")
        holds.append(condition.sql(f'"{column}"', types[column]))
        values += condition.values
    where = f"where {' and '.join(holds)}" if holds else ""
    return con.execute(f"select {what} from ({table}) as facts {where} {then}", values).fetchall()


def _inside(axis: Axis, period: Period) -> tuple[str, list[Any]]:
    is_day = axis.is_day or axis == SPENT
    bounds = (period.start, period.end) if is_day else (period.starts_at, period.ends_at)
    return f"{axis.moment} >= ? and {axis.moment} < ?", list(bounds)


def everything(sentences: Iterable[Sentence]) -> dict[str, Evidence]:
    """All evidence of some sentences by its id, in the order of its first use."""
    return {one.id: one for sentence in sentences for one in sentence.evidence}

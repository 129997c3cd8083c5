"""From a question to SQL: one statement for each axis that the metrics are counted on.

Names are looked up in the catalog and values travel as parameters, so nothing that a user wrote
becomes part of a statement.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from leadsignal import warehouse
from leadsignal.errors import UsageError
from leadsignal.metrics import days, filters
from leadsignal.metrics.catalog import Catalog, did_you_mean
from leadsignal.metrics.definitions import AS_OF, Metric
from leadsignal.metrics.dimensions import BY_MONTH, GRAINS, Dimension, Subject, grains
from leadsignal.metrics.filters import Condition

if TYPE_CHECKING:
    import duckdb

ALWAYS = ("captured", "opened", AS_OF)
"""Every lead was captured and every deal opened, even where the CRM does not say when."""
TIMES = ("DATE", "TIMESTAMP")
"""Types of columns that are compared with spans of time: a day, a month or a quarter."""


@dataclass(frozen=True)
class Question:
    """What is asked, with every metric known and every filter read."""

    metrics: tuple[Metric, ...]
    by: tuple[str, ...]
    conditions: tuple[Condition, ...] = ()

    @property
    def by_source(self) -> bool:
        """Whether the answer rests on knowing where leads come from."""
        return "source" in self.by or any(one.name == "source" for one in self.conditions)


@dataclass(frozen=True)
class Statement:
    """SQL with `$name` in the place of values; its columns are the dimensions, then `outputs`."""

    sql: str
    values: dict[str, str]
    outputs: tuple[str, ...]

    @property
    def text(self) -> str:
        """The same with the values written into it, to be read and run by hand."""
        return re.sub(
            r"\$(p\d+_\d+)", lambda place: warehouse.literal(self.values[place[1]]), self.sql
        )


def question(
    catalog: Catalog,
    metrics: str | Sequence[str],
    by: str | Sequence[str] = (),
    where: filters.Where = None,
    grain: str | None = None,
    start: str | date | None = None,
    end: str | date | None = None,
) -> Question:
    """Checks and reads what is asked. Raises UsageError for what is not understood."""
    conditions = filters.parse(where)
    first, last = days.first(start), days.last(end)
    if first and last and first > last:
        raise UsageError(f"start {start} is after end {end}.", "Let end be the last day.")
    for operator, day in ((">=", first), ("<=", last)):
        if day is not None:
            conditions.append(Condition(DAY, operator, (day.isoformat(),)))
    found = catalog.named(_names(metrics, "metrics"))
    return Question(tuple(found), tuple(_dimensions(_names(by, "by"), grain)), tuple(conditions))


DAY = "start or end"
"""The name, which no written filter can have, of the metric's own day."""


@dataclass(frozen=True)
class Part:
    """The metrics of a question that are counted over one table by one day."""

    con: "duckdb.DuckDBPyConnection"
    catalog: Catalog
    question: Question
    metrics: tuple[Metric, ...]

    @property
    def day(self) -> str:
        """The column of the axis; empty for what is true as of now."""
        return self.metrics[0].day

    @property
    def subject(self) -> Subject:
        """The table that is counted."""
        return self.catalog.subjects[self.metrics[0].table]

    def statement(self) -> Statement:
        """Its counts and amounts, as MetricFlow plans them."""
        from leadsignal.metrics import engine

        measures = tuple(dict.fromkeys(name for one in self.metrics for name in one.inputs))
        elements = [self._element(name) for name in self.question.by]
        kinds = [self.kind(name) for name in self.question.by]
        where = [self._filter(number) for number in range(len(self.question.conditions))]
        if self.metrics[0].axis not in ALWAYS:
            where.append(f"{self.subject.period(self.day, 'day')} is not null")
        request = engine.Request(measures, tuple(dict.fromkeys(elements)), tuple(where))
        planned = engine.planner(self.catalog.manifest).sql(request)
        columns = [
            # What MetricFlow truncates is a timestamp.
            f'cast("{element}" as {kind}) as "{name}"'
            if kind == "DATE"
            else f'"{element}" as "{name}"'
            for name, element, kind in zip(self.question.by, elements, kinds, strict=True)
        ]
        outputs = [f'"{measure}"' for measure in measures]
        sql = f"select {', '.join(columns + outputs)}\nfrom (\n{planned}\n) as counted"
        return Statement(sql, self.values, measures)

    def dimension(self, name: str) -> Dimension:
        """The dimension of that name. Raises UsageError when these metrics do not know it."""
        found = self.subject.get(name)
        if found is None:
            names = sorted([*grains(self.day), *self.subject.names])
            raise UsageError(
                f"{self.metrics[0].name} does not know '{name}'.",
                did_you_mean(name, names) or f"It knows: {', '.join(names)}.",
            )
        return found

    def grain(self, grain: str) -> str:
        """Checks that these metrics have such periods. Raises UsageError."""
        name = self.metrics[0].name
        if not self.day:
            raise UsageError(
                f"{name} is what stands at the publication's as_of: it has no {grain}.",
                f"Leave out {grain}, or ask for {name} by itself.",
            )
        if grain in GRAINS and grain not in grains(self.day):
            raise UsageError("Costs are known by month.", "Use month or quarter, not week.")
        return grain

    @cached_property
    def values(self) -> dict[str, str]:
        """The values of the filters by the names that stand for them."""
        return {
            f"p{number}_{place}": text
            for number, condition in enumerate(self.question.conditions)
            for place, text in enumerate(self._texts(condition))
        }

    def kind(self, name: str) -> str:
        """The type of what a filter compares."""
        if name in GRAINS or name == DAY:
            return "DATE"
        dimension = self.dimension(name)
        return self.catalog.types[dimension.table, dimension.column]

    def compared(self, number: int, column: str) -> str:
        """The SQL of the filter of that number over a column."""
        condition = self.question.conditions[number]
        places = [f"${name}" for name in self.values if name.startswith(f"p{number}_")]
        kind = self.kind(condition.name)
        is_span = kind in TIMES and condition.operator in filters.WITHIN
        return (condition.within if is_span else condition.sql)(column, kind, places)

    def _element(self, name: str) -> str:
        if name in GRAINS:
            return f"metric_time__{self.grain(name)}"
        return self.dimension(name).element

    def _filter(self, number: int) -> str:
        name = self.question.conditions[number].name
        if name == DAY:
            self.grain(DAY)
            return self.compared(number, self.subject.period(self.day, self._finest))
        if name in GRAINS:
            return self.compared(number, self.subject.period(self.day, self.grain(name)))
        return self.compared(number, self.dimension(name).template)

    @property
    def _finest(self) -> str:
        return "month" if self.day == BY_MONTH else "day"

    def _texts(self, condition: Condition) -> list[str]:
        """The condition's values as the type of its column can read them, times by their ends.

        Raises UsageError.
        """
        kind = self.kind(condition.name)
        found: list[str] = []
        for value in condition.values:
            texts = condition.ends(*days.span(value, kind)) if kind in TIMES else (value,)
            self._check(condition, value, texts)
            found += texts
        return found

    def _check(self, condition: Condition, value: str, texts: Iterable[str]) -> None:
        """Checks what stands for one value. Raises UsageError."""
        kind = self.kind(condition.name)
        sql = f"select try_cast(? as {filters.compared_as(kind)}) is null"
        for text in texts:
            if self.con.execute(sql, [text]).fetchall()[0][0]:
                raise UsageError(
                    f"'{value}' cannot be compared with {condition.name}, "
                    f"which is a {kind.lower()}.",
                    filters.EXAMPLE,
                )
            if condition.name == DAY and self.day == BY_MONTH:
                days.check_months(date.fromisoformat(text), is_end=condition.operator == "<=")


def parts(
    con: "duckdb.DuckDBPyConnection", catalog: Catalog, asked: Question, metrics: Iterable[Metric]
) -> list[Part]:
    """The metrics by table and day, each a part of its own."""
    groups: dict[tuple[str, str], list[Metric]] = {}
    for metric in metrics:
        groups.setdefault((metric.table, metric.day), []).append(metric)
    return [Part(con, catalog, asked, tuple(group)) for group in groups.values()]


def _names(told: object, argument: str) -> list[str]:
    """One name or several, each once; nobody has checked what Python was given."""
    names = [told] if isinstance(told, str) else told or ()
    if not isinstance(names, Iterable) or not all(isinstance(name, str) for name in names):
        raise UsageError(f"`{argument}` is {told!r}.", "Let it be a name or a list of names.")
    return list(dict.fromkeys(names))


def _dimensions(names: list[str], grain: str | None) -> list[str]:
    if grain is None:
        return names
    if grain not in GRAINS:
        raise UsageError(f"'{grain}' is no grain.", f"Use one of: {', '.join(GRAINS)}.")
    other = [name for name in names if name in GRAINS and name != grain]
    if other:
        raise UsageError(f"Both {other[0]} and the grain {grain} are asked for.", "Use one.")
    return names if grain in names else [grain, *names]

"""Answers to questions: counts of every group, and what follows from them, one row per metric.

Rates are formed here once from two sums; no rate is ever averaged.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from leadsignal.honesty import wilson
from leadsignal.metrics import durations, planning
from leadsignal.metrics.catalog import Catalog
from leadsignal.metrics.definitions import Metric
from leadsignal.metrics.planning import Question, Statement

if TYPE_CHECKING:
    import duckdb

Group = tuple[Any, ...]
Cells = dict[Group, Any]

MEASURED = (
    ("metric", pa.string()),
    ("value", pa.float64()),
    ("numerator", pa.float64()),
    ("denominator", pa.float64()),
    ("low", pa.float64()),
    ("high", pa.float64()),
    ("is_small_sample", pa.bool_()),
    ("grade", pa.string()),
)
"""The columns of an answer after its dimensions."""


@dataclass(frozen=True)
class Number:
    """One metric of one group; None is 'not known', never 0."""

    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    low: float | None = None
    high: float | None = None
    is_small_sample: bool = False


@dataclass
class Counted:
    """What the statements of a question gave."""

    types: dict[str, pa.DataType] = field(default_factory=dict)
    groups: dict[Group, None] = field(default_factory=dict)
    measures: dict[tuple[str, str], Cells] = field(default_factory=dict)
    """By day and measure: the sums of each group."""
    integers: set[tuple[str, str]] = field(default_factory=set)
    """Those that count: nothing counted is 0, while nothing summed is not known."""

    def add(
        self, table: pa.Table, by: Sequence[str], outputs: Mapping[str, tuple[str, str]]
    ) -> None:
        """The rows of one statement; `outputs` says which sums its columns are."""
        for name in by:
            self.types.setdefault(name, table.schema.field(name).type)
        keys = [table.column(name).to_pylist() for name in by]
        groups: list[Group] = list(zip(*keys, strict=True)) if by else [()] * table.num_rows
        self.groups.update(dict.fromkeys(groups))
        for column, place in outputs.items():
            values = table.column(column)
            if pa.types.is_decimal(values.type) or pa.types.is_integer(values.type):
                self.integers.add(place)
                values = values.cast(pa.int64())
            self.measures[place] = dict(zip(groups, values.to_pylist(), strict=True))

    def sum(self, day: str, measure: str, group: Group) -> Any:
        """One sum of one group."""
        found = self.measures[day, measure].get(group)
        return 0 if found is None and (day, measure) in self.integers else found


def answer(con: "duckdb.DuckDBPyConnection", catalog: Catalog, asked: Question) -> pa.Table:
    """The rows of an answer in order of their groups: the dimensions, then MEASURED.

    Each group that any of the metrics has is a row of every metric.
    """
    counted = Counted()
    for statement, outputs in _statements(con, catalog, asked):
        table = con.sql(statement.sql, params=statement.values).to_arrow_table()
        counted.add(table, asked.by, outputs)
    groups = sorted(counted.groups, key=_nulls_last)
    columns: dict[str, list[Any]] = {name: [] for name, _ in MEASURED}
    numbers = [
        (metric, _numbers(con, catalog, metric, counted, groups)) for metric in asked.metrics
    ]
    grades = {one.name: catalog.grade(one, asked.by_source) for one in asked.metrics}
    for place in range(len(groups)):
        for metric, found in numbers:
            for name, value in vars(found[place]).items():
                columns[name].append(value)
            columns["metric"].append(metric.name)
            columns["grade"].append(grades[metric.name])
    arrays = {
        name: pa.array(
            [group[place] for group in groups for _ in asked.metrics], counted.types[name]
        )
        for place, name in enumerate(asked.by)
    }
    return pa.table(arrays | {name: pa.array(columns[name], kind) for name, kind in MEASURED})


def statements(
    con: "duckdb.DuckDBPyConnection", catalog: Catalog, asked: Question
) -> list[Statement]:
    """The SQL behind an answer."""
    return [statement for statement, _ in _statements(con, catalog, asked)]


def _statements(
    con: "duckdb.DuckDBPyConnection", catalog: Catalog, asked: Question
) -> Iterator[tuple[Statement, dict[str, tuple[str, str]]]]:
    """Each statement, and which sums its columns are."""
    leaves = dict.fromkeys(leaf for metric in asked.metrics for leaf in catalog.leaves(metric))
    lasting = [leaf for leaf in leaves if leaf.kind == "duration"]
    summed = [leaf for leaf in leaves if leaf.kind != "duration"]
    for part in planning.parts(con, catalog, asked, summed):
        statement = part.statement()
        yield statement, {name: (part.day, name) for name in statement.outputs}
    for part in planning.parts(con, catalog, asked, lasting):
        for metric in part.metrics:
            outputs = {name: (metric.name, name) for name in durations.OUTPUTS}
            yield durations.statement(part, metric), outputs


def _numbers(
    con: "duckdb.DuckDBPyConnection",
    catalog: Catalog,
    metric: Metric,
    counted: Counted,
    groups: Sequence[Group],
) -> list[Number]:
    """The metric of each group."""
    if metric.kind == "derived":
        inputs = {
            name: _numbers(con, catalog, catalog.metrics[name], counted, groups)
            for name in metric.inputs
        }
        return _derived(con, metric, inputs)
    if metric.kind == "duration":
        lists = (
            [counted.sum(metric.name, output, group) or [] for output in durations.OUTPUTS]
            for group in groups
        )
        return [_median(finished, going_on, catalog.min_sample) for finished, going_on in lists]
    sums = [
        [counted.sum(metric.day, measure, group) for measure in metric.inputs] for group in groups
    ]
    if metric.kind in ("count", "amount"):
        is_count = metric.kind == "count"
        return [
            Number(value, value, is_small_sample=is_count and (value or 0) < catalog.min_sample)
            for [value] in sums
        ]
    return _ratios(metric, sums, catalog.min_sample)


def _ratios(metric: Metric, sums: Sequence[Sequence[Any]], min_sample: int) -> list[Number]:
    intervals: list[tuple[float | None, float | None]] = [(None, None)] * len(sums)
    if metric.kind == "rate":
        lows, highs = wilson.bounds([k for k, _ in sums], [n for _, n in sums])
        pairs = zip(lows.tolist(), highs.tolist(), sums, strict=True)
        intervals = [(low, high) if n else (None, None) for low, high, (_, n) in pairs]
    return [
        Number(
            value=None if above is None or not below else above / below,
            numerator=above,
            denominator=below,
            low=low,
            high=high,
            is_small_sample=((cases[0] if cases else below) or 0) < min_sample,
        )
        for (above, below, *cases), (low, high) in zip(sums, intervals, strict=True)
    ]


def _median(finished: list[float], going_on: list[float], min_sample: int) -> Number:
    from leadsignal.honesty.survival import kaplan_meier_median

    median, cases = kaplan_meier_median(finished, going_on), len(finished) + len(going_on)
    few = cases < min_sample
    return Number(median.value, len(finished), cases, median.low, median.high, few)


def _derived(
    con: "duckdb.DuckDBPyConnection", metric: Metric, inputs: Mapping[str, Sequence[Number]]
) -> list[Number]:
    values = {name: [number.value for number in found] for name, found in inputs.items()}
    few = [any(one.is_small_sample for one in row) for row in zip(*inputs.values(), strict=True)]
    return [
        Number(value, is_small_sample=is_few)
        for value, is_few in zip(formula(con, metric, values), few, strict=True)
    ]


def formula(
    con: "duckdb.DuckDBPyConnection",
    metric: Metric,
    inputs: Mapping[str, Sequence[float | None]],
) -> list[float | None]:
    """A derived metric from the values of its inputs: the formula of the YAML, row by row."""
    columns = ", ".join(f'unnest(cast(${name} as double[])) as "{name}"' for name in inputs)
    sql = f"select {metric.numerator} from (select {columns})"
    return [row[0] for row in con.execute(sql, dict(inputs)).fetchall()]


def _nulls_last(group: Group) -> tuple[tuple[bool, Any], ...]:
    return tuple((value is None, value if value is not None else 0) for value in group)

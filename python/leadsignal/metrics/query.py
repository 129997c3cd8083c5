"""Any metric by any dimension, from the published facts.

Additive counts are summed over the rows of a group and divided once, so that a rate is always a
ratio of sums and never an average of rates.
"""

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa

from leadsignal.errors import UsageError
from leadsignal.metrics import filters
from leadsignal.metrics.measures import AS_OF, CAPTURED, OPENED, Axis
from leadsignal.metrics.metric_counts import SPENT, Metric, all_metrics
from leadsignal.scorecard.counting import publication

if TYPE_CHECKING:
    import duckdb

GRAINS = ("week", "month", "quarter")
TABLES = {
    "leads": "select * from fct_leads",
    # A deal belongs to the campaign and the offer of the lead it came from.
    "opportunities": """
        select deals.*, leads.campaign, leads.offer
        from fct_opportunities as deals left join fct_leads as leads using (lead_id)
    """,
    "spend": """
        select counts.*, sources.channel, sources.demand_type
        from lead_quality_by_source as counts left join dim_sources as sources using (source)
    """,
}
_ALIASES = {"owner": "owner_id", "company": "company_id"}
_KEYS = {"lead_id", "opportunity_id"}
_MONTH = re.compile(r"\d{4}-\d{2}")


def query(
    con: "duckdb.DuckDBPyConnection",
    metrics: Sequence[str],
    by: Sequence[str] = (),
    where: filters.Where = None,
    grain: str | None = None,
) -> pa.Table:
    """One row per group of `by`, sorted: the dimensions, then each metric.

    A rate (0 to 1, null over nothing) is preceded by its `<metric>_numerator` and
    `<metric>_denominator`. `by` are columns of the facts (source, channel, campaign, owner, ...)
    and week, month or quarter: the period in the reporting time zone on the metric's own axis
    (captured, handed over, rejected, opened or closed), as the date of its first day. `grain` adds
    that period.
    `where` is a filter as in `filters`. Raises UsageError for anything that is not understood.
    """
    request = _Request(
        con=con,
        metrics=_known_metrics(metrics),
        dimensions=_dimensions(by, grain),
        conditions=filters.parse(where),
        timezone=publication(con).reporting_timezone,
    )
    return request.result()


@dataclass
class _Request:
    con: "duckdb.DuckDBPyConnection"
    metrics: list[Metric]
    dimensions: list[str]
    conditions: list[filters.Condition]
    timezone: str
    columns: dict[str, dict[str, str]] = field(default_factory=dict)

    def result(self) -> pa.Table:
        axes = list(dict.fromkeys(metric.axis for metric in self.metrics))
        parts, values = [], []
        for axis in axes:
            sql, bound = self._part(axis)
            parts.append(sql)
            values += bound
        dimensions = [f'"{name}"' for name in self.dimensions]
        groups = ", ".join(dimensions)
        sql = f"""
            with parts as ({" union all by name ".join(parts)}),
            merged as (
                select {", ".join(dimensions + self._merged())} from parts
                {f"group by {groups}" if groups else ""}
            )
            select {", ".join(dimensions + self._outputs())} from merged
            {f"order by {groups}" if groups else ""}
        """
        return self.con.sql(sql, params=values).to_arrow_table()

    def _merged(self) -> list[str]:
        """Each part knows the metrics of one axis; a group that it lacks counts 0 there."""
        return [
            f'coalesce(max("{name}"), 0) as "{name}"'
            if sql.startswith("count")
            else f'max("{name}") as "{name}"'
            for metric in self.metrics
            for name, sql in metric.aggregates.items()
        ]

    def _outputs(self) -> list[str]:
        found = []
        for metric in self.metrics:
            names = [f'"{name}"' for name in metric.aggregates]
            if metric.denominator:
                found += names
                found.append(f'{names[0]} / nullif({names[1]}, 0) as "{metric.name}"')
            else:
                found += names
        return found

    def _part(self, axis: Axis) -> tuple[str, list[str]]:
        """One grouped query over the metrics of an axis, and the values of its parameters."""
        metrics = [metric for metric in self.metrics if metric.axis == axis]
        dimensions = [f'{self._column(axis, name)[0]} as "{name}"' for name in self.dimensions]
        aggregates = [
            f'{sql} as "{name}"' for metric in metrics for name, sql in metric.aggregates.items()
        ]
        # Every lead was captured and every deal opened, even where the CRM does not say when.
        always = axis in (CAPTURED, OPENED, AS_OF, SPENT)
        conditions = ["true" if always else f"{axis.moment} is not null"]
        values: list[str] = []
        for condition in self.conditions:
            column, kind = self._column(axis, condition.name)
            values += [self._value(condition, kind, value) for value in condition.values]
            conditions.append(condition.sql(column, kind))
        groups = ", ".join(str(place + 1) for place in range(len(dimensions)))
        return (
            f"select {', '.join(dimensions + aggregates)} from ({TABLES[axis.table]}) as facts "
            f"where {' and '.join(conditions)} {f'group by {groups}' if groups else ''}",
            values,
        )

    def _column(self, axis: Axis, name: str) -> tuple[str, str]:
        """SQL and type of a dimension or a filtered column for the metrics of an axis."""
        if name in GRAINS:
            return self._period(axis, name), "date"
        columns = self._columns_of(axis.table)
        column = _ALIASES.get(name, name)
        if column in columns:
            return f'facts."{column}"', columns[column]
        metric = next(metric.name for metric in self.metrics if metric.axis == axis)
        choices = [*GRAINS, *_ALIASES, *columns]
        raise UsageError(
            f"{metric} does not know '{name}'.",
            _did_you_mean(name, choices) or f"It knows: {', '.join(sorted(choices))}.",
        )

    def _columns_of(self, table: str) -> dict[str, str]:
        if table not in self.columns:
            rows = self.con.execute(f"describe {TABLES[table]}").fetchall()
            self.columns[table] = {row[0]: row[1] for row in rows if row[0] not in _KEYS}
        return self.columns[table]

    def _period(self, axis: Axis, grain: str) -> str:
        if not axis.moment:
            metric = next(metric.name for metric in self.metrics if metric.axis == axis)
            raise UsageError(
                f"{metric} is what stands at the publication's as_of: it has no {grain}.",
                f"Leave out {grain}, or ask for {metric} by itself.",
            )
        if axis == SPENT:
            if grain == "week":
                raise UsageError("Costs are known by month.", "Use month or quarter, not week.")
            return f"cast(date_trunc('{grain}', {axis.moment}) as date)"
        moment = f"facts.{axis.moment}"
        if self.timezone != "UTC" and not axis.is_day:
            zone = self.timezone.replace("'", "''")
            moment = f"timezone('{zone}', timezone('UTC', {moment}))"
        return f"cast(date_trunc('{grain}', {moment}) as date)"

    def _value(self, condition: filters.Condition, kind: str, value: str) -> str:
        """The value as the type of its column can read it."""
        is_time = kind.lower() in ("date", "timestamp")
        text = f"{value}-01" if is_time and _MONTH.fullmatch(value) else value
        rows = self.con.execute(f"select try_cast(? as {kind}) is null", [text]).fetchall()
        if rows[0][0]:
            raise UsageError(
                f"'{value}' cannot be compared with {condition.name}, which is a {kind.lower()}.",
                filters.EXAMPLE,
            )
        return text


def _known_metrics(names: Sequence[str]) -> list[Metric]:
    known = all_metrics()
    if not names:
        raise UsageError("No metric is named.", f"Use one or more of: {', '.join(sorted(known))}.")
    for name in names:
        if name not in known:
            raise UsageError(
                f"There is no metric '{name}'.",
                _did_you_mean(name, known) or f"There are: {', '.join(sorted(known))}.",
            )
    return [known[name] for name in dict.fromkeys(names)]


def _dimensions(by: Sequence[str], grain: str | None) -> list[str]:
    names = list(dict.fromkeys(by))
    if grain is None:
        return names
    if grain not in GRAINS:
        raise UsageError(f"'{grain}' is no grain.", f"Use one of: {', '.join(GRAINS)}.")
    other = [name for name in names if name in GRAINS and name != grain]
    if other:
        raise UsageError(f"Both {other[0]} and the grain {grain} are asked for.", "Use one.")
    return names if grain in names else [grain, *names]


def _did_you_mean(name: str, choices: Iterable[str]) -> str:
    near = difflib.get_close_matches(name.lower(), list(choices), n=2, cutoff=0.7)
    return f"Did you mean {' or '.join(near)}?" if near else ""

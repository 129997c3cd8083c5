"""The leads and deals that count otherwise than they did at an earlier build, number by number."""

from collections.abc import Mapping, Sequence

import duckdb
import pyarrow

from leadsignal.history.carrying import columns
from leadsignal.history.versions import VERSIONS, state
from leadsignal.history.why import ALL, Rules
from leadsignal.metrics.definitions import Metric

PAIR = pyarrow.struct([(name, pyarrow.string()) for name in ("name", "was", "now")])
NOTHING = pyarrow.schema(
    [
        ("period_kind", pyarrow.string()),
        ("period_start", pyarrow.date32()),
        *((name, pyarrow.string()) for name in ("metric", "segment", "id", "cause")),
        *((name, pyarrow.float64()) for name in ("numerator", "denominator")),
        ("changes", pyarrow.list_(PAIR)),
    ]
).empty_table()
"""The columns of what `moved` finds."""
SIDES_SQL = """
    create or replace temp table sides as
    with moved as (select distinct {key} from {versions} where build_number > {number})
    select -1 as sign, * from {state}
    union all by name
    select 1 as sign, * from {facts} where {key} in (select {key} from moved)
"""
DIFFERENCES_SQL = """
    create or replace temp table differences as
    select
        coalesce(earlier.{key}, later.{key}) as id,
        case
            when earlier.{key} is null then 'new' when later.{key} is null then 'gone'
            else 'changed'
        end as change,
        list_filter(
            [{pairs}], lambda pair: change = 'changed' and pair.was is distinct from pair.now
        ) as changes,
        list_transform(changes, lambda pair: pair.name) as changed
    from (select * from sides where sign = -1) as earlier
    full join (select * from sides where sign = 1) as later on earlier.{key} = later.{key}
"""
ROWS_SQL = """
    with counted as (
        select
            {key} as id, sign, period_kind, starts_on as period_start,
            unnest(['{all}', source]) as segment, [{terms}] as terms
        from sides
        inner join asked_periods on {day} >= starts_on and {day} < ends_on
    ),
    terms as (select * exclude terms, unnest(terms, recursive := true) from counted),
    moved as (
        select
            id, period_kind, period_start, segment, metric,
            sum(sign * above) as numerator, sum(sign * below) as denominator
        from terms
        inner join restated using (period_kind, period_start, segment, metric)
        group by all
        having numerator <> 0 or denominator <> 0
    )
    select
        period_kind, period_start, metric, segment, id, case metric {causes} end as cause,
        numerator, denominator,
        list_filter(
            changes, lambda pair: list_contains(case metric {relevant} end, pair.name)
        ) as changes
    from moved inner join differences using (id)
    order by all
"""


def moved(
    con: duckdb.DuckDBPyConnection,
    versions: str,
    rules: Rules,
    metrics: Sequence[Metric],
    number: int,
) -> list[pyarrow.Table]:
    """The rows of one table whose versions are kept, one table for each axis of the metrics.

    It reads the registered tables `restated` (the numbers that are asked for) and `asked_periods`.
    A lead that is in both states and counts the same is not there.
    """
    facts, key = VERSIONS[versions]
    names = columns(con, facts)
    only = f"{key} in (select {key} from {versions} where build_number > {number})"
    pairs = ", ".join(
        f"{{'name': '{name}', 'was': cast(earlier.\"{name}\" as varchar),"
        f" 'now': cast(later.\"{name}\" as varchar)}}"
        for name in names
    )
    told = {"key": key, "facts": facts, "versions": versions, "number": number, "all": ALL}
    con.execute(SIDES_SQL.format(state=state(con, versions, number, only), **told))
    con.execute(DIFFERENCES_SQL.format(pairs=pairs, **told))
    found = []
    for day in dict.fromkeys(metric.day for metric in metrics):
        axis = [metric for metric in metrics if metric.day == day]
        found.append(con.sql(_rows(axis, rules, names, told)).to_arrow_table())
    return found


def _rows(
    metrics: Sequence[Metric], rules: Rules, names: Mapping[str, str], told: Mapping[str, object]
) -> str:
    causes = (f"when '{one.name}' then {rules.cause(one, names)}" for one in metrics)
    shown = {one.name: [one.day, "source", *rules.relevant(one, names)] for one in metrics}
    relevant = (f"when '{name}' then {columns}" for name, columns in shown.items())
    return ROWS_SQL.format(
        day=metrics[0].day,
        terms=", ".join(map(_term, metrics)),
        causes=" ".join(causes),
        relevant=" ".join(relevant),
        **told,
    )


def _term(metric: Metric) -> str:
    """What one row adds above and below the line."""
    above, below = metric.numerator, metric.denominator or "0"
    if metric.kind == "duration":  # finished cases of all
        is_counted = f"({metric.numerator}) >= 0 or ({metric.denominator}) >= 0"
        above, below = f"({above}) >= 0", is_counted
    return (
        f"{{'metric': '{metric.name}', 'above': coalesce(cast({above} as double), 0),"
        f" 'below': coalesce(cast({below} as double), 0)}}"
    )

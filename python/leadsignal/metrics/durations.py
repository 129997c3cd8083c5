"""Median times by group, some cases still going on: from the facts, by Kaplan and Meier."""

from leadsignal.metrics.definitions import Metric
from leadsignal.metrics.dimensions import GRAINS
from leadsignal.metrics.planning import ALWAYS, DAY, Part, Statement

OUTPUTS = ("finished", "going_on")


def statement(part: Part, metric: Metric) -> Statement:
    """The finished times and those still going on, as two lists for each group."""
    columns = [f'{_column(part, name)} as "{name}"' for name in part.question.by]
    lists = [
        f"coalesce(list({time}) filter ({time} >= 0), []) as {output}"
        for time, output in zip((metric.numerator, metric.denominator), OUTPUTS, strict=True)
    ]
    where = [
        part.compared(number, _column(part, condition.name))
        for number, condition in enumerate(part.question.conditions)
    ]
    if metric.axis not in ALWAYS:
        where.append(f"facts.{metric.day} is not null")
    sql = [f"select {', '.join(columns + lists)}", f"from {metric.table} as facts", *_joins(part)]
    sql += [f"where {' and '.join(where)}"] if where else []
    sql += (
        [f"group by {', '.join(str(place + 1) for place in range(len(columns)))}"]
        if columns
        else []
    )
    return Statement("\n".join(sql), part.values, OUTPUTS)


def _column(part: Part, name: str) -> str:
    if name == DAY:
        return f"facts.{part.day}"
    if name in GRAINS:
        return f"cast(date_trunc('{part.grain(name)}', facts.{part.day}) as date)"
    return part.dimension(name).sql


def _joins(part: Part) -> list[str]:
    names = [*part.question.by, *(one.name for one in part.question.conditions)]
    used = [part.dimension(name) for name in names if name not in (*GRAINS, DAY)]
    return [
        f"left join {table} on facts.{fact_key} = {table}.{key}"
        for table, fact_key, key in dict.fromkeys(
            (one.table, one.joined_by, one.key) for one in used if one.joined_by
        )
    ]

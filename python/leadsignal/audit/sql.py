"""The SQL of a rule: the rows it looks at, and those of them that break it.

Every query runs in the schema of the marts, so tables are named alone; those of the set published
before are `previous.marts.<table>`. `{batch}` stands for the
rows that a rule looks at: Great Expectations fills in its batch, we fill in the same query.
"""

from collections.abc import Iterable

from leadsignal.audit.rules import Rule
from leadsignal.warehouse import PREVIOUS, literal

SAME = 1e-9
"""Rates and amounts that differ by less than this, relative to their size, are the same."""

CHECKED = "(select * from {batch}) as checked"
"""The batch under a name of its own: Great Expectations names some batches itself."""

KEYS = {
    "fct_leads": "lead_id",
    "fct_opportunities": "opportunity_id",
    "fct_touches": "touch_id",
    "engaged_untied_contacts": "concat_ws(' ', opportunity_id, person_id)",
    "crm_trust": "question",
    "crm_freshness": "concat_ws(' ', crm, strftime(data_through, '%Y-%m-%d %H:%M'))",
    "row_accounting": "concat_ws('.', crm, raw_table)",
    "unmapped_values": "concat_ws(': ', crm, field, raw_value)",
    "lead_quality_by_source": "concat_ws(' ', created_month, source)",
    "win_rate_by_source": "concat_ws(' ', closed_month, source)",
    "pipeline_quality": "concat_ws(' ', opened_month, source)",
}
"""How a failing row of a table is named."""


def table_of(rule: Rule) -> str:
    """The name of the rule's table alone, whether it is of this set or of the one before."""
    return rule.table.rpartition(".")[2]


def is_about_previous(rule: Rule) -> bool:
    """Whether the rule looks at rows of the set that is published now, or compares with them."""
    return rule.table.startswith(f"{PREVIOUS}.") or "min_share_of_previous" in rule.limits


def looked_at(rule: Rule) -> str:
    """The rows that the rule looks at, and for a share whether each of them breaks it."""
    if rule.measure:
        columns = f"{rule.measure} as value"
    elif is_share(rule):
        columns = f"*, coalesce({rule.breaks}, false) as breaks_rule"
    else:
        columns = "*"
    return f"select {columns} from {rule.table} as checked where {rule.among}"


def is_share(rule: Rule) -> bool:
    """Whether the rule bears a share of failing rows."""
    return "max_share" in rule.limits and not rule.measure


def failing(rule: Rule) -> str:
    """One row, named `failing_id`, for each row of `{batch}` that breaks the rule."""
    if rule.totals:
        return _differing(rule)
    return f"select {KEYS[table_of(rule)]} as failing_id from {CHECKED} where {_broken(rule)}"


def filled(rule: Rule) -> str:
    """The failing rows as a query that can be run as it is."""
    rows = f"(select * from {rule.table} as checked where {rule.among})"
    return failing(rule).replace("{batch}", rows)


def history(rule: Rule) -> str:
    """One row per full month up to the last, newest first: month, value, cases.

    A full month is over at as_of. The first month of the table is left out, as it seldom is full.
    """
    month, value, cases = (rule.monthly[key] for key in ("month", "value", "cases"))
    return f"""
        with counted as (
            select cast({month} as date) as month, {value} as value, {cases} as cases
            from {rule.table} as checked
            where {rule.among}
            group by all
        ),
        bounds as (
            select
                (select min(month) from counted) + interval 1 month as first_month,
                date_trunc('month', max(as_of) + interval 1 second) - interval 1 month as last_month
            from publication
        ),
        months as (
            select cast(unnest(generate_series(first_month, last_month, interval 1 month)) as date)
                as month
            from bounds
        )
        select
            months.month,
            coalesce(counted.value, {rule.monthly.get("empty", "null")}) as value,
            coalesce(counted.cases, 0) as cases
        from months
        left join counted on months.month = counted.month
        order by months.month desc
        limit {int(rule.limits["months"]) + 1}
    """


def wrong_ratios(rule: Rule) -> str:
    """One row for each row of `{batch}` one of whose rates is not what its counts say."""
    return f"select 1 from {CHECKED} where {_wrong_ratio(rule)}"


def _wrong_ratio(rule: Rule) -> str:
    return _any(
        _differs(column, f"cast({top} as double) / nullif({bottom}, 0)")
        for column, (top, bottom) in {**rule.rates, **rule.ratios}.items()
    )


def _broken(rule: Rule) -> str:
    if rule.sets:
        return _any(
            f"{column} not in ({_literals(words)})" + f" or {column} is null" * rule.is_required
            for column, words in rule.sets.items()
        )
    if rule.rates:
        return _any([*(f"{rate} not between 0 and 1" for rate in rule.rates), _wrong_ratio(rule)])
    return rule.breaks or "true"


def _differing(rule: Rule) -> str:
    """What the table says minus what its facts say, where that is not nothing."""
    group = f"group by {', '.join(rule.by)}" if rule.by else ""
    named = f"concat_ws(' ', {', '.join(rule.by)})" if rule.by else "'the whole table'"
    told = ", ".join([*rule.by, *(f"sum({total}) as {total}" for total in rule.totals)])
    counted = ", ".join([*rule.by, *(f"-1 * {count}" for count in rule.totals.values())])
    differs = _any(
        f"abs(coalesce(sum({total}), 0)) > {SAME} * greatest(1, max(abs({total})))"
        for total in rule.totals
    )
    return f"""
        select {named} as failing_id
        from (
            select {told} from {CHECKED} {group}
            union all
            select {counted} from {rule.facts} {group}
        ) as both_sides
        {group}
        having {differs}
    """


def _differs(column: str, expected: str) -> str:
    return (
        f"({column} is null) <> ({expected} is null)"
        f" or abs({column} - {expected}) > {SAME} * greatest(1, abs({column}))"
    )


def _any(conditions: Iterable[str]) -> str:
    return " or ".join(f"({condition})" for condition in conditions)


def _literals(words: list[str]) -> str:
    return ", ".join(map(literal, words))

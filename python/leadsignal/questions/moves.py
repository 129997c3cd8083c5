"""What moves deals: touches of each kind against progress from the stage they happened in.

Within one stage and one week at risk, deals that have had such a touch in this stage are held
against deals that have not yet. A touch counts from its moment on: the time before it belongs to
the deals without, so having lived long enough to be touched is no merit. What is found is an
association: sellers also call the deals that move anyway.
"""

from collections import defaultdict
from typing import Any

from leadsignal.honesty.statistics import discoveries
from leadsignal.questions.asking import Asked, Found, tabled
from leadsignal.questions.rate_ratio import RateRatio, Stratum, rate_ratio
from leadsignal.words import counted, listing, opening

KINDS = {
    "call": "calls",
    "email": "e-mails",
    "meeting": "meetings",
    "task": "other tasks",
    "event": "events",
    "material": "materials",
}
EVERY_STAGE = "all"
DAYS = 7
LAST_WEEK = 26
"""Weeks at risk from here on are one stratum."""
MORE, FEWER, SAME, TOO_FEW = "faster", "slower", "no clear difference", "too few cases"

VISITS_SQL = """
    visits as (
        select
            row_number() over (order by opportunity_id, entered_at, stage_order) as visit,
            opportunity_id, stage, stage_order, entered_at,
            coalesce(exited_at, $as_of) as left_at,
            lead(stage_order) over by_time as next_order,
            lead(is_closed_stage) over by_time as is_next_closed,
            outcome, is_closed_stage, is_inferred
        from fct_opportunity_stages
        window by_time as (
            partition by opportunity_id
            order by entered_at, exited_at nulls last, stage_order, visit_number
        )
    ),
    at_risk as (
        select
            *,
            coalesce(
                case when is_next_closed then outcome = 'won' else next_order > stage_order end,
                false
            ) as progressed
        from visits
        where not is_closed_stage and not is_inferred
            and left_at > entered_at and entered_at >= $year_began_at
    )
"""
FIRST_TOUCHES_SQL = """
    of_deals as (
        select opportunity_id, kind, touched_at from fct_touches where opportunity_id is not null
        union all
        select fct_opportunities.opportunity_id, kind, touched_at
        from fct_touches inner join fct_opportunities using (lead_id)
        where fct_touches.opportunity_id is null
    ),
    exposed as (
        select visit, kind, min(touched_at) as touched_at
        from at_risk inner join of_deals using (opportunity_id)
        where touched_at >= entered_at and touched_at < left_at
        group by visit, kind
    )
"""
STRATA_SQL = f"""
    with {VISITS_SQL}, {FIRST_TOUCHES_SQL},
    spells as (
        select
            stage, null as kind, entered_at, left_at, progressed, entered_at as begins_at
        from at_risk
        union all
        select stage, kind, entered_at, left_at, progressed, touched_at
        from at_risk inner join exposed using (visit)
    ),
    weeks as (
        select
            *,
            epoch(left_at - entered_at) / 86400 as lasted,
            epoch(begins_at - entered_at) / 86400 as began,
            unnest(range(
                floor(epoch(begins_at - entered_at) / {DAYS * 86400})::bigint,
                ceil(epoch(left_at - entered_at) / {DAYS * 86400})::bigint
            )) as week
        from spells
    )
    select
        stage, kind, least(week, {LAST_WEEK}) as week,
        sum(least(lasted, (week + 1) * {DAYS}) - greatest(began, week * {DAYS})) as days,
        count(*) filter (progressed and lasted <= (week + 1) * {DAYS}) as events,
        count(*) filter (week = floor(began / {DAYS})) as visits
    from weeks
    group by all
"""
COLUMNS = (
    "touch text, stage text, visits_with count, progressed_with count, days_with number,"
    "progressed_without count, days_without number, rate_ratio number, rate_ratio_low number,"
    "rate_ratio_high number, progress text"
)


def moves(asked: Asked) -> Found:
    """One row per kind of touch and stage, and one per kind over all stages.

    Of a year of stage visits: progress is the step to a later stage or to won, `days` are the days
    at risk of it, and the ratio is that of the two paces within stage and week at risk.
    """
    strata = _strata(asked.rows(STRATA_SQL))
    rows = [_row(kind, stage, of) for (kind, stage), of in strata.items()]
    is_enough = [row["progressed_with"] + row["progressed_without"] >= asked.min_sample
                 for row in rows]  # fmt: skip
    ratios: list[RateRatio] = [row["ratio"] for row in rows]
    p_values = [
        one.p_value if enough else None for one, enough in zip(ratios, is_enough, strict=True)
    ]
    found = discoveries(p_values)
    for row, p_value, is_found in zip(rows, p_values, found, strict=True):
        row["progress"] = TOO_FEW if p_value is None else _verdict(row) if is_found else SAME
    return Found(tabled(rows, COLUMNS), _words(asked, rows))


def _strata(rows: list[dict[str, Any]]) -> dict[tuple[str, str], tuple[list[Stratum], int]]:
    """Per kind and stage its strata and the visits that had such a touch; all stages come first."""
    totals = {(row["stage"], row["week"]): row for row in rows if row["kind"] is None}
    touched = {
        (row["kind"], row["stage"], row["week"]): row for row in rows if row["kind"] is not None
    }
    kinds = [kind for kind in KINDS if any(key[0] == kind for key in touched)]
    found: dict[tuple[str, str], tuple[list[Stratum], int]] = {}
    stages = sorted({stage for stage, _ in totals})
    for kind in kinds:
        of: dict[str, list[Stratum]] = defaultdict(list)
        visits: dict[str, int] = defaultdict(int)
        for (stage, week), total in totals.items():
            had = touched.get((kind, stage, week), {"events": 0, "days": 0.0, "visits": 0})
            one = Stratum(
                had["events"],
                had["days"],
                total["events"] - had["events"],
                max(0.0, total["days"] - had["days"]),
            )
            for name in (stage, EVERY_STAGE):
                of[name].append(one)
                visits[name] += had["visits"]
        for stage in (EVERY_STAGE, *stages):
            if visits[stage]:
                found[kind, stage] = (of[stage], visits[stage])
    return found


def _row(kind: str, stage: str, of: tuple[list[Stratum], int]) -> dict[str, Any]:
    strata, visits = of
    ratio = rate_ratio(strata)
    return {
        "touch": kind,
        "stage": stage,
        "visits_with": visits,
        "progressed_with": sum(one.events_with for one in strata),
        "days_with": sum(one.time_with for one in strata),
        "progressed_without": sum(one.events_without for one in strata),
        "days_without": sum(one.time_without for one in strata),
        "rate_ratio": ratio.value,
        "rate_ratio_low": ratio.low,
        "rate_ratio_high": ratio.high,
        "ratio": ratio,
    }


def _verdict(row: dict[str, Any]) -> str:
    if row["rate_ratio"] is None:
        return MORE if row["progressed_with"] else FEWER
    return MORE if row["rate_ratio"] > 1 else FEWER


def _words(asked: Asked, rows: list[dict[str, Any]]) -> str:
    overall = [row for row in rows if row["stage"] == EVERY_STAGE]
    if not overall:
        return "No touch is on record in a stage of a deal, so nothing can be compared."
    if all(row["progress"] == TOO_FEW for row in rows):
        steps = overall[0]["progressed_with"] + overall[0]["progressed_without"]
        return f"{opening(steps)} steps forward in a year are too few to compare touches."
    told = []
    for row in overall:
        if row["progress"] in (MORE, FEWER) and row["rate_ratio"] is not None:
            told.append(
                f"after {KINDS[row['touch']]} {row['rate_ratio']:.2f} times "
                f"({row['rate_ratio_low']:.2f} to {row['rate_ratio_high']:.2f})"
            )
    caveat = "That is an association: sellers also touch the deals that move anyway."
    if told:
        return (
            "Within the same stage and week, deals moved on at another pace than those without: "
            f"{listing(told)} as fast. {caveat}"
        )
    stages = sum(row["progress"] in (MORE, FEWER) for row in rows)
    if stages:
        return (
            "Over all stages no kind of touch goes with another pace beyond chance; in single "
            f"stages {counted(stages, 'difference')} did. {caveat}"
        )
    return "Within the same stage and week, no kind of touch goes with another pace beyond chance."

"""What moves deals: touches of each kind against progress from the stage they happened in.

Whenever a deal moves on, the deals that were in the same stage for equally long are looked at: how
many of them had had such a touch in this stage, and whether the one that moved had. A touch counts
from its moment on: the time before it belongs to the deals without, so having lived long enough to
be touched is no merit. What is found is an association: sellers also touch the deals that move
anyway.
"""

from collections.abc import Iterator
from typing import Any

import numpy

from leadsignal.honesty.statistics import discoveries
from leadsignal.questions.asking import Asked, Found, tabled
from leadsignal.questions.rate_ratio import RiskSets, rate_ratio
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
AT_RISK_SQL = f"""
    with {VISITS_SQL}
    select visit, stage, epoch(left_at - entered_at) / 86400 as lasted, progressed
    from at_risk
    order by visit
"""
EXPOSED_SQL = f"""
    with {VISITS_SQL}, {FIRST_TOUCHES_SQL}
    select visit, kind, epoch(touched_at - entered_at) / 86400 as began
    from at_risk inner join exposed using (visit)
"""
COLUMNS = (
    "touch text, stage text, visits_with count, progressed_with count, days_with number,"
    "progressed_without count, days_without number, rate_ratio number, rate_ratio_low number,"
    "rate_ratio_high number, progress text"
)


def moves(asked: Asked) -> Found:
    """One row per kind of touch and stage, and one per kind over all stages.

    Of a year of stage visits: progress is the step to a later stage or to won, `days` are the days
    at risk of it, and the ratio is that of the two paces at the same age of the visit.
    """
    rows = list(_compared(asked.arrays(AT_RISK_SQL), asked.arrays(EXPOSED_SQL)))
    p_values = [
        row["ratio"].p_value
        if row["progressed_with"] + row["progressed_without"] >= asked.min_sample
        else None
        for row in rows
    ]
    for row, p_value, is_found in zip(rows, p_values, discoveries(p_values), strict=True):
        row["progress"] = TOO_FEW if p_value is None else _verdict(row) if is_found else SAME
    return Found(tabled(rows, COLUMNS), _words(rows))


def _compared(visits: dict[str, Any], exposed: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The rows of each kind of touch that is on record in a stage; all stages come first."""
    stages = numpy.unique(visits["stage"])
    for kind in KINDS:
        of_kind = exposed["kind"] == kind
        began = numpy.full(len(visits["visit"]), numpy.inf)
        places = numpy.searchsorted(visits["visit"], exposed["visit"][of_kind])
        began[places] = exposed["began"][of_kind]
        sets = {}
        rows = []
        for stage in stages:
            here = visits["stage"] == stage
            lasted, progressed = visits["lasted"][here], visits["progressed"][here]
            sets[stage] = RiskSets.of(lasted, progressed, began[here])
            rows.append(_row(kind, stage, lasted, began[here], sets[stage]))
        together = RiskSets.together(list(sets.values()))
        every = _row(kind, EVERY_STAGE, visits["lasted"], began, together)
        yield from (row for row in (every, *rows) if row["visits_with"])


def _row(kind: str, stage: str, lasted: Any, began: Any, sets: RiskSets) -> dict[str, Any]:
    ratio = rate_ratio(sets)
    is_with = began < lasted
    days_with = float((lasted - began)[is_with].sum())
    return {
        "touch": kind,
        "stage": stage,
        "visits_with": int(is_with.sum()),
        "progressed_with": int(sets.events_with.sum()),
        "days_with": days_with,
        "progressed_without": int(sets.events_without.sum()),
        "days_without": float(lasted.sum()) - days_with,
        "rate_ratio": ratio.value,
        "rate_ratio_low": ratio.low,
        "rate_ratio_high": ratio.high,
        "ratio": ratio,
    }


def _verdict(row: dict[str, Any]) -> str:
    if row["rate_ratio"] is None:
        return MORE if row["progressed_with"] else FEWER
    return MORE if row["rate_ratio"] > 1 else FEWER


def _words(rows: list[dict[str, Any]]) -> str:
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
            "At the same age of a stage, deals moved on at another pace than those without: "
            f"{listing(told)} as fast. {caveat}"
        )
    stages = sum(row["progress"] in (MORE, FEWER) for row in rows)
    if stages:
        return (
            "Over all stages no kind of touch goes with another pace beyond chance; in single "
            f"stages {counted(stages, 'difference')} did. {caveat}"
        )
    return "At the same age of a stage, no kind of touch goes with another pace beyond chance."

"""How many touches, and how fast, before sales accepts a lead or talks to it."""

from collections import defaultdict
from typing import Any

from leadsignal.honesty.survival import cumulative_incidence
from leadsignal.questions.asking import Asked, Found, tabled
from leadsignal.questions.comparing import rated
from leadsignal.words import counted, number, percent, sentence

WATCHED_DAYS = 14
"""An outcome belongs to the touch before it for this long; a younger touch is not judged yet."""
MOST = 8
"""Touches that have a row of their own."""
OUTCOMES = {"acceptance": "acceptances", "conversation": "first conversations"}
SOON, LATER = 7.0, 30.0
LEADS_SQL = """
    leads as (
        select
            lead_id, handed_over_at, goals.outcome, outcome_at,
            case when outcome_at is null then coalesce(rejected_at, disqualified_at) end as ended_at
        from fct_leads, lateral (
            values ('acceptance', accepted_at), ('conversation', first_conversation_at)
        ) as goals (outcome, outcome_at)
        where handed_over_at >= $year_began_at and handed_over_at < $ends_at
            and is_before_activities is not true
    )
"""
TOUCHES_SQL = f"""
    with {LEADS_SQL},
    touches as (
        select distinct lead_id, touch_id, touched_at
        from fct_touches
        where kind in ('call', 'email', 'task') and direction is distinct from 'inbound'
    ),
    numbered as (
        select
            leads.*, touched_at,
            row_number() over by_time as number,
            lead(touched_at) over by_time as next_at
        from leads inner join touches using (lead_id)
        where touched_at >= handed_over_at
            and touched_at <= coalesce(outcome_at, ended_at, $as_of)
        window by_time as (partition by lead_id, outcome order by touched_at, touch_id)
    ),
    before as (
        select lead_id, outcome, count(*) as touches from numbered group by lead_id, outcome
    ),
    came as (
        select
            outcome, least(coalesce(touches, 0), {MOST + 1}) as touches,
            count(*) as leads_with_outcome,
            median(epoch(outcome_at - handed_over_at) / 86400) as median_days
        from leads left join before using (lead_id, outcome)
        where outcome_at >= handed_over_at
        group by all
    ),
    judged as (
        select
            outcome, least(number, {MOST + 1}) as touches,
            count(*) as touched_leads,
            count(*) filter (
                next_at is null and outcome_at <= touched_at + to_days({WATCHED_DAYS})
            ) as leads_answered,
            count(*) filter (next_at is null and outcome_at is null and ended_at is null)
                as left_after
        from numbered
        where touched_at + to_days({WATCHED_DAYS}) <= $as_of
        group by all
    )
    select
        outcome, touches,
        coalesce(leads_with_outcome, 0) as leads_with_outcome, median_days,
        coalesce(touched_leads, 0) as touched_leads,
        coalesce(leads_answered, 0) as leads_answered,
        coalesce(left_after, 0) as left_after
    from came full join judged using (outcome, touches)
    order by outcome, touches
"""
TIMES_SQL = f"""
    with {LEADS_SQL}
    select
        outcome,
        list(epoch(coalesce(outcome_at, ended_at, $as_of) - handed_over_at) / 86400
            order by lead_id) as days,
        list(case when outcome_at is not null then 1 when ended_at is not null then 2 else 0 end
            order by lead_id) as ends
    from leads
    where coalesce(outcome_at, ended_at, $as_of) >= handed_over_at
    group by outcome
"""
COLUMNS = (
    "outcome text, touches text, leads_with_outcome count, share number, share_so_far number,"
    "median_days number, touched_leads count, leads_answered count, answer_rate number,"
    "answer_rate_low number, answer_rate_high number, left_after count"
)


def persistence(asked: Asked) -> Found:
    """One row per outcome and number of touches, over the leads handed over in a year.

    `leads_with_outcome` came after exactly so many touches. `answer_rate` is the chance of the
    outcome within 14 days of that touch and before the next, among all leads that were touched so
    often without it; touches younger than that are left out, whatever came of them.
    """
    rows = asked.rows(TOUCHES_SQL)
    of: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        of[row["outcome"]].append(row)
    for some in of.values():
        total, so_far = sum(row["leads_with_outcome"] for row in some), 0
        for row in some:
            so_far += row["leads_with_outcome"]
            row["share"] = row["leads_with_outcome"] / total if total else None
            row["share_so_far"] = so_far / total if total else None
    table = [
        rated(row, "leads_answered", "touched_leads", "answer_rate")
        | {"touches": str(row["touches"]) if row["touches"] <= MOST else f"{MOST + 1} or more"}
        for row in rows
    ]
    times = {row["outcome"]: row for row in asked.rows(TIMES_SQL)}
    said = [
        _words(asked, outcome, of[outcome], times[outcome])
        for outcome in OUTCOMES
        if outcome in times
    ]
    return Found(
        tabled(table, COLUMNS), " ".join(said) or "No lead was handed to sales in that year."
    )


def _words(asked: Asked, outcome: str, rows: list[dict[str, Any]], times: dict[str, Any]) -> str:
    came = sum(row["leads_with_outcome"] for row in rows)
    if not came:
        return f"No {outcome} of a lead handed over in a year is on record."
    if came < asked.min_sample:
        return (
            f"{sentence(counted(came, outcome))[:-1]} in a year {'is' if came == 1 else 'are'} too "
            "few to say how many touches it takes."
        )
    soon, later = cumulative_incidence(times["days"], times["ends"], 1, (SOON, LATER))
    half, most = _most(rows, 0.5), _most(rows, 0.9)
    start = f"Of the {came:,} {OUTCOMES[outcome]} of a year, "
    parts = [
        f"{start}nine in ten came after {most}."
        if half == most
        else f"{start}half came after {half}, nine in ten after {most}."
    ]
    if soon.value is not None and later.value is not None:
        parts.append(
            f"Within {SOON:.0f} days of the handover {percent(soon.value)} of the leads had got "
            f"there, within {LATER:.0f} days {percent(later.value)}."
        )
    left = [row for row in rows if row["touches"] == 1 and row["touched_leads"] >= asked.min_sample]
    if left and left[0]["left_after"]:
        share = percent(left[0]["left_after"] / left[0]["touched_leads"])
        parts.append(f"{share} of those touched were left after one touch, undecided.")
    return " ".join(parts)


def _most(rows: list[dict[str, Any]], share: float) -> str:
    touches = next(row["touches"] for row in rows if (row["share_so_far"] or 0) >= share)
    if touches > MOST:
        return f"more than {number(MOST)} touches"
    return f"at most {counted(touches, 'touch', 'touches')}" if touches else "no touch at all"

"""How fast: deals through their stages, winning against losing, and leads through their steps."""

from typing import Any

from leadsignal.honesty.statistics import discoveries
from leadsignal.honesty.survival import log_rank, quantiles
from leadsignal.questions.asking import CAPTURED_IN_A_YEAR, Asked, Found, tabled
from leadsignal.questions.saying import several
from leadsignal.words import listing

Times = tuple[list[float], list[float]]
"""Days of what is finished, and of what is going on."""
VISITS_SQL = """
    select
        stage, min(stage_order) as stage_order, outcome,
        list(days_in_stage) filter (not is_open) as finished,
        list(days_in_stage) filter (is_open) as going_on
    from fct_opportunity_stages
    where not is_closed_stage and not is_inferred and days_in_stage is not null
        and entered_at >= $year_began_at and entered_at < $ends_at
    group by stage, outcome
    order by stage_order, stage, outcome desc
"""
VELOCITY_COLUMNS = (
    "stage text, outcome text, visits count, open_visits count, median_days number,"
    "median_days_low number, median_days_high number, p90_days number, winning_against_losing text"
)
STEPS = {
    "handed_over": "the handover",
    "first_touch": "the first touch",
    "accepted": "the acceptance",
    "conversation": "the conversation",
    "opportunity": "the opportunity",
    "won": "the win",
}
"""Milestone arrived at -> its name in a sentence, in the order of the chain."""
STEPS_SQL = f"""
    with
    leads as (
        select
            case
                when lead_state in ('won', 'lost') then lead_state
                when sales_decision in ('rejected', 'disqualified') then 'rejected'
                else 'open'
            end as outcome,
            [
                created_at, handed_over_at, first_touch_at, accepted_at, first_conversation_at,
                opportunity_at, case when outcome = 'won' then closed_at end
            ] as moments
        from fct_leads
        where {CAPTURED_IN_A_YEAR}
    ),
    steps as (
        select
            outcome, place, moments[place] as ended_at,
            list_filter(moments[:place - 1], lambda moment: moment is not null)[-1] as started_at,
            list_filter(moments[place:], lambda moment: moment is not null) = [] as is_last,
            moments[place - 1] is not null as was_before
        from leads, range(2, {len(STEPS) + 2}) as places (place)
    ),
    spells as (
        select
            place, outcome, ended_at is null as is_open,
            greatest(0, epoch(coalesce(ended_at, $as_of) - started_at) / 86400) as days
        from steps
        where started_at is not null
            and (ended_at is not null or (outcome = 'open' and is_last and was_before))
    )
    select
        place, case when grouping(outcome) = 1 then 'all' else outcome end as outcome,
        list(days) filter (not is_open) as finished, list(days) filter (is_open) as going_on
    from spells
    group by grouping sets ((place), (place, spells.outcome))
    order by place, grouping(spells.outcome) desc, outcome desc
"""
STEPS_COLUMNS = (
    "step text, outcome text, leads count, waiting_leads count, median_days number,"
    "median_days_low number, median_days_high number, p90_days number"
)


def velocity(asked: Asked) -> Found:
    """One row per stage and outcome: the days that stage visits of a year took.

    An open visit is not over: medians are Kaplan and Meier's. Winning against losing is a log-rank
    test within the stage, false discoveries held at 5% over the stages.
    """
    times = visits(asked)
    stages = list(dict.fromkeys(stage for stage, _ in times))
    p_values = [_test(times, stage, asked.min_sample) for stage in stages]
    found = dict(zip(stages, zip(p_values, discoveries(p_values), strict=True), strict=True))
    rows: list[dict[str, Any]] = [
        {
            "stage": stage,
            "outcome": outcome,
            "visits": len(finished) + len(going_on),
            "open_visits": len(going_on),
            **_lengths(finished, going_on),
        }
        for (stage, outcome), (finished, going_on) in times.items()
    ]
    medians = {(row["stage"], row["outcome"]): row["median_days"] for row in rows}
    for row in rows:
        p_value, is_found = found[row["stage"]]
        won, lost = (medians.get((row["stage"], outcome)) for outcome in ("won", "lost"))
        if row["outcome"] in ("won", "lost"):
            row["winning_against_losing"] = _pace(p_value, is_found, won, lost)
    return Found(tabled(rows, VELOCITY_COLUMNS), _velocity_words(rows, stages))


def visits(asked: Asked) -> dict[tuple[str, str], Times]:
    """(stage, outcome of the deal) -> the days of its visits of a year, in the stages' order."""
    return {
        (row["stage"], row["outcome"]): (row["finished"] or [], row["going_on"] or [])
        for row in asked.rows(VISITS_SQL)
    }


def _test(times: dict[tuple[str, str], Times], stage: str, least: int) -> float | None:
    won, lost = (times.get((stage, outcome), ([], [])) for outcome in ("won", "lost"))
    if min(len(won[0]), len(lost[0])) < least:
        return None
    p_value = log_rank(*won, *lost)
    return 1.0 if p_value is None else p_value  # all took equally long


def _pace(p_value: float | None, is_found: bool, won: float | None, lost: float | None) -> str:
    if p_value is None or won is None or lost is None:
        return "too few cases"
    if not is_found or won == lost:
        return "no clear difference"
    return "faster" if won < lost else "slower"


def _lengths(finished: list[float], going_on: list[float]) -> dict[str, float | None]:
    median, p90 = quantiles(finished, going_on, (0.5, 0.9))
    return {
        "median_days": median.value,
        "median_days_low": median.low,
        "median_days_high": median.high,
        "p90_days": p90.value,
    }


def _velocity_words(rows: list[dict[str, Any]], stages: list[str]) -> str:
    if not stages:
        return "No stage visit of the year has its times on record."
    paces = {
        row["stage"]: row["winning_against_losing"] for row in rows if row["outcome"] != "open"
    }
    told = []
    for pace in ("faster", "slower"):
        names = [stage for stage in stages if paces.get(stage) == pace]
        if names:
            told.append(f"{pace} through {several(names)}")
    if told:
        return f"Winning deals went {listing(told)} than losing ones, beyond chance."
    if set(paces.values()) <= {"too few cases"}:
        return "Too few won or lost deals passed the stages to compare how fast they went."
    return "Winning deals went through no stage faster or slower than losing ones beyond chance."


def lead_steps(asked: Asked) -> Found:
    """One row per step of the leads captured in a year and how they ended, and one for all.

    A step is the milestone arrived at, its days run from the milestone before it that the lead has.
    A lead that is still open waits for the one after its last: its wait is not over.
    """
    names = list(STEPS)
    rows: list[dict[str, Any]] = []
    for row in asked.rows(STEPS_SQL):
        finished, going_on = row["finished"] or [], row["going_on"] or []
        counts = {"leads": len(finished) + len(going_on), "waiting_leads": len(going_on)}
        step = {"step": names[row["place"] - 2], "outcome": row["outcome"]}
        rows.append(step | counts | _lengths(finished, going_on))
    return Found(tabled(rows, STEPS_COLUMNS), _steps_words(asked, rows))


def _steps_words(asked: Asked, rows: list[dict[str, Any]]) -> str:
    every = [row for row in rows if row["outcome"] == "all"]
    known = [
        f"{row['median_days']:.1f} to {STEPS[row['step']]}"
        for row in every
        if row["median_days"] is not None and row["leads"] >= asked.min_sample
    ]
    if not known:
        return "Too few leads of the year came far enough to say how fast."
    waiting = {row["step"]: row["waiting_leads"] for row in every if row["waiting_leads"]}
    said = f"Median days, each from the milestone before: {listing(known)}."
    if waiting:
        told = [f"{number:,} for {STEPS[step]}" for step, number in waiting.items()]
        said += f" Waiting now: {listing(told)}."
    return said

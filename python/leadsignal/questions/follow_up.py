"""Where follow-up broke down: at which step, in which source, at which hour and weekday."""

from collections.abc import Iterator
from typing import Any

from leadsignal.facts import WORKED
from leadsignal.metrics.questions import SOURCE
from leadsignal.questions.asking import HANDED_OVER, Asked, Found, tabled
from leadsignal.questions.comparing import HIGHER, LOWER, TOO_FEW, against_the_rest, rated
from leadsignal.questions.saying import TOO_SMALL, several, share
from leadsignal.words import counted, listing, number, source_name, was

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HOURS = 4
"""Hours of the day are told apart in blocks this long."""
DUE_SQL = f"""
    with
    due as (
        select
            leads.source,
            coalesce(leads.owner_id, 'unassigned') as owner,
            timezone($timezone, timezone('UTC', leads.handed_over_at)) as local_at,
            is_follow_up_completed is true as completed,
            is_follow_up_completed is not true as missed,
            first_touch_at is null as untouched,
            coalesce(hours_to_first_touch > $sla_hours, false) as late,
            leads.owner_id is null or coalesce(owner_type = 'queue' or not is_active, false)
                as is_nobodys
        from fct_leads as leads
        left join dim_owners on leads.owner_id = dim_owners.owner_id
        where {HANDED_OVER} and is_follow_up_due and is_before_activities is not true
    ),
    cut as (
        select
            *,
            isodow(local_at)::varchar as weekday,
            hour(local_at) // {HOURS} * {HOURS} as begins
        from due
    )
    select
        case
            when grouping(source) = 0 then 'source'
            when grouping(weekday) = 0 then 'weekday'
            when grouping(begins) = 0 then 'hour'
            when grouping(owner) = 0 then 'owner'
            else 'all'
        end as cut,
        coalesce(source, weekday, begins::varchar, owner, 'all') as segment,
        count(*) as due_leads,
        count(*) filter (completed) as completed_leads,
        count(*) filter (missed and untouched) as untouched_leads,
        count(*) filter (missed and late) as late_leads,
        count(*) filter (missed and not untouched and not late) as dropped_leads,
        count(*) filter (missed and is_nobodys) as nobodys_leads
    from cut
    group by grouping sets ((), (source), (weekday), (begins), (owner))
    order by due_leads desc, segment
"""
COLUMNS = (
    "cut text, segment text, due_leads count, completed_leads count, completion_rate number,"
    "completion_rate_low number, completion_rate_high number, against_the_rest text,"
    "untouched_leads count, late_leads count, dropped_leads count, nobodys_leads count"
)
UNSEEN_SQL = f"select count(*) as leads from fct_leads where {HANDED_OVER} and is_before_activities"


def by_step(asked: Asked) -> Found:
    """One row for all and per source; per weekday and hour of handover only where those differ."""
    every, rows = _counted(asked, ("source", "weekday", "hour"))
    shown = [row for row in rows if row["cut"] == "source"]
    for cut in ("weekday", "hour"):
        of_cut = sorted(
            (row for row in rows if row["cut"] == cut), key=lambda row: int(row["segment"])
        )
        if any(row.get("against_the_rest") in (HIGHER, LOWER) for row in of_cut):
            shown += [row | {"segment": _when(cut, row["segment"])} for row in of_cut]
    said = " ".join(_words(asked, every, shown))
    return Found(tabled([every, *shown], COLUMNS), said)


def by_owner(asked: Asked) -> Found:
    """One row for all and per owner: for the person who leads the team, and nobody else."""
    every, rows = _counted(asked, ("owner",))
    start, *_ = _words(asked, every, [])
    if not rows:
        return Found(tabled([every], COLUMNS), start)
    differ = sum(row["against_the_rest"] in (HIGHER, LOWER) for row in rows)
    who = "The two owners differ from each other" if len(rows) == 2 else (
        f"{number(differ).capitalize()} of {counted(len(rows), 'owner')} "
        f"{'differs' if differ == 1 else 'differ'} from the others"
    )  # fmt: skip
    said = "No owner differs from the others beyond chance."
    if differ:
        said = f"{who} beyond chance: ask first about load, territory and working hours."
    elif all(row["against_the_rest"] == TOO_FEW for row in rows):
        said = TOO_SMALL
    return Found(tabled([every, *rows], COLUMNS), f"{start} {said}")


def _counted(asked: Asked, cuts: tuple[str, ...]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The row of all, and those of the cuts, each held against the rest of its cut."""
    rows = [
        rated(row, "completed_leads", "due_leads", "completion_rate") for row in asked.rows(DUE_SQL)
    ]
    [every] = [row for row in rows if row["cut"] == "all"]
    others = [row for row in rows if row["cut"] in cuts]
    trusted = [cut for cut in cuts if cut != "source" or asked.knows(SOURCE)]
    told = [row for row in others if row["cut"] in trusted]
    verdicts = against_the_rest(told, "completed_leads", "due_leads", asked.min_sample, "cut")
    for row, verdict in zip(told, verdicts, strict=True):
        row["against_the_rest"] = verdict
    return every, others


def _when(cut: str, value: str) -> str:
    if cut == "weekday":
        return WEEKDAYS[int(value) - 1]
    return f"{int(value):02}:00 to {int(value) + HOURS:02}:00"


def _words(asked: Asked, every: dict[str, Any], rows: list[dict[str, Any]]) -> Iterator[str]:
    due, completed = every["due_leads"], every["completed_leads"]
    if not due:
        [unseen] = asked.rows(UNSEEN_SQL)
        if unseen["leads"]:
            yield (
                f"Follow-up of {asked.period.words} cannot be seen: its "
                f"{counted(unseen['leads'], 'lead')} came before the CRM's first activity on "
                "record."
            )
        else:
            yield f"No follow-up was due in {asked.period.words}."
        return
    missed = due - completed
    steps = [
        (every[name], words)
        for name, words in (
            ("untouched_leads", "never touched"),
            ("late_leads", f"touched after more than {asked.published.follow_up_sla_hours} hours"),
            ("dropped_leads", f"touched in time, without {WORKED} so far"),
        )
        if every[name]
    ]
    said = share(completed, due, asked.min_sample)
    text = f"Follow-up was completed for {number(completed)} of {counted(due, 'due lead')}{said}."
    if missed == 1:
        text += f" The other one was {steps[0][1]}"
    elif missed:
        (first, how), *others = steps
        told = [f"{number(first)} {was(first)} {how}", *(f"{number(n)} {how}" for n, how in others)]
        text += f" Of the {number(missed)} others, {listing(told)}"
    if nobodys := every["nobodys_leads"]:
        text += f"; {number(nobodys)} belonged to nobody"
    yield f"{text.rstrip('.')}."
    yield from _where(rows)


def _where(rows: list[dict[str, Any]]) -> Iterator[str]:
    lower = [row for row in rows if row.get("against_the_rest") == LOWER]
    told = []
    for cut, before in (("source", "from"), ("weekday", "handed over on"), ("hour", "handed over")):
        names = [
            source_name(row["segment"]) if cut == "source" else row["segment"]
            for row in lower
            if row["cut"] == cut and row["segment"] != "unknown"
        ]
        if names:
            told.append(f"for leads {before} {several(names)}")
    if told:
        yield f"It broke down more often than for the rest, beyond chance, {listing(told)}."
    elif rows and all(row.get("against_the_rest") == TOO_FEW for row in rows):
        yield TOO_SMALL
    elif len(rows) > 1:
        yield "No source, weekday or hour of handover stands out beyond chance."

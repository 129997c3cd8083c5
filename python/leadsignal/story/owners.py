"""How the leads are spread over owners: routing and load, for the sales manager alone.

No owner is held up as better or worse: where their results differ, the load is looked at first.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from leadsignal.evidence import Evidence, Sentence, say
from leadsignal.facts import KNOWN_FOLLOW_UP, NOBODYS, Facts
from leadsignal.honesty.pooling import homogeneity
from leadsignal.honesty.statistics import SIGNIFICANCE
from leadsignal.metrics.questions import FOLLOW_UP
from leadsignal.words import listing, number, percent

if TYPE_CHECKING:
    import duckdb

NAMED = 3
OWNERS_SQL = """
    select
        owner_id,
        count(*),
        count(*) filter (is_follow_up_due),
        count(*) filter (is_follow_up_due and is_follow_up_completed)
    from fct_leads left join dim_owners using (owner_id)
    where handed_over_at >= $starts_at and handed_over_at < $ends_at
        and is_before_activities is not true
        and owner_id is not null
        and coalesce(owner_type <> 'queue' and is_active, true)
    group by owner_id order by 2 desc, owner_id
"""


@dataclass(frozen=True)
class Load:
    """The leads one owner was handed, those due for follow-up and those that got it."""

    owner: str
    leads: int
    due: int
    completed: int


def owners(con: "duckdb.DuckDBPyConnection", facts: Facts) -> Iterator[Sentence]:
    """Routing first, then the load, then whether results differ at all."""
    if not facts.is_trusted(FOLLOW_UP) or any(one.name == "owner" for one in facts.where):
        return
    bounds = {"starts_at": facts.period.starts_at, "ends_at": facts.period.ends_at}
    loads = [Load(*row) for row in con.execute(OWNERS_SQL, bounds).fetchall()]
    owned = sum(one.leads for one in loads)
    stray = facts.follow_up["handed_over"] - owned
    if stray:
        yield say(
            f"Of the leads handed over, {number(stray)} {'has' if stray == 1 else 'have'} no owner "
            "who is there to work them: routing comes before effort.",
            *(_handed_over(facts, where) for _, where in NOBODYS),
        )
    if len(loads) < 2:
        return
    listed = listing([f"{one.owner} ({one.leads:,})" for one in loads[:NAMED]])
    which = f"other {owned:,}" if stray else "leads handed over"
    most = "most to " if len(loads) > NAMED else ""
    yield say(
        f"The {which} were spread over {number(len(loads))} owners, {most}{listed}.",
        *(_handed_over(facts, {"owner": one.owner}) for one in loads),
    )
    yield from _differences(facts, loads)


def _differences(facts: Facts, loads: list[Load]) -> Iterator[Sentence]:
    due = [one for one in loads if one.due]
    p_value = homogeneity([one.completed for one in due], [one.due for one in due])
    if p_value is None:
        return
    each = [count for one in due for count in _follow_up(facts, [one])]
    if p_value > SIGNIFICANCE:
        yield say(
            "How often follow-up is completed does not differ between them by more than chance "
            "explains.",
            *each,
        )
        return
    start = (
        "How often follow-up is completed differs between them by more than chance explains: look "
        "at load and routing first"
    )
    busy, others = due[:NAMED], due[NAMED:]
    if len(others) < NAMED:  # a share of one or two would be a verdict on them
        yield say(f"{start}.", *each)
        return
    yield say(
        f"{start}. The {number(NAMED)} with most leads completed it for {percent(_rate(busy))} of "
        f"their due leads, the others for {percent(_rate(others))}.",
        *_follow_up(facts, busy),
        *_follow_up(facts, others),
    )


def _rate(loads: list[Load]) -> float:
    return sum(one.completed for one in loads) / sum(one.due for one in loads)


def _follow_up(facts: Facts, loads: list[Load]) -> list[Evidence]:
    """The due leads of some owners, and those followed up."""
    who = {"owner": [one.owner for one in loads]}
    return [
        facts.during("due_leads", KNOWN_FOLLOW_UP, who, *done)
        for done in ((), ("is_follow_up_completed = true",))
    ]


def _handed_over(facts: Facts, *where: "str | dict[str, str]") -> Evidence:
    return facts.during("handed_over_leads", KNOWN_FOLLOW_UP, *where)

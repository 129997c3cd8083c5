"""Leads that are judged otherwise at one build than at another."""

from dataclasses import dataclass

import duckdb

from leadsignal import words
from leadsignal.history.versions import state

VERDICTS = (
    *("fit_verdict", "pain_verdict", "timing_verdict", "authority_verdict", "next_step_verdict"),
    *("is_qualified", "route", "noise_class", "source", "sales_decision"),
    *("disqualification_reason", "lead_state"),
)
"""What is said of a lead, as opposed to what happened with it."""
EXAMPLES = 3
LEAD, THERE = "lead", "there"
MOVED_SQL = """
    with earlier as (select * from {earlier}), later as (select * from {later}),
    pairs as (
        select
            coalesce(earlier.lead_id, later.lead_id) as lead_id,
            unnest(case
                when earlier.lead_id is null or later.lead_id is null then [{there}]
                else [{pairs}]
            end, recursive := true)
        from earlier full join later on earlier.lead_id = later.lead_id
    ),
    counted as (
        select "column", was, now, count(*) as leads, list(lead_id order by lead_id) as ids
        from pairs where was is distinct from now
        group by all
    )
    select "column", was, now, leads, ids[:{examples}]
    from counted
    order by list_position({order}, "column"), leads desc, was, now
"""


@dataclass(frozen=True)
class Moved:
    """Leads of which one column says something else; `lead` is the lead itself, new or gone."""

    column: str
    was: str | None
    now: str | None
    leads: int
    examples: tuple[str, ...]
    """Ids of the first three."""

    def __str__(self) -> str:
        """One line."""
        ids = ", ".join(self.examples) + (", ..." if self.leads > EXAMPLES else "")
        leads = words.counted(self.leads, "lead")
        return f"{self.column} {self.was or 'none'} -> {self.now or 'none'}: {leads} ({ids})"


def moved(con: duckdb.DuckDBPyConnection, since: int, until: int | None = None) -> list[Moved]:
    """What is said of leads at build `until` (the newest, for None) otherwise than at `since`."""
    later = "fct_leads" if until is None else state(con, "lead_versions", until)
    pairs = ", ".join(
        _pair(name, f'cast(earlier."{name}" as varchar)', f'cast(later."{name}" as varchar)')
        for name in VERDICTS
    )
    there = [f"case when {side}.lead_id is not null then '{THERE}' end"
             for side in ("earlier", "later")]  # fmt: skip
    rows = con.execute(
        MOVED_SQL.format(
            earlier=state(con, "lead_versions", since),
            later=later,
            pairs=pairs,
            there=_pair(LEAD, *there),
            order=[LEAD, *VERDICTS],
            examples=EXAMPLES,
        )
    ).fetchall()
    return [
        Moved(column, was, now, leads, tuple(examples))
        for column, was, now, leads, examples in rows
    ]


def _pair(name: str, was: str, now: str) -> str:
    return f"{{'column': '{name}', 'was': {was}, 'now': {now}}}"

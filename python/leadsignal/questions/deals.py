"""How deals go: how far, how often and how soon to a win, and who is not tied to one."""

from typing import Any

import pyarrow as pa

from leadsignal.honesty.outcomes import win_rate_over_time
from leadsignal.questions.asking import Asked, Found, tabled
from leadsignal.questions.comparing import rated
from leadsignal.questions.saying import share
from leadsignal.words import counted, money, number, opening, percent

MOMENTS = (30, 60, 90, 120, 180, 270, 365)
"""Days after opening at which the share won and lost is told."""
TOLD = (90, 180)
"""Those that the answer tells; where no deal is that old, it tells the latest there is."""
UNKNOWN = "unknown"
"""The stage reached of a deal of which none is on record."""
REACHED_SQL = f"""
    with
    ended as (
        select * from fct_opportunities
        where outcome in ('won', 'lost') and closed_on >= $year_began_on and closed_on < $ends_on
    ),
    stages as (
        select stage, min(stage_order) as stage_order from fct_opportunity_stages group by stage
    )
    select
        coalesce(stage_reached, '{UNKNOWN}') as stage,
        count(*) as deals,
        count(*) filter (outcome = 'lost') as lost_here,
        count(*) filter (outcome = 'won') as won,
        sum(count(*) filter (outcome = 'lost')) over ()::bigint as lost_deals,
        sum(amount) filter (outcome = 'lost') as lost_amount
    from ended left join stages on ended.stage_reached = stages.stage
    group by stage_reached, stage_order
    order by stage_order nulls last, stage_reached nulls last
"""
REACHED_COLUMNS = (
    "stage text, deals count, lost_here count, share_of_losses number, share_of_losses_low number,"
    "share_of_losses_high number, lost_amount number, won count"
)
UNTIED_SQL = """
    select
        untied.opportunity_id, untied.source, stage, amount,
        count(*) as engaged_people,
        count(lead_id) as of_them_leads,
        sum(touches)::bigint as touches,
        max(last_touched_at)::date as last_touched_on
    from engaged_untied_contacts as untied
    left join (select opportunity_id, stage, amount from fct_opportunities) as deals
        using (opportunity_id)
    group by all
    order by amount desc nulls last, engaged_people desc, opportunity_id
"""
UNTIED_COLUMNS = (
    "opportunity_id text, source text, stage text, amount number, engaged_people count,"
    "of_them_leads count, touches count, last_touched_on day"
)


def untied(asked: Asked) -> Found:
    """One row per open deal with people of its company who were engaged and are not tied to it."""
    rows = asked.rows(UNTIED_SQL)
    if not rows:
        return Found(
            tabled([], UNTIED_COLUMNS),
            "Nobody on record who was engaged lately at a company with an open deal is missing "
            "from that deal.",
        )
    people = sum(row["engaged_people"] for row in rows)
    amount = sum(row["amount"] or 0 for row in rows)
    said = (
        f"{opening(people)} {'person was' if people == 1 else 'people were'} engaged lately and "
        f"{'is' if people == 1 else 'are'} not tied to the open deal of their company: "
        f"{counted(len(rows), 'deal')} worth {money(amount, asked.published.reporting_currency)}. "
        "What they respond to cannot be seen beside those deals until they are added."
    )
    return Found(tabled(rows, UNTIED_COLUMNS), said)


def win_over_time(asked: Asked) -> Found:
    """One row per age of a deal, over all deals and per source, of every deal on record.

    A lost deal can never be won, so it is no missing observation; an open one is not known yet.
    """
    every = win_rate_over_time(asked.con, None, MOMENTS)
    table = pa.concat_tables([every, win_rate_over_time(asked.con, "source", MOMENTS)])
    return Found(table, _wins_words(asked, every.to_pylist()))


def _wins_words(asked: Asked, rows: list[dict[str, Any]]) -> str:
    known = [row for row in rows if row["win_rate"] is not None and not row["is_small_sample"]]
    told = [
        f"{row['days']} days after opening {percent(row['win_rate'])} are won "
        f"({percent(row['low'] or 0)} to {percent(row['high'] or 0)}) and "
        f"{percent(row['loss_rate'])} lost"
        for row in [row for row in known if row["days"] in TOLD] or known[-1:]
    ]
    if not told:
        deals = rows[0]["deals"] if rows else 0
        return f"{counted(deals, 'deal').capitalize()} on record are too few or too young to tell."
    return f"Of {counted(rows[0]['deals'], 'deal')} on record: {'; '.join(told)}."


def stage_reached(asked: Asked) -> Found:
    """One row per stage, in the order of the stages: the deals that ended within a year by it."""
    rows = [
        rated(row, "lost_here", "lost_deals", "share_of_losses") for row in asked.rows(REACHED_SQL)
    ]
    lost = rows[0]["lost_deals"] if rows else 0
    known = [row for row in rows if row["lost_here"] and row["stage"] != UNKNOWN]
    most = max(known, key=lambda row: row["lost_here"], default=None)
    if most is None:
        said = "No lost deal of the year has a stage on record."
    elif most["lost_here"] == lost:
        said = f"The {counted(lost, 'deal')} lost in a year got no further than {most['stage']}."
    else:
        of = share(most["lost_here"], lost, asked.min_sample)
        said = (
            f"Of {counted(lost, 'deal')} lost in a year, {number(most['lost_here'])} got no "
            f"further than {most['stage']}{of}."
        )
    return Found(tabled(rows, REACHED_COLUMNS), said)

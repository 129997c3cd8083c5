"""Opportunities: the ones leads led to, and the ones that sales opened by itself."""

from leadsignal.demo import market
from leadsignal.demo.leads import SYNCED, key
from leadsignal.demo.market import CUTOFF

_SALES_DEALS_PER_LEAD = 0.03
# Keys of deals without a lead start here, far from the number of any lead.
SALES_DEAL = 100_000_000

# Chronological; a deal has the visits whose time is not null. (stage, time)
VISITS = [
    ("Qualification", "opened"),
    ("Discovery", "discovered"),
    ("Proposal", "proposed"),
    ("Discovery", "reopened"),
    ("Proposal", "proposed_again"),
    ("Negotiation", "negotiated"),
    ("Closed Won", "won"),
    ("Closed Lost", "lost"),
]

STAGE = (
    "case "
    + " ".join(f"when {time} is not null then '{stage}'" for stage, time in reversed(VISITS))
    + " end"
)


def table(leads: int) -> str:
    """SQL that creates `deals` (key n: the lead's number, or SALES_DEAL and up)."""
    visited = [time for _, time in VISITS]
    times = [*visited, "repriced"]
    return f"""
create or replace table deals as
with {_begun(leads)},
{_COURSE},
seen as not materialized (
    select * replace (
        {", ".join(f"case when {time} <= {CUTOFF} then {time} end as {time}" for time in times)}
    )
    from staged
)
select
    *,
    coalesce(won, lost) as closed,
    greatest({", ".join(visited)}) as modified
from seen
"""


def _begun(leads: int) -> str:
    count = max(2, round(leads * _SALES_DEALS_PER_LEAD))
    days = 540
    begin = CUTOFF + 1 - days * 86_400
    return f"""
begun as not materialized (
    select
        n, converted as opened, source_no, offer_no, owner_no, company_no, is_good, appeal, created,
        deal_link, grade
    from journeys
    where has_deal
    union all
    select
        {SALES_DEAL} + range as n,
        cast(
            {begin} + floor((range + 0.5) / {count} * {days}) * 86400 + 28800
            + floor(dice(range, 'sales hour') * 36000) as bigint
        ) as opened,
        if(dice(range, 'sales source') < 0.5, 8, 9) as source_no,
        cast(null as integer) as offer_no,
        1 + cast(floor(dice(range, 'sales owner') * {8 + leads // 2500}) as bigint) as owner_no,
        7 + 8 * cast(floor(dice(range, 'sales company') * {leads} * 0.42) as bigint) as company_no,
        true as is_good, 0.8 as appeal, cast(null as bigint) as created, 'none' as deal_link,
        if(dice(range, 'sales grade') < 0.6, 'decision', 'influencer') as grade
    from range({count})
)"""


# Winning deals move faster; the lost ones end after any of the stages; a few are never closed.
_COURSE = """
fated as not materialized (
    select
        *,
        case
            when dice(n, 'forgotten') < 0.08 then 'open'
            when dice(n, 'wins') < 0.34 * appeal * if(is_good, 1.0, 0.5) then 'won'
            else 'lost'
        end as fate,
        whole(dice(n, 'depth'), 1, 4) as lost_depth
    from begun
),
paced as not materialized (
    select
        *,
        case fate when 'won' then 0.75 when 'lost' then 1.25 else 1.6 end as pace,
        case when fate = 'won' then 4 else lost_depth end as depth,
        dice(n, 'comes back') < 0.14 and (fate = 'won' or lost_depth >= 3) as comes_back
    from fated
),
advanced as not materialized (
    select
        *,
        case when depth >= 2
            then opened + days(dice(n, 'first stage'), 0.5, 24 * pace) end as discovered
    from paced
),
offered as not materialized (
    select
        *,
        case when depth >= 3
            then discovered + days(dice(n, 'second stage'), 1, 50 * pace) end as proposed
    from advanced
),
reconsidered as not materialized (
    select
        *,
        case when comes_back then proposed + days(dice(n, 'third stage'), 2, 30) end as reopened
    from offered
),
offered_again as not materialized (
    select
        *,
        case when comes_back then reopened + days(dice(n, 'fourth stage'), 2, 40 * pace) end
            as proposed_again
    from reconsidered
),
bargained as not materialized (
    select
        *,
        case when depth >= 4 then coalesce(proposed_again, proposed)
            + days(dice(n, 'fifth stage'), 1, 60 * pace) end as negotiated
    from offered_again
),
staged as not materialized (
    select
        *,
        case when fate = 'won' then negotiated + days(dice(n, 'last stage'), 0.5, 45) end as won,
        case when fate = 'lost'
            then coalesce(negotiated, proposed_again, proposed, discovered, opened)
                + days(dice(n, 'last stage'), 2, 90) end as lost,
        case when dice(n, 'repriced') < 0.25
            then discovered + days(dice(n, 'second stage'), 0.4, 20 * pace) end as repriced,
        (6 + seconds(dice(n, 'amount'), 0, 90)) * 1000 as amount,
        dice(n, 'amount known') > 0.1 as has_amount,
        opened + days(dice(n, 'planned'), 45, 240) as planned,
        if(company_no % 2 = 1 and dice(company_no, 'currency') < 0.25, 'GBP', 'USD') as currency
    from bargained
)"""


def opportunity() -> str:
    """SELECT of the opportunity table."""
    source = market.by_source(lambda source: source.label)
    return f"""
select
    {key("006", "n")} as id,
    case when deal_link <> 'none' or dice(n, 'account') < 0.9 then {key("001", "company_no")} end
        as account_id,
    'Deal ' || n % {SALES_DEAL} || if(n >= {SALES_DEAL}, ' of sales', '') as name,
    {STAGE} as stage_name,
    case when has_amount then amount end as amount,
    currency as currency_iso_code,
    on_day(coalesce(closed, planned)) as close_date,
    closed is not null as is_closed,
    won is not null as is_won,
    case when closed is null and dice(n, 'next step') < 0.65
        then pick(next_steps(), dice(n, 'which step')) end as next_step,
    case when lost is not null and dice(n, 'loss') < 0.8
        then pick(loss_reasons(), dice(n, 'which loss')) end as loss_reason_c,
    nullif({source}, '') as lead_source,
    if(n >= {SALES_DEAL} and n % 3 = 0, 'Existing Business', 'New Business') as type,
    case when offer_no is not null
        then {key("701", f"{market.month_number('created')} * 16 + offer_no")} end as campaign_id,
    {key("005", "greatest(1, owner_no)")} as owner_id,
    at_time(opened) as created_date,
    at_time(modified) as last_modified_date,
    dice(n, 'deleted deal') < 0.012 as is_deleted,
    {SYNCED} as _fivetran_synced
from deals
"""


# Three deals in a hundred have their stages in the field history alone.
_IN_FIELD_HISTORY = "dice(n, 'history table') < 0.03"


def opportunity_history() -> str:
    """SELECT of the opportunity history: stage visits, and rows where only the amount changed."""
    rows = [
        _history(number, f"'{stage}'", time, "amount")
        for number, (stage, time) in enumerate(VISITS)
    ]
    repriced = "case when proposed <= repriced then 'Proposal' else 'Discovery' end"
    in_time = "repriced < coalesce(reopened, negotiated, won, lost, repriced + 1)"
    rows.append(f"{_history(8, repriced, 'repriced', 'amount + 2000')} and {in_time}")
    return " union all ".join(rows)


def _history(number: int, stage: str, time: str, amount: str) -> str:
    return f"""
select
    {key("008", f"n * 10 + {number}")} as id,
    {key("006", "n")} as opportunity_id,
    {stage} as stage_name,
    case when has_amount then {amount} end as amount,
    on_day(coalesce(closed, planned)) as close_date,
    at_time({time}) as created_date,
    false as is_deleted
from deals
where {time} is not null and not {_IN_FIELD_HISTORY}
"""


def opportunity_field_history() -> str:
    """SELECT of the opportunity field history: the stage changes of the few deals kept there."""
    rows = []
    for number, (stage, time) in enumerate(VISITS[1:], start=1):
        earlier = ", ".join(
            f"if({before} is null, null, '{old}')" for old, before in reversed(VISITS[:number])
        )
        rows.append(f"""
select
    {key("017", f"500000000 + n * 10 + {number}")} as id,
    {key("006", "n")} as opportunity_id,
    'StageName' as field,
    coalesce({earlier}) as old_value,
    '{stage}' as new_value,
    at_time({time}) as created_date,
    false as is_deleted
from deals
where {time} is not null and {_IN_FIELD_HISTORY}
""")
    return " union all ".join(rows)

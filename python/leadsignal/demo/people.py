"""Who enters the demo CRM: one row per person, with their company, owner and what they said."""

from leadsignal.demo import market

# 2025-05-06: field history was switched on a few days after the first leads came in.
HISTORY_START = 1_746_489_600
_GOLDEN = 0.6180339887498949


def table(leads: int) -> str:
    """SQL that creates `people` (key n, 0 to leads - 1); times are seconds since 1970."""
    return f"""
-- A table is read by all cores, the function range by one.
create or replace table numbers as select range as n from range({leads});
create or replace table people as
with {_captured(leads)},
{_arrived()},
{_described(8 + leads // 2500)}
select
    *,
    company_class = 7 and noise is null as is_good,
    -- Companies are drawn from a pool, so some leads are colleagues. 7 means: in the market.
    company_class + 8 * cast(
        floor(dice(n, 'company') * greatest(
            3, case company_class when 7 then {leads} * 0.42 else {leads} * 0.06 end
        )) as bigint
    ) as company_no,
    case
        when owner_no = 0 then 'queue'
        when owner_no % 8 = 6 then 'gone'
        when owner_no % 8 = 3 then 'slow'
        else 'quick'
    end as owner_kind
from described
"""


def _captured(leads: int) -> str:
    """CTE: when each lead came in, on working days mostly."""
    return f"""
captured as not materialized (
    select
        n,
        n / {leads}.0 as progress,
        {market.created_day(f"((n + 0.5) / {leads})")} as day_no
    from numbers
),
worked_day as not materialized (
    -- Day 0 was a Thursday: of the weekend's leads most came on the Friday before.
    select
        n, progress,
        day_no - case
            when dice(n, 'weekend') < 0.7 then greatest(0, (day_no + 3) % 7 - 4)
            else 0
        end as day_no
    from captured
),
timed as not materialized (
    select
        n, progress,
        day_no * 86400 + 25200 + cast(
            floor((dice(n, 'hour') + dice(n, 'hour too')) * 27000) as bigint
        ) as created,
        -- Spread evenly, not by chance: any month of a small demo has the mix that is meant.
        {market.source_number(f"(n * {_GOLDEN} + dice(0, 'source')) % 1", "progress")} as source_no
    from worked_day
)"""


def _arrived() -> str:
    """CTE: what the source decides: the offer, the fit of the company, the noise."""
    match = market.by_source(lambda source: source.match)
    noise = market.by_source(lambda source: source.noise)
    return f"""
arrived as not materialized (
    select
        *,
        {market.campaign_number("dice(n, 'offer')", "source_no")} as offer_no,
        dice(n, 'country fits') < {match} as has_country,
        dice(n, 'industry fits') < {match} as has_industry,
        dice(n, 'size fits') < {match} as has_size,
        case when dice(n, 'noise') < {noise} then pick(
            ['student', 'student', 'job_seeker', 'vendor', 'vendor', 'disposable', 'disposable',
             'competitor', 'test'],
            dice(n, 'noise class')
        ) end as noise,
        {market.by_source(lambda source: source.senior)} as senior,
        {market.by_source(lambda source: source.appeal)} as appeal
    from timed
)"""


def _described(reps: int) -> str:
    """CTE: how senior the person is, and which representative gets the lead."""
    return f"""
described as not materialized (
    select
        * exclude (senior),
        cast(has_country as integer) + 2 * cast(has_industry as integer)
            + 4 * cast(has_size as integer) as company_class,
        case
            when dice(n, 'senior') < senior then 'decision'
            when dice(n, 'grade') < 0.52 then 'influencer'
            when dice(n, 'grade') < 0.66 then 'junior'
            else 'unclear'
        end as grade,
        -- Owner 0 is the inbound queue.
        case
            when dice(n, 'queue') < 0.06 then 0
            else whole(dice(n, 'owner'), 1, {reps})
        end as owner_no
    from arrived
)"""


def industry(key: str) -> str:
    """SQL: the industry of the company with this number."""
    return f"""case
        when {key} // 2 % 2 = 1 then pick(served_industries(), dice({key}, 'industry'))
        else pick(other_industries(), dice({key}, 'industry'))
    end"""


def country(key: str) -> str:
    """SQL: the country of the company with this number, as somebody spelled it."""
    return f"""case
        when {key} % 2 = 1 then pick(served_countries(), dice({key}, 'country'))
        else pick(other_countries(), dice({key}, 'country'))
    end"""


def employees(key: str) -> str:
    """SQL: the size of the company with this number."""
    return f"""case
        when {key} // 4 % 2 = 1 then seconds(dice({key}, 'employees'), 50, 5000)
        when dice({key}, 'very large') < 0.15 then whole(dice({key}, 'employees'), 5200, 60000)
        else whole(dice({key}, 'employees'), 1, 45)
    end"""


def company_name(key: str) -> str:
    """SQL: the name of the company with this number."""
    name = f"pick(company_names(), dice({key}, 'company name'))"
    return f"concat({name}, ' ', pick(company_kinds(), dice({key}, 'company kind')))"


def company_domain(key: str) -> str:
    """SQL: the web domain of the company with this number; no such domain can exist."""
    name = f"pick(company_names(), dice({key}, 'company name'))"
    return f"lower(concat({name}, {key}, '.example'))"


def title(key: str, grade: str) -> str:
    """SQL: a job title of that grade."""
    return f"""case {grade}
        when 'decision' then pick(decision_titles(), dice({key}, 'title'))
        when 'influencer' then pick(influencer_titles(), dice({key}, 'title'))
        when 'junior' then pick(junior_titles(), dice({key}, 'title'))
        else pick(unclear_titles(), dice({key}, 'title'))
    end"""


def first_name(key: str) -> str:
    """SQL: the first name of the person with this number."""
    return f"pick(first_names(), dice({key}, 'first name'))"


def last_name(key: str) -> str:
    """SQL: the last name of the person with this number."""
    return f"pick(last_names(), dice({key}, 'last name'))"


def email(key: str, company: str) -> str:
    """SQL: the address of the person with this number at the company with that number."""
    return (
        f"lower(concat({first_name(key)}, '.', {last_name(key)}, {key}, '@', "
        f"{company_domain(company)}))"
    )

"""What becomes of each person: when marketing handed over, sales called, decided, opened a deal.

Every time is drawn freely and then cut at the end of the demo: what comes later has not happened,
so the youngest leads are in the middle of their way, as in any CRM.
"""

from leadsignal.demo import market

# Chronological; a person has the steps whose time is not null. (status, time)
STEPS = [
    ("'MQL'", "mql"),
    ("case when n % 3 = 0 then 'Working - Contacted' else 'Working' end", "working"),
    ("case when n % 4 = 0 then 'Recycled' else 'Nurture' end", "nurtured"),
    (
        "pick(['Unqualified', 'Unqualified', 'Disqualified', 'Closed - Not Converted'], "
        "dice(n, 'word for no'))",
        "rejected",
    ),
    ("'Working'", "returned"),
    ("case when n % 5 < 2 then 'Qualified' else 'Accepted' end", "accepted"),
    ("'Unqualified'", "disqualified"),
    ("'On hold'", "paused"),
    ("'Closed - Converted'", "converted"),
]


def status_after(steps: int) -> str:
    """SQL: the lead status once the first so many STEPS are through."""
    cases = " ".join(
        f"when {time} is not null then {status}" for status, time in reversed(STEPS[:steps])
    )
    first = "case when n % 6 = 0 then 'Open - Not Contacted' else 'New' end"
    return f"case {cases} else {first} end" if cases else first


def table() -> str:
    """SQL that creates `journeys`: `people` and the times (seconds since 1970) of what happened."""
    cut = ", ".join(
        f"case when {time} <= {market.CUTOFF} then {time} end as {time}" for time in _TIMES
    )
    return f"""
create or replace table journeys as
with {_CONTACTED},
{_DECIDED},
{_WENT_ON},
seen as not materialized (
    select * replace ({cut}) from went_on
)
select
    *,
    -- Nobody goes on calling once the matter is decided.
    case when working is not null then least(
        attempts,
        1 + (least({market.CUTOFF}, nurtured, rejected, accepted, converted) - working) // gap
    ) else 0 end as touches,
    greatest(created, {", ".join(time for _, time in STEPS)}) as modified,
    converted is not null and deal_link <> 'none' as has_deal
from seen
"""


_TIMES = [time for _, time in STEPS] + ["talked"]

_CONTACTED = """
handed_over as not materialized (
    select
        *,
        -- Outbound leads are called at once, so nobody ever sets them to MQL.
        case
            when source_no = 8 then null
            when dice(n, 'mql')
                < case when noise is not null then 0.6 when is_good then 0.95 else 0.84 end
                then created + hours(dice(n, 'mql wait'), 0.2, 40)
        end as mql
    from people
),
contacted as not materialized (
    select
        *,
        case
            when (mql is not null or source_no = 8) and dice(n, 'works') < case owner_kind
                when 'quick' then 0.96 when 'slow' then 0.85 when 'queue' then 0.30 else 0.12 end
            then coalesce(mql, created) + case owner_kind
                when 'quick' then hours(dice(n, 'first call'), 0.3, 42)
                when 'slow' then hours(dice(n, 'first call'), 14, 330)
                else hours(dice(n, 'first call'), 8, 260) end
        end as working,
        dice(n, 'answers')
            < case when noise is not null then 0.1 when is_good then 0.74 else 0.42 end
            * case owner_kind when 'quick' then 1.0 else 0.75 end as answers,
        whole(dice(n, 'gap'), 72000, 260000) as gap
    from handed_over
)"""

_DECIDED = """
judged as not materialized (
    select
        *,
        whole(dice(n, 'attempts'), 1, case when answers then 3 else 6 end) as attempts,
        case when working is not null and answers and dice(n, 'talk') < 0.82
            then working + hours(dice(n, 'talk wait'), 6, 240) end as talked,
        case
            when working is null then 'none'
            when answers and is_good then case
                when dice(n, 'verdict') < 0.78 then 'accept'
                when dice(n, 'verdict') < 0.87 then 'nurture'
                when dice(n, 'verdict') < 0.97 then 'reject' else 'none' end
            when answers then case
                when dice(n, 'verdict') < 0.10 then 'accept'
                when dice(n, 'verdict') < 0.15 then 'nurture'
                when dice(n, 'verdict') < 0.96 then 'reject' else 'none' end
            when is_good then case
                when dice(n, 'verdict') < 0.06 then 'accept'
                when dice(n, 'verdict') < 0.26 then 'nurture'
                when dice(n, 'verdict') < 0.52 then 'reject' else 'none' end
            else case
                when dice(n, 'verdict') < 0.07 then 'nurture'
                when dice(n, 'verdict') < 0.76 then 'reject' else 'none' end
        end as verdict
    from contacted
),
decided as not materialized (
    select
        *,
        coalesce(talked, working) as met,
        case when verdict = 'reject'
            then coalesce(talked, working) + hours(dice(n, 'decision wait'), 1, 260)
        end as rejected,
        case
            when verdict = 'nurture'
                then coalesce(talked, working) + hours(dice(n, 'decision wait'), 12, 400)
            when mql is null and source_no <> 8 and dice(n, 'newsletter') < 0.15
                then created + days(dice(n, 'decision wait'), 1, 20)
        end as nurtured
    from judged
)"""

_WENT_ON = """
came_back as not materialized (
    -- Some nurtured leads come back, and now and then a rejection is taken back.
    select
        *,
        case
            when verdict = 'nurture' and dice(n, 'returns') < 0.3
                then nurtured + days(dice(n, 'return wait'), 25, 120)
            when verdict = 'reject' and is_good and dice(n, 'returns') < 0.08
                then rejected + days(dice(n, 'return wait'), 10, 60)
        end as returned
    from decided
),
accepting as not materialized (
    select
        *,
        case
            when verdict = 'accept' then met + hours(dice(n, 'accept wait'), 0.5, 60)
            when dice(n, 'second chance') < 0.5 then returned + days(dice(n, 'accept wait'), 1, 12)
        end as accepted
    from came_back
),
opening as not materialized (
    select
        *,
        case when accepted is not null and dice(n, 'deal') < 0.46 * appeal * if(is_good, 1.0, 0.5)
            then accepted + days(dice(n, 'deal wait'), 0.1, 32) end as opened,
        pick(
            ['lead', 'lead', 'lead', 'lead', 'lead', 'lead', 'lead', 'lead', 'lead', 'lead', 'lead',
             'lead', 'lead', 'lead', 'lead', 'lead', 'role', 'account', 'none', 'none'],
            dice(n, 'deal link')
        ) as deal_link
    from accepting
),
went_on as not materialized (
    -- Without a row for the acceptance the conversion has to stand for it.
    select
        * exclude (accepted, opened),
        opened as converted,
        case when opened is null or dice(n, 'accept noted') < 0.75 then accepted end as accepted,
        case when opened is null and dice(n, 'drops') < 0.24
            then accepted + days(dice(n, 'drop wait'), 3, 60) end as disqualified,
        case
            when opened is null and accepted is null and verdict = 'none'
                and dice(n, 'pause') < 0.03
            then working + days(dice(n, 'pause wait'), 2, 20) end as paused
    from opening
)"""

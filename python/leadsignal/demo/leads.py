"""Lead, lead history and campaign member rows, duplicates and merged-away records included."""

from leadsignal.demo import market, people
from leadsignal.demo.journeys import STEPS, status_after
from leadsignal.demo.market import CUTOFF, by_source

SYNCED = f"timestamp '{market.AS_OF} 23:45:00'"


def key(prefix: str, number: str) -> str:
    """SQL: an 18-character Salesforce id."""
    return f"concat('{prefix}5e', 1000000000 + {number}, 'AAA')"


OWNER = f"case owner_no when 0 then {key('00G', '1')} else {key('005', 'owner_no')} end"

# Second records of a person: entered again (same e-mail), merged away, or deleted as rubbish.
_RECORDS = """
create or replace view records as
select *, 'person' as record_kind, n as record_no from journeys
union all
select
    * replace (
        created + days(dice(n, 'again'), 1, 90) as created,
        {never},
        created + days(dice(n, 'again'), 1, 90) as modified,
        4 as source_no
    ),
    case
        when dice(n, 'record') < 0.03 then 'duplicate'
        when dice(n, 'record') < 0.05 then 'merged'
        else 'deleted'
    end as record_kind,
    1000000000 + n as record_no
from journeys
where dice(n, 'record') < 0.06 and created + days(dice(n, 'again'), 1, 90) <= {cutoff}
"""


def records() -> str:
    """SQL that creates the view `records`: one row per row of the lead table, key record_no."""
    never = ", ".join(f"cast(null as bigint) as {time}" for _, time in STEPS)
    return _RECORDS.format(cutoff=CUTOFF, never=never)


_REASON = """case
    when disqualified is not null then pick(late_reasons(), dice(n, 'late reason'))
    when rejected is null or accepted is not null or converted is not null then null
    when dice(n, 'vague') < if(owner_no % 5 = 1, 0.5, 0.1)
        then nullif(pick(vague_reasons(), dice(n, 'vague words')), '')
    when not answers and (is_good or dice(n, 'looks it up') < 0.5) then 'Not responsive'
    when noise = 'student' then 'Student'
    when noise = 'job_seeker' then 'Job seeker'
    when noise = 'vendor' then 'Vendor'
    when noise = 'competitor' then 'Competitor'
    when noise is not null then 'Spam'
    when not has_country then 'Outside service area'
    when not has_industry then 'Wrong industry'
    when not has_size then if(employees > 5000, 'Too large', 'Too small')
    else pick(buyer_reasons(), dice(n, 'buyer reason'))
end"""


def _described() -> str:
    """SELECT: the attributes of each record as numbers and words, before anything is left out."""
    return f"""
select
    *,
    {people.employees("company_no")} as employees,
    {people.company_name("company_no")} as company_name,
    {people.company_domain("company_no")} as domain
from records"""


def lead() -> str:
    """SELECT of the lead table."""
    return f"""
with described as ({_described()})
select
    {key("00Q", "record_no")} as id,
    at_time(created) as created_date,
    at_time(modified) as last_modified_date,
    {status_after(len(STEPS))} as status,
    {_LEAD_SOURCE} as lead_source,
    {OWNER} as owner_id,
    if(noise = 'test', 'Test', {people.first_name("n")}) as first_name,
    if(noise = 'test', 'Lead', {people.last_name("n")}) as last_name,
    if(noise = 'test', 'Test Company', company_name) as company,
    {_TITLE} as title,
    {_EMAIL} as email,
    case when dice(n, 'no industry') > 0.06 then {people.industry("company_no")} end as industry,
    case when dice(n, 'no size') > 0.07 then employees end as number_of_employees,
    case when dice(n, 'revenue') < 0.5 then employees * 145000 end as annual_revenue,
    case when dice(n, 'no country') > 0.04 then {people.country("company_no")} end as country,
    case when dice(n, 'website') < 0.5 then domain end as website,
    {_REASON} as disqualification_reason_c,
    case when met is not null and dice(n, 'pain') < if(is_good, 0.6, 0.15)
        then pick(pains(), dice(n, 'which pain')) end as pain_c,
    case when dice(n, 'timeframe') < 0.55
        then pick(timeframes(), dice(n, 'which timeframe')) end as timeframe_c,
    {_SCORE} as lead_score_c,
    {_UTM},
    case when record_kind = 'merged' then {key("00Q", "n")} end as master_record_id,
    converted is not null as is_converted,
    on_day(converted) as converted_date,
    case when converted is not null then {key("001", "company_no")} end as converted_account_id,
    case when converted is not null then {key("003", "n * 4")} end as converted_contact_id,
    case when has_deal and converted is not null and deal_link = 'lead' then {key("006", "n")} end
        as converted_opportunity_id,
    {_CURRENCY} as currency_iso_code,
    record_kind in ('merged', 'deleted') as is_deleted,
    {SYNCED} as _fivetran_synced
from described
"""


_LEAD_SOURCE = f"""case
    when dice(n, 'no source') < 0.02 then null
    when dice(n, 'no source') < 0.026 then 'Podcast'
    when dice(n, 'no source') < 0.029 then 'Chat'
    when dice(n, 'spelling') < 0.08 then lower({by_source(lambda source: source.label)})
    else nullif({by_source(lambda source: source.label)}, '')
end"""

_TITLE = f"""case
    when noise = 'student' then 'Student'
    when noise = 'job_seeker' then 'Looking for work'
    when noise = 'vendor' then 'Vendor Partnerships'
    when noise = 'competitor' then 'Competitor research'
    when dice(n, 'no title') > 0.05 then {people.title("n", "grade")}
end"""

# The throw-away domain is a public one, because the shipped rules name such domains.
_EMAIL = f"""case
    when noise = 'test' then concat('test+', n, '@', domain)
    when noise = 'disposable' then concat('inbox', n, '@mailinator.com')
    when dice(n, 'no email') > 0.03 then {people.email("n", "company_no")}
end"""

# The score drifts up over the last months without any better lead behind it.
_SCORE = """case when dice(n, 'score') > 0.1 then least(100,
    whole(dice(n, 'points'), 20, 62) + if(is_good, 22, 0) + if(progress > 0.8, 14, 0)
) end"""

_UTM = f"""
    case when offer_no is not null
        then (['linkedin', 'google', 'google'])[source_no + 1] end as utm_source_c,
    case when offer_no is not null then nullif({by_source(lambda source: source.medium)}, '') end
        as utm_medium_c,
    case when offer_no is not null and source_no < 2 then 'always-on' end as utm_campaign_c"""

_CURRENCY = "if(company_no % 2 = 1 and dice(company_no, 'currency') < 0.25, 'GBP', 'USD')"


def lead_history() -> str:
    """SELECT of the lead history: one row per change of the status, and the conversions."""
    changes = [
        _change(number, old=status_after(number), new=status, time=time)
        for number, (status, time) in enumerate(STEPS)
    ]
    changes.append(_change(len(STEPS), "'false'", "'true'", "converted", "leadConverted"))
    return " union all ".join(changes)


def _change(number: int, old: str, new: str, time: str, field: str = "Status") -> str:
    return f"""
select
    {key("017", f"n * 10 + {number}")} as id,
    {key("00Q", "n")} as lead_id,
    '{field}' as field,
    {old} as old_value,
    {new} as new_value,
    at_time({time}) as created_date,
    false as is_deleted
from journeys
where {time} >= {people.HISTORY_START} and dice(n, 'history') > 0.015
"""


def campaign_member() -> str:
    """SELECT of the campaign members: the first response, later ones, and mere invitations."""
    month = market.month_number("created")
    first = _member("0", "created", f"{month} * 16 + offer_no", "offer_no is not null")
    later_time = f"least(created + days(dice(n, 'later response'), 2, 80), {CUTOFF})"
    later = _member("1", later_time, f"{month} * 16 + 7", "dice(n, 'responds again') < 0.12")
    return f"{first} union all {later}"


def _member(number: str, time: str, campaign: str, where: str) -> str:
    return f"""
select
    {key("00v", f"n * 2 + {number}")} as id,
    {key("701", campaign)} as campaign_id,
    {key("00Q", "n")} as lead_id,
    case when converted is not null then {key("003", "n * 4")} end as contact_id,
    if(dice(n, 'response {number}') < 0.95, 'Responded', 'Sent') as status,
    dice(n, 'response {number}') < 0.95 as has_responded,
    case when dice(n, 'response {number}') < 0.95 then on_day({time}) end as first_responded_date,
    at_time({time}) as created_date,
    false as is_deleted
from journeys
where {where}
"""

-- The floor: the published tables of a Salesforce in Parquet by plain DuckDB, tuned by hand for this one layout. Steps are fused, keys are row
-- numbers, moments and stages of events are packed into one number to sort by, texts are taken to be clean and ids to be unique, definitions
-- to have been in force throughout, nothing is tested. The variables raw, seeds (folders) and as_of are set by scale.py, and the tables made
-- in the database in use.

create temp macro raw(name) as table
    from read_parquet(getvariable('raw') || '/' || name || '.parquet', file_row_number = true);
create temp macro seed(name) as table
    from read_csv(getvariable('seeds') || '/' || name || '.csv', header = true, all_varchar = true);
create temp macro as_of() as getvariable('as_of');
create temp macro key(id) as 'salesforce:' || id;
create temp macro folded(value) as lower(trim(value));
create temp macro words(value) as ' ' || trim(regexp_replace(lower(value), '[^\p{L}\p{N}]+', ' ', 'g')) || ' ';
create temp macro month_of(moment) as cast(date_trunc('month', moment) as date);
create temp macro days_between(a, b) as (epoch_us(b) - epoch_us(a)) / 1000000.0 / 86400.0;
create temp macro rate(a, b) as cast(a as double) / nullif(b, 0);
-- Wilson.
create temp macro spread(a, b) as 1.959963984540054 * sqrt(cast(a as double) * (b - a) / nullif(b, 0) + 0.9603647051735313);
create temp macro low(a, b) as case when a > 0 then (a + 1.9207294103470626 - spread(a, b)) / (b + 3.841458820694125) when b > 0 then 0.0 end;
create temp macro high(a, b) as case when a < b then (a + 1.9207294103470626 + spread(a, b)) / (b + 3.841458820694125) when b > 0 then 1.0 end;
create temp macro few(cases) as cases < 30;
-- An event packed: microseconds, then the stage in its order, then is_inferred, then is_bulk.
create temp macro packed(moment, stage, inferred, bulk) as epoch_us(moment) * 64 + stage * 4 + inferred * 2 + bulk;
create temp macro moment_of(event) as make_timestamp(event // 64);
create temp macro stage_of(event) as (event // 4) % 16;
create temp macro stage_name(code) as case code
    when 1 then 'captured' when 2 then 'handed_over' when 3 then 'working' when 4 then 'accepted' when 5 then 'conversation'
    when 6 then 'opportunity' when 7 then 'won' when 8 then 'lost' when 9 then 'rejected' when 10 then 'nurture' end;
create temp macro company_size(employees) as case
    when employees < 0 then null when employees < 50 then '1-49' when employees < 250 then '50-249'
    when employees < 1000 then '250-999' when employees < 5000 then '1000-4999' when employees >= 5000 then '5000+' end;
create temp macro follow_up_grade(due, before_activities) as case
    when due = 0 then 'none' when before_activities > (1 - 0.6) * due then 'unusable' else 'usable' end;

-- Definitions ---------------------------------------------------------------------------------------------------------------------------------

create temp table statuses as
select folded(raw_value) as raw_key, list_position(
    ['captured', 'handed_over', 'working', 'accepted', 'conversation', 'opportunity', 'won', 'lost', 'rejected', 'nurture'], stage
) as code from seed('lead_statuses');

create temp table source_names as
select folded(raw_value) as raw_key, source from seed('lead_sources') where source <> 'unknown';

create temp table utm_mediums as
select folded(raw_value) as raw_key, source from seed('utm_mediums') where source <> 'unknown';

create temp table sources as
select *, case when demand_type in ('paid', 'organic', 'event', 'referral') then 'marketing' when demand_type = 'outbound' then 'sales'
    when demand_type = 'partner' then 'partner' else 'unknown' end as origin
from (
    select source, channel, demand_type from seed('lead_sources') where source <> 'unknown'
    qualify row_number() over (partition by source order by valid_from desc nulls last, channel, demand_type) = 1
    union all select 'unknown', 'unknown', 'unknown'
);

create temp table countries as select folded(raw_value) as raw_key, country_code from seed('country_names');
create temp table criteria as select * from seed('icp_criteria');
create temp table timeframes as select folded(raw_value) as raw_key, cast(months as double) as months from seed('timeframes');
create temp table reasons as select folded(raw_value) as raw_key, reason from seed('disqualification_reasons');
create temp table issues as select reason, issue from seed('disqualification_issues');

create temp table noise_rules as
select *, folded(value) as rule_value, row_number() over (order by list_position(
    ['test', 'disposable', 'student', 'job_seeker', 'vendor', 'competitor', 'internal'], noise_class), rule_id) as rule_order
from seed('noise_rules');
create temp table noise_equals as
select field, rule_value, min(rule_order) as rule_order from noise_rules where operator = 'equals' group by all;

create temp table titles as
with titles as (select title from raw('lead') union select title from raw('contact')),
worded as (select title, folded(title) as title_key, words(title) as title_words from titles where title is not null),
authorities as (
    select worded.title, phrases.authority, phrases.phrase
    from worded join seed('job_titles') as phrases on contains(worded.title_words, words(phrases.phrase))
    qualify row_number() over (partition by worded.title order by cast(phrases.match_order as integer), length(phrases.phrase) desc, phrases.phrase) = 1
),
noise as (
    select worded.title, min(rules.rule_order) as rule_order
    from worded join noise_rules as rules on rules.field = 'title' and case rules.operator
        when 'equals' then worded.title_key = rules.rule_value
        when 'starts_with' then starts_with(worded.title_key, rules.rule_value)
        when 'phrase' then contains(worded.title_words, words(rules.rule_value)) end
    group by all
)
select title, authority, phrase, rule_order from authorities full join noise using (title);

create temp table campaigns as
select campaign.*, coalesce(by_type.source, by_name.source) as source
from raw('campaign') as campaign
left join source_names as by_type on folded(campaign.type) = by_type.raw_key
left join source_names as by_name on folded(campaign.name) = by_name.raw_key
where campaign.is_deleted is not true;

create temp table offers as
select campaigns.name, min(phrases.phrase) as phrase
from campaigns join seed('offers') as phrases on contains(words(campaigns.name), words(phrases.phrase))
where phrases.intent = 'buying' group by all;

create temp table rates as
select iso_code, conversion_rate, start_date, next_start_date, true as is_dated from raw('dated_conversion_rate') where conversion_rate > 0
union all
select iso_code, conversion_rate, null, null, false from raw('currency_type') where conversion_rate > 0;

-- People --------------------------------------------------------------------------------------------------------------------------------------

-- Rows of leads that count, the narrow part: rid is the place in the file.
create temp table lead_rows as
select
    file_row_number as rid, id, created_date as created_at, last_modified_date as modified_at, folded(status) as status_key,
    master_record_id, master_record_id is not null as is_merged, case when email like '%@%' then folded(email) end as email_key,
    coalesce(converted_date <= as_of(), true) as is_known,
    coalesce(is_converted, false) and is_known as is_converted,
    case when is_known then cast(converted_date as timestamp) end as converted_at,
    converted_contact_id as contact_id,
    case when is_known then converted_opportunity_id end as opportunity_id
from raw('lead')
where master_record_id is not null or (is_deleted is not true and created_date <= as_of());

-- Rows that are another's: of a shared e-mail, or merged away.
create temp table moved as
with recursive shared as (
    select email_key from lead_rows where not is_merged and email_key is not null group by all having count(*) > 1
),
groups as (
    select rid, first_value(rid) over (
        partition by email_key order by case when is_converted then 0 else 1 end, created_at, id
    ) as lead_rid
    from lead_rows semi join shared using (email_key) where not is_merged
),
steps as (select rid, id, master_record_id from lead_rows where is_merged),
chains as (
    select rid, master_record_id as reached from steps
    union
    select chains.rid, steps.master_record_id from chains join steps on chains.reached = steps.id
)
select rid, lead_rid, false as is_merged from groups where rid <> lead_rid
union all
select chains.rid, coalesce(groups.lead_rid, lead_rows.rid), true
from chains
join lead_rows on chains.reached = lead_rows.id and not lead_rows.is_merged
left join groups on lead_rows.rid = groups.rid;

create temp table accounts as
select file_row_number as aid, id, name, industry, number_of_employees as employees, countries.country_code
from raw('account') as account left join countries on folded(account.billing_country) = countries.raw_key
where account.is_deleted is not true;

create temp table people as
with earlier as (
    select moved.lead_rid as rid, min(created_at) as created_at from moved join lead_rows using (rid) where not moved.is_merged group by all
),
sizes as (
    select max(case when operator = 'at_least' then cast(value as double) end) as at_least,
        min(case when operator = 'at_most' then cast(value as double) end) as at_most
    from criteria where criterion = 'employees'
),
leads as (
    select *, file_row_number as rid, case when email like '%@%' then folded(email) end as email_key,
        coalesce(converted_date <= as_of(), true) as is_known
    from raw('lead')
    where master_record_id is null and is_deleted is not true and created_date <= as_of() and file_row_number not in (select rid from moved)
),
described as (
    select
        leads.rid, leads.id, coalesce(least(leads.created_date, earlier.created_at), leads.created_date) as captured_at,
        nullif(leads.lead_source, '') as lead_source, leads.owner_id, leads.title, leads.disqualification_reason_c as reason_raw, leads.pain_c is not null as has_pain,
        leads.timeframe_c as timeframe, cast(leads.lead_score_c as double) as score, leads.utm_medium_c, leads.utm_source_c,
        leads.utm_campaign_c, leads.email_key, leads.first_name, leads.last_name, leads.company, accounts.aid,
        case when leads.is_known then leads.converted_account_id end as company_id,
        coalesce(leads.industry, accounts.industry) as industry,
        cast(coalesce(leads.number_of_employees, accounts.employees) as double) as employees,
        case when leads.country is null then accounts.country_code else countries.country_code end as country_code
    from leads
    left join earlier using (rid)
    left join accounts on leads.converted_account_id = accounts.id and leads.is_known
    left join countries on folded(leads.country) = countries.raw_key
)
select
    described.* exclude (email_key, first_name, last_name, company, utm_source_c, utm_medium_c, utm_campaign_c),
    utm_campaign_c as utm_campaign,
    by_lead_source.source as source_by_name, by_medium.source as source_by_medium, by_utm_source.source as source_by_utm,
    titles.authority, titles.phrase as title_phrase,
    coalesce(timeframes.months, case when regexp_full_match(timeframe, '[0-9]+([.][0-9]+)?') then try_cast(timeframe as double) end) as months,
    reasons.reason,
    noise.noise_class, noise.rule_id as noise_rule,
    case when served_countries.rule_id is not null then 'pass' when described.country_code is not null then 'fail' else 'unknown' end
        as country_verdict,
    case when served_industries.rule_id is not null then 'pass' when described.industry is not null then 'fail' else 'unknown' end
        as industry_verdict,
    case when employees < sizes.at_least or employees > sizes.at_most then 'fail' when employees is not null then 'pass' else 'unknown' end
        as size_verdict
from described
cross join sizes
left join source_names as by_lead_source on folded(described.lead_source) = by_lead_source.raw_key
left join utm_mediums as by_medium on folded(described.utm_medium_c) = by_medium.raw_key
left join source_names as by_utm_source on folded(described.utm_source_c) = by_utm_source.raw_key
left join titles on described.title = titles.title
left join timeframes on folded(described.timeframe) = timeframes.raw_key
left join reasons on folded(described.reason_raw) = reasons.raw_key
left join criteria as served_countries on served_countries.criterion = 'country' and described.country_code = served_countries.value
left join criteria as served_industries
    on served_industries.criterion = 'industry' and folded(described.industry) = folded(served_industries.value)
left join noise_equals as by_first_name on by_first_name.field = 'first_name' and folded(described.first_name) = by_first_name.rule_value
left join noise_equals as by_last_name on by_last_name.field = 'last_name' and folded(described.last_name) = by_last_name.rule_value
left join noise_equals as by_company on by_company.field = 'company' and folded(described.company) = by_company.rule_value
left join noise_equals as by_domain
    on by_domain.field = 'email_domain' and substr(described.email_key, instr(described.email_key, '@') + 1) = by_domain.rule_value
-- The rules of whole addresses are beginnings; a beginning of five letters finds the few rules that may hold.
left join (select substr(rule_value, 1, 5) as beginning, rule_value, rule_order from noise_rules where field = 'email') as by_email
    on substr(described.email_key, 1, 5) = by_email.beginning and starts_with(described.email_key, by_email.rule_value)
left join noise_rules as noise on noise.rule_order = least(
    titles.rule_order, by_first_name.rule_order, by_last_name.rule_order, by_company.rule_order, by_domain.rule_order, by_email.rule_order);

-- Every id that may point at a lead: its records, and the contact it was converted into (the lead captured first).
create temp table person_ids as
with records as (
    select lead_rows.rid, lead_rows.id, lead_rows.contact_id, lead_rows.is_merged, coalesce(moved.lead_rid, lead_rows.rid) as lead_rid
    from lead_rows left join moved using (rid) where not lead_rows.is_merged or moved.lead_rid is not null
)
select id as person_id, lead_rid from records
union all
select person_id, lead_rid from (
    select records.contact_id as person_id, records.lead_rid
    from records join people on records.lead_rid = people.rid
    where records.contact_id is not null and not records.is_merged
    qualify row_number() over (partition by records.contact_id order by people.captured_at, people.id) = 1
);

-- Lifecycle -----------------------------------------------------------------------------------------------------------------------------------

create temp table changes as
select
    lead_rows.rid, history.created_date as changed_at, history.field <> 'Status' as is_conversion, history.created_date > as_of() as is_later,
    coalesce(statuses.code, 1) as stage, folded(history.new_value) as value_key, value_key = lead_rows.status_key as is_current
from raw('lead_history') as history
join lead_rows on history.lead_id = lead_rows.id and not lead_rows.is_merged
left join statuses on folded(history.new_value) = statuses.raw_key
where history.is_deleted is not true and history.created_date is not null
    and ((history.field = 'Status' and history.new_value is not null) or history.field = 'leadConverted');

-- Changes of many leads to one value in one second are a machine's.
create temp table crowds as
select date_trunc('second', changed_at) as crowd_second, value_key
from changes
where not is_conversion and not is_later and date_trunc('second', changed_at) in (
    select date_trunc('second', changed_at) from changes where not is_conversion and not is_later group by all having count(*) >= 25
)
group by all having count(distinct rid) >= 25;

create temp table record_ends as
with told as (
    select
        rid,
        max(case when not is_conversion then epoch_us(changed_at) * 16 + stage end) as last_change,
        max(case when not is_conversion and is_current then epoch_us(changed_at) * 16 + stage end) as last_current,
        min(case when not is_conversion and not is_later and stage = 6 then changed_at end) as recorded_at,
        min(case when is_conversion and not is_later then changed_at end) as conversion_at,
        coalesce(bool_or(is_conversion and is_later), false) as is_converted_later
    from changes group by rid
),
judged as (
    select
        records.*, coalesce(moved.lead_rid, records.rid) as lead_rid, told.recorded_at, told.conversion_at,
        coalesce(statuses.code, 1) as stage,
        records.status_key is not null and moved.rid is null
        and not coalesce(told.last_change // 16 > epoch_us(as_of()) or told.last_current = told.last_change, false)
        and not (coalesce(statuses.code, 1) = 6 and (not records.is_known or coalesce(told.is_converted_later, false)))
        and (told.last_change is not null or coalesce(statuses.code, 1) <> 1) as is_inferred,
        case when statuses.code = 6 and records.converted_at is not null then greatest(records.converted_at, records.created_at)
            else coalesce(records.modified_at, records.created_at) end as inferred_at
    from lead_rows as records
    left join moved using (rid)
    left join told using (rid)
    left join statuses on records.status_key = statuses.raw_key
    where not records.is_merged
)
select lead_rid, case when is_inferred and inferred_at <= as_of() then packed(inferred_at, stage, 1, 0) end as inferred,
    coalesce(
        least(recorded_at, conversion_at),
        case when is_converted and converted_at is not null then greatest(converted_at, created_at) end,
        case when is_inferred and inferred_at <= as_of() and stage = 6 then inferred_at end
    ) as converted_at
from judged
where (is_inferred and inferred_at <= as_of()) or recorded_at is not null or conversion_at is not null or is_converted;

create temp table events as
select coalesce(moved.lead_rid, changes.rid) as rid, packed(changes.changed_at, changes.stage, 0, cast(crowds.value_key is not null as integer)) as event
from changes
left join moved using (rid)
left join crowds on date_trunc('second', changes.changed_at) = crowds.crowd_second and changes.value_key = crowds.value_key
where not changes.is_conversion and not changes.is_later
union all
select lead_rid, inferred from record_ends where inferred is not null;

create temp table lead_events as
select
    rid,
    min(case when stage_of(event) = 2 then event end) as handed_over,
    min(case when stage_of(event) = 4 then event end) as accepted,
    min(case when stage_of(event) = 9 then event end) as first_negative,
    max(case when stage_of(event) = 9 then event end) as last_negative,
    min(case when stage_of(event) = 7 then event end) as won,
    max(case when stage_of(event) in (4, 6, 7) then event end) as last_positive,
    min(case when stage_of(event) in (6, 7, 8) then event end) as first_deal,
    max(event) as last_event,
    bool_or(stage_of(event) in (9, 10)) as may_recycle,
    sum((event // 2) % 2) as inferred_count,
    bool_or(event % 2 = 1) as has_bulk
from events group by rid;

create temp table recycles as
select rid, count(*) as recycle_count
from (
    select rid, stage_of(event) as stage, lag(stage_of(event)) over (partition by rid order by event) as previous_stage
    from events semi join (select rid from lead_events where may_recycle) using (rid)
)
where stage <= 4 and previous_stage >= 9 group by rid;

-- Opportunities: their states and visits ------------------------------------------------------------------------------------------------------

create temp table raw_deals as
select
    file_row_number as oid, id, account_id, campaign_id, owner_id, lead_source, created_date as created_at, last_modified_date as modified_at,
    close_date, stage_name, folded(stage_name) as stage_key, is_won, currency_iso_code, cast(amount as double) as amount, next_step is not null as has_next_step,
    case when is_won then true when is_closed is not null then is_closed when is_won is not null then false end as is_closed
from raw('opportunity') where is_deleted is not true and coalesce(created_date <= as_of(), true);

create temp table deal_changes as
with told as (
    select opportunity_id, id, stage_name, created_date, 1 as precedence from raw('opportunity_history')
    where is_deleted is not true and created_date is not null and stage_name is not null
    union all
    select opportunity_id, id, new_value, created_date, 2 from raw('opportunity_field_history')
    where is_deleted is not true and created_date is not null and field = 'StageName' and new_value is not null
)
select deals.oid, told.id, told.stage_name as stage, folded(told.stage_name) as stage_key, told.created_date as changed_at,
    told.created_date > as_of() as is_later
from told join raw_deals as deals on told.opportunity_id = deals.id
where told.precedence = 1 or told.opportunity_id not in (select opportunity_id from told where precedence = 1);

create temp table stages as
select stage_key, coalesce(own.sort_order, cast(seeds.stage_order as integer)) as stage_order,
    coalesce(own.is_closed, cast(seeds.is_closed as boolean)) as is_closed, coalesce(own.is_won, cast(seeds.is_won as boolean)) as is_won
from (select stage_key from raw_deals union select stage_key from deal_changes) as named
left join (select folded(master_label) as stage_key, sort_order, is_closed, is_won from raw('opportunity_stage')) as own using (stage_key)
left join seed('opportunity_stages') as seeds on named.stage_key = folded(seeds.raw_value);

create temp table deals as
with ends as (
    select
        changes.oid, changes.is_later,
        arg_max(changes.stage, (changes.changed_at, coalesce(stages.stage_order, -1), changes.id)) as stage,
        arg_max(changes.stage_key, (changes.changed_at, coalesce(stages.stage_order, -1), changes.id)) as stage_key
    from deal_changes as changes left join stages using (stage_key) group by all
),
stated as (
    select deals.*, later.oid is not null as is_changed_later,
        case when later.oid is null then deals.stage_name else earlier.stage end as stage_then,
        case when later.oid is null then deals.stage_key else earlier.stage_key end as stage_key_then,
        later.oid is null and earlier.oid is null and coalesce(deals.close_date > cast(as_of() as date), false) as is_closing_later
    from raw_deals as deals
    left join ends as later on deals.oid = later.oid and later.is_later
    left join ends as earlier on deals.oid = earlier.oid and not earlier.is_later
),
flagged as (
    select stated.*,
        case when is_changed_later or stated.is_closed is null then stages.is_closed else stated.is_closed end as is_closed_then,
        case when is_changed_later or stated.is_closed is null then stages.is_won else stated.is_won end as is_won_then
    from stated left join stages on stated.stage_key_then = stages.stage_key
),
priced as (
    select flagged.*, upper(coalesce(currency_iso_code, 'USD')) as currency,
        cast(case when currency = 'USD' then 1 else coalesce(dated.conversion_rate, undated.conversion_rate) end as double) as currency_rate,
        case when currency <> 'USD' then dated.start_date end as currency_rate_on
    from flagged
    left join rates as dated on upper(coalesce(flagged.currency_iso_code, 'USD')) = dated.iso_code and dated.is_dated
        and flagged.close_date >= dated.start_date and (dated.next_start_date is null or flagged.close_date < dated.next_start_date)
    left join rates as undated on upper(coalesce(flagged.currency_iso_code, 'USD')) = undated.iso_code and not undated.is_dated
)
select * exclude (stage_name, stage_key, is_won, is_closed, stage_then, stage_key_then),
    case when coalesce(is_closed_then or is_won_then, false) and is_closing_later then null else stage_then end as stage,
    stage_key_then as stage_key,
    case when is_closing_later then 'open' when is_won_then then 'won' when is_closed_then then 'lost' else 'open' end as outcome
from priced;

create temp table deal_visits as
with recorded as (
    select changes.oid, changes.stage, changes.stage_key, stages.stage_order, changes.changed_at as entered_at, changes.id,
        lag(changes.stage_key) over (partition by changes.oid order by changes.changed_at, stages.stage_order nulls first, changes.id)
            as previous_stage_key
    from deal_changes as changes left join stages using (stage_key) where not changes.is_later
),
visits as (
    select *, row_number() over (partition by oid order by entered_at, stage_order nulls first, id) as position_in_deal
    from recorded where previous_stage_key is null or previous_stage_key <> stage_key
),
last_visits as (
    select oid, max(position_in_deal) as position_in_deal, arg_max(stage_key, position_in_deal) as stage_key, max(entered_at) as entered_at
    from visits group by oid
),
all_visits as (
    select oid, stage, stage_key, entered_at, position_in_deal, false as is_inferred from visits
    union all
    select deals.oid, deals.stage, deals.stage_key,
        least(as_of(), greatest(
            case when deals.outcome <> 'open' and deals.close_date is not null then cast(deals.close_date as timestamp)
                else coalesce(deals.modified_at, deals.created_at) end,
            last_visits.entered_at)),
        coalesce(last_visits.position_in_deal, 0) + 1, true
    from deals left join last_visits using (oid)
    where not deals.is_changed_later and deals.stage is not null and deals.stage_key <> coalesce(last_visits.stage_key, '')
),
ordered as (
    select all_visits.*, deals.outcome, stages.stage_order,
        lead(entered_at) over in_deal as exited_at, lead(all_visits.oid) over in_deal is null as is_last,
        row_number() over (partition by all_visits.oid, all_visits.stage_key order by position_in_deal) as visit_number,
        coalesce(stages.is_closed or stages.is_won, false) as is_closed_by_definition
    from all_visits join deals using (oid) left join stages on all_visits.stage_key = stages.stage_key
    window in_deal as (partition by all_visits.oid order by position_in_deal)
)
select *, case when is_last then outcome <> 'open' else is_closed_by_definition end as is_closed_stage from ordered;

create temp table deal_contacts as
with role_names as (select folded(raw_value) as raw_key, authority from seed('contact_roles')),
contacts as (select contact.id, titles.authority from raw('contact') as contact join titles using (title) where contact.is_deleted is not true)
select deals.oid, roles.contact_id, person_ids.lead_rid,
    coalesce(bool_or(role_names.authority = 'decision_maker' or contacts.authority = 'decision_maker'), false) as is_decision_maker,
    coalesce(bool_or(role_names.authority in ('decision_maker', 'influencer')), false) as has_authority
from raw('opportunity_contact_role') as roles
join deals on roles.opportunity_id = deals.id
left join person_ids on roles.contact_id = person_ids.person_id
left join role_names on folded(roles.role) = role_names.raw_key
left join contacts on roles.contact_id = contacts.id
where roles.is_deleted is not true and coalesce(roles.created_date <= as_of(), true) and roles.contact_id is not null
group by all;

create temp table links as
with converted as (
    select rid, coalesce(moved.lead_rid, rid) as lead_rid, opportunity_id, case when is_known then contact_id end as contact_id
    from lead_rows left join moved using (rid) where not lead_rows.is_merged and (opportunity_id is not null or contact_id is not null)
),
candidates as (
    select distinct deals.oid, converted.lead_rid, 1 as link_tier from deals join converted on deals.id = converted.opportunity_id
    union all
    select distinct contacts.oid, converted.lead_rid, 2 from deal_contacts as contacts join converted using (contact_id)
    union all
    select deals.oid, people.rid, 3 from deals join people on deals.account_id = people.company_id
    where people.captured_at <= deals.created_at and deals.created_at <= people.captured_at + interval 90 day
)
select candidates.*, row_number() over (
    partition by candidates.oid order by candidates.link_tier, people.captured_at, people.id) = 1 as is_primary
from candidates join people on candidates.lead_rid = people.rid
qualify candidates.link_tier = 1 or is_primary;

-- Activities and responses --------------------------------------------------------------------------------------------------------------------

create temp table task_classes as
with kinds as (select distinct type, task_subtype, call_type, subject from raw('task')),
fields as (
    select kinds, 'type' as field, folded(coalesce(kinds.type, '')) as value from kinds
    union all select kinds, 'subtype', folded(coalesce(kinds.task_subtype, '')) from kinds
    union all select kinds, 'direction', folded(coalesce(kinds.call_type, '')) from kinds
    union all select kinds, 'subject', folded(coalesce(kinds.subject, '')) from kinds
),
matched as (
    select fields.kinds, bool_or(rules.activity_class = 'auto_logged') as is_auto_logged, bool_or(rules.activity_class = 'inbound') as is_inbound
    from fields join seed('activity_rules') as rules on fields.field = rules.field and case rules.operator
        when 'equals' then fields.value = folded(rules.value)
        when 'starts_with' then starts_with(fields.value, folded(rules.value))
        when 'phrase' then contains(words(fields.value), words(rules.value)) end
    group by all
)
select kinds.type, kinds.task_subtype, kinds.call_type, kinds.subject, is_auto_logged, is_inbound from matched;

create temp table activities as
with outcomes as (
    select folded(raw_value) as raw_key from seed('call_outcomes') where cast(is_conversation as boolean)
),
tasks as (
    select task.*, coalesce(is_closed, folded(status) in ('completed', 'closed'), false) as is_done,
        coalesce(completed_date_time, greatest(created_date, cast(activity_date as timestamp))) as done_at,
        case when 'call' in (folded(type), folded(task_subtype)) then 'call'
            when 'email' in (folded(type), folded(task_subtype)) then 'email' else 'task' end as kind
    from raw('task') as task
    where is_deleted is not true and coalesce(created_date <= as_of(), true)
)
select
    tasks.id, tasks.kind, coalesce(classes.is_inbound, false) as is_inbound, person_ids.lead_rid as rid, tasks.who_id, deals.oid,
    case when is_done and done_at <= as_of() then done_at end as happened_at,
    completed_date_time is null as is_time_inferred,
    not (is_done and coalesce(done_at <= as_of(), true)) and coalesce(activity_date >= cast(as_of() as date), true) as is_scheduled,
    happened_at is not null and not coalesce(classes.is_auto_logged, false) as is_work,
    is_work and not coalesce(classes.is_inbound, false) as is_touch,
    happened_at is not null and tasks.kind = 'call' and outcomes.raw_key is not null as is_conversation
from tasks
left join person_ids on tasks.who_id = person_ids.person_id
left join deals on tasks.what_id = deals.id
left join task_classes as classes
    on coalesce(tasks.subject, '') = coalesce(classes.subject, '') and coalesce(tasks.type, '') = coalesce(classes.type, '')
    and coalesce(tasks.task_subtype, '') = coalesce(classes.task_subtype, '') and coalesce(tasks.call_type, '') = coalesce(classes.call_type, '')
left join outcomes on folded(tasks.call_disposition) = outcomes.raw_key
union all
select
    event.id, 'meeting', null, person_ids.lead_rid, event.who_id, deals.oid,
    case when event.start <= as_of() then event.start end, false, coalesce(event.start > as_of(), false),
    coalesce(event.start <= as_of(), false), false, coalesce(event.start <= as_of(), false)
from (
    select *, cast(coalesce(start_date_time, activity_date_time, activity_date) as timestamp) as start from raw('event')
    where is_deleted is not true and coalesce(created_date <= as_of(), true)
) as event
left join person_ids on event.who_id = person_ids.person_id
left join deals on event.what_id = deals.id;

create temp table responses as
select
    member.id, coalesce(leads.lead_rid, contacts.lead_rid) as rid, member.campaign_id, campaigns.name as campaign,
    greatest(member.first_responded_date, member.created_date) as responded_at,
    row_number() over (partition by rid order by responded_at nulls last, member.id) as response_number
from raw('campaign_member') as member
left join person_ids as leads on member.lead_id = leads.person_id
left join person_ids as contacts on member.contact_id = contacts.person_id
left join campaigns on member.campaign_id = campaigns.id
where member.is_deleted is not true and coalesce(member.created_date <= as_of(), true)
    and (member.has_responded or member.first_responded_date is not null)
    and coalesce(greatest(member.first_responded_date, member.created_date) <= as_of(), true)
    and (leads.lead_rid is not null or contacts.lead_rid is not null);

create temp table lead_sources as
select people.rid, coalesce(people.source_by_name, campaigns.source, people.source_by_medium, people.source_by_utm, 'unknown') as source,
    coalesce(first_responses.campaign, people.utm_campaign) as campaign, first_responses.campaign as offer
from people
left join (select * from responses where response_number = 1) as first_responses using (rid)
left join campaigns on first_responses.campaign_id = campaigns.id;

-- Opportunities: their quality ----------------------------------------------------------------------------------------------------------------

create temp table judged_deals as
with primaries as (select oid, lead_rid, link_tier from links where is_primary),
ends as (
    select oid,
        max(case when is_last and is_closed_stage and not is_inferred then entered_at end) as closed_by_history_at,
        max(case when is_last then entered_at end) as last_entered_at,
        arg_max(stage, (coalesce(stage_order, -1), entered_at, position_in_deal)) filter (where not is_closed_stage) as stage_reached
    from deal_visits group by oid
),
closed as (
    select deals.*, primaries.lead_rid, primaries.link_tier, ends.stage_reached,
        case when outcome <> 'open' then coalesce(closed_by_history_at,
            least(coalesce(cast(close_date as timestamp), last_entered_at), as_of())) end as closed_at,
        case when outcome <> 'open' then coalesce(cast(closed_by_history_at as date),
            least(coalesce(close_date, cast(last_entered_at as date)), cast(as_of() as date))) end as closed_on
    from deals left join primaries using (oid) left join ends using (oid)
),
judged as (
    select *, case when outcome = 'open' then as_of() else closed_at end as judged_at,
        case when outcome = 'open' then cast(as_of() as date) else closed_on end as judged_on
    from closed
),
contact_counts as (
    select oid, count(distinct coalesce(cast(lead_rid as varchar), contact_id)) as contact_count, bool_or(is_decision_maker) as has_decision_maker
    from deal_contacts group by oid
),
work as (select rid, who_id, oid, happened_at from activities where is_work),
leads_of as (
    select oid, lead_rid as rid from deal_contacts where lead_rid is not null union select oid, lead_rid from links where is_primary
),
recent_work as (
    select judged.oid from judged join work using (oid)
    where work.happened_at <= judged.judged_at and work.happened_at >= judged.judged_at - interval 14 day
    union
    select judged.oid from judged join leads_of using (oid) join work on leads_of.rid = work.rid
    where work.happened_at <= judged.judged_at and work.happened_at >= judged.judged_at - interval 14 day
    union
    select judged.oid from judged join deal_contacts using (oid) join work on deal_contacts.contact_id = work.who_id
    where deal_contacts.lead_rid is null
        and work.happened_at <= judged.judged_at and work.happened_at >= judged.judged_at - interval 14 day
)
select judged.*, judged.amount / judged.currency_rate as amount_reporting,
    coalesce(judged.amount > 0, false) as has_amount,
    outcome = 'won' or coalesce(close_date >= judged_on, false) as has_live_close_date,
    recent_work.oid is not null as has_recent_activity,
    coalesce(contact_counts.has_decision_maker, false) as has_decision_maker,
    coalesce(contact_counts.contact_count, 0) as contact_count,
    cast(has_amount as integer) + cast(has_live_close_date as integer) + cast(has_next_step as integer) + cast(has_recent_activity as integer)
        + cast(coalesce(contact_counts.has_decision_maker, false) as integer) + cast(coalesce(contact_counts.contact_count, 0) >= 2 as integer)
        as criteria_met
from judged left join recent_work using (oid) left join contact_counts using (oid);

create temp table lead_deals as
select
    links.lead_rid as rid, count(*) as opportunity_count, min(created_at) as opportunity_at, max(created_at) as last_opportunity_at,
    arg_min(deals.id, (coalesce(created_at, timestamp 'infinity'), deals.id)) as opportunity_id,
    bool_or(outcome = 'won') as has_won, bool_or(outcome = 'open') as has_open, bool_or(criteria_met >= 4) as is_strong_pipeline,
    case when has_won then 'won' when has_open then 'open' else 'lost' end as outcome,
    case when has_won then min(case when deals.outcome = 'won' then closed_at end)
        when not has_open then max(case when deals.outcome = 'lost' then closed_at end) end as closed_at,
    sum(case when links.is_primary then amount_reporting end) as pipeline_amount,
    sum(case when links.is_primary and deals.outcome = 'won' then amount_reporting end) as won_amount,
    min(case when deals.outcome <> 'open' then closed_at end) as first_closed_at
from links join judged_deals as deals using (oid) group by all;

-- Milestones, follow-up, decisions ------------------------------------------------------------------------------------------------------------

create temp table milestones as
with spoken as (
    select rid, min(case when is_touch then happened_at end) as first_outbound_at,
        min(case when is_conversation then happened_at end) as first_conversation_at
    from activities where rid is not null group by rid
),
conversions as (select lead_rid as rid, min(converted_at) as converted_at from record_ends where converted_at is not null group by all),
gathered as (
    select
        people.rid, people.captured_at, moment_of(events.handed_over) as recorded_handover_at, moment_of(events.accepted) as recorded_acceptance_at,
        moment_of(events.first_negative) as first_negative_at, moment_of(events.last_negative) as last_negative_at,
        events.won is not null as has_won_event, stage_of(events.last_event) as last_stage, moment_of(events.first_deal) as first_deal_event_at,
        coalesce(events.inferred_count, 0) as inferred_count, coalesce(events.has_bulk, false) as has_bulk,
        spoken.first_outbound_at, spoken.first_conversation_at,
        greatest(moment_of(events.last_positive), conversions.converted_at, deals.last_opportunity_at) as last_positive_at,
        least(spoken.first_conversation_at, conversions.converted_at, deals.opportunity_at, moment_of(events.won)) as implied_acceptance_at
    from people
    left join lead_events as events using (rid)
    left join spoken using (rid)
    left join conversions using (rid)
    left join lead_deals as deals using (rid)
)
select *, coalesce(recorded_acceptance_at, implied_acceptance_at) as accepted_at,
    recorded_acceptance_at is null and implied_acceptance_at is not null as is_acceptance_inferred,
    coalesce(recorded_handover_at, least(first_outbound_at, accepted_at, first_negative_at)) as handed_over_at,
    recorded_handover_at is null and handed_over_at is not null as is_handover_inferred
from gathered;

create temp table follow_up as
select
    rid,
    min(case when is_touch and happened_at >= handed_over_at then happened_at end) as first_touch_at,
    min(case when is_touch and happened_at >= handed_over_at and not is_time_inferred then happened_at end) as first_known_touch_at,
    max(case when is_touch and happened_at >= handed_over_at then happened_at end) as last_touch_at,
    count(case when is_touch and happened_at >= handed_over_at then 1 end) as touch_count,
    bool_or(is_scheduled) as has_next_activity,
    bool_or(kind = 'meeting' and is_conversation) as has_meeting_held
from activities join (select rid, handed_over_at from milestones) using (rid) group by rid;

create temp table negatives as
select rid, min(case when accepted_at is null or moment_of(event) < accepted_at then moment_of(event) end) as rejected_at,
    min(case when moment_of(event) >= accepted_at then moment_of(event) end) as disqualified_at
from events join (select rid, accepted_at from milestones where last_negative_at is not null) using (rid)
where stage_of(event) = 9 group by rid;

-- Work days of each time zone. A moment finds its day by the quarter of an hour it is in: no offset changes within one.
create temp table owner_zones as
select id as owner_id, time_zone_sid_key as time_zone from raw('user')
where time_zone_sid_key in (select name from pg_timezone_names());

create temp table business_quarters as
with zones as (select distinct time_zone from owner_zones union select 'UTC'),
bounds as (select coalesce(min(handed_over_at), as_of()) - interval 2 day as first_at from milestones),
days as (
    select time_zone, cast(date_day as date) as date_day,
        (date_day + interval 9 hour) at time zone time_zone at time zone 'UTC' as opens_at,
        case when extract(isodow from date_day) <= 5 and cast(date_day as date) not in (select cast(holiday_on as date) from seed('holidays'))
            then (date_day + interval 17 hour) at time zone time_zone at time zone 'UTC' else opens_at end as closes_at
    from zones, (select unnest(generate_series(date_trunc('day', (select first_at from bounds)), as_of() + interval 2 day, interval 1 day)) as date_day)
),
summed as (
    select *, coalesce(sum(epoch_us(closes_at) - epoch_us(opens_at)) over (
        partition by time_zone order by date_day rows between unbounded preceding and 1 preceding), 0) as before
    from days
),
quarters as (
    select time_zone, quarter, cast(quarter at time zone 'UTC' at time zone time_zone as date) as date_day
    from zones, (select unnest(generate_series(
        date_trunc('day', (select first_at from bounds)), as_of() + interval 1 day, interval 15 minute)) as quarter)
)
select time_zone, epoch_us(quarter) // 900000000 as quarter, cast(before as bigint) as before, epoch_us(opens_at) as opens, epoch_us(closes_at) as closes
from quarters join summed using (time_zone, date_day);

create temp table business_hours as
with touched as (
    select follow_up.rid, coalesce(time_zone, 'UTC') as time_zone, epoch_us(milestones.handed_over_at) as handed_over, epoch_us(first_touch_at) as touched
    from follow_up join milestones using (rid) join people using (rid) left join owner_zones using (owner_id) where first_touch_at is not null
)
select rid, (
    (till.before + greatest(0, least(touched, till.closes) - till.opens)) - (since.before + greatest(0, least(handed_over, since.closes) - since.opens))
) / 1000000.0 / 3600.0 as hours
from touched
join business_quarters as since on touched.time_zone = since.time_zone and handed_over // 900000000 = since.quarter
join business_quarters as till on touched.time_zone = till.time_zone and touched // 900000000 = till.quarter;

create temp table roles_of_leads as
select distinct coalesce(moved.lead_rid, lead_rows.rid) as rid
from deal_contacts join lead_rows using (contact_id) left join moved using (rid)
where deal_contacts.has_authority and lead_rows.is_known and not lead_rows.is_merged;

-- Leads ---------------------------------------------------------------------------------------------------------------------------------------

create temp table leads as
with first_history as (
    select min(created_date) as first_history_at from raw('lead_history')
    where is_deleted is not true and lead_id is not null and created_date <= as_of()
),
cliff as (
    select min(happened_at) as first_activity_at,
        coalesce(date_trunc('month', (select min(handed_over_at) from milestones)) < date_trunc('month', min(happened_at)), true) as has_months_before
    from activities
),
gathered as (
    select
        people.*, milestones.* exclude (rid, captured_at), lead_sources.source, lead_sources.campaign, lead_sources.offer,
        offers.phrase as offer_phrase, sources.channel, sources.demand_type,
        follow_up.first_touch_at, follow_up.last_touch_at, coalesce(follow_up.touch_count, 0) as touch_count,
        coalesce(follow_up.has_next_activity, false) as has_next_activity, coalesce(follow_up.has_meeting_held, false) as has_meeting_held,
        follow_up.first_touch_at is not null and coalesce(follow_up.first_touch_at < follow_up.first_known_touch_at, true) as is_first_touch_inferred,
        coalesce(milestones.handed_over_at + interval 24 hour <= as_of(), false) as is_follow_up_due,
        coalesce(follow_up.first_touch_at <= milestones.handed_over_at + interval 24 hour, false) as is_touched_in_time,
        (epoch_us(follow_up.first_touch_at) - epoch_us(milestones.handed_over_at)) / 1000000.0 / 3600.0 as hours_to_first_touch,
        business_hours.hours as business_hours_to_first_touch, negatives.rejected_at, negatives.disqualified_at,
        case
            when milestones.accepted_at is null and negatives.rejected_at is not null then 'rejected'
            when milestones.accepted_at is null then null
            when negatives.disqualified_at is null then 'accepted'
            when milestones.last_negative_at >= coalesce(milestones.last_positive_at, milestones.last_negative_at) then 'disqualified'
            else 'accepted'
        end as sales_decision,
        case when sales_decision in ('rejected', 'disqualified') then issues.reason end as disqualification_reason,
        case when sales_decision in ('rejected', 'disqualified') then issues.issue end as disqualification_issue,
        deals.opportunity_id, deals.opportunity_at, deals.closed_at, deals.outcome, coalesce(deals.opportunity_count, 0) as opportunity_count,
        coalesce(deals.is_strong_pipeline, false) as is_strong_pipeline, deals.pipeline_amount, deals.won_amount, deals.first_closed_at,
        deals.rid is not null as has_opportunity, coalesce(recycles.recycle_count, 0) as recycle_count,
        coalesce(deals.outcome = 'won', false) or milestones.has_won_event as is_won,
        roles.rid is not null as has_authority_by_role,
        people.captured_at + interval 90 day <= as_of() as is_mature
    from people
    join milestones using (rid)
    join lead_sources using (rid)
    join sources using (source)
    left join follow_up using (rid)
    left join negatives using (rid)
    left join lead_deals as deals using (rid)
    left join recycles using (rid)
    left join business_hours using (rid)
    left join roles_of_leads as roles using (rid)
    left join offers on lead_sources.offer = offers.name
    left join issues on coalesce(people.reason, 'unstated') = issues.reason
),
judged as (
    select *,
        country_verdict = 'pass' and industry_verdict = 'pass' as is_target_market,
        case when noise_class is not null or country_verdict = 'fail' or industry_verdict = 'fail' or size_verdict = 'fail' then 'fail'
            when country_verdict = 'pass' and industry_verdict = 'pass' and size_verdict = 'pass' then 'pass' else 'unknown' end as fit_rule_only_verdict,
        case when has_pain or offer_phrase is not null or has_opportunity then 'pass' else 'unknown' end as pain_rule_only_verdict,
        case when has_opportunity or months <= 6 then 'pass' when months > 6 then 'fail' else 'unknown' end as timing_rule_only_verdict,
        case when authority = 'none' then 'fail' when authority is not null or has_authority_by_role then 'pass' else 'unknown' end
            as authority_rule_only_verdict,
        not has_next_activity and coalesce(last_touch_at, captured_at) < as_of() - interval 14 day as is_silent,
        case when is_silent then 'fail' when has_meeting_held or has_next_activity or has_opportunity then 'pass' else 'unknown' end
            as next_step_rule_only_verdict,
        coalesce(sales_decision in ('rejected', 'disqualified'), false) as is_refused,
        coalesce(disqualification_issue, '') as refused_for,
        case when is_refused then sales_decision || ' by sales: ' || replace(disqualification_reason, '_', ' ') end as refusal,
        is_follow_up_due and is_touched_in_time and (
            first_conversation_at is not null or sales_decision is not null or touch_count >= 3) as is_follow_up_completed,
        coalesce(last_touch_at < as_of() - interval 14 day, false) and not has_next_activity as is_gone_quiet,
        case when is_won then 'won' when opportunity_count > 0 then 'opportunity' when first_conversation_at is not null then 'conversation'
            when accepted_at is not null then 'accepted' when handed_over_at is not null then 'handed_over' else 'captured' end as lifecycle_stage
    from gathered
),
passed as (
    select *,
        fit_rule_only_verdict = 'pass' and timing_rule_only_verdict <> 'fail' and authority_rule_only_verdict <> 'fail' and (
            1 + cast(pain_rule_only_verdict = 'pass' as integer) + cast(timing_rule_only_verdict = 'pass' as integer)
            + cast(authority_rule_only_verdict = 'pass' as integer) + cast(next_step_rule_only_verdict = 'pass' as integer)) >= 3 as is_qualified
    from judged
)
select
    rid, key(id) as lead_id, 'salesforce' as crm, captured_at as created_at, cast(captured_at as date) as created_on,
    month_of(captured_at) as created_month, source, channel, demand_type, lead_source as source_raw, campaign, offer,
    case when offer_phrase is not null then 'buying' when offer is not null then 'researching' end as offer_intent,
    key(owner_id) as owner_id, key(company_id) as company_id, industry, country_code, company_size(employees) as company_size,
    score as lead_score,
    case when score < 0 then 'below 0' when score < 20 then '0-19' when score < 40 then '20-39' when score < 60 then '40-59'
        when score < 80 then '60-79' when score < 100 then '80-99' when score >= 100 then '100+' end as score_band,
    is_target_market,
    case when refused_for = 'fit' then 'fail' else fit_rule_only_verdict end as fit_verdict, fit_verdict = 'pass' as is_icp_fit,
    case when refused_for = 'pain' then 'fail' else pain_rule_only_verdict end as pain_verdict,
    case when refused_for = 'timing' then 'fail' else timing_rule_only_verdict end as timing_verdict,
    case when refused_for = 'authority' then 'fail' else authority_rule_only_verdict end as authority_verdict,
    case when is_refused then 'fail' else next_step_rule_only_verdict end as next_step_verdict,
    fit_rule_only_verdict, pain_rule_only_verdict, timing_rule_only_verdict, authority_rule_only_verdict, next_step_rule_only_verdict,
    case when refused_for = 'fit' then 'sales_decision' when noise_class is not null then noise_rule when country_verdict = 'fail' then 'country_served'
        when industry_verdict = 'fail' then 'industry_served' when size_verdict = 'fail' then 'size_in_range'
        when fit_rule_only_verdict = 'pass' then 'ideal_customer' when country_verdict = 'unknown' then 'country_known'
        when industry_verdict = 'unknown' then 'industry_known' else 'size_known' end as fit_rule,
    case when refused_for = 'fit' then refusal else 'country ' || coalesce(country_code, 'unknown') || ', industry ' || coalesce(industry, 'unknown')
        || ', employees ' || coalesce(cast(cast(employees as bigint) as varchar), 'unknown') || coalesce(', noise ' || noise_class, '') end as fit_evidence,
    case when refused_for = 'pain' then 'sales_decision' when has_pain then 'pain_written' when offer_phrase is not null then 'offer_with_buying_intent'
        when has_opportunity then 'opportunity_exists' else 'pain_known' end as pain_rule,
    case when refused_for = 'pain' then refusal when has_pain then 'a pain is written on the record'
        when offer_phrase is not null then 'offer with "' || offer_phrase || '" in its name' when has_opportunity then 'an opportunity exists'
        else 'no pain written, no buying intent, no opportunity' end as pain_evidence,
    case when refused_for = 'timing' then 'sales_decision' when months <= 6 then 'timeframe_inside_limit' when has_opportunity then 'opportunity_exists'
        when months > 6 then 'timeframe_beyond_limit' else 'timeframe_known' end as timing_rule,
    case when refused_for = 'timing' then refusal
        when months <= 6 or (months is not null and not has_opportunity)
            then 'stated time frame of ' || cast(cast(months as bigint) as varchar) || ' months'
        when has_opportunity then 'an opportunity exists' when timeframe is not null then 'stated time frame that no definition knows'
        else 'no time frame stated' end as timing_evidence,
    case when refused_for = 'authority' then 'sales_decision' when authority is not null then 'title_phrase'
        when has_authority_by_role then 'contact_role' else 'title_known' end as authority_rule,
    case when refused_for = 'authority' then refusal
        when authority is not null then 'title with "' || title_phrase || '": ' || replace(authority, '_', ' ')
        when has_authority_by_role then 'a contact role on an opportunity' when title is not null then 'a title that no definition knows'
        else 'no title' end as authority_evidence,
    case when is_refused then 'sales_decision' when is_silent then 'silence' when has_next_activity then 'next_activity_scheduled'
        when has_opportunity then 'opportunity_exists' when has_meeting_held then 'meeting_held' else 'still_young' end as next_step_rule,
    case when is_refused then refusal when is_silent then 'nothing scheduled and no touch for 14 days'
        when has_next_activity then 'a meeting or an open task lies ahead' when has_opportunity then 'an opportunity exists'
        when has_meeting_held then 'a meeting was held' else 'nothing scheduled, last touch or capture within 14 days' end as next_step_evidence,
    noise_class, is_qualified,
    case when is_qualified then 'sales'
        when fit_rule_only_verdict = 'pass' and timing_rule_only_verdict = 'fail' and authority_rule_only_verdict <> 'fail' then 'nurture'
        when fit_rule_only_verdict = 'fail' then 'discard' else 'research' end as route,
    handed_over_at, cast(handed_over_at as date) as handed_over_on, is_handover_inferred, first_touch_at, is_first_touch_inferred,
    accepted_at, cast(accepted_at as date) as accepted_on, is_acceptance_inferred, rejected_at, cast(rejected_at as date) as rejected_on,
    disqualified_at, sales_decision, first_conversation_at, opportunity_at, closed_at, outcome, lifecycle_stage,
    nullif(substr(
        case when handed_over_at is null and lifecycle_stage in ('accepted', 'conversation', 'opportunity', 'won') then ',handed_over' else '' end
        || case when accepted_at is null and lifecycle_stage in ('conversation', 'opportunity', 'won') then ',accepted' else '' end
        || case when first_conversation_at is null and lifecycle_stage in ('opportunity', 'won') then ',conversation' else '' end
        || case when opportunity_at is null and lifecycle_stage = 'won' then ',opportunity' else '' end, 2), '') as skipped_stages,
    case when is_won then 'won' when outcome = 'lost' then 'lost' when outcome = 'open' then 'in_opportunity'
        when refused_for = 'fit' then 'bad_fit' when is_refused then 'disqualified' when last_stage = 10 then 'nurture'
        when first_conversation_at is not null then 'in_conversation' when sales_decision = 'accepted' then 'accepted'
        when touch_count >= 3 then 'unresponsive' when is_follow_up_due and touch_count = 0 then 'ignored'
        when touch_count > 0 and is_gone_quiet then 'stalled' when touch_count > 0 then 'working'
        when handed_over_at is not null then 'new' else 'not_handed_over' end as lead_state,
    cast(recycle_count as integer) as recycle_count, disqualification_reason, disqualification_issue, reason_raw as disqualification_reason_raw,
    coalesce(sales_decision = 'rejected' and disqualification_issue = 'unstated', false) as is_vague_rejection,
    is_follow_up_due, is_follow_up_completed, hours_to_first_touch, business_hours_to_first_touch,
    handed_over_at is not null and cliff.has_months_before and coalesce(handed_over_at < cliff.first_activity_at, true) as is_before_activities,
    cast(touch_count as integer) as touch_count, key(opportunity_id) as opportunity_id, is_strong_pipeline,
    cast(opportunity_count as integer) as opportunity_count, pipeline_amount, won_amount, is_mature,
    is_mature and coalesce(opportunity_at <= captured_at + interval 90 day, false) as has_opportunity_in_horizon,
    coalesce(captured_at + interval 24 hour < first_history.first_history_at, false) as is_history_truncated,
    cast(inferred_count as integer) as inferred_event_count, has_bulk as has_bulk_changes, '2000-01-01' as definition_version,
    -- For the visits.
    case when least(first_deal_event_at, opportunity_at, first_closed_at) is not null
        then greatest(least(first_deal_event_at, opportunity_at, first_closed_at), captured_at) end as first_deal_at
from passed, first_history, cliff;

create table fct_lead_verdicts as
select lead_id, fit_verdict, fit_rule, fit_evidence, fit_rule_only_verdict, pain_verdict, pain_rule, pain_evidence, pain_rule_only_verdict,
    timing_verdict, timing_rule, timing_evidence, timing_rule_only_verdict, authority_verdict, authority_rule, authority_evidence,
    authority_rule_only_verdict, next_step_verdict, next_step_rule, next_step_evidence, next_step_rule_only_verdict
from leads;

create table fct_leads as
select * exclude (
    rid, first_deal_at, fit_rule, fit_evidence, fit_rule_only_verdict, pain_rule, pain_evidence, pain_rule_only_verdict, timing_rule,
    timing_evidence, timing_rule_only_verdict, authority_rule, authority_evidence, authority_rule_only_verdict, next_step_rule,
    next_step_evidence, next_step_rule_only_verdict
) from leads;

create table fct_lead_stages as
with entries as (
    select rid, packed(created_at, 1, 0, 0) as event from leads
    union all
    select events.rid, greatest(events.event, epoch_us(leads.created_at) * 64 + events.event % 64) from events join leads using (rid)
    union all
    select rid, packed(greatest(handed_over_at, created_at), 2, 1, 0) from leads where is_handover_inferred
    union all
    select rid, packed(greatest(accepted_at, created_at), 4, 1, 0) from leads where is_acceptance_inferred
    union all
    select rid, packed(greatest(first_conversation_at, created_at), 5, 0, 0) from leads
    where first_conversation_at is not null and coalesce(first_deal_at >= greatest(first_conversation_at, created_at), true)
    union all
    select leads.rid, packed(greatest(deals.created_at, leads.created_at), 6, 0, 0)
    from links join judged_deals as deals using (oid) join leads on links.lead_rid = leads.rid where deals.created_at is not null
    union all
    select leads.rid, packed(greatest(deals.closed_at, leads.created_at), case deals.outcome when 'won' then 7 else 8 end, 0, 0)
    from links join judged_deals as deals using (oid) join leads on links.lead_rid = leads.rid
    where deals.outcome <> 'open' and deals.closed_at is not null
),
compared as (
    select rid, event, coalesce(lag(stage_of(event)) over (partition by rid order by event) <> stage_of(event), true) as is_entry from entries
),
-- How often each stage was entered so far stands in six bits of its own: one sort does for both.
visits as (
    select rid, event, stage_of(event) as stage, lead(event) over in_lead as next_event,
        (sum(cast(1 as bigint) << (6 * (stage_of(event) - 1))) over (in_lead rows unbounded preceding) >> (6 * (stage_of(event) - 1))) & 63 as visit_number
    from compared where is_entry
    window in_lead as (partition by rid order by event)
)
select
    key(people.id) as lead_id, stage_name(stage) as stage, cast(visit_number as integer) as visit_number, moment_of(event) as entered_at,
    moment_of(next_event) as exited_at,
    case when stage not in (7, 8, 9) then days_between(moment_of(event), coalesce(moment_of(next_event), as_of())) end as days_in_stage,
    next_event is null and stage not in (7, 8, 9) as is_open, (event // 2) % 2 = 1 as is_inferred, event % 2 = 1 as is_bulk
from visits join people using (rid);

-- The other facts -----------------------------------------------------------------------------------------------------------------------------

create table fct_responses as
select key(responses.id) as response_id, key(people.id) as lead_id, responses.responded_at, responses.campaign, responses.campaign as offer,
    coalesce(campaigns.source, lead_sources.source) as source, cast(responses.response_number as integer) as response_number
from responses join people using (rid) join lead_sources using (rid) left join campaigns on responses.campaign_id = campaigns.id;

-- An activity of Salesforce is with one person and one deal: none is there twice.
create table fct_touches as
select key(activities.id) as touch_id, 'salesforce' as crm, happened_at as touched_at, cast(happened_at as date) as touched_on, kind,
    case when kind = 'meeting' then null when is_inbound then 'inbound' else 'outbound' end as direction, key(people.id) as lead_id,
    key(deals.id) as opportunity_id, cast(null as varchar) as campaign
from activities left join people using (rid) left join deals using (oid)
where is_work and (people.rid is not null or deals.oid is not null)
union all
select key(responses.id), 'salesforce', responded_at, cast(responded_at as date),
    case when campaigns.source in (select source from sources where demand_type = 'event') then 'event' else 'material' end, 'inbound',
    key(people.id), null, responses.campaign
from responses join people using (rid) left join campaigns on responses.campaign_id = campaigns.id
where responded_at is not null;

create temp table deal_sources as
select deals.oid, case when deals.lead_rid is not null then lead_sources.source else coalesce(own.source, campaigns.source, 'unknown') end as source
from judged_deals as deals
left join lead_sources on deals.lead_rid = lead_sources.rid
left join source_names as own on folded(deals.lead_source) = own.raw_key
left join campaigns on deals.campaign_id = campaigns.id;

create table fct_opportunity_stages as
select key(deals.id) as opportunity_id, visits.stage, cast(stage_order as integer) as stage_order, cast(visit_number as integer) as visit_number,
    entered_at, exited_at, case when not is_closed_stage then days_between(entered_at, coalesce(exited_at, as_of())) end as days_in_stage,
    is_last and not is_closed_stage as is_open, is_closed_stage, is_inferred, visits.outcome, source
from deal_visits as visits join deals using (oid) join deal_sources using (oid);

create table dim_companies as
select key(id) as company_id, 'salesforce' as crm, name as company_name, industry, country_code, cast(employees as double) as employees
from accounts;

create table fct_opportunities as
with closed as (
    select *, case when cast(closed_at as date) >= cast(created_at as date) then greatest(0, days_between(created_at, closed_at)) end as days_to_close
    from judged_deals
),
maturity as (select quantile_cont(days_to_close, 0.9) as days_until_mature from closed)
select
    key(deals.id) as opportunity_id, 'salesforce' as crm, leads.lead_id, cast(link_tier as integer) as link_tier, source, sources.channel,
    sources.demand_type, sources.origin, leads.campaign, leads.offer, key(deals.owner_id) as owner_id, key(deals.account_id) as company_id,
    coalesce(accounts.industry, leads.industry) as industry, coalesce(accounts.country_code, leads.country_code) as country_code,
    coalesce(company_size(accounts.employees), leads.company_size) as company_size, leads.accepted_at is not null as is_sales_qualified,
    deals.created_at, cast(deals.created_at as date) as opened_on, month_of(deals.created_at) as opened_month, deals.closed_at, deals.closed_on,
    month_of(deals.closed_on) as closed_month, deals.outcome, deals.stage, deals.stage_reached, deals.amount_reporting as amount,
    deals.amount as amount_original, deals.currency, deals.currency_rate, deals.currency_rate_on, deals.has_amount, deals.has_live_close_date,
    deals.has_next_step, deals.has_recent_activity, deals.has_decision_maker, deals.contact_count >= 2 as has_multiple_contacts,
    deals.criteria_met as quality_criteria_met, deals.criteria_met >= 4 as is_strong_pipeline, cast(deals.contact_count as integer) as contact_count,
    days_to_close, coalesce(days_between(deals.created_at, as_of()) >= days_until_mature, false) as is_mature
from closed as deals cross join maturity join deal_sources using (oid) join sources using (source)
left join leads on deals.lead_rid = leads.rid left join accounts on deals.account_id = accounts.id;

-- Dimensions and counts -----------------------------------------------------------------------------------------------------------------------

create temp table campaign_costs as
select campaigns.id, campaigns.start_date,
    case when actual_cost > 0 and coalesce(campaigns.start_date <= cast(as_of() as date), true) then cast(actual_cost as double) end
    / case when upper(coalesce(currency_iso_code, 'USD')) = 'USD' then 1.0 else coalesce(dated.conversion_rate, undated.conversion_rate) end as cost
from campaigns
left join rates as dated on upper(campaigns.currency_iso_code) = dated.iso_code and dated.is_dated
    and campaigns.start_date >= dated.start_date and (dated.next_start_date is null or campaigns.start_date < dated.next_start_date)
left join rates as undated on upper(campaigns.currency_iso_code) = undated.iso_code and not undated.is_dated;

create temp table spend as
with responders as (
    select campaign_id, source, count(distinct rid) as leads, min(responded_at) as responded_at
    from responses join lead_sources using (rid) group by all
),
shares as (
    select *, cast(leads as double) / sum(leads) over (partition by campaign_id) as share,
        min(responded_at) over (partition by campaign_id) as first_responded_at
    from responders
)
select month_of(coalesce(campaign_costs.start_date, first_responded_at)) as spend_month, coalesce(shares.source, campaigns.source, 'unknown') as source,
    sum(campaign_costs.cost * coalesce(share, 1)) as spend
from campaign_costs join campaigns using (id) left join shares on campaign_costs.id = shares.campaign_id
where campaign_costs.cost is not null group by all;

create table dim_campaigns as
select key(campaigns.id) as campaign_id, 'salesforce' as crm, name as campaign, type as campaign_type, coalesce(source, 'unknown') as source,
    campaigns.start_date, end_date, campaign_costs.cost, cast(coalesce(counts.responses, 0) as integer) as responses
from campaigns join campaign_costs using (id)
left join (select campaign_id, count(*) as responses from responses group by all) as counts on campaigns.id = counts.campaign_id;

create table dim_sources as from sources;

create table dim_dates as
with days as (
    select unnest(generate_series(
        coalesce(least((select min(captured_at) from people), (select min(created_at) from deals)), as_of())::date, as_of()::date, interval 1 day
    ))::date as date_day
)
select date_day, cast(date_trunc('week', date_day) as date) as week_start, month_of(date_day) as month_start,
    cast(date_trunc('quarter', date_day) as date) as quarter_start, cast(year(date_day) as integer) as year_number
from days;

create table dim_owners as
with listed as (
    select id, 'user' as owner_type, is_active, null as queue_name from raw('user')
    union all
    select id, case when lower(type) <> 'queue' then 'group' else 'queue' end, null, name from raw('group')
),
owning as (select owner_id as id from people where owner_id is not null union select owner_id from deals where owner_id is not null)
select key(id) as owner_id, 'salesforce' as crm, coalesce(owner_type, 'unknown') as owner_type, is_active,
    case when owner_type = 'queue' then queue_name end as queue_name
from listed full join owning using (id);

create table lead_quality_by_source as
with counts as (
    select created_month, source, count(*) as leads, count(case when is_target_market then 1 end) as target_market_leads,
        count(case when is_icp_fit then 1 end) as icp_fit_leads, count(case when fit_verdict <> 'unknown' then 1 end) as fit_known_leads,
        count(noise_class) as noise_leads, count(case when is_qualified then 1 end) as qualified_leads, count(handed_over_at) as handed_over_leads,
        count(accepted_at) as accepted_leads, count(case when sales_decision = 'rejected' then 1 end) as rejected_leads,
        count(case when sales_decision = 'disqualified' then 1 end) as disqualified_leads,
        count(case when is_vague_rejection then 1 end) as vague_rejections, count(case when is_follow_up_due then 1 end) as due_leads,
        count(case when is_follow_up_completed then 1 end) as followed_up_leads, count(first_conversation_at) as conversations,
        count(case when opportunity_count > 0 then 1 end) as opportunities, count(case when is_strong_pipeline then 1 end) as strong_opportunities,
        count(case when outcome = 'won' then 1 end) as won, count(case when outcome = 'lost' then 1 end) as lost,
        count(case when lead_state in ('ignored', 'stalled') then 1 end) as leaked_leads, count(case when is_mature then 1 end) as mature_leads,
        count(case when has_opportunity_in_horizon then 1 end) as mature_opportunity_leads,
        count(case when is_follow_up_due and is_before_activities then 1 end) as due_before_activities,
        sum(pipeline_amount) as pipeline_amount, sum(won_amount) as won_amount
    from leads group by all
),
joined as (
    select coalesce(counts.created_month, spend.spend_month) as created_month, coalesce(counts.source, spend.source) as source,
        counts.* exclude (created_month, source), spend.spend
    from counts full join spend on counts.created_month = spend.spend_month and counts.source = spend.source
),
filled as (
    select created_month, source, pipeline_amount, won_amount, spend,
        follow_up_grade(coalesce(due_leads, 0), coalesce(due_before_activities, 0)) as follow_up_grade,
        cast(coalesce(columns(* exclude (created_month, source, pipeline_amount, won_amount, spend, due_before_activities)), 0) as integer)
    from joined
)
select *, rate(target_market_leads, leads) as target_market_rate, rate(icp_fit_leads, leads) as icp_fit_rate,
    rate(qualified_leads, leads) as qualified_rate, rate(accepted_leads, accepted_leads + rejected_leads) as sales_acceptance_rate,
    rate(accepted_leads + rejected_leads, handed_over_leads) as decision_coverage_rate,
    rate(followed_up_leads, due_leads) as follow_up_completion_rate, rate(mature_opportunity_leads, mature_leads) as lead_to_opportunity_rate,
    rate(won, won + lost) as win_rate,
    low(target_market_leads, leads) as target_market_rate_low, high(target_market_leads, leads) as target_market_rate_high, few(leads) as target_market_rate_is_small_sample,
    low(icp_fit_leads, leads) as icp_fit_rate_low, high(icp_fit_leads, leads) as icp_fit_rate_high, few(leads) as icp_fit_rate_is_small_sample,
    low(qualified_leads, leads) as qualified_rate_low, high(qualified_leads, leads) as qualified_rate_high, few(leads) as qualified_rate_is_small_sample,
    low(accepted_leads, accepted_leads + rejected_leads) as sales_acceptance_rate_low, high(accepted_leads, accepted_leads + rejected_leads) as sales_acceptance_rate_high, few(accepted_leads + rejected_leads) as sales_acceptance_rate_is_small_sample,
    low(accepted_leads + rejected_leads, handed_over_leads) as decision_coverage_rate_low, high(accepted_leads + rejected_leads, handed_over_leads) as decision_coverage_rate_high, few(handed_over_leads) as decision_coverage_rate_is_small_sample,
    low(followed_up_leads, due_leads) as follow_up_completion_rate_low, high(followed_up_leads, due_leads) as follow_up_completion_rate_high, few(due_leads) as follow_up_completion_rate_is_small_sample,
    low(mature_opportunity_leads, mature_leads) as lead_to_opportunity_rate_low, high(mature_opportunity_leads, mature_leads) as lead_to_opportunity_rate_high, few(mature_leads) as lead_to_opportunity_rate_is_small_sample,
    low(won, won + lost) as win_rate_low, high(won, won + lost) as win_rate_high, few(won + lost) as win_rate_is_small_sample,
    rate(spend, leads) as cost_per_lead, rate(spend, icp_fit_leads) as cost_per_fit_lead,
    rate(spend, opportunities) as cost_per_opportunity
from filled;

create table disqualification_by_source as
select month_of(case sales_decision when 'rejected' then rejected_at else disqualified_at end) as decision_month, source,
    disqualification_reason as reason, disqualification_issue as issue, cast(count(*) as integer) as leads
from leads where sales_decision in ('rejected', 'disqualified') group by all;

create table pipeline_quality as
select opened_month, source, cast(count(*) as integer) as opportunities, cast(count(case when is_strong_pipeline then 1 end) as integer) as strong_opportunities,
    cast(count(case when outcome = 'open' then 1 end) as integer) as open_opportunities,
    cast(count(case when outcome = 'open' and contact_count > 0 then 1 end) as integer) as open_with_contact,
    cast(count(case when outcome = 'won' then 1 end) as integer) as won, cast(count(case when outcome = 'lost' then 1 end) as integer) as lost,
    sum(amount) as amount, sum(case when is_strong_pipeline then amount end) as strong_amount,
    sum(case when outcome = 'open' then amount end) as open_amount, sum(case when outcome = 'won' then amount end) as won_amount,
    rate(strong_opportunities, opportunities) as opportunity_quality_rate, rate(open_with_contact, open_opportunities) as contact_coverage_rate,
    low(strong_opportunities, opportunities) as opportunity_quality_rate_low, high(strong_opportunities, opportunities) as opportunity_quality_rate_high, few(opportunities) as opportunity_quality_rate_is_small_sample,
    low(open_with_contact, open_opportunities) as contact_coverage_rate_low, high(open_with_contact, open_opportunities) as contact_coverage_rate_high, few(open_opportunities) as contact_coverage_rate_is_small_sample
from fct_opportunities group by 1, 2;

create table contact_coverage_by_owner as
select opened_month, coalesce(owner_id, 'unassigned') as owner_id, cast(count(*) as integer) as open_opportunities,
    cast(count(case when contact_count > 0 then 1 end) as integer) as open_with_contact, rate(open_with_contact, open_opportunities) as contact_coverage_rate,
    low(open_with_contact, open_opportunities) as contact_coverage_rate_low, high(open_with_contact, open_opportunities) as contact_coverage_rate_high, few(open_opportunities) as contact_coverage_rate_is_small_sample
from fct_opportunities where outcome = 'open' group by 1, 2;

create table win_rate_by_source as
select closed_month, source, cast(count(case when outcome = 'won' then 1 end) as integer) as won,
    cast(count(case when outcome = 'lost' then 1 end) as integer) as lost,
    cast(count(case when outcome = 'won' and lead_id is not null then 1 end) as integer) as linked_won,
    cast(count(case when outcome = 'lost' and lead_id is not null then 1 end) as integer) as linked_lost,
    sum(case when outcome = 'won' then amount end) as won_amount, sum(case when outcome = 'lost' then amount end) as lost_amount,
    rate(won, won + lost) as win_rate, rate(linked_won, linked_won + linked_lost) as linked_win_rate,
    low(won, won + lost) as win_rate_low, high(won, won + lost) as win_rate_high, few(won + lost) as win_rate_is_small_sample,
    low(linked_won, linked_won + linked_lost) as linked_win_rate_low, high(linked_won, linked_won + linked_lost) as linked_win_rate_high, few(linked_won + linked_lost) as linked_win_rate_is_small_sample,
    rate(coalesce(won_amount, 0), coalesce(won_amount, 0) + coalesce(lost_amount, 0)) as value_win_rate
from fct_opportunities where outcome <> 'open' and closed_month is not null group by 1, 2;

create table stage_reached_by_source as
select source, coalesce(stage_reached, 'unknown') as stage, cast(count(*) as integer) as opportunities,
    cast(count(case when outcome = 'lost' then 1 end) as integer) as lost, cast(count(case when outcome = 'won' then 1 end) as integer) as won
from fct_opportunities group by 1, 2;

-- Persons of the company of an open deal who were in touch in the last 90 days and are not tied to it: leads by number, contacts by id.
create table engaged_untied_contacts as
with open_deals as (
    select deals.oid, deals.id, deals.account_id, deal_sources.source
    from judged_deals as deals join deal_sources using (oid) where deals.outcome = 'open' and deals.account_id is not null
),
persons as (
    select open_deals.oid, people.rid, null as contact_id from open_deals join people on open_deals.account_id = people.company_id
    union
    select open_deals.oid, person_ids.lead_rid, case when person_ids.lead_rid is null then contact.id end
    from open_deals join raw('contact') as contact on open_deals.account_id = contact.account_id and contact.is_deleted is not true
    left join person_ids on contact.id = person_ids.person_id
),
touches as (
    select rid, case when rid is null then who_id end as contact_id, happened_at as touched_at from activities where is_work and kind <> 'task'
    union all
    select rid, null, responded_at from responses
    union all
    select null, member.contact_id, greatest(member.first_responded_date, member.created_date)
    from raw('campaign_member') as member anti join person_ids on member.contact_id = person_ids.person_id
    where member.is_deleted is not true and (member.has_responded or member.first_responded_date is not null)
        and member.contact_id is not null and member.lead_id is null and coalesce(member.created_date <= as_of(), true)
        and greatest(member.first_responded_date, member.created_date) <= as_of()
),
engaged as (
    select rid, contact_id, count(*) as touches, max(touched_at) as last_touched_at
    from touches where touched_at >= as_of() - interval 90 day group by all
),
tied as (
    select oid, lead_rid as rid, case when lead_rid is null then contact_id end as contact_id from deal_contacts
    union
    select oid, lead_rid, null from links
)
select key(open_deals.id) as opportunity_id, key(open_deals.account_id) as company_id,
    key(coalesce(people.id, persons.contact_id)) as person_id, key(people.id) as lead_id, cast(engaged.touches as integer) as touches,
    engaged.last_touched_at, open_deals.source
from persons
join open_deals using (oid)
join engaged on coalesce(persons.rid, -1) = coalesce(engaged.rid, -1) and coalesce(persons.contact_id, '') = coalesce(engaged.contact_id, '')
left join people on persons.rid = people.rid
anti join tied on persons.oid = tied.oid
    and coalesce(persons.rid, -1) = coalesce(tied.rid, -1) and coalesce(persons.contact_id, '') = coalesce(tied.contact_id, '');

create table row_profile as
with records as (
    select 'lead' as record_kind, created_at from lead_rows
    union all select 'opportunity', created_at from deals
    union all select 'activity', happened_at from activities where happened_at is not null
)
select 'salesforce' as crm, record_kind, month_of(created_at) as created_month, cast(count(*) as integer) as "rows" from records group by all;

-- Lengths of spells: quantiles of the finished ones, the Kaplan-Meier median over all with its interval.
create temp macro lengths(relation) as table (
    with summed as (
        select source, step, outcome, count(*) as spells, count(case when is_open then 1 end) as open_spells,
            avg(case when not is_open then days end) as mean_days, few(count(days)) as median_days_is_small_sample,
            quantile_cont(case when not is_open then days end, [0.75, 0.9]) as quantiles
        from query_table(relation) group by all
    ),
    durations as (
        select source, step, outcome, days, count(*) as spells, count(case when not is_open then 1 end) as ended
        from query_table(relation) where days is not null group by all
    ),
    ranked as (select *, sum(spells) over (partition by source, step, outcome order by days desc) as at_risk from durations),
    running as (
        select *, sum(case when ended < at_risk then ln(1.0 - cast(ended as double) / at_risk) end) over before as logarithm,
            sum(case when ended < at_risk then cast(ended as double) / (at_risk * (at_risk - ended)) end) over before as variance
        from ranked where ended > 0 window before as (partition by source, step, outcome order by days)
    ),
    survival as (
        select source, step, outcome, days, case when ended = at_risk then 0.0 else exp(logarithm) end as surviving,
            case when ended < at_risk then exp(-1.959963984540054 * sqrt(variance) / logarithm) end as widened
        from running
    ),
    medians as (
        select source, step, outcome, min(case when surviving < 0.5 - 1e-9 then days end) as first_below,
            min(case when abs(surviving - 0.5) <= 1e-9 then days end) as first_half,
            min(case when surviving ** coalesce(widened, 1) <= 0.5 then days end) as median_days_low,
            min(case when surviving ** (1 / widened) <= 0.5 then days end) as median_days_high
        from survival group by all
    )
    select source, step, outcome, cast(spells as integer) as spells, cast(open_spells as integer) as open_spells,
        cast(spells - open_spells as integer) as finished_spells, mean_days, quantiles[1] as p75_days, quantiles[2] as p90_days,
        case when first_half is null then first_below else (first_half + coalesce(first_below, first_half)) / 2.0 end as median_days,
        median_days_low, median_days_high, median_days_is_small_sample
    from summed left join medians using (source, step, outcome)
);

create temp view touch_spells as
select coalesce(owner_id, 'unassigned') as source, cast(month_of(handed_over_at) as varchar) as step, clock.name as outcome, clock.hours as days,
    false as is_open
from leads, unnest([{'name': 'all', 'hours': hours_to_first_touch}, {'name': 'business', 'hours': business_hours_to_first_touch}]) as each(clock)
where handed_over_at is not null and clock.hours is not null;

create table follow_up_by_owner as
with counted as (
    select month_of(handed_over_at) as handed_over_month, coalesce(owner_id, 'unassigned') as owner_id,
        cast(count(*) as integer) as handed_over_leads, cast(count(case when is_follow_up_due then 1 end) as integer) as due_leads,
        cast(count(first_touch_at) as integer) as touched_leads,
        cast(count(case when is_follow_up_completed then 1 end) as integer) as followed_up_leads,
        cast(count(case when lead_state = 'ignored' then 1 end) as integer) as ignored_leads,
        follow_up_grade(count(case when is_follow_up_due then 1 end), count(case when is_follow_up_due and is_before_activities then 1 end))
            as follow_up_grade
    from leads where handed_over_at is not null group by 1, 2
),
waits as (select * from lengths('touch_spells'))
select counted.* exclude (follow_up_grade),
    hours.median_days as median_hours_to_first_touch, hours.median_days_low as median_hours_to_first_touch_low,
    hours.median_days_high as median_hours_to_first_touch_high,
    coalesce(hours.median_days_is_small_sample, true) as median_hours_to_first_touch_is_small_sample,
    business.median_days as median_business_hours_to_first_touch, business.median_days_low as median_business_hours_to_first_touch_low,
    business.median_days_high as median_business_hours_to_first_touch_high,
    coalesce(business.median_days_is_small_sample, true) as median_business_hours_to_first_touch_is_small_sample, counted.follow_up_grade
from counted
left join waits as hours on hours.source = owner_id and hours.step = cast(handed_over_month as varchar) and hours.outcome = 'all'
left join waits as business on business.source = owner_id and business.step = cast(handed_over_month as varchar) and business.outcome = 'business';

create temp view deal_spells as
select source, stage as step, outcome, days_in_stage as days, is_open from fct_opportunity_stages where not is_closed_stage;

create table velocity_by_source as
select source, step as stage, outcome, spells as visits, open_spells as open_visits, finished_spells as finished_visits, mean_days, median_days,
    median_days_low, median_days_high, median_days_is_small_sample, p75_days, p90_days
from lengths('deal_spells');

-- From each milestone to the next; of leads that are still open the step they wait for.
create temp table lead_spells as
with told as (
    select source, created_at as t0, handed_over_at as t1, first_touch_at as t2, accepted_at as t3, first_conversation_at as t4,
        opportunity_at as t5, case when outcome = 'won' then closed_at end as t6,
        case when lead_state in ('won', 'lost') then lead_state when sales_decision in ('rejected', 'disqualified') then 'rejected' else 'open' end
            as state
    from leads
),
steps as (
    select source, state as outcome, unnest([
        {'step': 'handed_over', 'since': t0, 'till': t1, 'waits': coalesce(t1, t2, t3, t4, t5, t6) is null},
        {'step': 'first_touch', 'since': coalesce(t1, t0), 'till': t2, 'waits': t1 is not null and coalesce(t2, t3, t4, t5, t6) is null},
        {'step': 'accepted', 'since': coalesce(t2, t1, t0), 'till': t3, 'waits': t2 is not null and coalesce(t3, t4, t5, t6) is null},
        {'step': 'conversation', 'since': coalesce(t3, t2, t1, t0), 'till': t4, 'waits': t3 is not null and coalesce(t4, t5, t6) is null},
        {'step': 'opportunity', 'since': coalesce(t4, t3, t2, t1, t0), 'till': t5, 'waits': t4 is not null and coalesce(t5, t6) is null},
        {'step': 'won', 'since': coalesce(t5, t4, t3, t2, t1, t0), 'till': t6, 'waits': t5 is not null and t6 is null}
    ], recursive := true)
    from told
)
select source, step, outcome, greatest(0, days_between(since, coalesce(till, as_of()))) as days, till is null as is_open
from steps where till is not null or (outcome = 'open' and waits);

create table lead_velocity_by_source as
select source, step, outcome, finished_spells as finished_leads, open_spells as open_leads, mean_days, median_days,
    median_days_low, median_days_high, median_days_is_small_sample, p75_days, p90_days
from lengths('lead_spells');

-- One row per opportunity that is the copy of one in another CRM: by id, else by company, amount and
-- close date. The copy is the one outside Salesforce, else of the CRM later in the alphabet.
with

opportunities as (
    select
        layout,
        crm,
        opportunity_id,
        created_at,
        other_crm_id,
        case when layout = 'salesforce' then 0 else 1 end as crm_order,
        substr(opportunity_id, length(crm) + 2) as raw_id
    from {{ ref('int_opportunities_unioned') }}
    where row_status = 'used'
),

twins as (
    select * from {{ ref('int_opportunity_twins') }}
    where amount is not null and close_date is not null
),

-- Salesforce and HubSpot know each other's ids.
alike_by_id as (
    select distinct
        case
            when named_by.layout = 'hubspot' then named_by.opportunity_id
            else found.opportunity_id
        end as opportunity_id,
        case
            when named_by.layout = 'hubspot' then found.opportunity_id
            else named_by.opportunity_id
        end as into_opportunity_id
    from opportunities as named_by
    inner join opportunities as found
        on
            named_by.other_crm_id = found.raw_id
            and named_by.layout <> found.layout
            and named_by.layout in ('salesforce', 'hubspot')
            and found.layout in ('salesforce', 'hubspot')
),

by_id as (
    {{ one_copy_each('alike_by_id') }}
),

{% for way in ['name', 'domain'] -%}
{%- set paired = ['by_id'] + (['by_name'] if way == 'domain' else []) -%}
-- The first deal of such a company, amount and date in one CRM is the first in the other.
numbered_by_{{ way }} as (
    select
        *,
        row_number() over (
            partition by company_key, currency, amount, close_date, crm
            order by created_at nulls last, opportunity_id
        ) as position_in_crm
    from twins
    where
        way_order = {{ loop.index }}
        {%- for pairs in paired %}
        and opportunity_id not in (select {{ pairs }}.opportunity_id from {{ pairs }})
        and opportunity_id not in (select {{ pairs }}.into_opportunity_id from {{ pairs }})
        {%- endfor %}
),

alike_by_{{ way }} as (
    select copies.opportunity_id, kept.opportunity_id as into_opportunity_id
    from numbered_by_{{ way }} as copies
    inner join numbered_by_{{ way }} as kept
        on
            copies.company_key = kept.company_key
            and copies.currency = kept.currency
            and copies.amount = kept.amount
            and copies.close_date = kept.close_date
            and copies.position_in_crm = kept.position_in_crm
            and (kept.crm_order, kept.crm) < (copies.crm_order, copies.crm)
),

by_{{ way }} as (
    {{ one_copy_each('alike_by_' ~ way) }}
),

{% endfor -%}
int_opportunity_duplicates as (
    select * from by_id
    union all
    select * from by_name
    union all
    select * from by_domain
)

select * from int_opportunity_duplicates

-- One row per opportunity and way to know it in another CRM: company (by name, by domain) and currency
-- with amount and close date. Empty while only one CRM is read.
with

crms as (
    select count(distinct crm) as crm_count from {{ ref('int_opportunities_unioned') }}
),

companies as (
    select
        company_id,
        nullif(trim({{ words('name') }}), '') as name_key,
        {{ domain_of('website') }} as domain_key
    from {{ ref('int_companies_unioned') }}
),

opportunities as (
    select
        opportunities.crm,
        opportunities.opportunity_id,
        opportunities.created_at,
        opportunities.amount,
        opportunities.close_date,
        upper(coalesce(opportunities.currency, '{{ var("reporting_currency") }}')) as currency,
        companies.name_key,
        companies.domain_key,
        case when opportunities.layout = 'salesforce' then 0 else 1 end as crm_order
    from {{ ref('int_opportunities_unioned') }} as opportunities
    cross join crms
    inner join companies on opportunities.company_id = companies.company_id
    where opportunities.row_status = 'used' and crms.crm_count > 1
),

int_opportunity_twins as (
    {% for way in ['name', 'domain'] -%}
    select
        crm,
        crm_order,
        opportunity_id,
        created_at,
        {{ loop.index }} as way_order,
        '{{ way }} ' || {{ way }}_key as company_key,
        currency,
        case when amount > 0 then amount end as amount,
        close_date
    from opportunities
    where {{ way }}_key is not null
    {%- if not loop.last %}

    union all

    {% endif %}
    {%- endfor %}
)

select * from int_opportunity_twins

-- One row per opportunity that may be the copy of one in another CRM: the company and either the amount
-- or the close date are the same, but nothing says more.
with

twins as (
    select twins.*
    from {{ ref('int_opportunity_twins') }} as twins
    inner join {{ ref('int_opportunity_ids') }} as opportunity_ids
        on twins.opportunity_id = opportunity_ids.record_id and opportunity_ids.row_status = 'used'
    {%- if retention_months() %}
    inner join {{ ref('int_opportunities') }} as retained
        on twins.opportunity_id = retained.opportunity_id
    {%- endif %}
),

-- What deals of several CRMs have in common: not deal beside deal, for a placeholder of a company has
-- a hundred thousand of them.
common_dates as (
    select company_key, close_date
    from twins
    group by company_key, close_date
    having min(crm) <> max(crm)
),

common_amounts as (
    select company_key, currency, amount
    from twins
    group by company_key, currency, amount
    having min(crm) <> max(crm)
),

int_opportunity_lookalikes as (
    select twins.opportunity_id
    from twins
    inner join common_dates
        on
            twins.company_key = common_dates.company_key
            and twins.close_date = common_dates.close_date
    {{ distinct_union() }}
    select twins.opportunity_id
    from twins
    inner join common_amounts
        on
            twins.company_key = common_amounts.company_key
            and twins.currency = common_amounts.currency
            and twins.amount = common_amounts.amount
)

select * from int_opportunity_lookalikes

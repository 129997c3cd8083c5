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

int_opportunity_lookalikes as (
    select distinct ones.opportunity_id
    from twins as ones
    inner join twins as others
        on
            ones.company_key = others.company_key
            and ones.crm <> others.crm
            and (
                ones.close_date = others.close_date
                or (ones.amount = others.amount and ones.currency = others.currency)
            )
)

select * from int_opportunity_lookalikes

{{ config(materialized='ephemeral') }}
-- One row per thing to know of the data before its numbers are read, beside what the trust marts say.
with

{% set home = var('reporting_currency') -%}

unreadable_histories as (
    select
        'none of the ' || cast(count(*) as {{ text_type() }}) || ' changes in the lead history of '
        || crm
        || ' has a new value: the history cannot be read, see how the loader names that column'
            as warning
    from {{ ref('int_lead_changes_unioned') }}
    where is_history and status_of is not null
    group by crm
    having count(new_value) = 0
),

crowded_companies as (
    select
        'company ' || company_id || ' seems to stand for none: it has '
        || cast(open_deals as {{ text_type() }})
        || ' open deals and '
        || cast(engaged_persons as {{ text_type() }})
        || ' engaged persons, which engaged_untied_contacts leaves out' as warning
    from {{ ref('int_crowded_companies') }}
),

amounts as (
    select crm, 'amounts of opportunities' as what, currency_code as currency
    from {{ ref('int_opportunities') }}
    where amount_original is not null and amount_reporting is null
    union all
    select crm, 'costs of campaigns' as what, currency
    from {{ ref('int_campaign_costs') }}
    where cost_original is not null and cost is null
),

amounts_without_a_rate as (
    select
        what || ' of ' || crm || ' in ' || currency || ': no rate to {{ home }} is known, so '
        || cast(count(*) as {{ text_type() }})
        || ' are in no sum; load the rates of the CRM, or set reporting_currency' as warning
    from amounts
    group by crm, what, currency
),

-- A column that a CRM does not have is told by crm_trust; here somebody says that it has it.
misspelt_fields as (
    select
        layout || '_fields says that ' || column_name || ' is called ' || named_as
        || ', but no table has a column of that name' as warning
    from {{ ref('int_fields_unioned') }}
    where named_as is not null
    group by layout, column_name, named_as
    having count(case when is_found then 1 end) = 0
),

int_data_warnings as (
    select warning from unreadable_histories
    union all
    select warning from crowded_companies
    union all
    select warning from amounts_without_a_rate
    union all
    select warning from misspelt_fields
)

select * from int_data_warnings

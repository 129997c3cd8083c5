{{ config(materialized='ephemeral') }}
-- One row per lead: does the company fit, by its attributes alone? Country, industry, size, and no
-- noise.
with

people as (
    select * from {{ ref('int_people') }}
),

criteria as (
    select * from {{ ref('icp_criteria') }}
),

sizes as (
    select
        periods.period_from as definition_on,
        max(
            case
                when criteria.operator = 'at_least' then cast(criteria.value as {{ double_type() }})
            end
        ) as at_least,
        min(
            case
                when criteria.operator = 'at_most' then cast(criteria.value as {{ double_type() }})
            end
        ) as at_most
    from {{ ref('int_definition_periods') }} as periods
    left join criteria
        on criteria.criterion = 'employees' and {{ in_force('criteria', 'periods.period_from') }}
    group by periods.period_from
),

compared as (
    select
        people.lead_id,
        people.industry,
        people.employees,
        countries.country_code,
        noise.noise_class,
        noise.rule_id as noise_rule,
        case
            when served_countries.rule_id is not null then 'pass'
            when countries.country_code is not null then 'fail'
            else 'unknown'
        end as country_verdict,
        case
            when served_industries.rule_id is not null then 'pass'
            when people.industry is not null then 'fail'
            else 'unknown'
        end as industry_verdict,
        case
            when people.employees < sizes.at_least or people.employees > sizes.at_most then 'fail'
            when people.employees is not null then 'pass'
            else 'unknown'
        end as size_verdict
    from people
    inner join sizes on people.definition_on = sizes.definition_on
    left join {{ ref('country_names') }} as countries
        on {{ words('people.country') }} = {{ words('countries.raw_value') }}
    left join criteria as served_countries
        on
            served_countries.criterion = 'country'
            and countries.country_code = served_countries.value
            and {{ in_force('served_countries', 'people.definition_on') }}
    left join criteria as served_industries
        on
            served_industries.criterion = 'industry'
            and {{ words('people.industry') }} = {{ words('served_industries.value') }}
            and {{ in_force('served_industries', 'people.definition_on') }}
    left join {{ ref('int_lead_noise') }} as noise on people.lead_id = noise.lead_id
),

judged as (
    select
        *,
        country_verdict = 'pass' and industry_verdict = 'pass' as is_target_market,
        case
            when
                noise_class is not null
                or country_verdict = 'fail'
                or industry_verdict = 'fail'
                or size_verdict = 'fail'
                then 'fail'
            when
                country_verdict = 'pass' and industry_verdict = 'pass' and size_verdict = 'pass'
                then 'pass'
            else 'unknown'
        end as fit_rule_only_verdict
    from compared
),

int_lead_fit as (
    select
        lead_id,
        industry,
        country_code,
        employees,
        noise_class,
        is_target_market,
        fit_rule_only_verdict,
        case
            when noise_class is not null then noise_rule
            when country_verdict = 'fail' then 'country_served'
            when industry_verdict = 'fail' then 'industry_served'
            when size_verdict = 'fail' then 'size_in_range'
            when fit_rule_only_verdict = 'pass' then 'ideal_customer'
            when country_verdict = 'unknown' then 'country_known'
            when industry_verdict = 'unknown' then 'industry_known'
            else 'size_known'
        end as fit_rule,
        'country '
        || coalesce(country_code, 'unknown')
        || ', industry '
        || coalesce(industry, 'unknown')
        || ', employees ' || coalesce({{ whole_number_text('employees') }}, 'unknown')
        || coalesce(', noise ' || noise_class, '') as fit_evidence
    from judged
)

select * from int_lead_fit

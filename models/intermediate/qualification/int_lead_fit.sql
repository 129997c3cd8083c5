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

rules as (
    select criteria.*, periods.period_from as definition_on
    from {{ ref('int_definition_periods') }} as periods
    inner join criteria on {{ in_force('criteria', 'periods.period_from') }}
),

-- A criterion without any rule in force is not asked.
asked as (
    select
        periods.period_from as definition_on,
        coalesce({{ dbt.bool_or("rules.criterion = 'country'") }}, false) as asks_country,
        coalesce({{ dbt.bool_or("rules.criterion = 'industry'") }}, false) as asks_industry,
        max(
            case
                when rules.criterion = 'employees' and rules.operator = 'at_least'
                    then cast(rules.value as {{ double_type() }})
            end
        ) as at_least,
        min(
            case
                when rules.criterion = 'employees' and rules.operator = 'at_most'
                    then cast(rules.value as {{ double_type() }})
            end
        ) as at_most
    from {{ ref('int_definition_periods') }} as periods
    left join rules on periods.period_from = rules.definition_on
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
            when countries.country_code is null then 'unknown'
            when served_countries.rule_id is not null or not asked.asks_country then 'pass'
            else 'fail'
        end as country_verdict,
        case
            when people.industry is null then 'unknown'
            when served_industries.rule_id is not null or not asked.asks_industry then 'pass'
            else 'fail'
        end as industry_verdict,
        case
            when people.employees < asked.at_least or people.employees > asked.at_most then 'fail'
            when people.employees is not null then 'pass'
            else 'unknown'
        end as size_verdict
    from people
    inner join asked on people.definition_on = asked.definition_on
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
        || ', employees ' || coalesce({{ number_text('employees') }}, 'unknown')
        || coalesce(', noise ' || noise_class, '') as fit_evidence
    from judged
)

select * from int_lead_fit

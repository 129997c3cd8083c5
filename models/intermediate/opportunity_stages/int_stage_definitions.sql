-- One row per CRM and opportunity stage that anything names, and definition period: its order,
-- closed or not, won or not.
-- What the CRM itself says of a stage comes before the seed; where it orders its stages, the seed
-- orders none.
with

named as (
    select crm, stage_key, stage from {{ ref('int_opportunities_unioned') }}
    where row_status = 'used'
    {{ distinct_union() }}
    select crm, stage_key, stage from {{ ref('int_opportunity_stage_changes') }}
),

keyed as (
    select crm, stage_key, min({{ folded('stage') }}) as label_key
    from named
    where stage_key is not null
    group by crm, stage_key
),

crm_stages as (
    select
        crm,
        stage_key,
        min(stage_order) as stage_order,
        {{ dbt.bool_or("is_closed") }} as is_closed,
        {{ dbt.bool_or("is_won") }} as is_won
    from {{ ref('int_stages_unioned') }}
    group by crm, stage_key
),

-- Orders of two scales cannot be compared.
ordering_crms as (
    select distinct crm from crm_stages where stage_order is not null
),

int_stage_definitions as (
    select
        keyed.crm,
        keyed.stage_key,
        periods.period_from as definition_on,
        case when ordering_crms.crm is null then seeds.stage_order else crm_stages.stage_order end
            as stage_order,
        coalesce(crm_stages.is_closed, seeds.is_closed) as is_closed,
        coalesce(crm_stages.is_won, seeds.is_won) as is_won,
        crm_stages.stage_key is null and seeds.raw_value is null as is_unmapped
    from keyed
    cross join {{ ref('int_definition_periods') }} as periods
    left join crm_stages on keyed.crm = crm_stages.crm and keyed.stage_key = crm_stages.stage_key
    left join ordering_crms on keyed.crm = ordering_crms.crm
    left join {{ ref('opportunity_stages') }} as seeds
        on
            keyed.label_key = {{ folded('seeds.raw_value') }}
            and {{ in_force('seeds', 'periods.period_from') }}
)

select * from int_stage_definitions

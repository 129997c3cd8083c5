-- One row: what this set is and how fresh.
with

definition_versions as (
    select period_from as definition_on
    from {{ ref('int_definition_periods') }}
    where is_current
),

freshness as (
    select max(data_through) as data_through from {{ ref('crm_freshness') }}
),

-- A word that several CRMs have is mapped once.
unmapped as (
    select
        field,
        min(raw_value) as raw_value,
        seed,
        treated_as,
        cast(sum({{ adapter.quote('rows') }}) as integer) as row_count
    from {{ ref('unmapped_values') }}
    group by field, {{ folded('raw_value') }}, seed, treated_as
),

notes as (
    select
        0 as note_order,
        case
            when is_stale
                then
                    'the newest record of '
                    || crm
                    || ' is of '
                    || cast(cast(data_through as date) as {{ text_type() }})
                    || ': what came later there is in no number; see whether its loader still runs'
            else 'no record of ' || crm || ' has a time up to then: how fresh it is cannot be told'
        end as note
    from {{ ref('crm_freshness') }}
    where is_stale or data_through is null

    union all

    select
        1 as note_order,
        'raw rows that could not be used: ' || cast(count(*) as {{ text_type() }})
        || ' (quarantined_rows says why)' as note
    from {{ ref('quarantined_rows') }}
    having count(*) > 0

    union all

    select
        2 as note_order,
        -- One line each, whatever the value holds.
        field || ' "' || replace(replace(raw_value, chr(10), ' '), chr(13), ' ')
        || '" is not mapped and counts as ' || treated_as
        || ' (rows: '
        || cast(row_count as {{ text_type() }})
        || '): add it to seeds/definition/'
        || seed
        || '.csv' as note
    from unmapped

    union all

    select
        3 as note_order,
        'the CRM can answer "'
        || question
        || '" for '
        || cast(cast(round(answerable_rate * 100) as integer) as {{ text_type() }})
        || '% of the rows only: ' || missing as note
    from {{ ref('crm_trust') }}
    where grade = 'low'

    union all

    select
        4 as note_order,
        cast(count(*) as {{ text_type() }})
        || ' leads have no creation time and stand in no month' as note
    from {{ ref('fct_leads') }}
    where created_at is null
    having count(*) > 0

    union all

    select
        5 as note_order,
        warning as note
    from {{ ref('int_data_warnings') }}
),

joined_notes as (
    select {{ dbt.listagg('note', 'chr(10)', 'order by note_order, note') }} as warnings
    from notes
),

publication as (
    select
        cast('{{ build_id() }}' as {{ text_type() }}) as build_id,
        cast('{{ var("contract_version") }}' as {{ text_type() }}) as contract_version,
        cast(definition_versions.definition_on as {{ text_type() }}) as definition_version,
        {{ as_of() }} as as_of,
        freshness.data_through,
        cast('{{ run_started_at.replace(tzinfo=none).isoformat(sep=" ") }}' as timestamp)
            as built_at,
        cast('{{ var("reporting_timezone") }}' as {{ text_type() }}) as reporting_timezone,
        cast('{{ var("reporting_currency") }}' as {{ text_type() }}) as reporting_currency,
        {%- for name in ['min_sample', 'follow_up_sla_hours', 'conversion_horizon_days'] %}
        cast({{ var(name) }} as integer) as {{ name }},
        {%- endfor %}
        coalesce(joined_notes.warnings, '') as warnings
    from definition_versions
    cross join freshness
    cross join joined_notes
)

select * from publication

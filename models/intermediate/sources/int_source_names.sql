-- One row per raw text and definition period for which a source is known (a mapping to unknown is
-- not known).
with

mappings as (
    select {{ folded('raw_value') }} as raw_key, source, valid_from, valid_to
    from {{ ref('lead_sources') }}
),

int_source_names as (
    select
        mappings.raw_key,
        periods.period_from as definition_on,
        mappings.source
    from mappings
    inner join {{ ref('int_definition_periods') }} as periods
        on {{ in_force('mappings', 'periods.period_from') }}
    where mappings.source <> 'unknown'
)

select * from int_source_names

-- Grain: one row per recorded status of a lead, those after as_of among them: its stage events and
-- the three dates on its record.
{%- set stages = ['handed_over', 'accepted', 'rejected'] %}
with

stg_generic__lead_changes as (
    select
        crm,
        event_id as change_id,
        record_id as lead_id,
        'status' as status_of,
        stage as new_value,
        cast(null as {{ text_type() }}) as stage,
        entered_at as changed_at,
        false as is_conversion,
        false as is_bulk,
        true as is_history
    from {{ ref('stg_generic__stage_events') }}
    where object_kind = 'lead' and (row_status = 'used' or row_reason = 'after_as_of')
    {%- for stage in stages %}

    union all

    select
        crm,
        lead_id || ' {{ stage }}_at' as change_id,
        lead_id,
        'dates' as status_of,
        cast(null as {{ text_type() }}) as new_value,
        '{{ stage }}' as stage,
        {{ stage }}_at as changed_at,
        false as is_conversion,
        false as is_bulk,
        false as is_history
    from {{ ref('stg_generic__leads') }}
    where row_status = 'used' and {{ stage }}_at is not null
    {%- endfor %}
)

select * from stg_generic__lead_changes

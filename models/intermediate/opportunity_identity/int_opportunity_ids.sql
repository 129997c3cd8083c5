-- One row per opportunity record that is used or merged, and per one that was merged away so long ago
-- that it has no row any more: the opportunity it is, and what becomes of the row.
with recursive

records as (
    select opportunity_id as record_id, row_status
    from {{ ref('int_opportunities_unioned') }}
    where row_status in ('used', 'merged')
),

merge_steps as (
    select opportunity_id as record_id, into_opportunity_id as into_id, 'merged into ' as words
    from {{ ref('int_opportunity_merges_unioned') }}
    {{ distinct_union() }}
    select opportunity_id as record_id, into_opportunity_id as into_id, 'same deal as ' as words
    from {{ ref('int_opportunity_duplicates') }}
),

survivors as (
    select records.record_id
    from records
    left join merge_steps on records.record_id = merge_steps.record_id
    where records.row_status = 'used' and merge_steps.record_id is null
),

chains as (
    {{ followed('chains', 'merge_steps', carried=['words']) }}
),

int_opportunity_ids as (
    select
        record_id,
        record_id as opportunity_id,
        'used' as row_status,
        cast(null as {{ text_type() }}) as row_reason
    from survivors

    union all

    select
        chains.record_id,
        survivors.record_id as opportunity_id,
        'merged' as row_status,
        chains.words || survivors.record_id as row_reason
    from chains
    inner join survivors on chains.reached_id = survivors.record_id
)

select * from int_opportunity_ids

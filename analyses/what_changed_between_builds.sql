-- One row per lead and column that differ between two published sets: which numbers a new build changed, and why a total moved.
-- Compile it, then run it where both sets are attached as `earlier` and `later` (or name their schemas with the two vars):
--   dbt compile --select what_changed_between_builds
--   duckdb -c "attach 'old.duckdb' as earlier (read_only)" -c "attach 'new.duckdb' as later (read_only)" -f <compiled file>
{%- set columns = graph.nodes['model.leadsignal.fct_leads'].columns if execute else ['lead_id'] %}
with

earlier as (
    select * from {{ var('earlier', 'earlier.marts') }}.fct_leads
),

later as (
    select * from {{ var('later', 'later.marts') }}.fct_leads
),

changes as (
    select lead_id, '(lead)' as changed_column, null as value_before, 'new' as value_after
    from later
    where lead_id not in (select earlier.lead_id from earlier)

    union all

    select lead_id, '(lead)' as changed_column, 'there' as value_before, null as value_after
    from earlier
    where lead_id not in (select later.lead_id from later)

    {%- for column in columns if column != 'lead_id' %}

    union all

    select
        later.lead_id,
        '{{ column }}' as changed_column,
        cast(earlier.{{ column }} as {{ text_type() }}) as value_before,
        cast(later.{{ column }} as {{ text_type() }}) as value_after
    from earlier
    inner join later on earlier.lead_id = later.lead_id
    where {{ is_other_than('earlier.' ~ column, 'later.' ~ column) }}
    {%- endfor %}
),

what_changed_between_builds as (
    select
        changed_column,
        count(*) over (partition by changed_column) as leads_changed,
        lead_id,
        value_before,
        value_after
    from changes
    order by changed_column, lead_id
)

select * from what_changed_between_builds

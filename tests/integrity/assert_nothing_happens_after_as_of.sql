-- What: no deal, visit, response or touch lies after the moment the build speaks for. (The audit asks the
--   same of the steps of a lead.)
-- Why: a past month that is built again must give the same numbers, whatever happened since.
-- Mend: time_name names it; look for a reading of staging that neither filters after_as_of nor
--   compares with as_of().
with

moments as (
    {% for relation, column in [
        ('fct_opportunities', 'created_at'),
        ('fct_opportunities', 'closed_at'),
        ('fct_opportunity_stages', 'entered_at'),
        ('fct_opportunity_stages', 'exited_at'),
        ('fct_lead_stages', 'entered_at'),
        ('fct_lead_stages', 'exited_at'),
        ('fct_responses', 'responded_at'),
        ('fct_touches', 'touched_at'),
        ('publication', 'data_through'),
    ] -%}
    select '{{ relation }}.{{ column }}' as time_name, max({{ column }}) as last_at
    from {{ ref(relation) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select moments.*
from moments
cross join {{ ref('publication') }} as build
where moments.last_at > build.as_of

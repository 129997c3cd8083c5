{{ config(materialized='ephemeral') }}
-- One row per word of a call, a meeting, a role on a deal, a lead without a source or a sum spent
-- that no definition row knows on its day.
with

calls as (
    select distinct crm, task_id, disposition as word, created_on as judged_on
    from {{ ref('int_tasks') }}
    where kind = 'call'
),

meetings as (
    select distinct
        crm,
        meeting_id,
        outcome as word,
        coalesce({{ reporting_day('created_at') }}, {{ today() }}) as judged_on
    from {{ ref('int_meetings_unioned') }}
),

roles as (
    select distinct
        opportunities.crm,
        held_roles.opportunity_id,
        held_roles.contact_id,
        held_roles.role as word,
        opportunities.definition_on as judged_on
    from {{ ref('int_opportunity_roles') }} as held_roles
    inner join {{ ref('int_opportunities') }} as opportunities
        on held_roles.opportunity_id = opportunities.opportunity_id
),

-- Where the lead source is known, nothing else is asked.
sourceless as (
    select
        people.crm,
        people.utm_medium,
        people.utm_source,
        -- A name that stands for the type, as in a CSV, is no word to be mapped.
        nullif(campaigns.type, campaigns.name) as campaign_type,
        people.definition_on as judged_on
    from {{ ref('int_people') }} as people
    inner join {{ ref('int_lead_sources') }} as lead_sources
        on people.lead_id = lead_sources.lead_id
    left join {{ ref('int_responses') }} as responses
        on people.lead_id = responses.lead_id and responses.campaign_number = 1
    left join {{ ref('int_campaigns_unioned') }} as campaigns
        on responses.campaign_id = campaigns.campaign_id
    where lead_sources.source = 'unknown'
),

spend as (
    select crm, lead_source as word, coalesce(spend_month, {{ today() }}) as judged_on
    from {{ ref('int_spend_unioned') }}
    where amount > 0 and coalesce(spend_month <= {{ today() }}, true)
),

int_unmapped_words as (
    {% for field, relation, word, seed, treated_as in [
        ('call outcome', 'calls', 'word', 'call_outcomes', 'no conversation'),
        ('meeting outcome', 'meetings', 'word', 'meeting_outcomes', 'not held'),
        ('contact role', 'roles', 'word', 'contact_roles', 'no decision maker'),
        ('utm medium', 'sourceless', 'utm_medium', 'utm_mediums', 'unknown'),
        ('utm source', 'sourceless', 'utm_source', 'lead_sources', 'unknown'),
        ('campaign type', 'sourceless', 'campaign_type', 'lead_sources', 'unknown'),
        ('spend source', 'spend', 'word', 'lead_sources', 'unknown'),
    ] -%}
    {{ 'union all' if not loop.first }}
    select
        {{ relation }}.crm,
        '{{ field }}' as field,
        {{ relation }}.{{ word }} as raw_value,
        '{{ seed }}' as seed,
        '{{ treated_as }}' as treated_as
    from {{ relation }}
    left join {{ ref(seed) }} as known
        on
            {{ folded(relation ~ '.' ~ word) }} = {{ folded('known.raw_value') }}
            and {{ in_force('known', relation ~ '.judged_on') }}
    where known.raw_value is null and {{ relation }}.{{ word }} is not null

    {% endfor -%}
)

select * from int_unmapped_words

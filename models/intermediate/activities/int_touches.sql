{{ config(materialized='view') }}
-- One row per touch that took place by as_of, person and deal: what sales did, and responses.
-- person_id is the lead, or the contact that is no lead's.
with

event_campaigns as (
    select campaigns.campaign_id
    from {{ ref('int_current_campaigns') }} as campaigns
    inner join {{ ref('int_sources') }} as sources on campaigns.source = sources.source
    where sources.is_current and sources.demand_type = 'event'
),

int_touches as (
    select
        activities.crm,
        activities.activity_id as touch_id,
        activities.happened_at as touched_at,
        activities.kind,
        activities.direction,
        coalesce(activities.lead_id, activities.who_id) as person_id,
        activities.lead_id,
        {{ 'retained.opportunity_id' if retention_months() else 'opportunity_ids.opportunity_id' }},
        cast(null as {{ text_type() }}) as campaign
    from {{ ref('int_activities') }} as activities
    left join
        {{ ref('int_opportunity_ids') }} as opportunity_ids
        on activities.what_id = opportunity_ids.record_id
    {%- if retention_months() %}
    left join
        {{ ref('int_opportunities') }} as retained
        on opportunity_ids.opportunity_id = retained.opportunity_id
    {%- endif %}
    where activities.is_work

    union all

    select
        responses.crm,
        responses.response_id as touch_id,
        responses.responded_at as touched_at,
        case when event_campaigns.campaign_id is null then 'material' else 'event' end as kind,
        'inbound' as direction,
        responses.person_id,
        responses.lead_id,
        cast(null as {{ text_type() }}) as opportunity_id,
        responses.campaign
    from {{ ref('int_person_responses') }} as responses
    left join event_campaigns on responses.campaign_id = event_campaigns.campaign_id
    where responses.responded_at is not null
)

select * from int_touches

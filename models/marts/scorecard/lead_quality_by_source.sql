-- One row per month of capture and source: everything that became of the leads captured then.
{%- set measures = [
    ('leads', 'true'),
    ('target_market_leads', 'is_target_market'),
    ('icp_fit_leads', 'is_icp_fit'),
    ('fit_known_leads', "fit_verdict <> 'unknown'"),
    ('noise_leads', 'noise_class is not null'),
    ('qualified_leads', 'is_qualified'),
    ('handed_over_leads', 'handed_over_at is not null'),
    ('accepted_leads', 'accepted_at is not null'),
    ('rejected_leads', "sales_decision = 'rejected'"),
    ('disqualified_leads', "sales_decision = 'disqualified'"),
    ('vague_rejections', 'is_vague_rejection'),
    ('due_leads', 'is_follow_up_due'),
    ('followed_up_leads', 'is_follow_up_completed'),
    ('conversations', 'first_conversation_at is not null'),
    ('opportunities', 'opportunity_count > 0'),
    ('strong_opportunities', 'is_strong_pipeline'),
    ('won', "outcome = 'won'"),
    ('lost', "outcome = 'lost'"),
    ('leaked_leads', "lead_state in ('ignored', 'stalled')"),
    ('mature_leads', 'is_mature'),
    ('mature_opportunity_leads', 'has_opportunity_in_horizon'),
] %}
{%- set rates = [
    ('target_market_rate', 'target_market_leads', 'leads'),
    ('icp_fit_rate', 'icp_fit_leads', 'leads'),
    ('qualified_rate', 'qualified_leads', 'leads'),
    ('sales_acceptance_rate', 'accepted_leads', '(accepted_leads + rejected_leads)'),
    ('decision_coverage_rate', '(accepted_leads + rejected_leads)', 'handed_over_leads'),
    ('follow_up_completion_rate', 'followed_up_leads', 'due_leads'),
    ('lead_to_opportunity_rate', 'mature_opportunity_leads', 'mature_leads'),
    ('win_rate', 'won', '(won + lost)'),
] %}
with

counts as (
    select
        created_month,
        source,
        {%- for name, condition in measures %}
        count(case when {{ condition }} then 1 end) as {{ name }},
        {%- endfor %}
        count(case when is_follow_up_due and is_before_activities then 1 end)
            as due_before_activities,
        sum(pipeline_amount) as pipeline_amount,
        sum(won_amount) as won_amount
    from {{ ref('fct_leads') }}
    group by created_month, source
),

-- Spend without a lead is still spend: its row has no leads.
keys as (
    select created_month, source from counts
    {{ distinct_union() }}
    select spend_month as created_month, source from {{ ref('int_spend') }}
),

joined as (
    select
        keys.created_month,
        keys.source,
        {%- for name, condition in measures %}
        cast(coalesce(counts.{{ name }}, 0) as integer) as {{ name }},
        {%- endfor %}
        {{ follow_up_grade(
            'coalesce(counts.due_leads, 0)', 'coalesce(counts.due_before_activities, 0)'
        ) }} as follow_up_grade,
        cast(counts.pipeline_amount as {{ double_type() }}) as pipeline_amount,
        cast(counts.won_amount as {{ double_type() }}) as won_amount,
        cast(spend.spend as {{ double_type() }}) as spend
    from keys
    left join counts
        on
            {{ is_same_as('keys.created_month', 'counts.created_month') }}
            and keys.source = counts.source
    left join {{ ref('int_spend') }} as spend
        on
            {{ is_same_as('keys.created_month', 'spend.spend_month') }}
            and keys.source = spend.source
),

lead_quality_by_source as (
    select
        *,
        {%- for name, numerator, denominator in rates %}
        {{ rate_with_interval(name, numerator, denominator) }},
        {%- endfor %}
        {{ rate('spend', 'leads') }} as cost_per_lead,
        {{ rate('spend', 'icp_fit_leads') }} as cost_per_fit_lead,
        {{ rate('spend', 'opportunities') }} as cost_per_opportunity
    from joined
)

select * from lead_quality_by_source

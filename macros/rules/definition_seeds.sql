{#- The seeds whose rows carry valid_from and valid_to. -#}
{% macro definition_seeds() -%}
    {{ return([
        'activity_rules', 'call_outcomes', 'contact_roles', 'disqualification_reasons', 'icp_criteria', 'job_titles',
        'lead_sources', 'lead_statuses', 'meeting_outcomes', 'noise_rules', 'offers', 'opportunity_stages', 'timeframes',
        'utm_mediums',
    ]) }}
{%- endmacro %}

{#- Of pairs of deals that are alike, those that count: a deal is the copy of one other (Salesforce first, then the alphabet of
    CRMs, then the older), and has one copy in each other CRM (the older). Over the CTE opportunities. -#}
{% macro one_copy_each(pairs) -%}
    select opportunity_id, into_opportunity_id
    from (
        select
            pairs.*,
            row_number() over (
                partition by pairs.opportunity_id
                order by kept.crm_order, kept.crm, kept.created_at nulls last, pairs.into_opportunity_id
            ) as copy_preference,
            row_number() over (
                partition by pairs.into_opportunity_id, copies.crm
                order by copies.created_at nulls last, pairs.opportunity_id
            ) as kept_preference
        from {{ pairs }} as pairs
        inner join opportunities as copies on pairs.opportunity_id = copies.opportunity_id
        inner join opportunities as kept on pairs.into_opportunity_id = kept.opportunity_id
    ) as preferred_pairs
    where copy_preference = 1 and kept_preference = 1
{%- endmacro %}

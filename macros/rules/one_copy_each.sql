{#- Of pairs of deals that are alike, those that count: a deal is the copy of one other (Salesforce first, then the alphabet of
    CRMs, then the older), and has one copy in each other CRM (the older). Over the CTE opportunities. -#}
{% macro one_copy_each(pairs) -%}
    select opportunity_id, into_opportunity_id
    from (
        select
            chosen.*,
            row_number() over (
                partition by chosen.into_opportunity_id, chosen.crm
                order by chosen.created_at nulls last, chosen.opportunity_id
            ) as kept_preference
        from (
            select
                pairs.*,
                copies.crm,
                copies.created_at,
                row_number() over (
                    partition by pairs.opportunity_id
                    order by
                        kept.crm_order, kept.crm, kept.created_at nulls last, pairs.into_opportunity_id
                ) as copy_preference
            from {{ pairs }} as pairs
            inner join opportunities as copies on pairs.opportunity_id = copies.opportunity_id
            inner join opportunities as kept on pairs.into_opportunity_id = kept.opportunity_id
        ) as chosen
        where chosen.copy_preference = 1
    ) as preferred
    where preferred.kept_preference = 1
{%- endmacro %}

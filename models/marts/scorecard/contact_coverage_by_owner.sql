-- One row per month opened and owner: do the open deals have a contact?
with

counts as (
    select
        opened_month,
        coalesce(owner_id, 'unassigned') as owner_id,
        cast(count(*) as integer) as open_opportunities,
        cast(count(case when contact_count > 0 then 1 end) as integer) as open_with_contact
    from {{ ref('fct_opportunities') }}
    where outcome = 'open'
    group by opened_month, coalesce(owner_id, 'unassigned')
),

contact_coverage_by_owner as (
    select
        *,
        {{ rate_with_interval('contact_coverage_rate', 'open_with_contact', 'open_opportunities') }}
    from counts
)

select * from contact_coverage_by_owner

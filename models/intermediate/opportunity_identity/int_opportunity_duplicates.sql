-- One row per opportunity that is the copy of one in another CRM: by id, else by company, amount and
-- close date. The copy is the one outside Salesforce, else of the CRM later in the alphabet.
with

opportunities as (
    select
        crm,
        opportunity_id,
        other_crm_id,
        case when layout = 'salesforce' then 0 else 1 end as crm_order,
        substring(opportunity_id, length(crm) + 2) as raw_id
    from {{ ref('int_opportunities_unioned') }}
    where row_status = 'used'
),

named as (
    select
        named_by.opportunity_id as first_id,
        named_by.crm as first_crm,
        named_by.crm_order as first_order,
        found.opportunity_id as second_id,
        found.crm as second_crm,
        found.crm_order as second_order
    from opportunities as named_by
    inner join opportunities as found
        on named_by.other_crm_id = found.raw_id and named_by.crm <> found.crm
),

by_id as (
    select distinct
        case
            when (first_order, first_crm) < (second_order, second_crm)
                then second_id
            else first_id
        end as opportunity_id,
        case
            when (first_order, first_crm) < (second_order, second_crm)
                then first_id
            else second_id
        end as into_opportunity_id,
        0 as way_order
    from named
),

-- The first deal of such a company, amount and date in one CRM is the first in the other.
numbered as (
    select
        *,
        row_number() over (
            partition by company_key, currency, amount, close_date, crm
            order by created_at nulls last, opportunity_id
        ) as position_in_crm
    from {{ ref('int_opportunity_twins') }}
    where
        amount is not null
        and close_date is not null
        and opportunity_id not in (select by_id.opportunity_id from by_id)
        and opportunity_id not in (select by_id.into_opportunity_id from by_id)
),

by_likeness as (
    select copies.opportunity_id, kept.opportunity_id as into_opportunity_id, copies.way_order
    from numbered as copies
    inner join numbered as kept
        on
            copies.company_key = kept.company_key
            and copies.currency = kept.currency
            and copies.amount = kept.amount
            and copies.close_date = kept.close_date
            and copies.position_in_crm = kept.position_in_crm
            and (kept.crm_order, kept.crm) < (copies.crm_order, copies.crm)
),

pairs as (
    select * from by_id
    union all
    select * from by_likeness
),

-- A deal is the copy of one other, and has one copy in each other CRM.
preferred as (
    select
        pairs.*,
        row_number() over (
            partition by pairs.opportunity_id
            order by
                pairs.way_order,
                into_deals.crm_order,
                into_deals.crm,
                pairs.into_opportunity_id
        ) as copy_preference,
        row_number() over (
            partition by pairs.into_opportunity_id, copies.crm
            order by pairs.way_order, pairs.opportunity_id
        ) as kept_preference
    from pairs
    inner join opportunities as copies on pairs.opportunity_id = copies.opportunity_id
    inner join opportunities as into_deals
        on pairs.into_opportunity_id = into_deals.opportunity_id
),

int_opportunity_duplicates as (
    select opportunity_id, into_opportunity_id
    from preferred
    where copy_preference = 1 and kept_preference = 1
)

select * from int_opportunity_duplicates

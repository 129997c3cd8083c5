-- Grain: one row per row of the raw table opportunity_contacts.
with source_rows as (
    {{ raw(source('generic', 'opportunity_contacts')) }}
),

-- Two rows without a role are copies of each other too.
keyed as (
    select *, coalesce({{ folded('role') }}, '') as role_key from source_rows
),

judged as (
    {{ row_rules(
        'keyed', key=['opportunity_id', 'contact_id', 'role_key'],
        needs=['opportunity_id', 'contact_id']
    ) }}
),

stg_generic__opportunity_contacts as (
    select
        crm,
        {{ raw_key('opportunity_id') }} as opportunity_id,
        {{ raw_key('contact_id') }} as contact_id,
        role,
        false as is_lead_link,
        row_status,
        row_reason
    from judged
)

select * from stg_generic__opportunity_contacts

-- Grain: one row per raw row: what becomes of it.
with

stg_pipedrive__row_fates as (
    {{ row_fates([
        ('stg_pipedrive__leads', 'raw_table', 'lead_id'),
        ('stg_pipedrive__lead_items', "'leads'", 'item_id'),
        ('stg_pipedrive__companies', "'organizations'", 'company_id'),
        ('stg_pipedrive__owners', "'users'", 'owner_id'),
        ('stg_pipedrive__opportunities', 'raw_table', 'opportunity_id'),
        ('stg_pipedrive__deal_flow', "'deal_flow'", 'opportunity_id'),
        ('stg_pipedrive__stages', "'stages'", 'stage_key'),
        ('stg_pipedrive__activities', "'activities'", 'activity_id'),
    ]) }}
)

select * from stg_pipedrive__row_fates

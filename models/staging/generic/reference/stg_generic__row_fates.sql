-- Grain: one row per raw row: what becomes of it.
with

stg_generic__row_fates as (
    {{ row_fates([
        ('stg_generic__leads', 'raw_table', 'lead_id'),
        ('stg_generic__opportunities', 'raw_table', 'opportunity_id'),
        ('stg_generic__opportunity_contacts', "'opportunity_contacts'", 'opportunity_id'),
        ('stg_generic__stage_events', "'stage_events'", 'record_id'),
        ('stg_generic__activities', "'activities'", 'activity_id'),
        ('stg_generic__spend', "'spend'", 'campaign_id'),
    ]) }}
)

select * from stg_generic__row_fates

select cast(null as varchar) as crm, cast(null as varchar) as opportunity_id, cast(null as varchar) as into_opportunity_id, 'used' as row_status where 1 = 0

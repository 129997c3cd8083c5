-- What: for each raw table, the rows it holds = used + merged + excluded + quarantined.
-- Why: a row that is none of the four would be lost without a word.
-- Mend: look for a join or a filter in the staging model of the table, or a table that the CRM's
--   row_fates model does not name.
select crm, raw_table, raw_rows, used_rows, merged_rows, excluded_rows, quarantined_rows
from {{ ref('row_accounting') }}
where raw_rows <> used_rows + merged_rows + excluded_rows + quarantined_rows

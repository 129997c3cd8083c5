-- What: for each raw table, rows read = used + merged + excluded + quarantined.
-- Why: a row that is none of the four would be lost without a word.
-- Mend: look for a row_status that the staging model of the table sets and row_accounting does not know.
select crm, raw_table, raw_rows, used_rows, merged_rows, excluded_rows, quarantined_rows
from {{ ref('row_accounting') }}
where raw_rows <> used_rows + merged_rows + excluded_rows + quarantined_rows

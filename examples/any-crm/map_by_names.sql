-- Any export as the tables of the generic layout, by names.csv alone: which of your columns is which of ours. Nothing in here
-- needs a change. Run it with DuckDB in this folder; it writes raw/quillbird/*.csv.

create macro renamed(wanted) as (
    select
        'select ' || string_agg('"' || theirs || '" as "' || "column" || '"', ', ')
        || ' from read_csv(''quillbird/' || any_value(file) || '.csv'', all_varchar = true)'
    from read_csv('names.csv', all_varchar = true)
    where "table" = wanted
);

set variable renaming = renamed('leads');
copy (from query(getvariable('renaming'))) to 'raw/quillbird/leads.csv' (header);

set variable renaming = renamed('opportunities');
copy (from query(getvariable('renaming'))) to 'raw/quillbird/opportunities.csv' (header);

set variable renaming = renamed('stage_events');
copy (from query(getvariable('renaming'))) to 'raw/quillbird/stage_events.csv' (header);

set variable renaming = renamed('activities');
copy (from query(getvariable('renaming'))) to 'raw/quillbird/activities.csv' (header);

set variable renaming = renamed('opportunity_contacts');
copy (from query(getvariable('renaming'))) to 'raw/quillbird/opportunity_contacts.csv' (header);

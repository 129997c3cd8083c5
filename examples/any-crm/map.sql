-- Quillbird's export as the tables of the generic layout. Run it with DuckDB in this folder; it writes raw/quillbird/*.csv.

copy (
    select
        "Ref" as lead_id,
        "First seen" as created_at,
        "Standing" as status,
        "Came by" as source,
        "Drive" as campaign,
        "Asked for" as offer,
        "Rep" as owner,
        "Mail" as email,
        "Firm" as company,
        "Position" as title,
        "Trade" as industry,
        "Heads" as employees,
        "Land" as country,
        "Turned down for" as disqualification_reason,
        "Deal" as opportunity_id
    from read_csv('quillbird/people.csv', all_varchar = true)
) to 'raw/quillbird/leads.csv' (header);

copy (
    select
        "No" as opportunity_id,
        "Opened" as created_at,
        "Phase" as stage,
        "Signed" as is_won,
        "Over" as is_closed,
        "Worth" as amount,
        "Money" as currency,
        "Ends" as closed_at,
        "Rep" as owner,
        "To do" as next_step,
        "Firm" as company
    from read_csv('quillbird/deals.csv', all_varchar = true)
) to 'raw/quillbird/opportunities.csv' (header);

copy (
    select "What" as object, "No" as id, "To" as stage, "On" as entered_at
    from read_csv('quillbird/moves.csv', all_varchar = true)
) to 'raw/quillbird/stage_events.csv' (header);

copy (
    select
        "Entry" as activity_id,
        "Person" as lead_id,
        "Deal" as opportunity_id,
        "Kind" as type,
        case "Way" when 'in' then 'inbound' when 'out' then 'outbound' end as direction,
        "Done" as completed_at,
        "Planned" as scheduled_at,
        "Rep" as owner
    from read_csv('quillbird/diary.csv', all_varchar = true)
) to 'raw/quillbird/activities.csv' (header);

-- Whom a deal is with: here the person it was opened for.
copy (
    select "No" as opportunity_id, "Person" as contact_id
    from read_csv('quillbird/deals.csv', all_varchar = true)
) to 'raw/quillbird/opportunity_contacts.csv' (header);

-- One column per month becomes one row per month.
copy (
    select "Drive" as campaign, strftime(strptime("month" || ' 2026', '%b %Y'), '%Y-%m') as month, amount
    from read_csv('quillbird/budget.csv', all_varchar = true)
    unpivot (amount for month in ("Feb", "Mar", "Apr", "May"))
) to 'raw/quillbird/spend.csv' (header);

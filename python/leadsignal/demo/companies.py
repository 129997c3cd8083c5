"""Accounts, contacts and the roles of contacts on deals."""

from leadsignal.demo import people
from leadsignal.demo.deals import SALES_DEAL
from leadsignal.demo.leads import OWNER, key
from leadsignal.demo.market import by_source

# The contacts of deal n have the numbers 4n to 4n + 2; 4n is the person the lead was, same dice.
TABLE = f"""
create or replace table contacts as
select
    n, 0 as position, n as person_no, company_no, owner_no, source_no, grade,
    converted as created,
    coalesce(has_deal and deal_link in ('lead', 'role'), false) as has_role
from journeys
where converted is not null
union all
select
    n, position, {4 * SALES_DEAL} + n * 4 + position as person_no, company_no, owner_no, source_no,
    if((dice(n, 'colleague') < 0.5) = (position = 1), 'decision', 'influencer') as grade,
    opened + position * 7200 as created,
    deal_link <> 'account' as has_role
from deals
cross join (select unnest([0, 1, 2]) as position)
where
    case position
        when 0 then n >= {SALES_DEAL} and dice(n, 'known contact') < 0.85
        when 1 then dice(n, 'second contact') < 0.58
        else dice(n, 'second contact') < 0.22
    end
"""


def account() -> str:
    """SELECT of the account table: companies with a converted lead or a deal."""
    return f"""
with customers as (
    select company_no, min(opened) as created, min(owner_no) as owner_no
    from (
        select company_no, converted as opened, owner_no from journeys where converted is not null
        union all
        select company_no, opened, owner_no from deals
    )
    group by company_no
)
select
    {key("001", "company_no")} as id,
    {people.company_name("company_no")} as name,
    {people.industry("company_no")} as industry,
    {people.employees("company_no")} as number_of_employees,
    {people.employees("company_no")} * 145000 as annual_revenue,
    {people.country("company_no")} as billing_country,
    {people.company_domain("company_no")} as website,
    cast(null as varchar) as parent_id,
    {key("005", "greatest(1, owner_no)")} as owner_id,
    at_time(created) as created_date,
    false as is_deleted
from customers
"""


def contact() -> str:
    """SELECT of the contact table."""
    return f"""
select
    {key("003", "n * 4 + position")} as id,
    {key("001", "company_no")} as account_id,
    {people.first_name("person_no")} as first_name,
    {people.last_name("person_no")} as last_name,
    {people.email("person_no", "company_no")} as email,
    {people.title("person_no", "grade")} as title,
    nullif({by_source(lambda source: source.label)}, '') as lead_source,
    {OWNER} as owner_id,
    at_time(created) as created_date,
    cast(null as varchar) as master_record_id,
    false as is_deleted
from contacts
"""


def opportunity_contact_role() -> str:
    """SELECT of the contact roles; one deal in eight has none, as nobody linked its people."""
    return f"""
select
    {key("00K", "n * 4 + position")} as id,
    {key("006", "n")} as opportunity_id,
    {key("003", "n * 4 + position")} as contact_id,
    case
        when grade = 'decision' and dice(person_no, 'role') < 0.6 then 'Decision Maker'
        else nullif(pick(contact_roles(), dice(person_no, 'role')), '')
    end as role,
    position = 0 as is_primary,
    at_time(created) as created_date,
    false as is_deleted
from contacts
where has_role and n in (select n from deals) and dice(n, 'linked') < 0.88
"""

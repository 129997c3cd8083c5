"""The small tables that an administrator keeps: users, queues, stages, campaigns, currencies."""

from leadsignal.demo import market
from leadsignal.demo.leads import key

_STAGES = [
    ("Qualification", "false", "false"),
    ("Discovery", "false", "false"),
    ("Proposal", "false", "false"),
    ("Negotiation", "false", "false"),
    ("Closed Won", "true", "true"),
    ("Closed Lost", "true", "false"),
]
_POUND_RATES = [("2025-04-01", 0.77), ("2025-10-01", 0.75), ("2026-04-01", 0.76)]


def user(leads: int) -> str:
    """SELECT of the user table; every eighth representative left the company."""
    return f"""
select
    {key("005", "range")} as id,
    concat(
        pick(first_names(), dice(range, 'user')), ' ', pick(last_names(), dice(range, 'user too'))
    ) as name,
    'rep' || range || '@northbeam.example' as email,
    range % 8 <> 6 as is_active,
    'America/New_York' as time_zone_sid_key
from range(1, {8 + leads // 2500 + 1})
"""


def group() -> str:
    """SELECT of the group table: the queue that owns leads nobody picked up."""
    return f"select {key('00G', '1')} as id, 'Inbound queue' as name, 'Queue' as type"


def opportunity_stage() -> str:
    """SELECT of the opportunity stages in their order."""
    return " union all ".join(
        f"select {key('01J', str(order))} as id, '{stage}' as master_label, '{stage}' as api_name, "
        f"{order} as sort_order, true as is_active, {closed} as is_closed, {won} as is_won"
        for order, (stage, closed, won) in enumerate(_STAGES, start=1)
    )


def campaign(leads: int) -> str:
    """SELECT of the campaigns: every offer, every month."""
    months = market.months()
    rows = []
    for month, offer, cost in market.campaign_costs(leads):
        item = market.CAMPAIGNS[offer]
        day = months[month]
        rows.append(
            f"select {key('701', str(month * 16 + offer))} as id, "
            f"'{item.name} {day:%Y-%m}' as name, '{item.source}' as type, 'Completed' as status, "
            f"date '{day}' as start_date, last_day(date '{day}') as end_date, "
            f"{cost if cost else 'null'} as actual_cost, 'USD' as currency_iso_code, "
            "false as is_deleted"
        )
    return " union all ".join(rows)


def currency_type() -> str:
    """SELECT of the currencies; a rate is units per unit of the corporate currency."""
    return (
        "select 'USD' as iso_code, 1.0 as conversion_rate, true as is_corporate, true as is_active "
        f"union all select 'GBP', {_POUND_RATES[-1][1]}, false, true"
    )


def dated_conversion_rate() -> str:
    """SELECT of the dated exchange rates."""
    rows = []
    for index, (start, rate) in enumerate(_POUND_RATES):
        following = _POUND_RATES[index + 1][0] if index + 1 < len(_POUND_RATES) else "9999-12-31"
        rows.append(
            f"select {key('04w', str(index + 1))} as id, 'GBP' as iso_code, "
            f"{rate} as conversion_rate, date '{start}' as start_date, "
            f"date '{following}' as next_start_date"
        )
    return " union all ".join(rows)

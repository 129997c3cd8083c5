"""A CRM as strangers keep it: thousands of leads with an origin or none, and only wins as deals.

It knows no status, no company and no activity; no deal is lost, none has an amount, one was won two
days before its lead came in, and the leads without an origin become customers most often.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from raw_files import write_csv

AS_OF = "2025-12-31"
FIRST_DAY = dt.date(2025, 1, 1)
DAYS = 300
EARLY = "m150"
"""The lead that became a customer before it came in."""
ORIGINS = {
    # origin: leads a day, and of how many leads one becomes a customer
    "organic_search": (3, 10),
    "paid_search": (2, 12),
    "social": (2, 25),
    "email": (1, 30),
    "direct_traffic": (1, 15),
    "": (2, 4),
}


Lead = tuple[str, str, str, str, str]


def write(folder: Path) -> list[Lead]:
    """Write leads and opportunities into a folder of the generic layout; the lead rows."""
    leads: list[Lead] = []
    deals = []
    taken = dict.fromkeys(ORIGINS, 0)
    for day in range(DAYS):
        came = FIRST_DAY + dt.timedelta(days=day)
        for origin in [origin for origin, (a_day, _) in ORIGINS.items() for _ in range(a_day)]:
            taken[origin] += 1
            lead = f"m{len(leads)}"
            is_customer = taken[origin] % ORIGINS[origin][1] == 0 or lead == EARLY
            deal = f"d{lead}" if is_customer else ""
            leads.append((lead, str(came), origin, f"page {len(leads) % 7}", deal))
            if is_customer:
                won = came + dt.timedelta(days=-2 if lead == EARLY else 3 + day % 20)
                deals.append((deal, str(came), "true", "true", "0", str(won), "rep 1"))
    write_csv(folder / "leads.csv", "lead_id,created_at,source,campaign,opportunity_id", *leads)
    header = "opportunity_id,created_at,is_won,is_closed,amount,closed_at,owner"
    write_csv(folder / "opportunities.csv", header, *deals)
    return leads

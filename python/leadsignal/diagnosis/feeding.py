"""The leads that could feed a period: those captured in it or up to a conversion horizon before.

An opportunity of this period mostly comes from a lead of an earlier one. So a period is judged by
all leads that were young enough to become an opportunity in it, as they stood at its end: leads of
the period compared with and of this one have had equally long.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy

from leadsignal.metrics.questions import FOLLOW_UP
from leadsignal.periods import Period
from leadsignal.questions.asking import Asked

QUIET = timedelta(days=7)
"""A CRM in use has a lead in any week: its record begins so long before its first lead."""
FIT = ("fail", "unknown", "pass")
ENDS = (
    *("opened", "lost for pain", "lost for timing", "accepted"),
    *("declined for pain", "declined for timing", "not accepted", "opened unaccepted"),
)
"""How far a lead had come by the end of the period; the first four were accepted."""
OPENED, LOST_PAIN, LOST_TIMING, ACCEPTED, NO_PAIN, NO_TIMING, WAITING, UNACCEPTED = range(8)
PLACES = {
    **{"opened": OPENED, "lost_pain": LOST_PAIN, "lost_timing": LOST_TIMING, "accepted": ACCEPTED},
    **{"no_pain": NO_PAIN, "no_timing": NO_TIMING, "waiting": WAITING, "unaccepted": UNACCEPTED},
}
FIRST_SQL = """
    select
        min(created_at) as first_lead_at,
        max(handed_over_at) filter (is_before_activities) as before_activities_at
    from fct_leads
"""
CELLS_SQL = """
    with
    windows (number, from_at, starts_at, ends_at) as (values {windows}),
    fed as (
        select
            number, source, coalesce(fit_rule_only_verdict, fct_leads.fit_verdict) as fit,
            coalesce(handed_over_at < ends_at, false) as is_handed_over,
            coalesce(
                handed_over_at < ends_at and first_touch_at < ends_at
                and hours_to_first_touch <= $sla_hours, false
            ) as is_touched,
            coalesce(accepted_at < ends_at, false) as is_accepted,
            coalesce(opportunity_at >= starts_at and opportunity_at < ends_at, false) as is_opened,
            case
                when least(rejected_at, disqualified_at) < ends_at then disqualification_issue
            end as issue
        from fct_leads
        inner join windows on created_at >= from_at and created_at < ends_at
        -- What the rules alone say: sales' own verdict would come later for younger leads.
        left join fct_lead_verdicts using (lead_id)
    )
    select
        number, source, fit, is_handed_over, is_touched,
        case
            when is_accepted and is_opened then {opened}
            when is_accepted and issue = 'pain' then {lost_pain}
            when is_accepted and issue = 'timing' then {lost_timing}
            when is_accepted then {accepted}
            when is_opened then {unaccepted}
            when issue = 'pain' then {no_pain}
            when issue = 'timing' then {no_timing}
            else {waiting}
        end as ending,
        count(*) as leads
    from fed
    group by all
"""
DEALS_SQL = """
    with windows (number, from_at, starts_at, ends_at) as (values {windows})
    select number, count(*) as deals
    from fct_opportunities inner join windows on created_at >= starts_at and created_at < ends_at
    group by number
"""


@dataclass(frozen=True)
class Fed:
    """The leads that could feed one period (or several of equal length, their average).

    `leads[source, fit, handed over, touched in time, ending]` counts them.
    """

    leads: Any
    opened: float
    """All deals opened in the period, whatever lead they came from."""
    periods: int
    days: float
    """How long the leads of one period took to come in: horizon and period together."""

    @property
    def from_leads(self) -> float:
        """The leads that became an opportunity in the period."""
        return float(self.leads[..., OPENED].sum() + self.leads[..., UNACCEPTED].sum())

    @property
    def others(self) -> float:
        """Deals opened in the period that no such lead led to first."""
        return self.opened - self.from_leads


def fed(asked: Asked, periods: Sequence[Period], horizon: int) -> tuple[list[str], list[Fed]]:
    """The sources, and what fed each of the periods in it and in the horizon (days) before."""
    windows, bounds = _windows(periods, horizon)
    cells = asked.rows(CELLS_SQL.format(windows=windows, **PLACES), **bounds)
    deals = asked.rows(DEALS_SQL.format(windows=windows), **bounds)
    opened = {row["number"]: row["deals"] for row in deals}
    sources = sorted({row["source"] for row in cells})
    leads = numpy.zeros((len(periods), len(sources), len(FIT), 2, 2, len(ENDS)))
    for row in cells:
        leads[
            row["number"], sources.index(row["source"]), FIT.index(row["fit"]),
            int(row["is_handed_over"]), int(row["is_touched"]), row["ending"],
        ] += row["leads"]  # fmt: skip
    return sources, [
        Fed(leads[number], opened.get(number, 0), 1, horizon + period.days)
        for number, period in enumerate(periods)
    ]


def average(several: Sequence[Fed]) -> Fed:
    """What fed a period on average."""
    count = len(several)
    return Fed(
        sum(one.leads for one in several) / count,
        sum(one.opened for one in several) / count,
        count,
        sum(one.days for one in several) / count,
    )


def comparable(asked: Asked, most: int) -> tuple[list[Period], int]:
    """Up to so many periods before this one, the newest first, whose leads are all on record.

    And the horizon in days: where no period reaches back that far, only the leads captured in a
    period itself are looked at (0 days).
    """
    begins_at = _begins_at(asked)
    for horizon in (asked.published.conversion_horizon_days, 0):
        found: list[Period] = []
        period = asked.period.before()
        while begins_at and len(found) < most:
            if period.starts_at - timedelta(days=horizon) < begins_at:
                break
            found.append(period)
            period = period.before()
        if found:
            return found, horizon
    return [], horizon


def _begins_at(asked: Asked) -> datetime | None:
    """From when on all leads are on record, with their activities if the CRM has any to speak of.

    None: no lead has a time.
    """
    [first] = asked.rows(FIRST_SQL)
    if first["first_lead_at"] is None:
        return None
    moments: list[datetime] = [first["first_lead_at"] - QUIET]
    if first["before_activities_at"] and asked.knows(FOLLOW_UP):
        moments.append(first["before_activities_at"])
    return max(moments)


def _windows(periods: Sequence[Period], horizon: int) -> tuple[str, dict[str, object]]:
    names: list[str] = []
    bounds: dict[str, object] = {}
    for number, period in enumerate(periods):
        names.append(f"({number}, $from_{number}, $starts_{number}, $ends_{number})")
        bounds[f"from_{number}"] = period.starts_at - timedelta(days=horizon)
        bounds[f"starts_{number}"] = period.starts_at
        bounds[f"ends_{number}"] = period.ends_at
    return ", ".join(names), bounds

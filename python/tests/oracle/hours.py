"""Working hours between two moments, and activities that the CRM no longer has."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from .activities import Activity
from .lifecycle import Life
from .people import Person
from .settings import Settings

ZONES = available_timezones()


def zone_of(owner_id: str | None, zones: dict[str, str], settings: Settings) -> ZoneInfo:
    """The owner's time zone where it is known and one, else that of the reports."""
    name = zones.get(owner_id or "", "")
    return ZoneInfo(name) if name in ZONES else settings.zone


def business_hours(
    start: datetime, end: datetime, zone: ZoneInfo, holidays: set[date], settings: Settings
) -> float:
    """Hours from start to end that lie in the working hours of Monday to Friday."""
    total = timedelta(0)
    day = start.replace(tzinfo=UTC).astimezone(zone).date()
    while day <= end.replace(tzinfo=UTC).astimezone(zone).date():
        if day.weekday() < 5 and day not in holidays:
            opens = _moment(day, settings.business_day_starts, zone)
            closes = _moment(day, settings.business_day_ends, zone)
            total += max(min(end, closes) - max(start, opens), timedelta(0))
        day += timedelta(days=1)
    return total.total_seconds() / 3600


def _moment(day: date, hour: int, zone: ZoneInfo) -> datetime:
    """UTC of an hour on the local clock; 24 is the next midnight."""
    day += timedelta(days=hour // 24)
    local = datetime.combine(day, time(hour % 24), tzinfo=zone)
    return local.astimezone(UTC).replace(tzinfo=None)


def leads_before_activities(
    persons: list[Person], lives: dict[str, Life], activities: list[Activity], settings: Settings
) -> set[str]:
    """Leads handed over before the first activity that their CRM still has.

    An activity is of the CRM that it is in, and of the CRM of its lead.

    Only where a month of handovers lies before the month of that activity: else nothing is gone.
    """
    found: set[str] = set()
    for crm in {person.crm for person in persons}:
        handed = {
            person.id: at
            for person in persons
            if person.crm == crm and (at := lives[person.id].handed_over_at)
        }
        own = [act for one in persons if one.crm == crm for act in lives[one.id].activities]
        own += [act for act in activities if act.crm == crm]
        done = [act.done_at for act in own if act.done_at]
        first = min(done, default=datetime.max)
        month = settings.month(first) if done else date.max
        months = [settings.month(at) for at in handed.values()]
        if any(one is not None and month is not None and one < month for one in months):
            found |= {lead for lead, at in handed.items() if at < first}
    return found

"""Days as people write them: a date, a month or a quarter, the first or the last of its days."""

import re
from datetime import date, datetime, timedelta

from leadsignal.errors import UsageError
from leadsignal.periods import containing

_MONTH = re.compile(r"(\d{4})-(\d{2})")
_QUARTER = re.compile(r"(\d{4})-[qQ]([1-4])")


def first(day: str | date | None) -> date | None:
    """The day itself, or the first day of a month or quarter. Raises UsageError."""
    return None if day is None else _parsed(day, first_in(str(day)))


def last(day: str | date | None) -> date | None:
    """The day itself, or the last day of a month or quarter. Raises UsageError."""
    return None if day is None else _parsed(day, last_in(str(day)))


def first_in(text: str) -> str:
    """The first day of 2026-10 or 2026-Q4 as text; anything else is itself."""
    if _MONTH.fullmatch(text):
        return f"{text}-01"
    if quarter := _QUARTER.fullmatch(text):
        return f"{quarter[1]}-{3 * int(quarter[2]) - 2:02d}-01"
    return text


def last_in(text: str) -> str:
    """The last day of 2026-10 or 2026-Q4 as text; anything else is itself.

    Raises UsageError at the end of the calendar.
    """
    for kind, form in (("month", _MONTH), ("quarter", _QUARTER)):
        if form.fullmatch(text) and (day := _day(first_in(text))):
            return (containing(day, kind).end - timedelta(days=1)).isoformat()
    return text


def span(text: str, kind: str) -> tuple[str, str]:
    """The first and the last of a day, a month or a quarter: each a DATE, or a TIMESTAMP in UTC.

    A moment is both. Raises UsageError at the end of the calendar.
    """
    last = last_in(text)
    is_whole_day = kind == "TIMESTAMP" and ":" not in last
    return first_in(text), f"{last} 23:59:59.999999" if is_whole_day else last


def check_months(day: date, is_end: bool) -> None:
    """Checks that whole months begin or end with that day. Raises UsageError."""
    month = containing(day, "month")
    if day != (month.end - timedelta(days=1) if is_end else month.start):
        told = "end with the last day" if is_end else "start with the first day"
        raise UsageError(
            f"Costs are known by month, not from or to {day}.", f"Let it {told} of one."
        )


def _parsed(day: str | date, text: str) -> date:
    if isinstance(day, datetime):
        return day.date()
    found = _day(text)
    if found is None:
        raise UsageError(
            f"'{day}' is no day to start or end with.", "Write it like 2026-10-01, or 2026-10."
        )
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

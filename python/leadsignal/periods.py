"""Weeks, months and quarters of the reporting time zone, as stretches of UTC time."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from leadsignal.errors import UsageError

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
ORDINALS = ("first", "second", "third", "fourth")
KINDS = ("week", "month", "quarter")
YEARS = range(1970, 2101)
"""Those of an as_of: what lies before or after is a slip of the pen."""


@dataclass(frozen=True)
class Period:
    """One calendar period: `start` is its first day, `end` the first day after it."""

    kind: str
    start: date
    end: date
    timezone: str = "UTC"

    @property
    def starts_at(self) -> datetime:
        """Its first moment, in UTC without zone."""
        return _utc(self.start, self.timezone)

    @property
    def ends_at(self) -> datetime:
        """The first moment after it, in UTC without zone."""
        return _utc(self.end, self.timezone)

    @property
    def days(self) -> int:
        """Its length in days."""
        return (self.end - self.start).days

    def days_past(self, at: datetime) -> int:
        """Whole days from its end to a UTC moment; its very last second counts as its end."""
        return (at + timedelta(seconds=1) - self.ends_at).days

    @property
    def label(self) -> str:
        """Short and sortable: 2026-10, 2026-Q4, 2026-10-05 (the Monday of a week)."""
        if self.kind == "month":
            return f"{self.start:%Y-%m}"
        if self.kind == "quarter":
            return f"{self.start.year}-Q{(self.start.month + 2) // 3}"
        return self.start.isoformat()

    @property
    def words(self) -> str:
        """As a sentence says it after 'in': October 2026, the week of 5 October 2026."""
        if self.kind == "month":
            return f"{MONTHS[self.start.month - 1]} {self.start.year}"
        if self.kind == "quarter":
            return f"the {ORDINALS[self.start.month // 3]} quarter of {self.start.year}"
        return f"the week of {day_in_words(self.start)}"

    def before(self, steps: int = 1) -> "Period":
        """The period that many steps earlier."""
        period = self
        for _ in range(steps):
            period = containing(period.start - timedelta(days=1), self.kind, self.timezone)
        return period

    @property
    def year_ago(self) -> "Period":
        """The same month or quarter of the year before; of a week the same ISO week.

        A week 53 stands beside week 52 where the year before has no week 53.
        """
        if self.kind != "week":
            start = self.start.replace(year=self.start.year - 1)
            return containing(start, self.kind, self.timezone)
        year, week, _ = self.start.isocalendar()
        last_week = date(year - 1, 12, 28).isocalendar().week
        start = date.fromisocalendar(year - 1, min(week, last_week), 1)
        return containing(start, self.kind, self.timezone)


def containing(day: date, kind: str, timezone: str = "UTC") -> Period:
    """The period of that kind that `day` is in.

    Raises UsageError for an unknown kind, and at the end of the calendar.
    """
    if kind in KINDS and day > date(9999, 9, 30):
        raise UsageError(
            f"{day} is in the last {kind} of the calendar.", "Write a day of an earlier year."
        )
    if kind == "week":
        start = day - timedelta(days=day.weekday())
        return Period(kind, start, start + timedelta(days=7), timezone)
    if kind not in KINDS:
        raise UsageError(f"'{kind}' is no period.", f"Use one of: {', '.join(KINDS)}.")
    months = 1 if kind == "month" else 3
    first = (day.month - 1) // months * months + 1
    start = day.replace(month=first, day=1)
    end = (start + timedelta(days=31 * months)).replace(day=1)
    return Period(kind, start, end, timezone)


def last_complete(as_of: datetime, kind: str, timezone: str = "UTC") -> Period:
    """The newest period that has ended at `as_of` (UTC); its very last second counts as its end."""
    following = _local(as_of + timedelta(seconds=1), timezone)
    return containing(following.date(), kind, timezone).before()


def moment(as_of: str | date | datetime, timezone: str = "UTC") -> datetime:
    """`as_of` in UTC without zone: a date is the last second of that day where one reports.

    Raises UsageError for text that is neither a date nor a timestamp, and for a year not in YEARS.
    """
    if isinstance(as_of, str):
        as_of = parsed(as_of.strip())
    if not isinstance(as_of, date):
        raise UsageError(f"as_of is {as_of!r}.", "Let it be a day, such as 2026-10-31.")
    check_year(as_of)
    if isinstance(as_of, datetime):
        return as_of.astimezone(UTC).replace(tzinfo=None) if as_of.tzinfo else as_of
    return _utc(as_of, timezone, time(23, 59, 59))


def check_year(as_of: date) -> None:
    """Raises UsageError for an as_of in a year not in YEARS."""
    if as_of.year not in YEARS:
        raise UsageError(
            f"as_of '{as_of}' is in the year {as_of.year}.",
            f"Write a day from {YEARS[0]} to {YEARS[-1]}.",
        )


def local_day(at: datetime, timezone: str) -> date:
    """The calendar day of a UTC moment where one reports."""
    return _local(at, timezone).date()


def day_in_words(day: date) -> str:
    """Such as 5 October 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def parsed(text: str) -> date | datetime:
    """An as_of as it is written: a day, or a moment. Raises UsageError for anything else."""
    for parse in (date.fromisoformat, datetime.fromisoformat):
        try:
            return parse(text)
        except ValueError:
            continue
    raise UsageError(
        f"as_of '{text}' is neither a date nor a timestamp.",
        "Write it like 2026-10-31 (the end of that day) or 2026-10-31 18:30:00 (UTC).",
    )


def _utc(day: date, timezone: str, clock: time = time()) -> datetime:
    local = datetime.combine(day, clock, ZoneInfo(timezone))
    return local.astimezone(UTC).replace(tzinfo=None)


def _local(at: datetime, timezone: str) -> datetime:
    return at.replace(tzinfo=UTC).astimezone(ZoneInfo(timezone))

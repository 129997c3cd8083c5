"""What a build is told: its one "now", its time zone and currency, and the thresholds."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Settings:
    """Settings of one run; the defaults are the ones the definitions name."""

    as_of_text: str
    reporting_timezone: str = "UTC"
    reporting_currency: str = "USD"
    crms: Mapping[str, str] | tuple[str, ...] = ()  # name -> layout, names, or all that are there
    salesforce_fields: dict[str, str] = field(default_factory=dict)
    hubspot_fields: dict[str, str] = field(default_factory=dict)
    generic_fields: dict[str, str] = field(default_factory=dict)
    merge_plus_addresses: bool = False
    forgotten: tuple[str, ...] = ()  # addresses and keys of persons who asked for it
    retention_months: int = 0
    max_timeframe_months: float = 6
    min_dimensions_passed: int = 3
    leak_days: int = 14
    min_attempts: int = 3
    follow_up_sla_hours: int = 24
    conversion_horizon_days: int = 90
    strong_pipeline_min_criteria: int = 4
    active_days: int = 14
    account_link_days: int = 90
    max_pairs_of_a_company: int = 1_000_000
    min_answerable: float = 0.6
    min_sample: int = 30
    business_day_starts: int = 9
    business_day_ends: int = 17

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.reporting_timezone)

    @property
    def as_of(self) -> datetime:
        """UTC without zone; a date means 23:59:59 of that day in the reporting time zone."""
        if len(self.as_of_text) == 10:
            local = datetime.fromisoformat(f"{self.as_of_text}T23:59:59").replace(tzinfo=self.zone)
            return local.astimezone(UTC).replace(tzinfo=None)
        given = datetime.fromisoformat(self.as_of_text)
        return given.astimezone(UTC).replace(tzinfo=None) if given.tzinfo else given

    def day(self, moment: datetime) -> date:
        """The calendar day of a UTC moment in the reporting time zone."""
        return moment.replace(tzinfo=UTC).astimezone(self.zone).date()

    def start_of(self, day: date) -> datetime:
        """The UTC moment at which a day begins in the reporting time zone."""
        return datetime.combine(day, time(), self.zone).astimezone(UTC).replace(tzinfo=None)

    def on(self, moment: datetime | None) -> date | None:
        """The same of a moment that may not have come."""
        return None if moment is None else self.day(moment)

    def month(self, moment: datetime | None) -> date | None:
        """The first day of the month of a UTC moment in the reporting time zone."""
        return None if moment is None else self.day(moment).replace(day=1)

    @property
    def today(self) -> date:
        return self.day(self.as_of)

    @property
    def first_kept_day(self) -> date:
        """The same day so many months before, or the last day of a shorter month."""
        if not self.retention_months:
            return date.min
        months = self.today.year * 12 + self.today.month - 1 - self.retention_months
        year, month = divmod(months, 12)
        last = monthrange(year, month + 1)[1]
        return date(year, month + 1, min(self.today.day, last))

    @property
    def leak(self) -> timedelta:
        return timedelta(days=self.leak_days)

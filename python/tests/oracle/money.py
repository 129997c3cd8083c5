"""Amounts in the reporting currency."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from .records import CrmRecords, Rate
from .settings import Settings
from .values import key


@dataclass(frozen=True)
class Converted:
    """An amount in the reporting currency, the rate it took, and since when that rate holds."""

    amount: float | None = None
    rate: float | None = None
    rate_on: date | None = None


def converted_at_home(amount: float | None, home_amount: float | None) -> Converted:
    """What the CRM itself converted; its rate is told by two amounts that are not 0."""
    rate = amount / home_amount if amount and home_amount else None
    return Converted(home_amount, rate if rate and rate > 0 else None)


class Rates:
    """Conversion rates of every CRM: dated ones first, the undated one where no dated one holds."""

    def __init__(self, crms: list[CrmRecords], settings: Settings) -> None:
        self.reporting = settings.reporting_currency
        self.rates: dict[tuple[str, str], list[Rate]] = defaultdict(list)
        for crm in crms:
            for rate in crm.rates:
                self.rates[crm.crm, key(rate.currency)].append(rate)

    def convert(
        self, crm: str, amount: float | None, currency: str | None, day: date | None
    ) -> Converted:
        """Amount / conversion rate on a day; no amount without an amount or a rate."""
        if key(currency or self.reporting) == key(self.reporting):
            return Converted(amount, 1.0)
        since, rate = self._rate(crm, key(currency), day)
        if not rate:
            return Converted()
        rate /= self._rate(crm, key(self.reporting), day)[1] or 1.0
        return Converted(None if amount is None else amount / rate, rate, since)

    def _rate(self, crm: str, currency: str, day: date | None) -> tuple[date | None, float | None]:
        """Since when, and how many units of it one of the CRM's own currency buys."""
        holding = [
            (rate.valid_from, rate.rate)
            for rate in self.rates[crm, currency]
            if rate.valid_from and day and _holds(rate, day)
        ]
        since, rate = max(holding) if holding else (None, None)
        if rate:
            return since, rate
        undated = [one for one in self.rates[crm, currency] if one.valid_from is None]
        return None, undated[-1].rate if undated else None


def _holds(rate: Rate, day: date) -> bool:
    is_over = rate.valid_to is not None and day >= rate.valid_to
    return rate.valid_from is not None and rate.valid_from <= day and not is_over

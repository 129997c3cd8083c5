"""Amounts in the reporting currency."""

from __future__ import annotations

from datetime import date

from .accounting import used
from .raw import Crm, Row
from .settings import Settings
from .values import key


class Rates:
    """Conversion rates of every CRM: dated ones first, the undated one where no dated one holds."""

    def __init__(self, crms: list[Crm], settings: Settings) -> None:
        self.reporting = settings.reporting_currency
        self.dated = {crm.name: used(crm, "dated_conversion_rate") for crm in crms}
        self.undated = {
            (crm.name, key(row["iso_code"])): row["conversion_rate"]
            for crm in crms
            for row in used(crm, "currency_type")
        }

    def convert(self, row: Row, column: str, day: date | None) -> float | None:
        """Amount / conversion rate on a day; None without an amount or a rate."""
        amount: float | None = row[column]
        currency = row["currency_iso_code"] or self.reporting
        if amount is None or key(currency) == key(self.reporting):
            return amount
        rate = self._dated(row["crm"], currency, day) or self.undated.get(
            (row["crm"], key(currency))
        )
        return amount / rate if rate else None

    def _dated(self, crm: str, currency: str, day: date | None) -> float | None:
        holding = [
            (row["start_date"], row["conversion_rate"])
            for row in self.dated[crm]
            if day is not None
            and key(row["iso_code"]) == key(currency)
            and row["start_date"] <= day
            and (row["next_start_date"] is None or day < row["next_start_date"])
        ]
        return max(holding)[1] if holding else None

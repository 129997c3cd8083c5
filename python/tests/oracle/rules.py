"""The definitions: seeds/definition/*.csv, each row with the days on which it counts."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date
from pathlib import Path

from .values import key, words

Rule = dict[str, str]


class Definitions:
    """All definition tables. Every look-up takes the day that decides which rows are in force."""

    def __init__(self, folder: Path) -> None:
        self.tables: dict[str, list[Rule]] = {}
        for path in sorted(folder.glob("*.csv")):
            with path.open(encoding="utf-8-sig", newline="") as file:
                self.tables[path.stem] = list(csv.DictReader(file))
        self._in_force: dict[tuple[str, date], list[Rule]] = {}
        self._by_value: dict[tuple[str, date], dict[str, Rule]] = {}

    def in_force(self, table: str, day: date) -> list[Rule]:
        """The rows with valid_from <= day < valid_to; an empty bound always holds."""
        found = self._in_force.get((table, day))
        if found is None:
            now = day.isoformat()
            found = [
                rule
                for rule in self.tables[table]
                if (rule.get("valid_from") or "") <= now
                and (not rule.get("valid_to") or now < rule["valid_to"])
            ]
            self._in_force[table, day] = found
        return found

    def mapped(self, table: str, value: str | None, column: str, day: date) -> str | None:
        """What a raw value is mapped to; None for an empty or unmapped one."""
        compared = words if table == "country_names" else key
        by_value = self._by_value.get((table, day))
        if by_value is None:
            by_value = {}
            for rule in self.in_force(table, day):
                by_value.setdefault(compared(rule["raw_value"]), rule)
            self._by_value[table, day] = by_value
        found = by_value.get(compared(value)) if key(value) else None
        return found[column] if found else None

    def version(self, day: date) -> str:
        """The newest change of any definition row not later than the day (else the oldest)."""
        dates = sorted(
            {
                rule[bound]
                for rules in self.tables.values()
                for rule in rules
                for bound in ("valid_from", "valid_to")
                if rule.get(bound)
            }
        )
        return max((one for one in dates if one <= day.isoformat()), default=dates[0])

    def title_authority(self, title: str | None, day: date) -> str | None:
        """decision_maker, influencer or none by the first phrase that matches; None for none."""
        text = words(title)
        hits = [
            (int(rule["match_order"]), -len(rule["phrase"]), rule["phrase"], rule["authority"])
            for rule in self.in_force("job_titles", day)
            if words(rule["phrase"]) in text
        ]
        return min(hits)[3] if hits else None

    def is_buying(self, offer: str | None, day: date) -> bool:
        """The offer shows buying intent."""
        return any(
            rule["intent"] == "buying" and words(rule["phrase"]) in words(offer)
            for rule in self.in_force("offers", day)
        )

    def icp(self, day: date) -> dict[str, list[Rule]]:
        """The rules of the ideal customer by criterion: country, industry, employees."""
        rules: dict[str, list[Rule]] = defaultdict(list)
        for rule in self.in_force("icp_criteria", day):
            rules[rule["criterion"]].append(rule)
        return rules

    def known_source(self, value: str | None, day: date) -> str | None:
        """The canonical source of a raw one; a mapping to unknown is not known."""
        source = self.mapped("lead_sources", value, "source", day)
        return None if source == "unknown" else source

    def holidays(self) -> set[date]:
        """Days without working hours."""
        return {date.fromisoformat(row["holiday_on"]) for row in self.tables["holidays"]}

    def about_source(self, source: str, column: str, day: date) -> str:
        """Channel or demand type of a source by the row in force, the last before, or the next."""
        in_force = self.in_force("lead_sources", day)
        rules = [rule for rule in self.tables["lead_sources"] if rule["source"] == source]
        begun = [rule for rule in rules if (rule["valid_from"] or "") <= day.isoformat()]
        for some in ([rule for rule in rules if rule in in_force], begun):
            if some:
                return max(some, key=lambda rule: rule["valid_from"])[column]
        return min(rules, key=lambda rule: rule["valid_from"])[column] if rules else "unknown"


def applies(operator: str, pattern: str, value: str | None) -> bool:
    """A rule of the kind field-operator-value against the value of the field."""
    if operator == "phrase":
        return words(pattern) in words(value)
    if operator == "equals":
        return key(value) == key(pattern)
    if operator == "starts_with":
        return key(value).startswith(key(pattern))
    raise ValueError(f"unknown operator {operator}")

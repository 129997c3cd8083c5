"""The folder of a simulated year: the project's copy, the raw data, the warehouse, the diary."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from year import crm
from year.crm import Tables
from year.plan import BROKEN, PUBLISHED, TRUNCATED, Night, Plan, Rule
from year.second import COLUMNS, generic

ROOT = Path(__file__).parents[2]
COPIED = ("models", "macros", "seeds", "tests", "analyses")
FILES = ("dbt_project.yml", "profiles.yml")
TIGHTENED = "leads_kept: {severity: critical}\n"
SECOND_ORG = "9q"
SHARED = 4
"""Persons of the second CRM that are in the first as well."""


@dataclass(frozen=True)
class Place:
    """Everything that a year keeps between two runs, in one folder."""

    folder: Path
    plan: Plan

    @property
    def warehouse(self) -> Path:
        """Where the nights publish."""
        return self.folder / "warehouse"

    @property
    def raw(self) -> Path:
        """What was loaded last."""
        return self.folder / "raw"

    @property
    def project(self) -> Path:
        """The project as it was when the year began, with the definitions of its last night."""
        return self.folder / "project"

    @property
    def published(self) -> Path:
        """What readers open."""
        return self.warehouse / "leadsignal.duckdb"

    @cached_property
    def crms(self) -> dict[str, Tables]:
        """All that ever happens, by CRM."""
        if not self.drawn.is_file():
            raise RuntimeError(f"there is no {self.drawn}: draw it first")
        return dict(json.loads(self.drawn.read_text(encoding="utf-8")))

    @property
    def whole(self) -> Tables:
        """All that ever happens in the first CRM."""
        return self.crms["first"]

    @property
    def drawn(self) -> Path:
        """The file that keeps it."""
        return self.folder / "crms.json"

    @cached_property
    def nights(self) -> list[Night]:
        """The plan's nights."""
        return self.plan.nights()

    @cached_property
    def edits(self) -> list[Any]:
        """The plan's edits."""
        return self.plan.edits(self.whole)

    def begin(self) -> None:
        """Make the folder, or find it as the last run left it."""
        (self.folder / "diary").mkdir(parents=True, exist_ok=True)
        if not self.project.is_dir():
            for name in COPIED:
                shutil.copytree(ROOT / name, self.project / name)
            for name in FILES:
                shutil.copy(ROOT / name, self.project)
            (self.project / "audit.yml").write_text(TIGHTENED, encoding="utf-8")

    def draw(self) -> None:
        """Draw the CRMs, unless an earlier run has."""
        if not self.drawn.is_file():
            second = crm.drawn(self.plan.second_leads, seed=2, org=SECOND_ORG)
            drawn = {"first": crm.drawn(self.plan.leads, seed=5), "second": second}
            self.drawn.write_text(json.dumps(drawn), encoding="utf-8")

    def define(self, night: Night, *, without_its_own: bool = False) -> None:
        """Write the definitions in force that night, or those before its own change."""
        rules = [
            (one.day.isoformat(), one.rule)
            for one in self.nights[: night.number - without_its_own]
            if one.rule
        ]
        for seed in {rule.seed for one in self.nights if (rule := one.rule)}:
            text = (ROOT / "seeds" / "definition" / f"{seed}.csv").read_text(encoding="utf-8")
            for day, rule in rules:
                text = _defined(text, rule, day) if rule.seed == seed else text
            file = self.project / "seeds" / "definition" / f"{seed}.csv"
            if file.read_text(encoding="utf-8") != text:
                file.write_text(text, encoding="utf-8")

    def load(self, night: Night) -> None:
        """Write the raw tables as that night's build finds them."""
        shutil.rmtree(self.raw, ignore_errors=True)
        first = self._first(night)
        if night.harm == TRUNCATED:
            first["lead"] = first["lead"][::2]
        names = {table: list(rows[0]) for table, rows in self.whole.items()}
        if night.harm == BROKEN:
            names["lead"].remove("status")
            for row in first["lead"]:
                del row["status"]
        crm.write(self.raw / "salesforce", first, names.__getitem__)
        if night.has_second:
            shared = [row["email"] for row in self.whole["lead"][:SHARED]]
            second = generic(crm.standing(self.crms["second"], night.loaded), shared)
            crm.write(self.raw / "generic", second, COLUMNS.__getitem__)

    def _first(self, night: Night) -> Tables:
        tables = crm.standing(self.whole, night.loaded)
        loaded = 1 + (night.loaded - self.plan.first).days
        for edit in self.edits:
            if edit.is_in_force(loaded):
                edit.apply(tables)
        return tables

    def diary(self) -> list[dict[str, Any]]:
        """What was written down of each night so far."""
        return list(self._entries())[::-1]

    def last_published(self) -> str | None:
        """The build of the last night that published, as written down."""
        builds = (one["build_id"] for one in self._entries() if one["status"] == PUBLISHED)
        return next(builds, None)

    def _entries(self) -> Iterator[dict[str, Any]]:
        """The newest first."""
        for file in sorted((self.folder / "diary").glob("night_*.json"), reverse=True):
            yield json.loads(file.read_text(encoding="utf-8"))

    def write(self, night: Night, told: dict[str, Any]) -> dict[str, Any]:
        """Write down a night that is over."""
        entry = {**asdict(night), "day": str(night.day), "loaded": str(night.loaded), **told}
        file = self.folder / "diary" / f"night_{night.number:03d}.json"
        part = file.with_suffix(".part")
        part.write_text(json.dumps(entry), encoding="utf-8")
        part.replace(file)
        return entry


def _defined(text: str, rule: Rule, day: str) -> str:
    for old, new in rule.replaced:
        if f"{old}\n" not in text:
            raise ValueError(f"seeds/definition/{rule.seed}.csv has no line {old}")
        text = text.replace(f"{old}\n", f"{new.format(day=day)}\n")
    return text + "".join(f"{line.format(day=day)}\n" for line in rule.added)

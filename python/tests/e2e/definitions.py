"""A project whose definitions changed meanwhile, to prove that each row has its day."""

from __future__ import annotations

import csv
import shutil
from datetime import date, timedelta
from pathlib import Path
from random import Random

from builds import ROOT
from oracle.rules import Rule

# What a definition row says, beside the value it is about.
MEANING = {
    "activity_rules": ["activity_class"],
    "call_outcomes": ["is_conversation"],
    "contact_roles": ["authority"],
    "disqualification_reasons": ["reason"],
    "icp_criteria": ["value"],
    "job_titles": ["authority", "match_order"],
    "lead_sources": ["source", "channel", "demand_type"],
    "lead_statuses": ["stage"],
    "noise_rules": ["noise_class"],
    "offers": ["intent"],
    "opportunity_stages": ["stage_order", "is_closed", "is_won"],
    "timeframes": ["months"],
    "utm_mediums": ["source"],
}
FIRST, DAYS = date(2026, 1, 20), 200


def changed_project(folder: Path, seed: int) -> Path:
    """A copy of the project in which a third of all definition rows ended on some day.

    About half of those have a successor from that day on that says something else. Some sources
    have another channel and demand type from a day on.
    """
    for name in ("models", "macros", "seeds", "tests"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(ROOT / name, folder / name)
    random = Random(seed)
    for table, columns in MEANING.items():
        _change(folder / "seeds" / "definition" / f"{table}.csv", columns, random)
    _redefine(folder / "seeds" / "definition" / "lead_sources.csv", random)
    return folder


def _change(path: Path, meaning: list[str], random: Random) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows: list[Rule] = list(csv.DictReader(file))
    result: list[Rule] = []
    for row in rows:
        if random.randrange(3):
            result.append(row)
            continue
        day = (FIRST + timedelta(days=random.randrange(DAYS))).isoformat()
        result.append(row | {"valid_to": day})
        if random.randrange(2):
            result.append(row | _successor(row, rows, meaning, random) | {"valid_from": day})
    _write(path, result)


def _redefine(path: Path, random: Random) -> None:
    """All rows of a source agree, so it changes in all of them on one day."""
    with path.open(encoding="utf-8", newline="") as file:
        rows: list[Rule] = list(csv.DictReader(file))
    sources = sorted({row["source"] for row in rows} - {"unknown"})
    changed = {}
    for source in random.sample(sources, len(sources) // 2):
        day = (FIRST + timedelta(days=random.randrange(DAYS))).isoformat()
        other = random.choice(rows)
        changed[source] = (day, {name: other[name] for name in ("channel", "demand_type")})
    result: list[Rule] = []
    for row in rows:
        day, meaning = changed.get(row["source"], ("", {}))
        begins_before = row["valid_from"] < day
        if begins_before:
            end = row["valid_to"]
            result.append(row | {"valid_to": min(end, day) if end else day})
        if not begins_before or not row["valid_to"] or row["valid_to"] > day:
            result.append(row | meaning | {"valid_from": max(row["valid_from"], day)})
    _write(path, result)


def _write(path: Path, rows: list[Rule]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _successor(row: Rule, rows: list[Rule], meaning: list[str], random: Random) -> Rule:
    """The meaning of another row of the table, under a rule id of its own."""
    other = random.choice(rows)
    changed = {column: other[column] for column in meaning}
    if "criterion" in row:
        # Served countries and industries must stay apart: Canada may become Nigeria, once.
        elsewhere = {"CA": "NG", "IE": "BR", "Software": "Mining", "Logistics": "Gardening"}
        changed = {"value": elsewhere.get(row["value"], row["value"])}
        if row["criterion"] == "employees":
            changed = {"value": str(int(row["value"]) + 150)}
    if "rule_id" in row:
        changed["rule_id"] = f"{row['rule_id']}_again"
    return changed

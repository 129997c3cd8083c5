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

    About half of those have a successor from that day on that says something else.
    """
    for name in ("models", "macros", "seeds", "tests"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(ROOT / name, folder / name)
    random = Random(seed)
    for table, columns in MEANING.items():
        _change(folder / "seeds" / "definition" / f"{table}.csv", columns, random)
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
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(result)


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

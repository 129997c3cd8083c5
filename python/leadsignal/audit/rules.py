"""The rules of the audit: read from rules.yml and sums.yml, tightened by a project's audit.yml."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from leadsignal.errors import UsageError

CRITICAL, WARNING = "critical", "warning"
OURS = ("rules.yml", "sums.yml")
THRESHOLDS = (
    "max_share",
    "min_share_of_previous",
    "months",
    "min_months",
    "min_cases",
    "deviations",
    "min_width",
)
FAULT_OF_THE_BUILD = (
    "This is a fault of the tables, not of the CRM: build with --full-refresh, and if it stays,"
    " report it with the ids in audit.html."
)


@dataclass(frozen=True)
class Rule:
    """One sentence about one table, and how it is checked (see rules.yml for the keys)."""

    id: str
    table: str
    severity: str
    sentence: str
    what_to_do: str = FAULT_OF_THE_BUILD
    among: str = "true"
    breaks: str = ""
    sets: Mapping[str, list[str]] = field(default_factory=dict)
    is_required: bool = False
    rates: Mapping[str, list[str]] = field(default_factory=dict)
    ratios: Mapping[str, list[str]] = field(default_factory=dict)
    facts: str = ""
    by: tuple[str, ...] = ()
    totals: Mapping[str, str] = field(default_factory=dict)
    measure: str = ""
    monthly: Mapping[str, Any] = field(default_factory=dict)
    limits: Mapping[str, float] = field(default_factory=dict)


def load(tightened: Path | None = None) -> tuple[Rule, ...]:
    """Every rule, critical ones first; `tightened` is a project's audit.yml.

    Raises UsageError, naming file and rule, when that file says something that cannot be meant.
    """
    rules = {rule.id: rule for name in OURS for rule in _ours(name)}
    for rule_id, wanted in _read(tightened).items() if tightened else ():
        if rule_id not in rules:
            near = get_close_matches(str(rule_id), rules, n=1)
            raise UsageError(
                f"{tightened}: there is no rule '{rule_id}'.",
                f"Did you mean '{near[0]}'?" if near else "docs/audit.md lists the rules.",
            )
        rules[rule_id] = _tighten(rules[rule_id], wanted, f"{tightened}: {rule_id}")
    return tuple(sorted(rules.values(), key=lambda rule: rule.severity != CRITICAL))


def _ours(name: str) -> Iterator[Rule]:
    for severity, tables in _read(Path(__file__).with_name(name)).items():
        for table, rules in tables.items():
            for rule_id, keys in rules.items():
                limits = {key: keys[key] for key in THRESHOLDS if key in keys}
                others = {key: value for key, value in keys.items() if key not in limits}
                others["by"] = tuple(others.get("by", ()))
                yield Rule(id=rule_id, table=table, severity=severity, limits=limits, **others)


def _tighten(rule: Rule, wanted: Any, where: str) -> Rule:
    """The rule with the severity, thresholds and words that a project wants."""
    if not isinstance(wanted, dict):
        raise UsageError(f"{where} is no list of settings.", "Write {severity: critical}.")
    allowed = ["severity", *rule.limits, *(["sets"] if rule.sets else [])]
    for key, value in wanted.items():
        if key not in allowed:
            raise UsageError(f"{where} has no setting '{key}'.", f"It has: {', '.join(allowed)}.")
        if key == "severity":
            rule = replace(rule, severity=_severity(rule, value, where))
        elif key == "sets":
            rule = replace(rule, sets={**rule.sets, **_words(rule, value, where)})
        else:
            rule = replace(rule, limits={**rule.limits, key: _threshold(key, value, where)})
    return rule


def _severity(rule: Rule, value: Any, where: str) -> str:
    if value not in (CRITICAL, WARNING):
        raise UsageError(f"{where}: severity '{value}' is unknown.", "Write critical or warning.")
    if rule.severity == CRITICAL and value == WARNING:
        raise UsageError(
            f"{where}: a critical rule stays critical, because a published number would be wrong.",
            "Take the line out.",
        )
    return str(value)


def _threshold(key: str, value: Any, where: str) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    highest = 1.0 if "share" in key else float("inf")
    if not is_number or not 0 <= value <= highest:
        upper = f"from 0 to {highest:.0f}" if highest == 1 else "of 0 or more"
        raise UsageError(f"{where}: {key} is '{value}'.", f"Write a number {upper}.")
    return float(value)


def _words(rule: Rule, value: Any, where: str) -> dict[str, list[str]]:
    """Words to add to the sets of a rule: column -> words. Ours stay allowed."""
    is_lists = isinstance(value, dict) and all(isinstance(words, list) for words in value.values())
    if not is_lists or not set(value) <= set(rule.sets):
        raise UsageError(
            f"{where}: sets is no list of words for each column.",
            f"Its columns are: {', '.join(rule.sets)}.",
        )
    return {column: [*rule.sets[column], *map(str, words)] for column, words in value.items()}


def _read(file: Path) -> dict[str, Any]:
    """The mapping in a YAML file; an empty file is an empty mapping."""
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UsageError(f"{file} cannot be read: {error}.", "Mend it and run again.") from error
    if not isinstance(content, dict):
        raise UsageError(f"{file} is no mapping of rules.", "Write `rule: {severity: critical}`.")
    return content

"""What came of an audit, for a machine and in words."""

from dataclasses import dataclass
from typing import Any

from leadsignal.audit import sql
from leadsignal.audit.evidence import Evidence
from leadsignal.audit.rules import CRITICAL, Rule

NOUNS = {
    **{"fct_leads": "leads", "fct_opportunities": "deals"},
    **{"crm_trust": "questions", "crm_freshness": "CRMs"},
}
"""What the rows of a table are called; of any other they are rows."""

SMALL_SAMPLE = 30
"""A share of fewer rows says so."""


@dataclass(frozen=True)
class RuleResult:
    """What came of one rule."""

    rule: Rule
    evidence: Evidence
    success: bool
    """The verdict of Great Expectations. A rule with nothing to judge holds."""

    @property
    def is_refusal(self) -> bool:
        """Whether nothing may be published because of it."""
        return not self.success and self.rule.severity == CRITICAL

    @property
    def failing_ids(self) -> tuple[str, ...]:
        """The first failing rows by name; none when what fails is the number of rows itself."""
        return self.evidence.ids

    @property
    def observed(self) -> str:
        """What was found, in words, with what is allowed."""
        found, limits = self.evidence, self.rule.limits
        if found.skipped:
            return found.skipped
        if self.rule.monthly:
            low, high = self._number(max(found.low or 0, 0)), self._number(found.high)
            return f"{self._number(found.value)}; usual is {low} to {high}"
        if "min_share_of_previous" in limits:
            return f"{self._number(found.value)}; at least {self._number(found.low)} are expected"
        if self.rule.measure:
            return f"{_percent(found.value)}; {_allowed(found.high)}"
        noun = NOUNS.get(sql.table_of(self.rule), "rows")
        counted = f"{found.failing:,} of {found.checked:,} {noun}"
        if not sql.is_share(self.rule) or not found.checked:
            return counted
        share = _percent(found.failing / found.checked)
        few = ", a small sample" if found.checked < SMALL_SAMPLE else ""
        return f"{counted} ({share}{few}); {_allowed(limits['max_share'])}"

    @property
    def line(self) -> str:
        """One line for a log: the rule, how badly it is broken, what to do."""
        rule = self.rule
        return f"{rule.sentence} Not so: {self.observed} [{rule.id}]. {rule.what_to_do}"

    def as_dict(self) -> dict[str, Any]:
        """For audit.json."""
        found = self.evidence
        return {
            "id": self.rule.id,
            "table": self.rule.table,
            "severity": self.rule.severity,
            "sentence": self.rule.sentence,
            "what_to_do": self.rule.what_to_do,
            "success": self.success,
            "skipped": found.skipped or None,
            "observed": self.observed,
            "observed_value": found.value if found.query else found.failing,
            "limits": dict(self.rule.limits),
            "checked_count": found.checked,
            "unexpected_count": found.failing,
            "failing_ids": list(self.failing_ids),
            "line": self.line if not self.success else None,
        }

    def _number(self, value: float | None) -> str:
        """A count as it is, a share in percent."""
        if value is None:
            return "unknown"
        is_count = self.rule.measure or "empty" in self.rule.monthly
        return f"{value:,.0f}" if is_count else _percent(value)


@dataclass(frozen=True)
class AuditResult:
    """What came of an audit."""

    build_id: str
    as_of: str
    """The moment the tables speak for (UTC), as ISO text."""
    results: tuple[RuleResult, ...]
    """One for each rule, critical ones first."""

    @property
    def refusals(self) -> tuple[RuleResult, ...]:
        """Broken critical rules: while there are any, nothing may be published."""
        return tuple(each for each in self.results if each.is_refusal)

    @property
    def warnings(self) -> tuple[RuleResult, ...]:
        """Broken rules that do not stand in the way of publishing."""
        return tuple(each for each in self.results if not each.success and not each.is_refusal)

    @property
    def skipped(self) -> tuple[RuleResult, ...]:
        """Rules with nothing to judge."""
        return tuple(each for each in self.results if each.evidence.skipped)

    @property
    def kept(self) -> tuple[RuleResult, ...]:
        """Rules that were judged and hold."""
        return tuple(each for each in self.results if each.success and not each.evidence.skipped)

    def as_dict(self) -> dict[str, Any]:
        """For audit.json. `success` says whether the set may be published."""
        return {
            "success": not self.refusals,
            "build_id": self.build_id,
            "as_of": self.as_of,
            "critical_failures": len(self.refusals),
            "warnings": len(self.warnings),
            "results": [each.as_dict() for each in self.results],
        }


def _percent(share: float | None) -> str:
    """A share in percent with one decimal, where it is needed."""
    return "unknown" if share is None else f"{share * 100:.1f}".removesuffix(".0") + "%"


def _allowed(share: float | None) -> str:
    return f"up to {_percent(share)} is allowed" if share else "none is allowed"

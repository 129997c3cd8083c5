"""The audit of one marts file: evidence by our own SQL, the verdict by Great Expectations."""

from pathlib import Path

from leadsignal import warehouse
from leadsignal.audit import evidence, expectations
from leadsignal.audit.result import AuditResult, RuleResult
from leadsignal.audit.rules import Rule


def judge(marts: Path, rules: tuple[Rule, ...], previous: Path | None = None) -> AuditResult:
    """What came of each rule, in the order of `rules`.

    Raises UsageError when the file is no set of marts, LeadsignalError when a rule cannot
    be judged.
    """
    found = evidence.gather(marts, rules, previous)
    kept = expectations.judge(marts, rules, found, previous)
    build_id, as_of = _publication(marts)
    return AuditResult(
        build_id=build_id,
        as_of=as_of,
        results=tuple(RuleResult(rule, found[rule.id], kept[rule.id]) for rule in rules),
    )


def _publication(marts: Path) -> tuple[str, str]:
    con = warehouse.open_published(marts)
    try:
        row = con.execute("select build_id, as_of from publication").fetchone()
    finally:
        con.close()
    return (str(row[0]), str(row[1])) if row else ("", "")

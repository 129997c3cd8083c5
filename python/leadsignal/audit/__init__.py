"""The audit between build and publish: what must be true before anybody reads the tables.

`run` judges a marts file by the rules of rules.yml and sums.yml and writes audit.json and
audit.html; `python -m leadsignal.audit` does it in a process of its own. docs/audit.md lists the
rules. Importing this package does not import Great Expectations; running the audit does.
"""

from pathlib import Path

from leadsignal.audit import report, rules
from leadsignal.audit.result import AuditResult

__all__ = ["AuditResult", "run"]

TIGHTENED = "audit.yml"
"""Name of the file in a project that tightens our rules."""


def run(
    marts: Path,
    out: Path,
    previous: Path | None = None,
    tightened: Path | None = None,
) -> AuditResult:
    """Judge the marts file and write `out`/audit.json and `out`/audit.html.

    `previous` is the file that is published now, `tightened` a project's audit.yml. Both files of
    tables are only read. The caller decides what a refusal means. Raises UsageError when a file
    cannot be read or is no set of marts, LeadsignalError when a rule cannot be judged.
    """
    from leadsignal.audit import judgement

    result = judgement.judge(marts, rules.load(tightened), previous)
    report.write(result, out)
    return result

"""audit.json for machines, audit.html for people.

The page is our own: the stock Data Docs put CRM text unescaped into HTML and load scripts from
other hosts. Here every value is escaped, and the page may load and run nothing.
"""

import json
from pathlib import Path

from leadsignal.audit.result import AuditResult
from leadsignal.errors import UsageError

TEMPLATE = "report.html.j2"


def write(result: AuditResult, out: Path) -> None:
    """Write `out`/audit.json and `out`/audit.html; `out` is made when missing.

    Raises UsageError when the folder cannot be written to.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        text = json.dumps(result.as_dict(), indent=2, ensure_ascii=False)
        (out / "audit.json").write_text(text + "\n", encoding="utf-8")
        (out / "audit.html").write_text(page(result), encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"The audit cannot be written to {out}: {error.strerror}.", "Name another folder."
        ) from error


def page(result: AuditResult) -> str:
    """The page for people, as HTML that needs nothing else."""
    from jinja2 import Environment, FileSystemLoader

    templates = FileSystemLoader(Path(__file__).parent)
    environment = Environment(
        loader=templates, autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template(TEMPLATE).render(result=result)

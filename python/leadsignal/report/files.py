"""Writing a report in one of its formats: the whole file, or none."""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from leadsignal.errors import UsageError
from leadsignal.printable import printable
from leadsignal.publish import replace
from leadsignal.report.content import Report

STDOUT = Path("-")
ANOTHER = "Name another file with --out."
PICTURES = ("pdf", "png")
"""Formats that a browser makes from the page."""


def text(report: Report, form: str) -> str:
    """The report as `html`, `md` or `json`."""
    return _TEXTS[form](report)


def write(report: Report, file: Path, form: str = "html") -> None:
    """Write the report to `file`, or to stdout where that is `-`.

    The file is made beside and moved into its place, so that a reader sees the old one or the new
    one. Raises UsageError where it cannot be written, or no browser is found for a pdf or png, and
    LeadsignalError where the browser fails.
    """
    if file == STDOUT:
        if form in PICTURES:
            raise UsageError(f"A {form} is not written to a terminal.", "Name a file with --out.")
        sys.stdout.write(printable(text(report, form)))
        return
    if file.is_dir():
        raise UsageError(f"The report cannot be written to {file}: it is a folder.", ANOTHER)
    try:
        # A browser may still be leaving its profile when all is done.
        with TemporaryDirectory(
            prefix=".report-", dir=file.parent, ignore_cleanup_errors=True
        ) as folder:
            made = Path(folder) / f"made.{form}"
            if form in PICTURES:
                _picture(report, made, form)
            else:
                made.write_text(text(report, form), encoding="utf-8")
            replace(made, file)
    except OSError as error:
        raise UsageError(
            f"The report cannot be written to {file}: {error.strerror}.", ANOTHER
        ) from error


def audited(file: Path, build_id: object) -> Mapping[str, Any] | None:
    """The audit.json of this build; None where there is none, or it is another build's."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    is_its_own = isinstance(found, dict) and found.get("build_id") == build_id
    return found if is_its_own else None


def _picture(report: Report, made: Path, form: str) -> None:
    from leadsignal.report import browser

    program = browser.find()
    page = made.with_name("report.html")
    page.write_text(text(report, "html"), encoding="utf-8")
    browser.draw(program, page, made, form)


def _html(report: Report) -> str:
    from leadsignal.report import page

    return page.html(report)


def _markdown(report: Report) -> str:
    from leadsignal.report.markdown import markdown

    return markdown(report)


def _json(report: Report) -> str:
    return json.dumps(report.to_dict(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


_TEXTS: Mapping[str, Callable[[Report], str]] = {"html": _html, "md": _markdown, "json": _json}

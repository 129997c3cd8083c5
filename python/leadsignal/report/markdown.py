"""The report as Markdown: the same words and tables, without pictures."""

import re
from collections.abc import Iterator

from leadsignal.printable import on_one_line
from leadsignal.report.content import Report, Table

MARKUP = re.compile(r"([\\`*_{}\[\]<>|#~$])")


def markdown(report: Report) -> str:
    """The whole report. What people typed is escaped, so that it can be nothing but text."""
    return "\n".join(_lines(report)).rstrip() + "\n"


def _lines(report: Report) -> Iterator[str]:
    head = report.headline
    yield f"# {head.title}"
    yield ""
    yield f"Measured {head.beside}. " + ", ".join(
        f"{escaped(label)} {escaped(value)}" for label, value in head.fresh
    )
    yield ""
    for warning in head.warnings:
        yield f"- Warning: {escaped(warning)}"
    yield ""
    for table in head.tables:
        yield from _table(table)
    yield "## The story"
    yield ""
    for paragraph in report.story:
        yield from (*(_told(line) for line in paragraph.splitlines()), "")
    for section in report.sections:
        yield from (f"## {section.title}", "")
        for words in section.words:
            yield from (escaped(words), "")
        for table in section.every_table:
            yield from _table(table)


def _told(line: str) -> str:
    """A line of the story, whose list items stay items."""
    return f"- {escaped(line[2:])}" if line.startswith("- ") else escaped(line)


def _table(table: Table) -> Iterator[str]:
    yield f"### {escaped(table.caption)}"
    yield ""
    yield f"| {' | '.join(escaped(column.label) for column in table.columns)} |"
    yield f"|{'|'.join('---:' if column.is_number else '---' for column in table.columns)}|"
    for row in table.rows:
        cells = (escaped(table.cell(row, column)) for column in table.columns)
        yield f"| {' | '.join(cells)} |"
    yield ""


def escaped(text: str) -> str:
    """Text on one line in which nothing is markup."""
    return MARKUP.sub(r"\\\1", on_one_line(text))

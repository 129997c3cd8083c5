"""dbt's failures as lines that a user can act on: what, where, what to do."""

import re
from pathlib import Path
from shlex import quote
from typing import Any

from leadsignal.discretion import CSV_FAULT, CSV_LOST, without_values

MEANINGS = {
    "not_null": "it has empty values",
    "unique": "it has values that occur more than once",
    "accepted_values": "it has values outside its closed list",
    "relationships": "it has values that the table it points at does not know",
}

_OR_SET = ", or set encoding in dbt_project.yml to that of the files"
_HEADING = re.compile(r"^(Compilation|Runtime|Database|Parsing|Validation) Error.*", re.IGNORECASE)
_BROKEN_FILE = re.compile(
    r"(?:GZIP stream: |[Ff]ile '|sniffing file \")"
    r"(?P<file>[^'\"\n]+\.(?:csv\.gz|csv|parquet))"
)
_NOT_ENCODED = re.compile(r"File is not (?P<encoding>[-\w]+) encoded")
_SQL_EXCERPT = re.compile(r"^\s*LINE \d+:.*", re.DOTALL | re.MULTILINE)
_TRACE = re.compile(r"^> (in macro|called by) ")


def of_node(node: dict[str, Any], work: Path) -> str:
    """One line for a failed node, as `dbt_child` tells of it, of a build in the folder `work`."""
    if node["kind"] == "unit_test":
        return (
            f"Unit test {node['name']} ({node['path']}) does not give the expected rows. "
            f"Run `dbt test --select {node['name']}` to see the difference."
        )
    if node["status"] == "fail":
        return _failed_test(node, work)
    fault = CSV_FAULT.search(node["message"] or "")
    if fault:
        reason = fault["reason"].strip().rstrip(".")
        place = f"{fault['file']}, line {fault['line']}: {reason}."
        return f"{place} Export it again as UTF-8 CSV{_OR_SET if 'unicode' in reason else ''}."
    endless = CSV_LOST.search(node["message"] or "")
    if endless:
        return (
            f"{endless['file']} has line ends of several kinds, or a carriage return inside a row. "
            "Export it again as UTF-8 CSV, with line breaks in quoted cells alone."
        )
    unlike = _NOT_ENCODED.search(node["message"] or "")
    if unlike:  # DuckDB does not say which file it is
        return (
            f"A CSV file that {node['name']} reads is not {unlike['encoding']}. "
            f"Export it again as UTF-8{_OR_SET}."
        )
    broken = _BROKEN_FILE.search(node["message"] or "")
    if broken:
        return (
            f"{broken['file']} is not what its name says, or broken. "
            "Export it again (CSV as UTF-8, with commas)."
        )
    text = plain(node["message"])
    if _is_said_by_macro(node["message"]):
        return text  # our own macros say what, where and what to do
    return f"{node['kind'].capitalize()} {node['name']} ({node['path']}): {text}"


def plain(message: str | None) -> str:
    """dbt's message without its headings, call trace, line breaks, and values of the data."""
    text = " ".join(_body(message)) or "dbt gave no reason"
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _body(message: str | None) -> list[str]:
    text = _SQL_EXCERPT.sub("", without_values(message or ""))
    lines = [line.strip() for line in text.splitlines()]
    return [line for line in lines if line and not _HEADING.match(line) and not _TRACE.match(line)]


def _is_said_by_macro(message: str | None) -> bool:
    """Whether our macro raised it: one line and a call trace. Jinja's own faults have more."""
    raised = any(_TRACE.match(line.strip()) for line in (message or "").splitlines())
    return raised and len(_body(message)) == 1 and "is undefined" not in (message or "")


def _failed_test(node: dict[str, Any], work: Path) -> str:
    rows = node["rows"] or 0
    column = f"{node['of']}.{node['column']}" if node["column"] else node["of"]
    meaning = node["description"] or MEANINGS.get(node["test"] or "", "")
    about = " ".join(f"{column}: {meaning}".split()).strip(": .") or node["path"]
    return (
        f"Test {node['name']} fails on {rows:,} row{'' if rows == 1 else 's'} ({about}). "
        f"Run `LEADSIGNAL_WORK={quote(str(work))} dbt show --select {node['name']}` to see them."
    )

"""Whether single cells are of their column's kind."""

import re
from collections.abc import Iterator
from datetime import date

from leadsignal.seeds.reading import Fault, Rows, shown
from leadsignal.seeds.rules import Column, Seed

DAY = "Write a day like 2026-10-31."
_WHOLE = re.compile(r"[+-]?\d{1,10}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?\d{1,29}(\.\d{1,30})?", re.ASCII)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INTEGERS = range(-(2**31), 2**31)
_SPREADSHEET_ERRORS = ("#REF!", "#NAME?", "#N/A", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!")


def faults(rows: Rows, seed: Seed) -> Iterator[Fault]:
    """A fault for each cell that is none of its column's."""
    for number, cells in rows.cells.items():
        for column in seed.columns:
            wrong = _wrong(column, cells[column.name])
            if wrong:
                yield Fault((number,), f"{column.name} {wrong[0]}.", wrong[1])


def day(text: str) -> date | None:
    """The day that the cell says, None where it says none."""
    if not _ISO.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def number(text: str) -> float | None:
    """The number that the cell says, None where it says none."""
    return float(text) if _DECIMAL.fullmatch(text) else None


def _wrong(column: Column, text: str) -> tuple[str, str] | None:
    """What is wrong with a cell, and what to do."""
    if not text.strip():
        if column.is_required:
            return "is empty", "Fill it, or remove the row."
        return ("is white space", "Clear the cell.") if text and column.kind != "text" else None
    if text.startswith("=") or text in _SPREADSHEET_ERRORS:
        return f"is the formula {shown(text)}", "Write its value."
    if column.kind == "text":
        if column.capitals and not re.fullmatch(f"[A-Z]{{{column.capitals}}}", text):
            return f"is {shown(text)}", f"Write {column.capitals} capital letters."
        most = column.most or len(text)
        return (f"has {len(text)} characters", f"At most {most}.") if len(text) > most else None
    if column.kind == "date":
        return None if day(text) else (f"is {shown(text)}, no day", DAY)
    if column.kind == "boolean":
        is_one = text.lower() in ("true", "false")
        return None if is_one else (f"is {shown(text)}, no yes or no", "Write true or false.")
    return _wrong_number(column, text)


def _wrong_number(column: Column, text: str) -> tuple[str, str] | None:
    is_whole = column.kind == "integer"
    form = _WHOLE if is_whole else _DECIMAL
    if not form.fullmatch(text) or (is_whole and int(text) not in _INTEGERS):
        like = "a whole number like 12" if is_whole else "a number like 0.25"
        return f"is {shown(text)}, no {'whole ' if is_whole else ''}number", f"Write {like}."
    if column.at_least is not None and float(text) < column.at_least:
        return f"is {shown(text)}", f"Write {column.at_least} or more."
    return None

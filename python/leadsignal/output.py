"""Writing a table of numbers to stdout: aligned text, CSV, JSON or an Arrow stream."""

import json
import sys
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from leadsignal.printable import on_one_line

EMPTY = "-"
FORMULA = r"^[=+\-@\t\r\n\x{ff1d}\x{ff0b}\x{ff0d}\x{ff20}]"
"""Text that begins so is run by a spreadsheet that opens the CSV; the last four are wide forms."""
CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x{80}-\x{9f}]"
"""What a terminal would obey."""


def write(table: pa.Table, form: str) -> None:
    """Write the table to stdout as `table`, `csv`, `json` (a list of records) or `arrow`.

    In CSV, text that a spreadsheet would run as a formula gets an apostrophe in front, and control
    characters are shown as U+FFFD; so they are in a `table`.
    """
    if form == "csv":
        pyarrow.csv.write_csv(_inert(table), sys.stdout.buffer)
    elif form == "arrow":
        with pa.ipc.new_stream(sys.stdout.buffer, table.schema) as stream:
            stream.write_table(table)
    elif form == "json":
        print(json.dumps(table.to_pylist(), default=_json_value, indent=2))
    else:
        print(aligned(table))
    sys.stdout.flush()


def _inert(table: pa.Table) -> pa.Table:
    """The table with text that is nothing but text, to spreadsheets and to terminals."""
    for place, field in enumerate(table.schema):
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
            column = pc.replace_substring_regex(table.column(place), CONTROL, "\ufffd")
            marked = pc.binary_join_element_wise("'", column, "")
            harmless = pc.if_else(pc.match_substring_regex(column, FORMULA), marked, column)
            table = table.set_column(place, field, harmless)
    return table


def aligned(table: pa.Table) -> str:
    """The table as text: numbers to the right, an empty value as a dash."""
    rows = [[_cell(value) for value in row.values()] for row in table.to_pylist()]
    lines = [list(table.column_names), *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    right = [_is_number(field.type) for field in table.schema]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(line, widths, right, strict=True)
        ).rstrip()
        for line in lines
    )


def _is_number(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    )


def _cell(value: Any) -> str:
    if value is None:
        return EMPTY
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float | Decimal):
        return f"{value:,.3f}".rstrip("0").rstrip(".")
    return on_one_line(str(value))


def _json_value(value: Any) -> str | float:
    """Types that JSON has no word for: moments as ISO text, decimals as numbers."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return str(value)

"""A CSV file of definitions as rows with the numbers that a spreadsheet shows."""

import csv
import difflib
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from leadsignal.seeds.rules import Seed

AS_CSV = "Save it as CSV UTF-8 with commas."
_MARKS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_LONGEST = 40
_QUOTED = re.compile(r'(?<![^,\n])"(?:[^"]|"")*"(?=[,\r\n]|$)')
_BLANK_BEFORE_QUOTE = re.compile(r'(?:^|,)[ \t]+"', re.MULTILINE)


@dataclass(frozen=True)
class Fault:
    """What is wrong with some rows of a seed, and what to do."""

    rows: tuple[int, ...]
    """As a spreadsheet numbers them: the header is row 1; none: the file itself."""
    what: str
    hint: str


@dataclass
class Rows:
    """The rows that have as many cells as the header, each with its number, and what is wrong."""

    cells: dict[int, dict[str, str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def read(file: Path, seed: Seed) -> Rows:
    """The rows of the file. With a header that is wrong there are none."""
    found = Rows()
    try:
        text = _text(file)
        lines = list(_records(text))
    except _Unreadable as error:
        found.faults.append(error.fault)
        return found
    if not lines:
        found.faults.append(Fault((), "it is empty.", f"It needs the header {_header(seed)}."))
        return found
    header = lines[0]
    found.faults += _faults_of_header(header, seed)
    if found.faults:
        return found
    for number, cells in enumerate(lines[1:], 2):
        if not any(cell.strip() for cell in cells):
            found.faults.append(Fault((number,), "the row is blank.", "Remove it."))
        elif len(cells) != len(header):
            found.faults.append(
                Fault(
                    (number,),
                    f"it has {len(cells)} cells, the header has {len(header)}.",
                    "Look for a missing comma, or quote a cell that has one in it.",
                )
            )
        else:
            found.cells[number] = dict(zip(header, cells, strict=True))
    return found


class _Unreadable(Exception):
    def __init__(self, rows: tuple[int, ...], what: str, hint: str) -> None:
        super().__init__(what)
        self.fault = Fault(rows, what, hint)


def _text(file: Path) -> str:
    try:
        content = file.read_bytes()
    except FileNotFoundError as error:
        raise _Unreadable(
            (), "there is no such file.", "Take it from the project's repository."
        ) from error
    except OSError as error:
        raise _Unreadable((), f"it cannot be read: {error.strerror}.", "See to it.") from error
    if content.startswith(_UTF_16):
        raise _Unreadable((), "it is UTF-16, not UTF-8.", AS_CSV)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise _Unreadable((row,), "it has characters that are not UTF-8.", AS_CSV) from error
    outside = _QUOTED.sub(lambda cell: "\n" * cell[0].count("\n"), text)
    if blank := _BLANK_BEFORE_QUOTE.search(outside):
        row = outside.count("\n", 0, blank.end()) + 1
        raise _Unreadable((row,), "it has a blank before a quote.", "Remove the blank.")
    ends = Counter(re.findall(r"\r\n|\r|\n", _QUOTED.sub("", text)))
    if len(ends) > 1:
        raise _Unreadable((), "its lines end in two ways (of LF, CRLF and CR).", AS_CSV)
    if "\0" in text:
        row = text.count("\n", 0, text.index("\0")) + 1
        raise _Unreadable((row,), "it has a NUL character.", AS_CSV)
    return text


def _records(text: str) -> Iterator[list[str]]:
    number = 0
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), 1):  # noqa: B007 (of the error)
            yield cells
    except csv.Error as error:
        raise _Unreadable(
            (number + 1,),
            f"it is no CSV ({error}).",
            'Put a cell with commas or quotes between "quotes", each quote in it doubled.',
        ) from error


def _header(seed: Seed) -> str:
    return ",".join(column.name for column in seed.columns)


def _faults_of_header(header: list[str], seed: Seed) -> Iterator[Fault]:
    wanted = [column.name for column in seed.columns]
    for mark, name in _MARKS.items():
        if len(header) == 1 and mark in header[0]:
            yield Fault((1,), f"it is separated by {name}.", AS_CSV)
            return
    for name, count in Counter(header).items():
        if count > 1:
            yield Fault((1,), f"the column {shown(name)} stands {count} times.", "Keep one.")
        elif name not in wanted:
            near = difflib.get_close_matches(
                name, [one for one in wanted if one not in header], n=1
            )
            hint = f"Did you mean {near[0]}?" if near else f"The columns are {_header(seed)}."
            yield Fault((1,), f"there is no column {shown(name)}.", hint)
    missing = [name for name in wanted if name not in header]
    if missing:
        columns = "column" if len(missing) == 1 else "columns"
        yield Fault(
            (1,),
            f"the {columns} {', '.join(missing)} are missing."
            if missing[1:]
            else f"the column {missing[0]} is missing.",
            f"The columns are {_header(seed)}.",
        )


def shown(value: str) -> str:
    """A cell between quotes, on one line and not too long; what cannot be seen is written out."""
    text = value if len(value) <= _LONGEST else f"{value[: _LONGEST - 1]}…"
    return f"'{''.join(one if one.isprintable() else ascii(one)[1:-1] for one in text)}'"

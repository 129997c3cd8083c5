"""Text of a raw cell to a value; what can't be read is None."""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import date, datetime, timedelta
from hashlib import md5
from math import isfinite

ISO = re.compile(
    r"(\d{4})(?=/|-\d{1,2}-)[-/](\d{1,2})[-/](\d{1,2})"
    r"(?:[T ](\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d*))?)?"
    r" ?(Z|(?<= )UTC|[+-]\d{2}(?::?\d{2})?)?)?",
    re.ASCII,
)
EPOCH = re.compile(r"(\d{12,14})(\.0+)?", re.ASCII)
US = re.compile(
    r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})(?:,? +(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?(?: *([AP]M))?)?",
    re.ASCII,
)
EMAIL = re.compile(r"[^ @]@[^ @]+\.[^ @.0-9]")
HIDDEN_EMAIL = re.compile(r"[^ ](\uff20|%40)[^ ]+\.[^ .0-9]")
PHONES = (
    re.compile(r"\+\d[\d \xa0()./-]{5,}\d", re.ASCII),
    re.compile(r"(?<![0-9A-Za-z])00[1-9]\d{0,2}[ \xa0][\d \xa0()-]{6,}\d", re.ASCII),
    re.compile(r"(?<![0-9A-Za-z])\(?0\d{2,5}\)?[ /-]?\d{3}([ -]?\d){3,}", re.ASCII),
    re.compile(r"(?<!\d)0[1-9]([ .-]\d\d){4}(?!\d)", re.ASCII),
    re.compile(r"(?<!\d)\(?\d{3}(\) ?|\)?[ .-]{1,2})\d{3}[ .-]\d{4}(?!\d)", re.ASCII),
)
LONGEST_NAME = 255
WHITE = " \t\r\n"
FIRST, LAST = datetime(2, 1, 1), datetime(9999, 12, 31)
PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
ENGLISH = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)
CONTINENTAL = re.compile(r"-?((\d{1,3}(\.\d{3})+|\d+),\d{1,2}|\d{1,3}(\.\d{3}){2,})", re.ASCII)
CENTS = re.compile(r"-?\d+(\.(\d{1,2}|\d{4,}))?", re.ASCII)
MONTH = re.compile(
    r"(?P<year>\d{4})(?:[-/](?=\d)|(?=\d\d$))(?P<month>\d{1,2})"
    r"|(?P<first>\d{1,2})[-/](?P<last>\d{4})",
    re.ASCII,
)
SECONDS = re.compile(r"\d{10}\.\d+", re.ASCII)
NO_IDS = ("0" * 15, "0" * 15 + "AAA", "null", "NULL", "Null", "none", "None", "nan", "NaN")
NO_IDS += ("n/a", "N/A", "<NA>", "#N/A", "NaT", "(null)", "undefined", "-", "--")
WRITTEN_FOR_NOTHING = ("\\N", "NULL", "null", "NaN", "nan", "<NA>")
UNPICKED = ("select", "--none--", "-- select --", "please select", "select...", "null", "nan")


def text(cell: str | None) -> str | None:
    """The trimmed text; an empty cell, or what a tool writes for one, is None."""
    return None if cell in WRITTEN_FOR_NOTHING else (cell or "").strip(WHITE) or None


def picked(cell: str | None) -> str | None:
    """The text of a picklist; what a form shows before a pick, or a loader for nothing, is None."""
    return None if key(cell) in UNPICKED else label(cell)


def label(cell: str | None) -> str | None:
    """The name of something; what can be none is told by its kind alone."""
    found = text(cell)
    if found is None or found == (company(cell) or ""):
        return found
    if EMAIL.search(found) or HIDDEN_EMAIL.search(found):
        return "(e-mail address)"
    return "(phone number)" if any(one.search(found) for one in PHONES) else "(long text)"


def named(cell: str | None) -> str | None:
    """The same; what tools write where there is none is None."""
    return None if text(cell) in NO_IDS else label(cell)


def company(cell: str | None) -> str | None:
    """The name of a company; None for what can be none."""
    found = text(cell) or ""
    is_personal = any(one.search(found) for one in (EMAIL, HIDDEN_EMAIL, *PHONES))
    return None if is_personal or len(found) > LONGEST_NAME else found or None


def pseudonym(of: str) -> str:
    """An id in the place of an address."""
    return f"id-{md5(of.encode(), usedforsecurity=False).hexdigest()[:16]}"


def items(cell: str | None) -> list[str]:
    """The items of a list written with ; or , or as JSON: quotes and blanks trimmed, none empty."""
    plain = (cell or "").strip().removeprefix("[").removesuffix("]")
    found = [part.strip().strip("\"'").strip() for part in re.split(r"[;,]", plain)]
    return [re.sub(r"^(\d+)\.0+$", r"\1", part) for part in found if part]


def bare(name: str | None) -> str:
    """Only the letters and digits of a name, in lower case."""
    return "".join(letter for letter in (name or "").lower() if letter.isalnum())


def typed_email(cell: str | None) -> str | None:
    """The e-mail among the answers of a form, a JSON list of names and values."""
    answers = json.loads(cell) if cell and text(cell) else []
    typed = [answer.get("value") for answer in answers if key(answer.get("name")) == "email"]
    return next((key(value) for value in typed if value), None)


def identifier(cell: str | None) -> str | None:
    """An id; a number that lost its way through a float is 201, an address has a pseudonym."""
    found = text(cell)
    if found in NO_IDS:
        return None
    if found and EMAIL.search(found):
        return pseudonym(found)
    return re.sub(r"^(\d+)\.0+$", r"\1", found) if found else None


def record_kind(cell: str | None) -> str | None:
    """lead or opportunity, whatever word the export has for it; another word as it is."""
    words_for = {"leads": "lead", "opportunities": "opportunity", "deal": "opportunity"}
    word = key(cell)
    return words_for.get(word.replace("deals", "deal"), word) or None


def key(value: str | None) -> str:
    """How raw values are compared: trimmed and lower case."""
    return (value or "").strip(WHITE).lower()


def words(value: str | None) -> str:
    """Lower-case words between single blanks, with a blank at both ends, to look phrases up in."""
    kept = "".join(letter if letter.isalnum() else " " for letter in (value or "").lower())
    return f" {' '.join(kept.split())} "


def says_nothing(value: str | None) -> bool:
    """Empty, or one of the texts that stand for that."""
    found = words(value).strip()
    nothing = ("", "n a", "na", "nan", "none", "null", "unknown", "tbd")
    return len(value or "") < 20 and found in (
        *nothing,
        "not available",
        "not applicable",
        "not specified",
    )


def flag(cell: str | None) -> bool | None:
    """True, False or None for neither."""
    value = key(cell)
    if value in ("true", "t", "yes", "y", "1", "1.0"):
        return True
    return False if value in ("false", "f", "no", "n", "0", "0.0") else None


def number(cell: str | None) -> float | None:
    """A plain number, or money: English or continental where only one of both is possible."""
    found = (cell or "").strip(WHITE)
    if not PLAIN.fullmatch(found):
        found = "".join(one for one in found if not _is_left_out(one))
        found = re.sub(r"^([(-]?)[A-Z]{2,3}", r"\1", found)
        found = re.sub(r"(EUR|USD|GBP|CHF)(\)?)$", r"\2", found)
        if inner := re.fullmatch(r"\((.+)\)", found):
            found = f"-{inner[1]}"
        if ENGLISH.fullmatch(found):
            found = found.replace(",", "")
        elif CONTINENTAL.fullmatch(found):
            found = found.replace(".", "").replace(",", ".")
        elif not CENTS.fullmatch(found):
            return None
    value = float(found)
    return value if isfinite(value) else None


def _is_left_out(letter: str) -> bool:
    return letter in "\t\n\r\f'" or unicodedata.category(letter) in ("Zs", "Zl", "Zp", "Sc")


def time(cell: str | None) -> datetime | None:
    """A moment in UTC without zone; a value that is only a date is that day at 00:00:00."""
    value = (cell or "").strip(WHITE)
    try:
        if found := ISO.fullmatch(value):
            moment = _iso(found)
            return moment if FIRST <= moment <= LAST else None
        if found := EPOCH.fullmatch(value):
            return datetime(1970, 1, 1) + timedelta(milliseconds=int(found[1]))
        if SECONDS.fullmatch(value):
            return datetime(1970, 1, 1) + timedelta(microseconds=round(float(value) * 1e6))
        if found := US.fullmatch(value.upper()):
            moment = _american(found)
            return moment if FIRST <= moment <= LAST else None
    except (ValueError, OverflowError):
        return None
    return None


def is_only_a_day(cell: str | None) -> bool:
    """A date that is written without a time."""
    value = (cell or "").strip(WHITE)
    return len(value) <= len("2026-10-31") and " " not in value


def day(cell: str | None) -> date | None:
    """The date of a moment."""
    moment = time(cell)
    return None if moment is None else moment.date()


def load_time(cell: str | None) -> datetime | None:
    """When dlt loaded a row: seconds since 1970, with a fraction."""
    seconds = number(cell)
    return None if seconds is None else datetime(1970, 1, 1) + timedelta(seconds=seconds)


def month(cell: str | None) -> date | None:
    """The first day of the month of a date, or of a month alone (2026-03)."""
    value = (cell or "").strip()
    if alone := MONTH.fullmatch(value):
        year, number = alone["year"] or alone["last"], alone["month"] or alone["first"]
        value = f"{year}-{number}-01"
    found = day(value)
    return found and found.replace(day=1)


def _iso(found: re.Match[str]) -> datetime:
    year, month, day_, hour, minute, second, fraction, offset = found.groups()
    micros = int((fraction or "0").ljust(6, "0")[:6])
    hours, minutes, seconds = int(hour or 0), int(minute or 0), int(second or 0)
    is_midnight = hours == 24 and minutes == seconds == micros == 0  # that of the next day
    moment = datetime(
        int(year), int(month), int(day_), 0 if is_midnight else hours, minutes, seconds, micros
    ) + timedelta(days=is_midnight)
    if offset in (None, "Z", "UTC"):
        return moment
    digits = offset[1:].replace(":", "").ljust(4, "0")
    shift = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return moment - shift if offset[0] == "+" else moment + shift


def _american(found: re.Match[str]) -> datetime:
    month, day_, year, hour, minute, second, half = found.groups()
    full_year = int(year) if len(year) == 4 else int(year) + (1900 if int(year) >= 69 else 2000)
    hours = int(hour or 0)
    if half:
        if not 1 <= hours <= 12:
            raise ValueError("no such hour on a clock of twelve")
        hours = hours % 12 + (12 if half == "PM" else 0)
    return datetime(full_year, int(month), int(day_), hours, int(minute or 0), int(second or 0))

"""What each setting below `vars` in dbt_project.yml may be."""

import difflib
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from zoneinfo import available_timezones

from leadsignal import currencies
from leadsignal.errors import UsageError

ENCODINGS = {"utf-8": "utf-8-sig", "latin-1": "iso8859-1", "utf-16": "utf-16"}
"""Encodings of raw CSV files, with Python's name of each."""
_SPELLINGS = {
    **{"utf8": "utf-8", "utf8sig": "utf-8", "ascii": "utf-8"},
    **{"latin1": "latin-1", "iso88591": "latin-1"},
    **{"utf16": "utf-16", "utf16le": "utf-16"},
}
_CENTURY = 36_525
_BY_CRM = ("_schema", "_database", "_fields")
"""Ends of settings that there are for each CRM or layout."""


def check(variables: Mapping[str, Any], place: str) -> None:
    """Raises UsageError, a line for each setting that is unknown or cannot be what it is.

    `place` is named in the lines.
    """
    wrong = [line for name, value in variables.items() if (line := _wrong(name, value, place))]
    starts, ends = (variables.get(f"business_day_{word}") for word in ("starts", "ends"))
    if not wrong and isinstance(starts, int) and isinstance(ends, int) and starts >= ends:
        wrong = [
            f"business_day_ends in {place} is {ends}, and business_day_starts {starts}."
            " Let the day end after it starts."
        ]
    if wrong:
        raise UsageError(wrong[0], more=tuple(wrong[1:]))


def encoding(wanted: object) -> str | None:
    """The key of ENCODINGS that is meant; None where none is."""
    plain = str(wanted or "utf-8").lower().translate({ord(mark): None for mark in "-_ "})
    return _SPELLINGS.get(plain)


def time_zones() -> set[str]:
    """The names of the zones that Python, dbt and the homes know."""
    return available_timezones() - {"Factory", "localtime"}


def _wrong(name: object, value: object, place: str) -> str:
    """What is wrong with a setting and what to do, in one line; empty for nothing."""
    if not isinstance(name, str) or (name not in _HINTS and not name.endswith(_BY_CRM)):
        near = difflib.get_close_matches(str(name), _HINTS, n=1)
        hint = (
            f"Did you mean {near[0]}?" if near else "Remove it, or see README.md for their names."
        )
        return f"There is no setting '{name}' in {place}. {hint}"
    hint = _hint(name)(value)
    if not hint:
        return ""
    said = "empty" if value is None else f"'{' '.join(str(value).split())[:60]}'"
    return f"{name} in {place} is {said}. {hint}"


Hint = Callable[[object], str]
"""What to write instead of a value; empty where it can be that."""


def _hint(name: str) -> Hint:
    return _HINTS.get(name) or (_names_of_fields if name.endswith("_fields") else _text)


def _number(value: object, *, most: float, is_whole: bool = True) -> str:
    kinds = (int,) if is_whole else (int, float)
    # Of the very type: true is an int to Python.
    if isinstance(value, int | float) and type(value) in kinds and 0 <= value <= most:
        return ""
    return f"Write a {'whole number' if is_whole else 'number'} from 0 to {most}."


def _text(value: object) -> str:
    return "" if isinstance(value, str) and value.strip() else "Write a text."


def _day(value: object) -> str:
    return "Write a day such as 2026-10-31." if isinstance(value, bool | list | dict) else ""


def _flag(value: object) -> str:
    return "" if isinstance(value, bool) else "Write true or false."


def _zone(value: object) -> str:
    is_known = isinstance(value, str) and value in time_zones()
    return "" if is_known else "Write a name such as Europe/Dublin."


def _currency(value: object) -> str:
    if isinstance(value, str) and currencies.is_known(value):
        return ""
    return "Write the ISO code of a currency, such as EUR."


def _encoding(value: object) -> str:
    if (value is None or isinstance(value, str)) and encoding(value):
        return ""
    return "Use utf-8, latin-1 (ISO-8859-1) or utf-16, and export the files as one of these."


def _list(value: object) -> str:
    if value is None or (isinstance(value, list) and all(isinstance(one, str) for one in value)):
        return ""
    return "Write a list of names, such as [leadsignal_bi]."


def _names_of_fields(value: object) -> str:
    if value is None or _is_mapping(value):
        return ""
    return "Write a mapping of names, such as {pain_c: Main_Challenge__c}."


def _crms(value: object) -> str:
    if value is None or isinstance(value, str) or _is_mapping(value) or not _list(value):
        return ""
    return "Write a mapping such as {salesforce: salesforce}, a list of names, or {} for all."


def _is_mapping(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(one, str) and one for pair in value.items() for one in pair
    )


def _anything(value: object) -> str:
    return ""


_days = partial(_number, most=_CENTURY)
_HINTS: dict[str, Hint] = {
    "contract_version": _text,
    "crms": _crms,
    "readers": _list,
    "raw_path": _text,
    "raw_described": _anything,
    "encoding": _encoding,
    "as_of": _day,
    "reporting_timezone": _zone,
    "reporting_currency": _currency,
    "max_timeframe_months": partial(_number, most=1200),
    "min_dimensions_passed": partial(_number, most=5),
    "leak_days": _days,
    "min_attempts": partial(_number, most=1000),
    "follow_up_sla_hours": partial(_number, most=24 * _CENTURY),
    "business_day_starts": partial(_number, most=24),
    "business_day_ends": partial(_number, most=24),
    "conversion_horizon_days": _days,
    "strong_pipeline_min_criteria": partial(_number, most=6),
    "active_days": _days,
    "merge_plus_addresses": _flag,
    "account_link_days": _days,
    "max_pairs_of_a_company": partial(_number, most=1_000_000_000),
    "min_sample": partial(_number, most=1_000_000),
    "stale_after_days": _days,
    "retention_months": partial(_number, most=1200),
    "email_hash": _flag,
    "min_answerable": partial(_number, most=1, is_whole=False),
    # For one run of dbt alone.
    **dict.fromkeys(("contracts", "column_comments"), _flag),
    **dict.fromkeys(("earlier", "later", "lead_id"), _text),
}

"""What a database says went wrong, without the values that it quotes: those may be of persons.

Where a value does not suit, the kind of error, the type that was wanted and the column are all that
is kept of DuckDB's message. Errors of the SQL itself quote names of our own, and stay.
"""

import re

UNTOLD = "what it was is not told"

CSV_FAULT = re.compile(
    r"CSV Error on Line: (?P<line>\d+).*\n\s*(?P<reason>(?!Possible)\S[^\n]*)\n"
    r"\s*Possible (?:fixes|[Ss]olutions?).*\n\s*file = (?P<file>[^\n]+)",
    re.DOTALL,
)
"""A row of a CSV file that cannot be read; DuckDB quotes it between the first two of these."""
CSV_LOST = re.compile(r"CSV Parser state machine.*?\n\s*file = (?P<file>[^\n]+)", re.DOTALL)
"""A CSV file whose rows do not end as they begin."""
_VALUE_FAULT = re.compile(
    r"\b(?P<kind>(?:Conversion|Invalid Input|Out of Range|Constraint|Mismatch Type|Invalid Type"
    r"|Invalid) Error): (?P<text>.*)",
    re.DOTALL,
)
_SQL_EXCERPT = re.compile(r"\n\s*LINE \d+:.*", re.DOTALL)
_HARMLESS = re.compile(
    r"NOT NULL constraint failed: \w+\.\w+|More than one row returned by a subquery[^\n]*"
    r"|File '[^'\n]+' too small to be a Parquet file|No magic bytes found at end of file '[^'\n]+'"
    r"|File is not [-\w]+ encoded"
)
_TYPE = re.compile(
    r"\bto '?(U?(?:TINY|SMALL|BIG|HUGE)INT|U?INTEGER|U?INT(?:8|16|32|64|128)|FLOAT|DOUBLE|DECIMAL"
    r"|BOOL(?:EAN)?|DATE|TIME|TIMESTAMP|INTERVAL|UUID)\b|\binvalid (date|timestamp|time) field"
)
_COLUMN = re.compile(r"\b(?:source column|converting column) \"?(\w+)\b(?!@)")
_SERVER_FAULT = re.compile(
    r"\binvalid input|\bout of range|\bmalformed|\bduplicate key|\[[A-Z_.]+\]"
)
_SERVER_VALUE = re.compile(r"(: |\bvalue )([\"']).*\2", re.DOTALL | re.IGNORECASE)
_SERVER_CONTEXT = re.compile(r"\n\s*(?:LINE \d+|== SQL).*", re.DOTALL)
_SERVER_ROW = re.compile(r"\n\s*(?:DETAIL|CONTEXT):.*", re.DOTALL)
"""Whatever the error: the row that was refused, or that was being read."""


def without_values(message: str) -> str:
    """The message of a database, or one that has it at its end, without values of the data."""
    message = _SERVER_ROW.sub("", message)
    unread = CSV_FAULT.search(message)
    if unread:
        line, reason, file = unread.group("line", "reason", "file")
        return f"CSV Error on Line: {line}\n{reason}\nPossible fixes: none\nfile = {file}"
    lost = CSV_LOST.search(message)
    if lost:
        return f"CSV Parser state machine\nfile = {lost['file']}"
    fault = _VALUE_FAULT.search(message)
    if fault:
        return f"{message[: fault.start()]}{fault['kind']}: {_told(fault['text'])}"
    if _SERVER_FAULT.search(message):
        return _SERVER_VALUE.sub(r"\1\2…\2", _SERVER_CONTEXT.sub("", message))
    return message


def _told(text: str) -> str:
    if UNTOLD in text:
        return text
    text = _SQL_EXCERPT.sub("", text)
    harmless = _HARMLESS.match(text)
    if harmless:
        return harmless[0]
    wanted, columns = _TYPE.findall(text), _COLUMN.findall(text)
    kind = f" as {''.join(wanted[-1])}" if wanted else ""
    place = f" in column {columns[-1]}" if columns else ""
    return f"a value{place} cannot be used{kind}; {UNTOLD}"

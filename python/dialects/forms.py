"""Forms of SQL that only some warehouses know: what a parser lets through or misreads."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dialects.lexing import Token

DIALECTS = SNOWFLAKE, BIGQUERY, REDSHIFT, TRINO = "snowflake", "bigquery", "redshift", "trino"


@dataclass(frozen=True)
class Form:
    """A form, told by a pattern over the tokens, and the dialects that do not know it."""

    what: str
    pattern: re.Pattern[str]
    unknown_to: tuple[str, ...]


def _form(what: str, pattern: str, *unknown_to: str) -> Form:
    return Form(what, re.compile(pattern), unknown_to)


# The patterns see the tokens of a statement, each between two spaces.
FORMS = [
    _form("value::type", r" :: ", BIGQUERY, TRINO),
    _form("filter (where ...)", r" \) filter \( where ", SNOWFLAKE, BIGQUERY, REDSHIFT),
    _form("qualify", r" qualify ", TRINO),
    _form("distinct on", r" distinct on \(", *DIALECTS),
    _form("at time zone", r" at time zone ", SNOWFLAKE, BIGQUERY),
    _form("within group", r" within group ", BIGQUERY),
    _form("interval '3' day", r" interval '[^' ]*' [a-z]", SNOWFLAKE, BIGQUERY),
    _form("interval '3 days'", r" interval '[^']+ [^']+' ", BIGQUERY, TRINO),
    _form("interval 3 day", r" interval (?:- )?\d+ [a-z]", SNOWFLAKE, REDSHIFT, TRINO),
    _form("values as a relation", r" \( values \(", BIGQUERY, REDSHIFT),
    _form("a CTE of values", r" as \( values \(", *DIALECTS),
    _form("is distinct from", r" is (?:not )?distinct from ", REDSHIFT),
    _form("trim(both ... from ...)", r" trim \( (?:both|leading|trailing) ", SNOWFLAKE, BIGQUERY),
    _form(
        "union without all or distinct",
        r" (?:union|except|intersect) (?!all |distinct |\()",
        BIGQUERY,
    ),
    _form("union distinct", r" (?:union|except|intersect) distinct ", SNOWFLAKE, REDSHIFT),
    _form("extract(isodow ...)", r" extract \( isodow ", *DIALECTS),
    _form("extract(epoch ...)", r" extract \( epoch ", BIGQUERY, TRINO),
    _form("date_trunc('part', value)", r" date_trunc \( '", BIGQUERY),
    _form("date_trunc(value, part)", r" date_trunc \( (?!')", SNOWFLAKE, REDSHIFT, TRINO),
    _form("lambda", r" (?:lambda|->) ", SNOWFLAKE, BIGQUERY, REDSHIFT),
    _form("r'text'", r" r'", SNOWFLAKE, REDSHIFT, TRINO),
    _form("a flag after a regular expression", r" , '[gi]' \)", *DIALECTS),
    _form("lateral view", r" lateral view ", *DIALECTS),
    _form("group by all", r" group by all ", REDSHIFT, TRINO),
    _form("an operator on bits or patterns", r" (?:<<|>>|~|#) ", *DIALECTS),
    _form("relation as alias (columns)", r" \) as [a-z_]+ \( [a-z_]+ (?:, [a-z_]+ )*\) ", BIGQUERY),
    _form(
        "with name (columns) as",
        r" (?:with|recursive|,) [a-z_]+ \( [a-z_]+ (?:, [a-z_]+ )*\) as \( ",
        BIGQUERY,
    ),
    _form("lateral", r" lateral (?!flatten )", BIGQUERY, REDSHIFT, TRINO),
]

# Window functions that take no frame.
_RANKING = frozenset(
    ("row_number", "rank", "dense_rank", "ntile", "lag", "lead", "percent_rank", "cume_dist")
)


def unknown_forms(found: list[Token], dialect: str) -> Iterator[tuple[str, int]]:
    """What `dialect` does not know of a statement, and the lines where it stands."""
    starts, length = [], 1
    for token in found:
        starts.append(length)
        length += len(token.text) + 1
    spelled = " " + "".join(token.text + " " for token in found)
    for form in FORMS:
        if dialect in form.unknown_to:
            for match in form.pattern.finditer(spelled):
                place = next(
                    n for n in range(len(starts) - 1, -1, -1) if starts[n] <= match.start() + 1
                )
                yield form.what, found[place].line
    yield from _odd_texts(found, dialect)
    if dialect == REDSHIFT:
        yield from _windows_without_frame(found)
    if dialect == BIGQUERY:
        yield from _wheres_without_from(found)
        yield from _joins_without_equality(found)


def _odd_texts(found: list[Token], dialect: str) -> Iterator[tuple[str, int]]:
    for token in found:
        if token.kind == "name" and (token.text[0] == "`") != (dialect == BIGQUERY):
            yield f"the quotes of {token.text}", token.line
        if token.kind == "text":
            inside = token.text[token.text.index("'") + 1 : -1]
            if dialect == BIGQUERY and "''" in inside:
                yield "'' inside a text", token.line
            if dialect in (SNOWFLAKE, REDSHIFT) and "\\" in inside:
                yield "a backslash inside a text", token.line


def _windows_without_frame(found: list[Token]) -> Iterator[tuple[str, int]]:
    for place, token in enumerate(found):
        if token.text == "over" and found[place + 1].text == "(":
            inside = [t.text for t in found[place + 2 : _closes(found, place + 1)]]
            name = found[_opens(found, place - 1) - 1].text
            if "order" in inside and not {"rows", "range"} & set(inside) and name not in _RANKING:
                yield f"{name} over an ordered window without a frame", token.line


def _wheres_without_from(found: list[Token]) -> Iterator[tuple[str, int]]:
    clauses = [""]
    for token in found:
        if token.text == "(":
            clauses.append("")
        elif token.text == ")" and len(clauses) > 1:
            clauses.pop()
        elif token.text == "where" and clauses[-1] == "select":
            yield "where without from", token.line
        elif token.text in ("select", "from", "where"):
            clauses[-1] = token.text


def _joins_without_equality(found: list[Token]) -> Iterator[tuple[str, int]]:
    """Outer joins whose condition holds no equality: BigQuery makes none of those."""
    ends = {"left", "right", "full", "inner", "cross", "join", "where", "group", "union", "order"}
    for place, token in enumerate(found):
        if token.text in ("left", "full") and found[place + 1].text in ("join", "outer"):
            on = next((n for n in range(place, len(found)) if found[n].text == "on"), None)
            depth, is_equal = 0, on is None
            for later in found[(on or place) + 1 :]:
                depth += (later.text == "(") - (later.text == ")")
                is_equal |= later.text == "="
                if depth < 0 or (depth == 0 and later.text in ends):
                    break
            if not is_equal:
                yield "an outer join without an equality", token.line


def _closes(found: list[Token], opens: int) -> int:
    depth = 0
    for place in range(opens, len(found)):
        depth += (found[place].text == "(") - (found[place].text == ")")
        if depth == 0:
            return place
    return len(found)


def _opens(found: list[Token], closes: int) -> int:
    depth = 0
    for place in range(closes, -1, -1):
        depth += (found[place].text == ")") - (found[place].text == "(")
        if depth == 0:
            return place
    return 0

"""The check of compiled SQL: what it must find, and what it must let through."""

import pytest
from dialects.__main__ import planted_missed
from dialects.checking import faults
from dialects.lexing import calls, tokens, types


def test_every_planted_statement_is_judged_as_it_should_be() -> None:
    assert planted_missed() == []


def test_a_function_that_nobody_listed_is_a_fault_at_its_line() -> None:
    (fault,) = faults("select\n    soundex(stage)\nfrom deals", "trino")
    assert (fault.line, fault.what) == (2, "trino does not know the function soundex")


def test_a_wrong_count_of_arguments_is_a_fault() -> None:
    (fault,) = faults("select nullif(stage) from deals", "snowflake")
    assert fault.what == "nullif takes 2 arguments in snowflake, not 1"


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select max(least(one, 2), f())", [("max", 2), ("least", 2), ("f", 0)]),
        ("select one from (select 1) as t (one)", []),
        ("with t (one) as (select 1) select one in (1, 2) from t", []),
        ("select 'max(1)' -- min(2)", []),
        ("select string_agg(one, ',' order by two, three)", [("string_agg", 2)]),
    ],
)
def test_calls(sql: str, expected: list[tuple[str, int]]) -> None:
    assert [(call.name, call.arguments) for call in calls(tokens(sql))] == expected


def test_types_are_those_that_are_cast_to() -> None:
    sql = "select cast(one as double precision) as two, three::date, four as five"
    assert [token.text for token in types(tokens(sql))] == ["double precision", "date"]


def test_an_unknown_dialect_is_an_error() -> None:
    with pytest.raises((KeyError, ValueError)):
        faults("select lower(stage)", "oracle")

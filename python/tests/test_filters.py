"""The small language of filters."""

import pytest
from leadsignal.errors import UsageError
from leadsignal.metrics.filters import Condition, parse


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("source = 'webinar'", [Condition("source", "=", ("webinar",))]),
        ("source=webinar", [Condition("source", "=", ("webinar",))]),
        ('source == "web"', [Condition("source", "=", ("web",))]),
        ("source != webinar", [Condition("source", "<>", ("webinar",))]),
        ("campaign = Trade show 2026", [Condition("campaign", "=", ("Trade show 2026",))]),
        ("campaign = 'it''s here'", [Condition("campaign", "=", ("it's here",))]),
        ("campaign = 'this and that'", [Condition("campaign", "=", ("this and that",))]),
        ("owner IN (a, 'b c')", [Condition("owner", "in", ("a", "b c"))]),
        ("offer is empty", [Condition("offer", "is empty")]),
        ("offer IS NOT NULL", [Condition("offer", "is not empty")]),
        (
            "source = web and month >= 2026-09",
            [Condition("source", "=", ("web",)), Condition("month", ">=", ("2026-09",))],
        ),
        ("", []),
    ],
)
def test_text_is_read(text: str, expected: list[Condition]) -> None:
    assert parse(text) == expected


def test_several_texts_must_all_hold() -> None:
    assert len(parse(["source = web", "crm = salesforce and month < 2026-01"])) == 3


def test_mapping_compares_for_equality() -> None:
    found = parse({"source": ["web", "blog"], "is_icp_fit": True, "offer": None})
    assert found == [
        Condition("source", "in", ("web", "blog")),
        Condition("is_icp_fit", "=", ("true",)),
        Condition("offer", "is empty"),
    ]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("INTEGER", "n > cast($a as DOUBLE)"),
        ("BIGINT", "n > cast($a as DOUBLE)"),
        ("DATE", "n > cast($a as DATE)"),
    ],
)
def test_a_value_is_cast_to_a_type_that_can_hold_it(kind: str, expected: str) -> None:
    assert Condition("n", ">", ("3.5",)).sql("n", kind, ["$a"]) == expected


def test_nothing_is_no_condition() -> None:
    assert parse(None) == []


@pytest.mark.parametrize(
    "text",
    [
        "source", "source =", "= web", "source web", "source = web or crm = x", "source in ()",
        "source in (a", "source is there", "source = 'web", "a = b and",
        "source = web) and (1", "1 = 1 -- x = 'y", "source = (select 1)",
    ],
)  # fmt: skip
def test_what_is_not_understood_is_one_line(text: str) -> None:
    with pytest.raises(UsageError, match="not understood") as caught:
        parse(text)
    assert len(caught.value.lines) == 1


def test_words_that_look_like_sql_are_values() -> None:
    assert parse("source = web; drop table x") == [Condition("source", "=", ("web; drop table x",))]

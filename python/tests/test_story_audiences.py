"""The story for each audience, for any cut, and of the golden CRMs, read as a leader would."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from golden_crms import GoldenSet
from leadsignal import evidence
from leadsignal.errors import UsageError
from leadsignal.story import AUDIENCES, story
from test_story import GOLDEN, assert_sound, two_months
from tiny_marts import TinyMarts, fifty_leads

CRMS = ("quiet", "small", "broken_tracking", "no_reasons", "score_inflation", "mix_shift")
ONE_PAGE = 850
"""Words; the longest month there is: a review of three recommendations and three new ones."""
CUTS = [
    ("source", ["paid_social", "paid_search", "organic_search", "customer_referral", "webinar"]),
    pytest.param(
        *("demand_type", ["paid", "organic", "referral", "event"]), marks=pytest.mark.slow
    ),
    pytest.param(*("crm", ["salesforce"]), marks=pytest.mark.slow),
]
BLAME = re.compile(r"\b(fault|blame|worst|poor(ly)?|lazy|fail(s|ed|ing)? to|should have)\b", re.I)


@pytest.fixture(scope="session")
def golden_story(golden_set: Callable[[str], GoldenSet]) -> Callable[[str], str]:
    """`golden_story(name)` is what leadership reads of a golden CRM."""
    return cache(lambda name: story(golden_set(name).con).text)


@pytest.mark.parametrize("name", CRMS)
def test_the_story_of_a_golden_crm_is_the_golden_one(
    name: str, golden_story: Callable[[str], str]
) -> None:
    told = golden_story(name)
    assert f"{told}\n" == (GOLDEN / f"story_{name}.txt").read_text(encoding="utf-8")
    assert_sound(told)
    assert len(told.split()) <= ONE_PAGE


@pytest.mark.parametrize("audience", ["marketing", "sales"])
def test_the_other_audiences_have_golden_stories_too(audience: str) -> None:
    told = story(two_months().con, audience=audience).text
    golden = GOLDEN / f"story_two_months_{audience}.txt"
    assert f"{told}\n" == golden.read_text(encoding="utf-8")
    assert_sound(told)


def test_a_quiet_world_is_said_to_be_quiet(golden_story: Callable[[str], str]) -> None:
    told = golden_story("quiet")
    assert "No source is better than the rest by more than chance explains" in told
    assert "nothing that can be compared yet moved by more than chance explains" in told
    assert not re.search(r"reduce spend|focus on|Alarm", told)


def test_mix_is_told_apart_from_performance(golden_story: Callable[[str], str]) -> None:
    mixed = golden_story("mix_shift")
    assert "points down, nearly all of it by the mix of sources." in mixed
    assert mixed.count("Alarm") == 1
    inflated = golden_story("score_inflation")
    assert "fell (all of it within the sources, none by their mix)" in inflated
    assert "First, set the lead score anew before it hands over more" in inflated
    assert "Alarm: Scores promise more than they did" in inflated


def test_without_logged_activities_nothing_is_said_of_conversations_or_follow_up(
    golden_story: Callable[[str], str],
) -> None:
    told = golden_story("broken_tracking")
    assert "Whether they had a first conversation is not known" in told
    assert not re.search(r"Follow-up broke|answer every lead|recent activity", told)
    assert "First, fix the tracking: make the lead source a required field" in told


def test_rejections_without_reasons_are_the_one_thing_to_mend(
    golden_story: Callable[[str], str],
) -> None:
    told = golden_story("no_reasons")
    assert "Next month we should ask sales for a reason with every rejection" in told
    assert "tighten the form" not in told


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("make", [two_months, fifty_leads])
def test_owners_appear_in_the_sales_story_alone(
    make: Callable[[], TinyMarts], audience: str
) -> None:
    marts = make()
    for place in range(40):
        marts.lead(owner_id=f"salesforce:U{place % 2}", is_follow_up_completed=place % 2 == 0)
    told = story(marts.con, audience=audience)
    spoken = re.findall(r"salesforce:U\d", f"{told.text} {told.render(trace=True)}")
    assert bool(spoken) == (audience == "sales")
    assert not BLAME.search(told.text)


def test_a_difference_between_two_owners_is_no_verdict_on_either() -> None:
    marts = TinyMarts()
    for place in range(200):
        marts.lead(owner_id=f"salesforce:U{place % 2}", is_follow_up_completed=place % 2 == 0)
    told = story(marts.con, audience="sales").text
    assert "differs between them by more than chance explains: look at load and routing" in told
    assert "with most leads completed" not in told


def test_each_audience_hears_what_it_can_change() -> None:
    marts = two_months()
    told = {audience: story(marts.con, audience=audience).text for audience in AUDIENCES}
    assert "A spend of USD 40,000 is known" in told["marketing"]
    assert "Follow-up broke" not in told["marketing"]
    assert "reduce spend" not in told["sales"]
    assert "Sales decided" in told["sales"] or "sales decided on" in told["sales"]
    for audience in AUDIENCES:
        assert told[audience].startswith("In October 2026 we captured 265 leads.")


def test_the_cost_of_few_says_so() -> None:
    marts = TinyMarts()
    for place in range(60):
        fits = {"is_icp_fit": True, "fit_verdict": "pass"} if place < 30 else {}
        marts.lead(source="paid_social", opportunity_count=int(place < 29), **fits)
    marts.spend("2026-10-01", paid_social=8700)
    assert (
        "paid social USD 8,700 (USD 290 per fit lead, USD 300 per opportunity of only 29)"
        in story(marts.con, audience="marketing").text
    )


def captured(told: str) -> int:
    found = re.search(r"we captured (\S+) leads?\.|(no) leads .* were captured", told)
    assert found, told
    words = {"no": 0, "one": 1, "five": 5, "seven": 7, "eight": 8}
    number = found[1] or found[2]
    return words[number] if number in words else int(number)


@pytest.mark.parametrize(("by", "values"), CUTS)
def test_cuts_add_up(by: str, values: list[str]) -> None:
    con = fifty_leads().con
    assert sum(captured(story(con, where=f"{by} = {value}").text) for value in values) == 50


def test_a_cut_is_said_first_and_compared_inside() -> None:
    marts = two_months()
    told = story(marts.con, where="source = paid_social")
    assert told.text.startswith(
        "This is the story of the leads from paid social alone: in October 2026 we captured 150"
    )
    assert told.cut == "source = 'paid_social'"
    assert not re.search(r"organic|referral|webinar", told.text)
    assert all(
        any(part.name == "source" for part in one.where)
        for one in evidence.everything(told.sentences).values()
        if "." not in one.metric
    )


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("channel = website", "the leads in the channel website alone"),
        ({"demand_type": ["paid", "event"]}, "the leads of paid or event demand alone"),
        (["crm = salesforce", "source = webinar"], "in the CRM salesforce from webinars alone"),
        ("campaign = 'paid A'", "the leads of the campaign “paid A” alone"),
        ("source <> webinar", "the leads where source <> 'webinar' alone"),
    ],
)
def test_a_cut_in_words(where: Any, words: str) -> None:
    assert words in story(two_months().con, where=where).text.split(".")[0]


def test_a_cut_leaves_the_connection_as_it_was() -> None:
    con = fifty_leads().con
    before = story(con).text
    story(con, where="source = webinar")
    assert story(con).text == before


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"where": "sauce = web"}, "cannot be cut by 'sauce'. Did you mean source?"),
        ({"where": "owner = U1"}, "not cut by owner"),
        ({"where": "source = nowhere"}, "No row has the source 'nowhere'. There are: "),
        ({"where": "source = Webinar"}, "No row has the source 'Webinar'. Did you mean webinar?"),
        ({"audience": "board"}, "no story for 'board'"),
        ({"period": "year"}, "no period"),
    ],
)
def test_what_cannot_be_told_is_one_line(wanted: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=re.escape(message)):
        story(fifty_leads().con, **wanted)


def test_a_sales_story_may_be_cut_by_an_owner() -> None:
    told = story(two_months().con, audience="sales", where="owner = 'salesforce:U1'").text
    assert told.startswith("This is the story of the leads of the owner salesforce:U1 alone")

"""What is at stake and what would confirm it; and last period's advice scored by what happened."""

from __future__ import annotations

from typing import Any

import pyarrow
import pytest
from leadsignal import standing
from leadsignal.advice import Recommendation, history_rows, recommend, review
from leadsignal.advice.intervals import of_difference, of_share
from leadsignal.advice.recommendation import DOWN, UP, Effect, Proof, Share
from leadsignal.advice.review import CANNOT_TELL, CONFIRMED, NOT_CONFIRMED
from leadsignal.evidence import Evidence, value
from leadsignal.facts import gather
from leadsignal.honesty.statistics import two_proportions
from leadsignal.story import story
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint
from test_story import two_months
from tiny_marts import TinyMarts, fifty_leads

LEADS = Evidence("leads")


def advised(marts: TinyMarts) -> list[Recommendation]:
    facts = gather(marts.con, "month", None)
    sources = standing.compare(facts.cuts["source"], facts.funnel, facts.published.min_sample)
    return recommend(facts, sources)


def followed_up(september: int, october: int, of: int = 100) -> TinyMarts:
    """So many of `of` due leads were touched in time in each month; follow-up is poor in both."""
    marts = TinyMarts()
    for month, in_time in (("2026-09", september), ("2026-10", october)):
        for place in range(of):
            marts.lead(
                f"{month}-10 09:00:00",
                owner_id="salesforce:U1",
                hours_to_first_touch=10.0 if place < in_time else 40.0,
                is_follow_up_completed=place < in_time / 2,
            )
    return marts


def test_intervals_are_those_of_a_second_library() -> None:
    low, high = proportion_confint(40, 90, method="wilson")
    assert of_share(40, 90, "x") == Effect(
        40, pytest.approx(90 * low), pytest.approx(90 * high), "x"
    )
    effect = of_difference(30, 50, 10, 60, 50, "x", "")
    low, high = confint_proportions_2indep(30, 50, 10, 60, method="newcomb")
    assert (effect.low, effect.high) == pytest.approx((50 * low, 50 * high), rel=1e-3)
    assert effect.value == pytest.approx(50 * (30 / 50 - 10 / 60))


@pytest.mark.parametrize(("k", "n"), [(18, 50), (235, 434), (3, 40), (60, 1000)])
@pytest.mark.parametrize("direction", [UP, DOWN])
def test_the_threshold_is_the_first_share_that_chance_does_not_explain(
    k: int, n: int, direction: str
) -> None:
    threshold = Proof("x", LEADS, LEADS, direction, Share(k, n)).threshold
    step = 1 if direction == UP else -1
    if threshold is None:
        assert direction == DOWN
        assert (two_proportions(0, n, k, n) or 0) > 0.05
        return
    reached = round(threshold * n)
    assert (two_proportions(reached, n, k, n) or 1) <= 0.05
    assert (two_proportions(reached - step, n, k, n) or 0) > 0.05


@pytest.mark.parametrize("make", [fifty_leads, two_months])
def test_every_recommendation_carries_what_it_takes(make: Any) -> None:
    marts = make()
    for one in advised(marts):
        assert one.counts
        assert one.effect.low <= one.effect.value <= one.effect.high
        assert one.confidence == ("hint" if one.is_small_sample else "finding")
        assert one.action in one.text
        assert one.stakes.startswith("At stake: ")
        assert one.if_wrong in one.stakes
        part, whole = (value(marts.con, each).numerator for each in one.proof.in_period(period()))
        assert (part, whole) == (one.proof.baseline.successes, one.proof.baseline.cases)


def period() -> Any:
    return gather(fifty_leads().con, "month", None).period


@pytest.mark.parametrize(
    ("september", "october", "verdict", "words"),
    [
        (40, 80, CONFIRMED, "went from 40% to 80%, more than chance explains"),
        (40, 44, NOT_CONFIRMED, "went from 40% to 44%, which may be chance"),
        (60, 30, NOT_CONFIRMED, "went from 60% to 30%, the wrong way"),
    ],
)
def test_a_verdict_is_what_the_proving_share_did(
    september: int, october: int, verdict: str, words: str
) -> None:
    marts = followed_up(september, october)
    [one] = review(marts.con)
    assert (one.rule, one.verdict) == ("follow_up", verdict)
    assert (one.before, one.now) == (Share(september, 100), Share(october, 100))
    assert words in story(marts.con).text
    said = "September 2026 would have advised to answer every lead within 24 hours"
    assert f"{said}: {verdict}" in story(marts.con).text


@pytest.mark.parametrize(
    ("september", "october", "verdict", "words"),
    [
        (40, 70, CONFIRMED, "went from 40% to 70%, more than chance explains"),
        (60, 30, CANNOT_TELL, "as the leads since then have had less time for"),
    ],
)
def test_what_older_leads_had_more_time_for_is_never_held_against_younger_ones(
    september: int, october: int, verdict: str, words: str
) -> None:
    marts = TinyMarts()
    for month, done in (("2026-09", september), ("2026-10", october)):
        for place in range(100):
            marts.lead(
                f"{month}-10 09:00:00",
                owner_id="salesforce:U1",
                is_follow_up_completed=place < done,
            )
    [one] = review(marts.con)
    assert (one.rule, one.verdict) == ("follow_up", verdict)
    assert (one.before, one.now) == (Share(september, 100), Share(october, 100))
    assert one.action.startswith("keep trying after the first touch")
    assert words in one.text


def test_few_cases_cannot_tell() -> None:
    [one] = review(followed_up(8, 16, of=20).con)
    assert one.verdict == CANNOT_TELL
    assert one.text.endswith("rests on 20 cases")


def test_no_advice_nothing_to_score() -> None:
    marts = TinyMarts()
    marts.lead()
    assert review(marts.con) == []
    assert "advised to" not in story(marts.con).text


def recorded(marts: TinyMarts, rows: list[dict[str, Any]], as_of: str, reported_at: str) -> None:
    marts.con.register("rows", pyarrow.Table.from_pylist(rows))
    more = f"timestamp '{as_of}' as as_of, timestamp '{reported_at}' as reported_at"
    table = f"select *, {more} from rows"
    marts.con.execute(f"create table if not exists advice_history as from ({table}) limit 0")
    marts.con.execute(f"insert into advice_history {table}")
    marts.con.unregister("rows")


def test_recorded_advice_is_what_was_said_at_the_time() -> None:
    marts = followed_up(40, 80)
    rows = history_rows(marts.con, "month", "2026-09-30")
    assert [(row["rule"], row["successes"], row["cases"]) for row in rows] == [
        ("follow_up", 40, 100)
    ]
    early = [{**row, "advice": "answer sooner"} for row in rows]
    late = [{**row, "advice": "answer too late"} for row in rows]
    recorded(marts, rows, "2026-09-30 23:59:59", "2026-10-01 06:00:00")
    recorded(marts, early, "2026-10-01 12:00:00", "2026-10-01 13:00:00")
    recorded(marts, late, "2026-11-02 12:00:00", "2026-11-02 13:00:00")
    [one] = review(marts.con)
    assert (one.action, one.verdict) == ("answer sooner", CONFIRMED)
    assert "September 2026 advised to answer sooner: confirmed" in story(marts.con).text


def test_recorded_tracking_is_scored_by_what_the_crm_can_answer_now() -> None:
    marts = TinyMarts()
    for month in ("2026-09", "2026-10"):
        for _ in range(40):
            marts.lead(f"{month}-10 09:00:00")
    marts.distrust(4)
    recorded(
        marts, history_rows(marts.con, "month", "2026-09-30"), "2026-09-30", "2026-10-01 06:00:00"
    )
    marts.con.execute(
        "update crm_trust set grade = 'high', answerable_rows = 90 where question_order = 4"
    )
    [one] = review(marts.con)
    assert (one.before, one.now, one.verdict) == (Share(10, 100), Share(90, 100), CONFIRMED)


def test_a_cut_is_reviewed_by_its_own_numbers() -> None:
    marts = followed_up(40, 80)
    for _ in range(50):
        marts.lead("2026-09-10 09:00:00", source="webinar", owner_id="salesforce:U1")
        marts.lead(source="webinar", owner_id="salesforce:U1", hours_to_first_touch=90.0)
    told = story(marts.con, where="source = web").text
    assert "went from 40% to 80%, more than chance explains" in told

"""Pooled rates, mix and performance, and what the CRM can be trusted to answer."""

import math

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from leadsignal.honesty import grades, pooling
from leadsignal.honesty.decomposition import BOTH, MIX, PERFORMANCE, mix_and_performance
from leadsignal.metrics.questions import AMOUNTS
from scipy import stats
from tiny_marts import TinyMarts

unhurried = settings(deadline=None)
counts = st.dictionaries(
    st.sampled_from(["a", "b", "c", "d"]),
    st.tuples(st.integers(0, 500), st.integers(0, 500)).map(lambda pair: (min(pair), max(pair))),
    max_size=4,
)


@unhurried
@given(counts, counts)
def test_mix_and_performance_add_up_to_the_change(
    before: dict[str, tuple[int, int]], now: dict[str, tuple[int, int]]
) -> None:
    split = mix_and_performance(before, now)
    totals = [sum(n for _, n in side.values()) for side in (before, now)]
    if 0 in totals:
        assert split is None
        return
    assert split is not None
    rates = [
        sum(k for k, _ in side.values()) / n for side, n in zip((before, now), totals, strict=True)
    ]
    assert split.change == pytest.approx(rates[1] - rates[0], abs=1e-12)
    assert split.mix + split.performance == pytest.approx(split.change, abs=1e-12)
    assert math.fsum(part.mix + part.performance for part in split.parts) == pytest.approx(
        split.change, abs=1e-12
    )
    assert split.to_table().num_rows == len(before.keys() | now.keys())


@unhurried
@given(counts, counts)
def test_the_way_back_undoes_every_part(
    before: dict[str, tuple[int, int]], now: dict[str, tuple[int, int]]
) -> None:
    there, back = mix_and_performance(before, now), mix_and_performance(now, before)
    if there is None or back is None:
        assert there is back
        return
    parts = {part.segment: part for part in back.parts}
    for part in there.parts:
        assert part.mix == pytest.approx(-parts[part.segment].mix, abs=1e-12)
        assert part.performance == pytest.approx(-parts[part.segment].performance, abs=1e-12)


def test_more_of_the_weak_source_is_mix() -> None:
    split = mix_and_performance(
        {"weak": (20, 100), "strong": (60, 100)}, {"weak": (60, 300), "strong": (60, 100)}
    )
    assert split is not None
    assert (split.change, split.mix, split.performance) == pytest.approx((-0.1, -0.1, 0))
    assert split.cause == MIX
    assert split.words("sources") == "10.0 points down, all of it by the mix of sources"
    # Both segments are on their side of the average: the weak one gained, the strong one lost.
    assert all(part.mix < 0 for part in split.parts)


def test_every_source_getting_worse_is_performance() -> None:
    split = mix_and_performance(
        {"weak": (40, 200), "strong": (120, 200)}, {"weak": (20, 200), "strong": (80, 200)}
    )
    assert split is not None
    assert (split.mix, split.performance) == pytest.approx((0, -0.15))
    assert split.cause == PERFORMANCE


def test_both_at_once_are_both_and_one_against_the_other_is_said() -> None:
    before = {"weak": (40, 200), "strong": (120, 200)}
    both = mix_and_performance(before, {"weak": (40, 300), "strong": (50, 100)})
    against = mix_and_performance(before, {"weak": (90, 300), "strong": (70, 100)})
    assert both is not None
    assert both.cause == BOTH
    assert both.words() == (
        "17.5 points down: 9.6 by the mix of segments and 7.9 within the segments"
    )
    assert against is not None
    assert against.performance > 0 > against.mix
    assert against.words() == (
        "0.0 points down: 10.0 by the mix of segments less 10.0 within the segments"
    )


def test_a_source_that_appears_or_vanishes_is_mix() -> None:
    split = mix_and_performance({"old": (30, 100)}, {"old": (30, 100), "new": (90, 100)})
    gone = mix_and_performance({"old": (30, 100), "new": (90, 100)}, {"old": (30, 100)})
    assert split is not None
    assert gone is not None
    assert (split.mix, split.performance) == pytest.approx((0.3, 0))
    assert (gone.mix, gone.performance) == pytest.approx((-0.3, 0))


def test_a_change_that_chance_explains_has_no_cause() -> None:
    split = mix_and_performance({"a": (5, 10), "b": (5, 10)}, {"a": (4, 10), "b": (4, 10)})
    assert split is not None
    assert split.cause is None


@unhurried
@given(counts)
def test_pooled_rates_lie_between_their_own_and_the_overall_rate(
    segments: dict[str, tuple[int, int]],
) -> None:
    ranking = pooling.ranked(segments)
    if ranking.overall is None:
        assert ranking.segments == ()
        return
    total = sum(n for _, n in segments.values())
    centre = (sum(k for k, _ in segments.values()) + 0.5) / (total + 1)
    for one in ranking.segments:
        raw = centre if one.raw is None else one.raw
        assert min(raw, centre) - 1e-9 <= one.pooled <= max(raw, centre) + 1e-9
        assert one.low <= one.pooled <= one.high
    assert [one.pooled for one in ranking.segments] == sorted(
        (one.pooled for one in ranking.segments), reverse=True
    )
    assert 1 - 1e-9 <= ranking.prior_cases <= max(total, 0.5 / min(centre, 1 - centre)) + 1e-6


def test_two_good_leads_of_two_do_not_outrank_eighty_of_a_hundred() -> None:
    ranking = pooling.ranked({"tiny": (2, 2), "good": (80, 100), "bad": (20, 100), "so": (50, 100)})
    assert ranking.segments[0].segment == "good"
    tiny = next(one for one in ranking.segments if one.segment == "tiny")
    assert (tiny.raw, tiny.standing) == (1.0, "same")
    assert ranking.best is None  # nobody can say that good is better than tiny


def test_the_best_is_named_where_it_is_beyond_doubt() -> None:
    ranking = pooling.ranked({"a": (80, 100), "b": (50, 100), "c": (45, 100), "d": (48, 100)})
    assert ranking.best == "a"
    assert (ranking.segments[0].segment, ranking.segments[0].standing) == ("a", "above")
    assert pooling.ranked({"a": (80, 100), "b": (78, 100), "c": (20, 100)}).best is None


def test_a_clear_difference_is_hardly_pooled_and_chance_is_pooled_away() -> None:
    apart = pooling.ranked({"a": (900, 1000), "b": (100, 1000)})
    alike = pooling.ranked({"a": (52, 100), "b": (48, 100), "c": (50, 100)})
    assert apart.segments[0].pooled == pytest.approx(0.9, abs=0.005)
    assert alike.segments[0].pooled == pytest.approx(0.5, abs=0.012)
    assert alike.prior_cases > 30 > apart.prior_cases


def test_the_chance_to_be_above_the_others_is_that_of_draws() -> None:
    ranking = pooling.ranked({"a": (60, 100), "b": (50, 100), "c": (20, 60)})
    rng = numpy.random.default_rng(1)
    drawn = {}
    for one in ranking.segments:
        spread = (one.high - one.low) / 2 / stats.norm.isf(0.025)
        strength = one.pooled * (1 - one.pooled) / spread**2 - 1
        posterior = stats.beta(one.pooled * strength, (1 - one.pooled) * strength)
        drawn[one.segment] = posterior.rvs(200_000, random_state=rng)
    for one in ranking.segments:
        others = [drawn[name] for name in drawn if name != one.segment]
        share = (drawn[one.segment] > numpy.max(others, axis=0)).mean()
        assert one.above_others == pytest.approx(share, abs=0.01)
    assert sum(one.above_others for one in ranking.segments) == pytest.approx(1, abs=0.002)


def test_more_successes_than_cases_are_refused() -> None:
    with pytest.raises(ValueError, match="more successes"):
        pooling.ranked({"a": (3, 2)})


def test_one_segment_and_no_cases_rank_nothing() -> None:
    assert pooling.ranked({"a": (3, 9)}).best is None
    assert pooling.ranked({"a": (0, 0)}).segments == ()
    assert pooling.homogeneity([3, 0], [9, 0]) is None


def test_a_low_grade_says_what_to_mend_first() -> None:
    marts = TinyMarts()
    marts.distrust(4, "Let sales set the status to accepted or rejected.")
    found = grades.grades(marts.con)
    assert found[4].is_low
    assert found[4].sentence == (
        "Not answerable: only 10 of 100 rows of the CRM say “did sales accept or reject”. "
        "First: Let sales set the status to accepted or rejected."
    )
    marts.con.execute(
        "update crm_trust set answerable_rows = 0, missing = 'not in the data: leads.offer;"
        " fill the offer' where question_order = 4"
    )
    assert grades.grades(marts.con)[4].sentence == (
        "Not answerable: none of 100 rows of the CRM say “did sales accept or reject” "
        "(not in the data: leads.offer). First: fill the offer."
    )
    assert grades.worst(found, (1, 4, 3)) is found[4]
    assert grades.worst(found, ()) is None
    assert AMOUNTS not in found


@pytest.mark.parametrize(("outcome", "other"), [("lost", "won"), ("won", "lost")])
def test_closed_deals_without_amounts_cannot_tell_a_rate_by_value(outcome: str, other: str) -> None:
    marts = TinyMarts()
    closed = {"closed_at": "2026-10-20 00:00:00"}
    for amount in (*[None] * 3, 0.0, *[5.0] * 5):
        marts.deal(outcome=outcome, amount=amount, **closed)
    for _ in range(20):
        marts.deal(outcome=other, amount=5.0, **closed)
    marts.deal()
    assert grades.grades(marts.con)[AMOUNTS].sentence == (
        f"Not answerable: only 5 of 9 rows of the CRM say “what was a {outcome} deal worth”. "
        f"First: Keep the amount of a deal when it is {outcome}."
    )
    marts.deal(outcome=outcome, amount=5.0, **closed)
    assert AMOUNTS not in grades.grades(marts.con)


def test_a_question_that_is_low_outweighs_one_with_nothing_to_ask() -> None:
    marts = TinyMarts()
    marts.distrust(7)
    marts.con.execute("update crm_trust set grade = 'none', rows = 0 where question_order = 1")
    found = grades.grades(marts.con)
    assert grades.worst(found, (1, 7)) is found[7]
    assert grades.worst(found, (1, 3)) is found[1]

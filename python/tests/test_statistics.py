"""Intervals and tests against published examples and their own laws."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from leadsignal.honesty import statistics

# Newcombe (1998), table I, score method without continuity correction.
NEWCOMBE = [
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0, 0.1611),
    (1, 29, 0.0061, 0.1718),
]
# Benjamini and Hochberg (1995), section 4.2: four of fifteen hypotheses are rejected.
THROMBOLYSIS = [
    *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459),
    *(0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0),
]
# Admissions at Berkeley in 1973 by department: men admitted, men, women admitted, women.
BERKELEY = [
    (512, 825, 89, 108),
    (353, 560, 17, 25),
    (120, 325, 202, 593),
    (138, 417, 131, 375),
    (53, 191, 94, 393),
    (22, 373, 24, 341),
]

unhurried = settings(deadline=None)


@pytest.mark.parametrize(("successes", "n", "low", "high"), NEWCOMBE)
def test_wilson_equals_published_intervals(successes: int, n: int, low: float, high: float) -> None:
    assert statistics.wilson(successes, n) == pytest.approx((low, high), abs=5e-5)


def test_wilson_of_nothing_is_nothing() -> None:
    assert statistics.wilson(0, 0) is None


@pytest.mark.parametrize(("successes", "n"), [(3, 2), (-1, 2)])
def test_wilson_refuses_what_is_no_proportion(successes: int, n: int) -> None:
    with pytest.raises(ValueError, match="no proportion"):
        statistics.wilson(successes, n)


@unhurried
@given(st.integers(0, 5000), st.integers(1, 5000))
def test_wilson_is_within_0_and_1_around_the_rate_and_wider_with_more_confidence(
    successes: int, n: int
) -> None:
    successes = min(successes, n)
    low, high = statistics.wilson(successes, n) or (math.nan, math.nan)
    wider = statistics.wilson(successes, n, confidence=0.99) or (math.nan, math.nan)
    assert 0 <= low <= successes / n + 1e-12
    assert successes / n - 1e-12 <= high <= 1
    assert wider[0] <= low
    assert high <= wider[1]


def test_two_proportions_is_the_pooled_z_test() -> None:
    assert statistics.two_proportions(30, 100, 45, 100) == pytest.approx(0.02846, abs=5e-6)


def test_two_proportions_of_few_cases_is_fishers_exact_test() -> None:
    # Fisher's lady tasting tea: three of four cups told right.
    assert statistics.two_proportions(3, 4, 1, 4) == pytest.approx(34 / 70)


def test_two_proportions_needs_cases_on_both_sides() -> None:
    assert statistics.two_proportions(0, 0, 5, 10) is None
    assert statistics.two_proportions(5, 10, 0, 0) is None


@unhurried
@given(*[st.integers(0, 300)] * 4)
def test_two_proportions_is_a_probability_and_does_not_mind_the_order(
    k: int, n: int, other_k: int, other_n: int
) -> None:
    k, other_k = min(k, n), min(other_k, other_n)
    p_value = statistics.two_proportions(k, n, other_k, other_n)
    assert p_value == pytest.approx(statistics.two_proportions(other_k, other_n, k, n))
    assert p_value is None or 0 <= p_value <= 1 + 1e-12


def test_two_counts_takes_the_length_of_the_periods_into_account() -> None:
    same_pace = statistics.two_counts(310, 31, 300, 30)
    faster = statistics.two_counts(400, 31, 300, 30)
    assert same_pace == pytest.approx(1.0, abs=0.05)
    assert faster is not None
    assert faster < 0.001
    assert statistics.two_counts(0, 31, 0, 30) is None


def test_departments_explain_what_the_totals_seem_to_say() -> None:
    men, admitted_men = sum(m for _, m, _, _ in BERKELEY), sum(k for k, _, _, _ in BERKELEY)
    women, admitted_women = sum(w for *_, w in BERKELEY), sum(k for _, _, k, _ in BERKELEY)
    crude = statistics.two_proportions(admitted_men, men, admitted_women, women)
    within = statistics.stratified_proportions(BERKELEY)
    assert crude == pytest.approx(0, abs=1e-15)
    # Mantel-Haenszel without continuity correction: chi-square 1.5246 on one degree of freedom.
    assert within == pytest.approx(0.2169, abs=5e-5)


@unhurried
@given(
    st.lists(st.tuples(*[st.integers(0, 40)] * 4), max_size=6).map(
        lambda strata: [(min(k, n), n, min(j, m), m) for k, n, j, m in strata]
    )
)
def test_the_stratified_statistic_turns_round_with_the_sides(
    strata: list[tuple[int, int, int, int]],
) -> None:
    z = statistics.stratified_z(strata)
    turned = statistics.stratified_z([(j, m, k, n) for k, n, j, m in strata])
    p_value = statistics.stratified_proportions(strata)
    if z is None or turned is None:
        assert z is turned is p_value is None
    else:
        assert z == pytest.approx(-turned, abs=1e-9)
        assert p_value == pytest.approx(2 * min(statistics.below(z), statistics.below(-z)))


def test_one_sided_tests_of_counts_and_limits() -> None:
    # Ten of ten heads: 1 / 1024.
    assert statistics.above_limit(10, 10, 0.5) == pytest.approx(1 / 1024)
    assert statistics.above_limit(4, 10, 0.5) == pytest.approx(1 - 176 / 1024)
    assert statistics.faster(10, 7, 0, 7) == pytest.approx(1 / 1024)
    assert statistics.faster(310, 31, 300, 30) == pytest.approx(0.5, abs=0.05)
    assert statistics.faster(0, 31, 0, 30) is None


def test_strata_that_cannot_tell_are_left_out() -> None:
    assert statistics.stratified_proportions([(0, 0, 5, 10), (1, 1, 0, 0), (4, 4, 4, 4)]) is None


def test_discoveries_equal_the_published_example() -> None:
    assert statistics.discoveries(THROMBOLYSIS) == [True] * 4 + [False] * 11


def test_what_was_not_tested_found_nothing_and_does_not_count() -> None:
    assert statistics.discoveries([None, 0.04, None]) == [False, True, False]
    assert statistics.discoveries([None]) == [False]
    assert statistics.discoveries([]) == []

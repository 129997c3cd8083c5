"""Survival and competing outcomes against a second library, published numbers, their own laws."""

import math
import statistics as plain

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from leadsignal.errors import UsageError
from leadsignal.honesty import outcomes, survival
from leadsignal.honesty.survival import UNKNOWN, Estimate
from scipy import stats
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight, survdiff
from tiny_marts import TinyMarts

# Freireich et al. (1963): weeks in remission under 6-MP, and under placebo.
RELAPSED = [6, 6, 6, 7, 10, 13, 16, 22, 23]
IN_REMISSION = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
CRITICAL = stats.norm.isf(0.025)

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning:statsmodels")
unhurried = settings(deadline=None)
durations = st.lists(st.floats(0.1, 1000), min_size=1, max_size=60)
# Whole days make ties; 0 is still open, 1 won, 2 lost.
deals = st.lists(st.tuples(st.integers(1, 30), st.integers(0, 2)), min_size=2, max_size=80)
closed_deals = st.lists(st.tuples(st.integers(1, 30), st.integers(1, 2)), min_size=2, max_size=80)


def test_median_of_the_remission_times() -> None:
    assert survival.kaplan_meier_median(RELAPSED, IN_REMISSION) == Estimate(23, 13, None)


def test_survival_of_the_remission_times() -> None:
    # Collett, Modelling Survival Data: 0.857 after 6 weeks, 0.690 after 13, 0.448 after 23.
    at = survival.survival_at(RELAPSED, IN_REMISSION, [6, 13, 23, 36])
    assert [one.value for one in at[:3]] == pytest.approx([0.857, 0.690, 0.448], abs=5e-4)
    assert at[3] == UNKNOWN


def test_6_mp_is_told_from_placebo() -> None:
    p_value = survival.log_rank(RELAPSED, IN_REMISSION, PLACEBO, [])
    # The log-rank chi-square of these data is 16.79 on one degree of freedom.
    assert p_value == pytest.approx(stats.chi2.sf(16.793, 1), rel=1e-3)


def test_a_log_rank_test_needs_cases_on_both_sides() -> None:
    assert survival.log_rank([], [], [1, 2], [3]) is None
    assert survival.log_rank([], [4], [], [3]) is None


@unhurried
@given(durations)
def test_with_nothing_going_on_it_is_the_plain_median(finished: list[float]) -> None:
    median = survival.kaplan_meier_median(finished)
    assert median.value == pytest.approx(plain.median(finished))
    assert median.low is not None
    assert median.low <= plain.median(finished)


@unhurried
@given(durations, durations)
def test_cases_that_go_on_never_shorten_it(finished: list[float], going_on: list[float]) -> None:
    longest = max(finished) + 1
    with_more = survival.kaplan_meier_median(finished, [longest] * len(going_on)).value
    assert with_more is None or with_more >= plain.median(finished) - 1e-9


def test_a_half_over_a_stretch_is_its_middle_and_a_half_for_ever_its_beginning() -> None:
    assert survival.kaplan_meier_median([1, 2, 4, 8]).value == 3
    assert survival.kaplan_meier_median([1, 2], [9, 9]).value == 2
    assert survival.kaplan_meier_median([1], [9, 9]).value is None
    assert survival.kaplan_meier_median([], [3]) == UNKNOWN


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("censored", [0.0, 0.4])
@pytest.mark.parametrize("ties", [False, True])
def test_quantiles_and_survival_equal_statsmodels(seed: int, censored: float, ties: bool) -> None:
    rng = numpy.random.default_rng(seed)
    times = rng.exponential(30, 70)
    times = numpy.ceil(times) if ties else times
    is_done = rng.uniform(size=70) >= censored
    theirs = SurvfuncRight(times, is_done.astype(int))
    finished, going_on = times[is_done].tolist(), times[~is_done].tolist()
    moments = [5.0, 20.0, 40.0]
    for ours, moment in zip(
        survival.survival_at(finished, going_on, moments), moments, strict=True
    ):
        place = int(numpy.searchsorted(theirs.surv_times, moment, side="right")) - 1
        expected, error = theirs.surv_prob[place], theirs.surv_prob_se[place]
        assert ours.value == pytest.approx(expected, abs=1e-12)
        assert (ours.low, ours.high) == pytest.approx(_log_log_of_survival(expected, error))
    shares = (0.25, 0.5, 0.75)
    for ours, share in zip(survival.quantiles(finished, going_on, shares), shares, strict=True):
        low, high = theirs.quantile_ci(share)
        first = theirs.quantile(share)
        assert ours.value is None if math.isinf(first) else ours.value is not None
        # Of a level that holds over a stretch they take one end (which, rounding decides).
        near = theirs.surv_times[numpy.abs(theirs.surv_prob - (1 - share)) < 1e-9]
        assert ours.value is None or min([first, *near]) <= ours.value <= _following(theirs, first)
        assert ours.low == low
        # Where the curve ends at 0 there is no band: theirs ends there too, ours stays open.
        is_open = math.isinf(high) or (theirs.surv_prob[-1] == 0 and high == theirs.surv_times[-1])
        assert ours.high == (None if is_open else high)


def _following(theirs: SurvfuncRight, moment: float) -> float:
    return min(theirs.surv_times[theirs.surv_times > moment], default=moment)


def _log_log_of_survival(share: float, error: float) -> tuple[float, float]:
    """The interval of the share that is finished, turned round."""
    done = 1 - share
    width = CRITICAL * error / (done * math.log(done))
    return 1 - done ** math.exp(width), 1 - done ** math.exp(-width)


@pytest.mark.parametrize("seed", range(20))
def test_log_rank_equals_statsmodels(seed: int) -> None:
    rng = numpy.random.default_rng(seed)
    times = numpy.ceil(rng.exponential([20] * 40 + [30] * 40))
    is_done, group = rng.uniform(size=80) > 0.3, numpy.repeat([0, 1], 40)
    sides = [
        times[(group == side) & (is_done == done)] for side in (0, 1) for done in (True, False)
    ]
    assert survival.log_rank(*sides) == pytest.approx(
        survdiff(times, is_done.astype(int), group)[1]
    )


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("open_share", [0.0, 0.4])
@pytest.mark.parametrize("ties", [False, True])
def test_cumulative_incidence_equals_statsmodels(seed: int, open_share: float, ties: bool) -> None:
    rng = numpy.random.default_rng(seed)
    times = rng.exponential(30, 90)
    times = numpy.ceil(times) if ties else times
    share = [open_share, (1 - open_share) * 0.4, (1 - open_share) * 0.6]
    causes = rng.choice([0, 1, 2], 90, p=share)
    theirs = CumIncidenceRight(times, causes)
    for cause in (1, 2):
        # At the very last time their variance divides by nobody at risk.
        moments = [moment for moment in (5.0, 15.0, 30.0, 45.0) if moment < times.max()]
        found = survival.cumulative_incidence(times, causes, cause, moments)
        for ours, moment in zip(found, moments, strict=True):
            place = int(numpy.searchsorted(theirs.times, moment, side="right")) - 1
            expected = theirs.cinc[cause - 1][place]
            error = theirs.cinc_se[cause - 1][place]
            assert ours.value == pytest.approx(expected, abs=1e-12)
            if 0 < expected < 1:
                width = CRITICAL * error / (expected * math.log(expected))
                assert ours.low == pytest.approx(expected ** math.exp(-width), abs=1e-9)
                assert ours.high == pytest.approx(expected ** math.exp(width), abs=1e-9)


@unhurried
@given(deals)
def test_ends_and_what_goes_on_are_the_whole(cases: list[tuple[int, int]]) -> None:
    times, causes = zip(*cases, strict=True)
    moments = [1.0, 10.0, 30.0]
    won, lost = (survival.cumulative_incidence(times, causes, end, moments) for end in (1, 2))
    finished = [time for time, cause in cases if cause]
    going_on = [time for time, cause in cases if not cause]
    for one, other, rest in zip(
        won, lost, survival.survival_at(finished, going_on, moments), strict=True
    ):
        if one.value is not None and other.value is not None and rest.value is not None:
            assert one.value + other.value + rest.value == pytest.approx(1, abs=1e-12)
            assert one.low is not None
            assert one.high is not None
            assert 0 <= one.low <= one.value + 1e-12
            assert one.value - 1e-12 <= one.high <= 1


@unhurried
@given(closed_deals)
def test_with_nothing_open_it_is_the_plain_share_with_the_plain_error(
    cases: list[tuple[int, int]],
) -> None:
    times, causes = zip(*cases, strict=True)
    [ours] = survival.cumulative_incidence(times, causes, 1, [15])
    share = sum(time <= 15 and cause == 1 for time, cause in cases) / len(cases)
    assert ours.value == pytest.approx(share, abs=1e-12)
    if 0 < share < 1:
        error = math.sqrt(share * (1 - share) / len(cases))
        width = CRITICAL * error / (share * math.log(share))
        assert ours.low == pytest.approx(share ** math.exp(-width), abs=1e-9)


@pytest.mark.parametrize("cases", [3, 30_000, 120_000])
def test_when_all_ended_the_same_way_the_share_is_one_however_many(cases: int) -> None:
    times = numpy.random.default_rng(cases).uniform(0, 100, cases)
    [ours] = survival.cumulative_incidence(times, numpy.ones(cases, int), 1, [100])
    low = cases / (cases + CRITICAL**2)  # Wilson's, of all
    assert (ours.value, ours.low, ours.high) == (1, pytest.approx(low), 1)


def test_a_lost_deal_is_not_censored() -> None:
    times, causes = [10, 20, 30, 40], [2, 1, 2, 1]
    [ours] = survival.cumulative_incidence(times, causes, 1, [40])
    assert ours.value == 0.5
    finished, going_on = [20, 40], [10, 30]
    [wrong] = survival.survival_at(finished, going_on, [40])
    assert 1 - (wrong.value or 0) == 1


def test_what_nobody_was_watched_for_is_not_known() -> None:
    found = survival.cumulative_incidence([10, 20], [1, 0], 1, [20, 21])
    assert found[0].value == 0.5
    assert found[1] == UNKNOWN
    assert survival.cumulative_incidence([], [], 1, [5]) == [UNKNOWN]


def test_before_the_first_end_it_is_none_with_a_wilson_interval() -> None:
    [ours] = survival.cumulative_incidence([10, 20, 30], [1, 1, 0], 1, [5])
    assert (ours.value, ours.low) == (0, 0)
    assert ours.high == pytest.approx(0.5615, abs=5e-5)  # none of three


def test_win_rate_over_time_counts_deals_by_their_age() -> None:
    marts = TinyMarts(as_of="2026-10-31 00:00:00")
    for days, outcome in ((10, "won"), (20, "lost"), (40, "won"), (50, "lost")):
        marts.deal("2026-08-01 00:00:00", outcome=outcome, days_to_close=float(days))
    marts.deal("2026-10-01 00:00:00", source="webinar")
    marts.deal("2026-08-01 00:00:00", outcome="won", days_to_close=None)
    table = outcomes.win_rate_over_time(marts.con, days=(30, 60)).to_pylist()
    at_30, at_60 = table
    assert (at_30["deals"], at_30["won"], at_30["lost"], at_30["left_out"]) == (5, 1, 1, 1)
    assert (at_30["followed"], at_60["followed"]) == (5, 4)  # the open deal is 30 days old
    assert at_30["win_rate"] == pytest.approx(0.2)
    # After 30 days two are at risk: 0.2 + 0.6 * 1/2 won, 0.2 + 0.3 * 1 lost.
    assert (at_60["win_rate"], at_60["loss_rate"]) == pytest.approx((0.5, 0.5))
    assert at_60["is_small_sample"]
    by_source = outcomes.win_rate_over_time(marts.con, "source", (60,)).to_pylist()
    assert [(row["segment"], row["win_rate"]) for row in by_source] == [
        ("web", 0.5),
        ("webinar", None),
    ]


def test_win_rate_over_time_knows_what_it_can_be_cut_by() -> None:
    with pytest.raises(UsageError, match="not told apart by 'colour'"):
        outcomes.win_rate_over_time(TinyMarts().con, "colour")

"""A few of the calibration's worlds, drawn straight into published tables."""

from collections.abc import Iterator

import duckdb
import numpy
import pytest
from calibration import facts
from calibration.drawing import draw
from calibration.measuring import Findings, measure
from calibration.report import misses, page
from calibration.worlds import PLANTED, QUIET, World, worlds
from tiny_marts import TinyMarts

pytestmark = pytest.mark.slow

COUNT = 24
SEED = 7


def each() -> Iterator[tuple[World, duckdb.DuckDBPyConnection]]:
    rng = numpy.random.default_rng(SEED)
    for world in list(worlds(COUNT, rng)):
        marts = TinyMarts()
        con = marts.con
        facts.insert(con, draw(world, rng))
        yield world, con
        con.close()


@pytest.fixture(scope="module")
def found() -> Findings:
    findings = Findings()
    for world, con in each():
        measure(world, con, findings)
    return findings


def test_every_interval_is_near_its_promise(found: Findings) -> None:
    assert len(found.coverage) == 11
    for name, tally in found.coverage.items():
        # Of 95% in that many draws no fewer hold than chance gives one time in ten thousand.
        error = (0.95 * 0.05 / tally.of) ** 0.5
        assert tally.rate >= 0.95 - 3.7 * error, name
    together = sum(tally.held for tally in found.coverage.values())
    of = sum(tally.of for tally in found.coverage.values())
    assert 0.92 <= together / of <= 0.98


def test_alarms_are_silent_where_it_is_quiet_and_ring_where_they_should(found: Findings) -> None:
    assert found.raised["quiet"].of == COUNT // 2
    assert found.raised["quiet"].held <= 1
    assert set(found.raised) == {"quiet", *PLANTED}
    assert sum(found.raised[name].held for name in PLANTED) >= COUNT // 2 - 2


def test_nothing_is_best_where_all_are_equal(found: Findings) -> None:
    for metric in ("fit", "acceptance"):
        assert found.called[f"a source is called best by {metric}, where all are equal"].held == 0
    assert found.called["a source is called best by fit, where one is better"].rate >= 0.5
    assert found.called["another source is called best, where one is better"].held == 0


def test_mix_and_performance_are_told_apart(found: Findings) -> None:
    for cause in ("mix", "performance"):
        assert found.called[f"its fall is put down to {cause}, where it is"].rate == 1


def test_the_worlds_are_half_quiet_and_the_same_for_a_seed() -> None:
    one, other = (list(worlds(48, numpy.random.default_rng(SEED))) for _ in range(2))
    assert one == other
    assert [world.kind in QUIET for world in one] == [True, False] * 24
    assert {world.kind for world in one} == {*QUIET, *PLANTED}


def test_the_page_says_what_is_missed() -> None:
    found = Findings()
    found.coverage["icp_fit_rate"].held, found.coverage["icp_fit_rate"].of = 80, 100
    found.raised["quiet"].held, found.raised["quiet"].of = 9, 100
    found.raised["rate_jump"].held, found.raised["rate_jump"].of = 90, 100
    found.false_shares["as a whole"] = [0.0, 1.0]
    assert misses(found) == [
        "icp_fit_rate: 80.0% of the intervals hold the truth",
        "alarms of quiet worlds: 9 of 100",
        "50.0% of the changes called as a whole are none",
    ]
    written = page(found, 100, SEED, 60.0)
    assert "| icp_fit_rate | 100 | 80.0% | missed |" in written
    assert "| rate_jump |" in written

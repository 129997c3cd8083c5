"""The golden CRMs hold what they promise, and the models make of them what the oracle does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Build
from e2e.compare import assert_same

from golden_crms import WORLDS, Funnel, GoldenSet, publish

Golden = Callable[[str], GoldenSet]
LOGGED = [name for name in WORLDS if name != "broken_tracking"]


def seen(golden: GoldenSet, month: str, source: str) -> Funnel:
    """What the published leads of a month and source say."""
    row = golden.con.execute(
        "select count(*), count(*) filter (is_icp_fit), count(handed_over_at),"
        " count(*) filter (touch_count > 0), count(accepted_at),"
        " count(*) filter (sales_decision = 'rejected'), count(*) filter (is_vague_rejection),"
        " count(first_conversation_at), count(opportunity_id), count(*) filter (outcome = 'won'),"
        " count(*) filter (outcome = 'lost'), coalesce(sum(pipeline_amount), 0)"
        " from fct_leads where created_month = ? and source = ?",
        [f"{month}-01", source],
    ).fetchone()
    assert row
    return Funnel(*row)


@pytest.mark.parametrize("name", LOGGED)
def test_the_marts_say_the_truth(name: str, golden_set: Golden) -> None:
    golden = golden_set(name)
    for place, funnel in golden.truth.funnels.items():
        assert seen(golden, *place) == funnel, place


def test_quiet_has_a_thousand_leads_a_month_from_equal_sources(golden_set: Golden) -> None:
    truth = golden_set("quiet").truth
    assert [truth.total(month).leads for month in truth.months] == [1000, 1000]
    # Two and a half standard errors of 180 decided leads of a source.
    for source in truth.sources:
        for month in truth.months:
            assert truth.total(month, source).acceptance == pytest.approx(0.4, abs=0.091)


def test_small_has_twelve_leads(golden_set: Golden) -> None:
    truth = golden_set("small").truth
    assert (truth.total().leads, truth.months) == (12, ["2026-10"])


def test_broken_tracking_knows_neither_sources_nor_work_nor_costs(golden_set: Golden) -> None:
    golden = golden_set("broken_tracking")
    assert golden.truth.total().touched > 500
    query = "select question_order from crm_trust where grade = 'low' order by 1"
    assert [order for (order,) in golden.con.execute(query).fetchall()] == [1, 2, 6, 10]
    assert golden.con.execute("select count(*), sum(touch_count) from fct_leads").fetchone() == (
        golden.truth.total().leads,
        0,
    )
    assert golden.con.execute("select sum(spend) from lead_quality_by_source").fetchone() == (None,)


def test_no_reasons_rejects_without_a_word(golden_set: Golden) -> None:
    total = golden_set("no_reasons").truth.total()
    assert total.acceptance == pytest.approx(0.25, abs=0.01)
    assert total.vague / total.rejected == pytest.approx(0.9, abs=0.01)


def test_score_inflation_falls_in_every_band(golden_set: Golden) -> None:
    rows = (
        golden_set("score_inflation")
        .con.execute(
            "select score_band, created_month, count(*), count(accepted_at) /"
            " count(*) filter (sales_decision is not null) from fct_leads group by all order by all"
        )
        .fetchall()
    )
    assert len(rows) == 8
    for (band, _, leads, before), (_, _, later_leads, now) in zip(
        rows[::2], rows[1::2], strict=True
    ):
        assert later_leads == 2 * leads, band
        assert now == pytest.approx(0.6 * before, abs=0.02), band


def test_mix_shift_changes_no_source(golden_set: Golden) -> None:
    truth = golden_set("mix_shift").truth
    before, now = truth.months
    for source in truth.sources:
        was, is_now = truth.total(before, source), truth.total(now, source)
        assert is_now.acceptance == pytest.approx(was.acceptance, abs=0.005), source
        assert is_now.leads == was.leads * (2 if source == "paid_social" else 1)
    assert truth.total(now).acceptance < truth.total(before).acceptance - 0.04


@pytest.mark.slow
@pytest.mark.parametrize("name", WORLDS)
def test_models_and_oracle_agree(name: str, build: Build, tmp_path: Path) -> None:
    golden = publish(name, tmp_path / "raw")
    assert_same(build(golden.raw, golden.as_of), golden.tables)

"""Marts and story of a CRM as strangers keep it: what it cannot tell is said, never ranked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
from conftest import Build
from leadsignal import scorecard, story, warehouse

from . import foreign_crm
from .foreign_crm import EARLY, Lead

pytestmark = pytest.mark.slow

Published = duckdb.DuckDBPyConnection
AS_SOURCE = {"direct_traffic": "direct", "social": "unknown", "": "unknown"}


@pytest.fixture(scope="module")
def built(
    build: Build, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[list[Lead], Published]]:
    folder = tmp_path_factory.mktemp("foreign")
    leads = foreign_crm.write(folder / "raw" / "strangers")
    with warehouse.open_published(build(folder / "raw", foreign_crm.AS_OF)) as connection:
        yield leads, connection


@pytest.fixture
def published(built: tuple[list[Lead], Published]) -> Published:
    return built[1]


def rows(published: Published, sql: str) -> list[tuple[Any, ...]]:
    return published.execute(sql).fetchall()


def test_leads_and_deals_are_counted_by_source(built: tuple[list[Lead], Published]) -> None:
    leads, published = built
    sources = [AS_SOURCE.get(origin, origin) for _, _, origin, _, _ in leads]
    customers = [source for source, lead in zip(sources, leads, strict=True) if lead[-1]]
    found = rows(
        published,
        "select source, sum(leads), sum(opportunities), sum(won), sum(lost)"
        " from lead_quality_by_source group by source",
    )
    assert {row[0]: row[1:] for row in found} == {
        source: (n, Counter(customers)[source], Counter(customers)[source], 0)
        for source, n in Counter(sources).items()
    }


def test_an_origin_that_is_not_filled_is_unknown_and_one_that_is_not_mapped_is_named(
    published: Published,
) -> None:
    assert rows(
        published,
        "select source_raw, count(*) from fct_leads where source = 'unknown' group by all"
        " order by all",
    ) == [("social", 600), (None, 600)]
    assert rows(published, "select field, raw_value, rows from unmapped_values") == [
        ("lead source", "social", 600)
    ]
    [(warnings,)] = rows(published, "select warnings from publication")
    assert 'lead source "social" is not mapped and counts as unknown (rows: 600)' in warnings


def test_a_win_before_the_first_contact_takes_no_negative_time(published: Published) -> None:
    assert rows(
        published,
        "select days_to_close, closed_at < created_at from fct_opportunities"
        f" where opportunity_id = 'strangers:d{EARLY}'",
    ) == [(None, True)]
    assert rows(
        published,
        "select outcome, lifecycle_stage, has_opportunity_in_horizon"
        f" from fct_leads where lead_id = 'strangers:{EARLY}'",
    ) == [("won", "won", True)]
    for table in ("fct_lead_stages", "fct_opportunity_stages"):
        assert rows(published, f"select count(*) from {table} where days_in_stage < 0") == [(0,)]


def test_deals_without_amounts_have_no_value(published: Published) -> None:
    assert rows(
        published,
        "select count(*) filter (has_amount), max(value_win_rate)"
        " from fct_opportunities cross join win_rate_by_source",
    ) == [(0, None)]


def test_win_rates_without_any_loss_are_graded_low(published: Published) -> None:
    card = scorecard.scorecard(published, None, "month", "2025-10-31")
    won = card.row("win_rate")
    assert (won.value, won.grade) == (1.0, "low")
    assert card.row("cohort_win_rate").grade == "low"
    assert card.row("value_win_rate").value is None
    assert card.row("lead_to_opportunity_rate").grade == "high"


def test_story_tells_of_no_win_rate_and_of_leads_without_a_source(published: Published) -> None:
    told = str(story.story(published, "quarter", "2025-09-30"))
    assert "No lost deal is on record, of this or any other time, so there is no win rate." in told
    assert "No rejected lead is on record, of this or any other time" in told
    assert "They did most often from leads without a known source" in told
    assert "Where the leads without a known source came from is the first thing" in told
    assert "Are lost deals on record? None of" in told
    assert "100%" not in told
    assert "focus on" not in told

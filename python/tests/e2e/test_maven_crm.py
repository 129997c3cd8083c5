"""A CRM of opportunities alone: the published tables equal what was counted from its raw tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
from builds import SHARED
from conftest import Build
from leadsignal import scorecard, story, warehouse

MAVEN = SHARED / "maven_crm"
AS_OF = "2017-12-31"
MAPPING = """
    copy (
        select
            opportunity_id,
            engage_date as created_at,
            deal_stage as stage,
            close_value as amount,
            close_date as closed_at,
            sales_agent as owner,
            account as company
        from read_csv('{maven}/sales_pipeline.csv', all_varchar = true)
    ) to '{raw}/opportunities.csv' (header)
"""
Rows = list[tuple[Any, ...]]

pytestmark = pytest.mark.skipif(not MAVEN.exists(), reason="../shared/data/maven_crm is not here")


@pytest.fixture(scope="module")
def published(
    build: Build, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("maven")
    raw = folder / "raw" / "maven"
    raw.mkdir(parents=True)
    duckdb.connect().execute(MAPPING.format(maven=MAVEN, raw=raw))
    with warehouse.open_published(build(folder / "raw", AS_OF)) as connection:
        yield connection


def truth(table: str, columns: str = "*") -> Rows:
    return (
        duckdb.connect()
        .execute(f"select {columns} from '{MAVEN}/truth/{table}.csv' order by all")
        .fetchall()
    )


def found(published: duckdb.DuckDBPyConnection, sql: str) -> Rows:
    return published.execute(f"{sql} order by all").fetchall()


def counts(group: str) -> str:
    return f"""
        select
            {group},
            count(*),
            count(*) filter (stage = 'Prospecting'),
            count(*) filter (stage = 'Engaging'),
            count(*) filter (outcome = 'won'),
            count(*) filter (outcome = 'lost'),
            coalesce(sum(amount) filter (outcome = 'won'), 0),
            median(days_to_close) filter (outcome = 'won'),
            median(days_to_close) filter (outcome = 'lost'),
            round(avg(days_to_close) filter (outcome = 'won'), 4)
        from fct_opportunities
        group by all
    """


COUNTED = (
    "opportunities, prospecting, engaging, won, lost, won_value, median_days_won,"
    " median_days_lost, avg_days_won"
)


def test_overall(published: duckdb.DuckDBPyConnection) -> None:
    assert found(
        published,
        """
        select
            count(*), count(*) filter (outcome = 'won'), count(*) filter (outcome = 'lost'),
            count(*) filter (stage = 'Engaging'), count(*) filter (stage = 'Prospecting'),
            sum(amount) filter (outcome = 'won'),
            min(created_at)::date, max(created_at)::date,
            min(closed_on), max(closed_on)
        from fct_opportunities
        """,
    ) == truth(
        "overall",
        "opportunities, won, lost, engaging, prospecting, won_value, first_engage, last_engage,"
        " first_close, last_close",
    )
    assert found(
        published,
        "select sum(won), sum(lost), round(sum(won) / sum(won + lost), 6) from win_rate_by_source",
    ) == truth("overall", "won, lost, win_rate_closed")


@pytest.mark.parametrize(
    ("table", "group", "ours"),
    [
        ("by_deal_stage", "deal_stage", "stage"),
        ("by_sales_agent", "sales_agent", "split_part(owner_id, ':', 2)"),
    ],
)
def test_by(published: duckdb.DuckDBPyConnection, table: str, group: str, ours: str) -> None:
    assert found(published, counts(ours)) == truth(table, f"{group}, {COUNTED}")


def test_by_account_those_without_one_among_them(published: duckdb.DuckDBPyConnection) -> None:
    sql = counts("coalesce(company_name, '(null)')").replace(
        "from fct_opportunities",
        "from fct_opportunities left join dim_companies using (company_id)",
    )
    assert found(published, sql) == truth("by_account", f"account, {COUNTED}")


def test_by_close_month(published: duckdb.DuckDBPyConnection) -> None:
    assert found(
        published,
        """
        select
            strftime(closed_month, '%Y-%m'), won + lost, won, won_amount, round(win_rate, 6)
        from win_rate_by_source
        """,
    ) == truth("by_close_month", "month, closed, won, won_value, win_rate")


def test_by_month_opened_those_without_one_among_them(
    published: duckdb.DuckDBPyConnection,
) -> None:
    assert found(
        published,
        """
        select
            coalesce(strftime(opened_month, '%Y-%m'), '(null)'),
            count(*), count(*) filter (outcome = 'won'), count(*) filter (outcome = 'lost'),
            count(*) filter (stage = 'Engaging')
        from fct_opportunities
        group by all
        """,
    ) == truth("by_engage_month_cohort", "month, opportunities, won, lost, still_engaging")


def test_age_of_the_open_pipeline(published: duckdb.DuckDBPyConnection) -> None:
    assert found(
        published,
        f"""
        select
            stage, count(*), count(created_at), count(company_id),
            median(date_diff('day', created_at::date, date '{AS_OF}')),
            max(date_diff('day', created_at::date, date '{AS_OF}'))
        from fct_opportunities
        where outcome = 'open'
        group by all
        """,
    ) == truth(
        "open_pipeline_age_2017_12_31",
        "deal_stage, n, with_engage_date, with_account, median_age_days, max_age_days",
    )


def test_every_row_is_used(published: duckdb.DuckDBPyConnection) -> None:
    assert found(published, "select raw_table, raw_rows, used_rows from row_accounting") == [
        ("opportunities", 8800, 8800)
    ]


def test_scorecard_of_deals_alone_has_no_rate_of_leads(
    published: duckdb.DuckDBPyConnection,
) -> None:
    card = scorecard.scorecard(published)
    of_leads = [
        row
        for row in card.rows
        if row.axis in ("captured", "handed over", "rejected") and row.unit != "count"
    ]
    assert len(of_leads) > 10
    assert {row.value for row in of_leads} == {None}
    won = card.row("win_rate")
    assert (won.numerator, won.denominator) == (511, 651)
    assert card.row("lead_volume").value == 0
    assert card.row("value_win_rate").grade == "low"  # no lost deal has an amount


@pytest.mark.parametrize("by", ["source", "owner", "campaign", "month"])
def test_scorecard_can_be_cut(published: duckdb.DuckDBPyConnection, by: str) -> None:
    assert scorecard.scorecard(published, by).render()


def test_story_is_of_the_deals(published: duckdb.DuckDBPyConnection) -> None:
    told = str(story.story(published))
    assert told.startswith(
        "The CRM has no leads on record, so this is the story of its 8,800 deals: 6,711 are "
        "closed, 2,089 are open."
    )
    assert "651 closed in December 2017: 511 won and 140 lost" in told
    assert "leads were captured" not in told
    assert "None of 0" not in told

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from golden_crms import GoldenSet
from leadsignal import advice, report, standing, story
from leadsignal.errors import UsageError
from leadsignal.facts import gather as facts_of
from leadsignal.honesty.outcomes import win_rate_over_time
from leadsignal.honesty.survival import survival_at
from leadsignal.questions import answer
from leadsignal.questions.asking import Asked
from leadsignal.questions.velocity import visits
from leadsignal.report.content import Table
from leadsignal.scorecard import scorecard
from tiny_marts import TinyMarts

SECTIONS = [
    *("funnel", "sources", "reasons", "velocity", "cohorts", "follow_up", "trust", "advice"),
    *("audit", "definitions"),
]
MONTH = "2026-10"


@pytest.fixture(scope="module")
def published(golden_set: Callable[[str], GoldenSet]) -> GoldenSet:
    return golden_set("quiet")


@pytest.fixture(scope="module")
def made(published: GoldenSet) -> report.Report:
    return report.gather(published.con)


@pytest.fixture(scope="module")
def tables(made: report.Report) -> dict[str, Table]:
    return {table.name: table for table in made.tables}


def total(published: GoldenSet, sql: str, *values: object) -> tuple[Any, ...]:
    return published.con.execute(sql, list(values)).fetchall()[0]


def test_sections_stand_in_the_order_of_reading(made: report.Report) -> None:
    assert [section.name for section in made.sections] == SECTIONS
    assert made.period == MONTH
    assert len({table.name for table in made.tables}) == len(list(made.tables))


def test_figures_are_those_of_the_scorecard(published: GoldenSet, tables: dict[str, Table]) -> None:
    rows = {row["metric"]: row for row in tables["figures"].to_dict()["rows"]}
    card = scorecard(published.con)
    assert len(card.rows) == len(rows)
    for row in card.rows:
        shown = rows[row.metric]
        assert (shown["value"], shown["low"], shown["high"]) == (row.value, row.low, row.high)
        assert (shown["numerator"], shown["denominator"]) == (row.numerator, row.denominator)
        assert (shown["grade"], shown["is_small_sample"]) == (row.grade, row.is_small_sample)
        assert (shown["change"] or None) == row.change


def test_first_screen_has_every_leading_and_lagging_figure(
    published: GoldenSet, made: report.Report
) -> None:
    card = scorecard(published.con)
    shown = [tile for tiles in made.headline.tiles.values() for tile in tiles]
    assert len(shown) == sum(row.indicator is not None for row in card.rows)
    fit, row = next(tile for tile in shown if tile.label == "Fit rate"), card.row("icp_fit_rate")
    assert fit.value == f"{row.value:.1%}"
    assert fit.details == (
        f"{row.numerator:,.0f} of {row.denominator:,.0f}", f"{row.low:.1%} to {row.high:.1%}"
    )  # fmt: skip
    assert fit.change.startswith(f"{row.change} since September 2026")
    assert fit.history[-1] == row.value
    assert fit.history[-2] == row.previous


def test_freshness_is_the_publication(published: GoldenSet, made: report.Report) -> None:
    fresh = dict(made.headline.fresh)
    build, version = total(published, "select build_id, definition_version from publication")
    assert fresh["Build"] == build
    assert fresh["As of (UTC)"] == "2026-10-31 23:59:59"
    assert fresh["Definitions"] == (version or "not known")


def test_history_ends_with_the_figures_of_the_period(
    published: GoldenSet, tables: dict[str, Table]
) -> None:
    newest, before = tables["history"].rows[:2]
    card = scorecard(published.con)
    assert (newest["label"], before["label"]) == (MONTH, "2026-09")
    assert newest["icp_fit_rate"].value == card.row("icp_fit_rate").value
    assert before["icp_fit_rate"].value == card.row("icp_fit_rate").previous


def test_funnel_counts_one_population(published: GoldenSet, tables: dict[str, Table]) -> None:
    every, *sources = tables["funnel"].rows
    counted = total(
        published,
        "select count(*), count(*) filter (is_icp_fit), count(accepted_at), count(handed_over_at),"
        " count(first_conversation_at) from fct_leads"
        " where created_at >= '2026-10-01' and created_at < '2026-11-01'",
    )
    gates = ("fit", "accepted", "handed_over", "conversations")
    assert (every["leads"], *(every[gate].numerator for gate in gates)) == counted
    for gate in gates:
        assert every[gate].denominator == every["leads"]
        assert sum(row[gate].numerator for row in sources) == every[gate].numerator
    assert sum(row["leads"] for row in sources) == every["leads"]


def test_sources_say_what_the_tests_say(published: GoldenSet, tables: dict[str, Table]) -> None:
    rows = {row["source"]: row for row in tables["sources"].rows}
    leads, fit = total(
        published,
        "select sum(leads), sum(icp_fit_leads) from lead_quality_by_source"
        " where created_month = '2026-10-01' and source = 'webinar'",
    )
    assert (rows["webinar"]["leads"], rows["webinar"]["fit"].numerator) == (leads, fit)
    facts = facts_of(published.con, "month", None)
    compared = standing.compare(facts.cuts["source"], facts.funnel, facts.published.min_sample)
    words = {"better": "fits more than the rest", "worse": "fits less than the rest"}
    for one in compared.standings:
        if one.fit in words:
            assert rows[one.name]["verdict"].startswith(words[one.fit])
        else:
            assert rows[one.name]["verdict"] in ("no clear difference", "too few leads to tell")


def test_reasons_add_up_to_the_published_table(
    published: GoldenSet, tables: dict[str, Table]
) -> None:
    [decided] = total(
        published,
        "select sum(leads) from disqualification_by_source where decision_month = '2026-10-01'",
    )
    assert decided
    assert sum(row["leads"].numerator for row in tables["reasons"].rows) == decided
    assert {row["leads"].denominator for row in tables["reasons"].rows} == {decided}
    assert sum(row["leads"] for row in tables["reasons_by_source"].rows) == decided


def test_cohorts_are_the_published_months(published: GoldenSet, tables: dict[str, Table]) -> None:
    rows = tables["cohorts"].rows
    assert {row["month"] for row in rows} >= {MONTH, "2026-09"}
    for row in rows:
        source = "" if row["source"] is None else " and source = ?"
        counted = total(
            published,
            "select sum(leads), sum(mature_leads), sum(mature_opportunity_leads) from"
            f" lead_quality_by_source where strftime(created_month, '%Y-%m') = ?{source}",
            row["month"],
            *([row["source"]] if source else []),
        )
        assert (row["leads"], row["mature"], row["rate"].numerator) == counted
        assert row["rate"].denominator == row["mature"] == row["leads"] - row["immature"]


def test_follow_up_by_group_adds_up_to_the_figure(
    published: GoldenSet, tables: dict[str, Table]
) -> None:
    row = scorecard(published.con).row("follow_up_completion_rate")
    [handed_over] = total(
        published,
        "select sum(handed_over_leads) from follow_up_by_owner"
        " where handed_over_month = '2026-10-01'",
    )
    rows = tables["follow_up"].rows
    assert sum(one["due"] for one in rows) == row.denominator
    assert sum(one["followed_up"].numerator for one in rows) == row.numerator
    assert sum(one["handed_over"] for one in rows) == handed_over > 0
    of_the_month = [one for one in tables["follow_up_by_month"].rows if one["month"] == MONTH]
    assert [one["due"] for one in of_the_month] == [one["due"] for one in rows]
    owners = {row[0] for row in published.con.execute("select owner_id from dim_owners").fetchall()}
    assert not owners & {one["owners"] for one in rows}


def test_fate_of_deals_is_that_of_the_competing_outcomes(
    published: GoldenSet, tables: dict[str, Table]
) -> None:
    known = win_rate_over_time(published.con, None, (0, 30, 90)).to_pylist()
    rows = {row["days"]: row for row in tables["deals_by_age"].rows}
    assert known[1]["win_rate"] is not None
    for one in known:
        if one["win_rate"] is None:
            assert one["days"] not in rows
            continue
        assert rows[one["days"]].items() >= one.items()


def test_stage_curves_are_kaplan_and_meiers_with_open_visits_censored(
    published: GoldenSet, tables: dict[str, Table]
) -> None:
    times = visits(Asked.of(published.con, "month", None))
    rows = {(row["stage"], row["outcome"]): row for row in tables["stage_curves"].rows}
    assert rows.keys() == times.keys()
    assert rows
    for key, (finished, going_on) in times.items():
        [after] = survival_at(finished, going_on, [0])
        assert rows[key]["after_0"] == after.value
        assert rows[key]["few"] == (len(finished) + len(going_on) < 30)
        assert (rows[key]["visits"], rows[key]["going_on"]) == (
            len(finished) + len(going_on), len(going_on)
        )  # fmt: skip
    medians = answer(published.con, "velocity").table.to_pylist()
    assert [row["median_days"] for row in tables["velocity"].rows] == [
        row["median_days"] for row in medians
    ]


def test_trust_is_the_published_table(published: GoldenSet, tables: dict[str, Table]) -> None:
    asked = published.con.execute(
        "select question, answerable_rows, rows, grade from crm_trust order by question_order"
    ).fetchall()
    shown = [
        (row["question"], row["answerable"].numerator, row["answerable"].denominator, row["grade"])
        for row in tables["trust"].rows
    ]
    assert shown == asked


def test_story_and_advice_are_those_of_their_own_code(
    published: GoldenSet, made: report.Report
) -> None:
    assert "\n\n".join(made.story) == story.story(published.con).text
    marts = two_sided()
    facts = facts_of(marts.con, "month", None)
    compared = standing.compare(facts.cuts["source"], facts.funnel, facts.published.min_sample)
    found = advice.recommend(facts, compared)
    tables = {table.name: table for table in report.gather(marts.con).tables}
    assert found
    assert [row["at_stake"] for row in tables["advice"].rows] == [one.effect.words for one in found]
    fit = next(row for row in tables["evidence"].rows if row["query"].startswith("icp_fit_leads"))
    assert fit["value"] == 2


def two_sided() -> TinyMarts:
    """A source whose leads do not fit beside one whose leads do."""
    marts = TinyMarts()
    for place in range(40):
        marts.accepted(source="webinar", owner_id="salesforce:U1")
        if place < 2:
            marts.accepted(source="paid_social", demand_type="paid")
        else:
            marts.rejected("wrong_industry", "fit", source="paid_social", demand_type="paid")
    return marts


def test_audit_is_shown_only_of_the_same_build(published: GoldenSet) -> None:
    rule = {
        "id": "x", "severity": "warning", "sentence": "Sales says why.", "success": False,
        "skipped": None, "observed": "9 of 20 leads", "what_to_do": "Ask.", "line": "Not so.",
    }  # fmt: skip
    kept = rule | {"success": True, "line": None}
    skipped = kept | {"skipped": "no rows"}
    made = report.gather(published.con, audited={"results": [kept, rule, skipped]})
    [section] = [one for one in made.sections if one.name == "audit"]
    assert section.words == ("1 of 2 rules that could be judged hold, 1 is broken.",)
    assert [row["verdict"] for row in section.tables[1].rows] == [
        "broken", "holds", "not enough to judge"
    ]  # fmt: skip
    assert section.tables[0].rows[0]["what_to_do"] == "Ask."
    assert "Not so." in made.headline.warnings
    [without] = [one for one in report.gather(published.con).sections if one.name == "audit"]
    assert "not available" in without.words[0]


def test_definitions_carry_their_version_and_what_each_figure_means(
    published: GoldenSet, tables: dict[str, Table]
) -> None:
    settings = {row["label"]: row["value"] for row in tables["settings"].rows}
    assert settings["Days after which a lead is mature"] == "90"
    metrics = {row["name"]: row for row in tables["metrics"].rows}
    assert metrics["win_rate"]["axis"] == "closed"
    assert metrics.keys() == {row.metric for row in scorecard(published.con).rows}


def test_what_the_crm_cannot_answer_is_said_and_kept_out_of_sight() -> None:
    marts = two_sided()
    marts.distrust(3)
    marts.distrust(6)
    made = report.gather(marts.con)
    tables = {table.name: table for table in made.tables}
    funnel = tables["funnel"]
    fit = next(column for column in funnel.columns if column.name == "fit")
    assert funnel.cell(funnel.rows[0], fit) == "not answerable"
    assert funnel.to_dict()["rows"][0]["fit"]["numerator"] == 42
    assert "fit" in funnel.to_dict()["not_answerable"]
    tiles = {tile.label: tile for tiles in made.headline.tiles.values() for tile in tiles}
    assert (tiles["Fit rate"].value, tiles["Fit rate"].history) == ("not answerable", ())
    sources = next(one for one in made.sections if one.name == "sources")
    assert not sources.charts
    assert sources.words[0].startswith("Not answerable: only 10 of 100 rows")


def test_speed_of_deals_is_not_drawn_where_losses_are_not_kept() -> None:
    marts = TinyMarts()
    marts.deal(outcome="won", closed_at="2026-10-20 10:00:00", days_to_close=8.0)
    marts.insert("crm_trust", question="are lost deals on record", question_order=14, grade="low",
                 rows=100, answerable_rows=10)  # fmt: skip
    [section] = [one for one in report.gather(marts.con).sections if one.name == "velocity"]
    assert section.words[0].startswith("Not answerable: only 10 of 100 rows")
    assert not section.charts
    [table] = section.tables
    won = next(column for column in table.columns if column.name == "win_rate")
    assert table.cell(table.rows[-1], won) == "not answerable"


def test_small_samples_are_marked() -> None:
    marts = TinyMarts()
    marts.accepted()
    tables = {table.name: table for table in report.gather(marts.con).tables}
    funnel = tables["funnel"]
    fit = next(column for column in funnel.columns if column.name == "fit")
    assert funnel.cell(funnel.rows[0], fit) == "1 of 1 (100.0%*; 20.7% to 100.0%)"
    assert tables["sources"].rows[1]["verdict"] == "too few leads to tell"


@pytest.mark.parametrize("kind", ["week", "month", "quarter"])
def test_empty_crm_says_so(kind: str) -> None:
    made = report.gather(TinyMarts().con, kind)
    words = {section.name: section.words[0] for section in made.sections}
    assert words["funnel"].startswith("No lead was captured in")
    assert words["velocity"] == "Not answerable: no deal is on record. First: load the " + (
        "opportunities of the CRM."
    )
    assert words["cohorts"] == "No lead was captured in the last twelve months."
    assert "No lead with follow-up on record" in words["follow_up"]
    assert "no change" in words["advice"]
    assert not [chart for section in made.sections[:6] for chart in section.charts]


def test_leads_without_dates_are_told_of_all_time() -> None:
    marts = TinyMarts()
    marts.insert("fct_leads", lead_id="salesforce:L1", source="web", fit_verdict="unknown")
    made = report.gather(marts.con)
    title = made.sections[0].charts[0].title
    assert title == "The leads of all time (no lead has a date) at each gate"


def test_week_shows_its_own_figures_and_twelve_weeks(published: GoldenSet) -> None:
    made = report.gather(published.con, "week", date(2026, 10, 4))
    tables = {table.name: table for table in made.tables}
    assert made.period == "2026-09-28"
    assert tables["follow_up"].caption == (
        "Follow-up of leads handed over in the week of 28 September 2026"
    )
    assert len(tables["history"].rows) == 12
    assert tables["history"].rows[0]["month"] is None


def test_months_and_sources_of_the_filters_are_those_of_the_rows(made: report.Report) -> None:
    assert made.months[0] == MONTH
    assert list(made.months) == sorted(made.months, reverse=True)
    assert "webinar" in made.sources


def test_moment_beyond_the_build_is_refused(published: GoldenSet) -> None:
    with pytest.raises(UsageError, match="later than the published set"):
        report.gather(published.con, as_of="2027-01-01")

"""Cases that the golden CRMs do not have: few deals, unknown sources, owners nobody listed."""

from dataclasses import replace

import pytest
from leadsignal import advice, report, standing
from leadsignal.evidence import Evidence
from leadsignal.facts import gather as facts_of
from leadsignal.report import advised, charts, drawing, files
from leadsignal.report.content import Chart, Row, Section, Table, tabled
from tiny_marts import TinyMarts

NO_LONGER, NOT_LISTED = "owners no longer active", "owners not in the list of users"
WON = {"outcome": "won", "closed_at": "2026-10-20 10:00:00", "days_to_close": 8.0}
LOST = {"outcome": "lost", "closed_at": "2026-10-20 10:00:00", "days_to_close": 8.0}


def tables_of(marts: TinyMarts, kind: str = "month") -> dict[str, Table]:
    return {table.name: table for table in report.gather(marts.con, kind).tables}


def section_of(marts: TinyMarts, name: str) -> Section:
    [section] = [one for one in report.gather(marts.con).sections if one.name == name]
    return section


def cells(table: Table, row: Row) -> dict[str, str]:
    return {column.name: table.cell(row, column) for column in table.columns}


def drawn(chart: Chart) -> str:
    return drawing.svg(charts.spec(chart), chart.kind, "Told.", False)


def test_owner_whom_no_list_of_users_knows_is_not_said_to_have_left() -> None:
    marts = TinyMarts()
    for owner, kind, is_active in (
        ("unlisted", "unknown", None), ("gone", "user", False), ("there", "user", True)
    ):  # fmt: skip
        marts.insert("dim_owners", owner_id=owner, owner_type=kind, is_active=is_active)
        marts.lead(owner_id=owner)
    marts.lead(owner_id="in no table")
    marts.lead()
    found = {row["owners"]: row["handed_over"] for row in tables_of(marts)["follow_up"].rows}
    assert found == {"active owners": 1, NO_LONGER: 1, NOT_LISTED: 2, "nobody": 1}


@pytest.mark.parametrize(
    ("kind", "as_of", "due"), [("week", "11-01", 4), ("month", "10-31", 6), ("quarter", "12-31", 6)]
)
def test_groups_of_owners_add_up_to_the_tile_without_leads_before_the_activities(
    kind: str, as_of: str, due: int
) -> None:
    marts = TinyMarts(as_of=f"2026-{as_of} 23:59:59")
    for day in ("06", "28", "29"):
        marts.lead(f"2026-10-{day} 09:00:00", owner_id="a")
        marts.lead(f"2026-10-{day} 09:00:00", owner_id="b", is_follow_up_completed=False)
        marts.forgotten(f"2026-10-{day} 09:00:00", owner_id="b")
    made = report.gather(marts.con, kind)
    [section] = [one for one in made.sections if one.name == "follow_up"]
    rows = section.charts[0].table.rows
    tiles = {tile.label: tile for tiles in made.headline.tiles.values() for tile in tiles}
    done = sum(one["followed_up"].numerator for one in rows)
    assert sum(one["due"] for one in rows) == due
    assert tiles["Follow-up completion rate"].details[0] == f"{done:.0f} of {due}"
    assert f"and due, {done:.0f} of {due} (50.0%*; " in section.words[0]
    assert section.words[1] == (
        f"{due // 2} leads are left out: handed over before the first activity that the CRM still "
        "has."
    )
    assert sum(one["due"] for one in section.tables[0].rows) == 6


def test_owners_of_several_months_are_counted_once_and_nobody_is_no_owner() -> None:
    marts = TinyMarts(as_of="2026-12-31 23:59:59")
    for owner, month in (("a", 10), ("a", 11), ("b", 11), ("c", 12), (None, 12)):
        marts.lead(f"2026-{month}-10 09:00:00", owner_id=owner)
        marts.insert("dim_owners", owner_id=owner, owner_type="user", is_active=True)
    marts.con.execute("create or replace table dim_owners as select distinct * from dim_owners")
    table = tables_of(marts, "quarter")["follow_up"]
    sizes = {row["owners"]: cells(table, row)["group_size"] for row in table.rows}
    assert sizes == {"active owners": "3", "nobody": "-"}


def test_unknown_source_stands_among_the_others_by_its_leads() -> None:
    marts = TinyMarts()
    for place in range(10):
        for _ in range(2):
            marts.lead(source=f"s{place}")
    for source, leads in (("unknown", 5), ("webinar", 3)):
        for _ in range(leads):
            marts.accepted(source=source)
    section = section_of(marts, "sources")
    [chart] = section.charts
    assert [row["source"] for row in chart.table.rows[:3]] == [None, "unknown", "webinar"]
    assert chart.alternative.startswith("Most leads came from unknown (5), webinar (3)")
    assert 'data-source="unknown"' in drawn(chart)


def test_sources_are_not_ranked_by_a_fit_that_the_crm_cannot_tell() -> None:
    marts = TinyMarts()
    for source, fit in (("webinar", 90), ("paid_social", 10)):
        for place in range(100):
            is_fit = place < fit
            verdict = "pass" if is_fit else "fail"
            marts.lead(source=source, is_icp_fit=is_fit, fit_verdict=verdict)
    verdicts = {"webinar": "fits more than the rest", "paid_social": "fits less than the rest"}
    for told in (verdicts, dict.fromkeys(verdicts, "fit not known")):
        [table] = section_of(marts, "sources").every_table
        rows = {row["source"]: cells(table, row)["verdict"] for row in table.rows[1:]}
        assert rows == told
        marts.distrust(3)


@pytest.mark.parametrize("question", [7, 9])
def test_strong_pipeline_of_deals_that_cannot_be_judged_is_not_answerable(question: int) -> None:
    marts = TinyMarts()
    for _ in range(40):
        marts.accepted(stage="opportunity")
    assert tables_of(marts)["funnel"].doubted == ()
    marts.distrust(question)
    table = tables_of(marts)["funnel"]
    assert "strong" in table.doubted
    assert {cells(table, row)["strong"] for row in table.rows} == {"not answerable"}


@pytest.mark.parametrize("name", ["funnel", "sources"])
def test_deals_of_leads_are_said_to_be_those_so_far(name: str) -> None:
    marts = TinyMarts(conversion_horizon_days=20)
    for is_mature in (True, False, False):
        marts.accepted(stage="opportunity", is_mature=is_mature)
    section = section_of(marts, name)
    assert section.words[-1] == (
        "Of these leads, 1 of 3 is mature (20 days old or more); the others may still become "
        "opportunities."
    )
    labels = {column.name: column.label for column in section.charts[0].table.columns}
    assert labels["opportunities"] == "Opportunity so far"
    assert labels.get("strong", "Strong pipeline so far") == "Strong pipeline so far"


def test_reasons_read_the_same_everywhere() -> None:
    marts = TinyMarts()
    marts.insert("disqualification_by_source", decision_month="2026-10-01", source="web",
                 reason="company_too_small", issue="follow_up", leads=4)  # fmt: skip
    section = section_of(marts, "reasons")
    for table in section.every_table:
        [row] = table.rows
        assert (row["issue"], row["reason"]) == ("follow up", "company too small")
    picture = drawn(section.charts[0])
    assert "follow up: company too small" in picture
    assert "company_too_small" not in picture


def test_fate_of_few_deals_says_how_few_and_what_is_left_out() -> None:
    marts = TinyMarts()
    for ending in (WON, WON, LOST, LOST | {"days_to_close": -3.0}):
        marts.deal("2026-10-12 10:00:00", **ending)
    section = section_of(marts, "velocity")
    fate = section.charts[0].table
    assert {cells(fate, row)["is_small_sample"] for row in fate.rows} == {"yes"}
    assert {row["deals"] for row in fate.rows} == {3}
    [told] = [words for words in section.words if words.startswith("90 days after opening")]
    low, high = (fate.rows[-1][end] for end in ("low", "high"))
    assert told.startswith(
        "90 days after opening an estimated 67% of 3 deals are won (95% interval "
    )
    assert f"{low:.1%} to {high:.1%}" in told
    assert told.endswith("(small sample).")
    assert section.charts[0].alternative == told
    assert "1 deal is left out of the deals by age: the dates contradict, or one is missing." in (
        section.words
    )


def test_enough_deals_are_no_small_sample_and_medians_of_few_visits_are() -> None:
    marts = TinyMarts()
    for number in range(30):
        marts.deal("2026-10-12 10:00:00", **WON)
        for stage, count in (("often", 30), ("seldom", 2)):
            if number < count:
                marts.insert("fct_opportunity_stages", opportunity_id=f"o{number}", stage=stage,
                             stage_order=1, visit_number=1, days_in_stage=3.0, outcome="won",
                             entered_at="2026-09-20 10:00:00")  # fmt: skip
    section = section_of(marts, "velocity")
    assert not section.charts[0].table.rows[0]["is_small_sample"]
    assert not [words for words in section.words if "small sample" in words or "left out" in words]
    [medians] = section.tables
    assert {row["stage"]: cells(medians, row)["few"] for row in medians.rows} == {
        "often": "no", "seldom": "yes"
    }  # fmt: skip


def test_older_figures_have_their_counts_and_small_samples_their_star() -> None:
    marts = TinyMarts()
    for month in ("2026-10", "2026-09", "2025-10"):
        marts.accepted(f"{month}-10 09:00:00")
        marts.lead(f"{month}-10 09:00:00")
    made = report.gather(marts.con)
    tables = {table.name: table for table in made.tables}
    [row] = [one for one in tables["figures"].rows if one["metric"] == "icp_fit_rate"]
    older = "50.0%* (1 of 2; 9.5% to 90.5%)"
    assert (row["now"], row["before"], row["ago"]) == ("50.0%*", older, older)
    tiles = {tile.label: tile for tiles in made.headline.tiles.values() for tile in tiles}
    assert tiles["Fit rate"].change.endswith("September 2026 (50.0%*, 1 of 2)")
    [touch] = [
        one for one in tables["figures"].rows if one["metric"] == "median_hours_to_first_touch"
    ]
    assert touch["before"] == "10.0* (2 of 2 finished; 10.0 to ?)"


def test_median_in_the_history_has_its_counts_on_the_page_and_in_words() -> None:
    marts = TinyMarts()
    marts.deal("2026-10-12 10:00:00", **WON)
    made = report.gather(marts.con)
    history = next(table for table in made.tables if table.name == "history")
    assert cells(history, history.rows[0])["median_days_to_close"] == (
        "8.0* (1 of 1 finished; 8.0 to ?)"
    )
    assert "8.0* <span>1 of 1 finished</span><span>8.0 to ?</span>" in files.text(made, "html")


def test_cohort_of_deals_that_may_still_close_is_marked() -> None:
    marts = TinyMarts()
    marts.deal("2026-10-12 10:00:00", is_mature=True, **LOST)
    marts.deal("2026-10-13 10:00:00")
    marts.deal("2026-09-13 10:00:00", is_mature=True, **WON)
    rows = {row["metric"]: row for row in tables_of(marts)["figures"].rows}
    assert rows["cohort_win_rate"]["now"] == "0.0%*, not mature"
    assert rows["cohort_win_rate"]["before"].startswith("100.0%* (1 of 1; ")
    assert not rows["cohort_win_rate"]["before"].endswith("not mature")
    others = [row["now"] for name, row in rows.items() if name != "cohort_win_rate"]
    assert not [text for text in others if "not mature" in text]


def test_evidence_is_written_in_the_unit_of_its_metric() -> None:
    marts = TinyMarts()
    for _ in range(40):
        marts.accepted(source="webinar")
        marts.rejected("wrong_industry", "fit", source="paid_social")
    marts.spend("2026-10-01", paid_social=120.0)
    marts.deal("2026-10-12 10:00:00", amount=300.0, **WON)
    marts.deal("2026-10-12 10:00:00", amount=100.0, **LOST)
    facts = facts_of(marts.con, "month", None)
    compared = standing.compare(facts.cuts["source"], facts.funnel, facts.published.min_sample)
    [found, *_] = advice.recommend(facts, compared)
    asked = ("leads", "icp_fit_rate", "value_win_rate", "cost_per_lead", "crm_trust.rows")
    counts = tuple(Evidence(metric, facts.period) for metric in asked)
    rows = advised._evidence(marts.con, [replace(found, counts=counts)])
    table = tabled("evidence", "Evidence", advised._EVIDENCE, rows)
    assert [cells(table, row)["value"] for row in table.rows] == [
        "80", "40 of 80 (50.0%)", "300 of 400 (75.0%)", "2 (120 for 80)", "1,000"
    ]  # fmt: skip

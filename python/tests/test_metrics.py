"""`Metrics`: the long answer, how sure it is, what it refuses, and what it notices."""

import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from leadsignal import Metrics
from leadsignal.errors import BuildFailed, UsageError
from leadsignal.honesty.statistics import wilson
from leadsignal.metrics import definitions
from leadsignal.metrics.definitions import AXES, metrics_of
from leadsignal.metrics.questions import COST, FOLLOW_UP, LOST, PROFILE, SOURCE
from leadsignal.warehouse import open_published
from manifests import semantic_manifest
from tiny_marts import TinyMarts, fifty_leads

LONG = ["metric", "value", "numerator", "denominator", "low", "high", "is_small_sample", "grade"]


@pytest.fixture(scope="module")
def fifty() -> Metrics:
    return Metrics(fifty_leads().con)


def _only(marts: TinyMarts, metric: str, **more: Any) -> dict[str, Any]:
    [row] = Metrics(marts.con).query(metric, **more).to_pylist()
    return dict(row)


def test_the_answer_is_long(fifty: Metrics) -> None:
    table = fifty.query(["icp_fit_rate", "leads"], "source")
    assert table.column_names == ["source", *LONG]
    rows = table.to_pylist()
    sources = sorted({row["source"] for row in rows})
    assert [(row["source"], row["metric"]) for row in rows] == [
        (source, metric) for source in sources for metric in ("icp_fit_rate", "leads")
    ]


def test_a_rate_has_its_counts_and_its_interval(fifty: Metrics) -> None:
    [row] = fifty.query("icp_fit_rate").to_pylist()
    low, high = wilson(18, 50) or (None, None)
    assert row == {
        "metric": "icp_fit_rate",
        "value": 0.36,
        "numerator": 18,
        "denominator": 50,
        "low": pytest.approx(low, rel=1e-12),
        "high": pytest.approx(high, rel=1e-12),
        "is_small_sample": False,
        "grade": "high",
    }


def test_a_rate_over_nothing_is_not_known(fifty: Metrics) -> None:
    [row] = fifty.query("win_rate").to_pylist()
    assert (row["value"], row["numerator"], row["denominator"]) == (None, 0, 0)
    assert (row["low"], row["high"], row["is_small_sample"]) == (None, None, True)


def test_few_cases_are_flagged(fifty: Metrics) -> None:
    rows = fifty.query(["icp_fit_rate", "leads", "spend"], "source").to_pylist()
    flags = {(row["metric"], row["source"]): row["is_small_sample"] for row in rows}
    assert flags["icp_fit_rate", "webinar"]
    assert flags["leads", "webinar"]
    assert not flags["spend", "webinar"]
    [whole] = fifty.query("leads", by=None).to_pylist()
    assert not whole["is_small_sample"]


def test_the_cases_of_a_share_of_amounts_are_the_deals_that_have_one() -> None:
    marts = TinyMarts(min_sample=2)
    marts.deal(outcome="won", amount=5000.0, closed_at="2026-10-20")
    marts.deal(outcome="lost", amount=None, closed_at="2026-10-20")
    assert _only(marts, "value_win_rate")["is_small_sample"]
    marts.deal(outcome="lost", amount=5000.0, closed_at="2026-10-20")
    assert not _only(marts, "value_win_rate")["is_small_sample"]


def test_the_published_min_sample_decides(fifty: Metrics) -> None:
    marts = TinyMarts(min_sample=2)
    marts.lead()
    assert _only(marts, "icp_fit_rate")["is_small_sample"]
    marts.lead()
    assert not _only(marts, "icp_fit_rate")["is_small_sample"]


@pytest.mark.parametrize(
    ("distrusted", "metric", "by", "grade"),
    [
        (PROFILE, "icp_fit_rate", (), "low"),
        (PROFILE, "noise_rate", (), None),
        (SOURCE, "icp_fit_rate", (), "high"),
        (SOURCE, "icp_fit_rate", "source", "low"),
        (SOURCE, "leads", "source", "low"),
        (FOLLOW_UP, "median_hours_to_first_touch", (), "low"),
        (COST, "cost_per_lead", (), "low"),
        (LOST, "sales_velocity", (), "low"),
    ],
)
def test_grade_is_that_of_the_weakest_answer(
    distrusted: int, metric: str, by: Any, grade: str | None
) -> None:
    marts = TinyMarts()
    marts.lead()
    marts.deal()
    marts.spend("2026-10-01", web=1.0)
    marts.insert("crm_trust", question="are lost deals on record", question_order=LOST,
                 grade="high", rows=1, answerable_rows=1, answerable_rate=1.0)  # fmt: skip
    marts.distrust(distrusted)
    [row] = Metrics(marts.con).query(metric, by).to_pylist()
    assert row["grade"] == grade


def test_a_filter_by_source_needs_the_source_too() -> None:
    marts = TinyMarts()
    marts.lead()
    marts.distrust(SOURCE)
    assert _only(marts, "leads", where="source = web")["grade"] == "low"
    assert _only(marts, "leads", where="crm = salesforce")["grade"] is None


def test_start_and_end_are_days_of_the_metrics_own_axis() -> None:
    marts = TinyMarts(reporting_timezone="America/New_York")
    marts.lead("2026-10-01 02:00:00")  # in New York captured on 30 September, handed over the same
    marts.lead("2026-10-01 03:30:00")  # captured on 30 September, handed over on 1 October
    marts.lead("2026-10-31 12:00:00")
    metrics = Metrics(marts.con)

    def found(metric: str, **days: Any) -> float:
        return float(metrics.query(metric, **days).column("value")[0].as_py())

    assert found("leads", end="2026-09-30") == 2
    assert found("leads", end="2026-09") == 2
    assert found("leads", start="2026-10", end="2026-10") == 1
    assert found("leads", start=date(2026, 9, 30), end=date(2026, 10, 30)) == 2
    assert found("leads", start="2026-10-31", end="2026-10-31") == 1
    assert found("handed_over_leads", start="2026-10", end="2026-Q4") == 2
    assert found("handed_over_leads", end="2026-Q3") == 1


def test_costs_start_and_end_with_whole_months() -> None:
    marts = TinyMarts()
    for month in ("2026-09", "2026-10", "2026-11"):
        marts.lead(f"{month}-10 09:00:00", created_month=f"{month}-01")
        marts.spend(f"{month}-01", web=10.0)
    metrics = Metrics(marts.con)
    for days in (
        {"start": "2026-10", "end": "2026-10"},
        {"start": "2026-10-01", "end": "2026-10-31"},
    ):
        assert metrics.query("spend", **days).column("value").to_pylist() == [10]
    assert metrics.query("spend", end="2026-10").column("value").to_pylist() == [20]


def test_periods_are_those_of_the_reporting_zone() -> None:
    marts = TinyMarts(reporting_timezone="Asia/Tokyo")
    marts.lead("2026-09-30 15:30:00")  # half past midnight of 1 October in Tokyo
    marts.deal("2026-12-31 15:30:00")
    metrics = Metrics(marts.con)
    assert metrics.query("leads", "month").column("month")[0].as_py() == date(2026, 10, 1)
    assert metrics.query("opportunities", "quarter").column("quarter")[0].as_py() == date(
        2027, 1, 1
    )
    [row] = metrics.query("leads", where="month = 2026-10 and quarter = 2026-Q4").to_pylist()
    assert row["value"] == 1


def test_a_derived_metric_is_its_formula_over_each_axis() -> None:
    marts = TinyMarts()
    for day in ("2026-10-02", "2026-10-03", "2026-10-04"):
        marts.deal(f"{day} 09:00:00")
    marts.deal("2026-09-01 09:00:00", outcome="won", amount=100.0, closed_at="2026-10-01 09:00:00",
               days_to_close=30.0)  # fmt: skip
    marts.deal("2026-09-01 09:00:00", outcome="lost", closed_at="2026-10-02 09:00:00")
    rows = Metrics(marts.con).query("sales_velocity", "month").to_pylist()
    assert [(row["month"], row["value"]) for row in rows] == [
        (date(2026, 9, 1), None),
        (date(2026, 10, 1), pytest.approx(3 * 0.5 * 100 / 30)),
    ]


def test_a_duration_counts_those_still_going_on() -> None:
    marts = TinyMarts(as_of="2026-10-31 00:00:00")
    for days in (10.0, 20.0, 30.0):
        marts.deal("2026-09-01 00:00:00", outcome="won", days_to_close=days,
                   closed_at="2026-09-20 00:00:00")  # fmt: skip
    marts.deal("2026-10-27 00:00:00")
    row = _only(marts, "median_days_to_close", by="source")
    assert (row["value"], row["numerator"], row["denominator"]) == (20.0, 3, 4)
    assert row["low"] == 10.0
    assert row["is_small_sample"]


def test_owners_are_known_by_their_key() -> None:
    marts = TinyMarts()
    marts.insert("dim_owners", owner_id="salesforce:Q", owner_type="queue", is_active=True)
    marts.lead(owner_id="salesforce:Q")
    marts.lead()
    rows = (
        Metrics(marts.con).query(["leads", "median_hours_to_first_touch"], "owner_type").to_pylist()
    )
    assert [(row["owner_type"], row["metric"], row["value"]) for row in rows] == [
        ("queue", "leads", 1),
        ("queue", "median_hours_to_first_touch", 10),
        (None, "leads", 1),
        (None, "median_hours_to_first_touch", 10),
    ]


def test_costs_know_the_channel_of_a_source() -> None:
    marts = TinyMarts()
    marts.insert("dim_sources", source="web", channel="website", demand_type="organic")
    marts.lead()
    marts.spend("2026-10-01", web=50.0)
    row = _only(marts, "cost_per_lead", by="channel")
    assert (row["channel"], row["value"]) == ("website", 50.0)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"metrics": "win_rat"}, "Did you mean win_rate"),
        ({"metrics": "leads", "by": "sorce"}, "Did you mean source"),
        ({"metrics": "contact_coverage_rate", "start": "2026-10"}, "has no start or end"),
        ({"metrics": "spend", "start": "2026-10-15"}, "known by month"),
        ({"metrics": "spend", "end": "2026-10-01"}, "known by month"),
        ({"metrics": "leads", "start": "soon"}, "'soon' is no day to start or end with"),
        ({"metrics": "leads", "end": "2026-13"}, "'2026-13' is no day"),
        ({"metrics": "leads", "start": "2026-10", "end": "2026-09"}, "is after end"),
        ({"metrics": "leads", "where": "week = 2026-W40"}, "cannot be compared with week"),
        ({"metrics": "handed_over_accepted"}, "There is no metric 'handed_over_accepted'"),
        ({"metrics": ["leads", "spend"], "by": "campaign"}, "spend does not know 'campaign'"),
        ({"metrics": "spend", "by": "weekday"}, "month, quarter, source."),
        ({"metrics": ["leads", 3]}, "`metrics` is ['leads', 3]."),
        ({"metrics": "leads", "by": 3}, "`by` is 3."),
        ({"metrics": "leads", "where": 3}, "The filter is 3."),
        ({"metrics": None}, "No metric is named"),
    ],
)
def test_what_is_not_understood_is_one_line(
    fifty: Metrics, arguments: dict[str, Any], said: str
) -> None:
    with pytest.raises(UsageError) as caught:
        fifty.query(**arguments)
    assert said in caught.value.lines[0]
    with pytest.raises(UsageError):
        fifty.explain_sql(**arguments)


def test_a_value_of_a_filter_that_no_row_has_is_warned_of(fifty: Metrics) -> None:
    with pytest.warns(
        UserWarning, match=r"No row has the source 'webinarr'\. Did you mean webinar"
    ):
        answer = fifty.query("lead_volume", where={"source": ["webinarr", "paid_social"]})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert fifty.query("lead_volume", where="source = paid_social") == answer


def test_a_refused_question_does_not_stand_in_the_way_of_the_next() -> None:
    metrics = Metrics(fifty_leads().con)
    with pytest.raises(UsageError, match="does not know 'lead_state'"):
        metrics.query("win_rate", "lead_state", "source = organic_search")
    assert metrics.query("opportunities").column("value").to_pylist() == [4]


def test_what_can_be_asked_is_listed(fifty: Metrics) -> None:
    defined = metrics_of(semantic_manifest())
    table = fifty.metrics()
    assert table.column("name").to_pylist() == list(defined)
    assert all(table.column("description").to_pylist())
    assert set(fifty.dimensions()) >= {"month", "quarter", "source", "channel", "demand_type"}
    leads = {"campaign", "offer", "owner", "company", "country", "industry", "company_size", "crm",
             "score_band", "definition_version", "week", "month", "quarter"}  # fmt: skip
    assert leads <= set(fifty.dimensions("leads"))
    assert leads - {"score_band", "definition_version"} <= set(fifty.dimensions("win_rate"))
    assert "month" not in fifty.dimensions("contact_coverage_rate")
    assert "week" not in fifty.dimensions("spend")
    alike: dict[tuple[str, ...], list[str]] = {}
    for name in defined:
        alike.setdefault(tuple(fifty.dimensions(name)), []).append(name)
    for dimensions, names in alike.items():
        fifty.query(names, dimensions)


def test_every_metric_says_what_it_is() -> None:
    for name, metric in metrics_of(semantic_manifest()).items():
        assert metric.label, name
        assert metric.description, name
        assert metric.unit, name
        assert metric.axis in {*AXES.values(), "as of"}, name
        assert metric.better in ("up", "down", None), name
        assert metric.indicator in ("leading", "lagging", None), name


def test_leading_and_lagging_are_those_of_the_decision() -> None:
    found: dict[str | None, set[str]] = {}
    for name, metric in metrics_of(semantic_manifest()).items():
        found.setdefault(metric.indicator, set()).add(name)
    assert found["leading"] == {
        "lead_volume", "icp_fit_rate", "qualified_rate", "sales_acceptance_rate",
        "follow_up_completion_rate", "conversation_rate",
    }  # fmt: skip
    assert found["lagging"] == {
        "opportunities", "opportunity_quality_rate", "lead_to_opportunity_rate", "pipeline_amount",
        "accepted_pipeline_amount", "win_rate", "sales_velocity", "median_days_to_close",
    }  # fmt: skip


def test_a_notebook_shows_it_escaped(tmp_path: Path, publish: Callable[[Path], Path]) -> None:
    metrics = Metrics.open(publish(tmp_path / "<b>&.duckdb"))
    shown = metrics._repr_html_()
    assert "<b>" not in shown.replace("<table>", "")
    assert "&lt;b&gt;&amp;.duckdb" in shown
    assert "win_rate" in shown
    assert f"{len(metrics_of(semantic_manifest()))} metrics of" in repr(metrics)


@pytest.fixture
def publish() -> Callable[[Path], Path]:
    """Writes a published file with some leads and gives its path."""

    def write(path: Path, leads: int = 1) -> Path:
        marts = TinyMarts()
        for _ in range(leads):
            marts.lead()
        new = path.with_name("new.duckdb")
        marts.con.execute(f"attach '{new}' as written")
        marts.con.execute("copy from database leadsignal to written; detach written")
        os.replace(new, path)
        return path

    return write


def test_a_newly_published_file_is_noticed(tmp_path: Path, publish: Callable[..., Path]) -> None:
    publish(tmp_path / "leadsignal.duckdb", leads=1)
    with Metrics.open(tmp_path) as metrics:
        assert metrics.query("leads").column("value").to_pylist() == [1]
        publish(tmp_path / "leadsignal.duckdb", leads=3)
        assert metrics.query("leads").column("value").to_pylist() == [3]
        (tmp_path / "leadsignal.duckdb").unlink()
        with pytest.raises(UsageError, match="no published set"):
            metrics.query("leads")


def test_a_file_just_opened_has_no_unfinished_result(
    tmp_path: Path, publish: Callable[..., Path]
) -> None:
    with open_published(publish(tmp_path / "leadsignal.duckdb")) as con:
        assert con.sql("select count(*) from fct_leads").fetchall() == [(1,)]


def test_a_bad_set_is_told_and_a_good_one_after_it_is_read(
    tmp_path: Path, publish: Callable[..., Path]
) -> None:
    path = publish(tmp_path / "leadsignal.duckdb", leads=1)
    metrics = Metrics.open(path)
    old = tmp_path / "old.duckdb"
    with duckdb.connect(old) as con:
        con.execute("create schema marts; create table marts.publication (min_sample integer)")
    os.replace(old, path)
    with pytest.raises(UsageError, match="does not carry the definitions"):
        metrics.query("leads")
    publish(path, leads=2)
    assert metrics.query("leads").column("value").to_pylist() == [2]


def test_several_threads_may_ask(fifty: Metrics) -> None:
    asked = [("leads", "source"), ("win_rate", ()), ("spend", "month"), ("leads", "campaign")] * 5
    alone = [fifty.query(*question).to_pylist() for question in asked]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda question: fifty.query(*question).to_pylist(), asked))
    assert together == alone


def test_a_build_without_definitions_fails_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(BuildFailed, match="no definitions of the metrics") as caught:
        definitions.store(tmp_path / "semantic_manifest.json", tmp_path / "marts.duckdb")
    assert len(caught.value.lines) == 1


def test_the_settings_say_what_is_opened(
    tmp_path: Path, publish: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tmp_path / "leadsignal.duckdb", leads=2)
    monkeypatch.setenv("LEADSIGNAL_WAREHOUSE", str(tmp_path))
    assert Metrics.open().query("leads").column("value").to_pylist() == [2]


def test_a_set_without_definitions_says_to_build_anew() -> None:
    marts = TinyMarts()
    marts.con.execute("drop table semantic_manifest")
    with pytest.raises(UsageError, match="leadsignal build") as caught:
        Metrics(marts.con)
    assert len(caught.value.lines) == 1


def test_scorecard_and_story_are_those_of_the_set(fifty: Metrics) -> None:
    assert fifty.scorecard(by="source").row("lead_volume", "webinar").value == 8
    assert "50 leads" in str(fifty.story())


def test_metricflow_does_not_import_dbt(tmp_path: Path, publish: Callable[..., Path]) -> None:
    published = publish(tmp_path / "leadsignal.duckdb")
    code = f"""
import sys
import warnings
from leadsignal import Metrics
assert "metricflow" not in sys.modules
Metrics.open({str(published)!r}).query("win_rate", "source")
assert "metricflow" in sys.modules
print(sorted(name for name in sys.modules if name.split(".")[0] in ("dbt", "dbt_common", "scipy")))
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert (result.stdout.strip(), result.stderr) == ("[]", "")


@pytest.mark.slow
def test_mf_validates_the_definitions(
    tmp_path: Path, demo_marts: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """MetricFlow's own command, over the project and a built work database."""
    from builds import ROOT, run_dbt, target
    from leadsignal.demo.market import AS_OF

    assert demo_marts.exists()
    work, project = tmp_path / "work", tmp_path / "project"
    work.mkdir()
    project.mkdir()
    for name in (
        "analyses",
        "macros",
        "models",
        "seeds",
        "tests",
        "dbt_project.yml",
        "profiles.yml",
    ):
        (project / name).symlink_to(ROOT / name)
    built = run_dbt(work, ROOT / "demo", AS_OF, project=project, tests=False)
    assert built.returncode == 0, built.stdout[-3000:]
    shutil.copytree(target(work, project=project), project / "target")
    mf = str(Path(sys.executable).with_name("mf"))
    environment = os.environ | {"LEADSIGNAL_WORK": str(work), "DO_NOT_TRACK": "1"}
    for command, said in (
        (["validate-configs"], "ERRORS: 0"),
        (["query", "--metrics", "win_rate", "--group-by", "opportunity__source"], "webinar"),
    ):
        result = subprocess.run(
            [mf, *command], cwd=project, env=environment, capture_output=True, text=True
        )
        assert result.returncode == 0, result.stdout + result.stderr
        assert said in result.stdout + result.stderr

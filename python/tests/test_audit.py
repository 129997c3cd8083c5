"""The audit as a whole: its results, its page, its own process, and what it refuses to read."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import socket
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import audit_marts
import pytest
from builds import ROOT
from leadsignal import audit
from leadsignal.audit import report, rules
from leadsignal.audit.evidence import Evidence
from leadsignal.audit.result import AuditResult, RuleResult
from leadsignal.errors import UsageError

HOSTILE = "<script>alert('lead')</script>"
MARKS = {"article", "b", "body", "details", "h1", "h2", "h3", "head", "html", "li", "main", "meta"}
MARKS |= {"p", "style", "summary", "table", "td", "title", "tr", "ul", "div"}


@pytest.fixture(scope="module")
def marts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A set with one contradiction, one warning and a hostile source, in an odd folder."""
    folder = tmp_path_factory.mktemp("it's $HOME at 100% :x")
    file = audit_marts.write(folder / "marts.duckdb")
    audit_marts.change(file, f"update fct_opportunities set source = $${HOSTILE}$$")
    audit_marts.change(file, "update lead_quality_by_source set source = $$" + HOSTILE + "$$")
    audit_marts.change(file, "update crm_trust set grade = 'low'")
    return file


@pytest.fixture(scope="module")
def refused(marts: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[AuditResult, Path]:
    """The same set judged without a network, and the folder with the results."""
    out = tmp_path_factory.mktemp("out") / "audit"
    with pytest.MonkeyPatch.context() as patch:

        def refuse(*_: object) -> None:
            raise AssertionError("the audit opened a connection")

        patch.setattr(socket.socket, "connect", refuse)
        patch.setattr(socket, "getaddrinfo", refuse)
        before = hashlib.sha256(marts.read_bytes()).hexdigest()
        published = Path(shutil.copy(marts, tmp_path_factory.mktemp("before")))
        result = audit.run(marts, out, previous=published)
    assert hashlib.sha256(marts.read_bytes()).hexdigest() == before
    return result, out


def test_a_contradiction_refuses_and_a_low_grade_only_warns(
    refused: tuple[AuditResult, Path],
) -> None:
    result, _ = refused
    broken = {each.rule.id for each in result.refusals}
    assert broken >= {"lead_table_adds_up", "pipeline_table_adds_up"}
    assert {each.rule.id for each in result.warnings} == {"questions_answerable"}


def test_the_json_says_all_about_each_rule(refused: tuple[AuditResult, Path]) -> None:
    result, out = refused
    told = json.loads((out / "audit.json").read_text())
    assert told == result.as_dict()
    assert told["success"] is False
    assert told["build_id"] == "b1"
    assert [rule["id"] for rule in told["results"]] == [each.rule.id for each in result.results]
    pipeline = next(each for each in told["results"] if each["id"] == "pipeline_table_adds_up")
    assert pipeline["unexpected_count"] == 4
    assert f"2026-10-01 {HOSTILE}" in pipeline["failing_ids"]
    assert "\n" not in pipeline["line"]
    assert pipeline["what_to_do"] in pipeline["line"]
    band = next(each for each in told["results"] if each["id"] == "volume_as_usual")
    assert band["success"] is True
    assert band["skipped"].startswith("Not enough history")


def test_the_page_shows_crm_text_as_text(refused: tuple[AuditResult, Path]) -> None:
    _, out = refused
    html = (out / "audit.html").read_text()
    assert "&lt;script&gt;alert(&#39;lead&#39;)&lt;/script&gt;" in html
    assert _marks(html) == MARKS
    assert "default-src 'none'" in html
    assert not re.search(r"https?:|//[a-z]|url\(|@import| on[a-z]+=", html)


def _marks(html: str) -> set[str]:
    found = set()

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: object) -> None:
            found.add(tag)

    Reader().feed(html)
    return found


def test_every_text_on_the_page_is_escaped() -> None:
    rule = rules.Rule(HOSTILE, HOSTILE, "critical", HOSTILE, HOSTILE)
    results = tuple(
        RuleResult(rule, Evidence(1, 1, (HOSTILE,), skipped=skipped), success)
        for success, skipped in ((False, ""), (True, ""), (True, HOSTILE))
    )
    assert "script" not in _marks(report.page(AuditResult(HOSTILE, HOSTILE, results)))


def test_an_empty_crm_passes(tmp_path: Path) -> None:
    empty = audit_marts.write(tmp_path / "work_marts.duckdb", is_empty=True)
    published = Path(shutil.copy(empty, tmp_path / "leadsignal.duckdb"))
    result = audit.run(empty, tmp_path / "out", previous=published)
    assert [each.line for each in result.results if not each.success] == []
    assert "may be published" in (tmp_path / "out" / "audit.html").read_text()


def test_a_published_set_that_cannot_be_read_stops_nothing(tmp_path: Path) -> None:
    right = audit_marts.write(tmp_path / "work_marts.duckdb")
    old = tmp_path / "leadsignal.duckdb"
    old.write_text("no database")
    result = audit.run(right, tmp_path / "out", previous=old)
    kept = next(each for each in result.results if each.rule.id == "leads_kept")
    assert kept.success
    assert kept.observed.startswith("The published set cannot be read")


def run_module(*arguments: object, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "leadsignal.audit", *map(str, arguments)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def test_its_own_process_prints_one_line_a_broken_rule_and_exits_1(
    marts: Path, tmp_path: Path
) -> None:
    (tmp_path / "audit.yml").write_text("questions_answerable: {severity: critical}\n")
    run = run_module(marts, tmp_path / "out", folder=tmp_path)
    assert run.returncode == 1
    assert run.stderr == ""
    told = json.loads((tmp_path / "out" / "audit.json").read_text())
    broken = [each for each in told["results"] if not each["success"]]
    assert run.stdout.splitlines() == [f"Critical: {each['line']}" for each in broken]
    assert "questions_answerable" in run.stdout


def test_a_file_that_is_no_set_of_marts_is_one_line_and_exit_2(tmp_path: Path) -> None:
    broken = tmp_path / "work_marts.duckdb"
    broken.write_text("no database at all")
    run = run_module(broken, tmp_path / "out")
    assert run.returncode == 2
    assert len(run.stderr.splitlines()) == 1
    assert str(broken) in run.stderr
    assert not (tmp_path / "out").exists()


def test_a_set_without_one_of_its_tables_names_file_and_table(tmp_path: Path) -> None:
    file = audit_marts.write(tmp_path / "work_marts.duckdb")
    audit_marts.change(file, "drop table fct_lead_verdicts")
    with pytest.raises(UsageError, match=r"work_marts\.duckdb .*fct_lead_verdicts") as caught:
        audit.run(file, tmp_path / "out")
    assert len(caught.value.lines) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("vague: {severity: critical}", r"no rule 'vague'\. docs/audit\.md"),
        ("rejection_say_why: {}", "no rule 'rejection_say_why'.*mean 'rejections_say_why'"),
        ("lead_sources_known: {max_shares: 0.1}", "no setting 'max_shares'.*max_share"),
        ("lead_sources_known: {max_share: 20}", "max_share is '20'.*from 0 to 1"),
        ("lead_sources_known: {max_share: much}", "max_share is 'much'"),
        ("lead_sources_known: {severity: info}", "severity 'info' is unknown"),
        ("one_standing_decision: {severity: warning}", "a critical rule stays critical"),
        ("one_standing_decision: {max_share: 0.5}", "no setting 'max_share'"),
        ("reason_in_closed_list: {sets: [too_shy]}", "sets is no list of words"),
        ("lead_sources_known: critical", "no list of settings"),
        ("- lead_sources_known", "no mapping of rules"),
        ("lead_sources_known: {", "cannot be read"),
    ],
)
def test_a_tightening_that_cannot_be_meant_is_one_clear_line(
    text: str, message: str, tmp_path: Path
) -> None:
    file = tmp_path / "audit.yml"
    file.write_text(text)
    with pytest.raises(UsageError, match=message) as caught:
        rules.load(file)
    assert len(caught.value.lines) == 1
    assert str(file) in caught.value.lines[0]


def test_a_project_tightens_severity_threshold_and_words(tmp_path: Path) -> None:
    file = tmp_path / "audit.yml"
    file.write_text(
        "rejections_say_why: {severity: critical, max_share: 0.1}\n"
        "reason_in_closed_list: {sets: {disqualification_reason: [too_shy]}}\n"
    )
    tightened = {rule.id: rule for rule in rules.load(file)}
    assert tightened["rejections_say_why"].severity == "critical"
    assert tightened["rejections_say_why"].limits == {"max_share": 0.1}
    words = tightened["reason_in_closed_list"].sets["disqualification_reason"]
    assert {"too_shy", "too_early"} <= set(words)
    ours = {rule.id: rule for rule in rules.load()}
    assert {name for name in ours if ours[name] != tightened[name]} == {
        "rejections_say_why",
        "reason_in_closed_list",
    }


def test_the_reasons_are_those_of_the_definition() -> None:
    seed = (ROOT / "seeds" / "definition" / "disqualification_issues.csv").read_text().splitlines()
    reason = next(rule for rule in rules.load() if rule.id == "reason_in_closed_list")
    assert set(reason.sets["disqualification_reason"]) == {row.split(",")[0] for row in seed[1:]}
    assert set(reason.sets["disqualification_issue"]) == {row.split(",")[1] for row in seed[1:]}


def test_the_page_of_the_rules_names_each_with_its_sentence() -> None:
    page = (ROOT / "docs" / "audit.md").read_text()
    for rule in rules.load():
        assert f"| `{rule.id}` | {rule.sentence} |" in page


SHIM_PROBE = """
import great_expectations as gx
context = gx.get_context(mode="ephemeral")
context.variables.progress_bars = {"globally": False}
source = context.data_sources.add_sql("any", connection_string="duckdb:///:memory:")
asset = source.add_query_asset("any", query="select 1 as one")
batch = asset.add_batch_definition_whole_table("all").get_batch()
print(batch.validate(gx.expectations.ExpectTableRowCountToEqual(value=1)))
"""


def test_great_expectations_still_needs_the_shim_on_duckdb() -> None:
    probe = subprocess.run([sys.executable, "-c", SHIM_PROBE], capture_output=True, text=True)
    assert "list index out of range" in probe.stdout + probe.stderr


def test_importing_the_package_does_not_import_great_expectations() -> None:
    code = "import sys, leadsignal.audit; print('great_expectations' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.stdout == "False\n"

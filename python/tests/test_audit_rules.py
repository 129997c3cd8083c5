"""Each rule of the audit: broken by what it forbids, kept by tables that are right."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import audit_marts
import pytest
from audit_breaks import BREAKS, USUAL_MONTHS
from leadsignal.audit import evidence, expectations, rules
from leadsignal.audit.result import RuleResult

RULES = {rule.id: rule for rule in rules.load()}
CASES = [
    pytest.param(rule_id, change, named, id=f"{rule_id}-{number}")
    for rule_id, cases in BREAKS.items()
    for number, (change, named) in enumerate(cases, 1)
]


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return audit_marts.write(tmp_path_factory.mktemp("audit") / "right.duckdb")


def judged(
    marts: Path, wanted: list[rules.Rule], previous: Path | None = None
) -> dict[str, RuleResult]:
    found = evidence.gather(marts, tuple(wanted), previous)
    holds = expectations.judge(marts, tuple(wanted), found, previous)
    return {rule.id: RuleResult(rule, found[rule.id], holds[rule.id]) for rule in wanted}


def changed(right: Path, folder: Path, statement: str) -> Path:
    file = folder / "changed.duckdb"
    shutil.copy(right, file)
    audit_marts.change(file, statement)
    return file


def test_every_rule_holds_in_tables_that_are_right(right: Path, tmp_path: Path) -> None:
    before = Path(shutil.copy(right, tmp_path / "before.duckdb"))
    results = judged(right, list(RULES.values()), previous=before)
    assert [each.line for each in results.values() if not each.success] == []
    assert {each.rule.id for each in results.values() if each.evidence.skipped} == {
        "volume_as_usual",
        "fit_as_usual",
        "acceptance_as_usual",
    }


def test_every_rule_has_a_case_that_breaks_it() -> None:
    assert set(BREAKS) == set(RULES)


@pytest.mark.parametrize(("rule_id", "change", "named"), CASES)
def test_what_a_rule_forbids_breaks_it(
    rule_id: str, change: str, named: list[str], right: Path, tmp_path: Path
) -> None:
    broken = judged(changed(right, tmp_path, change), [RULES[rule_id]], right)[rule_id]
    assert not broken.success
    assert list(broken.failing_ids) == named
    assert broken.evidence.failing == len(named)


EXPLAINED = {
    "merged": "insert into set_aside_records values"
    " ('crm', 'lead', 'crm:new', 'merged', 'merged into crm:won', null)",
    "deleted": "insert into set_aside_records values"
    " ('crm', 'lead', 'crm:new', 'excluded', 'deleted', null)",
    "set aside": "insert into quarantined_rows values ('crm', 'lead', 2, 'crm:new', 'no id')",
    "not there yet": "update publication set as_of = '2026-10-01'",
}


@pytest.mark.parametrize("explanation", EXPLAINED)
def test_a_lead_is_not_gone_where_the_tables_say_what_became_of_it(
    explanation: str, right: Path, tmp_path: Path
) -> None:
    gone = "delete from fct_leads where lead_id = 'crm:new'"
    explained = changed(right, tmp_path, f"{gone}; {EXPLAINED[explanation]}")
    assert judged(explained, [RULES["leads_still_there"]], right)["leads_still_there"].success


def test_a_deal_of_the_same_id_explains_no_lead(right: Path, tmp_path: Path) -> None:
    merged = EXPLAINED["merged"].replace("'lead'", "'opportunity'")
    gone = changed(right, tmp_path, f"delete from fct_leads where lead_id = 'crm:new'; {merged}")
    assert not judged(gone, [RULES["leads_still_there"]], right)["leads_still_there"].success


def test_what_is_gone_is_counted_and_named_in_one_line(right: Path, tmp_path: Path) -> None:
    gone = changed(right, tmp_path, "delete from fct_opportunities where opportunity_id = 'crm:d2'")
    result = judged(gone, [RULES["deals_still_there"]], right)["deals_still_there"]
    assert "Not so: 1 of 2 deals (50%, a small sample); none is allowed" in result.line
    assert "\n" not in result.line
    assert result.failing_ids == ("crm:d2",)


def test_a_usual_month_is_inside_its_band(right: Path, tmp_path: Path) -> None:
    names = ("volume_as_usual", "fit_as_usual", "acceptance_as_usual")
    results = judged(changed(right, tmp_path, USUAL_MONTHS), [RULES[name] for name in names])
    assert [(each.success, each.evidence.skipped) for each in results.values()] == [(True, "")] * 3


def test_a_share_at_its_threshold_is_allowed_and_one_above_is_not(
    right: Path, tmp_path: Path
) -> None:
    third = changed(
        right, tmp_path, "update fct_leads set source = 'unknown' where lead_id = 'crm:new'"
    )
    rule = RULES["lead_sources_known"]
    for limit, success in ((0.34, True), (1 / 3, True), (0.33, False)):
        result = judged(third, [replace(rule, limits={"max_share": limit})])[rule.id]
        assert result.success is success, limit


def test_failing_rows_are_counted_all_and_twenty_of_them_named(right: Path, tmp_path: Path) -> None:
    many = changed(
        right,
        tmp_path,
        """
        insert into fct_leads
        select new.* replace (format('crm:{:03d}', nr) as lead_id, 'x' as fit_verdict)
        from fct_leads as new
        cross join range(300) as numbers (nr)
        where new.lead_id = 'crm:new'
        """,
    )
    result = judged(many, [RULES["verdicts_in_their_sets"]])["verdicts_in_their_sets"]
    assert result.evidence.failing == 300
    assert result.failing_ids == tuple(f"crm:{nr:03d}" for nr in range(20))
    assert "300 of 303 leads" in result.line


def test_a_share_of_few_rows_says_so(right: Path, tmp_path: Path) -> None:
    change, _ = BREAKS["accepted_leads_fit"][0]
    result = judged(changed(right, tmp_path, change), [RULES["accepted_leads_fit"]])
    observed = result["accepted_leads_fit"].observed
    assert observed == "1 of 1 leads (100%, a small sample); up to 10% is allowed"

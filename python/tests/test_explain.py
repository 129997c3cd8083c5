"""One lead explained."""

import pytest
from leadsignal.errors import UsageError
from leadsignal.explain import DIMENSIONS, explain
from tiny_marts import TinyMarts


def _explained(marts: TinyMarts, lead_id: str, **verdicts: str) -> str:
    """The lead with a verdict row, every verdict unknown unless told."""
    values = {}
    for name in DIMENSIONS:
        verdict = verdicts.get(name, "unknown")
        values |= {
            f"{name}_verdict": verdict,
            f"{name}_rule": f"rule_of_{name}",
            f"{name}_evidence": f"evidence of {name}",
            f"{name}_rule_only_verdict": verdicts.get(f"{name}_alone", verdict),
        }
    marts.insert("fct_lead_verdicts", lead_id=lead_id, **values)
    return lead_id


def test_every_verdict_has_its_rule_and_evidence() -> None:
    marts = TinyMarts()
    lead_id = _explained(marts, marts.lead(), fit="fail", pain="pass")
    explanation = explain(marts.con, lead_id)
    assert [verdict.dimension for verdict in explanation.verdicts] == list(DIMENSIONS)
    lines = explanation.render().splitlines()
    for name in DIMENSIONS:
        [line] = [line for line in lines if line.startswith(name)]
        assert f"rule_of_{name}" in line
        assert f"evidence of {name}" in line
    assert str(explanation) == explanation.render()


def test_sales_overruling_the_rules_is_shown() -> None:
    marts = TinyMarts()
    lead_id = _explained(marts, marts.lead(), fit="fail", fit_alone="pass")
    assert "fail (by the rules alone pass)" in explain(marts.con, lead_id).render()


def test_rejection_shows_reason_issue_and_the_words_of_the_crm() -> None:
    marts = TinyMarts()
    marts.rejected("too_early", "timing", disqualification_reason_raw="Bad timing")
    lead_id = _explained(marts, "salesforce:L1")
    text = explain(marts.con, lead_id).render()
    assert "Reason too_early, issue timing; the CRM says 'Bad timing'." in text
    assert "Sales says: rejected." in text


def test_rejection_without_words_says_so() -> None:
    marts = TinyMarts()
    marts.rejected("unstated", "unstated")
    lead_id = _explained(marts, "salesforce:L1")
    assert "the CRM gives none" in explain(marts.con, lead_id).render()


def test_dates_come_with_what_was_inferred() -> None:
    marts = TinyMarts()
    lead_id = _explained(marts, marts.lead("2026-10-10 09:00:00", is_handover_inferred=True))
    lines = explain(marts.con, lead_id).render().splitlines()
    assert "captured     2026-10-10 09:00:00" in lines
    assert "handed over  2026-10-10 10:00:00  inferred from the first act of sales" in lines
    assert not any(line.startswith("closed") for line in lines)


def test_lead_without_any_date_is_explained() -> None:
    marts = TinyMarts()
    lead_id = _explained(
        marts, marts.lead(created_at="2026-10-10", handed_over_at=None, first_touch_at=None)
    )
    marts.con.execute("update fct_leads set created_at = null")
    assert "Lead salesforce:L1" in explain(marts.con, lead_id).render()


def test_deals_are_shown_with_their_link() -> None:
    marts = TinyMarts()
    lead_id = _explained(marts, marts.accepted(stage="opportunity"))
    marts.deal(lead_id=lead_id, link_tier=2, stage="Proposal", quality_criteria_met=3)
    text = explain(marts.con, lead_id).render()
    assert "open, stage Proposal, quality criteria met 3 of 6" in text
    assert "tier 2: its contact has a role on it" in text


def test_deal_that_counts_with_another_lead_is_still_named() -> None:
    marts = TinyMarts()
    lead_id = _explained(marts, marts.accepted(stage="opportunity", opportunity_id="salesforce:O9"))
    assert "salesforce:O9, which is counted with an earlier lead" in str(
        explain(marts.con, lead_id)
    )


@pytest.mark.parametrize(
    "given",
    ["salesforce:00Q5e1000000149AAA", "00Q5e1000000149AAA", " 00Q5e1000000149AAA ",
     "00Q5e1000000149", "salesforce:00Q5e1000000149"],
)  # fmt: skip
def test_id_is_found_with_or_without_crm_long_or_short(given: str) -> None:
    marts = TinyMarts()
    lead_id = "salesforce:00Q5e1000000149AAA"
    marts.lead(lead_id=lead_id)
    _explained(marts, lead_id)
    assert explain(marts.con, given).lead["lead_id"] == lead_id


def test_unknown_id_names_the_near_ones() -> None:
    marts = TinyMarts()
    marts.lead(lead_id="salesforce:00Q5e1000000149AAA")
    marts.lead(lead_id="salesforce:00Q9999999999999ZZ")
    with pytest.raises(UsageError) as caught:
        explain(marts.con, "00Q5e1000000148AAA")
    [line] = caught.value.lines
    assert line.endswith("Did you mean salesforce:00Q5e1000000149AAA?")


def test_unknown_id_far_from_all_says_what_to_use() -> None:
    marts = TinyMarts()
    marts.lead()
    with pytest.raises(UsageError, match=r"no lead 'somebody'\. A merged or doubled record"):
        explain(marts.con, "somebody")


@pytest.mark.parametrize("given", ["salesforce:00Q7", "00Q7"])
def test_record_that_was_set_aside_says_why(given: str) -> None:
    marts = TinyMarts()
    marts.insert(
        "set_aside_records", crm="salesforce", record_kind="lead", record_id="salesforce:00Q7",
        row_status="merged", reason="merged into salesforce:00Q1",
    )  # fmt: skip
    with pytest.raises(UsageError, match="Q7 is no lead of its own: merged into salesforce:00Q1"):
        explain(marts.con, given)


def test_same_id_in_two_crms_asks_which() -> None:
    marts = TinyMarts()
    marts.lead(lead_id="east:7", crm="east")
    marts.lead(lead_id="west:7", crm="west")
    with pytest.raises(UsageError, match="more than one lead: east:7 and west:7"):
        explain(marts.con, "7")


@pytest.mark.parametrize("name", ["jane@example.org", "generic:jane@example.org"])
def test_lead_whose_id_is_an_address_is_found_by_it(name: str) -> None:
    marts = TinyMarts()
    lead_id = _explained(marts, "generic:id-18385ac57d9b171d")
    marts.lead(lead_id=lead_id)
    assert f"Lead {lead_id}" in explain(marts.con, name).render()

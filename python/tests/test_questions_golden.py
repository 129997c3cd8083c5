"""The questions and the diagnosis on the golden CRMs, whose truth is known."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from golden_crms import GoldenSet
from leadsignal import questions
from leadsignal.diagnosis import diagnose
from leadsignal.diagnosis.report import AGAINST, EXPLAINS, TRACKING_FIRST

Golden = Callable[[str], GoldenSet]


def said(golden: GoldenSet, name: str) -> str:
    return questions.answer(golden.con, name).answer


def test_where_all_sources_are_equal_none_stands_out(golden_set: Golden) -> None:
    quiet = golden_set("quiet")
    for name in ("fit", "accepted", "noise", "follow-up"):
        assert "beyond chance" in said(quiet, name)
        assert "No " in said(quiet, name)
    assert "source" not in said(quiet, "failed")
    found = diagnose(quiet.con)
    assert found.found(EXPLAINS) + found.found(AGAINST) == []


def test_counts_are_those_of_the_truth(golden_set: Golden) -> None:
    quiet = golden_set("quiet")
    truth = quiet.truth.total("2026-10")
    every = {row["source"]: row for row in questions.ask(quiet.con, "fit").to_pylist()}
    assert (every["all"]["leads"], every["all"]["fit_leads"]) == (truth.leads, truth.fit)
    for source in quiet.truth.sources:
        assert every[source]["leads"] == quiet.truth.total("2026-10", source).leads
    decided = questions.ask(quiet.con, "accepted").to_pylist()[0]
    assert (decided["accepted_leads"], decided["rejected_leads"]) == (
        truth.accepted,
        truth.rejected,
    )
    signed = questions.ask(quiet.con, "value").to_pylist()[0]
    assert signed["accepted_opportunities"] == truth.opportunities
    assert signed["accepted_pipeline"] == truth.amount


def test_of_twelve_leads_nothing_is_claimed(golden_set: Golden) -> None:
    small = golden_set("small")
    for name in questions.QUESTIONS:
        assert "% to " not in said(small, name)
        assert "than for the rest" not in said(small, name)
    assert "too few" in said(small, "failed")
    assert "there is no usual to compare with" in diagnose(small.con).render()


@pytest.mark.parametrize(
    "name", ["sources", "noise", "follow-up", "intent", "value", "moves", "persistence", "untied"]
)
def test_broken_tracking_is_said_with_what_to_mend(golden_set: Golden, name: str) -> None:
    answer = questions.answer(golden_set("broken_tracking").con, name)
    assert not answer.is_answerable
    assert answer.answer.startswith("Not answerable: ")
    assert "First: " in answer.answer


def test_broken_tracking_still_answers_what_it_can(golden_set: Golden) -> None:
    broken = golden_set("broken_tracking")
    for name in ("fit", "accepted", "rejected", "failed", "win-over-time"):
        assert questions.answer(broken.con, name).is_answerable
    assert "says too rarely where a lead came from" in said(broken, "fit")
    assert {"channel mix", "follow-up"} <= set(diagnose(broken.con).found(TRACKING_FIRST))


def test_without_reasons_nobody_knows_why(golden_set: Golden) -> None:
    answer = said(golden_set("no_reasons"), "rejected")
    assert answer.startswith("Not answerable")
    assert "make the disqualification reason a required picklist" in answer
    assert set(diagnose(golden_set("no_reasons").con).found(TRACKING_FIRST)) == {
        "positioning",
        "nurture",
    }


def test_more_of_the_weakest_source_is_channel_mix_and_not_performance(golden_set: Golden) -> None:
    shifted = golden_set("mix_shift")
    found = diagnose(shifted.con)
    assert found.found(EXPLAINS) == ["awareness"]
    assert found.found(AGAINST) == ["channel mix"]
    assert "paid social" in found.render()
    assert "rewards paid social most" in said(shifted, "value")
    assert "from the source paid social" in said(shifted, "noise")


def test_inflated_leads_show_as_less_fit_and_less_accepted(golden_set: Golden) -> None:
    found = diagnose(golden_set("score_inflation").con)
    assert found.found(EXPLAINS) == ["awareness"]
    assert {"right-fit demand", "qualification"} <= set(found.found(AGAINST))

"""The leader's questions: each counts what it says, and claims only what a test says."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from leadsignal import questions
from leadsignal.errors import UsageError
from leadsignal.metrics.questions import CONTACTS, FOLLOW_UP, LOST, SOURCE
from tiny_marts import TinyMarts, fifty_leads

FITS: dict[str, Any] = {"is_target_market": True, "is_icp_fit": True, "fit_verdict": "pass"}


def ask(marts: TinyMarts, name: str, **more: Any) -> questions.Answer:
    return questions.answer(marts.con, name, **more)


def rows(said: questions.Answer, *key: str) -> dict[Any, dict[str, Any]]:
    """The rows by one column, or by a tuple of several."""
    listed = said.table.to_pylist()
    return {row[key[0]] if len(key) == 1 else tuple(map(row.get, key)): row for row in listed}


@pytest.mark.parametrize("name", questions.QUESTIONS)
def test_every_question_has_a_table_with_its_columns_even_of_nothing(name: str) -> None:
    said = ask(TinyMarts(), name)
    assert said.table.num_rows in (0, 1)
    assert said.table.column_names
    assert said.answer
    assert not said.is_answerable
    assert said.answer.startswith("Not answerable: no ")


@pytest.mark.parametrize("name", questions.QUESTIONS)
def test_a_set_of_deals_alone_answers_what_is_about_deals(name: str) -> None:
    marts = TinyMarts()
    marts.deal("2026-10-02 09:00:00", amount=100.0)
    said = ask(marts, name)
    assert said.is_answerable == (questions.QUESTIONS[name].about == "deals")


@pytest.mark.parametrize("name", questions.QUESTIONS)
def test_what_is_judged_is_empty_where_the_crm_cannot_answer(name: str) -> None:
    question = questions.QUESTIONS[name]
    for needed in question.needs:
        marts = fifty_leads()
        if needed == LOST:
            marts.insert("crm_trust", question="are lost deals on record", question_order=LOST,
                         rows=100)  # fmt: skip
        marts.distrust(needed, "Fill it in.")
        said = ask(marts, name)
        assert not said.is_answerable
        assert said.answer.startswith("Not answerable: only 10 of 100 rows")
        assert "First: Fill it in." in said.answer
        for column in question.judged:
            assert said.table[column].null_count == said.table.num_rows


def test_a_doubt_counts_beside_a_question_with_nothing_to_ask() -> None:
    marts = TinyMarts()
    marts.deal()
    marts.distrust(CONTACTS)
    marts.con.execute("update crm_trust set grade = 'none' where question_order = ?", [FOLLOW_UP])
    assert not ask(marts, "untied").is_answerable


def test_an_unknown_question_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"no question 'fits'.*fit, accepted"):
        questions.ask(TinyMarts().con, "fits")


def test_the_table_carries_its_title_and_its_answer() -> None:
    table = questions.ask(fifty_leads().con, "fit")
    assert isinstance(table, pa.Table)
    told = {key.decode(): value.decode() for key, value in table.schema.metadata.items()}
    assert told["title"] == "How many leads were actually a fit?"
    assert told["answer"].startswith("Eighteen of 50 leads captured in October 2026 were a fit")
    assert told["period"] == "2026-10"


def test_an_answer_is_written_with_its_table_and_how_to_read_it() -> None:
    said = ask(fifty_leads(), "fit")
    text = said.render()
    assert text.index(said.title) < text.index(said.answer) < text.index("paid_social")
    assert said.to_dict()["rows"][0]["leads"] == 50
    assert all(name in questions.listing() for name in questions.QUESTIONS)


def test_fit_counts_the_fifty_leads() -> None:
    every = rows(ask(fifty_leads(), "fit"), "source")["all"]
    assert (every["leads"], every["target_market_leads"], every["fit_leads"]) == (50, 26, 18)
    assert every["fit_rate"] == 0.36


def test_fit_holds_a_source_against_the_rest_only_with_enough_leads() -> None:
    marts = TinyMarts()
    for source, fitting, leads in (("web", 40, 50), ("ads", 10, 50), ("fair", 9, 10)):
        for number in range(leads):
            marts.lead(source=source, **FITS if number < fitting else {})
    said = ask(marts, "fit")
    verdicts = {name: row["against_the_rest"] for name, row in rows(said, "source").items()}
    assert verdicts["web"] == "higher"
    assert verdicts["ads"] == "lower"
    assert verdicts["fair"] == "too few cases"
    assert "higher than for the rest for the web" in said.answer
    assert "trade" not in said.answer


def test_sources_are_not_compared_where_the_crm_hardly_knows_them() -> None:
    marts = TinyMarts()
    for source, fitting in (("web", 40), ("ads", 10)):
        for number in range(50):
            marts.lead(source=source, **FITS if number < fitting else {})
    marts.distrust(SOURCE)
    said = ask(marts, "fit")
    assert said.is_answerable
    assert rows(said, "source")["web"]["against_the_rest"] == "source not known"
    assert "says too rarely where a lead came from" in said.answer


def test_accepted_counts_the_decisions_on_what_was_handed_over() -> None:
    marts = fifty_leads()
    marts.rejected("no_pain", "pain", is_qualified=True)
    marts.lead()
    every = rows(ask(marts, "accepted"), "source")["all"]
    assert (every["handed_over_leads"], every["accepted_leads"]) == (52, 12)
    assert (every["rejected_leads"], every["undecided_leads"]) == (38, 2)
    assert every["rejected_though_qualified"] == 1


def test_rejected_counts_standing_decisions_by_the_day_they_were_made_where_one_reports() -> None:
    marts = TinyMarts(reporting_timezone="America/New_York", as_of="2026-11-10 00:00:00")
    for at in ("2026-10-29 03:59:00", "2026-10-29 04:01:00"):  # decided three days later
        marts.rejected("no_pain", "pain", at)
    marts.rejected("unstated", "unstated", "2026-10-05 09:00:00")
    marts.accepted("2026-10-05 09:00:00", rejected_at="2026-10-06 09:00:00")
    said = ask(marts, "rejected", as_of="2026-10-31")
    assert {reason: row["leads"] for reason, row in rows(said, "reason").items()} == {
        "no_pain": 1,
        "unstated": 1,
    }
    assert said.answer.startswith("Sales turned two leads down in October 2026, most of all one")


def test_sources_are_ranked_by_pooled_rates_with_the_raw_ones_beside() -> None:
    marts = TinyMarts(as_of="2026-10-31 23:59:59")
    for source, leads, deals in (("web", 200, 40), ("ads", 200, 4), ("luck", 2, 1)):
        for number in range(leads):
            marts.lead(
                "2026-05-10 09:00:00",
                source=source,
                is_mature=True,
                has_opportunity_in_horizon=number < deals,
            )
    marts.deal(source="web", amount=500.0, opened_on="2026-10-12", is_sales_qualified=True)
    said = ask(marts, "sources")
    found = rows(said, "source")
    assert found["luck"]["raw_rate"] == 0.5
    assert found["luck"]["pooled_rate"] < 0.3
    assert found["luck"]["standing"] == "too few leads"
    assert (found["web"]["standing"], found["ads"]["standing"]) == ("above", "below")
    assert found["web"]["qualified_opportunities"] == 1
    assert "the web turn more and ads turn fewer" in said.answer
    assert "luck" not in said.answer


def test_noise_tells_one_finding_once() -> None:
    marts = TinyMarts()
    for source, noise in (("ads", 30), ("web", 2)):
        for number in range(40):
            is_noise = number < noise
            marts.lead(
                source=source,
                campaign=f"All of {source}",
                noise_class="student" if is_noise else None,
                fit_verdict="fail" if is_noise else "pass",
            )
    said = ask(marts, "noise")
    found = rows(said, "cut", "segment")
    assert found["source", "ads"]["noise_leads"] == 30
    assert found["campaign", "All of ads"]["against_the_rest"] == "higher"
    assert said.answer.endswith("beyond chance, came from the source ads.")


def test_follow_up_tells_at_which_step_leads_were_left() -> None:
    marts = TinyMarts()
    missed = {"is_follow_up_completed": False}
    marts.insert("dim_owners", owner_id="queue", owner_type="queue", is_active=True)
    marts.lead(owner_id="a")
    marts.lead(owner_id="a", first_touch_at=None, hours_to_first_touch=None, **missed)
    marts.lead(owner_id="queue", hours_to_first_touch=30.0, **missed)
    marts.lead(owner_id="a", hours_to_first_touch=2.0, **missed)
    marts.forgotten()
    said = ask(marts, "follow-up")
    every = rows(said, "segment")["all"]
    steps = ("due_leads", "completed_leads", "untouched_leads", "late_leads", "dropped_leads")
    assert [every[step] for step in steps] == [4, 1, 1, 1, 1]
    assert every["nobodys_leads"] == 1
    assert "Of the three others, one was never touched, one touched after more than" in said.answer
    assert said.answer.split(";")[0].endswith(
        "one touched in time, without a conversation, a decision or enough attempts so far"
    )


def test_follow_up_shows_hours_only_where_they_differ_by_the_clock_of_the_reporting_zone() -> None:
    marts = TinyMarts(reporting_timezone="Europe/Berlin")
    for day in range(1, 29):
        for hour, completed in ((7, True), (15, False)):
            for _ in range(2):
                at = f"2026-10-{day:02} {hour:02}:00:00"
                marts.lead(at, handed_over_at=at, is_follow_up_completed=completed)
    said = ask(marts, "follow-up")
    found = rows(said, "cut", "segment")
    before_the_clocks_change = found["hour", "08:00 to 12:00"]
    assert before_the_clocks_change["completed_leads"] == 56
    assert found["hour", "16:00 to 20:00"]["against_the_rest"] == "lower"
    assert not any(cut == "weekday" for cut, _ in found)
    assert "for leads handed over 16:00 to 20:00" in said.answer


def test_an_owner_is_in_the_view_of_the_sales_manager_alone() -> None:
    marts = TinyMarts()
    for owner, completed in (("ann", 38), ("bob", 5), ("cid", 36)):
        for number in range(40):
            marts.lead(owner_id=owner, is_follow_up_completed=number < completed)
    own = ask(marts, "follow-up-by-owner")
    assert rows(own, "segment")["bob"]["against_the_rest"] == "lower"
    assert "ask first about load, territory and working hours" in own.answer
    for name in questions.QUESTIONS:
        said = ask(marts, name)
        assert "bob" not in said.answer
        assert ("bob" in said.render()) == (name == "follow-up-by-owner")


def test_intent_holds_buying_against_researching() -> None:
    marts = TinyMarts()
    for intent, talks in (("buying", 30), ("researching", 5)):
        for number in range(50):
            marts.lead(
                offer=f"An offer for {intent}",
                offer_intent=intent,
                first_conversation_at="2026-10-12 09:00:00" if number < talks else None,
            )
    marts.lead()
    said = ask(marts, "intent")
    buying = rows(said, "intent", "offer")["buying", "all"]
    assert buying["conversation_against_researching"] == "higher"
    assert buying["accepted_against_researching"] == "too few cases"
    assert said.answer.endswith(
        "Those with intent to buy show higher conversations, beyond chance."
    )


def test_failed_leads_have_in_common_only_what_is_beyond_chance() -> None:
    marts = TinyMarts()
    for number in range(60):
        size = "1-49" if number < 45 else "50-249"
        country = ("US", "GB", "CA")[number % 3]
        marts.rejected("company_too_small", "fit", company_size=size, country_code=country)
        marts.accepted(company_size="50-249", country_code=country)
    said = ask(marts, "failed")
    found = rows(said, "attribute", "value")
    small = found["company_size", "1-49"]
    assert (small["failed_leads"], small["failed_share"], small["other_leads"]) == (45, 0.75, 0)
    assert small["among_failed"] == "higher"
    assert found["country_code", "US"]["among_failed"] == "no clear difference"
    assert said.answer.endswith("company size 1-49 (75% of the failed, 0% of the others).")


def test_no_value_is_picked_from_an_attribute_that_does_not_differ_as_a_whole() -> None:
    marts = TinyMarts()
    for number in range(40):
        marts.rejected("no_pain", "pain", industry=f"Industry {number % 8}")
        marts.accepted(industry=f"Industry {number % 8}")
    said = ask(marts, "failed")
    assert said.answer.endswith(
        "No attribute is more frequent among the failed ones beyond chance."
    )


def test_value_puts_what_a_lead_count_rewards_beside_what_sales_accepted() -> None:
    marts = TinyMarts()
    for source, leads, deals in (("ads", 30, 1), ("web", 10, 4)):
        for _ in range(leads):
            marts.lead(source=source, **FITS)
        for _ in range(deals):
            marts.deal(source=source, amount=100.0, opened_on="2026-10-12", is_sales_qualified=True)
    marts.deal(source="web", amount=900.0, opened_on="2026-10-12", is_sales_qualified=False)
    marts.spend("2026-10-01", ads=600.0)
    said = ask(marts, "value")
    found = rows(said, "source")
    assert found["all"]["accepted_pipeline"] == 500
    assert (found["ads"]["rank_by_volume"], found["ads"]["rank_by_value"]) == (1, 2)
    assert found["web"]["share_of_accepted_pipeline"] == 0.8
    assert found["ads"]["cost_per_fit_lead"] == 20
    assert found["web"]["cost_per_fit_lead"] is None
    assert "USD 500 of pipeline that sales accepted, in five opportunities" in said.answer
    assert "it is what happened, not what to expect" in said.answer


def test_the_week_has_no_costs() -> None:
    marts = TinyMarts(as_of="2026-10-18 23:59:59")
    marts.lead("2026-10-13 09:00:00", source="ads", **FITS)
    marts.spend("2026-10-01", ads=600.0)
    assert rows(ask(marts, "value", period="week"), "source")["all"]["spend"] is None


def test_untied_people_are_counted_by_deal() -> None:
    marts = TinyMarts()
    marts.deal(opportunity_id="salesforce:O1", amount=1000.0)
    for person in ("salesforce:L1", "salesforce:C1"):
        marts.insert(
            "engaged_untied_contacts",
            opportunity_id="salesforce:O1",
            company_id="salesforce:A1",
            person_id=person,
            lead_id=person if "L" in person else None,
            touches=2,
            last_touched_at="2026-10-20 09:00:00",
            source="web",
        )
    said = ask(marts, "untied")
    [row] = said.table.to_pylist()
    assert (row["engaged_people"], row["of_them_leads"], row["touches"]) == (2, 1, 4)
    assert said.answer.startswith("Two people were engaged lately and are not tied")


def test_a_lost_deal_is_no_missing_observation() -> None:
    marts = TinyMarts(as_of="2026-10-31 00:00:00")
    for number in range(100):
        outcome, days = ("won", 20.0) if number < 30 else ("lost", 10.0)
        marts.deal("2026-01-10 00:00:00", outcome=outcome, days_to_close=days)
    at_90 = rows(ask(marts, "win-over-time"), "segment", "days")["all", 90]
    assert (at_90["win_rate"], at_90["loss_rate"]) == (pytest.approx(0.3), pytest.approx(0.7))


def test_velocity_compares_won_and_lost_within_a_stage() -> None:
    marts = TinyMarts()
    for number in range(80):
        won = number % 2 == 0
        for stage, order, days in (("Proposal", 1, 5 + number % 9), ("Talks", 2, 20)):
            marts.insert(
                "fct_opportunity_stages",
                opportunity_id=f"O{number}",
                stage=stage,
                stage_order=order,
                visit_number=1,
                entered_at="2026-05-01 00:00:00",
                exited_at="2026-05-20 00:00:00",
                days_in_stage=float(days if won or stage == "Talks" else days * 3),
                outcome="won" if won else "lost",
            )
    marts.deal()
    said = ask(marts, "velocity")
    found = rows(said, "stage", "outcome")
    assert found["Proposal", "won"]["winning_against_losing"] == "faster"
    assert found["Talks", "won"]["winning_against_losing"] == "no clear difference"
    assert said.answer == (
        "Winning deals went faster through Proposal than losing ones, beyond chance."
    )


def test_a_lead_waits_for_the_step_after_its_last_and_skips_what_it_skipped() -> None:
    marts = TinyMarts()
    untouched = {"first_touch_at": None, "handed_over_at": None}
    marts.lead("2026-10-01 09:00:00", **untouched)
    marts.lead("2026-10-01 09:00:00", **untouched | {"accepted_at": "2026-10-03 09:00:00"})
    marts.lead("2026-10-01 09:00:00", **untouched, sales_decision="rejected")
    found = rows(ask(marts, "lead-steps"), "step", "outcome")
    assert found.keys() == {
        (step, outcome)
        for step in ("handed_over", "accepted", "conversation")
        for outcome in ("all", "open")
    }
    assert found["handed_over", "all"]["waiting_leads"] == 1
    assert found["accepted", "all"]["median_days"] == 2
    assert found["conversation", "all"]["waiting_leads"] == 1


def test_stage_reached_counts_the_deals_that_ended_within_a_year() -> None:
    marts = TinyMarts()
    for stage, order in (("Proposal", 1), ("Talks", 2)):
        marts.insert("fct_opportunity_stages", stage=stage, stage_order=order, opportunity_id="O")
    for stage, outcome, closed in (
        *[("Talks", "won", "2026-10-10 00:00:00")] * 2,
        *[("Talks", "lost", "2026-10-10 00:00:00")] * 3,
        *[("Proposal", "lost", "2026-01-10 00:00:00")] * 7,
        *[(None, "lost", "2026-01-10 00:00:00")] * 2,
        ("Proposal", "lost", "2025-01-10 00:00:00"),
    ):
        marts.deal("2025-01-01 00:00:00", stage_reached=stage, outcome=outcome, closed_at=closed)
    said = ask(marts, "stage-reached")
    assert [(row["stage"], row["lost_here"], row["won"]) for row in said.table.to_pylist()] == [
        ("Proposal", 7, 0),
        ("Talks", 3, 2),
        ("unknown", 2, 0),
    ]
    assert said.answer.startswith("Of 12 deals lost in a year, seven got no further than Proposal")


def test_what_to_change_is_the_advice_with_its_stakes() -> None:
    marts = TinyMarts()
    for number in range(60):
        marts.lead(owner_id="ann", is_follow_up_completed=number < 20)
    said = ask(marts, "next")
    first = said.table.to_pylist()[0]
    assert first["change"].startswith("keep trying after the first touch")
    assert first["at_stake"]
    assert said.answer.startswith("What October 2026 shows supports")
    marts.distrust(FOLLOW_UP)
    assert "keep trying" not in ask(marts, "next").answer

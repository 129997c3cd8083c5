"""Advice on the CRM itself: what has to be recorded before anything else can be judged."""

from collections.abc import Iterator, Sequence

from leadsignal import words
from leadsignal.advice.recommendation import UP, Effect, Proof, Recommendation, Share
from leadsignal.facts import Facts
from leadsignal.honesty.grades import Grade
from leadsignal.metrics.questions import (
    COST,
    DECISION,
    FOLLOW_UP,
    OPPORTUNITY,
    PROFILE,
    SOURCE,
)
from leadsignal.standing import Comparison

FIRST = (SOURCE, PROFILE, DECISION, FOLLOW_UP)
"""The questions that nothing can be judged without, in the order to mend them."""
LATER = (OPPORTUNITY, COST)
"""Those whose answers make other advice better. Reasons have a rule of their own."""
ACTIONS = {
    SOURCE: "make the lead source a required field",
    PROFILE: "fill in country, industry and number of employees",
    DECISION: "give sales one status for accepted and one for rejected",
    FOLLOW_UP: "log the handover, and calls and e-mails as tasks",
    OPPORTUNITY: "convert the lead when its deal is opened",
    COST: "enter the cost of each campaign",
}
FEW_ROWS = 5
NAMED = 3


def mapping(facts: Facts, seed: str, silent: int) -> str:
    """What to do where most of what is silent says something that the definitions do not know."""
    values = facts.unmapped.get(seed, {})
    if not silent or 2 * sum(values.values()) < silent:
        return ""
    named = words.listing([words.quoted(value) for value in [*values][:NAMED]])
    more = ", and what else is not mapped," if len(values) > NAMED else ""
    return f"map {named}{more} in {seed}.csv"


def fix_first(facts: Facts, _: Comparison) -> Iterator[Recommendation]:
    """Fill in what nothing can be judged without; one question at a time."""
    yield from _fix(facts, FIRST)


def fix_later(facts: Facts, _: Comparison) -> Iterator[Recommendation]:
    """Fill in what would make other advice better, once the rest can be judged."""
    if facts.is_trusted(*FIRST):
        asked = LATER if facts.funnel.paid else LATER[:1]
        yield from _fix(facts, asked)


def _fix(facts: Facts, questions: Sequence[int]) -> Iterator[Recommendation]:
    low = [facts.trust[question] for question in questions if not facts.is_trusted(question)]
    low = [grade for grade in low if grade.rows >= FEW_ROWS]
    if not low or not facts.funnel.leads:
        return
    first = low[0]
    silent = first.rows - first.answerable_rows
    unmapped = mapping(facts, "lead_sources", silent) if first.question_order == SOURCE else ""
    answerable = words.out_of(first.answerable_rows, first.rows, "row")
    yield Recommendation(
        "fix_tracking",
        f"fix the tracking: {unmapped or ACTIONS[first.question_order]}",
        f"only {answerable} can tell “{first.question}”"
        if first.answerable_rows
        else f"{answerable} can tell “{first.question}”",
        first.answerable_rows,
        first.rows,
        False,
        facts.answers(first.question_order),
        Effect(silent, silent, silent, "row{s} without an answer"),
        "the words mean something else"
        if unmapped
        else "people fill in a field that changes no decision",
        _answered(facts, first),
    )


def _answered(facts: Facts, grade: Grade) -> Proof:
    if grade.question_order == SOURCE:
        part, whole = facts.step("leads", "source <> unknown"), facts.step("leads")
        known = facts.funnel.leads - facts.unknown_source.leads
        return Proof(
            "the share of leads with a known source", part, whole, UP,
            Share(known, facts.funnel.leads),
        )  # fmt: skip
    if grade.question_order == PROFILE:
        return Proof(
            "the share of leads whose fit is known", facts.step("fit_known"), facts.step("leads"),
            UP, Share(facts.funnel.fit_known, facts.funnel.leads),
        )  # fmt: skip
    part, whole = facts.answers(grade.question_order)
    return Proof(
        f"the share of rows that can tell “{grade.question}”", part, whole, UP,
        Share(grade.answerable_rows, grade.rows),
    )  # fmt: skip

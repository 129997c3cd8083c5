"""The story of one period, in paragraphs, from the published tables alone.

Every sentence is a fact that was counted, a difference that a test found, or a limit of both.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING

from leadsignal import advice, standing, story_limits, story_sources, story_work, words
from leadsignal.facts import Facts, gather
from leadsignal.periods import day_in_words, local_day
from leadsignal.words import counted, listing, number, percent, sentence

if TYPE_CHECKING:
    import duckdb

ORDINALS = ("first", "second", "third")
MOST = 0.5
"""From this share on, a reason is what happened 'mostly'."""
SPELLED_UP_TO = 100
"""Sentences that open with a number spell it out; larger numbers stand inside a sentence."""
GATES = (
    ("target_market", "matched our target market", "matched our target market"),
    ("fit", "met basic fit", "met basic fit"),
    ("accepted", "sales accepted", "sales accepted"),
    ("conversations", "completed a first conversation", "completed a first conversation"),
    ("opportunities", "became an opportunity", "became opportunities"),
    ("strong", "is strong pipeline", "are strong pipeline"),
)


def story(
    con: "duckdb.DuckDBPyConnection",
    period: str = "month",
    as_of: str | date | datetime | None = None,
) -> str:
    """The story of the last period that is complete at `as_of`, as paragraphs of plain text.

    A blank line stands between paragraphs. Raises UsageError for an unknown `period`, or an
    `as_of` later than that of the build.
    """
    facts = gather(con, period, as_of)
    sources = standing.compare(facts.cuts["source"], facts.funnel, facts.published.min_sample)
    paragraphs = (
        _funnel(facts),
        _failures(facts),
        *story_sources.paragraphs(facts, sources),
        story_work.follow_up(facts),
        story_work.changes(facts),
        story_work.deals(facts),
        _next(facts, advice.recommend(facts, sources)),
        story_limits.limits(facts, sources),
    )
    texts = (" ".join(sentences) for sentences in paragraphs)
    return "\n\n".join(text for text in texts if text)


def _funnel(facts: Facts) -> Iterator[str]:
    leads = facts.funnel.leads
    if leads == 0:
        yield from _nothing(facts)
        return
    yield f"In {facts.period.words} we captured {counted(leads, 'lead')}."
    if leads == 1:
        yield _single(facts)
    elif leads < SPELLED_UP_TO:
        yield from _gate_by_gate(facts)
    else:
        yield _gates_at_once(facts)


def _nothing(facts: Facts) -> Iterator[str]:
    yield f"In {facts.period.words} no leads were captured."
    if facts.last_lead_at:
        day = local_day(facts.last_lead_at, facts.period.timezone)
        yield f"The newest lead came in on {day_in_words(day)}."


def _gate_by_gate(facts: Facts) -> Iterator[str]:
    for gate, one, more in GATES:
        n = getattr(facts.funnel, gate)
        if gate == "accepted":
            yield f"Sales accepted {number(n)}."
        else:
            yield f"{words.opening(n)} {more if n > 1 else one}."


def _gates_at_once(facts: Facts) -> str:
    steps = []
    for gate, one, more in GATES:
        n = getattr(facts.funnel, gate)
        amount = f"{number(n)} ({percent(n / facts.funnel.leads)})" if n else "none"
        words_of_gate = more if n > 1 else one
        steps.append(
            f"{words_of_gate} {amount}" if gate == "accepted" else f"{amount} {words_of_gate}"
        )
    return f"Of these, {listing(steps)}."


def _single(facts: Facts) -> str:
    reached = [
        "was accepted by sales" if gate == "accepted" else phrase
        for gate, phrase, _ in GATES
        if getattr(facts.funnel, gate)
    ]
    return f"It {listing(reached)}." if reached else "It has passed no gate so far."


def _failures(facts: Facts) -> Iterator[str]:
    failed = facts.funnel.failed
    if failed:
        yield _reasons(facts, failed)
        issues = advice.issues(facts)
        if len(issues) > 1:
            parts = [f"{ISSUE_NOUNS[issue]} {n:,}" for issue, n in issues.most_common()]
            yield f"By issue: {listing(parts)}."
    elif facts.funnel.leads:
        yield "Sales has turned none of them down."
    undecided, waiting = facts.funnel.undecided, facts.funnel.not_handed_over
    if undecided:
        yield f"Sales has yet to decide on {counted(undecided, 'lead')}."
    if waiting:
        yield f"Marketing has yet to hand over {counted(waiting, 'lead')}."


ISSUE_NOUNS = {
    "fit": "fit",
    "authority": "authority or budget",
    "pain": "pain",
    "timing": "timing",
    "follow_up": "no answer",
    "unstated": "no usable reason",
}


def _reasons(facts: Facts, failed: int) -> str:
    top = facts.reasons[:2]
    who = f"The {number(failed)} leads that failed were"
    if failed == 1:
        return f"The one lead that failed was {advice.reason_words(top[0][0])}."
    named = [f"{advice.reason_words(reason)} ({n:,})" for reason, _, n in top]
    if sum(n for _, _, n in top) == failed:
        return f"{who} {listing(named, 'or')}."
    if sum(n for _, _, n in top) / failed > MOST:
        return f"{who} mostly {listing(named, 'or')}."
    return f"{who}, most often, {listing(named, 'or')}."


def _next(facts: Facts, advised: list[advice.Recommendation]) -> Iterator[str]:
    if not advised:
        if facts.funnel.leads:
            yield f"The evidence is too thin to advise a change for next {facts.period.kind}."
        return
    if len(advised) == 1:
        yield f"Next {facts.period.kind} we should {advised[0].text}."
        return
    changes = {2: "two", 3: "three"}[len(advised)]
    yield f"Next {facts.period.kind} we should make {changes} changes."
    for ordinal, one in zip(ORDINALS, advised, strict=False):
        yield sentence(f"{ordinal}, {one.text}")

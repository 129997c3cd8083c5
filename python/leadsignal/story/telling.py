"""The story of one period, in paragraphs, from the published tables alone.

Every sentence is a fact that was counted, a difference that a test found, or a limit of both.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from leadsignal import advice, standing, words
from leadsignal.advice import FEW_CASES
from leadsignal.facts import Facts, gather
from leadsignal.metrics.measures import PROFILE
from leadsignal.periods import containing, day_in_words, local_day
from leadsignal.story import conversions, deals, limits, work
from leadsignal.story import sources as by_source
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
        *by_source.paragraphs(facts, sources),
        conversions.conversions(facts),
        work.follow_up(facts),
        work.changes(facts),
        deals.closings(facts),
        _next(facts, advice.recommend(facts, sources)),
        limits.limits(facts, sources),
        limits.untrusted(facts),
    )
    texts = (" ".join(sentences) for sentences in paragraphs)
    return "\n\n".join(text for text in texts if text)


def _funnel(facts: Facts) -> Iterator[str]:
    leads = facts.funnel.leads
    if leads == 0:
        yield from deals.alone(facts) if facts.is_of_deals_alone else _nothing(facts)
        return
    if facts.is_snapshot:
        yield (
            "The CRM does not say when its leads came in, so this is the story of all on record: "
            f"{counted(leads, 'lead')}."
        )
    else:
        yield f"In {facts.period.words} we captured {counted(leads, 'lead')}."
    if _is_profile_unknown(facts):
        yield "The CRM knows too little of them to say who matched our target market or fit."
    if leads == 1:
        yield _single(facts)
    elif leads < SPELLED_UP_TO:
        yield from _gate_by_gate(facts)
    else:
        yield _gates_at_once(facts)
    if facts.period.days_past(facts.published.as_of) > 0 and not facts.is_snapshot:
        day = local_day(facts.published.as_of, facts.period.timezone)
        yield f"What became of them is counted up to {day_in_words(day)}."


def _nothing(facts: Facts) -> Iterator[str]:
    yield f"In {facts.period.words} no leads were captured."
    if facts.last_lead_at:
        day = local_day(facts.last_lead_at, facts.period.timezone)
        option = "" if facts.period.kind == "month" else f" --period {facts.period.kind}"
        newest = containing(day, facts.period.kind, facts.period.timezone)
        yield (
            f"The newest lead came in on {day_in_words(day)}; `leadsignal story{option} "
            f"--as-of {newest.end - timedelta(days=1)}` tells of that time."
        )


def _gates(facts: Facts) -> Iterator[tuple[str, int, str]]:
    """The gates that something can be said of: (gate, leads, words after the number)."""
    funnel = facts.funnel
    for gate, one, more in GATES:
        n = getattr(funnel, gate)
        is_unknown = gate in ("target_market", "fit") and _is_profile_unknown(facts)
        if not is_unknown and (gate != "strong" or funnel.opportunities):
            yield gate, n, more if n > 1 else one


def _is_profile_unknown(facts: Facts) -> bool:
    funnel = facts.funnel
    return not facts.is_trusted(PROFILE) and funnel.target_market == funnel.fit == 0


def _gate_by_gate(facts: Facts) -> Iterator[str]:
    for gate, n, phrase in _gates(facts):
        if gate == "accepted":
            yield f"Sales accepted {number(n)}."
        else:
            yield f"{words.opening(n)} {phrase}."


def _gates_at_once(facts: Facts) -> str:
    steps = []
    for gate, n, phrase in _gates(facts):
        amount = f"{number(n)} ({percent(n / facts.funnel.leads)})" if n else "none"
        steps.append(f"{phrase} {amount}" if gate == "accepted" else f"{amount} {phrase}")
    return f"Of these, {listing(steps)}."


def _single(facts: Facts) -> str:
    reached = [
        "was accepted by sales" if gate == "accepted" else phrase
        for gate, n, phrase in _gates(facts)
        if n
    ]
    return f"It {listing(reached)}." if reached else "It has passed no gate so far."


def _failures(facts: Facts) -> Iterator[str]:
    failed, waiting = facts.funnel.failed, facts.funnel.not_handed_over
    undecided = facts.funnel.undecided
    if failed:
        yield _reasons(facts, failed)
        issues = advice.issues(facts)
        if len(issues) > 1:
            parts = [f"{ISSUE_NOUNS[issue]} {n:,}" for issue, n in issues.most_common()]
            yield f"By issue: {listing(parts)}."
    elif facts.funnel.accepted >= facts.published.min_sample and not facts.is_turning_down:
        yield (
            "No rejected lead is on record, of this or any other time, so how many leads sales "
            "turns down is not known."
        )
    elif facts.funnel.leads > max(1, waiting):
        yield "Sales has turned none of them down."
    if undecided:
        yield f"Sales has yet to decide on {counted(undecided, 'lead')}."
    if waiting > 1 and waiting == facts.funnel.leads:
        yield "None of them has been handed over to sales yet."
    elif waiting:
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
    named = [f"{advice.reason_words(reason)} ({n:,})" for reason, _, n in facts.reasons]
    if failed == 1:
        return f"The one lead that failed was {advice.reason_words(facts.reasons[0][0])}."
    who = f"The {number(failed)} leads that failed were"
    if len(named) == 1:
        return f"{who} all {advice.reason_words(facts.reasons[0][0])}."
    if len(named) == 2 or failed < FEW_CASES:
        return f"{who} {listing(named, 'or')}."
    share = sum(n for _, _, n in facts.reasons[:2]) / failed
    often = "mostly" if share > MOST else "most often"
    return f"{who} {often} {listing(named[:2], 'or')}."


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

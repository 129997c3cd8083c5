"""How the story opens: what came in, and how much of it got how far."""

from collections.abc import Iterator
from datetime import timedelta

from leadsignal.evidence import Evidence, Sentence, say
from leadsignal.facts import Facts
from leadsignal.metrics.questions import CONTACTS, DECISION, FOLLOW_UP, PROFILE
from leadsignal.periods import Period, containing, day_in_words, local_day
from leadsignal.story import cut, deals
from leadsignal.words import counted, listing, number, opening, percent

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


def funnel(facts: Facts) -> Iterator[Sentence]:
    """The leads of the period, gate by gate."""
    leads = facts.funnel.leads
    if leads == 0:
        yield from deals.alone(facts) if facts.is_of_deals_alone else _nothing(facts)
        return
    yield say(_opening(facts), facts.step("leads"))
    if _is_profile_unknown(facts):
        yield say(
            "The CRM knows too little of them to say who matched our target market or fit.",
            *facts.answers(PROFILE),
        )
    if leads == 1:
        yield _single(facts)
    elif leads < SPELLED_UP_TO:
        yield from _gate_by_gate(facts)
    else:
        yield _gates_at_once(facts)
    if _is_acceptance_unknown(facts):
        yield say(
            "Whether sales accepted them is not known: hardly any decision is on record.",
            facts.step("accepted"),
            *facts.answers(DECISION),
        )
    if _is_talk_unknown(facts):
        yield say(
            "Whether they had a first conversation is not known: hardly any call or meeting is "
            "on record.",
            facts.step("conversations"),
            *facts.answers(FOLLOW_UP),
        )
    if facts.is_without_deals:
        yield say(
            "No deal is on record, of this or any other time, so what became of them in sales is "
            "not known.",
            facts.ever("opportunities"),
        )
    if facts.period.days_past(facts.published.as_of) > 0 and not facts.is_snapshot:
        day = local_day(facts.published.as_of, facts.period.timezone)
        yield say(
            f"What became of them is counted up to {day_in_words(day)}.",
            Evidence("publication.as_of"),
        )


def _opening(facts: Facts) -> str:
    leads = counted(facts.funnel.leads, "lead")
    which = f" {cut.in_words(facts.where)}" if facts.where else ""
    if facts.is_snapshot:
        return (
            "The CRM does not say when its leads came in, so this is the story of all on record"
            f"{which}: {leads}."
        )
    if which:
        return (
            f"This is the story of the leads{which} alone: in {facts.period.words} we captured "
            f"{leads}."
        )
    return f"In {facts.period.words} we captured {leads}."


def _nothing(facts: Facts) -> Iterator[Sentence]:
    which = f" {cut.in_words(facts.where)}" if facts.where else ""
    previous = facts.card.previous
    before = int(facts.card.row("lead_volume").previous or 0)
    after = f", after {number(before)} in {previous.words}" if before else ""
    counts = [facts.during("leads", period=one) for one in (facts.period, previous)]
    yield say(f"In {facts.period.words} no leads{which} were captured{after}.", *counts)
    if facts.last_lead_at:
        day = local_day(facts.last_lead_at, facts.period.timezone)
        newest = containing(day, facts.period.kind, facts.period.timezone)
        yield say(
            f"The newest lead came in on {day_in_words(day)}; {_told_when(facts, newest)}.",
            facts.during("leads", period=newest),
        )


def _told_when(facts: Facts, newest: Period) -> str:
    """How to be told of the period with the newest lead, which may be going on."""
    if newest.days_past(facts.published.as_of) < 0:
        return f"that {newest.kind} is not over yet, and is told of once it is"
    option = "" if newest.kind == "month" else f" --period {newest.kind}"
    last = newest.end - timedelta(days=1)
    return f"`leadsignal story{option} --as-of {last}` tells of that time"


def _gates(facts: Facts) -> Iterator[tuple[str, int, str]]:
    """The gates that something can be said of: (gate, leads, words after the number)."""
    for gate, one, more in GATES:
        n = getattr(facts.funnel, gate)
        is_unknown = {
            "target_market": _is_profile_unknown(facts),
            "fit": _is_profile_unknown(facts),
            "accepted": _is_acceptance_unknown(facts),
            "conversations": _is_talk_unknown(facts),
            "opportunities": facts.is_without_deals,
            "strong": not facts.is_trusted(CONTACTS) or not facts.funnel.opportunities,
        }
        if not is_unknown.get(gate):
            yield gate, n, more if n > 1 else one


def _is_profile_unknown(facts: Facts) -> bool:
    funnel = facts.funnel
    return not facts.is_trusted(PROFILE) and funnel.target_market == funnel.fit == 0


def _is_acceptance_unknown(facts: Facts) -> bool:
    """Hardly any decision is on record, so that there is no acceptance says nothing."""
    return not facts.is_trusted(DECISION) and facts.funnel.accepted == 0


def _is_talk_unknown(facts: Facts) -> bool:
    """No call or meeting is logged, so that none was held says nothing."""
    return not facts.is_trusted(FOLLOW_UP) and facts.funnel.conversations == 0


def _gate_by_gate(facts: Facts) -> Iterator[Sentence]:
    for gate, n, phrase in _gates(facts):
        text = f"Sales accepted {number(n)}." if gate == "accepted" else f"{opening(n)} {phrase}."
        yield say(text, facts.step(gate))


def _gates_at_once(facts: Facts) -> Sentence:
    steps = []
    for gate, n, phrase in _gates(facts):
        amount = f"{number(n)} ({percent(n / facts.funnel.leads)})" if n else "none"
        steps.append(f"{phrase} {amount}" if gate == "accepted" else f"{amount} {phrase}")
    gates = (facts.step(gate) for gate, _, _ in _gates(facts))
    return say(f"Of these, {listing(steps)}.", *gates, facts.step("leads"))


def _single(facts: Facts) -> Sentence:
    reached = {
        gate: "was accepted by sales" if gate == "accepted" else phrase
        for gate, n, phrase in _gates(facts)
        if n
    }
    if not reached:
        gates = (facts.step(gate) for gate, _, _ in _gates(facts))
        return say("It has passed no gate so far.", *gates)
    return say(f"It {listing(list(reached.values()))}.", *map(facts.step, reached))

"""What the story says of the deals: those that closed, and a set that has deals alone."""

from collections.abc import Iterator

from leadsignal.evidence import Sentence, say
from leadsignal.facts import CRITERIA, Facts
from leadsignal.metrics.questions import CONTACTS, FOLLOW_UP, LOST
from leadsignal.scorecard.card import Row
from leadsignal.words import counted, money, number, opening, out_of, percent, some, was

ACTIVITY = "has_recent_activity"


def alone(facts: Facts) -> Iterator[Sentence]:
    """The opening of a story without leads: what there is instead."""
    every, still_open = facts.deals
    start = "The CRM has no leads on record, so this is the story of its"
    both = (facts.ever("opportunities"), facts.ever("open_opportunities"))
    if every == 1:
        yield say(f"{start} one deal: it is {'open' if still_open else 'closed'}.", *both)
    else:
        closed = every - still_open
        yield say(
            f"{start} {number(every)} deals: {number(closed)} {_are(closed)} closed, "
            f"{number(still_open)} {_are(still_open)} open.",
            *both,
            facts.ever("opportunities", "outcome <> open"),
        )
    opened = int(facts.pipeline["deals"])
    yield say(
        f"In {facts.period.words}, {counted(opened, 'deal')} {was(opened or 2)} opened.",
        facts.during("opportunities"),
    )


def pipeline(facts: Facts) -> Iterator[Sentence]:
    """What became pipeline: the deals opened in the period, and how strong they are."""
    deals = int(facts.pipeline["deals"])
    if not deals:
        return
    if not facts.is_of_deals_alone:
        yield _opened(facts, deals)
    yield from _strength(facts, deals)


def _opened(facts: Facts, deals: int) -> Sentence:
    found, currency = facts.pipeline, facts.published.reporting_currency
    accepted = int(found["accepted"])
    opened = f"{counted(deals, 'deal')} {was(deals)} opened, whoever opened"
    known = _known(int(found["priced"]), deals)
    worth = f", worth {money(found['amount'], currency)}{known}" if found["amount"] else ""
    text = f"In {facts.period.words}, {opened} {'it' if deals == 1 else 'them'}{worth}"
    agreed = facts.during("sales_qualified_opportunities")
    counts = [facts.during(name) for name in ("opportunities", "pipeline_amount")]
    if known:
        counts.append(facts.during("opportunities", "amount is not empty"))
    if not accepted:
        return say(f"{text}; none came from a lead that sales had accepted.", *counts, agreed)
    which = (
        ("it" if deals == 1 else "both" if deals == 2 else "all of them")
        if accepted == deals
        else number(accepted)
    )
    amount = found["accepted_amount"]
    value = ""
    if amount and amount != found["amount"]:
        known = _known(int(found["accepted_priced"]), accepted)
        value = f", worth {money(amount, currency)}{known}"
    signed = ": the pipeline that marketing and sales both stand behind" if amount else ""
    return say(
        f"{text}; {which} came from a lead that sales had accepted{value}{signed}.",
        *counts,
        agreed,
        facts.during("accepted_pipeline_amount"),
        *([facts.during("sales_qualified_opportunities", "amount is not empty")] if value else []),
    )


def _known(priced: int, deals: int) -> str:
    """After an amount: of how many deals it is known, where that is not all of them."""
    if priced == deals:
        return ""
    return f" ({some(priced, deals)} {'has' if priced == 1 else 'have'} an amount)"


def _strength(facts: Facts, deals: int) -> Iterator[Sentence]:
    if not facts.is_trusted(CONTACTS):
        return
    strong = int(facts.pipeline["strong"])
    weak = deals - strong
    counts = [facts.during("opportunities"), facts.during("strong_opportunities")]
    if not weak:
        yield say(f"{_all_of(deals)} strong pipeline.", *counts)
        return
    # Where no activity is logged, that none is recent says nothing of the deal.
    known = [one for one in CRITERIA if one != ACTIVITY or facts.is_trusted(FOLLOW_UP)]
    lacking = max(known, key=lambda name: facts.pipeline[name] or 0)
    n = int(facts.pipeline[lacking] or 0)
    start = (
        f"Of the {number(deals)} new deals, {number(strong)} {_are(strong or 1)} strong pipeline."
    )
    if deals == 1:
        start = "It is not strong pipeline yet."
    if not n:
        yield say(start, *counts)
        return
    others = "they lack" if not strong else "the other lacks" if weak == 1 else "the others lack"
    who = f"what {'it lacks' if deals == 1 else others} {'first' if weak == 1 else 'most often'}"
    often = "" if weak == 1 else f" ({some(n, weak)})"
    weak_ones = facts.during("opportunities", "is_strong_pipeline = false")
    missing = facts.during("opportunities", "is_strong_pipeline = false", f"{lacking} = false")
    text = f"{start[:-1]}; {who} is {CRITERIA[lacking]}{often}."
    yield say(text, *counts, weak_ones, missing)


def _all_of(deals: int) -> str:
    if deals == 1:
        return "It is"
    return "Both are" if deals == 2 else "All of them are"


def closings(facts: Facts) -> Iterator[Sentence]:
    """What closed in the period, over all deals, and who can be reached in the open ones."""
    won = facts.card.row("win_rate")
    closed, wins = int(won.denominator or 0), int(won.numerator or 0)
    if closed:
        yield say(
            f"{_who_closed(facts, closed)}: {_outcomes(closed, wins)}.",
            *map(facts.during, ("win_rate", "won", "lost")),
        )
        yield _win_rate(facts, won)
        yield from _worth(facts)
    elif facts.is_of_deals_alone:
        yield say(f"No deal closed in {facts.period.words}.", facts.during("win_rate"))
    coverage = facts.card.row("contact_coverage_rate")
    open_deals, linked = int(coverage.denominator or 0), int(coverage.numerator or 0)
    if open_deals > linked:
        bare = out_of(open_deals - linked, open_deals, "open deal")
        yield say(
            f"A contact is missing on {bare}.",
            facts.ever("open_opportunities"),
            facts.ever("open_opportunities", "contact_count = 0"),
        )


def _outcomes(closed: int, wins: int) -> str:
    if closed == 1:
        return "it was won" if wins else "it was lost"
    return f"{number(wins)} won and {number(closed - wins)} lost"


def _who_closed(facts: Facts, closed: int) -> str:
    if facts.is_of_deals_alone:
        return f"{opening(closed)} closed in {facts.period.words}"
    if facts.pipeline["deals"]:
        return f"In the same {facts.period.kind} {counted(closed, 'deal')} closed"
    return f"Over all deals, whoever opened them, {number(closed)} closed in {facts.period.words}"


def _win_rate(facts: Facts, won: Row) -> Sentence:
    ended = facts.during("win_rate")
    if not facts.is_trusted(LOST):
        if facts.trust[LOST].answerable_rows == 0:
            return say(
                "No lost deal is on record, of this or any other time, so there is no win rate.",
                facts.ever("lost"),
            )
        return say(
            "Most deals come from a CRM without any lost deal on record: there is no win rate.",
            *facts.answers(LOST),
        )
    if won.is_small_sample or won.low is None or won.high is None:
        return say("That is too few for a win rate.", ended)
    return say(
        f"That is a win rate of {percent(won.value or 0)} "
        f"({percent(won.low)} to {percent(won.high)} with 95% confidence).",
        ended,
    )


def _worth(facts: Facts) -> Iterator[Sentence]:
    """The money, where there are no leads to tell of; lost deals without amounts are said."""
    if not facts.is_of_deals_alone:
        return
    value = facts.card.row("value_win_rate")
    if value.numerator:
        known = _known(facts.won_priced, int(facts.card.row("win_rate").numerator or 0))
        yield say(
            f"The deals won are worth {_money(facts, value.numerator)}{known}.",
            *map(facts.during, ("won_amount", "won", "average_won_amount")),
        )
    if value.grade == "low" and facts.is_trusted(LOST):
        yield say(
            "Too few closed deals have an amount, so what share of the value was won is not known.",
            facts.ever("lost_amount"),
        )


def _money(facts: Facts, amount: float) -> str:
    return money(amount, facts.published.reporting_currency)


def _are(n: int) -> str:
    return "is" if n == 1 else "are"

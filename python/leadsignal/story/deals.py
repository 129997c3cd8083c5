"""What the story says of the deals: those that closed, and a set that has deals alone."""

from collections.abc import Iterator

from leadsignal.facts import Facts
from leadsignal.metrics.measures import LOST
from leadsignal.scorecard.card import Row
from leadsignal.words import counted, money, number, opening, out_of, percent, was


def alone(facts: Facts) -> Iterator[str]:
    """The opening of a story without leads: what there is instead."""
    every, still_open = facts.deals
    start = "The CRM has no leads on record, so this is the story of its"
    if every == 1:
        yield f"{start} one deal: it is {'open' if still_open else 'closed'}."
    else:
        closed = every - still_open
        yield (
            f"{start} {number(every)} deals: {number(closed)} {_are(closed)} closed, "
            f"{number(still_open)} {_are(still_open)} open."
        )
    opened = int(facts.card.row("cohort_win_rate").denominator or 0)
    yield f"In {facts.period.words}, {counted(opened, 'deal')} {was(opened or 2)} opened."


def closings(facts: Facts) -> Iterator[str]:
    """What closed in the period, over all deals, and who can be reached in the open ones."""
    won = facts.card.row("win_rate")
    closed, wins = int(won.denominator or 0), int(won.numerator or 0)
    if closed:
        who = f"Over all deals, whoever opened them, {number(closed)}"
        yield (
            f"{opening(closed) if facts.is_of_deals_alone else who} closed in "
            f"{facts.period.words}: {number(wins)} won and {number(closed - wins)} lost."
        )
        yield _win_rate(facts, won)
        yield from _worth(facts)
    elif facts.is_of_deals_alone:
        yield f"No deal closed in {facts.period.words}."
    coverage = facts.card.row("contact_coverage_rate")
    open_deals, linked = int(coverage.denominator or 0), int(coverage.numerator or 0)
    if open_deals > linked:
        bare = out_of(open_deals - linked, open_deals, "open deal")
        yield f"A contact is missing on {bare}."


def _win_rate(facts: Facts, won: Row) -> str:
    if not facts.is_trusted(LOST):
        if facts.trust[LOST].answerable_rows == 0:
            return "No lost deal is on record, of this or any other time, so there is no win rate."
        return "Most deals come from a CRM without any lost deal on record: there is no win rate."
    if won.is_small_sample or won.low is None or won.high is None:
        return "That is too few for a win rate."
    return (
        f"That is a win rate of {percent(won.value or 0)} "
        f"({percent(won.low)} to {percent(won.high)} with 95% confidence)."
    )


def _worth(facts: Facts) -> Iterator[str]:
    """The money, where there are no leads to tell of; lost deals without amounts are said."""
    if not facts.is_of_deals_alone:
        return
    value = facts.card.row("value_win_rate")
    if value.numerator:
        yield (
            f"The deals won are worth {money(value.numerator, facts.published.reporting_currency)}."
        )
    if value.grade == "low" and facts.is_trusted(LOST):
        yield "Lost deals carry no amount, so what share of the value was won is not known."


def _are(n: int) -> str:
    return "is" if n == 1 else "are"

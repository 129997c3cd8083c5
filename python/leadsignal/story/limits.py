"""What the story cannot say: samples too small, leads too young, questions the CRM can't answer."""

from collections.abc import Iterator
from datetime import timedelta

from leadsignal.facts import Facts
from leadsignal.honesty.statistics import wilson
from leadsignal.metrics.measures import PROFILE, SOURCE
from leadsignal.periods import day_in_words, local_day
from leadsignal.standing import Comparison
from leadsignal.words import (
    counted,
    listing,
    number,
    opening,
    out_of,
    percent,
    sentence,
    source_name,
)

STALE = timedelta(days=3)
"""A gap between the newest record and the period's end that is worth a sentence."""
FULLY_KNOWN = 0.9
FEW_UNUSABLE = 0.01
"""The share of raw lead rows that may be unusable without a word."""
NAMED = 3


def limits(facts: Facts, sources: Comparison) -> Iterator[str]:
    """The sentences that begin where the evidence ends."""
    if facts.funnel.leads:
        yield from _how_sure(facts)
        yield from _small(facts, sources)
        yield from _young(facts)
        yield from _fit_known(facts)
    yield from _stale(facts)
    yield from _unusable(facts)
    if facts.undated_leads and not facts.is_snapshot:
        more = counted(facts.undated_leads, "more lead")
        yield f"No period can count {more}: the CRM does not say when they came in."


def _how_sure(facts: Facts) -> Iterator[str]:
    fit, leads = facts.funnel.fit, facts.funnel.leads
    if leads < facts.published.min_sample:
        yield (
            f"{opening(leads)} {'lead is' if leads == 1 else 'leads are'} too few for a rate: "
            "these counts are what happened, not what to expect."
        )
    elif facts.is_trusted(PROFILE) and (interval := wilson(fit, leads)):
        yield (
            f"With {leads:,} leads, the share that fits is {percent(fit / leads)}, give or take: "
            f"{percent(interval[0])} to {percent(interval[1])} with 95% confidence."
        )


def _small(facts: Facts, sources: Comparison) -> Iterator[str]:
    every = sources.standings
    small = [one for one in every if one.is_small]
    if not small or len(every) < 2 or not facts.is_trusted(SOURCE, PROFILE):
        return
    least = facts.published.min_sample
    if len(small) == len(every):
        yield (
            f"No source can be ranked yet: that takes {least} leads of its own and {least} others."
        )
        return
    names = [source_name(one.name) for one in small[:NAMED]]
    if len(small) > NAMED:
        names.append(f"{number(len(small) - NAMED)} more")
    yield sentence(f"too few leads to rank (fewer than {least}) came from {listing(names)}")


def _young(facts: Facts) -> Iterator[str]:
    days = facts.published.conversion_horizon_days
    mature = int(facts.card.row("mature_share").numerator or 0)
    if mature == facts.funnel.leads or facts.is_snapshot:
        return
    if facts.funnel.leads == 1:
        if not facts.funnel.opportunities:
            yield f"The lead is not {days} days old yet: it may still become an opportunity."
        return
    young = (
        "None of these leads is"
        if not mature
        else f"Only {out_of(mature, facts.funnel.leads, 'lead')} {'is' if mature == 1 else 'are'}"
    )
    yield f"{young} {days} days old yet, so how many become opportunities cannot be judged so far."
    period, leads, converted = facts.mature
    if leads >= facts.published.min_sample:
        yield (
            f"In {period.words}, the newest {period.kind} old enough, "
            f"{number(converted)} of {leads:,} leads did within "
            f"{days} days ({percent(converted / leads)})."
        )


def _fit_known(facts: Facts) -> Iterator[str]:
    known, leads = facts.funnel.fit_known, facts.funnel.leads
    if known / leads < FULLY_KNOWN:
        yield (
            f"Fit is known for {out_of(known, leads, 'lead')}; the others count as not fitting "
            "until the CRM says more."
        )


def _stale(facts: Facts) -> Iterator[str]:
    through = facts.published.data_through
    if through and facts.period.ends_at - through > STALE:
        day = day_in_words(local_day(through, facts.period.timezone))
        yield f"The newest record in the data is of {day}: what came later is not in these numbers."


def _unusable(facts: Facts) -> Iterator[str]:
    lost, rows = facts.unusable
    if lost and lost / rows > FEW_UNUSABLE:
        which = sentence(f"{out_of(lost, rows, 'lead row')} of the CRM could not be used")[:-1]
        yield f"{which} and {'is' if lost == 1 else 'are'} in no number here."


def untrusted(facts: Facts) -> Iterator[str]:
    """The questions that too few rows can answer, one a line, each with what to do."""
    low = [trust for trust in facts.trust.values() if trust.grade == "low"]
    if not low:
        return
    lines = [
        f"- {sentence(trust.question)[:-1].rstrip('?')}? {opening(trust.answerable_rows)} of "
        f"{counted(trust.rows, 'row')} can tell. {sentence(trust.missing)}"
        for trust in low
    ]
    one = len(low) == 1
    start = (
        f"The CRM cannot answer {'one question' if one else f'{number(len(low))} questions'} yet, "
    )
    yield "\n".join([f"{start}and no advice is built on {'it' if one else 'them'}:", *lines])

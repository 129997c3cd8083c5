"""What the story cannot say: samples too small, leads too young, questions the CRM can't answer."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from leadsignal.evidence import Evidence, Sentence, conditions, say
from leadsignal.facts import Facts
from leadsignal.honesty.grades import MIN_ANSWERABLE
from leadsignal.honesty.statistics import wilson
from leadsignal.metrics.questions import PROFILE, SOURCE
from leadsignal.periods import day_in_words, local_day
from leadsignal.standing import Comparison
from leadsignal.words import (
    counted,
    listing,
    number,
    opening,
    out_of,
    percent,
    quoted,
    sentence,
    source_name,
)

STALE = timedelta(days=3)
"""A gap between the newest record and the period's end that is worth a sentence, where the set is
older than the setting `stale_after_days`."""
FULLY_KNOWN = 0.9
FEW_UNUSABLE = 0.01
"""The share of raw lead rows that may be unusable without a word."""
NAMED = 3


def limits(facts: Facts, sources: Comparison) -> Iterator[Sentence]:
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
        yield say(
            f"No period can count {more}: the CRM does not say when they came in.",
            facts.ever("leads", "created_at is empty"),
        )


def _how_sure(facts: Facts) -> Iterator[Sentence]:
    fit, leads = facts.funnel.fit, facts.funnel.leads
    if leads < facts.published.min_sample:
        yield say(
            f"{opening(leads)} {'lead is' if leads == 1 else 'leads are'} too few for a rate: "
            "these counts are what happened, not what to expect.",
            facts.step("leads"),
        )
    elif _is_fit_known(facts) and (interval := wilson(fit, leads)):
        yield say(
            f"With {leads:,} leads, the share that fits is {percent(fit / leads)}, give or take: "
            f"{percent(interval[0])} to {percent(interval[1])} with 95% confidence.",
            facts.captured("icp_fit_rate"),
        )


def _is_fit_known(facts: Facts) -> bool:
    known = facts.funnel.fit_known / facts.funnel.leads
    return facts.is_trusted(PROFILE) and known >= MIN_ANSWERABLE


def _small(facts: Facts, sources: Comparison) -> Iterator[Sentence]:
    every = sources.standings
    small = [one for one in every if one.is_small]
    if not small or len(every) < 2 or not facts.is_trusted(SOURCE, PROFILE):
        return
    least = facts.published.min_sample
    counts = [facts.step("leads", {"source": one.name}) for one in small]
    if len(small) == len(every):
        yield say(
            f"No source can be ranked yet: that takes {least} leads of its own and {least} others.",
            *counts,
        )
        return
    names = [source_name(one.name) for one in small[:NAMED]]
    if len(small) > NAMED:
        names.append(f"{number(len(small) - NAMED)} more")
    yield say(
        sentence(f"too few leads to rank (fewer than {least}) came from {listing(names)}"), *counts
    )


def _young(facts: Facts) -> Iterator[Sentence]:
    days = facts.published.conversion_horizon_days
    mature = int(facts.card.row("mature_share").numerator or 0)
    if mature == facts.funnel.leads or facts.is_snapshot or facts.is_without_deals:
        return
    old_enough = facts.captured("mature_share")
    if facts.funnel.leads == 1:
        if not facts.funnel.opportunities:
            yield say(
                f"The lead is not {days} days old yet: it may still become an opportunity.",
                old_enough,
            )
        return
    young = (
        "None of these leads is"
        if not mature
        else f"Only {out_of(mature, facts.funnel.leads, 'lead')} {'is' if mature == 1 else 'are'}"
    )
    if mature >= facts.published.min_sample:
        rate = facts.card.row("lead_to_opportunity_rate")
        yield say(
            f"{young} {days} days old yet; {number(int(rate.numerator or 0))} of these became "
            f"opportunities within {days} days ({percent(rate.value or 0)}).",
            old_enough,
            facts.captured("lead_to_opportunity_rate"),
        )
        return
    yield say(
        f"{young} {days} days old yet, so how many become opportunities cannot be judged so far.",
        old_enough,
    )
    period, leads, converted = facts.mature
    if leads >= facts.published.min_sample:
        yield say(
            f"In {period.words}, the newest {period.kind} old enough, "
            f"{number(converted)} of {leads:,} leads did within "
            f"{days} days ({percent(converted / leads)}).",
            facts.during("lead_to_opportunity_rate", period=period),
        )


def _fit_known(facts: Facts) -> Iterator[Sentence]:
    known, leads = facts.funnel.fit_known, facts.funnel.leads
    if known / leads < FULLY_KNOWN:
        start = f"Fit is known for {out_of(known, leads, 'lead')}; the others count"
        if not known:
            start = (
                "Its fit is not known; it counts"
                if leads == 1
                else "Their fit is not known; they count"
            )
        yield say(
            f"{start} as not fitting until the CRM says more.",
            facts.step("fit_known"),
            facts.step("leads"),
        )


def _stale(facts: Facts) -> Iterator[Sentence]:
    told = facts.published.data_through
    if told and _is_stale(facts, told):
        day = day_in_words(local_day(told, facts.period.timezone))
        yield say(
            f"The newest record in the data is of {day}: what came later is not in these numbers.",
            Evidence("publication.data_through"),
        )
    else:
        told = None
    for crm, through in facts.stale_crms.items():
        if through < facts.period.ends_at and through != told:
            day = day_in_words(local_day(through, facts.period.timezone))
            yield say(
                f"The newest record of the CRM {quoted(crm)} is of {day}: what came later there is "
                "not in these numbers.",
                Evidence("crm_freshness.data_through", None, conditions({"crm": crm})),
            )


def _is_stale(facts: Facts, told: datetime) -> bool:
    """Whether the newest record of all is too old: that of a CRM whose loader has stopped."""
    if not facts.is_freshness_told:
        return facts.period.ends_at - told > STALE
    return told < facts.period.ends_at and told in facts.stale_crms.values()


def _unusable(facts: Facts) -> Iterator[Sentence]:
    lost, rows = facts.unusable
    if lost and lost / rows > FEW_UNUSABLE and not facts.where:
        which = sentence(f"{out_of(lost, rows, 'lead row')} of the CRM could not be used")[:-1]
        of_leads = conditions({"record_kind": "lead"})
        yield say(
            f"{which} and {'is' if lost == 1 else 'are'} in no number here.",
            Evidence("row_accounting.quarantined_rows", None, of_leads),
            Evidence("row_accounting.raw_rows", None, of_leads),
        )


def untrusted(facts: Facts) -> Iterator[Sentence]:
    """The questions that too few rows can answer, one a line, each with what to do."""
    low = [grade for order, grade in facts.trust.items() if grade.is_low and order]
    if not low:
        return
    one = len(low) == 1
    start = "The CRM cannot answer " + ("one question" if one else f"{number(len(low))} questions")
    counts = [facts.answers(grade.question_order) for grade in low]
    yield say(
        f"{start} yet, and no other advice is built on {'it' if one else 'them'}:",
        *(each for both in counts for each in both),
    )
    for grade, both in zip(low, counts, strict=True):
        yield say(
            f"- {sentence(grade.question)[:-1].rstrip('?')}? {opening(grade.answerable_rows)} of "
            f"{counted(grade.rows, 'row')} can tell. {sentence(grade.missing)}",
            *both,
        )

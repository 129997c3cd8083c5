"""Which sources' leads become opportunities, where the CRM knows too little to tell fit."""

from collections.abc import Iterator, Mapping

from leadsignal.evidence import Evidence, Sentence, say
from leadsignal.facts import Facts
from leadsignal.funnel import Funnel
from leadsignal.honesty.statistics import discoveries, two_proportions
from leadsignal.metrics.questions import OPPORTUNITY, PROFILE
from leadsignal.standing import FEW_LEADS
from leadsignal.words import counted, listing, percent, sentence, source_name

NAMED = 3
UNKNOWN = ""
"""The segment of the leads whose source is not known."""


def conversions(facts: Facts) -> Iterator[Sentence]:
    """A paragraph that takes the place of the one on fit; leads without a source are in it."""
    if facts.is_trusted(PROFILE) or not facts.is_trusted(OPPORTUNITY):
        return
    segments = {
        name: funnel
        for name, funnel in {**facts.cuts["source"], UNKNOWN: facts.unknown_source}.items()
        if funnel.leads >= FEW_LEADS
    }
    few = facts.funnel.leads < facts.published.min_sample
    if few or len(segments) < 2 or not facts.funnel.opportunities:
        return
    yield say(
        "As fit is not known, sources are told apart by how many of their leads became "
        "opportunities so far.",
        *facts.answers(PROFILE),
    )
    yield from _ranked(facts, segments)


def _ranked(facts: Facts, segments: Mapping[str, Funnel]) -> Iterator[Sentence]:
    names = sorted(segments, key=lambda name: -_rate(segments[name]))
    found = discoveries([_test(segments[name], facts.funnel) for name in names])
    mean = _rate(facts.funnel)
    standing_out = [name for name, is_found in zip(names, found, strict=True) if is_found]
    better = [name for name in standing_out if _rate(segments[name]) > mean]
    worse = [name for name in reversed(standing_out) if _rate(segments[name]) < mean]
    if not standing_out:
        most = listing([_record(name, segments[name]) for name in names[:NAMED]])
        few = _hint(facts, segments, names, "counts, not a ranking")
        yield say(
            f"No source differs from the rest by more than chance explains; first are {most}{few}.",
            *_counts(facts, names),
        )
    for often, group in (("most", better), ("least", worse)):
        if group:
            listed = listing([_record(name, segments[name]) for name in group[:NAMED]])
            few = _hint(facts, segments, group, "a first sign, not a ranking")
            text = f"they did {often} often from {listed}{few}"
            yield say(sentence(text), *_counts(facts, group[:NAMED]))
    if UNKNOWN in better:
        yield say(
            "Where the leads without a known source came from is the first thing to find out.",
            *_counts(facts, [UNKNOWN]),
        )


def _counts(facts: Facts, names: list[str]) -> list[Evidence]:
    return [
        facts.step(step, {"source": name or "unknown"})
        for name in names
        for step in ("opportunities", "leads")
    ]


def _hint(facts: Facts, segments: Mapping[str, Funnel], group: list[str], what: str) -> str:
    least = min(segments[name].leads for name in group[:NAMED])
    is_small = least < facts.published.min_sample
    return f"; these are few leads: {what}" if is_small else ""


def _record(name: str, funnel: Funnel) -> str:
    place = "leads without a known source" if name == UNKNOWN else source_name(name)
    share = percent(_rate(funnel))
    return f"{place} ({funnel.opportunities:,} of {counted(funnel.leads, 'lead')}, {share})"


def _test(one: Funnel, every: Funnel) -> float | None:
    return two_proportions(
        one.opportunities,
        one.leads,
        every.opportunities - one.opportunities,
        every.leads - one.leads,
    )


def _rate(funnel: Funnel) -> float:
    return funnel.opportunities / funnel.leads

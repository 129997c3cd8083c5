"""Which source, campaign and offer brought quality, and which brought volume without it."""

from collections.abc import Iterator

from leadsignal import standing
from leadsignal.facts import Facts
from leadsignal.metrics.measures import PROFILE, SOURCE
from leadsignal.standing import FEW_LEADS, Comparison, Standing
from leadsignal.words import counted, listing, number, percent, quoted, sentence, source_name

LISTED = 3


def paragraphs(facts: Facts, sources: Comparison) -> Iterator[list[str]]:
    """A paragraph on sources, and one on campaigns and offers where they tell more."""
    if facts.funnel.leads == 0 or not facts.is_trusted(PROFILE):
        return
    if facts.is_trusted(SOURCE):
        yield [*_paragraph(facts, sources, "source")]
    for cut in ("campaign", "offer"):
        if len(facts.cuts.get(cut, {})) > 1:
            segments = standing.compare(facts.cuts[cut], facts.funnel, facts.published.min_sample)
            if segments.quality or segments.volume_without_fit:
                yield [*_paragraph(facts, segments, cut)]


def _paragraph(facts: Facts, segments: Comparison, cut: str) -> Iterator[str]:
    found = segments.standings
    if len(found) == 1:
        leads = counted(found[0].funnel.leads, "lead")
        yield f"The only {cut} on record is {_name(found[0], cut)}, with {leads}."
    elif found and facts.funnel.leads < 2 * FEW_LEADS:
        parts = [f"{_name(one, cut)} ({one.funnel.leads})" for one in found[:LISTED]]
        yield f"Too few leads came in to compare {cut}s; they came from {listing(parts)}."
    elif found:
        yield from _quality(facts, segments, cut)
        yield from _volume(segments, cut)


def _quality(facts: Facts, segments: Comparison, cut: str) -> Iterator[str]:
    best, among = segments.quality, "" if cut == "source" else f"among {cut}s, "
    if not best:
        yield sentence(
            f"no {cut} is better than the rest by more than chance explains{_talks(segments, cut)}"
        )
        return
    named = listing([f"{_name(one, cut)} ({_record(facts, one, cut)})" for one in best])
    if any(one.is_small for one in best):
        yield sentence(
            f"{among}so far the highest-quality leads came from {named}; "
            "these are few leads: a first sign, not a ranking"
        )
    else:
        yield sentence(f"{among}the highest-quality leads came from {named}")


def _talks(segments: Comparison, cut: str) -> str:
    """Where the conversations came from: counts, which are no ranking."""
    talking = sorted(segments.standings, key=lambda one: -one.funnel.conversations)
    named = [
        f"{_name(one, cut)} ({number(one.funnel.conversations)} from "
        f"{counted(one.funnel.leads, 'lead')})"
        for one in talking[:2]
        if one.funnel.conversations
    ]
    return f"; first conversations came most often from {listing(named)}" if named else ""


def _volume(segments: Comparison, cut: str) -> Iterator[str]:
    largest = segments.largest
    if largest is not None and largest not in segments.quality:
        yield _largest(largest, segments, cut)
    others = [
        one for one in segments.volume_without_fit if one is not largest and not one.is_small
    ][:2]
    if others:
        also = "also " if largest in segments.volume_without_fit else ""
        named = [
            f"{_name(one, cut)} ({percent(one.fit_rate)} of {counted(one.funnel.leads, 'lead')})"
            for one in others
        ]
        yield f"Volume without much fit {also}came from {listing(named)}."


def _largest(one: Standing, segments: Comparison, cut: str) -> str:
    start = f"The highest-volume {cut}, {_name(one, cut)},"
    against = f"{_fit_share(one)}, against {percent(one.rest_rate)} of all other leads"
    so_far = f" so far ({one.funnel.leads} leads are a small sample)" if one.is_small else ""
    if one.fit == "worse":
        weakest = "the weakest fit" if segments.is_weakest(one) else "a weaker fit than the rest"
        return f"{start} produced {weakest}{so_far}: {against}."
    if one.fit == "better":
        return f"{start} also brought better fit than the rest{so_far}: {against}."
    return f"{start} cannot be told from the rest by its fit: {against}."


def _name(one: Standing, cut: str) -> str:
    return source_name(one.name) if cut == "source" else quoted(one.name)


def _record(facts: Facts, one: Standing, cut: str) -> str:
    """What became of its leads, and under which campaign when the source has just one."""
    funnel = one.funnel
    steps = [f"{number(funnel.fit)} of {counted(funnel.leads, 'lead')} fit"]
    if funnel.conversations:
        steps.append(f"{number(funnel.conversations)} had a first conversation")
    if funnel.opportunities:
        became = "became an opportunity" if funnel.opportunities == 1 else "became opportunities"
        steps.append(f"{number(funnel.opportunities)} {became}")
    campaign = facts.campaign_of.get(one.name) if cut == "source" else None
    return (f"campaign {quoted(campaign)}: " if campaign else "") + ", ".join(steps)


def _fit_share(one: Standing) -> str:
    share = f"{number(one.funnel.fit)} of {number(one.funnel.leads)} leads fit"
    return f"{share} ({percent(one.fit_rate)})" if one.funnel.fit else share

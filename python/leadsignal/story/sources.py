"""Which source, campaign and offer brought quality, and which brought volume without it."""

from collections.abc import Iterator

from leadsignal import standing, warehouse
from leadsignal.evidence import Evidence, Sentence, say
from leadsignal.facts import Facts
from leadsignal.metrics.filters import Where
from leadsignal.metrics.questions import PROFILE, SOURCE
from leadsignal.standing import FEW_LEADS, Comparison, Standing
from leadsignal.words import counted, listing, number, percent, quoted, sentence, source_name

LISTED = 3
UNKNOWN_SHARE = 0.1
"""Leads without a source are told of from here on."""


def sources(facts: Facts, found: Comparison) -> Iterator[Sentence]:
    """A paragraph on sources."""
    if facts.funnel.leads and facts.is_trusted(PROFILE, SOURCE) and not _is_cut_by(facts, "source"):
        yield from _paragraph(facts, found, "source")


def segments(facts: Facts, by: str) -> Iterator[Sentence]:
    """A paragraph on campaigns or offers, where they tell more than the sources do."""
    if not facts.funnel.leads or not facts.is_trusted(PROFILE) or _is_cut_by(facts, by):
        return
    if len(facts.cuts.get(by, {})) > 1:
        found = standing.compare(facts.cuts[by], facts.funnel, facts.published.min_sample)
        if found.quality or found.volume_without_fit:
            yield from _paragraph(facts, found, by)


def of(facts: Facts, one: Standing, cut: str, *steps: str) -> list[Evidence]:
    """The counts of a segment."""
    return [facts.step(step, {cut: one.name}) for step in steps]


def rest(facts: Facts, one: Standing, cut: str) -> Evidence:
    """The share that fits of all other leads."""
    return facts.captured("icp_fit_rate", unlike(cut, one.name))


def unlike(cut: str, name: str) -> Where:
    """Every lead but those of a segment."""
    return f"{cut} <> {warehouse.literal(name)}"


def _is_cut_by(facts: Facts, by: str) -> bool:
    return any(one.name == by and one.operator == "=" for one in facts.where)


def _paragraph(facts: Facts, segments: Comparison, cut: str) -> Iterator[Sentence]:
    found = segments.standings
    if len(found) == 1:
        leads = counted(found[0].funnel.leads, "lead")
        yield say(
            f"The only known {cut} is {_name(found[0], cut)}, with {leads}."
            if facts.unknown_source.leads
            else f"The only {cut} on record is {_name(found[0], cut)}, with {leads}.",
            *of(facts, found[0], cut, "leads"),
        )
    elif found and facts.funnel.leads < 2 * FEW_LEADS:
        parts = [f"{_name(one, cut)} ({one.funnel.leads})" for one in found[:LISTED]]
        yield say(
            f"Too few leads came in to compare {cut}s; they came from {listing(parts)}.",
            *(each for one in found[:LISTED] for each in of(facts, one, cut, "leads")),
        )
    elif found:
        yield _quality(facts, segments, cut)
        yield from _volume(facts, segments, cut)
    unknown = facts.unknown_source.leads
    if cut == "source" and unknown > UNKNOWN_SHARE * facts.funnel.leads:
        yield say(
            f"The source of {counted(unknown, 'lead')} is not known.",
            facts.step("leads", {"source": "unknown"}),
        )


def _quality(facts: Facts, segments: Comparison, cut: str) -> Sentence:
    best, among = segments.quality, "" if cut == "source" else f"among {cut}s, "
    if not best:
        return _no_quality(facts, segments, cut)
    named = [f"{_name(one, cut)} ({_record(facts, one, cut)})" for one in best[:LISTED]]
    if len(best) > LISTED:
        named.append(f"{number(len(best) - LISTED)} more")
    counts = [
        each
        for one in best[:LISTED]
        for each in of(facts, one, cut, "fit", "leads", "conversations", "opportunities")
    ]
    so_far, hint = "", ""
    if any(one.is_small for one in best):
        so_far, hint = "so far ", "; these are few leads: a first sign, not a ranking"
    what = (
        "the highest-quality leads" if segments.is_quality_highest else "leads better than the rest"
    )
    return say(sentence(f"{among}{so_far}{what} came from {listing(named)}{hint}"), *counts)


def _no_quality(facts: Facts, segments: Comparison, cut: str) -> Sentence:
    """No winner; where the conversations came from are counts, which are no ranking."""
    talking = sorted(segments.standings, key=lambda one: -one.funnel.conversations)
    most = [one for one in talking[:2] if one.funnel.conversations]
    named = [
        f"{_name(one, cut)} ({number(one.funnel.conversations)} from "
        f"{counted(one.funnel.leads, 'lead')})"
        for one in most
    ]
    talks = f"; first conversations came most often from {listing(named)}" if named else ""
    start = f"no {cut} is better than the rest by more than chance explains"
    if any("better" in (one.fit, one.talk) for one in segments.standings):
        start = f"no {cut} stands out all round: where one thing is better, another is worse"
    compared = [facts.captured("icp_fit_rate", {cut: one.name}) for one in segments.standings]
    counts = [each for one in most for each in of(facts, one, cut, "conversations", "leads")]
    return say(sentence(f"{start}{talks}"), *counts, *compared)


def _volume(facts: Facts, segments: Comparison, cut: str) -> Iterator[Sentence]:
    largest = segments.largest
    if largest is not None and largest not in segments.quality:
        yield say(
            _largest(largest, segments, cut),
            *of(facts, largest, cut, "fit", "leads"),
            facts.captured("icp_fit_rate", {cut: largest.name}),
            rest(facts, largest, cut),
        )
    others = [
        one for one in segments.volume_without_fit if one is not largest and not one.is_small
    ][:2]
    also = "also " if largest in segments.volume_without_fit else ""
    for is_without_fit, text in (
        (True, f"volume without much fit {also}came from"),
        (False, f"the share that fits is {also}lower than elsewhere for leads from"),
    ):
        group = [one for one in others if one.is_without_fit == is_without_fit]
        if group:
            named = [_volume_of(one, cut) for one in group]
            yield say(
                sentence(f"{text} {listing(named)}"),
                *(facts.captured("icp_fit_rate", {cut: one.name}) for one in group),
                *(rest(facts, one, cut) for one in group if not is_without_fit),
            )


def _volume_of(one: Standing, cut: str) -> str:
    share = f"{percent(one.fit_rate)} of {counted(one.funnel.leads, 'lead')}"
    against = "" if one.is_without_fit else f", against {percent(one.rest_rate)} of all others"
    return f"{_name(one, cut)} ({share}{against})"


def _largest(one: Standing, segments: Comparison, cut: str) -> str:
    start = f"The highest-volume {cut}, {_name(one, cut)},"
    against = f"{_fit_share(one)}, against {percent(one.rest_rate)} of all other leads"
    so_far = f" so far ({one.funnel.leads} leads are a small sample)" if one.is_small else ""
    if one.fit == "worse":
        weakest = "the weakest fit" if segments.is_weakest(one) else "a weaker fit than the rest"
        return f"{start} produced {weakest}{so_far}: {against}."
    if one.fit == "better":
        return f"{start} also brought better fit than the rest{so_far}: {against}."
    known = one.funnel.fit_known
    hint = f"; it is known for {number(known)} of them" if known < one.funnel.leads / 2 else ""
    return f"{start} cannot be told from the rest by its fit: {against}{hint}."


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

"""The gap in opportunities, split over what “we need more leads” may stand for."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from leadsignal.diagnosis import funnel, testing
from leadsignal.diagnosis.feeding import Fed, average, comparable, fed
from leadsignal.diagnosis.naming import LINK_NAMES, evidence, is_darker, link_words, to_do
from leadsignal.diagnosis.report import (
    AGAINST,
    CHANCE,
    EXPLAINS,
    NO_WEIGHT,
    NOT_TESTED,
    TRACKING_FIRST,
    Diagnosis,
    Part,
    named,
)
from leadsignal.evidence import Evidence
from leadsignal.honesty.grades import grades, worst
from leadsignal.honesty.statistics import SIGNIFICANCE, discoveries
from leadsignal.questions.asking import Asked
from leadsignal.scorecard import targets
from leadsignal.words import counted, listing, tenths

if TYPE_CHECKING:
    import duckdb

MOST = 12
"""Periods before this one whose average is the usual."""
WEIGHT = 0.5
"""A part of less than half an opportunity is not told as one."""
FILL_IN = "fill country, industry and number of employees on the lead (or enrich them)"
OTHERS, ABOVE_USUAL = "deals of no such lead", "aim above the usual"


def diagnose(
    con: "duckdb.DuckDBPyConnection",
    period: str = "month",
    as_of: str | date | datetime | None = None,
) -> Diagnosis:
    """Why the last complete period at `as_of` opened more or fewer opportunities than aimed at.

    The aim is the target of `opportunities` in the table `targets`, else the average of up to 12
    periods before. The chain from leads to opportunities is compared with its usual one, and every
    link's part of the difference is exact. Raises UsageError for an unknown period or `as_of`.
    """
    asked = Asked.of(con, period, as_of)
    before, horizon = comparable(asked, MOST)
    sources, (now, *earlier) = fed(asked, [asked.period, *before], horizon)
    target = targets.load(con, ["opportunities"]).of("opportunities", asked.period, targets.ALL)
    usual = average([now, *earlier])
    if not earlier or not usual.opened:
        return _without_parts(asked, now, target, len(earlier))
    usual = average(earlier)
    sources, usual, now = _told_apart(sources, usual, now, asked.min_sample)
    parts = list(_parts(asked, sources, usual, now))
    if target is not None:
        parts.append(Part(ABOVE_USUAL, ABOVE_USUAL, usual.opened - target, "-", "-"))
    aim = usual.opened if target is None else target
    judged = _judged(asked, parts, now.opened - aim)
    p_value = testing.of_counts(now.opened, usual.opened, usual.periods)
    found = Diagnosis(
        asked.period,
        now.opened,
        aim,
        _aim_words(asked, usual, target),
        p_value,
        p_value is not None and p_value <= SIGNIFICANCE,
        tuple(judged),
        (),
        (Evidence("opportunities", asked.period),),
    )
    return replace(found, sentences=tuple(_sentences(found, usual.opened)))


def _without_parts(asked: Asked, now: Fed, target: float | None, earlier: int) -> Diagnosis:
    """Nothing to compare with: the number and its target is all that can be said."""
    [record] = asked.rows("select count(created_at) as leads from fct_leads")
    if not record["leads"]:
        why = (
            "Not answerable: no lead with its day is on record, so a gap cannot be split. First: "
            "load the leads of the CRM."
        )
    elif not earlier:
        why = "No earlier period has all its leads on record, so there is no usual to compare with."
    else:
        before = counted(earlier, asked.period.kind)
        why = f"Nor was one in the {before} before, so there is nothing to split."
    opened = f"{counted(int(now.opened), 'opportunity', 'opportunities').capitalize()} "
    against = "" if target is None else f", against a target of {target:,.0f}"
    return Diagnosis(
        asked.period,
        now.opened,
        target,
        "the target" if target is not None else "nothing",
        None,
        False,
        (),
        (
            f"{opened}{'was' if now.opened == 1 else 'were'} opened in "
            f"{asked.period.words}{against}.",
            why,
        ),
        (Evidence("opportunities", asked.period),),
    )


def _told_apart(
    sources: list[str], usual: Fed, now: Fed, min_sample: int
) -> tuple[list[str], Fed, Fed]:
    """The sources with enough leads on either side, and all small ones as one."""
    sizes = [
        max(mine, theirs)
        for mine, theirs in zip(
            now.leads.sum((1, 2, 3, 4)), usual.leads.sum((1, 2, 3, 4)), strict=True
        )
    ]
    places = [place for place, size in enumerate(sizes) if size >= min_sample]
    small = [place for place, size in enumerate(sizes) if size < min_sample]
    names = [*(sources[place] for place in places), "other sources"]
    return names, funnel.pooled(usual, places, small), funnel.pooled(now, places, small)


def _parts(asked: Asked, sources: list[str], usual: Fed, now: Fed) -> Iterator[Part]:
    done, p_values = funnel.parts(usual, now), testing.p_values(usual, now)
    known = grades(asked.con)
    for link in funnel.LINKS:
        name, questions = LINK_NAMES[link]
        weakest = worst(known, questions)
        fix = listing([to_do(doubt) for doubt in asked.doubts(questions)])
        if link == "known" and is_darker(usual, now):
            fix = FILL_IN
        what, is_now, was = link_words(link, sources, usual, now)
        yield Part(
            name,
            what,
            done[link],
            is_now,
            was,
            p_values[link],
            weakest.grade if weakest else None,
            fix=fix,
            evidence=evidence(link, asked),
        )
    yield Part(
        "other deals",
        OTHERS,
        now.others - usual.others,
        f"{now.others:,.0f}",
        f"{tenths(usual.others):,.1f}",
        testing.of_counts(now.others, usual.others, usual.periods),
    )


def _judged(asked: Asked, parts: list[Part], gap: float) -> Iterator[Part]:
    """The parts with their findings; false discoveries are held at 5% over all of them."""
    found = discoveries([part.p_value for part in parts])
    for part, is_found in zip(parts, found, strict=True):
        if part.fix and (is_found or part.name != "tracking"):
            yield replace(part, finding=TRACKING_FIRST)
        elif part.p_value is None:
            yield replace(part, finding=NOT_TESTED)
        elif not is_found:
            yield replace(part, finding=CHANCE)
        elif abs(part.opportunities) < WEIGHT:
            yield replace(part, finding=NO_WEIGHT)
        else:
            yield replace(part, finding=EXPLAINS if part.opportunities * gap > 0 else AGAINST)


def _aim_words(asked: Asked, usual: Fed, target: float | None) -> str:
    if target is not None:
        return "the target"
    if usual.periods == 1:
        return f"the {asked.period.kind} before"
    return f"the average of the {usual.periods} {asked.period.kind}s before"


def _sentences(found: Diagnosis, usual: float) -> Iterator[str]:
    gap = found.gap or 0.0
    size = "as many as" if not round(gap, 1) else (
        f"{abs(gap):,.1f} {'fewer' if gap < 0 else 'more'} than"
    )  # fmt: skip
    yield (
        f"{counted(int(found.opened), 'opportunity', 'opportunities').capitalize()} "
        f"{'was' if found.opened == 1 else 'were'} opened in {found.period.words}: {size} "
        f"{found.aim_words} ({found.aim:,.1f})."
    )
    if not found.is_beyond_chance:
        yield (
            f"Held against the usual {usual:,.1f}, that is within what chance gives from one "
            f"{found.period.kind} to the next."
        )
    explaining = [part for part in found.parts if part.finding == EXPLAINS]
    against = [part for part in found.parts if part.finding == AGAINST]
    if explaining:
        yield f"Beyond chance, and in the direction of the gap: {named(explaining)}."
    if against:
        yield f"Beyond chance, and against it: {named(against)}."
    if not explaining and not against:
        yield "No part of it is beyond chance, so nothing here calls for another course."
    yield from _about_leads(found, explaining, gap)
    untracked = [part for part in found.parts if part.finding == TRACKING_FIRST]
    if untracked:
        names = listing(list(dict.fromkeys(part.name for part in untracked)))
        fixes = listing(list(dict.fromkeys(part.fix for part in untracked)))
        yield f"Tracking first: the CRM cannot tell about {names}. To mend: {fixes}."


def _about_leads(found: Diagnosis, explaining: list[Part], gap: float) -> Iterator[str]:
    """Whether more leads is what the gap asks for."""
    if gap >= 0 or not explaining:
        return
    names = found.found(EXPLAINS)
    if names == ["awareness"]:
        yield "Fewer leads came in, and no other link gave way: here more leads is the question."
    elif "awareness" not in names:
        yield f"More leads would meet the same {listing(names)}: that is the question to ask first."

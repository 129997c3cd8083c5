"""What to change next, and what became of the advice before."""

from collections.abc import Iterator, Sequence

from leadsignal.advice import Recommendation, Review
from leadsignal.evidence import Sentence, say
from leadsignal.facts import Facts
from leadsignal.scorecard.comparison import DOWN, NOT_CLEAR, UP
from leadsignal.standing import Comparison
from leadsignal.story.changes import both
from leadsignal.words import sentence

ACTING = {"marketing": " that marketing can change", "sales": " that sales can change"}
ORDINALS = ("first", "second", "third")
COMPARED_BY = {
    "follow_up": "follow_up_completion_rate",
    "route": "follow_up_completion_rate",
    "unstated": "vague_rejection_rate",
}
"""Rule of the advice -> the metric of the scorecard that tells whether it is about anything new."""


def advice(
    facts: Facts, sources: Comparison, advised: Sequence[Recommendation], audience: str
) -> Iterator[list[Sentence]]:
    """A paragraph on what is ahead, then one for each change, in the order of the work."""
    if not facts.funnel.leads:
        return
    when = f"next {facts.period.kind}"
    if not advised:
        yield [_nothing(facts, audience, when)]
    elif len(advised) == 1:
        yield [*_along(facts, sources, advised), *_change(facts, advised[0], f"{when} we should")]
    else:
        yield [*_along(facts, sources, advised), _how_many(advised, when)]
        for ordinal, one in zip(ORDINALS, advised, strict=False):
            yield [*_change(facts, one, f"{ordinal},")]


def _nothing(facts: Facts, audience: str, when: str) -> Sentence:
    why = (
        "The evidence is too thin to advise a change"
        if facts.funnel.leads < facts.published.min_sample
        else f"Nothing{ACTING.get(audience, '')} stands out by more than chance explains, so "
        "there is no change to advise"
    )
    return say(f"{why} for {when}.", facts.step("leads"))


def _along(
    facts: Facts, sources: Comparison, advised: Sequence[Recommendation]
) -> Iterator[Sentence]:
    """Where all that is advised was compared with the period before, and none of it moved."""
    metrics = [COMPARED_BY.get(one.rule) for one in advised]
    still = {row.metric for row in facts.card.rows if row.change == NOT_CLEAR}
    if is_quiet(facts, sources) and still.issuperset(metrics):
        compared = ["lead_volume", *filter(None, metrics)]
        yield say(
            "As nothing that can be compared moved and no source stands out by more than chance "
            "explains, what to change is what has been so all along.",
            *(each for metric in compared for each in both(facts, metric)),
        )


def _how_many(advised: Sequence[Recommendation], when: str) -> Sentence:
    changes = {2: "two", 3: "three"}[len(advised)]
    text = f"{when} we should make {changes} changes; the ranges hold with 95% confidence"
    return say(sentence(text), *(each for one in advised for each in one.counts))


def _change(facts: Facts, one: Recommendation, start: str) -> Iterator[Sentence]:
    """What and why; what is at stake and what it costs if it is wrong; what would confirm it."""
    yield say(sentence(f"{start} {one.text}"), *one.counts)
    yield say(one.stakes, *one.counts)
    yield say(
        f"It is confirmed if next {facts.period.kind} {one.proof.words}.",
        *one.proof.in_period(facts.period),
    )


def is_quiet(facts: Facts, sources: Comparison) -> bool:
    """Nothing that could be compared moved, and no source that could be stands out."""
    changes = {row.change for row in facts.card.rows if row.is_answerable}
    is_still = NOT_CLEAR in changes and not changes & {UP, DOWN}
    stands_out = sources.quality or sources.volume_without_fit
    return is_still and len(sources.standings) > 1 and not stands_out


def before(reviews: Sequence[Review]) -> Iterator[Sentence]:
    """A sentence for each recommendation of the period before."""
    for place, one in enumerate(reviews):
        start = "it also" if place else one.period.words
        start += " advised to" if one.is_given else " would have advised to"
        yield say(sentence(f"{start} {one.text}"), *one.counts)

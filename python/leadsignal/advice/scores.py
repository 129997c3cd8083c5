"""Advice on the lead score, when it promises more than it did."""

from collections.abc import Iterator

from leadsignal.advice import intervals
from leadsignal.advice.recommendation import UP, Proof, Recommendation, Share
from leadsignal.facts import SCORE, Facts
from leadsignal.metrics.questions import DECISION
from leadsignal.standing import Comparison


def set_anew(facts: Facts, _: Comparison) -> Iterator[Recommendation]:
    """Set the score anew, where leads of the same score are worth less than before."""
    inflated = [one for one in facts.alarms if one.name == SCORE]
    (accepted, handed_over), (old_accepted, old_handed_over) = facts.taken
    if not inflated or not facts.is_trusted(DECISION) or not handed_over or not old_handed_over:
        return
    before = facts.card.previous
    counts = [one for period in (facts.period, before) for one in _taken(facts).in_period(period)]
    yield Recommendation(
        "score",
        "set the lead score anew before it hands over more",
        f"of the leads handed over, sales accepted {accepted / handed_over:.0%} in the same "
        f"{facts.period.kind}, against {old_accepted / old_handed_over:.0%} in {before.words}, and "
        "leads of the same score did worse",
        accepted,
        handed_over,
        min(handed_over, old_handed_over) < facts.published.min_sample,
        tuple(counts),
        intervals.of_difference(
            old_accepted, old_handed_over, accepted, handed_over, handed_over,
            "more accepted lead{s}", f"at the acceptance of {before.words}",
        ),
        "a score that was right hands over fewer leads",
        _taken(facts),
    )  # fmt: skip


def _taken(facts: Facts) -> Proof:
    return Proof(
        f"the share of leads handed over that sales accepts in the same {facts.period.kind}",
        facts.during("handed_over_leads", "accepted_at is not empty"),
        facts.during("handed_over_leads"),
        UP,
        Share(*facts.taken[0]),
        by_end="accepted_at",
    )

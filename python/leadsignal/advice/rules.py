"""What to change next: rules from the facts to at most three recommendations, with evidence.

The order is that of the work, so that each change can be judged by the ones before it: first
mend the tracking that nothing can be judged without and a score that misleads, follow up (leads
nobody works say nothing about quality), stop paying for leads that do not fit, mend the main
reason why leads fail, do more of what works, learn what cannot be seen yet. A rule speaks only
where a test says that what it sees is more than chance, and, but for those on tracking, where the
CRM can answer.
"""

from collections.abc import Callable, Iterator

from leadsignal.advice import quality, scores, tracking, why
from leadsignal.advice.recommendation import Recommendation
from leadsignal.facts import Facts
from leadsignal.standing import Comparison

AT_MOST = 3
Rule = Callable[[Facts, Comparison], Iterator[Recommendation]]
RULES: tuple[Rule, ...] = (
    tracking.fix_first,
    scores.set_anew,
    why.follow_up,
    quality.reduce_spend,
    why.main_reason,
    quality.focus,
    why.ask_reasons,
    why.nurture,
    tracking.fix_later,
)
CONCERNS = {
    "marketing": {
        *("fix_tracking", "score", "reduce_spend", "fit", "pain", "authority", "focus", "timing"),
    },
    "sales": {
        *("fix_tracking", "follow_up", "route", "unstated", "no_answer", "authority", "timing"),
    },
}
"""Audience -> the rules it can act on; leadership hears of all."""


def recommend(
    facts: Facts, sources: Comparison, audience: str = "leadership"
) -> list[Recommendation]:
    """At most three recommendations, in the order of the rules; none without evidence."""
    found: dict[str, Recommendation] = {}
    for rule in RULES:
        for one in rule(facts, sources):
            if concerns(one.rule, audience):
                found.setdefault(one.action, one)
    return list(found.values())[:AT_MOST]


def concerns(rule: str, audience: str) -> bool:
    """Whether an audience can act on what a rule advises."""
    return audience not in CONCERNS or rule in CONCERNS[audience]

"""What to change next: rules from the facts to at most three recommendations, with evidence.

The order is that of the work, so that each change can be judged by the ones before it: first
follow up (leads nobody works say nothing about quality), then stop paying for leads that do not
fit, then mend the main reason why leads fail, then do more of what works, then learn what cannot
be seen yet. A rule whose question the CRM cannot answer (grade low) stays silent.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from leadsignal import words
from leadsignal.facts import Facts
from leadsignal.metrics.measures import COST, DECISION, FOLLOW_UP, PROFILE, REASON, SOURCE, WHY_NOT
from leadsignal.standing import Comparison

AT_MOST = 3
FOLLOW_UP_TARGET = 0.8
"""A follow-up that is completed less often than this is the first thing to mend."""
VAGUE_LIMIT = 0.2
"""More rejections without a usable reason than this, and nothing is learnt from them."""
MAIN_SHARE = 0.4
"""Of the leads that failed: from here on one issue is the main one."""
FEW_CASES = 5
"""Fewer leads than this are no evidence for anything."""
TIMING_LIMIT = 0.1
"""Of the leads that failed: from here on a nurture track pays."""


@dataclass(frozen=True)
class Recommendation:
    """One change: what to do (an imperative), the evidence in words, and the counts behind it."""

    rule: str
    action: str
    evidence: str
    cases: int
    of: int
    is_small_sample: bool

    @property
    def text(self) -> str:
        """The whole recommendation; a small sample says so."""
        caveat = f"; with {words.counted(self.of, 'lead')} that is a hint, not a finding"
        return f"{self.action}: {self.evidence}{caveat if self.is_small_sample else ''}"


REASON_WORDS = {
    "outside_target_market": "outside our service area",
    "wrong_industry": "in an industry we do not serve",
    "company_too_small": "too small for our offer",
    "company_too_large": "too large for our offer",
    "not_a_buyer": "not buyers at all",
    "no_authority": "without a say in the decision",
    "no_budget": "without a budget",
    "no_pain": "without a problem that we solve",
    "misunderstood_offer": "mistaken about what we offer",
    "too_early": "too early",
    "using_competitor": "committed to a competitor",
    "needs_nurture": "not ready to buy",
    "only_researching": "only researching",
    "unresponsive": "unreachable",
    "unstated": "turned away without a usable reason",
}
ISSUE_WORDS = {
    "fit": "did not fit",
    "authority": "had no authority or no budget",
    "pain": "had no problem that the offer solves",
    "timing": "came at the wrong time",
    "follow_up": "could not be reached",
    "unstated": "came back without a usable reason",
}
SAYS_IT_ALL = ("follow_up", "unstated")
"""Issues of a single reason."""
ISSUE_ACTIONS = {
    "fit": "tighten the form and the targeting",
    "authority": "ask for the role on the form and look for the decision maker",
    "pain": "adjust the message",
    "timing": "nurture leads that come too early instead of handing them to sales",
    "follow_up": "retry leads that do not answer, then recycle them",
    "unstated": "ask sales for a reason with every rejection",
}


def recommend(facts: Facts, sources: Comparison) -> list[Recommendation]:
    """At most three recommendations, in the order of the rules; none without evidence."""
    rules: tuple[Callable[[Facts, Comparison], Iterator[Recommendation]], ...] = (
        _follow_up,
        _reduce_spend,
        _main_reason,
        _focus,
        _ask_reasons,
        _nurture,
    )
    found: dict[str, Recommendation] = {}
    for rule in rules:
        for one in rule(facts, sources):
            found.setdefault(one.action, one)
    return list(found.values())[:AT_MOST]


def reason_words(reason: str) -> str:
    """A reason after 'they were'."""
    return REASON_WORDS.get(reason, reason.replace("_", " "))


def _follow_up(facts: Facts, _: Comparison) -> Iterator[Recommendation]:
    due, completed = facts.follow_up["due"], facts.follow_up["completed"]
    if not facts.is_trusted(FOLLOW_UP) or due < FEW_CASES or completed / due >= FOLLOW_UP_TARGET:
        return
    hours = facts.published.follow_up_sla_hours
    yield Recommendation(
        "follow_up",
        f"answer every lead within {hours} hours and work it to an answer or a decision",
        f"{words.out_of(due - completed, due, 'lead')} that were due did not get that",
        due - completed,
        due,
        due < facts.published.min_sample,
    )


def _reduce_spend(facts: Facts, sources: Comparison) -> Iterator[Recommendation]:
    if not facts.is_trusted(SOURCE, PROFILE):
        return
    for one in sources.volume_without_fit[:1]:
        name, funnel = words.source_name(one.name), one.funnel
        known = facts.spend.get(one.name) if facts.is_trusted(COST) else None
        action = f"rework what {name} attracts"
        if known or funnel.paid:
            action = f"reduce spend on {name}"
        cost = (
            f", at a cost of {words.money(known, facts.published.reporting_currency)}"
            if known
            else ""
        )
        fitting = words.out_of(funnel.fit, funnel.leads, "lead")
        yield Recommendation(
            "reduce_spend",
            action,
            f"{fitting} from there fit{cost}",
            funnel.fit,
            funnel.leads,
            one.is_small,
        )


def _main_reason(facts: Facts, _: Comparison) -> Iterator[Recommendation]:
    failed = facts.funnel.failed
    if failed < FEW_CASES or not facts.is_trusted(DECISION):
        return
    issue, leads = issues(facts).most_common(1)[0]
    if leads / failed < MAIN_SHARE:
        return
    if issue != "unstated" and not facts.is_trusted(REASON, WHY_NOT):
        return
    yield _because(facts, issue, leads)


def _ask_reasons(facts: Facts, _: Comparison) -> Iterator[Recommendation]:
    leads, failed = issues(facts)["unstated"], facts.funnel.failed
    if facts.is_trusted(DECISION) and failed >= FEW_CASES and leads / failed >= VAGUE_LIMIT:
        yield _because(facts, "unstated", leads)


def _nurture(facts: Facts, _: Comparison) -> Iterator[Recommendation]:
    leads, failed = issues(facts)["timing"], facts.funnel.failed
    if facts.is_trusted(REASON) and failed >= FEW_CASES and leads / failed >= TIMING_LIMIT:
        yield _because(facts, "timing", leads)


def _because(facts: Facts, issue: str, leads: int) -> Recommendation:
    failed = facts.funnel.failed
    reasons = [
        f"{count:,} {reason_words(reason)}" for reason, of, count in facts.reasons if of == issue
    ]
    main = f" ({words.listing(reasons[:2])})" if issue not in SAYS_IT_ALL else ""
    return Recommendation(
        issue,
        ISSUE_ACTIONS[issue],
        f"{words.out_of(leads, failed, 'lead')} that failed {ISSUE_WORDS[issue]}{main}",
        leads,
        failed,
        failed < facts.published.min_sample,
    )


def _focus(facts: Facts, sources: Comparison) -> Iterator[Recommendation]:
    best = [one for one in sources.quality if one.funnel.conversations]
    if not best or not facts.is_trusted(SOURCE, PROFILE):
        return
    names = words.listing([words.source_name(one.name) for one in best])
    talks = sum(one.funnel.conversations for one in best)
    leads = sum(one.funnel.leads for one in best)
    every = facts.funnel.conversations
    yield Recommendation(
        "focus",
        f"focus on {names}",
        f"{words.out_of(talks, every, 'first conversation')} "
        f"came from {words.counted(leads, 'lead')} there",
        talks,
        leads,
        any(one.is_small for one in best),
    )


def issues(facts: Facts) -> Counter[str]:
    """How many leads failed for each issue."""
    found: Counter[str] = Counter()
    for _, issue, leads in facts.reasons:
        found[issue] += leads
    return found

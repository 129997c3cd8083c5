"""Which leads failed and why, and what they have in common."""

from collections.abc import Iterator

from leadsignal import advice
from leadsignal.advice import FEW_CASES
from leadsignal.evidence import Evidence, Sentence, say
from leadsignal.facts import FAILED, Facts
from leadsignal.metrics.questions import DECISION, REASON
from leadsignal.words import counted, listing, number, plain_name

MOST = 0.5
"""From this share on, a reason is what happened 'mostly'."""
ISSUE_NOUNS = {
    "fit": "fit",
    "authority": "authority or budget",
    "pain": "pain",
    "timing": "timing",
    "follow_up": "no answer",
    "unstated": "no usable reason",
}


def failures(facts: Facts, is_undecided_told: bool = False) -> Iterator[Sentence]:
    """Why leads failed, and how many nobody has decided on, unless that is told elsewhere."""
    failed, waiting = facts.funnel.failed, facts.funnel.not_handed_over
    undecided = facts.funnel.undecided
    if failed:
        yield _reasons(facts, failed)
        yield from _issues(facts)
    elif facts.funnel.accepted >= facts.published.min_sample and not facts.is_turning_down:
        yield say(
            "No rejected lead is on record, of this or any other time, so how many leads sales "
            "turns down is not known.",
            facts.ever("leads", FAILED),
        )
    elif facts.funnel.leads > max(1, waiting) and facts.is_trusted(DECISION):
        yield say("Sales has turned none of them down.", facts.step("failed"))
    if undecided and not is_undecided_told and facts.is_trusted(DECISION):
        yield say(
            f"Sales has yet to decide on {counted(undecided, 'lead')}.", facts.step("undecided")
        )
    if waiting > 1 and waiting == facts.funnel.leads:
        yield say(
            "None of them has been handed over to sales yet.",
            facts.step("leads", "handed_over_at is not empty"),
        )
    elif waiting:
        yield say(
            f"Marketing has yet to hand over {counted(waiting, 'lead')}.",
            facts.step("not_handed_over"),
        )


def because(facts: Facts, reason: str) -> Evidence:
    """The leads that failed for a reason."""
    return facts.step("failed", {"disqualification_reason": reason})


def _issues(facts: Facts) -> Iterator[Sentence]:
    issues = advice.issues(facts)
    if len(issues) < 2 or len(facts.reasons) == len(issues) < 3:
        return
    parts = [
        f"{ISSUE_NOUNS.get(issue) or plain_name(issue)} {n:,}" for issue, n in issues.most_common()
    ]
    counts = [facts.step("failed", {"disqualification_issue": issue}) for issue in issues]
    yield say(f"By issue: {listing(parts)}.", *counts)


def _reasons(facts: Facts, failed: int) -> Sentence:
    first = advice.reason_words(facts.reasons[0][0])
    named = [f"{advice.reason_words(reason)} ({n:,})" for reason, _, n in facts.reasons]
    counts = [because(facts, reason) for reason, _, _ in facts.reasons]
    whole, who = facts.step("failed"), f"The {number(failed)} leads that failed were"
    if failed == 1:
        return say(f"The one lead that failed was {first}.", whole, counts[0])
    if len(named) == 1:
        return say(f"{who} {'both' if failed == 2 else 'all'} {first}.", whole, counts[0])
    if len(named) == 2 or failed < FEW_CASES:
        return say(f"{who} {listing(named, 'or')}.", whole, *counts)
    share = sum(n for _, _, n in facts.reasons[:2]) / failed
    often = "mostly" if share > MOST else "most often"
    return say(f"{who} {often} {listing(named[:2], 'or')}.", whole, *counts[:2])


def of_fit(facts: Facts) -> Iterator[Sentence]:
    """Every way in which leads did not fit: what targeting can learn from."""
    found = [(reason, n) for reason, issue, n in facts.reasons if issue == "fit"]
    total = sum(n for _, n in found)
    if not facts.is_trusted(REASON) or len(found) < 2:
        return
    parts = [f"{advice.reason_words(reason)} {n:,}" for reason, n in found]
    yield say(
        f"The {number(total)} that did not fit, by reason: {listing(parts)}.",
        facts.step("failed", {"disqualification_issue": "fit"}),
        *(because(facts, reason) for reason, _ in found),
    )


def decisions(facts: Facts) -> Iterator[Sentence]:
    """What sales did with the leads it was handed in the period."""
    accepted, handed = (
        facts.card.row("sales_acceptance_rate"),
        facts.card.row("decision_coverage_rate"),
    )
    n, decided, taken = (
        int(one or 0) for one in (handed.denominator, handed.numerator, accepted.numerator)
    )
    if not n or not facts.is_trusted(DECISION):
        return
    rates = [facts.during(one) for one in ("decision_coverage_rate", "sales_acceptance_rate")]
    yield say(
        f"Of {counted(n, 'lead')} handed over in {facts.period.words}, sales decided on "
        f"{number(decided)} and accepted {number(taken)}.",
        *rates,
    )

"""Advice on the work and on why leads fail: follow up, route, and mend the main reason."""

from collections.abc import Iterator

from leadsignal import words
from leadsignal.advice import intervals
from leadsignal.advice.reasons import (
    AT_STAKE,
    IF_WRONG,
    ISSUE_ACTIONS,
    ISSUE_WORDS,
    SAYS_IT_ALL,
    issues,
    reason_words,
)
from leadsignal.advice.recommendation import DOWN, UP, Proof, Recommendation, Share
from leadsignal.advice.tracking import mapping
from leadsignal.facts import KNOWN_FOLLOW_UP, MISSED, NOBODYS, WORKED, Facts
from leadsignal.honesty.statistics import SIGNIFICANCE, above_limit, two_counts, wilson
from leadsignal.metrics.questions import DECISION, FOLLOW_UP, REASON, WHY_NOT
from leadsignal.standing import Comparison

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


def follow_up(facts: Facts, _: Comparison) -> Iterator[Recommendation]:
    """What most of the missed leads missed: somebody to work them, a touch in time, or the rest."""
    work = facts.follow_up
    due, done = work["due"], work["completed"]
    if not facts.is_trusted(FOLLOW_UP) or due < FEW_CASES:
        return
    interval = wilson(done, due)
    if interval is None or interval[1] >= FOLLOW_UP_TARGET:
        return
    missed, nobodys = due - done, work["nobodys"]
    if nobodys > missed / 2:
        yield _route(facts, nobodys, missed)
        return
    yield _keep_at(facts) if work["dropped"] > missed / 2 else _answer(facts)


def main_reason(facts: Facts, _: Comparison) -> Iterator[Recommendation]:
    """Mend the issue that most leads fail for, where it leads the next one beyond chance."""
    failed = facts.funnel.failed
    if failed < FEW_CASES or not facts.is_trusted(DECISION):
        return
    (issue, leads), *others = issues(facts).most_common(2)
    p_value = two_counts(leads, 1, others[0][1] if others else 0, 1)
    if leads / failed < MAIN_SHARE or p_value is None or p_value > SIGNIFICANCE:
        return
    if issue in ISSUE_ACTIONS and (issue == "unstated" or facts.is_trusted(REASON, WHY_NOT)):
        yield _because(facts, issue, leads)


def ask_reasons(facts: Facts, _: Comparison) -> Iterator[Recommendation]:
    """Require a reason, where more rejections than can be borne have none."""
    leads = issues(facts)["unstated"]
    if facts.is_trusted(DECISION) and _is_above(leads, facts.funnel.failed, VAGUE_LIMIT):
        yield _because(facts, "unstated", leads)


def nurture(facts: Facts, _: Comparison) -> Iterator[Recommendation]:
    """A track for leads that came too early, where there are enough of them."""
    leads = issues(facts)["timing"]
    if facts.is_trusted(DECISION, REASON) and _is_above(leads, facts.funnel.failed, TIMING_LIMIT):
        yield _because(facts, "timing", leads)


def _is_above(k: int, n: int, limit: float) -> bool:
    return n >= FEW_CASES and k / n >= limit and above_limit(k, n, limit) <= SIGNIFICANCE


def _route(facts: Facts, nobodys: int, missed: int) -> Recommendation:
    ways = [where for way, where in NOBODYS if facts.follow_up[way]]
    return Recommendation(
        "route",
        "give every lead an owner who is there to work it",
        f"{words.out_of(nobodys, missed, 'lead')} whose follow-up broke belonged to a queue, to "
        "nobody, or to an owner who is no longer active",
        nobodys,
        missed,
        missed < facts.published.min_sample,
        (
            facts.during("due_leads", MISSED),
            *(facts.during("due_leads", MISSED, where) for where in ways),
        ),
        intervals.of_share(nobodys, missed, "lead{s} with somebody to work them"),
        "sales has more leads to work and no more answers",
        _touched_in_time(facts),
    )


def _answer(facts: Facts) -> Recommendation:
    hours, due = facts.published.follow_up_sla_hours, facts.follow_up["due"]
    unanswered = facts.follow_up["untouched"] + facts.follow_up["late"]
    missed = (
        (facts.follow_up["untouched"], "never touched"),
        (facts.follow_up["late"], f"first touched after more than {hours} hours"),
    )
    told = [f"{words.number(n)} {words.was(n)} {how}" for n, how in missed if n]
    proof = _touched_in_time(facts)
    return Recommendation(
        "follow_up",
        f"answer every lead within {hours} hours",
        f"of the {words.counted(due, 'lead')} that were due, {words.listing(told)}",
        unanswered,
        due,
        due < facts.published.min_sample,
        (
            facts.during("due_leads", MISSED, "first_touch_at is empty"),
            facts.during("due_leads", MISSED, f"hours_to_first_touch > {hours}"),
            proof.part,
            proof.whole,
        ),
        intervals.of_share(unanswered, due, "lead{s} to answer in time"),
        "sales has spent the time on leads that lead nowhere",
        proof,
    )


def _keep_at(facts: Facts) -> Recommendation:
    """Where most was touched in time, and what comes after the first touch is missing."""
    dropped, in_time = facts.follow_up["dropped"], facts.follow_up["in_time"]
    hours = f"hours_to_first_touch <= {facts.published.follow_up_sla_hours}"
    touched = facts.during("due_leads", KNOWN_FOLLOW_UP, hours)
    done = facts.during("due_leads", KNOWN_FOLLOW_UP, hours, "is_follow_up_completed = true")
    return Recommendation(
        "follow_up",
        f"keep trying after the first touch until there is {WORKED}",
        f"{words.out_of(dropped, in_time, 'lead')} that {words.was(in_time)} touched in time "
        f"{'has' if dropped == 1 else 'have'} not come to that so far",
        dropped,
        in_time,
        in_time < facts.published.min_sample,
        (facts.during("due_leads", MISSED, hours), touched),
        intervals.of_share(dropped, in_time, "lead{s} to try again"),
        "sales spends its attempts on leads that were never going to answer",
        Proof(
            f"the share of leads touched in time that came to {WORKED}",
            done,
            touched,
            UP,
            Share(in_time - dropped, in_time),
        ),
    )


def _touched_in_time(facts: Facts) -> Proof:
    hours = facts.published.follow_up_sla_hours
    return Proof(
        f"the share of due leads touched within {hours} hours",
        facts.during("due_leads", KNOWN_FOLLOW_UP, f"hours_to_first_touch <= {hours}"),
        facts.during("due_leads", KNOWN_FOLLOW_UP),
        UP,
        Share(facts.follow_up["in_time"], facts.follow_up["due"]),
    )


def _because(facts: Facts, issue: str, leads: int) -> Recommendation:
    failed = facts.funnel.failed
    reasons = [(reason, count) for reason, of, count in facts.reasons if of == issue][:2]
    if issue in SAYS_IT_ALL:
        reasons = []
    named = words.listing([f"{count:,} {reason_words(reason)}" for reason, count in reasons])
    fitting = {step: words.number(getattr(facts.funnel, step)) for step in ("fit", "accepted")}
    part = facts.step("failed", {"disqualification_issue": issue})
    whole = facts.step("failed")
    wrong, action = IF_WRONG[issue], ISSUE_ACTIONS[issue]
    # Words that sales did write, and that no definition knows, are no silence of sales.
    if issue == "unstated" and (mapped := mapping(facts, "disqualification_reasons", leads)):
        wrong, action = "the words mean something else", mapped
    return Recommendation(
        "no_answer" if issue == "follow_up" else issue,
        action,
        f"{words.out_of(leads, failed, 'lead')} that failed {ISSUE_WORDS[issue]}"
        f"{f' ({named})' if named else ''}",
        leads,
        failed,
        failed < facts.published.min_sample,
        (
            part,
            whole,
            *(facts.step("failed", {"disqualification_reason": one}) for one, _ in reasons),
            *(facts.step(step) for step in fitting if f"{{{step}}}" in wrong),
        ),
        intervals.of_share(leads, failed, AT_STAKE[issue]),
        wrong.format(**fitting),
        Proof(
            f"the share of failed leads that {ISSUE_WORDS[issue]}",
            part,
            whole,
            DOWN,
            Share(leads, failed),
        ),
    )

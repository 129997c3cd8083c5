"""What the story says of the work: where follow-up broke, never whose it was."""

from collections.abc import Iterator

from leadsignal.evidence import Evidence, Sentence, say
from leadsignal.facts import KNOWN_FOLLOW_UP, MISSED, NOBODYS, WORKED, Facts
from leadsignal.metrics.questions import FOLLOW_UP
from leadsignal.periods import day_in_words, local_day
from leadsignal.words import counted, listing, number, was

STATES = ("ignored", "stalled", "unresponsive")


def follow_up(facts: Facts, is_in_full: bool = False) -> Iterator[Sentence]:
    """Where follow-up broke, by what happened to the lead; in full with where leads stand now."""
    if not facts.is_trusted(FOLLOW_UP):
        return
    if facts.follow_up["handed_over"]:
        yield from _worked(facts)
    if is_in_full:
        yield from _states(facts)
    before = facts.follow_up["before_activities"]
    if before:
        came = "it was" if before == 1 else "they were"
        yield say(
            f"No follow-up is known of {counted(before, 'lead')} handed over in "
            f"{facts.period.words}: {came} handed over before the first activity that the CRM "
            "still has.",
            facts.during("handed_over_leads", "is_before_activities = true"),
        )


def due(facts: Facts) -> Evidence:
    """The leads handed over in the period whose follow-up is due."""
    return facts.during("due_leads", KNOWN_FOLLOW_UP)


def completed(facts: Facts) -> Evidence:
    """Those of them that were followed up."""
    return facts.during("due_leads", KNOWN_FOLLOW_UP, "is_follow_up_completed = true")


def missed(facts: Facts, *where: str) -> Evidence:
    """Those of them that were not."""
    return facts.during("due_leads", MISSED, *where)


def _worked(facts: Facts) -> Iterator[Sentence]:
    work = facts.follow_up
    n, done, hours = work["due"], work["completed"], facts.published.follow_up_sla_hours
    when, how = facts.period.words, f"touched within {hours} hours and worked to {WORKED}"
    if not n:
        yield say(
            f"Sales was handed {counted(work['handed_over'], 'lead')} in {when}; no follow-up is "
            "due yet.",
            facts.during("handed_over_leads", KNOWN_FOLLOW_UP),
        )
        return
    if n == 1:
        start = f"One lead handed over in {when} was due for follow-up."
        yield say(f"{start} It was {'' if done else 'not '}{how}.", due(facts))
    else:
        start = f"Of the {counted(n, 'lead')} handed over in {when} and due for follow-up,"
        yield say(f"{start} {_everyone(done, n)} {how}.", due(facts), completed(facts))
    if done < n:
        yield _breaks(facts, n - done)
        yield from _routing(facts, n - done)


def _everyone(n: int, whole: int) -> str:
    return "every one was" if n == whole else f"{number(n)} {was(n) if n else 'was'}"


def _breaks(facts: Facts, total: int) -> Sentence:
    work, hours = facts.follow_up, facts.published.follow_up_sla_hours
    ways = (
        ("untouched", "never touched", "first_touch_at is empty"),
        (
            "late",
            f"first touched after more than {hours} hours",
            f"hours_to_first_touch > {hours}",
        ),
        (
            "dropped",
            f"touched in time, without {WORKED} so far",
            f"hours_to_first_touch <= {hours}",
        ),
    )
    found = [(work[way], phrase, where) for way, phrase, where in ways if work[way]]
    parts = [f"{number(n)} {was(n)} {phrase}" for n, phrase, _ in found]
    if len(found) == 1:
        who = {1: "it was", 2: "both were"}.get(total, "all of them were")
        parts = [f"{who} {found[0][1]}"]
    counts = [missed(facts, where) for _, _, where in found]
    return say(f"Follow-up broke for {number(total)}: {listing(parts)}.", missed(facts), *counts)


def _routing(facts: Facts, total: int) -> Iterator[Sentence]:
    nobodys = facts.follow_up["nobodys"]
    if not nobodys:
        return
    who = "It" if total == 1 else f"Of these, {number(nobodys)}"
    if nobodys == total > 1:
        who = "Both" if total == 2 else "All of them"
    yield say(
        f"{who} {'belongs' if nobodys == 1 else 'belong'} to a queue, to nobody, or to an owner "
        "who is no longer active: that is routing, not effort.",
        *(missed(facts, where) for way, where in NOBODYS if facts.follow_up[way]),
    )


def _states(facts: Facts) -> Iterator[Sentence]:
    found = [(state, facts.follow_up[state]) for state in STATES if facts.follow_up[state]]
    if not found:
        return
    states = [f"{number(n)} {'is' if n == 1 else 'are'} {state}" for state, n in found]
    day = day_in_words(local_day(facts.published.as_of, facts.period.timezone))
    yield say(
        f"As of {day}, {listing(states)}.",
        *(
            facts.during("handed_over_leads", KNOWN_FOLLOW_UP, {"lead_state": state})
            for state, _ in found
        ),
    )

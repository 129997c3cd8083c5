"""What the story says of the work: where follow-up broke, and what changed."""

from collections.abc import Iterator

from leadsignal.facts import Facts
from leadsignal.metrics.measures import FOLLOW_UP, MEASURES
from leadsignal.periods import day_in_words, local_day
from leadsignal.scorecard.card import Row
from leadsignal.scorecard.comparison import DOWN, MIX, NOT_SETTLED, TOO_FEW, UP
from leadsignal.words import counted, listing, number, percent, was

CHANGING = {
    "lead_volume": "lead volume",
    "target_market_rate": "the share of leads in our target market",
    "icp_fit_rate": "the share of leads that fit",
    "noise_rate": "the share of noise",
    "qualified_rate": "the share of qualified leads",
    "sales_acceptance_rate": "the share of decided leads that sales accepts",
    "follow_up_completion_rate": "the share of due leads with a completed follow-up",
    "leak_rate": "the share of leads that leak away",
    "vague_rejection_rate": "the share of rejections without a usable reason",
    "opportunity_quality_rate": "the share of new opportunities that are strong",
    "win_rate": "the win rate",
}
AT_THE_SAME_AGE = {measure.name for measure in MEASURES if measure.compared}


def follow_up(facts: Facts) -> Iterator[str]:
    """Where follow-up broke, by what happened to the lead and never by whose it was."""
    if not facts.is_trusted(FOLLOW_UP):
        return
    if facts.follow_up["handed_over"]:
        yield from _worked(facts)
    before = facts.follow_up["before_activities"]
    if before:
        came = "it was" if before == 1 else "they were"
        yield (
            f"No follow-up is known of {counted(before, 'lead')} handed over in "
            f"{facts.period.words}: {came} handed over before the first activity that the CRM "
            "still has."
        )


def _worked(facts: Facts) -> Iterator[str]:
    work = facts.follow_up
    due, completed, hours = work["due"], work["completed"], facts.published.follow_up_sla_hours
    if not due:
        yield (
            f"Sales was handed {counted(work['handed_over'], 'lead')} in "
            f"{facts.period.words}; no follow-up is due yet."
        )
        return
    when, done = facts.period.words, f"touched within {hours} hours and worked to an answer or"
    if due == 1:
        yield f"One lead handed over in {when} was due for follow-up. {_only(completed, done)}"
    else:
        yield (
            f"Of the {counted(due, 'lead')} handed over in {when} and due for follow-up, "
            f"{_everyone(completed, due)} {done} a decision."
        )
    if completed < due:
        yield f"Follow-up broke for {number(due - completed)}: {listing(_breaks(facts))}."
        yield from _routing(work["nobodys"], due - completed)
    yield from _states(facts)


def _routing(nobodys: int, missed: int) -> Iterator[str]:
    if not nobodys:
        return
    who = "It" if missed == 1 else f"Of these, {number(nobodys)}"
    yield (
        f"{who} {'belongs' if nobodys == 1 else 'belong'} to a queue, to nobody, or to an owner "
        "who is no longer active: that is routing, not effort."
    )


def _only(completed: int, done: str) -> str:
    return f"It was {'' if completed else 'not '}{done} a decision."


def _everyone(n: int, whole: int) -> str:
    return "every one was" if n == whole else f"{number(n)} {was(n) if n else 'was'}"


def _breaks(facts: Facts) -> list[str]:
    work, hours = facts.follow_up, facts.published.follow_up_sla_hours
    phrases = (
        ("untouched", "never touched"),
        ("late", f"first touched after more than {hours} hours"),
        ("dropped", "touched in time and then let go without an answer or a decision"),
    )
    total = work["due"] - work["completed"]
    return [
        f"it was {phrase}" if total == 1 else f"{number(work[way])} {was(work[way])} {phrase}"
        for way, phrase in phrases
        if work[way]
    ]


def _states(facts: Facts) -> Iterator[str]:
    states = [
        f"{number(n)} {'is' if n == 1 else 'are'} {state}"
        for state, n in ((s, facts.follow_up[s]) for s in ("ignored", "stalled", "unresponsive"))
        if n
    ]
    if states:
        day = day_in_words(local_day(facts.published.as_of, facts.period.timezone))
        yield f"As of {day}, {listing(states)}."


def changes(facts: Facts) -> Iterator[str]:
    """What moved since the period before, by more than chance explains."""
    rows = [row for row in facts.card.rows if row.metric in CHANGING and row.grade != "low"]
    before = facts.card.previous.words
    moved = [row for row in rows if row.change in (UP, DOWN)]
    performance = [_moved(row) for row in moved if row.cause != MIX]
    mixed = [_moved(row) for row in moved if row.cause == MIX]
    if performance:
        yield f"Compared with {before}, {listing(performance)}."
    if mixed:
        start = "In addition" if performance else f"Compared with {before}"
        yield (
            f"{start}, {listing(mixed)}; that is the mix of sources, "
            "not a better or worse result of any one of them."
        )
    if not moved and any(row.change for row in rows if row.change not in (TOO_FEW, NOT_SETTLED)):
        yield f"Compared with {before}, nothing moved by more than chance explains."


def _moved(row: Row) -> str:
    verb = "rose" if row.change == UP else "fell"
    name = CHANGING[row.metric]
    if row.metric in AT_THE_SAME_AGE:
        return f"{name} {verb} (both counted at the end of the period)"
    if row.unit == "count":
        return f"{name} {verb} from {row.previous or 0:,.0f} to {row.value or 0:,.0f}"
    return f"{name} {verb} from {percent(row.previous or 0)} to {percent(row.value or 0)}"

"""Last period's advice, scored against what happened since."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from leadsignal import standing, words
from leadsignal.advice.history import Advised, advised, recorded
from leadsignal.advice.recommendation import UP, Proof, Share
from leadsignal.advice.rules import recommend
from leadsignal.evidence import Evidence
from leadsignal.facts import gather
from leadsignal.honesty import statistics
from leadsignal.metrics.filters import Condition
from leadsignal.periods import Period
from leadsignal.scorecard import counting

if TYPE_CHECKING:
    import duckdb

CONFIRMED, NOT_CONFIRMED, CANNOT_TELL = "confirmed", "not confirmed", "cannot tell yet"


@dataclass(frozen=True)
class Review:
    """What became of one recommendation of the period before."""

    period: Period
    """The period whose numbers gave the advice."""
    rule: str
    action: str
    proof: Proof
    before: Share
    now: Share
    verdict: str
    """confirmed, not confirmed, or cannot tell yet."""
    is_beyond_chance: bool
    """Whether the share moved by more than chance explains, either way."""
    is_given: bool
    """Whether a build of its time gave it; else it is worked out now."""
    counts: tuple[Evidence, ...]

    @property
    def text(self) -> str:
        """After 'October 2026 advised to'. That a share moved does not say why it did."""
        start = f"{self.action}: {self.verdict}"
        what, old, new = self.proof.what, self.before, self.now
        if self.verdict == CANNOT_TELL and self.proof.is_older_ahead:
            return f"{start}, as the leads since then have had less time for {what}"
        if self.verdict == CANNOT_TELL:
            few = min(old.cases, new.cases)
            return f"{start}, as {what} rests on {words.counted(few, 'case')}"
        before, now = words.percent(old.rate), words.percent(new.rate)
        moved = f"{what} {f'stayed at {now}' if before == now else f'went from {before} to {now}'}"
        if not self.is_beyond_chance:
            return f"{start}, as {moved}{'' if before == now else ', which may be chance'}"
        if self.verdict == CONFIRMED:
            return f"{start}, as {moved}, more than chance explains, whatever else changed"
        return f"{start}, as {moved}, the wrong way"

    def to_dict(self) -> dict[str, Any]:
        """What is known of it, in types that JSON has."""
        return {
            "period": self.period.label,
            "rule": self.rule,
            "action": self.action,
            "proof": self.proof.words,
            "before": asdict(self.before),
            "now": asdict(self.now),
            "verdict": self.verdict,
        }


def review(
    con: "duckdb.DuckDBPyConnection",
    period: str = "month",
    as_of: str | date | datetime | None = None,
    where: tuple[Condition, ...] = (),
) -> list[Review]:
    """The advice of the period before the last complete one, each with what its proof did.

    The advice is that which the builds of its time have recorded (`advice_history`), else it is
    worked out again from what is known now of that period. Raises UsageError as the scorecard.
    """
    published = counting.publication(con)
    now = published.period(period, as_of)
    before = now.before()
    given = recorded(con, before, now) if not where else []
    is_given = bool(given)
    given = given or _worked_out(con, before, where)
    pairs = [(one.baseline(con, before), one.proof.measured(con, now)) for one in given]
    found = statistics.discoveries(
        [statistics.two_proportions(*_four(new, old)) for old, new in pairs]
    )
    return [
        Review(
            before,
            one.rule,
            one.action,
            one.proof,
            old,
            new,
            _verdict(one.proof, old, new, is_found, published.min_sample),
            is_found,
            is_given,
            (*one.proof.in_period(before), *one.proof.in_period(now)),
        )
        for one, (old, new), is_found in zip(given, pairs, found, strict=True)
    ]


def _worked_out(
    con: "duckdb.DuckDBPyConnection", period: Period, where: tuple[Condition, ...]
) -> Sequence[Advised]:
    facts = gather(con, period.kind, period.ends_at - timedelta(seconds=1), where)
    if facts.is_snapshot:
        return []
    sources = standing.compare(facts.cuts["source"], facts.funnel, facts.published.min_sample)
    # What the CRM could answer then is not known now.
    return [advised(one) for one in recommend(facts, sources) if one.proof.is_by_period]


def _four(one: Share, other: Share) -> tuple[int, int, int, int]:
    return one.successes, one.cases, other.successes, other.cases


def _verdict(proof: Proof, old: Share, new: Share, is_found: bool, min_sample: int) -> str:
    if min(old.cases, new.cases) < min_sample:
        return CANNOT_TELL
    is_right_way = new.rate > old.rate if proof.direction == UP else new.rate < old.rate
    if is_found and is_right_way:
        return CONFIRMED
    return CANNOT_TELL if proof.is_older_ahead else NOT_CONFIRMED

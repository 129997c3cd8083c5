"""What a recommendation carries: evidence, what is at stake, what wrong costs, what proves it."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from leadsignal import words
from leadsignal.evidence import Evidence, conditions, value
from leadsignal.honesty import statistics
from leadsignal.periods import Period

if TYPE_CHECKING:
    import duckdb

UP, DOWN = "up", "down"
FINDING, HINT = "finding", "hint"


@dataclass(frozen=True)
class Effect:
    """What is at stake in one period, with its 95% interval."""

    value: float
    low: float
    high: float
    what: str
    """After the number: 'more fit lead{s}', with the place of its plural."""
    given: str = ""
    """After the interval: 'if as many came from elsewhere'."""

    @property
    def words(self) -> str:
        """Such as: about 67 more fit leads (50 to 83) if as many came from elsewhere."""
        low, high, value = (words.number(round(max(x, 0))) for x in self._three)
        what = self.what.format(s="" if value == "one" else "s")
        if low == high:
            return f"{value} {what} {self.given}".rstrip()
        return f"about {value} {what} ({low} to {high}) {self.given}".rstrip()

    @property
    def _three(self) -> tuple[float, float, float]:
        return self.low, self.high, self.value


@dataclass(frozen=True)
class Share:
    """Some rows of others: a rate of the period that two queries give."""

    successes: int
    cases: int

    @property
    def rate(self) -> float:
        """0 to 1; 0 of nothing."""
        return self.successes / self.cases if self.cases else 0.0


@dataclass(frozen=True)
class Proof:
    """What would show next period that a recommendation was right: a share that moves."""

    what: str
    """The share in words: 'the share of leads that fit'."""
    part: Evidence
    whole: Evidence
    direction: str
    """up or down."""
    baseline: Share
    by_end: str = ""
    """A moment that must lie before the end of the period, so that an older period is counted at
    the same age; empty where age does not matter."""

    @cached_property
    def threshold(self) -> float | None:
        """The nearest share that chance would not explain, with as many cases as now.

        None when no share could be told from the baseline.
        """
        k, n = self.baseline.successes, self.baseline.cases
        step = 1 if self.direction == UP else -1
        low, high = k, n if step > 0 else 0
        if low == high or not _is_beyond_chance(high, n, k, n):
            return None
        while abs(high - low) > 1:
            middle = (low + high) // 2
            if _is_beyond_chance(middle, n, k, n):
                high = middle
            else:
                low = middle
        return high / n

    @property
    def is_older_ahead(self) -> bool:
        """Whether older leads have had more time for it, and no moment says when they did it."""
        return any(one.name == "is_follow_up_completed" for one in self.part.where)

    @property
    def words(self) -> str:
        """The share, its baseline, and how far it has to move for chance not to explain it."""
        is_up = self.direction == UP
        start = f"{self.what} ({words.percent(self.baseline.rate)} now)"
        if self.threshold is None:
            return f"{start} {'rises' if is_up else 'falls'} over more cases than there are now"
        verb, more = ("reaches", "more") if is_up else ("falls to", "less")
        return f"{start} {verb} {_mark(self.threshold)} or {more}"

    @property
    def is_by_period(self) -> bool:
        """Whether it can be counted for any period; what the CRM can answer is known as of now."""
        return self.part.period is not None

    def measured(self, con: "duckdb.DuckDBPyConnection", period: Period) -> Share:
        """The share in another period, counted at that period's end."""
        part, whole = (int(value(con, one).numerator or 0) for one in self.in_period(period))
        return Share(part, whole)

    def in_period(self, period: Period) -> tuple[Evidence, Evidence]:
        """The two queries as they are asked of another period."""
        ended = conditions(f"{self.by_end} < '{period.ends_at}'") if self.by_end else ()
        part, whole = (
            replace(one, period=period) if one.period else one for one in (self.part, self.whole)
        )
        return replace(part, where=(*part.where, *ended)), whole


@dataclass(frozen=True)
class Recommendation:
    """One change: what to do (an imperative), the evidence in words, and what follows from it."""

    rule: str
    action: str
    evidence: str
    cases: int
    of: int
    is_small_sample: bool
    counts: tuple[Evidence, ...]
    """The queries behind the words."""
    effect: Effect
    if_wrong: str
    """What it costs when the recommendation is wrong, after 'if it is wrong,'."""
    proof: Proof

    @property
    def confidence(self) -> str:
        """finding, or hint where a test has found it among few cases."""
        return HINT if self.is_small_sample else FINDING

    @property
    def text(self) -> str:
        """The recommendation with its evidence; a small sample says so."""
        caveat = f"; with {words.counted(self.of, 'lead')} that is a hint, not a finding"
        return f"{self.action}: {self.evidence}{caveat if self.is_small_sample else ''}"

    @property
    def stakes(self) -> str:
        """What is at stake, and what wrong costs, as one sentence."""
        return f"At stake: {self.effect.words}; if it is wrong, {self.if_wrong}."


def _mark(share: float) -> str:
    """A share that is to be reached, with as many digits as tell it from none and from all."""
    digits = int(0 < share < 0.01 or 0.99 < share < 1)
    while 0 < share < 1 and float(f"{100 * share:.{digits}f}") in (0, 100):
        digits += 1
    return f"{share:.{digits}%}"


def _is_beyond_chance(successes: int, n: int, other: int, other_n: int) -> bool:
    p_value = statistics.two_proportions(successes, n, other, other_n)
    return p_value is not None and p_value <= statistics.SIGNIFICANCE

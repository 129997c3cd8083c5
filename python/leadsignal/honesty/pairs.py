"""This period's leads beside the last one's, in groups that can be compared."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from leadsignal.honesty import by_end, statistics
from leadsignal.honesty.decomposition import Counts, Decomposition, mix_and_performance
from leadsignal.periods import Period

if TYPE_CHECKING:
    import duckdb

AGE_DAYS = {"week": 1, "month": 7, "quarter": 7}
"""Leads whose ages at the end of the period are the same up to this many days are compared."""

CAPTURED, HANDED_OVER, REJECTED = "created_at", "handed_over_at", "rejected_at"
COUNTS = {
    CAPTURED: {
        "leads": "true",
        "fit": by_end.FIT,
        "handed_over": "handed_over_at < ends_at",
        "converted": "opportunity_at < ends_at",
    },
    HANDED_OVER: {
        "handed_over": "true",
        "accepted": by_end.ACCEPTED,
        "decided": by_end.DECIDED,
    },
    REJECTED: {
        "rejections": "sales_decision = 'rejected'",
        "vague": "sales_decision = 'rejected' and is_vague_rejection",
    },
}
"""By axis what is counted. Decisions, deals and fit are those of the period's end, so that both
periods had the same time for them."""
GROUPS_SQL = """
    select
        source, score_band as band, lead_score as score, floor(lead_score / 5) as rung,
        'all' as whole,
        floor(date_diff('day', {axis}, ends_at) / {age_days})::integer as age,
        {counts}
    from (select *, $ends_at::timestamp as ends_at from {leads}) as leads
    where {axis} >= $starts_at and {axis} < $ends_at
    group by source, band, score, rung, whole, age
"""

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Pair:
    """The groups of one axis in this period and in the one before."""

    period: Period
    previous: Period
    now: Sequence[Row]
    before: Sequence[Row]

    @property
    def words(self) -> str:
        """Both periods, as a sentence says them after 'in'."""
        return f"{self.period.words} or {self.previous.words}"

    def where(self, holds: Callable[[Row], bool]) -> "Pair":
        """Only the groups for which this holds."""
        return Pair(
            self.period,
            self.previous,
            [row for row in self.now if holds(row)],
            [row for row in self.before if holds(row)],
        )

    def totals(self, name: str) -> tuple[int, int]:
        """A count, now and before."""
        return total(self.now, name), total(self.before, name)

    def pace(self, name: str) -> tuple[float, float]:
        """How much faster a count came than before (0.4: by 40%), and the p value of no faster."""
        (new, old), days, old_days = self.totals(name), self.period.days, self.previous.days
        p_value = statistics.faster(new, days, old, old_days)
        if not old or p_value is None:
            return 0.0, 1.0
        return new / days / (old / old_days) - 1, p_value

    def split(self, good: str, cases: str, segment: str) -> Decomposition | None:
        """The change of a rate by segment; None when a period has no cases."""
        sides = (_by(side, good, cases, lambda row: row[segment]) for side in self._sides)
        return mix_and_performance(*({str(k): v for k, v in side.items()} for side in sides))

    def z(self, good: str, cases: str, segment: str) -> float | None:
        """How a rate moved within the segments, among leads of the same age (standard normal).

        Without the age a month whose leads came late would look worse than it is.
        """
        sides = [
            _by(side, good, cases, lambda row: (row[segment], row["age"])) for side in self._sides
        ]
        return statistics.stratified_z(_strata(*sides))

    def evidence(self, good: str, cases: str, segment: str) -> tuple[dict[str, Any], ...]:
        """The counts of a rate, now and before, a row for each segment."""
        before, now = (_by(side, good, cases, lambda row: row[segment]) for side in self._sides)
        return tuple(
            {
                segment: name,
                good: now.get(name, (0, 0))[0],
                cases: now.get(name, (0, 0))[1],
                f"{good}_before": before.get(name, (0, 0))[0],
                f"{cases}_before": before.get(name, (0, 0))[1],
            }
            for name in sorted(now.keys() | before.keys(), key=_order)
        )

    @property
    def _sides(self) -> tuple[Sequence[Row], Sequence[Row]]:
        return self.before, self.now


def pair(con: "duckdb.DuckDBPyConnection", axis: str, period: Period) -> Pair:
    """The leads of the period and of the one before, on this axis (CAPTURED, ...)."""
    previous = period.before()
    now, before = (_groups(con, axis, one) for one in (period, previous))
    return Pair(period, previous, now, before)


def total(rows: Sequence[Row], name: str) -> int:
    """A count over all groups."""
    return sum(row[name] for row in rows)


def _groups(con: "duckdb.DuckDBPyConnection", axis: str, period: Period) -> list[dict[str, Any]]:
    counts = ", ".join(
        f"count(*) filter ({holds}) as {name}" for name, holds in COUNTS[axis].items()
    )
    sql = GROUPS_SQL.format(
        axis=axis, counts=counts, age_days=AGE_DAYS[period.kind], leads=by_end.leads(counts)
    )
    cursor = con.execute(sql, {"starts_at": period.starts_at, "ends_at": period.ends_at})
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _order(segment: Hashable) -> tuple[int, str]:
    """Score bands by their scores, everything else by name."""
    first = str(segment).partition("-")[0].rstrip("+")
    return (int(first) if first.isdigit() else -1, str(segment))


def _by(
    rows: Sequence[Row], good: str, cases: str, key: Callable[[Row], Hashable]
) -> dict[Hashable, Counts]:
    found: dict[Hashable, Counts] = defaultdict(lambda: (0, 0))
    for row in rows:
        k, n = found[key(row)]
        found[key(row)] = (k + row[good], n + row[cases])
    return dict(found)


def _strata(
    before: Mapping[Hashable, Counts], now: Mapping[Hashable, Counts]
) -> list[tuple[int, int, int, int]]:
    none = (0, 0)
    return [
        (*map(int, now.get(key, none)), *map(int, before.get(key, none)))  # type: ignore[misc]
        for key in now.keys() | before.keys()
    ]

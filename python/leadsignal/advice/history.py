"""Advice as rows that a build carries on, so that it can be scored when the next period is over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from leadsignal import standing
from leadsignal.advice.recommendation import Proof, Recommendation, Share
from leadsignal.advice.rules import recommend
from leadsignal.evidence import Evidence, conditions, written
from leadsignal.facts import gather
from leadsignal.periods import Period
from leadsignal.scorecard.counting import records

if TYPE_CHECKING:
    import duckdb

TABLE = "advice_history"
"""Table of the published set: the rows of `history_rows` of each build, with its build_id, as_of
and reported_at."""
RECORDED_SQL = """
    select * from advice_history
    where period_kind = $kind and period_start = $start and as_of < $ends_at
    qualify reported_at = max(reported_at) over ()
    order by place
"""


@dataclass(frozen=True)
class Advised:
    """One recommendation of an earlier period, as far as it is needed to score it."""

    rule: str
    action: str
    proof: Proof

    def baseline(self, con: "duckdb.DuckDBPyConnection", period: Period) -> Share:
        """The share that was to move, counted at the end of the period of the advice."""
        if not self.proof.is_by_period:
            return self.proof.baseline
        return self.proof.measured(con, period)


def advised(one: Recommendation) -> Advised:
    """A recommendation as it will be scored."""
    return Advised(one.rule, one.action, one.proof)


def history_rows(
    con: "duckdb.DuckDBPyConnection",
    period: str = "month",
    as_of: str | date | datetime | None = None,
) -> list[dict[str, Any]]:
    """The advice of the last complete period, a row each; text, dates, integers and doubles.

    (rule, period_kind, period_start) is unique. Raises UsageError as the scorecard.
    """
    facts = gather(con, period, as_of)
    sources = standing.compare(facts.cuts["source"], facts.funnel, facts.published.min_sample)
    if facts.is_snapshot:
        return []
    return [
        {
            "period_kind": facts.period.kind,
            "period_start": facts.period.start,
            "place": place,
            "rule": one.rule,
            "advice": one.action,
            "evidence": one.evidence,
            "confidence": one.confidence,
            "effect": one.effect.words,
            "if_wrong": one.if_wrong,
            "proof": one.proof.what,
            "part_metric": one.proof.part.metric,
            "part_where": _where(one.proof.part),
            "whole_metric": one.proof.whole.metric,
            "whole_where": _where(one.proof.whole),
            "by_end": one.proof.by_end,
            "is_by_period": one.proof.is_by_period,
            "direction": one.proof.direction,
            "successes": one.proof.baseline.successes,
            "cases": one.proof.baseline.cases,
            "threshold": one.proof.threshold,
        }
        for place, one in enumerate(recommend(facts, sources), 1)
    ]


def recorded(con: "duckdb.DuckDBPyConnection", period: Period, now: Period) -> Sequence[Advised]:
    """What the newest build before the end of `now` advised from the numbers of `period`."""
    if not con.execute(
        "select count(*) from duckdb_tables() where table_name = ?"
        " and database_name = current_database() and schema_name = current_schema()",
        [TABLE],
    ).fetchall()[0][0]:
        return []
    asked = {"kind": period.kind, "start": period.start, "ends_at": now.ends_at}
    return [_read(row, period) for row in records(con, RECORDED_SQL, asked)]


def _where(one: Evidence) -> str:
    return " and ".join(map(written, one.where))


def _read(row: dict[str, Any], period: Period) -> Advised:
    when = period if row["is_by_period"] else None
    part, whole = (
        Evidence(row[f"{side}_metric"], when, conditions(row[f"{side}_where"] or None))
        for side in ("part", "whole")
    )
    baseline = Share(row["successes"], row["cases"])
    proof = Proof(row["proof"], part, whole, row["direction"], baseline, row["by_end"])
    return Advised(row["rule"], row["advice"], proof)

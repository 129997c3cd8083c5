"""Alarms: numbers that look better, or other, than what stands behind them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from leadsignal.honesty import pairs, signs, statistics
from leadsignal.honesty.grades import Grade, grades, worst
from leadsignal.honesty.pairs import CAPTURED, HANDED_OVER, REJECTED, Pair
from leadsignal.honesty.signs import Sign
from leadsignal.metrics.questions import DECISION, FOLLOW_UP, OPPORTUNITY, PROFILE, SOURCE
from leadsignal.periods import Period
from leadsignal.scorecard import counting

if TYPE_CHECKING:
    import duckdb

SCORED = 0.6
"""With a score on fewer of the leads (0 to 1) the scores cannot be judged."""


@dataclass(frozen=True)
class Alarm:
    """One alarm with its evidence."""

    name: str
    what: str
    """The finding, a plain sentence or two."""
    rows: tuple[Mapping[str, Any], ...]
    """The counts behind it, by segment, now and before."""
    p_value: float
    metrics: tuple[str, ...]
    """The metrics whose queries, in this period and the one before, show it."""
    period: str
    previous: str


@dataclass(frozen=True)
class Alarms:
    """The alarms of a period, and the checks that could not be made with their reasons."""

    period: Period
    raised: tuple[Alarm, ...]
    not_checked: Mapping[str, str]

    def to_dict(self) -> dict[str, Any]:
        """Everything, in types that JSON has."""
        raised = [asdict(alarm) for alarm in self.raised]
        period = self.period.label
        return {"period": period, "alarms": raised, "not_checked": dict(self.not_checked)}

    def render(self) -> str:
        """The alarms with their counts, then what could not be checked."""
        lines = [f"Alarms of {self.period.words}", ""]
        if not self.raised:
            lines.append("None was raised.")
        for alarm in self.raised:
            lines += [f"{alarm.name} (p = {alarm.p_value:.2g})", f"  {alarm.what}", *_table(alarm)]
        lines += [f"Not checked, {name}: {why}" for name, why in self.not_checked.items()]
        return "\n".join(lines)


def alarms(
    con: "duckdb.DuckDBPyConnection",
    period: str = "month",
    as_of: str | date | datetime | None = None,
) -> list[Alarm]:
    """The alarms of the last complete period, the surest first; see `checks`."""
    return list(checks(con, period, as_of).raised)


def checks(
    con: "duckdb.DuckDBPyConnection",
    period: str = "month",
    as_of: str | date | datetime | None = None,
) -> Alarms:
    """Looks for every sign in the last period that is complete at `as_of`, beside the one before.

    False discoveries are held at 5% over all signs. Where the CRM cannot answer what a sign rests
    on, or there are fewer cases than `min_sample`, it is not looked for and the reason is given.
    Raises UsageError for an unknown `period` or `as_of`.
    """
    published = counting.publication(con)
    newest = published.period(period, as_of)
    looked = _looked_for(con, newest, published.min_sample, grades(con))
    found = {name: sign for name, sign in looked if isinstance(sign, Sign)}
    is_raised = statistics.discoveries([sign.p_value for sign in found.values()])
    raised = [
        Alarm(
            name.partition(":")[0],
            sign.what,
            sign.rows,
            sign.p_value,
            sign.metrics,
            newest.label,
            newest.before().label,
        )
        for (name, sign), is_one in zip(found.items(), is_raised, strict=True)
        if is_one
    ]
    raised.sort(key=lambda alarm: (alarm.p_value, alarm.name))
    reasons = {name: why for name, why in looked if isinstance(why, str)}
    return Alarms(newest, tuple(raised), reasons)


def _looked_for(
    con: "duckdb.DuckDBPyConnection", period: Period, min_sample: int, trust: Mapping[int, Grade]
) -> list[tuple[str, Sign | str]]:
    """Each sign by its name, or why it was not looked for."""
    previous = period.before()
    captured, decided, rejected = (
        pairs.pair(con, axis, period, previous) for axis in (CAPTURED, HANDED_OVER, REJECTED)
    )
    earlier = {
        axis: pairs.pair(con, axis, previous, previous.before()) for axis in (CAPTURED, HANDED_OVER)
    }
    known = _Known(min_sample, trust)
    return [
        *_of_scores(known, captured, decided),
        *_of_rates(known, captured, decided, earlier),
        (
            "volume_without_acceptance",
            known.why_not(decided, "decided", DECISION) or signs.volume_without_acceptance(decided),
        ),
        (
            "rejection_without_reason",
            known.why_not(rejected, "rejections", DECISION, both=False)
            or signs.rejection_without_reason(rejected),
        ),
    ]


@dataclass(frozen=True)
class _Known:
    """Whether there is enough to go by."""

    min_sample: int
    trust: Mapping[int, Grade]

    def why_not(self, pair: Pair, cases: str, *questions: int, both: bool = True) -> str | None:
        """Why a sign cannot be looked for, if it can't."""
        grade = worst(self.trust, questions)
        if grade is not None and grade.is_low:
            return grade.sentence
        counts = pair.totals(cases)
        if (min(counts) if both else counts[0]) < self.min_sample:
            return f"Fewer than {self.min_sample} cases."
        return None


def _of_scores(known: _Known, captured: Pair, decided: Pair) -> Iterator[tuple[str, Sign | str]]:
    scored, scored_decided = (
        pair.where(lambda row: row["score"] is not None) for pair in (captured, decided)
    )
    leads, with_score = captured.totals("leads"), scored.totals("leads")
    if any(some < SCORED * every for some, every in zip(with_score, leads, strict=True)):
        why = f"Fewer than {SCORED:.0%} of the leads have a score."
        yield from ((name, why) for name in ("score_inflation", "score_pile_up"))
        yield (
            "handover_jump",
            (
                known.why_not(captured, "leads", FOLLOW_UP, SOURCE)
                or signs.handover_jump(captured, "source")
            ),
        )
        return
    yield (
        "score_inflation",
        (
            known.why_not(scored_decided, "decided", DECISION, OPPORTUNITY)
            or signs.score_inflation(scored_decided, scored)
        ),
    )
    yield (
        "score_pile_up",
        (
            known.why_not(scored, "leads", FOLLOW_UP)
            or signs.score_pile_up(scored)
            or "No score decides which leads are handed over."
        ),
    )
    yield (
        "handover_jump",
        (known.why_not(scored, "leads", FOLLOW_UP) or signs.handover_jump(scored, "band")),
    )


def _of_rates(
    known: _Known, captured: Pair, decided: Pair, earlier: Mapping[str, Pair]
) -> Iterator[tuple[str, Sign | str]]:
    fit, qualified, accepted = ("fit", "leads"), ("qualified", "leads"), ("accepted", "decided")
    yield (
        "rate_jump:fit",
        (
            known.why_not(captured, "leads", PROFILE, SOURCE)
            or signs.rate_jump(
                captured, earlier[CAPTURED], fit, "The share of leads that fit", "icp_fit_rate"
            )
        ),
    )
    yield (
        "rate_jump:qualified",
        (
            known.why_not(captured, "leads", PROFILE, SOURCE)
            or signs.rate_jump(
                captured,
                earlier[CAPTURED],
                qualified,
                "The share of qualified leads",
                "qualified_rate",
            )
        ),
    )
    yield (
        "rate_jump:accepted",
        (
            known.why_not(decided, "decided", DECISION, SOURCE)
            or signs.rate_jump(
                decided, earlier[HANDED_OVER], accepted, "Acceptance", "sales_acceptance_rate"
            )
        ),
    )


def _table(alarm: Alarm) -> Sequence[str]:
    names = list(alarm.rows[0]) if alarm.rows else []
    cells = [names, *([str(row[name]) for name in names] for row in alarm.rows)]
    widths = [max(len(line[place]) for line in cells) for place in range(len(names))]
    return [
        "  "
        + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    ] + [""]

"""Alarms: numbers that look better, or other, than what stands behind them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from leadsignal.honesty import pairs, signs, statistics
from leadsignal.honesty.grades import Grade, grades, worst
from leadsignal.honesty.pairs import CAPTURED, HANDED_OVER, REJECTED, Pair
from leadsignal.honesty.signs import Sign
from leadsignal.metrics.questions import DECISION, FOLLOW_UP, OPPORTUNITY, PROFILE, SOURCE
from leadsignal.periods import Period
from leadsignal.printable import on_one_line
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
            chance = "p < 0.0001" if alarm.p_value < 0.0001 else f"p = {alarm.p_value:.4f}"
            lines += [f"{_words(alarm.name)} ({chance})", f"  {alarm.what}", *_table(alarm)]
        lines += [f"Not checked, {_words(name)}: {why}" for name, why in self.not_checked.items()]
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
    found = {name: sign for name, sign in looked.items() if isinstance(sign, Sign)}
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
    reasons = {name: why for name, why in looked.items() if isinstance(why, str)}
    return Alarms(newest, tuple(raised), reasons)


def _looked_for(
    con: "duckdb.DuckDBPyConnection", period: Period, min_sample: int, trust: Mapping[int, Grade]
) -> dict[str, Sign | str]:
    """Each sign by its name, or why it was not looked for."""
    captured, decided, rejected = (
        pairs.pair(con, axis, period) for axis in (CAPTURED, HANDED_OVER, REJECTED)
    )
    judge = _Judge(min_sample, trust)
    return {
        **_of_scores(judge, captured, decided),
        "rate_jump:fit": judge.sign(
            (captured, "leads", PROFILE, SOURCE),
            lambda: signs.rate_jump(
                captured,
                pairs.pair(con, CAPTURED, period.before()),
                ("fit", "leads"),
                ("The share of leads that fit", "icp_fit_rate"),
            ),
        ),
        "rate_jump:accepted": judge.sign(
            (decided, "decided", DECISION, SOURCE),
            lambda: signs.rate_jump(
                decided,
                pairs.pair(con, HANDED_OVER, period.before()),
                ("accepted", "decided"),
                ("Acceptance by sales", "sales_acceptance_rate"),
            ),
        ),
        "volume_without_acceptance": judge.sign(
            (decided, "decided", DECISION), lambda: signs.volume_without_acceptance(decided)
        ),
        "rejection_without_reason": judge.sign(
            (rejected, "rejections", DECISION),
            lambda: signs.rejection_without_reason(rejected),
            both=False,
        ),
    }


def _of_scores(judge: "_Judge", captured: Pair, decided: Pair) -> dict[str, Sign | str]:
    scored, scored_decided = (
        pair.where(lambda row: row["score"] is not None) for pair in (captured, decided)
    )
    if any(
        scored.totals("leads")[side] < SCORED * captured.totals("leads")[side] for side in (0, 1)
    ):
        why = f"Fewer than {SCORED:.0%} of the leads have a score."
        jump = judge.sign(
            (captured, "leads", FOLLOW_UP, SOURCE),
            lambda: signs.handover_jump(captured, has_scores=False),
        )
        return {"score_inflation": why, "score_pile_up": why, "handover_jump": jump}
    converted = None if judge.untrusted(OPPORTUNITY) else scored
    inflation = judge.sign(
        (scored_decided, "decided", DECISION),
        lambda: signs.score_inflation(scored_decided, converted),
    )
    if isinstance(inflation, str):
        # Without decisions to go by, the deals alone may tell; if not, the first reason is given.
        by_deals = judge.sign(
            (scored, "leads", OPPORTUNITY), lambda: signs.score_inflation(None, scored)
        )
        inflation = by_deals if isinstance(by_deals, Sign) else inflation
    return {
        "score_inflation": inflation,
        "score_pile_up": judge.sign(
            (scored, "leads", FOLLOW_UP),
            lambda: signs.score_pile_up(scored) or "No score decides which leads are handed over.",
        ),
        "handover_jump": judge.sign(
            (scored, "leads", FOLLOW_UP), lambda: signs.handover_jump(scored, has_scores=True)
        ),
    }


@dataclass(frozen=True)
class _Judge:
    """Looks for a sign where there is enough to go by."""

    min_sample: int
    trust: Mapping[int, Grade]

    def sign(
        self,
        needed: tuple[Pair, str, *tuple[int, ...]],
        look: Callable[[], Sign | str],
        both: bool = True,
    ) -> Sign | str:
        """The sign, or why not; `needed` are the cases, in `both` periods, and the questions."""
        pair, cases, *questions = needed
        grade = self.untrusted(*questions)
        if grade is not None:
            return grade.sentence
        counts = pair.totals(cases)
        if (min(counts) if both else counts[0]) < self.min_sample:
            periods = pair.words if both else pair.period.words
            return f"Fewer than {self.min_sample} cases in {periods}."
        return look()

    def untrusted(self, *questions: int) -> Grade | None:
        """The question that the CRM cannot answer, if there is one."""
        grade = worst(self.trust, questions)
        return grade if grade is not None and grade.is_low else None


def _words(name: str) -> str:
    return name.replace("_", " ").replace(":", " of ")


def _table(alarm: Alarm) -> Sequence[str]:
    names = list(alarm.rows[0]) if alarm.rows else []
    cells = [names, *([on_one_line(str(row[name])) for name in names] for row in alarm.rows)]
    widths = [max(len(line[place]) for line in cells) for place in range(len(names))]
    return [
        "  "
        + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    ] + [""]

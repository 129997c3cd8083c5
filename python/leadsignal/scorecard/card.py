"""What a scorecard is: its rows, and how they are written."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from leadsignal.periods import Period


@dataclass(frozen=True)
class Row:
    """One measure of one segment. Rates are 0 to 1; None is 'not known', never 0."""

    metric: str
    segment: str
    axis: str
    unit: str
    """rate, count, amount, hours or days."""
    value: float | None
    numerator: float | None
    denominator: float | None
    low: float | None = None
    high: float | None = None
    is_small_sample: bool = False
    previous: float | None = None
    change: str | None = None
    """up, down, no clear change, too few cases, not settled yet, or None: nothing to compare."""
    cause: str | None = None
    """Of a change: mix when the shares of the sources moved, performance when their rates did."""
    grade: str | None = None
    """How well the CRM can answer what is asked; None when any CRM can."""
    p_value: float | None = None


@dataclass(frozen=True)
class Scorecard:
    """The rows, in the order of the measures, largest segment first."""

    period: Period
    previous: Period
    as_of: datetime
    by: str | None
    rows: tuple[Row, ...]
    left_out: int = 0
    """Leads handed over in these periods before the CRM's first activity on record: none of the
    measures of follow-up counts them."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What to know before reading it, a sentence each."""
        if not self.left_out:
            return ()
        leads = "1 lead was" if self.left_out == 1 else f"{self.left_out:,} leads were"
        return (
            f"{leads} handed over before the first activity that the CRM still has, "
            "so follow-up is measured without them.",
        )

    def row(self, metric: str, segment: str = "all") -> Row:
        """The row of a metric and segment. Raises KeyError when there is none."""
        for row in self.rows:
            if (row.metric, row.segment) == (metric, segment):
                return row
        raise KeyError(f"{metric} of {segment}")

    def to_dict(self) -> dict[str, Any]:
        """Everything, in types that JSON has."""
        return {
            "period": self.period.label,
            "previous_period": self.previous.label,
            "as_of": self.as_of.isoformat(sep=" ", timespec="seconds"),
            "by": self.by,
            "rows": [asdict(row) for row in self.rows],
            "notes": list(self.notes),
        }

    def render(self) -> str:
        """A text table under a line that says what it is about."""
        heading = f"Scorecard of {self.period.words}"
        if self.by == "month":
            heading = f"Scorecard by month, up to {self.period.words}"
        elif self.by:
            heading += f", by {self.by}"
        if not self.by:
            heading += f", beside {self.previous.words}"
        table = [TITLES, *map(_cells, self.rows)]
        return "\n".join([heading, "", *_aligned(table), *self.notes])


TITLES = ("metric", "segment", "value", "95% interval", "cases", "before", "change", "trust")
RIGHT = (2, 3, 4, 5)


def _cells(row: Row) -> tuple[str, ...]:
    interval = ""
    if row.low is not None:
        high = "?" if row.high is None else formatted(row.high, row.unit)
        interval = f"{formatted(row.low, row.unit)} to {high}"
    cases = "" if row.denominator is None else f"{row.denominator:,.0f}"
    return (
        row.metric,
        row.segment,
        formatted(row.value, row.unit),
        interval,
        cases + ("*" if row.is_small_sample else " "),
        formatted(row.previous, row.unit),
        f"{row.change or ''} ({row.cause})" if row.cause == "mix" else row.change or "",
        row.grade or "",
    )


def formatted(value: float | None, unit: str) -> str:
    """A value as people read it; '-' when it is not known."""
    if value is None:
        return "-"
    if unit == "rate":
        return f"{value:.1%}"
    return f"{value:,.1f}" if unit in ("hours", "days") else f"{value:,.0f}"


def _aligned(table: list[tuple[str, ...]]) -> list[str]:
    widths = [max(len(line[place]) for line in table) for place in range(len(TITLES))]
    lines = [
        "  ".join(
            cell.rjust(width) if place in RIGHT else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in table
    ]
    rule = "  ".join("-" * width for width in widths)
    return [lines[0], rule, *lines[1:], "", "* fewer cases than a rate needs to be relied on"]

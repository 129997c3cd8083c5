"""What a scorecard is: its rows, and what to know before reading them."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

from leadsignal.periods import Period

if TYPE_CHECKING:
    import pyarrow

LEADING, LAGGING = "leading", "lagging"


@dataclass(frozen=True)
class Row:
    """One measure of one segment. Rates are 0 to 1; None is 'not known', never 0."""

    metric: str
    segment: str
    axis: str
    unit: str
    """rate, count, amount, hours, days or amount a day."""
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
    """Of a change: mix when the shares of the sources moved, performance when their rates did, or
    both; None when that cannot be told."""
    grade: str | None = None
    """How well the CRM can answer what is asked; None when any CRM can."""
    p_value: float | None = None
    indicator: str | None = None
    """leading, lagging, or None: measured besides."""
    difference: float | None = None
    """Of a rate: how far it moved, 0 to 1, at the same age where the older period has had more
    time. It is the sum of `mix` and `performance`."""
    mix: float | None = None
    performance: float | None = None
    year_ago: float | None = None
    year_change: str | None = None
    """As `change`, beside the same period of the year before."""
    year_p_value: float | None = None
    target: float | None = None
    against_target: str | None = None
    """on target, missed, cannot tell, or None: there is no target. Where there is an interval, all
    of it has to lie on one side of the target."""

    @property
    def is_answerable(self) -> bool:
        """Whether the CRM can answer it for enough rows."""
        return self.grade != "low"


@dataclass(frozen=True)
class Scorecard:
    """The rows, in the order of the measures, largest segment first."""

    period: Period
    previous: Period
    year_ago: Period
    as_of: datetime
    by: str | None
    rows: tuple[Row, ...]
    currency: str = "USD"
    left_out: int = 0
    """Leads handed over in these periods before the CRM's first activity on record: none of the
    measures of follow-up counts them."""
    with_spend: tuple[int, int] = (0, 0)
    """The leads whose source has a known spend, and all leads: costs of all are per all leads."""
    to_mend: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """What to mend in the CRM first, each with the metrics that are not answerable without it."""
    warnings: tuple[str, ...] = ()
    """What is wrong with the targets."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What to know before reading it, a sentence each."""
        return tuple(self._notes())

    def _notes(self) -> Iterator[str]:
        for sentence, metrics in self.to_mend:
            yield f"{', '.join(metrics)}: {sentence}"
        yield from self.warnings
        if self.left_out:
            leads = "1 lead was" if self.left_out == 1 else f"{self.left_out:,} leads were"
            yield (
                f"{leads} handed over before the first activity that the CRM still has, "
                "so follow-up is measured without them."
            )
        known, every = self.with_spend
        if 0 < known < every:
            yield (
                f"Spend is known for the sources of {known:,} of {every:,} leads; a cost of all is "
                "that spend over all leads (fit leads, opportunities), whatever brought them."
            )

    def row(self, metric: str, segment: str = "all") -> Row:
        """The row of a metric and segment. Raises KeyError when there is none."""
        for row in self.rows:
            if (row.metric, row.segment) == (metric, segment):
                return row
        raise KeyError(f"{metric} of {segment}")

    def to_dict(self) -> dict[str, Any]:
        """Everything, in types that JSON has. The numbers of a low grade are there too."""
        return {
            "period": self.period.label,
            "previous_period": self.previous.label,
            "year_ago_period": self.year_ago.label,
            "as_of": self.as_of.isoformat(sep=" ", timespec="seconds"),
            "by": self.by,
            "currency": self.currency,
            "rows": [asdict(row) for row in self.rows],
            "notes": list(self.notes),
        }

    @property
    def table(self) -> "pyarrow.Table":
        """The rows as a table, one column for each field of `Row`."""
        import pyarrow

        kinds: dict[Any, Any] = {bool: pyarrow.bool_(), float | None: pyarrow.float64()}
        schema = [(each.name, kinds.get(each.type, pyarrow.string())) for each in fields(Row)]
        return pyarrow.Table.from_pylist([asdict(row) for row in self.rows], pyarrow.schema(schema))

    def render(self) -> str:
        """A text table of the leading and one of the lagging indicators under a heading."""
        from leadsignal.scorecard.text import rendered

        return rendered(self)

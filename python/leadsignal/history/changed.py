"""What changed since an earlier build, as a value: the numbers, the causes and the rows."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

import pyarrow

from leadsignal.history.builds import Reported
from leadsignal.history.defined import Defined
from leadsignal.periods import containing
from leadsignal.scorecard.text import formatted

NUMBERS_SHOWN = 30
DEFINITIONS_SHOWN = 20
EXAMPLES_SHOWN = 3
ROWS_IN_JSON = 5_000


@dataclass(frozen=True)
class Cause:
    """What moved a number: leads or deals (`rows`; none where no single one did), and how far."""

    cause: str
    rows: int
    numerator: float
    denominator: float


@dataclass(frozen=True)
class Restated:
    """A number that is not what was reported. The causes' parts sum up to the differences."""

    period_kind: str
    period_start: date
    metric: str
    segment: str
    unit: str
    value_then: float | None
    value_now: float | None
    numerator_then: float | None
    numerator_now: float | None
    denominator_then: float | None
    denominator_now: float | None
    rows_are: str = "lead"
    """lead or deal: what it counts."""
    causes: tuple[Cause, ...] = ()

    @property
    def numerator(self) -> float:
        """How far the numerator moved; nothing known counts as 0."""
        return (self.numerator_now or 0) - (self.numerator_then or 0)

    @property
    def denominator(self) -> float:
        """How far the denominator moved; nothing known counts as 0."""
        return (self.denominator_now or 0) - (self.denominator_then or 0)


@dataclass(frozen=True)
class Changed:
    """Every number of an earlier build that is different today, and the rows that made it so."""

    since: Reported
    now: Reported
    numbers: tuple[Restated, ...]
    rows: pyarrow.Table
    """period_kind, period_start, metric, segment, id (of a lead or deal), cause, numerator,
    denominator (how far it moved them), changes (list of name, was, now)."""
    definitions: tuple[Defined, ...] = ()
    """Rows of the definitions, and settings, that are others since."""

    def because(self, cause: str) -> "Changed":
        """The same, where it is known that all that leads and deals moved has this one cause."""
        at = self.rows.schema.get_field_index("cause")
        rows = self.rows.set_column(at, "cause", pyarrow.array([cause] * self.rows.num_rows))
        numbers = tuple(replace(one, causes=_joined(one.causes, cause)) for one in self.numbers)
        return replace(self, numbers=numbers, rows=rows)

    @property
    def table(self) -> pyarrow.Table:
        """The numbers, one row each, without their causes."""
        rows = [asdict(number) for number in self.numbers]
        return pyarrow.Table.from_pylist([{**row, "causes": len(row["causes"])} for row in rows])

    def to_dict(self) -> dict[str, Any]:
        """Everything, in types that JSON has; of the rows at most 5,000."""
        return {
            "since": _build(self.since),
            "now": _build(self.now),
            "definitions": [asdict(one) for one in self.definitions],
            "numbers": [
                {**asdict(number), "period_start": number.period_start.isoformat()}
                for number in self.numbers
            ],
            "rows": [
                {**row, "period_start": row["period_start"].isoformat()}
                for row in self.rows.slice(0, ROWS_IN_JSON).to_pylist()
            ],
            "rows_left_out": max(0, self.rows.num_rows - ROWS_IN_JSON),
        }

    def render(self) -> str:
        """The restated numbers as text, each with what made it and a few of the rows behind."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"Since build {_told(self.since)}, as build {_told(self.now)} has it:"
        yield from told_definitions(self.definitions)
        yield from self.render_numbers()

    def render_numbers(self) -> Iterator[str]:
        """The restated numbers alone, a line each, with what made them."""
        if not self.numbers:
            yield "no number that it reported is different today."
        for number in self.numbers[:NUMBERS_SHOWN]:
            yield from ("", _number(number))
            for cause in number.causes:
                yield f"  {_cause(number, cause)}"
                yield from (f"    {line}" for line in self._examples(number, cause))
        more = len(self.numbers) - NUMBERS_SHOWN
        if more > 0:
            yield from ("", f"{more:,} more numbers changed: --json has them all.")

    def _examples(self, number: Restated, cause: Cause) -> Iterator[str]:
        import pyarrow.compute as pc

        fields = ("period_kind", "period_start", "metric", "segment")
        wanted = pc.field("cause") == cause.cause
        for field in fields:
            wanted = wanted & (pc.field(field) == getattr(number, field))
        for row in self.rows.filter(wanted).slice(0, EXAMPLES_SHOWN).to_pylist():
            parts = (f"{one['name']} {_or_none(one['was'])} -> {_or_none(one['now'])}"
                     for one in row["changes"])  # fmt: skip
            yield f"{row['id']}{': ' if row['changes'] else ''}{', '.join(parts)}"
        if cause.rows > EXAMPLES_SHOWN:
            yield f"and {cause.rows - EXAMPLES_SHOWN:,} more"


def told_definitions(definitions: Sequence[Defined]) -> Iterator[str]:
    """The definitions that changed, a line each, as text."""
    if not definitions:
        return
    yield "the definitions changed:"
    yield from (f"  {one}" for one in definitions[:DEFINITIONS_SHOWN])
    more = len(definitions) - DEFINITIONS_SHOWN
    if more > 0:
        yield f"  and {more:,} more rows of definition_history"


def _joined(causes: Iterable[Cause], name: str) -> tuple[Cause, ...]:
    """Those of leads and deals as one; what no lead or deal moved keeps its own."""
    moved = [cause for cause in causes if cause.rows]
    one = Cause(
        name,
        sum(cause.rows for cause in moved),
        math.fsum(cause.numerator for cause in moved),
        math.fsum(cause.denominator for cause in moved),
    )
    return (*([one] if moved else []), *(cause for cause in causes if not cause.rows))


def _build(build: Reported) -> dict[str, Any]:
    return {
        "build_id": build.build_id,
        "as_of": build.as_of.isoformat(sep=" ", timespec="seconds"),
        "reported_at": build.reported_at.isoformat(sep=" ", timespec="seconds"),
        "definition_version": build.definition_version,
    }


def _told(build: Reported) -> str:
    return f"{build.build_id} (as of {build.as_of:%Y-%m-%d %H:%M})"


def _number(number: Restated) -> str:
    label = containing(number.period_start, number.period_kind).label
    of = "" if number.segment == "all" else f" of {number.segment}"
    then = _value(number, number.value_then, number.numerator_then, number.denominator_then)
    now = _value(number, number.value_now, number.numerator_now, number.denominator_now)
    return f"{number.period_kind} {label}  {number.metric}{of}: {then} -> {now}"


def _value(number: Restated, value: float | None, above: float | None, below: float | None) -> str:
    text = formatted(value, number.unit)
    return text if below is None else f"{text} ({above or 0:,.0f} of {below:,.0f})"


def _cause(number: Restated, cause: Cause) -> str:
    moved = f"{cause.numerator:+,.0f}"
    if number.denominator_now is not None or number.denominator_then is not None:
        moved += f" of {cause.denominator:+,.0f}"
    if not cause.rows:
        return f"{moved}: {cause.cause}"
    plural = "" if cause.rows == 1 else "s"
    return f"{moved}: {cause.cause} ({cause.rows:,} {number.rows_are}{plural})"


def _or_none(text: str | None) -> str:
    return "none" if text is None else text

"""What a report is: sections of words, tables and charts, as plain values."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from leadsignal.printable import printable
from leadsignal.scorecard.figures import Figure
from leadsignal.scorecard.text import NOT_ANSWERABLE, formatted

ALL_SOURCES = "all sources"
EMPTY = "-"
SMALL, UNKNOWN = "small sample", "not known"
PLAIN = ("text", "source", "month", "flag")
"""Units of columns that are read, not compared: to the left."""
OWN = "own"

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """One column. `unit` is text, source, month, flag, count, amount, hours, days or rate, or own:
    that in the row's `unit`. Any number may be a Figure, a rate always is one.
    """

    name: str
    label: str
    unit: str = "count"

    @property
    def is_number(self) -> bool:
        """Whether its cells stand to the right."""
        return self.unit not in PLAIN


@dataclass(frozen=True)
class Table:
    """Rows under a caption. A row may have a `source` (None: all of them) and a `month`."""

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    doubted: tuple[str, ...] = ()
    """Columns that the CRM cannot answer for enough rows: shown as such."""
    is_open: bool = False
    """Shown at once; other tables open on demand."""

    def cell(self, row: Row, column: Column) -> str:
        """The cell as people read it."""
        if column.name in self.doubted:
            return NOT_ANSWERABLE
        return written(row.get(column.name), unit_of(row, column))

    def to_dict(self) -> dict[str, Any]:
        """Everything, in types that JSON has; the numbers of doubted columns are there too."""
        return {
            "caption": self.caption,
            "columns": [asdict(column) for column in self.columns],
            "not_answerable": list(self.doubted),
            "rows": [{key: _plain(value) for key, value in row.items()} for row in self.rows],
        }


@dataclass(frozen=True)
class Chart:
    """A picture of a table. `kind` is a name in `charts.KINDS`."""

    kind: str
    title: str
    alternative: str
    """What it shows, in words, for who does not see it."""
    table: Table


@dataclass(frozen=True)
class Section:
    """One heading of the report with what stands under it."""

    name: str
    title: str
    words: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()

    @property
    def every_table(self) -> tuple[Table, ...]:
        """Those of the charts too."""
        return (*(chart.table for chart in self.charts), *self.tables)

    def to_dict(self) -> dict[str, Any]:
        """Everything, in types that JSON has."""
        return {
            "title": self.title,
            "words": list(self.words),
            "tables": {table.name: table.to_dict() for table in self.every_table},
        }


@dataclass(frozen=True)
class Tile:
    """One number of the headline, in words, with its last periods for a small line."""

    label: str
    value: str
    details: tuple[str, ...]
    """Its two counts, its interval."""
    change: str
    direction: str
    """better, worse or changed where a test found a change, else empty."""
    marks: tuple[str, ...]
    """Grade, small sample, target."""
    history: tuple[float | None, ...]
    """The same in the last periods, oldest first; None where it is not known."""


@dataclass(frozen=True)
class Headline:
    """The first screen: which period, how fresh, the company's figures, what to know first."""

    title: str
    beside: str
    fresh: tuple[tuple[str, str], ...]
    tiles: Mapping[str, tuple[Tile, ...]]
    """Leading and lagging, under their titles."""
    warnings: tuple[str, ...]
    tables: tuple[Table, ...]


@dataclass(frozen=True)
class Report:
    """All of it, in the order in which it is read."""

    period: str
    publication: Mapping[str, Any]
    headline: Headline
    story: tuple[str, ...]
    sections: tuple[Section, ...]

    @property
    def tables(self) -> Iterator[Table]:
        """Every table in order."""
        yield from self.headline.tables
        for section in self.sections:
            yield from section.every_table

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources that some table has rows of, in order of the alphabet."""
        return _found(self.tables, "source")

    @property
    def months(self) -> tuple[str, ...]:
        """The months that some table has rows of, the newest first."""
        return _found(self.tables, "month")[::-1]

    def to_dict(self) -> dict[str, Any]:
        """Everything, in types that JSON has."""
        return {
            "period": self.period,
            "publication": {key: _plain(value) for key, value in self.publication.items()},
            "warnings": list(self.headline.warnings),
            "headline": {table.name: table.to_dict() for table in self.headline.tables},
            "story": list(self.story),
            "sections": {section.name: section.to_dict() for section in self.sections},
        }


def tabled(
    name: str,
    caption: str,
    columns: Iterable[Column],
    rows: Iterable[Row],
    doubted: Iterable[str] = (),
    is_open: bool = False,
) -> Table:
    """A table whose texts have only characters that a page and a chart can hold."""
    clean = tuple(
        {key: printable(value) if isinstance(value, str) else value for key, value in row.items()}
        for row in rows
    )
    return Table(name, caption, tuple(columns), clean, tuple(doubted), is_open)


def unit_of(row: Row, column: Column) -> str:
    """The unit of one cell."""
    return str(row["unit"]) if column.unit == OWN else column.unit


def named(source: str | None) -> str:
    """A source as a label; None is all of them together."""
    return ALL_SOURCES if source is None else source.replace("_", " ")


def written(value: Any, unit: str) -> str:
    """A value as people read it. A Figure has its counts and interval; a star marks few cases."""
    if unit == "source":
        return named(value)
    if value is None:
        return EMPTY
    if isinstance(value, Figure):
        return f"{counts(value)}{percents(value)}" if unit == "rate" else told(value, unit)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    return formatted(float(value), unit)


def counts(figure: Figure, unit: str = "rate") -> str:
    """The two counts of a figure: 44 of 101; of times 44 of 101 finished, of a cost 900 for 101.

    Empty of what is no ratio.
    """
    if figure.denominator is None:
        return ""
    between = "for" if unit == "amount" else "of"
    behind = " finished" if unit in ("hours", "days") else ""
    return f"{figure.numerator or 0:,.0f} {between} {figure.denominator:,.0f}{behind}"


def starred(figure: Figure, unit: str) -> str:
    """The figure itself, with a star where it is of few cases."""
    few = "*" if figure.is_small_sample and figure.value is not None else ""
    return f"{formatted(figure.value, unit)}{few}"


def percents(figure: Figure) -> str:
    """The rate of them with its interval in brackets; empty over nothing."""
    if figure.value is None:
        return ""
    range_ = "" if figure.low is None else f"; {interval(figure.low, figure.high, 'rate')}"
    return f" ({starred(figure, 'rate')}{range_})"


def told(figure: Figure, unit: str) -> str:
    """The figure, then its counts and interval in brackets: 44.6%* (44 of 101; 35.3% to 54.3%)."""
    range_ = "" if figure.low is None else interval(figure.low, figure.high, unit)
    behind = "; ".join(filter(None, (counts(figure, unit), range_)))
    return f"{starred(figure, unit)}{f' ({behind})' if behind else ''}"


def interval(low: float, high: float | None, unit: str) -> str:
    """A 95% interval; an end that is not known yet is a question mark."""
    return f"{formatted(low, unit)} to {'?' if high is None else formatted(high, unit)}"


def _found(tables: Iterable[Table], key: str) -> tuple[str, ...]:
    return tuple(sorted({row[key] for table in tables for row in table.rows if row.get(key)}))


def _plain(value: Any) -> Any:
    if isinstance(value, Figure):
        return asdict(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return value

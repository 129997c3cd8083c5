"""The first screen: the company's figures, each with how sure it is, and how fresh they are."""

from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from leadsignal.facts import Facts
from leadsignal.metrics import definitions
from leadsignal.metrics.definitions import Metric
from leadsignal.periods import Period
from leadsignal.report.content import (
    EMPTY,
    SMALL,
    UNKNOWN,
    Column,
    Headline,
    Table,
    Tile,
    counts,
    interval,
    starred,
    tabled,
    told,
)
from leadsignal.scorecard import counting
from leadsignal.scorecard.card import LAGGING, LEADING, Row, Scorecard
from leadsignal.scorecard.comparison import DOWN, NOT_CLEAR, TOO_FEW, UP
from leadsignal.scorecard.figures import NOTHING, Figure
from leadsignal.scorecard.measured import measured, total
from leadsignal.scorecard.targets import ALL
from leadsignal.scorecard.text import NOT_ANSWERABLE, SECTIONS, formatted

if TYPE_CHECKING:
    import duckdb

PERIODS_SHOWN = 12
NOT_MATURE = "not mature"
COHORT, MATURE_SHARE = "cohort_win_rate", "mature_opportunity_share"
"""A figure that keeps moving as long as its deals can close, and the share of them that cannot."""
FRESH = {
    "build_id": "Build",
    "as_of": "As of (UTC)",
    "data_through": "Data through (UTC)",
    "built_at": "Built (UTC)",
    "definition_version": "Definitions",
}
FIGURES = (
    Column("label", "Figure", "text"),
    Column("kind", "Kind", "text"),
    Column("now", "Value", "text"),
    Column("interval", "95% interval", "text"),
    Column("counts", "Counts", "text"),
    Column("before", "Period before", "text"),
    Column("change", "Change", "text"),
    Column("ago", "Year ago", "text"),
    Column("year_change", "Since then", "text"),
    Column("aim", "Target", "text"),
    Column("against_target", "Against it", "text"),
    Column("grade", "Trust", "text"),
)


def headline(
    con: "duckdb.DuckDBPyConnection",
    facts: Facts,
    publication: Mapping[str, Any],
    notes: Sequence[str],
) -> Headline:
    """The figures of the scorecard with those of the last twelve periods.

    `notes` are what to know besides what the publication and the scorecard warn of.
    """
    card, known = facts.card, definitions.load(con)
    periods = [facts.period.before(steps) for steps in range(PERIODS_SHOWN)]
    every = [*periods, card.year_ago]
    figures = measured(con, every, None).figures
    past = {
        row.metric: [figures.get((row.metric, place, ALL), NOTHING) for place in range(len(every))]
        for row in card.rows
    }
    tiles = {
        SECTIONS[kind]: tuple(
            _tile(row, known[row.metric], card, past[row.metric])
            for row in card.rows
            if row.indicator == kind
        )
        for kind in (LEADING, LAGGING)
    }
    return Headline(
        title=f"Lead quality in {facts.period.words}",
        beside=f"beside {card.previous.words} and {card.year_ago.words}",
        fresh=tuple((label, _known(publication.get(key))) for key, label in FRESH.items()),
        tiles=tiles,
        warnings=(*_lines(publication.get("warnings")), *card.notes, *notes),
        tables=(
            _figures(card.rows, known, past, _immature(con, every)),
            _history(card.rows, known, periods, past),
        ),
    )


def _lines(text: Any) -> list[str]:
    """Not `splitlines`: a value of the CRM that a line names may hold other ends of lines."""
    return [line for line in str(text or "").split("\n") if line]


def _known(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return UNKNOWN if value in (None, "") else str(value)


def _immature(con: "duckdb.DuckDBPyConnection", periods: Sequence[Period]) -> set[int]:
    """The places of the periods of which deals are too young to be judged."""
    found = counting.tallies(con, periods, None, (MATURE_SHARE,))
    wholes = {place: total(sources) for (_, place, _), sources in found.items()}
    return {place for place, one in wholes.items() if (one.numerator or 0) < (one.denominator or 0)}


def _tile(row: Row, metric: Metric, card: Scorecard, past: Sequence[Figure]) -> Tile:
    history = tuple(one.value for one in past[PERIODS_SHOWN - 1 :: -1])
    if not row.is_answerable:
        return Tile(metric.label, NOT_ANSWERABLE, (), "", "", ("trust: low",), ())
    return Tile(
        label=metric.label,
        value=UNKNOWN if row.value is None else _with_unit(row.value, row.unit, card.currency),
        details=tuple(_details(row)),
        change=_change(row, card, past[1]),
        direction=_direction(row, metric),
        marks=tuple(_marks(row)),
        history=history,
    )


def _with_unit(value: float, unit: str, currency: str) -> str:
    text = formatted(value, unit)
    if unit.startswith("amount"):
        return f"{currency} {text}{' a day' if unit != 'amount' else ''}"
    return f"{text} {unit}" if unit in ("hours", "days") else text


def _change(row: Row, card: Scorecard, previous: Figure) -> str:
    """What the tests say of the difference to the period before, with its number and counts."""
    before, was = card.previous.words, ""
    if row.previous is not None:
        few = "*" if previous.is_small_sample else ""
        number = f"{_with_unit(row.previous, row.unit, card.currency)}{few}"
        was = ", ".join(filter(None, (number, counts(previous, row.unit))))
    in_brackets = f" ({was})" if was else ""
    if row.change in (UP, DOWN, NOT_CLEAR):
        return f"{row.change} since {before}{in_brackets}"
    if row.change == TOO_FEW:
        return f"{row.change} to compare with {before}{in_brackets}"
    told = f"{before}: {was}" if was else ""
    return "; ".join(part for part in (row.change, told or None) if part)


def _details(row: Row) -> Iterator[str]:
    if row.denominator is not None:
        yield _counted(row)
    if row.low is not None:
        yield interval(row.low, row.high, row.unit)


def _counted(row: Row) -> str:
    return counts(Figure(row.value, row.numerator, row.denominator), row.unit)


def _direction(row: Row, metric: Metric) -> str:
    if row.change not in (UP, DOWN):
        return ""
    if metric.better not in (UP, DOWN):
        return "changed"
    return "better" if row.change == metric.better else "worse"


def _marks(row: Row) -> Iterator[str]:
    if row.is_small_sample:
        yield SMALL
    if row.grade:
        yield f"trust: {row.grade}"
    if row.target is not None:
        yield f"target {formatted(row.target, row.unit)}: {row.against_target or 'cannot tell'}"


def _figures(
    rows: Sequence[Row],
    known: Mapping[str, Metric],
    past: Mapping[str, Sequence[Figure]],
    immature: Container[int],
) -> Table:
    shown = [
        {
            **vars(row),
            "label": known[row.metric].label,
            "kind": row.indicator or "besides",
            **_texts(row, past[row.metric], immature if row.metric == COHORT else ()),
        }
        for row in rows
    ]
    return tabled("figures", "All figures of the period", FIGURES, shown)


def _texts(row: Row, past: Sequence[Figure], immature: Container[int]) -> dict[str, str]:
    """The cells as people read them, where the CRM can answer."""
    aim = "" if row.target is None else formatted(row.target, row.unit)
    if not row.is_answerable:
        hidden = ("interval", "counts", "before", "ago", "change", "year_change")
        return {"now": NOT_ANSWERABLE, "aim": aim, **dict.fromkeys(hidden, "")}

    def older(value: float | None, place: int) -> str:
        return EMPTY if value is None else told(past[place], row.unit) + _young(place, immature)

    return {
        "now": starred(past[0], row.unit) + _young(0, immature),
        "interval": "" if row.low is None else interval(row.low, row.high, row.unit),
        "counts": _counted(row),
        "before": older(row.previous, 1),
        "ago": older(row.year_ago, PERIODS_SHOWN),
        "change": f"{row.change or ''}{f' ({row.cause})' if row.cause else ''}",
        "aim": aim,
    }


def _young(place: int, immature: Container[int]) -> str:
    return f", {NOT_MATURE}" if place in immature else ""


def _history(
    rows: Sequence[Row],
    known: Mapping[str, Metric],
    periods: Sequence[Period],
    past: Mapping[str, Sequence[Figure]],
) -> Table:
    kept = [row for row in rows if row.indicator]
    columns = [
        Column(
            row.metric,
            known[row.metric].label,
            "amount" if row.unit.startswith("amount") else row.unit,
        )
        for row in kept
    ]
    months = [
        {
            "label": period.label,
            "month": period.label if period.kind == "month" else None,
            **{row.metric: past[row.metric][place] for row in kept},
        }
        for place, period in enumerate(periods)
    ]
    return tabled(
        "history",
        f"The figures of the last {len(periods)} {periods[0].kind}s",
        [Column("label", periods[0].kind.capitalize(), "text"), *columns],
        months,
        [row.metric for row in kept if not row.is_answerable],
    )

"""Horizontal bars of shares with their intervals and counts."""

from typing import Any

import altair as alt

from leadsignal.report.content import Row, Table, counts, named, percents
from leadsignal.report.theme import (
    BAD,
    BARS,
    GOOD,
    INK,
    MOST_SOURCES,
    OTHER,
    Shown,
    data,
    key,
    labels,
    largest,
)
from leadsignal.scorecard.figures import Figure


def funnel(table: Table) -> Any:
    """The share of the leads that pass each gate, of all sources and of each one over it."""
    return _bars([
        _bar(column.label, _share(row, column.name), column.label, row["source"],
             column.name in table.doubted)
        for row in largest(table.rows)
        for column in table.columns
        if column.name != "source"
    ])  # fmt: skip


def follow_up(table: Table) -> Any:
    """The share of due leads that each group of owners followed up."""
    shown = table.rows[:MOST_SOURCES]
    short = labels(row["owners"] for row in shown)
    return _bars([_bar(row["owners"], row["followed_up"], short[row["owners"]]) for row in shown])


def trust(table: Table) -> Any:
    """The share of rows that can answer each question, coloured by its grade."""
    colours = {"low": BAD, "medium": OTHER, "none": OTHER}
    short = labels(row["question"] for row in table.rows)
    return _bars([
        _bar(row["question"], row["answerable"], short[row["question"]],
             colour=colours.get(row["grade"], GOOD), more=f" · {row['grade']}")
        for row in table.rows
    ])  # fmt: skip


def _share(row: Row, name: str) -> Figure:
    """A gate's figure; the first gate, which all pass, is a plain count."""
    found = row[name]
    return found if isinstance(found, Figure) else Figure(1.0 if found else None, found, found)


def _bar(
    name: str,
    figure: Figure,
    label: str,
    source: str | None = None,
    is_doubted: bool = False,
    colour: str = GOOD,
    more: str = "",
) -> dict[str, Any]:
    said = "not answerable" if is_doubted else counts(figure)
    rate = 0 if is_doubted else figure.value or 0
    words = f"{named(source)}, {name}: {said}" if source else f"{name}: {said}"
    is_known = not is_doubted and figure.value is not None
    few = "*" if figure.is_small_sample else ""
    return {
        "label": label,
        "rate": rate,
        "low": rate if is_doubted or figure.low is None else figure.low,
        "high": rate if is_doubted or figure.high is None else figure.high,
        "said": f"{said} · {rate:.0%}{few}{more}" if is_known else said,
        "colour": colour,
        "key": key(f"{words}{'' if is_doubted else percents(figure)}", source),
    }


def _bars(rows: Shown) -> Any:
    """Horizontal bars from 0 to 100%, each with its interval and its words behind it."""
    lines = {row["label"] for row in rows}
    marks = alt.Axis(values=[0, 0.5, 1], format="%", title=None, grid=True)
    base = alt.Chart(data(rows), width=BARS, height=max(32 * len(lines), 64)).encode(
        y=alt.Y("label:N", sort=None, title=None, axis=alt.Axis(domain=False, ticks=False)),
        description="key:N",
    )
    # The scale is longer than 100% so that the words behind a full bar have their place.
    x = alt.X("rate:Q", scale=alt.Scale(domain=[0, 2.1]), axis=marks, stack=None)
    bars = base.mark_bar(height=16).encode(x=x, fill=alt.Fill("colour:N", scale=None))
    whiskers = base.mark_rule(stroke=INK, strokeWidth=1.5).encode(x="low:Q", x2="high:Q")
    words = base.mark_text(align="left", dx=6, fill=INK).encode(x="high:Q", text="said:N")
    return bars + whiskers + words

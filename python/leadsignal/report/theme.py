"""What all charts share: colours, sizes, and the key that a mark carries.

Colours are names of the page's own (`var(--...)`), so that one drawing serves light and dark.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import altair as alt

from leadsignal.report.content import Row

Spec = dict[str, Any]
Shown = list[dict[str, Any]]

WIDTH, HEIGHT = 330, 250
BARS = 270
MOST_SOURCES = 8
"""Sources that a chart tells apart; its table has all."""
LONGEST = 34
"""Letters of a name in a chart; its table and its tooltip have all of it."""
INK, SOFT, LINE = "var(--ink)", "var(--soft)", "var(--line)"
GOOD, BAD, OTHER = "var(--chart-1)", "var(--chart-2)", "var(--chart-3)"
HATCHED = "url(#hatch)"
CONFIG: Spec = {
    "background": None,
    "padding": {"left": 8, "right": 12, "top": 5, "bottom": 5},
    "font": "Arial, Helvetica, sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelOverlap": "greedy",
        "labelColor": INK,
        "titleColor": SOFT,
        "gridColor": LINE,
        "domainColor": LINE,
        "tickColor": LINE,
        "labelFontSize": 14,
        "titleFontSize": 14,
        "titleFontWeight": "normal",
        "labelLimit": 240,
    },
    "legend": {
        "labelColor": INK,
        "titleColor": SOFT,
        "labelFontSize": 14,
        "titleFontSize": 14,
        "titleFontWeight": "normal",
        "labelLimit": 220,
        "symbolStrokeWidth": 2,
    },
    "header": {"labelColor": INK, "labelFontSize": 14, "labelLimit": 200},
    "text": {"fontSize": 14},
}


def data(rows: Iterable[Mapping[str, Any]]) -> Any:
    """The rows as the data of a chart, inside its specification."""
    return alt.InlineData(values=[dict(row) for row in rows])


def key(words: str, source: str | None = None, month: str | None = None) -> str:
    """What a mark is of, for the page's filters, and its words."""
    return json.dumps({"words": words, "source": source, "month": month})


def short(name: str) -> str:
    """A name that does not push everything else out of a chart."""
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def labels(names: Iterable[str]) -> dict[str, str]:
    """Each name as a short label that no other of them has."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in dict.fromkeys(names):
        label, number = short(name), 1
        while label in taken:
            number += 1
            label = f"{short(name)} ({number})"
        taken.add(label)
        found[name] = label
    return found


def largest(rows: Sequence[Row], most: int = MOST_SOURCES) -> list[Row]:
    """The row of all sources, and those of the largest; the rows come largest first."""
    return [row for row in rows if row.get("source") is None] + [
        row for row in rows if row.get("source") is not None
    ][:most]

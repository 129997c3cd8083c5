"""Charts of leads by source, by reason and by month.

Orders are those of the rows: no name of a CRM gets into an expression.
"""

import math
from collections.abc import Sequence
from typing import Any

import altair as alt

from leadsignal.report.content import ALL_SOURCES, Row, Table, counts, named, percents
from leadsignal.report.demand import FIRST_SIGN, NOT_KNOWN, TOO_FEW, VERDICTS
from leadsignal.report.theme import (
    BAD,
    GOOD,
    HATCHED,
    HEIGHT,
    INK,
    LINE,
    MOST_SOURCES,
    OTHER,
    SOFT,
    WIDTH,
    Shown,
    data,
    key,
    labels,
    largest,
    short,
)
from leadsignal.scorecard.figures import Figure

NAMED_SOURCES = 6
MARKS = {
    VERDICTS["better"]: (GOOD, "triangle-up"),
    VERDICTS["worse"]: (BAD, "triangle-down"),
    VERDICTS["same"]: (OTHER, "circle"),
    TOO_FEW: (OTHER, "cross"),
    NOT_KNOWN: (OTHER, "square"),
}
"""Verdict on a source -> the colour and the shape of its mark."""


def sources(table: Table) -> Any:
    """Each source's leads against the share that fits; as large as what sales accepted of it."""
    rows = [_bubble(row) for row in largest(table.rows) if row["source"] is not None]
    _name_apart(rows)
    seen = [words for words in MARKS if any(row["verdict"] == words for row in rows)]
    base = alt.Chart(data(rows), width=WIDTH, height=HEIGHT).encode(
        x=alt.X(
            "leads:Q",
            title="Leads",
            axis=alt.Axis(tickCount=5),
            scale=alt.Scale(type="sqrt", zero=True),
        ),
        description="key:N",
    )
    y = alt.Y("rate:Q", title="Share that fits", axis=alt.Axis(format="%", tickCount=5),
              scale=alt.Scale(domain=[0, 1]))  # fmt: skip
    legend = alt.Legend(orient="bottom", columns=1, title=None)
    whiskers = base.mark_rule(stroke=SOFT, strokeOpacity=0.45).encode(y="low:Q", y2="high:Q")
    points = base.mark_point(filled=True, opacity=0.85, stroke=INK, strokeWidth=0.5).encode(
        y=y,
        size=alt.Size("accepted:Q", scale=alt.Scale(range=[60, 700]), legend=alt.Legend(
            title="Accepted by sales", orient="bottom", tickCount=3, symbolFillColor=SOFT)),
        fill=alt.Fill("verdict:N", legend=legend, scale=alt.Scale(
            domain=seen, range=[MARKS[one][0] for one in seen])),
        shape=alt.Shape("verdict:N", legend=legend, scale=alt.Scale(
            domain=seen, range=[MARKS[one][1] for one in seen])),
    )  # fmt: skip
    words = base.encode(y=y, text="label:N")
    after = words.transform_filter("datum.side === 'left'")
    before = words.transform_filter("datum.side === 'right'")
    return alt.layer(
        whiskers,
        points,
        after.mark_text(align="left", dx=12, dy=-9, fill=INK),
        before.mark_text(align="right", dx=-12, dy=-9, fill=INK),
    )


def _name_apart(rows: Shown) -> None:
    """Name the largest sources, each on the side where its name runs into nothing."""
    most = max(row["leads"] for row in rows)
    places = [(WIDTH * math.sqrt(row["leads"] / most), HEIGHT * (row["rate"] or 0)) for row in rows]
    taken: list[tuple[float, float, float]] = []
    for row, place in zip(rows, places, strict=True):
        row["side"], row["label"] = "left", ""
        others = [(x - 9, x + 9, y) for x, y in places if (x, y) != place]
        for side in ("left", "right"):
            box = _box(place, side, len(row["name"]))
            is_free = not any(_meet(box, other) for other in (*others, *taken))
            if is_free and box[0] >= 0 and box[1] <= WIDTH + 20 and len(taken) < NAMED_SOURCES:
                row["side"], row["label"] = side, row["name"]
                taken.append(box)
                break


def _box(place: tuple[float, float], side: str, letters: int) -> tuple[float, float, float]:
    """From where to where a name beside a mark goes, and how high it stands."""
    (x, y), width = place, 7.0 * letters
    return (x + 12, x + 12 + width, y + 9) if side == "left" else (x - 12 - width, x - 12, y + 9)


def _meet(one: tuple[float, float, float], other: tuple[float, float, float]) -> bool:
    return one[0] < other[1] and other[0] < one[1] and abs(one[2] - other[2]) < 17


def _bubble(row: Row) -> dict[str, Any]:
    fit: Figure = row["fit"]
    verdict = row["verdict"].removesuffix(FIRST_SIGN)
    words = f"{named(row['source'])}: {counts(fit)}{percents(fit)} fit, {row['verdict']}"
    return {
        "leads": row["leads"],
        "rate": fit.value,
        "low": fit.low,
        "high": fit.high,
        "accepted": row["accepted"].numerator,
        "verdict": verdict,
        "name": short(named(row["source"])),
        "key": key(words, row["source"]),
    }


def reasons(table: Table) -> Any:
    """A grid of reasons and sources; sources beyond the largest are one column."""
    size: dict[str, int] = {}
    for row in table.rows:
        size[row["source"]] = size.get(row["source"], 0) + row["leads"]
    shown = sorted(size, key=lambda source: (-size[source], source))[:8]
    cells: dict[tuple[str, str, str | None], int] = {}
    for row in table.rows:
        source = row["source"] if row["source"] in shown else None
        at = (row["issue"], row["reason"], source)
        cells[at] = cells.get(at, 0) + row["leads"]
    places = {source: place for place, source in enumerate([*shown, None])}
    across_names = labels(["other sources", *map(named, shown)])
    down_names = labels(_reason(issue, reason) for issue, reason, _ in cells)
    rows = [
        {
            "reason": down_names[_reason(issue, reason)],
            "source": across_names["other sources" if source is None else named(source)],
            "leads": leads,
            "place": places[source],
            "key": key(f"{reason}, {'other sources' if source is None else named(source)}: "
                        f"{leads:,}", source),
        }
        for (issue, reason, source), leads in sorted(
            cells.items(), key=lambda cell: (cell[0][0], cell[0][1], places[cell[0][2]])
        )
    ]  # fmt: skip
    across = alt.X("source:N", sort=alt.EncodingSortField("place", op="min"), title=None,
                   axis=alt.Axis(labelAngle=-40, orient="top", labelLimit=130,
                                 labelOverlap=False))  # fmt: skip
    height = 28 * len({row["reason"] for row in rows})
    base = alt.Chart(data(rows), width=250, height=max(height, 56)).encode(
        x=across, y=alt.Y("reason:N", sort=None, title=None), description="key:N"
    )
    boxes = base.mark_rect(fill=GOOD, stroke=LINE).encode(
        fillOpacity=alt.FillOpacity("leads:Q", legend=None, scale=alt.Scale(
            domainMin=0, range=[0.08, 0.5]))
    )  # fmt: skip
    return boxes + base.mark_text(fill=INK).encode(text="leads:Q")


def _reason(issue: str, reason: str) -> str:
    """A reason behind its issue, where it says more than that."""
    return reason if issue == reason else f"{issue}: {reason}"


def cohorts(table: Table) -> Any:
    """Above the conversion of the mature leads, below how many leads are mature and how many not.

    What lies beyond the scale of all leads together is drawn at its edge: one lead of one is 100%.
    """
    size: dict[str, int] = {}
    for row in table.rows:
        if row["source"] is not None:
            size[row["source"]] = size.get(row["source"], 0) + row["leads"]
    shown = {None, *sorted(size, key=lambda source: (-size[source], source))[:MOST_SOURCES]}
    kept = [row for row in table.rows[::-1] if row["source"] in shown]
    months = list(dict.fromkeys(row["month"] for row in kept))
    scale = alt.Scale(domain=months, type="band", paddingInner=0.2)
    bottom = _ages(kept, alt.X("month:O", title=None, axis=alt.Axis(labelAngle=-45), scale=scale))
    if "rate" in table.doubted or not any(row["mature"] for row in kept):
        return bottom
    top = _conversion(kept, alt.X("month:O", axis=None, scale=scale))
    return alt.vconcat(top, bottom, spacing=8)


def _conversion(kept: Sequence[Row], x: alt.X) -> Any:
    rows = []
    for row in kept:
        rate: Figure = row["rate"]
        if row["mature"]:
            words = f"{counts(rate)} mature leads converted{percents(rate)}"
            colour = "var(--paper)" if rate.is_small_sample else GOOD
            rows.append(
                {"month": row["month"], "rate": rate.value, "low": rate.low, "high": rate.high,
                 "colour": colour, "key": _of_cohort(row, words)}
            )  # fmt: skip
    top = max(row["rate"].high for row in kept if row["mature"] and row["source"] is None)
    scale = alt.Scale(domain=[0, min(1, top * 1.1)], clamp=True)
    y = alt.Y("rate:Q", title="Became opportunities", scale=scale,
              axis=alt.Axis(format="%", tickCount=4))  # fmt: skip
    base = alt.Chart(data(rows), width=WIDTH, height=130).encode(x=x, description="key:N")
    rules = base.mark_rule(stroke=SOFT, strokeWidth=1.5).encode(y=alt.Y("low:Q"), y2="high:Q")
    points = base.mark_point(filled=True, stroke=GOOD, strokeWidth=2, size=60, opacity=1)
    return rules + points.encode(y=y, fill=alt.Fill("colour:N", scale=None))


def _ages(kept: Sequence[Row], x: alt.X) -> Any:
    rows = [
        {"month": row["month"], "leads": row[age], "base": base, "top": base + row[age],
         "colour": colour, "key": _of_cohort(row, f"{row[age]:,} {words} leads")}
        for row in kept
        for age, words, colour, base in (
            ("mature", "mature", GOOD, 0), ("immature", "younger", HATCHED, row["mature"]))
        if row[age]
    ]  # fmt: skip
    return (
        alt.Chart(data(rows), width=WIDTH, height=110)
        .mark_bar(stroke=GOOD)
        .encode(
            x=x,
            y=alt.Y("base:Q", title="Leads", axis=alt.Axis(tickCount=4)),
            y2="top:Q",
            fill=alt.Fill("colour:N", scale=None),
            description="key:N",
        )
    )


def _of_cohort(row: Row, words: str) -> str:
    who = ALL_SOURCES if row["source"] is None else named(row["source"])
    return key(f"{row['month']}, {who}: {words}", row["source"], row["month"])

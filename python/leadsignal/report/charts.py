"""Pictures of tables, as Vega-Lite specifications made with Altair.

Colours are names of the page's own (`var(--...)`), so that one drawing serves light and dark. A
mark's description is its key: which source and month it is of, and its words (see `drawing`).
Orders are those of the rows: no name of a CRM gets into an expression.
"""

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import altair as alt

from leadsignal.report.content import ALL_SOURCES, Chart, Row, Table, counts, named, percents
from leadsignal.scorecard.figures import Figure

Spec = dict[str, Any]
Shown = list[dict[str, Any]]

WIDTH = 320
MOST_SOURCES = 8
"""Sources that a chart tells apart; its table has all."""
NAMED_SOURCES = 6
LONGEST = 34
"""Letters of a name in a chart; its table and its tooltip have all of it."""
INK, SOFT, LINE = "var(--ink)", "var(--soft)", "var(--line)"
GOOD, BAD, OTHER = "var(--chart-1)", "var(--chart-2)", "var(--chart-3)"
HATCHED = "url(#hatch)"
CONFIG: Spec = {
    "background": None,
    "padding": {"left": 18, "right": 18, "top": 5, "bottom": 5},
    "font": "Arial, Helvetica, sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelColor": INK,
        "titleColor": SOFT,
        "gridColor": LINE,
        "domainColor": LINE,
        "tickColor": LINE,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelLimit": 240,
    },
    "legend": {
        "labelColor": INK,
        "titleColor": SOFT,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelLimit": 220,
        "symbolStrokeWidth": 2,
    },
    "header": {"labelColor": INK, "labelFontSize": 12, "labelLimit": 200},
    "text": {"fontSize": 12},
}
VERDICTS = {
    "fits more than the rest": (GOOD, "triangle-up"),
    "fits less than the rest": (BAD, "triangle-down"),
    "no clear difference": (OTHER, "circle"),
    "too few leads to tell": (OTHER, "cross"),
    "source not known": (OTHER, "square"),
}
OUTCOMES = {"won": (GOOD, [1, 0]), "lost": (BAD, [6, 3]), "open": (OTHER, [2, 2])}
FATES = {"won": "win_rate", "lost": "loss_rate", "open": "open_rate"}


def spec(chart: Chart) -> Spec:
    """The Vega-Lite specification of a chart, as plain types."""
    return _plain(KINDS[chart.kind](chart.table))


def spark(values: Sequence[float | None]) -> Spec:
    """A small line of the last values, the newest with a dot; where one is not known it breaks."""
    rows = [{"at": place, "value": value} for place, value in enumerate(values)]
    base = alt.Chart(_data(rows), width=92, height=24).encode(
        x=alt.X("at:Q", axis=None, scale=alt.Scale(domain=[0, max(len(values) - 1, 1)])),
        y=alt.Y("value:Q", axis=None, scale=alt.Scale(zero=False, nice=False, padding=3)),
    )
    line = base.mark_line(stroke=SOFT, strokeWidth=1.5)
    last = _data([row for row in rows[-1:] if row["value"] is not None])
    return _plain(line + base.mark_point(fill=GOOD, stroke=GOOD, size=24).properties(data=last))


def _plain(chart: Any) -> Spec:
    """Checked by Vega-Lite when it is drawn; checking it here too takes longer than drawing."""
    return {**chart.to_dict(validate=False), "config": CONFIG}


def _data(rows: Iterable[Mapping[str, Any]]) -> alt.Data:
    return alt.Data(values=[dict(row) for row in rows])


def _key(words: str, source: str | None = None, month: str | None = None) -> str:
    return json.dumps({"words": words, "source": source, "month": month})


def short(name: str) -> str:
    """A name that does not push everything else out of a chart."""
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def _largest(rows: Sequence[Row], most: int = MOST_SOURCES) -> list[Row]:
    """The row of all sources, and those of the largest; the rows come largest first."""
    return [row for row in rows if row.get("source") is None] + [
        row for row in rows if row.get("source") is not None
    ][:most]


def _funnel(table: Table) -> Any:
    return _bars([
        _bar(column.label, _share(row, column.name), row["source"], column.name in table.doubted)
        for row in _largest(table.rows)
        for column in table.columns
        if column.name != "source"
    ])  # fmt: skip


def _share(row: Row, name: str) -> Figure:
    """A gate's figure; the first gate, which all pass, is a plain count."""
    found = row[name]
    return found if isinstance(found, Figure) else Figure(1.0 if found else None, found, found)


def _follow_up(table: Table) -> Any:
    return _bars([_bar(row["owners"], row["followed_up"]) for row in table.rows[:MOST_SOURCES]])


def _trust(table: Table) -> Any:
    colours = {"low": BAD, "medium": OTHER, "none": OTHER}
    return _bars([
        _bar(row["question"], row["answerable"], colour=colours.get(row["grade"], GOOD),
             more=f" {row['grade']}")
        for row in table.rows
    ])  # fmt: skip


def _bar(
    label: str,
    figure: Figure,
    source: str | None = None,
    is_doubted: bool = False,
    colour: str = GOOD,
    more: str = "",
) -> dict[str, Any]:
    said = "not answerable" if is_doubted else f"{counts(figure)}{more}"
    rate = 0 if is_doubted else figure.value or 0
    words = f"{named(source)}, {label}: {said}" if source else f"{label}: {said}"
    return {
        "label": short(label),
        "rate": rate,
        "low": rate if is_doubted or figure.low is None else figure.low,
        "high": rate if is_doubted or figure.high is None else figure.high,
        "said": said if is_doubted or figure.value is None else f"{said} · {figure.value:.0%}",
        "colour": colour,
        "key": _key(f"{words}{'' if is_doubted else percents(figure)}", source),
    }


def _bars(rows: Shown) -> Any:
    """Horizontal bars from 0 to 100%, each with its interval and its words behind it."""
    labels = dict.fromkeys(row["label"] for row in rows)
    marks = alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], format="%", title=None, grid=True)
    base = alt.Chart(_data(rows), width=WIDTH, height=max(30 * len(labels), 60)).encode(
        y=alt.Y("label:N", sort=None, title=None, axis=alt.Axis(domain=False, ticks=False)),
        description="key:N",
    )
    # The scale is longer than 100% so that the words behind a full bar have their place.
    x = alt.X("rate:Q", scale=alt.Scale(domain=[0, 1.95]), axis=marks, stack=None)
    bars = base.mark_bar(height=16).encode(x=x, fill=alt.Fill("colour:N", scale=None))
    whiskers = base.mark_rule(stroke=INK, strokeWidth=1.5).encode(x="low:Q", x2="high:Q")
    words = base.mark_text(align="left", dx=6, fill=INK).encode(x="high:Q", text="said:N")
    return bars + whiskers + words


def _sources(table: Table) -> Any:
    largest = [row for row in _largest(table.rows) if row["source"] is not None]
    rows = [_bubble(row) for row in largest]
    _name_apart(rows)
    seen = [words for words in VERDICTS if any(row["verdict"] == words for row in rows)]
    base = alt.Chart(_data(rows), width=400, height=270).encode(
        x=alt.X("leads:Q", title="Leads", scale=alt.Scale(type="sqrt", zero=True, nice=True)),
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
            domain=seen, range=[VERDICTS[one][0] for one in seen])),
        shape=alt.Shape("verdict:N", legend=legend, scale=alt.Scale(
            domain=seen, range=[VERDICTS[one][1] for one in seen])),
    )  # fmt: skip
    words = [
        base.transform_filter(f"datum.side === '{side}'")
        .mark_text(align=side, dx=away, dy=-9, fill=INK)
        .encode(y=y, text="label:N")
        for side, away in (("left", 12), ("right", -12))
    ]
    return alt.layer(whiskers, points, *words)


def _name_apart(rows: Shown) -> None:
    """Name the largest sources whose names do not run into one that is named already."""
    most = max(row["leads"] for row in rows)
    taken: list[tuple[float, float]] = []
    for row in rows:
        across, up = 400 * math.sqrt(row["leads"] / most), 270 * (row["rate"] or 0)
        row["side"] = "left" if across < 200 else "right"
        is_free = all(abs(across - x) > 150 or abs(up - y) > 18 for x, y in taken)
        row["label"] = row["name"] if is_free and len(taken) < NAMED_SOURCES else ""
        taken += [(across, up)] * is_free


def _bubble(row: Row) -> dict[str, Any]:
    fit: Figure = row["fit"]
    verdict = row["verdict"].removesuffix(" (first sign)")
    words = f"{named(row['source'])}: {counts(fit)}{percents(fit)} fit, {row['verdict']}"
    return {
        "leads": row["leads"],
        "rate": fit.value,
        "low": fit.low,
        "high": fit.high,
        "accepted": row["accepted"].numerator,
        "verdict": verdict,
        "name": short(named(row["source"])),
        "key": _key(words, row["source"]),
    }


def _reasons(table: Table) -> Any:
    """A grid of reasons and sources; sources beyond the largest are one column."""
    size: dict[str, int] = {}
    for row in table.rows:
        size[row["source"]] = size.get(row["source"], 0) + row["leads"]
    shown = sorted(size, key=lambda source: (-size[source], source))[:8]
    cells: dict[tuple[str, str, str | None], int] = {}
    for row in table.rows:
        source = row["source"] if row["source"] in shown else None
        at = (row["issue"], row["reason"].replace("_", " "), source)
        cells[at] = cells.get(at, 0) + row["leads"]
    places = {source: place for place, source in enumerate([*shown, None])}
    rows = [
        {
            "reason": short(reason if issue == reason else f"{issue}: {reason}"),
            "source": short("other sources" if source is None else named(source)),
            "leads": leads,
            "place": places[source],
            "key": _key(f"{reason}, {'other sources' if source is None else named(source)}: "
                        f"{leads:,}", source),
        }
        for (issue, reason, source), leads in sorted(
            cells.items(), key=lambda cell: (cell[0][0], cell[0][1], places[cell[0][2]])
        )
    ]  # fmt: skip
    across = alt.X("source:N", sort=alt.EncodingSortField("place", op="min"), title=None,
                   axis=alt.Axis(labelAngle=-40, orient="top", labelLimit=130))  # fmt: skip
    height = 26 * len({row["reason"] for row in rows})
    base = alt.Chart(_data(rows), width=WIDTH, height=max(height, 52)).encode(
        x=across, y=alt.Y("reason:N", sort=None, title=None), description="key:N"
    )
    boxes = base.mark_rect(fill=GOOD, stroke=LINE).encode(
        fillOpacity=alt.FillOpacity("leads:Q", legend=None, scale=alt.Scale(
            domainMin=0, range=[0.08, 0.5]))
    )  # fmt: skip
    return boxes + base.mark_text(fill=INK).encode(text="leads:Q")


def _fate(table: Table) -> Any:
    rows = [
        {"days": row["days"], "rate": row[column], "fate": fate, "key": _key(f"Deals {fate}")}
        for row in table.rows
        for fate, column in FATES.items()
    ]
    base = _lines(alt.Chart(_data(rows), width=400, height=210), "fate", list(FATES))
    return base.encode(
        x=alt.X("days:Q", title="Days after opening"),
        y=alt.Y("rate:Q", title="Share of deals", axis=alt.Axis(format="%", tickCount=5),
                scale=alt.Scale(domain=[0, 1])),
    )  # fmt: skip


def _survival(table: Table) -> Any:
    moments = [(int(one.name.removeprefix("after_")), one.name) for one in table.columns
               if one.name.startswith("after_")]  # fmt: skip
    stages = {stage: place for place, stage in enumerate(
        dict.fromkeys(row["stage"] for row in table.rows))}  # fmt: skip
    rows = [
        {
            "stage": short(row["stage"]),
            "place": stages[row["stage"]],
            "outcome": row["outcome"],
            "days": days,
            "rate": row[name],
            "key": _key(f"{row['stage']}, {row['outcome']} deals: {row['visits']:,} visits"),
        }
        for row in table.rows
        for days, name in moments
        if row[name] is not None
    ]
    seen = [one for one in OUTCOMES if any(row["outcome"] == one for row in rows)]
    base = _lines(alt.Chart(_data(rows), width=185, height=110), "outcome", seen, "step-after")
    return base.encode(
        x=alt.X("days:Q", title="Days since entering", axis=alt.Axis(tickCount=4)),
        y=alt.Y("rate:Q", title=None, axis=alt.Axis(format="%", tickCount=3),
                scale=alt.Scale(domain=[0, 1])),
        facet=alt.Facet("stage:N", columns=2, title=None, spacing=14,
                        sort=alt.EncodingSortField("place", op="min")),
    )  # fmt: skip


def _lines(base: Any, by: str, seen: list[str], how: str = "linear") -> Any:
    """A line for each of won, lost and open, told apart by colour and by dashes."""
    legend = alt.Legend(orient="bottom", title=None, symbolSize=300)
    return base.mark_line(strokeWidth=2, interpolate=how).encode(
        stroke=alt.Stroke(f"{by}:N", legend=legend, scale=alt.Scale(
            domain=seen, range=[OUTCOMES[one][0] for one in seen])),
        strokeDash=alt.StrokeDash(f"{by}:N", legend=legend, scale=alt.Scale(
            domain=seen, range=[OUTCOMES[one][1] for one in seen])),
        description="key:N",
    )  # fmt: skip


def _cohorts(table: Table) -> Any:
    """Above the conversion of the mature leads, below how many leads are mature and how many not.

    What lies beyond the scale of all leads together is drawn at its edge: one lead of one is 100%.
    """
    size: dict[str, int] = {}
    for row in table.rows:
        if row["source"] is not None:
            size[row["source"]] = size.get(row["source"], 0) + row["leads"]
    largest = sorted(size, key=lambda source: (-size[source], source))[:MOST_SOURCES]
    kept = [row for row in table.rows[::-1] if row["source"] is None or row["source"] in largest]
    months = list(dict.fromkeys(row["month"] for row in kept))
    scale = alt.Scale(domain=months, type="band", paddingInner=0.2)
    bottom = _ages(kept, alt.X("month:O", title=None, axis=alt.Axis(labelAngle=-45), scale=scale))
    if "rate" in table.doubted or not any(row["mature"] for row in kept):
        return bottom
    top = _conversion(kept, alt.X("month:O", axis=None, scale=scale))
    return alt.vconcat(top, bottom, spacing=8)


def _conversion(kept: Sequence[Row], x: alt.X) -> Any:
    rows = [
        {"month": row["month"], "rate": row["rate"].value, "low": row["rate"].low,
         "high": row["rate"].high, "key": _of_cohort(row, f"{counts(row['rate'])} mature leads "
                                                     f"converted{percents(row['rate'])}")}
        for row in kept if row["mature"]
    ]  # fmt: skip
    top = max(row["rate"].high for row in kept if row["mature"] and row["source"] is None)
    scale = alt.Scale(domain=[0, min(1, top * 1.1)], clamp=True)
    y = alt.Y("rate:Q", title="Became opportunities", scale=scale,
              axis=alt.Axis(format="%", tickCount=4))  # fmt: skip
    base = alt.Chart(_data(rows), width=400, height=130).encode(x=x, description="key:N")
    rules = base.mark_rule(stroke=SOFT, strokeWidth=1.5).encode(y=alt.Y("low:Q"), y2="high:Q")
    return rules + base.mark_point(filled=True, fill=GOOD, size=60).encode(y=y)


def _ages(kept: Sequence[Row], x: alt.X) -> Any:
    rows = [
        {"month": row["month"], "leads": row[age], "base": base, "top": base + row[age],
         "colour": colour, "key": _of_cohort(row, f"{row[age]:,} {words} leads")}
        for row in kept
        for age, words, colour, base in (
            ("mature", "mature", GOOD, 0), ("immature", "younger", HATCHED, row["mature"]))
        if row[age]
    ]  # fmt: skip
    return alt.Chart(_data(rows), width=400, height=110).mark_bar(stroke=GOOD).encode(
        x=x,
        y=alt.Y("base:Q", title="Leads", axis=alt.Axis(tickCount=4)),
        y2="top:Q",
        fill=alt.Fill("colour:N", scale=None),
        description="key:N",
    )


def _of_cohort(row: Row, words: str) -> str:
    who = ALL_SOURCES if row["source"] is None else named(row["source"])
    return _key(f"{row['month']}, {who}: {words}", row["source"], row["month"])


KINDS: Mapping[str, Callable[[Table], Any]] = {
    "funnel": _funnel,
    "sources": _sources,
    "reasons": _reasons,
    "fate": _fate,
    "survival": _survival,
    "cohorts": _cohorts,
    "follow_up": _follow_up,
    "trust": _trust,
}
ONE_AT_A_TIME = ("funnel", "cohorts")
"""Charts that hold the marks of every source on one another: one source is seen at a time."""

"""The scorecard as people read it: leading and lagging indicators apart, then the rest."""

from collections.abc import Iterator
from itertools import groupby

from leadsignal.scorecard.card import LAGGING, LEADING, Row, Scorecard
from leadsignal.scorecard.comparison import DOWN, UP
from leadsignal.scorecard.targets import ALL

TITLES = (
    *("metric", "segment", "value", "95% interval", "cases", "before", "change", "year ago"),
    *("since then", "target", "against it", "trust"),
)
RIGHT = ("value", "95% interval", "cases", "before", "year ago", "target")
ALWAYS = ("metric", "value", "95% interval", "cases", "before", "change")
SECTIONS = {
    LEADING: "Leading: what is happening now",
    LAGGING: "Lagging: what came of it",
    None: "Measured besides",
}
SEGMENTS_SHOWN = 12
NOT_ANSWERABLE = "not answerable"
SMALL = "* fewer cases than a rate needs to be relied on"

Cells = dict[str, str]


def rendered(card: Scorecard) -> str:
    """The whole scorecard as text."""
    shown, left_out = _largest(card)
    cells = {indicator: [_cells(row) for row in rows] for indicator, rows in shown.items()}
    everything = [line for lines in cells.values() for line in lines]
    titles = [
        title for title in TITLES if title in ALWAYS or any(line[title] for line in everything)
    ]
    head = dict(zip(TITLES, TITLES, strict=True))
    widths = {title: max(len(line[title]) for line in [head, *everything]) for title in titles}
    text = [_heading(card), ""]
    for indicator, lines in cells.items():
        text += [SECTIONS[indicator], _line(head, widths)]
        text.append("  ".join("-" * width for width in widths.values()))
        text += [*(_line(line, widths) for line in lines), ""]
    money = f"Amounts are in {card.currency}, sales_velocity in {card.currency} a day."
    return "\n".join([*text, SMALL, money, *left_out, *_changes(card), *card.notes])


def formatted(value: float | None, unit: str) -> str:
    """A value as people read it; '-' when it is not known."""
    if value is None:
        return "-"
    if unit == "rate":
        return f"{value:.1%}"
    return f"{value:,.1f}" if unit in ("hours", "days") else f"{value:,.0f}"


def _heading(card: Scorecard) -> str:
    if card.by == "month":
        return f"Scorecard by month, up to {card.period.words}"
    beside = f", beside {card.previous.words} and {card.year_ago.words}"
    return f"Scorecard of {card.period.words}{f', by {card.by}' if card.by else ''}{beside}"


def _largest(card: Scorecard) -> tuple[dict[str | None, list[Row]], list[str]]:
    """The rows by indicator, so many segments of each metric, and how many are not shown."""
    shown: dict[str | None, list[Row]] = {}
    most_left_out = 0
    for indicator in SECTIONS:
        mine = [row for row in card.rows if row.indicator == indicator]
        for _, rows in groupby(mine, key=lambda row: row.metric):
            segments = list(rows)
            shown.setdefault(indicator, []).extend(segments[:SEGMENTS_SHOWN])
            most_left_out = max(most_left_out, len(segments) - SEGMENTS_SHOWN)
    if not most_left_out:
        return shown, []
    more = f"Up to {most_left_out:,} smaller segments of a metric are not shown: --format json or"
    return shown, [f"{more} csv has them all."]


def _cells(row: Row) -> Cells:
    interval = ""
    if row.low is not None:
        high = "?" if row.high is None else formatted(row.high, row.unit)
        interval = f"{formatted(row.low, row.unit)} to {high}"
    cases = "" if row.denominator is None else f"{row.denominator:,.0f}"
    cells = {
        "metric": row.metric,
        "segment": "" if row.segment == ALL else row.segment,
        "value": formatted(row.value, row.unit),
        "95% interval": interval,
        "cases": cases + ("*" if row.is_small_sample else " "),
        "before": formatted(row.previous, row.unit),
        "change": f"{row.change or ''} ({row.cause})" if row.cause else row.change or "",
        "year ago": "" if row.year_ago is None else formatted(row.year_ago, row.unit),
        "since then": row.year_change or "",
        "target": "" if row.target is None else formatted(row.target, row.unit),
        "against it": row.against_target or "",
        "trust": row.grade or "",
    }
    if not row.is_answerable:
        hidden = dict.fromkeys(("95% interval", "before", "change", "year ago", "since then"), "")
        return cells | hidden | {"value": NOT_ANSWERABLE}
    return cells


def _changes(card: Scorecard) -> Iterator[str]:
    """What made each change of an overall rate, in points."""
    for row in card.rows:
        if row.change in (UP, DOWN) and row.difference is not None and row.is_answerable:
            of = "" if row.segment == ALL else f" of {row.segment}"
            yield (
                f"{row.metric}{of} moved by {_points(row.difference)} points: {_points(row.mix)} "
                f"by the mix of sources, {_points(row.performance)} by the sources themselves."
            )


def _points(share: float | None) -> str:
    return f"{100 * (share or 0):+.1f}"


def _line(cells: Cells, widths: dict[str, int]) -> str:
    return "  ".join(
        cells[title].rjust(width) if title in RIGHT else cells[title].ljust(width)
        for title, width in widths.items()
    ).rstrip()

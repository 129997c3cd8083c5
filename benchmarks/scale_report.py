"""The figures of scale.json as tables in README.md and as a plot."""

import math
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
README = HERE / "README.md"
PLOT = HERE / "scale.svg"
BEGIN, END = "<!-- scale.py writes from here -->", "<!-- to here -->"

Sizes = dict[str, Any]

GOALS = """| what | goal |
|---|---|
| build, start-up apart, at 10 million leads | at most 1.5 x the floor |
| growth, ten times the leads | at most 1.05 |
| audit at 10 million leads | at most 15% of the build |
| a published file is opened | in 100 ms |
| a mart is queried | in 50 ms |
| a day's increment of 0.1% | at most 3%: **missed**, builds are whole (decision 13) |"""


def write(results: Sizes) -> None:
    """Put tables and plot in place of the last ones."""
    sizes = dict(sorted(results.items(), key=lambda item: int(item[0])))
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    parts = [GOALS, _costs(sizes), _ratios(sizes), _parts(sizes), _left_out(sizes)]
    body = "\n\n".join(parts)
    README.write_text(f"{before}{BEGIN}\n\n{body}\n\n{END}{after}", encoding="utf-8")
    PLOT.write_text(_plot(sizes), encoding="utf-8")


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---:"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _costs(sizes: Sizes) -> str:
    head = ["leads", "million rows", "raw MB"]
    head += [f"{what}: CPU s" for what in ("build", "its models", "floor")]
    head += [f"{what}: wall s" for what in ("build", "its models", "floor")]
    head += [f"{what}: peak GB" for what in ("build", "floor")]
    head.append("load before")
    rows = []
    for leads, size in sizes.items():
        row = [f"{int(leads):,}", f"{size['rows'] / 1e6:.2f}", f"{size['raw_mb']:,.0f}"]
        for unit in ("cpu", "wall"):
            row += [f"{size[run]['cost'][unit]:.0f}" for run in ("build", "models", "floor")]
        row += [f"{size[run]['cost']['peak']:.1f}" for run in ("build", "floor")]
        row.append(f"{size['load']:.1f}" if "load" in size else "")
        rows.append(row)
    return _table(head, rows)


def _ratios(sizes: Sizes) -> str:
    head = ["leads", "build / floor", "start-up apart", "its models / floor", "start-up apart"]
    head += [
        "growth of the build",
        "growth of the floor",
        "audit of the build",
        "open ms",
        "mart query ms",
    ]
    smallest = next(iter(sizes))
    rows, before = [], ""
    for leads, size in sizes.items():
        row = [f"{int(leads):,}"]
        for run in ("build", "models"):
            row.append(f"{_cpu(size, run) / _cpu(size, 'floor'):.2f}")
            above = _above(sizes, leads, smallest, run)
            apart = above / _above(sizes, leads, smallest, "floor") if leads != smallest else 0
            row.append(f"{apart:.2f}" if apart else "")
        for run in ("build", "floor"):
            row.append(_growth(sizes, leads, before, smallest, run))
        audit = size["build"]["parts"]["audit"]["cpu"] / _cpu(size, "build")
        row += [f"{audit:.0%}", f"{size['open_ms']:.1f}", f"{size['query_ms']:.1f}"]
        rows.append(row)
        before = leads
    return _table(head, rows)


def _growth(sizes: Sizes, leads: str, before: str, smallest: str, run: str) -> str:
    """Processor time for each lead against that of the size before, start-up apart."""
    if before in ("", smallest):
        return ""
    now, then = (_above(sizes, size, smallest, run) / int(size) for size in (leads, before))
    return f"{now / then:.2f}"


def _cpu(size: dict[str, Any], run: str) -> float:
    return float(size[run]["cost"]["cpu"])


def _above(sizes: Sizes, leads: str, smallest: str, run: str) -> float:
    """Processor seconds above those of the smallest size, which is next to nothing but start-up."""
    return _cpu(sizes[leads], run) - _cpu(sizes[smallest], run)


def _parts(sizes: Sizes) -> str:
    names = list(next(iter(sizes.values()))["build"]["parts"])
    rows = []
    for leads, size in sizes.items():
        parts = size["build"]["parts"]
        rows.append(
            [
                f"{int(leads):,}",
                *(f"{parts[name]['cpu']:.1f} ({parts[name]['wall']:.1f})" for name in names),
            ]
        )
    return "CPU seconds of the parts of a build, and wall seconds:\n\n" + _table(
        ["leads", *names], rows
    )


def _left_out(sizes: Sizes) -> str:
    names = next(iter(sizes.values()))["left_out"]
    return (
        "Published tables that the floor does not make: "
        + ", ".join(f"`{name}`" for name in names)
        + "."
    )


WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 400, 60, 130, 20, 45
LINES = {
    "build": ("#1f4e79", "whole build"),
    "models": ("#c55a11", "its models"),
    "floor": ("#548235", "floor"),
}


def _plot(sizes: Sizes) -> str:
    """CPU seconds over leads, both in powers of ten, as SVG."""
    powers_x = range(
        math.floor(math.log10(min(map(int, sizes)))),
        math.ceil(math.log10(max(map(int, sizes)))) + 1,
    )
    spent = [_cpu(size, run) for size in sizes.values() for run in LINES]
    powers_y = range(math.floor(math.log10(min(spent))), math.ceil(math.log10(max(spent))) + 1)

    def x(leads: float) -> float:
        share = (math.log10(leads) - powers_x[0]) / max(1, powers_x[-1] - powers_x[0])
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(seconds: float) -> float:
        share = (math.log10(seconds) - powers_y[0]) / max(1, powers_y[-1] - powers_y[0])
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
    ]
    for power in powers_x:
        drawn.append(_line(x(10**power), TOP, x(10**power), HEIGHT - BOTTOM, "#ddd"))
        drawn.append(_text(x(10**power), HEIGHT - BOTTOM + 18, f"{10**power:,}", "middle"))
    for power in powers_y:
        drawn.append(_line(LEFT, y(10**power), WIDTH - RIGHT, y(10**power), "#ddd"))
        drawn.append(_text(LEFT - 6, y(10**power) + 4, f"{10**power:,}", "end"))
    drawn.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, "leads", "middle"))
    drawn.append(_text(LEFT, TOP - 6, "CPU seconds", "start"))
    ends: list[float] = []
    for run, (colour, label) in LINES.items():
        points = [(x(int(leads)), y(_cpu(size, run))) for leads, size in sizes.items()]
        path = " ".join(f"{across:.1f},{down:.1f}" for across, down in points)
        drawn.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        drawn += [
            f'<circle cx="{across:.1f}" cy="{down:.1f}" r="3" fill="{colour}"/>'
            for across, down in points
        ]
        # Labels at the ends of lines that lie close go below each other.
        height = max([points[-1][1], *(end + 14 for end in ends)])
        ends.append(height)
        drawn.append(_text(points[-1][0] + 8, height + 4, label, "start", colour))
    return "\n".join([*drawn, "</svg>"]) + "\n"


def _line(x1: float, y1: float, x2: float, y2: float, colour: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"/>'


def _text(x: float, y: float, words: str, anchor: str, colour: str = "#333") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{words}</text>'

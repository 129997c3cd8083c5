"""The report as one HTML file that needs no network and runs nothing but its own short script.

Every text is escaped by Jinja or by the SVG writer; the policy in the page names the one style and
the one script by their hashes, so that nothing else could run if anything ever got through.
"""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from leadsignal.report.charts import ONE_AT_A_TIME, spark, spec
from leadsignal.report.content import (
    SMALL,
    UNKNOWN,
    Column,
    Report,
    Row,
    Table,
    counts,
    interval,
    named,
    starred,
    unit_of,
)
from leadsignal.report.drawing import svg
from leadsignal.scorecard.figures import Figure

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

TEMPLATE, STYLE, SCRIPT = "report.html.j2", "report.css", "report.js"
POLICY = (
    "default-src 'none'; style-src '{style}'; script-src '{script}'; "
    "base-uri 'none'; form-action 'none'"
)


def html(report: Report) -> str:
    """The whole page."""
    from markupsafe import Markup

    style, script = _part(STYLE), _part(SCRIPT)
    drawn = {
        chart.kind: Markup(  # noqa: S704 - written by `drawing` from escaped text
            svg(spec(chart), chart.kind, chart.alternative, chart.kind in ONE_AT_A_TIME)
        )
        for section in report.sections
        for chart in section.charts
    }
    sparks = {
        tile.label: _spark(place, tile.label, tile.history)
        for tiles in report.headline.tiles.values()
        for place, tile in enumerate(tiles)
        if any(value is not None for value in tile.history)
    }
    return _environment().get_template(TEMPLATE).render(
        report=report,
        drawn=drawn,
        sparks=sparks,
        one_at_a_time=ONE_AT_A_TIME,
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        policy=POLICY.format(style=_hash(style), script=_hash(script)),
    )  # fmt: skip


def _spark(place: int, label: str, history: tuple[float | None, ...]) -> "Markup":
    from markupsafe import Markup

    known = sum(value is not None for value in history)
    words = f"{label}: {known} of the last {len(history)} periods are known; the table has them"
    return Markup(svg(spark(history), f"spark-{place}", words))  # noqa: S704 - see above


def _cell(table: Table, row: Row, column: Column) -> "str | Markup":
    """The cell's text; a figure comes first and its counts and interval stand under it."""
    from markupsafe import Markup

    value = row.get(column.name)
    if isinstance(value, Figure) and column.name not in table.doubted and value.value is not None:
        unit = unit_of(row, column)
        range_ = "" if value.low is None else interval(value.low, value.high, unit)
        parts = (
            Markup("<span>{}</span>").format(one) for one in (counts(value, unit), range_) if one
        )
        return Markup("{} {}").format(starred(value, unit), Markup("").join(parts))
    return table.cell(row, column)


def _part(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.globals.update(cell=_cell, named=named, small=SMALL, unknown=UNKNOWN)
    return environment

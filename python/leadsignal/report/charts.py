"""Pictures of tables, as Vega-Lite specifications made with Altair.

A mark's description is its key: which source and month it is of, and its words (see `drawing`).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import altair as alt

from leadsignal.report import bars, deal_charts, lead_charts
from leadsignal.report.content import Chart, Table
from leadsignal.report.theme import CONFIG, GOOD, SOFT, Spec, data

KINDS: Mapping[str, Callable[[Table], Any]] = {
    "funnel": bars.funnel,
    "sources": lead_charts.sources,
    "reasons": lead_charts.reasons,
    "fate": deal_charts.fate,
    "survival": deal_charts.survival,
    "cohorts": lead_charts.cohorts,
    "follow_up": bars.follow_up,
    "trust": bars.trust,
}
ONE_AT_A_TIME = ("funnel", "cohorts")
"""Charts that hold the marks of every source on one another: one source is seen at a time."""


def spec(chart: Chart) -> Spec:
    """The Vega-Lite specification of a chart, as plain types."""
    return _plain(KINDS[chart.kind](chart.table))


def spark(values: Sequence[float | None]) -> Spec:
    """A small line of the last values, the newest with a dot; where one is not known it breaks."""
    rows = [{"at": place, "value": value} for place, value in enumerate(values)]
    base = alt.Chart(data(rows), width=92, height=24).encode(
        x=alt.X("at:Q", axis=None, scale=alt.Scale(domain=[0, max(len(values) - 1, 1)])),
        y=alt.Y("value:Q", axis=None, scale=alt.Scale(zero=False, nice=False, padding=3)),
    )
    line = base.mark_line(stroke=SOFT, strokeWidth=1.5)
    last = data([row for row in rows[-1:] if row["value"] is not None])
    return _plain(line + base.mark_point(fill=GOOD, stroke=GOOD, size=24).properties(data=last))


def _plain(chart: Any) -> Spec:
    """Checked by Vega-Lite when it is drawn; checking it here too takes longer than drawing."""
    return {**chart.to_dict(validate=False), "config": CONFIG}

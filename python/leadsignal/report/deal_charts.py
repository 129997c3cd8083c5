"""Charts of deals over time: what becomes of them, and how long they stay in a stage."""

from typing import Any

import altair as alt

from leadsignal.report.content import Table
from leadsignal.report.theme import BAD, GOOD, OTHER, WIDTH, data, key, labels

OUTCOMES = {"won": (GOOD, [1, 0]), "lost": (BAD, [6, 3]), "open": (OTHER, [2, 2])}
MOST_STAGES = 8
"""Stages that are drawn, those with the most visits; the table has all."""
FATES = {"won": "win_rate", "lost": "loss_rate", "open": "open_rate"}


def fate(table: Table) -> Any:
    """The shares of deals won, lost and still open by their age."""
    rows = [
        {"days": row["days"], "rate": row[column], "fate": fate, "key": key(f"Deals {fate}")}
        for row in table.rows
        for fate, column in FATES.items()
    ]
    base = _lines(alt.Chart(data(rows), width=WIDTH, height=200), "fate", list(FATES))
    return base.encode(
        x=alt.X("days:Q", title="Days after opening"),
        y=alt.Y("rate:Q", title="Share of deals", axis=alt.Axis(format="%", tickCount=5),
                scale=alt.Scale(domain=[0, 1])),
    )  # fmt: skip


def survival(table: Table) -> Any:
    """Of each stage the share of visits not over, for won, lost and open deals."""
    moments = [(int(one.name.removeprefix("after_")), one.name) for one in table.columns
               if one.name.startswith("after_")]  # fmt: skip
    visits: dict[str, int] = {}
    for row in table.rows:
        visits[row["stage"]] = visits.get(row["stage"], 0) + row["visits"]
    most = sorted(visits, key=lambda stage: -visits[stage])[:MOST_STAGES]
    stages = {stage: place for place, stage in enumerate(visits) if stage in most}
    names = labels(stages)
    rows = [
        {
            "stage": names[row["stage"]],
            "cases": "few" if row["few"] else "enough",
            "place": stages[row["stage"]],
            "outcome": row["outcome"],
            "days": days,
            "rate": row[name],
            "key": key(f"{row['stage']}, {row['outcome']} deals: {row['visits']:,} visits"),
        }
        for row in table.rows
        for days, name in moments
        if row["stage"] in stages and row[name] is not None
    ]
    seen = [one for one in OUTCOMES if any(row["outcome"] == one for row in rows)]
    base = _lines(alt.Chart(data(rows), width=160, height=105), "outcome", seen, "step-after")
    return base.encode(
        size=alt.Size("cases:N", legend=None, scale=alt.Scale(
            domain=["enough", "few"], range=[2.8, 1.1])),
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

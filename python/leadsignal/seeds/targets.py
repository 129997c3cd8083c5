"""Whether a target belongs to a number: its metric, its period and its source are known."""

from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

import yaml

from leadsignal.seeds.cells import day, number
from leadsignal.seeds.reading import Fault, Rows

UNKNOWN = "unknown"
"""The source of what has none, which no row of lead_sources needs to name."""
_SHARES = ("rate", "share")


def faults(rows: Rows, project: Path, sources: Rows | None) -> Iterator[Fault]:
    """A fault for each row of the targets that is compared with nothing.

    Metrics are those of models/metrics, sources those of lead_sources; rows with cells that are
    none of their column's are left to the other checks.
    """
    if not rows.cells:
        return
    from leadsignal.scorecard import targets

    kinds = _kinds(project)
    known = {cells["source"] for cells in sources.cells.values()} if sources else set()
    for at, cells in rows.cells.items():
        starts_on, target = day(cells["period_start"]), number(cells["target"])
        if starts_on is None or target is None or not cells["metric"]:
            continue
        source = cells["source"] or targets.ALL
        row = (cells["metric"], cells["period_kind"], starts_on, source, target)
        for what in targets.wrong(row, kinds, known | {UNKNOWN}):
            yield Fault((at,), what, "Correct it, or remove the row.")
        if cells["source"] == targets.ALL:
            yield Fault((at,), "source is 'all'.", "Leave it empty for all sources together.")
        if kinds.get(cells["metric"]) in _SHARES and not 0 <= target <= 1:
            yield Fault(
                (at,), f"target is {cells['target']}: {cells['metric']} is a share.",
                "Write it from 0 to 1, such as 0.3.",
            )  # fmt: skip


def _kinds(project: Path) -> Mapping[str, Any]:
    """The kind of every metric by its name; a measure that has one is a metric as it stands."""
    kinds = {}
    for file in sorted((project / "models" / "metrics").glob("*.yml")):
        written = yaml.safe_load(file.read_text(encoding="utf-8"))
        measures = [model.get("measures") or [] for model in written.get("semantic_models") or []]
        for metric in chain(*measures, written.get("metrics") or []):
            kind = ((metric.get("config") or {}).get("meta") or {}).get("kind")
            if kind:
                kinds[metric["name"]] = kind
    return kinds

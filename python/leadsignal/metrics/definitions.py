"""What every number means, read from the semantic manifest that travels in the published file.

The definitions are the YAML of models/metrics; dbt turns it into the manifest. `config.meta` holds
what dbt has no word for: kind, cases, questions, unit, indicator, better, and an axis that is no
day.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb

from leadsignal import warehouse
from leadsignal.errors import BuildFailed, UsageError

AS_OF = "as of"
AXES = {
    "created_on": "captured",
    "created_month": "captured",
    "handed_over_on": "handed over",
    "rejected_on": "rejected",
    "opened_on": "opened",
    "closed_on": "closed",
}
"""The name of an axis by the column that has its day."""
UNITS = {"rate": "rate", "share": "rate", "count": "count", "amount": "amount"}
RATIOS = ("rate", "share", "cost", "average")
COUNTING = "sum_boolean"
"""The aggregation of a measure whose expression is a condition."""


@dataclass(frozen=True)
class Metric:
    """One number: where it is counted, by which day, and what of a row is summed.

    `kind` is count, amount, rate (of counts), share (of amounts), cost (amount per count), average
    (amount or days per count), derived (a formula over other metrics) or duration (a median time).
    """

    name: str
    label: str
    description: str
    kind: str
    table: str
    """A published table; of a derived metric, that of its first input."""
    day: str
    """The date column of its axis; empty for what is true at the publication's as_of."""
    axis: str
    """captured, handed over, rejected, opened, closed or as of."""
    numerator: str
    """SQL over one row, to be summed over the rows of a group: a count's is 1 or 0, and a sum over
    only nulls is null. Of a duration: the time that a finished case took, null for others. Of a
    derived metric: its formula over the names of its inputs."""
    denominator: str = ""
    """The same below the line; empty for what is no ratio. Of a duration: the time so far of a case
    that is still going on, null for others."""
    cases: str = ""
    """The same of what is counted in a share, whose denominator counts none; empty for others."""
    inputs: tuple[str, ...] = ()
    """The metrics that a derived one is computed from; of the others, their measures: that of the
    numerator, that of the denominator, and that of the cases."""
    questions: tuple[int, ...] = ()
    """Places in crm_trust of what the CRM must be able to answer (see `questions`)."""
    unit: str = ""
    """rate, count, amount, amount per day, hours or days."""
    indicator: str | None = None
    """leading, lagging or None."""
    better: str | None = None
    """up, down or None: which way is good."""

    @property
    def is_ratio(self) -> bool:
        """Whether it is its numerator's sum divided by its denominator's."""
        return self.kind in RATIOS


def load(con: duckdb.DuckDBPyConnection) -> dict[str, Metric]:
    """Every metric by its name, in the order of a heading: leads, opportunities, costs.

    Raises UsageError when the published set carries no definitions.
    """
    return dict(metrics_of(manifest(con)))


def manifest(con: duckdb.DuckDBPyConnection) -> str:
    """The semantic manifest of a published set, as JSON. Raises UsageError when it has none."""
    known = con.execute(
        "select count(*) from duckdb_tables() where table_name = 'semantic_manifest'"
        " and database_name = current_database() and schema_name = current_schema()"
    ).fetchall()
    rows = con.execute("select json from semantic_manifest").fetchall() if known[0][0] else []
    if not rows:
        raise UsageError(
            "The published set does not carry the definitions of the metrics.",
            "Run `leadsignal build` to publish it anew.",
        )
    return str(rows[0][0])


KEPT = "One row: the definition of every metric, for leadsignal query and MetricFlow"


def store(manifest_file: Path, marts: Path) -> None:
    """Put dbt's semantic manifest into a file that is about to be published.

    Raises BuildFailed when dbt has written none.
    """
    try:
        content = manifest_file.read_text(encoding="utf-8")
    except OSError as error:
        raise BuildFailed(
            f"dbt has left no definitions of the metrics at {manifest_file}: {error.strerror}.",
            "See that the project has its folder models/metrics, and run `leadsignal build` again.",
        ) from error
    with duckdb.connect(marts) as con:
        con.execute("create or replace table marts.semantic_manifest (json varchar not null)")
        con.execute(f"comment on table marts.semantic_manifest is '{KEPT}'")
        con.execute("comment on column marts.semantic_manifest.json is 'As dbt writes it'")
        served = pointed_at(warehouse.CATALOG, warehouse.SCHEMA, content)
        con.execute("insert into marts.semantic_manifest values (?)", [served])


def pointed_at(database: str, schema: str, manifest_json: str) -> str:
    """The semantic manifest over the tables of another schema: where dbt built is not read."""

    def moved(part: dict[str, Any]) -> dict[str, Any]:
        if "relation_name" not in part:
            return part
        relation = f'"{database}"."{schema}"."{part["alias"]}"'
        return part | {"database": database, "schema_name": schema, "relation_name": relation}

    return json.dumps(json.loads(manifest_json, object_hook=moved))


@lru_cache(maxsize=4)
def metrics_of(manifest_json: str) -> Mapping[str, Metric]:
    """The metrics of a semantic manifest; inputs without a `kind` are left out."""
    content = json.loads(manifest_json)
    measures = dict(_measures(content["semantic_models"]))
    found = {metric.name: metric for metric in measures.values() if metric.kind}
    listed = {metric["name"]: metric for metric in content["metrics"]}
    for name, metric in listed.items():
        if metric["config"]["meta"].get("kind") and metric["type"] in _MAKERS:
            found[name] = _MAKERS[metric["type"]](metric, measures, listed)
    order = ["fct_leads", "fct_opportunities"]
    places = {table: place for place, table in enumerate(order)}
    ranked = sorted(found.values(), key=lambda one: places.get(one.table, len(order)))
    return {metric.name: metric for metric in ranked}


def _measures(models: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, Metric]]:
    for model in models:
        usual = (model["defaults"] or {}).get("agg_time_dimension")
        for measure in model["measures"]:
            meta, name = measure["config"]["meta"], measure["name"]
            day = str(measure["agg_time_dimension"] or usual)
            is_count = measure["agg"] == COUNTING
            expression = f"case when {measure['expr']} then 1 else 0 end"
            yield (
                name,
                Metric(
                    name=name,
                    label=measure["label"] or name,
                    description=measure["description"] or "",
                    kind=meta.get("kind", ""),
                    table=model["node_relation"]["alias"],
                    day=day,
                    axis=AXES[day],
                    numerator=expression if is_count else measure["expr"],
                    denominator=meta.get("going_on", ""),
                    inputs=(name,),
                    **_said(meta),
                ),
            )


def _said(meta: Mapping[str, Any]) -> dict[str, Any]:
    """What `config.meta` says beside the kind."""
    return {
        "questions": tuple(meta.get("questions", ())),
        "unit": meta.get("unit", UNITS.get(meta.get("kind", ""), "")),
        "indicator": meta.get("indicator"),
        "better": meta.get("better"),
    }


def _named(metric: Mapping[str, Any], base: Metric) -> Metric:
    meta = metric["config"]["meta"]
    is_now = meta.get("axis") == AS_OF
    return replace(
        base,
        name=metric["name"],
        label=metric["label"] or metric["name"],
        description=metric["description"] or "",
        kind=meta["kind"],
        day="" if is_now else base.day,
        axis=AS_OF if is_now else base.axis,
        **_said(meta),
    )


def _simple(
    metric: Mapping[str, Any], measures: Mapping[str, Metric], _: Mapping[str, Any]
) -> Metric:
    return _named(metric, measures[metric["type_params"]["measure"]["name"]])


def _ratio(
    metric: Mapping[str, Any], measures: Mapping[str, Metric], _: Mapping[str, Any]
) -> Metric:
    parameters = metric["type_params"]
    above, below = (measures[parameters[part]["name"]] for part in ("numerator", "denominator"))
    both = replace(above, denominator=below.numerator, inputs=(above.name, below.name))
    if name := metric["config"]["meta"].get("cases"):
        both = replace(both, cases=measures[name].numerator, inputs=(*both.inputs, name))
    return _named(metric, both)


def _derived(
    metric: Mapping[str, Any], measures: Mapping[str, Metric], listed: Mapping[str, Any]
) -> Metric:
    parameters = metric["type_params"]
    inputs = tuple(one["name"] for one in parameters["metrics"])
    first = measures[listed[inputs[0]]["type_params"]["input_measures"][0]["name"]]
    return _named(metric, replace(first, numerator=parameters["expr"], inputs=inputs))


_MAKERS = {"simple": _simple, "ratio": _ratio, "derived": _derived}

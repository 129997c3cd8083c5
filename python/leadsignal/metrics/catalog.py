"""What can be asked of one published set: its metrics, its dimensions and how far to trust them."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from leadsignal.errors import UsageError
from leadsignal.honesty import grades
from leadsignal.metrics import definitions, dimensions
from leadsignal.metrics.definitions import Metric
from leadsignal.metrics.dimensions import Subject
from leadsignal.metrics.questions import SOURCE

if TYPE_CHECKING:
    import duckdb

TYPES_SQL = """
    select table_name, column_name, data_type from duckdb_columns()
    where database_name = current_database() and schema_name = current_schema()
"""


@dataclass(frozen=True)
class Catalog:
    """Read once of a published set, good until another is published."""

    manifest: str
    metrics: Mapping[str, Metric]
    subjects: Mapping[str, Subject]
    types: Mapping[tuple[str, str], str]
    """The type of each column of each table."""
    grades: Mapping[int, grades.Grade]
    min_sample: int

    def metric(self, name: str) -> Metric:
        """The metric of that name. Raises UsageError, with the names that come near."""
        if name not in self.metrics:
            raise UsageError(
                f"There is no metric '{name}'.",
                did_you_mean(name, self.metrics) or f"There are: {_listed(self.metrics)}.",
            )
        return self.metrics[name]

    def named(self, names: str | Sequence[str]) -> list[Metric]:
        """The metrics of these names, each once. Raises UsageError."""
        if not names:
            raise UsageError("No metric is named.", f"Use one or more of: {_listed(self.metrics)}.")
        wanted = [names] if isinstance(names, str) else names
        return [self.metric(name) for name in dict.fromkeys(wanted)]

    def leaves(self, metric: Metric) -> list[Metric]:
        """The metrics that are counted for it: itself, or what a derived one is made of."""
        if metric.kind != "derived":
            return [metric]
        return [leaf for name in metric.inputs for leaf in self.leaves(self.metrics[name])]

    def names(self, metrics: Iterable[Metric]) -> list[str]:
        """What all of these can be grouped by and filtered with, periods first."""
        lists = [
            [*dimensions.grains(leaf.day), *self.subjects[leaf.table].names]
            for metric in metrics
            for leaf in self.leaves(metric)
        ]
        return [name for name in lists[0] if all(name in other for other in lists)]

    def grade(self, metric: Metric, by_source: bool) -> str | None:
        """How well the CRM can answer what the metric needs; None when any CRM can."""
        asked = {question for leaf in self.leaves(metric) for question in leaf.questions}
        asked |= {*metric.questions, SOURCE} if by_source else {*metric.questions}
        worst = grades.worst(self.grades, sorted(asked))
        return worst.grade if worst else None


def read(con: "duckdb.DuckDBPyConnection") -> Catalog:
    """The catalog of the published set that `con` has open.

    Raises UsageError for a set without definitions, or without its row in `publication`.
    """
    manifest = definitions.manifest(con)
    settings = con.execute("select min_sample from publication").fetchall()
    if not settings:
        raise UsageError("The published set has no row in publication.", "Run `leadsignal build`.")
    columns = con.execute(TYPES_SQL).fetchall()
    return Catalog(
        manifest=manifest,
        metrics=definitions.metrics_of(manifest),
        subjects=dimensions.subjects(manifest),
        types={(table, column): kind for table, column, kind in columns},
        grades=grades.grades(con),
        min_sample=settings[0][0],
    )


def did_you_mean(name: str, choices: Iterable[str]) -> str:
    """A question that names what comes near; empty when nothing does."""
    near = difflib.get_close_matches(name.lower(), list(choices), n=2, cutoff=0.7)
    return f"Did you mean {' or '.join(near)}?" if near else ""


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))

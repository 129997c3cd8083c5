"""MetricFlow, and everything that knows it: the YAML's definitions and a request in, SQL out.

It is kept in this one module because its Python interface promises no stability. Only its
planning is used, in process and without dbt: the SQL is run on our own connection, with the values
of filters as parameters, so that no text of a user ever reaches it (its filters are templates).
"""

import logging
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock
from typing import Any

from metricflow.engine.metricflow_engine import MetricFlowEngine, MetricFlowQueryRequest
from metricflow.protocols.sql_client import SqlEngine
from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer
from metricflow_semantics.model.dbt_manifest_parser import (
    parse_manifest_from_dbt_generated_manifest,
)
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

REMEMBERED = 1000
"""Requests whose SQL is kept: planning one takes some 20 ms, looking it up none."""

# It says of every counted condition that dbt has copied its expression, which it then ignores.
logging.getLogger("metricflow_semantic_interfaces").setLevel(logging.ERROR)


@dataclass(frozen=True)
class Request:
    """Measures of one axis, what they are grouped by and filtered with, in MetricFlow's words."""

    measures: tuple[str, ...]
    group_by: tuple[str, ...] = ()
    """Such as `lead__source` and `metric_time__month`: also the names of the columns."""
    where: tuple[str, ...] = ()
    """SQL with templates of known dimensions, and `$name` in the place of values."""


@dataclass(frozen=True)
class Planner:
    """A warm MetricFlow engine for one set of definitions."""

    engine: MetricFlowEngine
    known: dict[Request, str] = field(default_factory=dict)
    lock: Any = field(default_factory=Lock)
    """One request at a time: MetricFlow does not say that its engine may be shared by threads."""

    def sql(self, request: Request) -> str:
        """The SQL of a request, its columns named as the request names them."""
        with self.lock:
            return self._sql(request)

    def _sql(self, request: Request) -> str:
        if request not in self.known:
            if len(self.known) >= REMEMBERED:
                self.known.clear()
            asked = MetricFlowQueryRequest.create(
                metric_names=request.measures,
                group_by_names=request.group_by,
                where_constraints=request.where,
            )
            self.known[request] = self.engine.explain(asked).sql_statement.without_descriptions.sql
        return self.known[request]


@lru_cache(maxsize=2)
def planner(manifest_json: str) -> Planner:
    """The planner of a semantic manifest: made once in a process, which takes 0.1 s."""
    manifest = parse_manifest_from_dbt_generated_manifest(manifest_json)
    lookup = SemanticManifestLookup(manifest)
    return Planner(MetricFlowEngine(semantic_manifest_lookup=lookup, sql_client=_Dialect()))


class _Dialect:
    """What MetricFlow must know of the database; it is never asked to run anything."""

    sql_engine_type = SqlEngine.DUCKDB
    sql_plan_renderer = DuckDbSqlPlanRenderer()

    def query(self, *_: Any, **__: Any) -> Any:
        raise NotImplementedError("SQL is run by leadsignal, not by MetricFlow")

    execute = dry_run = close = query

    def render_bind_parameter_key(self, bind_parameter_key: str) -> str:
        return f"${bind_parameter_key}"

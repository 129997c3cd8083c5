"""MetricFlow's PostgreSQL over the published views answers as Metrics does over the local file."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from leadsignal import Metrics, demo
from leadsignal.metrics.definitions import pointed_at
from metricflow.engine.metricflow_engine import MetricFlowEngine, MetricFlowQueryRequest
from metricflow.protocols.sql_client import SqlEngine
from metricflow.sql.render.postgres import PostgresSQLSqlPlanRenderer
from metricflow_semantics.model.dbt_manifest_parser import (
    parse_manifest_from_dbt_generated_manifest,
)
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

from .server import Server

pytestmark = pytest.mark.homes
METRICS = {
    "lead": (
        *("leads", "icp_fit_rate", "noise_rate", "sales_acceptance_rate"),
        *("follow_up_completion_rate", "vague_rejection_rate", "lead_to_opportunity_rate"),
    ),
    "opportunity": (
        *("opportunities", "opportunity_quality_rate", "win_rate", "value_win_rate"),
        "won_amount",
    ),
}
CUTS = {"": "", "source": "{}__source", "month": "metric_time__month", "channel": "{}__channel"}


class Dialect:
    """What MetricFlow must know of PostgreSQL; it is only asked for SQL."""

    sql_engine_type = SqlEngine.POSTGRES
    sql_plan_renderer = PostgresSQLSqlPlanRenderer()

    def __getattr__(self, name: str) -> Any:
        raise NotImplementedError(name)


@pytest.fixture(scope="module")
def published(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("metrics")
    demo.write(folder / "crm", 400)
    server.load(folder / "crm")
    server.leadsignal(folder / "machine", "build", "--as-of", demo.AS_OF)
    return folder / "machine" / "leadsignal.duckdb"


@pytest.fixture(scope="module")
def metrics(published: Path) -> Metrics:
    return Metrics.open(published)


@pytest.fixture(scope="module")
def engine(server: Server, metrics: Metrics) -> MetricFlowEngine:
    """MetricFlow over the definitions that are published in the database itself."""
    [(stored,)] = server.query("select json from leadsignal.semantic_manifest", "leadsignal_bi")
    native = pointed_at("leadsignal", "leadsignal", stored)
    lookup = SemanticManifestLookup(parse_manifest_from_dbt_generated_manifest(native))
    return MetricFlowEngine(semantic_manifest_lookup=lookup, sql_client=Dialect())


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize(
    ("subject", "metric"), [(one, metric) for one in METRICS for metric in METRICS[one]]
)
def test_native_answers_are_the_same(
    server: Server, metrics: Metrics, engine: MetricFlowEngine, subject: str, metric: str, cut: str
) -> None:
    asked = MetricFlowQueryRequest.create(
        metric_names=[metric], group_by_names=[CUTS[cut].format(subject)] if cut else []
    )
    sql = engine.explain(asked).sql_statement.without_descriptions.sql
    native = {_text(row[:-1]): row[-1] for row in server.query(sql, "leadsignal_bi") if row[-1]}
    rows = metrics.query(metric, by=cut or ()).to_pylist()
    local = {_text([row[cut]] if cut else []): row["value"] for row in rows if row["value"]}
    assert native.keys() == local.keys()
    assert local
    for group, value in local.items():
        assert float(native[group]) == pytest.approx(value, rel=1e-12), group


def _text(group: Any) -> str:
    return "".join(str(one)[:10] if not isinstance(one, Decimal) else str(one) for one in group)

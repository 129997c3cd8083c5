"""The published tables as Dagster assets, and the rules of the audit as their checks.

One step runs `leadsignal build`, which builds, audits and publishes as a whole; so nothing is
materialised that the audit refuses. What the tables are and where they come from is read from dbt's
manifest, what happened from the run record.

LEADSIGNAL_PROJECT is the folder of the project, LEADSIGNAL_COMMAND the command (default: that of
the project's own environment, .venv); LEADSIGNAL_RAW and the other variables reach the command.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import dagster as dg
import yaml
from dagster_dbt import build_dbt_asset_specs

PROJECT = Path(os.environ.get("LEADSIGNAL_PROJECT", Path(__file__).parents[2])).resolve()
RULES = ("rules.yml", "sums.yml")
NOT_RETRIED = (1, 2)
"""Exit status of a refused audit and of wrong settings: the same would come of it again."""
NIGHTLY = dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=26))
"""A set that is older has missed its night."""


def command() -> Path:
    """The `leadsignal` command."""
    return Path(os.environ.get("LEADSIGNAL_COMMAND", PROJECT / ".venv/bin/leadsignal"))


def manifest() -> Path:
    """dbt's manifest of the project as it is now, a few seconds when little has changed."""
    subprocess.run([PROJECT / ".venv/bin/dbt", "--quiet", "parse"], cwd=PROJECT, check=True)
    return PROJECT / "target" / "manifest.json"


SPECS = {
    spec.key.path[-1]: spec.replace_attributes(freshness_policy=NIGHTLY)
    for spec in build_dbt_asset_specs(manifest=manifest(), select="fqn:leadsignal.marts.*")
}
"""Asset by the name of its table."""


def by_key() -> dict[dg.AssetKey, dg.AssetSpec]:
    """Asset by its key."""
    return {spec.key: spec for spec in SPECS.values()}


def rules() -> dict[str, str]:
    """Table by the name of the audit's rule."""
    found = {}
    for name in RULES:
        text = (PROJECT / "python/leadsignal/audit" / name).read_text(encoding="utf-8")
        for tables in yaml.safe_load(text).values():
            for table, of_table in tables.items():
                found |= dict.fromkeys(of_table, table.rpartition(".")[2])
    return found


CHECKS = {
    rule: dg.AssetCheckSpec(rule, asset=SPECS[table].key)
    for rule, table in rules().items()
    if table in SPECS
}


@dg.multi_asset(
    name="leadsignal_build",
    specs=list(SPECS.values()),
    check_specs=list(CHECKS.values()),
    retry_policy=dg.RetryPolicy(max_retries=2, delay=300),
    op_tags={"dagster/concurrency_key": "leadsignal"},
)
def leadsignal_build(
    context: dg.AssetExecutionContext,
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Build, audit and publish all tables, or leave those that are published as they are."""
    record = run(context)
    if record["audit_result"]:
        yield from checked(record["audit_result"])
    if record["exit_status"]:
        raise dg.Failure(
            "\n".join(record["errors"]),
            metadata=told(record),
            allow_retries=record["exit_status"] not in NOT_RETRIED,
        )
    for warning in record["warnings"]:
        context.log.warning(warning)
    graph = {key: {one.asset_key for one in spec.deps} for key, spec in by_key().items()}
    for key in TopologicalSorter(graph).static_order():
        if key in by_key():
            rows = {
                "dagster/row_count": record["rows"].get(key.path[-1].removeprefix("published_"), 0)
            }
            yield dg.MaterializeResult(asset_key=key, metadata=told(record) | rows)


def run(context: dg.AssetExecutionContext) -> dict[str, Any]:
    """The record of one run of `leadsignal build`."""
    done = subprocess.run(
        [command(), "build", "--json", "--wait", "30"],
        cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    try:
        return json.loads(done.stdout)
    except ValueError:
        raise dg.Failure(
            f"{command()} ended with {done.returncode}: {done.stderr}",
            allow_retries=done.returncode not in NOT_RETRIED,
        ) from None


def checked(audit: dict[str, Any]) -> Iterator[dg.AssetCheckResult]:
    """A result for each rule of the audit; one that could not be judged passes, and says so."""
    by_id = {rule["id"]: rule for rule in audit["broken"]}
    skipped = {rule: f"Not judged. {why}" for rule, why in audit["skipped"].items()}
    for rule, spec in CHECKS.items():
        found = by_id.get(rule)
        is_critical = found is not None and found["severity"] == "critical"
        yield dg.AssetCheckResult(
            check_name=rule,
            asset_key=spec.asset_key,
            passed=found is None,
            severity=dg.AssetCheckSeverity.ERROR if is_critical else dg.AssetCheckSeverity.WARN,
            description=found["line"] if found else skipped.get(rule),
        )


def told(record: dict[str, Any]) -> dict[str, Any]:
    """What the run record says of the set as a whole."""
    names = ("build_id", "as_of", "data_through", "seconds", "audit", "story", "published")
    texts = {name: record[name] for name in names if record[name] is not None}
    return texts | {"crms": dg.JsonMetadataValue(record["crms"])}


nightly = dg.define_asset_job("nightly", selection=dg.AssetSelection.assets(leadsignal_build))

defs = dg.Definitions(
    assets=[leadsignal_build],
    jobs=[nightly],
    schedules=[dg.ScheduleDefinition(name="every_night", job=nightly, cron_schedule="0 4 * * *")],
)

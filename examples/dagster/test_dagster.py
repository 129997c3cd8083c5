"""Loads the definitions and materialises everything once; `make dagster` runs it."""

import json
import os
from pathlib import Path
from typing import Any

import dagster as dg
import leadsignal_dagster as example
import pytest

REFUSED = {
    "exit_status": 1, "errors": ["The audit refused the build."], "warnings": [], "rows": {},
    "audit_result": {
        "broken": [{"id": "lead_rates", "severity": "critical", "line": "Not so."}],
        "skipped": {"volume_as_usual": "Not enough history: 1 full months."},
    },
    "build_id": "b1", "as_of": None, "data_through": None, "seconds": 1.0, "crms": [],
    "audit": "audit.html", "story": None, "published": None,
}  # fmt: skip


def checks(result: dg.ExecuteInProcessResult) -> dict[str, Any]:
    return {one.check_name: one for one in result.get_asset_check_evaluations()}


def run_nightly() -> dg.ExecuteInProcessResult:
    with dg.DagsterInstance.ephemeral() as instance:
        job = example.defs.resolve_job_def("nightly")
        return job.execute_in_process(instance=instance, raise_on_error=False)


def test_definitions_load() -> None:
    dg.Definitions.validate_loadable(example.defs)
    assert {"fct_leads", "publication", "lead_quality_by_source"} <= example.SPECS.keys()
    assert {"lead_rates", "crms_fresh", "lead_table_adds_up"} <= example.CHECKS.keys()
    assert example.SPECS["fct_leads"].freshness_policy is not None
    [schedule] = example.defs.schedules
    assert schedule.cron_schedule == "0 4 * * *"


def test_everything_is_materialised_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADSIGNAL_RAW", str(example.PROJECT / "warehouse/demo"))
    monkeypatch.setenv("LEADSIGNAL_AS_OF", os.environ.get("DEMO_AS_OF", "2026-10-31"))
    monkeypatch.setenv("LEADSIGNAL_WAREHOUSE", str(tmp_path))
    result = run_nightly()
    assert result.success
    made = {one.asset_key.path[-1]: one for one in result.asset_materializations_for_node(
        "leadsignal_build")}  # fmt: skip
    assert made.keys() == example.SPECS.keys()
    assert made["fct_leads"].metadata["dagster/row_count"].value > 500
    assert Path(str(made["publication"].metadata["published"].value)).parent == tmp_path
    assert checks(result).keys() == example.CHECKS.keys()
    assert not [
        one
        for one in checks(result).values()
        if not one.passed and one.severity == dg.AssetCheckSeverity.ERROR
    ]


def test_what_the_audit_refuses_is_not_materialised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = tmp_path / "leadsignal"
    fake.write_text(f"#!/bin/sh\necho '{json.dumps(REFUSED)}'\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("LEADSIGNAL_COMMAND", str(fake))
    result = run_nightly()
    assert not result.success
    assert not result.asset_materializations_for_node("leadsignal_build")
    broken = [name for name, one in checks(result).items() if not one.passed]
    assert broken == ["lead_rates"]
    told = checks(result)["volume_as_usual"].description
    assert told == "Not judged. Not enough history: 1 full months."

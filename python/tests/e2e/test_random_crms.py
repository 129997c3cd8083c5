"""Models and oracle agree, cell by cell, on hundreds of random CRMs with everything gone wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Build
from oracle import run_folder

from .batches import Batch, draw_crms, write_batch
from .compare import assert_same
from .definitions import changed_project

BATCHES = [
    Batch("everything", "2026-07-20", examples=70),
    Batch(
        "api_names_in_new_york",
        "2026-06-15",
        reporting_timezone="America/New_York",
        camel_case=True,
    ),
    Batch(
        "no_histories_and_a_round_as_of",
        "2026-07-28 09:00:00",
        missing=("lead_history", "opportunity_history", "opportunity_field_history"),
    ),
    Batch(
        "a_snapshot_export_in_kolkata",
        "2026-07-01 09:00:00",
        reporting_timezone="Asia/Kolkata",
        missing=(
            *("account", "contact", "opportunity_contact_role", "campaign", "campaign_member"),
            *("event", "opportunity_stage", "currency_type", "dated_conversion_rate", "user"),
            *("group", "opportunity_history", "lead_history", "lead.created_date"),
        ),
    ),
    Batch(
        "columns_missing",
        "2026-08-01",
        missing=(
            *("lead.last_modified_date", "lead.converted_date", "lead.email", "lead.is_deleted"),
            *("task.is_closed", "task.completed_date_time", "event.start_date_time"),
            *("opportunity.is_closed", "opportunity.is_won", "opportunity.currency_iso_code"),
            *("campaign.type", "campaign_member.has_responded"),
            *("opportunity_contact_role.role", "account.id", "user.id"),
        ),
    ),
    Batch(
        "two_crms_other_thresholds_in_sydney",
        "2026-07-28 09:00:00",
        reporting_timezone="Australia/Sydney",
        crms=("sf_north", "sf_south"),
        variables={
            **{"reporting_currency": "EUR", "leak_days": 7, "max_timeframe_months": 3},
            **{"min_dimensions_passed": 2, "min_attempts": 1, "follow_up_sla_hours": 48},
            **{"conversion_horizon_days": 30, "strong_pipeline_min_criteria": 3},
            **{"active_days": 30, "account_link_days": 30, "min_sample": 2},
            **{"max_pairs_of_a_company": 3},
        },
    ),
]
CHANGED = Batch(
    "changed_definitions_in_new_york",
    "2026-07-28",
    reporting_timezone="America/New_York",
    missing=("opportunity_stage",),
)


@pytest.mark.parametrize(
    ("number", "batch"),
    [
        pytest.param(
            number,
            batch,
            id=batch.name,
            marks=[pytest.mark.slow] if batch.name != "everything" else [],
        )
        for number, batch in enumerate(BATCHES)
    ],
)
def test_models_and_oracle_agree(number: int, batch: Batch, build: Build, tmp_path: Path) -> None:
    drawn = draw_crms(number, batch.examples)
    assert len(drawn) == batch.examples
    raw = tmp_path / "raw"
    write_batch(raw, drawn, batch)
    marts = build(raw, batch.as_of, batch.dbt_variables)
    assert_same(marts, run_folder(raw, batch.settings))


@pytest.mark.slow
def test_each_row_is_judged_by_the_definitions_of_its_day(build: Build, tmp_path: Path) -> None:
    project = changed_project(tmp_path / "project", seed=len(BATCHES))
    raw = tmp_path / "raw"
    write_batch(raw, draw_crms(len(BATCHES), CHANGED.examples), CHANGED)
    marts = build(raw, CHANGED.as_of, CHANGED.dbt_variables, project)
    expected = run_folder(raw, CHANGED.settings, project / "seeds" / "definition")
    assert len({lead["definition_version"] for lead in expected["fct_leads"]}) > 10
    assert_same(marts, expected)


def test_there_are_at_least_three_hundred_crms() -> None:
    assert sum(batch.examples for batch in BATCHES) >= 300

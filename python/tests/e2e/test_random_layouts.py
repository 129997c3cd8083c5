"""Models and oracle agree on random CRMs of HubSpot, of no layout, and of several at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Build
from oracle import run_folder

from .both_crms import both_crms, generic_and_hubspot, three_crms
from .compare import assert_same
from .hubspot_crms import hubspot_crms
from .hubspot_loaders import airbyte
from .layout_batches import LayoutBatch, draw, write_batch

LISTED = [
    LayoutBatch(
        "hubspot_with_everything",
        "2026-07-20",
        hubspot_crms().map(lambda crm: {"hubspot": crm}),
        examples=50,
    ),
    LayoutBatch(
        "hubspot_by_airbyte_beside_a_generic_crm_in_kolkata",
        "2026-07-28 09:00:00",
        generic_and_hubspot(),
        reporting_timezone="Asia/Kolkata",
        rewrites={"hubspot": airbyte},
    ),
    LayoutBatch(
        "salesforce_and_hubspot_without_histories_in_new_york",
        "2026-07-28 09:00:00",
        both_crms(),
        reporting_timezone="America/New_York",
        missing=(
            *("contact_property_history", "deal_stage", "deal_pipeline_stage", "engagement"),
            *("contact_merge_audit", "lead_contact", "contact.property_lead_source"),
        ),
    ),
    LayoutBatch(
        "two_orgs_and_a_portal_in_sydney",
        "2026-07-28",
        three_crms(),
        examples=30,
        reporting_timezone="Australia/Sydney",
        variables={"merge_plus_addresses": True, "reporting_currency": "EUR"},
    ),
]
# Numbers beyond those of the Salesforce batches: each batch draws CRMs of its own.
pytestmark = pytest.mark.slow
BATCHES = dict(enumerate(LISTED, start=100))


@pytest.mark.parametrize(
    ("number", "batch"),
    [pytest.param(number, batch, id=batch.name) for number, batch in BATCHES.items()],
)
def test_models_and_oracle_agree(
    number: int, batch: LayoutBatch, build: Build, tmp_path: Path
) -> None:
    raw = tmp_path / "raw"
    write_batch(raw, draw(number, batch), batch)
    marts = build(raw, batch.as_of, batch.dbt_variables)
    assert_same(marts, run_folder(raw, batch.settings))

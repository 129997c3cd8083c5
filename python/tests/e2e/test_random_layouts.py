"""Models and oracle agree on random CRMs of HubSpot, of no layout, and of several at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Build
from oracle import run_folder

from .both_crms import both_crms, three_crms
from .compare import assert_same
from .generic_crms import generic_crms
from .hubspot_crms import hubspot_crms
from .hubspot_loaders import airbyte
from .layout_batches import LayoutBatch, draw, write_batch

HUBSPOT = hubspot_crms().map(lambda crm: {"hubspot": crm})
GENERIC = generic_crms().map(lambda crm: {"generic": crm})
LISTED = [
    LayoutBatch("hubspot_with_everything", "2026-07-20", HUBSPOT),
    LayoutBatch(
        "hubspot_without_histories_in_new_york",
        "2026-07-28 09:00:00",
        HUBSPOT,
        reporting_timezone="America/New_York",
        missing=(
            *("contact_property_history", "deal_stage", "deal_pipeline_stage", "engagement"),
            *("contact_merge_audit", "lead_contact", "contact.property_lead_source"),
        ),
    ),
    LayoutBatch(
        "hubspot_by_airbyte_in_sydney",
        "2026-07-28 09:00:00",
        HUBSPOT,
        reporting_timezone="Australia/Sydney",
        rewrites={"hubspot": airbyte},
    ),
    LayoutBatch("generic", "2026-07-28 09:00:00", GENERIC, reporting_timezone="Asia/Kolkata"),
    LayoutBatch("salesforce_and_hubspot", "2026-07-20", both_crms()),
    LayoutBatch(
        "two_orgs_and_a_portal_in_new_york",
        "2026-07-28",
        three_crms(),
        examples=25,
        reporting_timezone="America/New_York",
        variables={"merge_plus_addresses": True, "reporting_currency": "EUR"},
    ),
]
# Numbers beyond those of the Salesforce batches: each batch draws CRMs of its own.
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

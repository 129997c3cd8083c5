"""Values and tables that make no sense: shown, counted or set aside, never the end of a build."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from builds import read_table
from conftest import Build
from staging_builds import build_staging

from .test_thin_crms import raw_folder

pytestmark = pytest.mark.slow

AS_OF = "2026-06-30"
TABLES = {
    "lead": (
        "id,created_date,status,number_of_employees,timeframe_c,lead_score_c\n"
        "00Q1,2026-06-01 10:00:00,New,1e308,99999999999999999999,1e308\n"
        "00Q2,2026-06-01 10:00:00,New,inf,nan,nan\n"
        "00Q3,2026-06-01 10:00:00,New,-1,,-1e-9\n"
    ),
    "account": "name,industry\nNo key here,Software\n",
    "opportunity": "name,stage_name,created_date\nNo key here,Discovery,2026-06-01\n",
    "campaign": "id,name,type\n701,Request a demo,Webinar\n",
    "campaign_member": (
        "campaign_id,lead_id,has_responded,created_date\n"
        "701,00Q1,true,2026-06-02 10:00:00\n"
        "701,00Q1,true,2026-06-02 10:00:00\n"
    ),
    "opportunity_stage": "master_label,sort_order\nDiscovery,99999999999\n",
    "user": "id,is_active\n0051,true\n",
    "group": "id,name,type\n0051,Both a user and a queue,Queue\n",
}


def test_awkward_values_stop_no_build(build: Build, tmp_path: Path) -> None:
    marts = build(raw_folder(tmp_path, TABLES), AS_OF)
    leads = {row["lead_id"]: row for row in read_table(marts, "fct_leads")}
    assert leads["salesforce:00Q1"]["timing_verdict"] == "fail"
    assert leads["salesforce:00Q2"]["timing_verdict"] == "unknown"
    bands = {key: (row["score_band"], row["company_size"]) for key, row in leads.items()}
    assert bands == {
        "salesforce:00Q1": ("100+", "5000+"),
        "salesforce:00Q2": (None, None),
        "salesforce:00Q3": ("below 0", None),
    }
    responses = read_table(marts, "fct_responses")
    assert {row["response_number"] for row in responses} == {1, 2}
    assert len({row["response_id"] for row in responses}) == 2
    set_aside = {(row["raw_table"], row["reason"]) for row in read_table(marts, "quarantined_rows")}
    assert set_aside == {("account", "no id"), ("opportunity", "no id")}
    assert [row["owner_type"] for row in read_table(marts, "dim_owners")] == ["user"]


def test_dates_before_all_definitions_are_kept(build: Build, tmp_path: Path) -> None:
    lead = "id,created_date,status\n00Q1,0002-01-01,New\n00Q2,1970-01-01,New\n"
    leads = read_table(build(raw_folder(tmp_path, {"lead": lead}), AS_OF), "fct_leads")
    assert {row["created_at"].year for row in leads} == {2, 1970}
    assert {row["definition_version"] for row in leads} == {"2000-01-01"}


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"crms": {"salesforce": "salesforse"}}, "the layout `salesforse`. Known: "),
        ({"salesforce_fields": {"reason": "Why__c"}}, "names `reason`, which no table has"),
    ],
)
def test_settings_that_would_read_nothing_stop_the_build(
    tmp_path: Path, variables: dict[str, Any], said: str
) -> None:
    raw = raw_folder(tmp_path, {"lead": "id,created_date,status\n00Q1,2026-06-01,New\n"})
    failed = build_staging(tmp_path, raw, "staging.salesforce", AS_OF, variables)
    assert failed.returncode != 0
    assert said in failed.stdout

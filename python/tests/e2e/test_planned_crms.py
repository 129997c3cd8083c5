"""One plan in every layout gives the same marts, the ids aside."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Build
from filelock import FileLock
from oracle import Settings, run_folder

from .compare import assert_same
from .plan import AS_OF, ZONE, Plan
from .plan_compare import (
    FACTS,
    OWN_WITHOUT_ACTIVITIES,
    SCORECARDS,
    Writer,
    mart,
    plan_differences,
    write_plans,
)
from .plan_drawing import draw_plans
from .plan_generic import Generic
from .plan_hubspot import HubSpot, HubSpotAirbyte, HubSpotDlt
from .plan_salesforce import Salesforce, SalesforceApi

Planned = Callable[[Writer, list[Plan]], Path]
PLANS = draw_plans(number=0, examples=60)
THIN = [plan for plan in PLANS if plan.is_thin]
LAYOUTS = [SalesforceApi(), HubSpot(), HubSpotAirbyte(), Generic()]


@pytest.fixture(scope="session")
def planned(build: Build, tmp_path_factory: pytest.TempPathFactory) -> Planned:
    """`planned(writer, plans)` builds the plans in a layout, once for all processes.

    The marts are what the oracle reads from the same files, by whatever names the loader gave.
    """
    together = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        together = together.parent

    def run(writer: Writer, plans: list[Plan]) -> Path:
        raw = together / f"planned_{type(writer).__name__}"
        with FileLock(raw.with_suffix(".lock")):
            if not raw.exists():
                write_plans(raw, writer, plans)
        as_of = f"{AS_OF:%Y-%m-%d %H:%M:%S}"
        marts = build(raw, as_of, {"reporting_timezone": ZONE})
        assert_same(marts, run_folder(raw, Settings(as_of, ZONE)))
        return marts

    return run


def assert_none(found: list[str]) -> None:
    shown = "\n".join(found[:25])
    assert not found, f"{len(found)} differences, such as\n{shown}"


@pytest.mark.parametrize("writer", [pytest.param(one, id=type(one).__name__) for one in LAYOUTS])
def test_a_plan_is_the_same_in_salesforce_and(writer: Writer, planned: Planned) -> None:
    left = planned(writer, PLANS), writer, PLANS
    reference = Salesforce()
    right = planned(reference, PLANS), reference, PLANS
    assert_none(plan_differences([*FACTS, *SCORECARDS], left, right))


def test_a_plan_without_activities_is_the_same_in_dlt(planned: Planned) -> None:
    """Only rows of single leads and deals: the other plans are in the scorecards."""
    writer, reference = HubSpotDlt(), Salesforce()
    left = planned(writer, THIN), writer, THIN
    right = planned(reference, PLANS), reference, THIN
    assert_none(plan_differences(FACTS, left, right, besides=OWN_WITHOUT_ACTIVITIES))


def test_plans_tell_of_all_that_can_happen(planned: Planned) -> None:
    """What the layouts agree on is more than empty columns."""
    reference = Salesforce()
    built = planned(reference, PLANS), reference, PLANS
    leads, deals = mart("fct_leads", built), mart("fct_opportunities", built)
    decisions = {"accepted", "rejected", "disqualified", None}
    assert {lead["sales_decision"] for lead in leads} == decisions
    assert {lead["outcome"] for lead in leads} == {"won", "lost", "open", None}
    assert len({lead["lead_state"] for lead in leads}) >= 12
    assert {deal["link_tier"] for deal in deals} == {1, 3, None}
    assert len(THIN) >= 10

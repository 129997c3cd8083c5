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
    OWN_OF_A_SHARE,
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

pytestmark = pytest.mark.slow

Share = tuple[Writer, list[Plan]]
Planned = Callable[[str, list[Share]], Path]
NOW = f"{AS_OF:%Y-%m-%d %H:%M:%S}"
PLANS = draw_plans(number=0, examples=60)
THIN = [plan for plan in PLANS if plan.is_thin]
EVEN, ODD = ([plan for plan in PLANS if not plan.is_thin and plan.space % 2 == n] for n in (0, 1))
# One folder of three CRMs, each with plans of its own: what other loaders make of the layouts.
LOADERS: list[Share] = [(SalesforceApi(), EVEN), (HubSpotAirbyte(), ODD), (HubSpotDlt(), THIN)]


@pytest.fixture(scope="session")
def planned(build: Build, tmp_path_factory: pytest.TempPathFactory) -> Planned:
    """`planned(name, shares)` builds one folder of CRMs, once for all processes.

    The marts are what the oracle reads from the same files, by whatever names the loader gave.
    """
    together = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        together = together.parent

    def run(name: str, shares: list[Share]) -> Path:
        raw = together / f"planned_{name}"
        with FileLock(raw.with_suffix(".lock")):
            if not raw.exists():
                for writer, plans in shares:
                    write_plans(raw, writer, plans)
        marts = build(raw, NOW, {"reporting_timezone": ZONE}, tests=False)
        assert_same(marts, run_folder(raw, Settings(NOW, ZONE)))
        return marts

    return run


def assert_as_in_salesforce(
    planned: Planned, marts: Path, share: Share, tables: list[str], besides: set[str]
) -> None:
    """What one CRM has in the marts is what the Salesforce of all plans has of its plans."""
    reference, (writer, plans) = Salesforce(), share
    right = planned("salesforce", [(reference, PLANS)]), reference, plans
    found = plan_differences(tables, (marts, writer, plans), right, besides)
    shown = "\n".join(found[:25])
    assert not found, f"{len(found)} differences, such as\n{shown}"


@pytest.mark.parametrize("writer", [HubSpot(), Generic()], ids=lambda writer: str(writer.crm))
def test_a_plan_is_the_same_as_in_salesforce(writer: Writer, planned: Planned) -> None:
    """All marts: every lead and deal, and every sum."""
    share = (writer, PLANS)
    marts = planned(writer.crm, [share])
    assert_as_in_salesforce(planned, marts, share, [*FACTS, *SCORECARDS], set())


@pytest.mark.parametrize("share", LOADERS, ids=lambda share: type(share[0]).__name__)
def test_a_plan_is_the_same_by_any_loader(share: Share, planned: Planned) -> None:
    """Leads and deals; the sums are of the three CRMs together."""
    marts = planned("loaders", LOADERS)
    assert_as_in_salesforce(planned, marts, share, FACTS, OWN_OF_A_SHARE)


def test_plans_tell_of_all_that_can_happen(planned: Planned) -> None:
    """What the layouts agree on is more than empty columns."""
    reference = Salesforce()
    built = planned("salesforce", [(reference, PLANS)]), reference, PLANS
    leads, deals = mart("fct_leads", built), mart("fct_opportunities", built)
    decisions = {"accepted", "rejected", "disqualified", None}
    assert {lead["sales_decision"] for lead in leads} == decisions
    assert {lead["outcome"] for lead in leads} == {"won", "lost", "open", None}
    assert len({lead["lead_state"] for lead in leads}) >= 12
    assert {deal["link_tier"] for deal in deals} == {1, 3, None}
    assert len(THIN) >= 10

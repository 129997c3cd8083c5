"""A Salesforce org with scores and shared campaigns, over the one that plans are written as."""

from __future__ import annotations

from collections.abc import Mapping

from e2e.plan import Person, Plan
from e2e.plan_salesforce import Salesforce, written
from e2e.raw_tables import RawCrm, RawRow

from .cohorts import Cohort
from .leads import Lead


class GoldenSalesforce(Salesforce):
    """Writes one plan per cohort, in the order of their name spaces."""

    def __init__(self, cohorts: list[Cohort], leads: Mapping[int, list[Lead]]) -> None:
        self.cohorts = cohorts
        self.scores = {
            (space, lead.number): lead.score for space, own in leads.items() for lead in own
        }

    def tables(self, plans: list[Plan]) -> RawCrm:
        crm = super().tables(plans)
        campaigns = [self._campaign(space, one) for space, one in enumerate(self.cohorts)]
        return crm | {"campaign": [row for row in campaigns if row["name"]]}

    def _campaign(self, space: int, cohort: Cohort) -> RawRow:
        cost = "" if cohort.cost is None else f"{cohort.cost:.2f}"
        return {
            "id": f"701{space:03d}",
            "name": cohort.campaign or "",
            "type": cohort.raw_source or "",
            "start_date": f"{cohort.month:%Y-%m-%d}",
            "actual_cost": cost,
        }

    def _lead(self, plan: Plan, person: Person) -> RawRow:
        score = self.scores[plan.space, person.number]
        return super()._lead(plan, person) | {"lead_score_c": "" if score is None else str(score)}

    def _add_response(self, crm: RawCrm, plan: Plan, person: Person) -> None:
        """To the one campaign of the cohort."""
        member = {
            "id": f"00v{plan.space:03d}{person.number:03d}",
            "campaign_id": f"701{plan.space:03d}",
            "lead_id": self.lead(plan, person.number),
            "has_responded": "true",
            "created_date": written(person.created_at),
        }
        crm.setdefault("campaign_member", []).append(member)

"""What is known of the CRMs together, before the tables are written."""

from __future__ import annotations

from dataclasses import dataclass

from .activities import Activity
from .attribution import Campaigns, Response
from .deals import Deal
from .lifecycle import Life
from .links import Links
from .people import People, Person
from .records import Company, CrmRecords


@dataclass
class Story:
    """Everything that is known of the CRMs."""

    crms: list[CrmRecords]
    people: People
    deals: list[Deal]
    links: Links
    activities: list[Activity]
    own_activities: dict[str, list[Activity]]
    responses: dict[str, list[Response]]
    campaigns: Campaigns
    lives: dict[str, Life]
    source_of: dict[str, str]

    def first_response(self, person: Person) -> Response | None:
        return next(iter(self.responses.get(person.id, [])), None)

    @property
    def companies(self) -> dict[str, Company]:
        """Companies of every CRM by their keys."""
        return {key: company for crm in self.crms for key, company in crm.companies.items()}

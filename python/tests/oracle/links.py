"""Which lead did a deal come from, and how sure is that?"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

from .deals import Deal
from .people import People, Person, conversion_counts
from .records import CrmRecords, DealContact
from .settings import Settings


@dataclass
class Links:
    """Deals and leads, both ways. `lead_of` has the one lead of a deal with the tier it took."""

    lead_of: dict[str, tuple[Person, int]] = field(default_factory=dict)
    deals_of: dict[str, list[Deal]] = field(default_factory=lambda: defaultdict(list))
    contacts_of: dict[str, list[DealContact]] = field(default_factory=lambda: defaultdict(list))


def find_links(
    crms: list[CrmRecords], deals: list[Deal], people: People, settings: Settings
) -> Links:
    """Link every deal by the lowest tier that finds a lead: record, contact role, account."""
    links = Links()
    for crm in crms:
        for contact in crm.deal_contacts:
            links.contacts_of[contact.deal_id].append(contact)
    for deal in deals:
        contacts = links.contacts_of[deal.id]
        for tier, leads in enumerate(
            (
                _by_conversion(deal, contacts, people, settings),
                _by_role(contacts, people)[:1],
                _by_account(deal, people, settings)[:1],
            ),
            start=1,
        ):
            if leads:
                links.lead_of[deal.id] = (leads[0], tier)
                for person in leads:
                    links.deals_of[person.id].append(deal)
                break
    for linked in links.deals_of.values():
        linked.sort(
            key=lambda deal: (deal.created_at is None, deal.created_at or settings.as_of, deal.id)
        )
    return links


def _earliest(persons: list[Person]) -> list[Person]:
    return sorted(persons, key=lambda person: person.earliest_first)


def _by_conversion(
    deal: Deal, contacts: list[DealContact], people: People, settings: Settings
) -> list[Person]:
    """The leads that were converted into the deal, and those that are its contacts themselves."""
    own = {contact.contact_id for contact in contacts if contact.is_lead}
    return _earliest(
        [
            person
            for person in people.persons
            if any(
                record.id in own
                or (
                    record.converted_opportunity_id == deal.id
                    and conversion_counts(record, settings)
                )
                for record in person.records
            )
        ]
    )


def _by_role(contacts: list[DealContact], people: People) -> list[Person]:
    ids = {contact.contact_id for contact in contacts}
    return _earliest([person for person in people.persons if person.contacts & ids])


def _by_account(deal: Deal, people: People, settings: Settings) -> list[Person]:
    account, created = deal.record.company_id, deal.created_at
    if account is None or created is None:
        return []
    window = timedelta(days=settings.account_link_days)
    return _earliest(
        [
            person
            for person in people.persons
            if person.company_id == account
            and person.captured_at is not None
            and created - window <= person.captured_at <= created
        ]
    )

"""Who is this? Records of one person, the one that stands for them, and what points at them."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from .records import CrmRecords, LeadRecord
from .settings import Settings
from .values import key


@dataclass
class Person:
    """One lead: a person with all records of theirs.

    `contacts` are the contacts they became by as_of, `company_id` the company of the survivor,
    `captured_at` the earliest creation of their records (None in a snapshot export).
    """

    survivor: LeadRecord
    records: list[LeadRecord]
    captured_at: datetime | None
    day: date  # decides which definitions judge them
    contacts: set[str] = field(default_factory=set)
    company_id: str | None = None

    @property
    def id(self) -> str:
        return self.survivor.id

    @property
    def crm(self) -> str:
        return self.survivor.crm

    @property
    def earliest_first(self) -> tuple[datetime, str]:
        """Order of leads where only one can be meant."""
        return (self.captured_at or datetime.max, self.id)


@dataclass
class People:
    """All persons, and whose a record or a contact is."""

    persons: list[Person]
    by_record: dict[str, Person]
    by_contact: dict[str, Person]

    def of(self, record_or_contact: str | None) -> Person | None:
        """The person that an id of a lead record or of a converted contact stands for."""
        if record_or_contact is None:
            return None
        return self.by_record.get(record_or_contact) or self.by_contact.get(record_or_contact)


def find_people(crms: list[CrmRecords], settings: Settings) -> People:
    """Group the records that count into persons; marks the others as merged (rule 9)."""
    groups: dict[str, list[LeadRecord]] = defaultdict(list)
    for crm in crms:
        for record in crm.leads:
            groups[address(record.email, settings) or record.id].append(record)
    found = [_person(records, settings) for records in groups.values()]
    persons = [person for person in found if _is_retained(person, settings)]
    by_record = {record.id: person for person in persons for record in person.records}
    for crm in crms:
        for gone, into in crm.lead_merges.items():
            if into in by_record:
                by_record[gone] = by_record[into]
    by_contact: dict[str, Person] = {}
    for person in sorted(persons, key=lambda one: one.earliest_first):
        for record in person.records:
            if record.contact_id:
                by_contact.setdefault(record.contact_id, person)
    return People(persons, by_record, by_contact)


def _is_retained(person: Person, settings: Settings) -> bool:
    """Captured not too long ago; else it is said of the rows of all its records."""
    if person.captured_at is None or person.day >= settings.first_kept_day:
        return True
    for record in person.records:
        record.row["row_status"], record.row["row_reason"] = "excluded", "past_retention"
    return False


def address(email: str | None, settings: Settings) -> str | None:
    """How e-mails are compared; None for what is no e-mail."""
    plain = key(email)
    if settings.merge_plus_addresses:
        plain = re.sub(r"\+[^@]*@", "@", plain, count=1)
    return plain if "@" in plain else None


def has_converted(record: LeadRecord, settings: Settings) -> bool:
    """The record says it was converted, and not after as_of."""
    return record.is_converted and conversion_counts(record, settings)


def conversion_counts(record: LeadRecord, settings: Settings) -> bool:
    """A conversion dated later than as_of is no conversion, nor are its ids."""
    moment = record.conversion_row_at or record.converted_at
    return moment is None or moment <= settings.as_of


def _is_told(record: LeadRecord, settings: Settings) -> bool:
    """The record says which contact and company it is: by a conversion, or because it is one."""
    return record.contact_id == record.id or conversion_counts(record, settings)


def _person(records: list[LeadRecord], settings: Settings) -> Person:
    """Survivor: Salesforce first, then a converted record, the oldest, the smallest id."""

    def preference(record: LeadRecord) -> tuple[bool, bool, datetime, str]:
        created = record.created_at or datetime.max
        is_foreign = record.layout != "salesforce"
        return (is_foreign, not has_converted(record, settings), created, record.id)

    survivor, *others = sorted(records, key=preference)
    for record in others:
        record.row["row_status"] = "merged"
        record.row["row_reason"] = f"same e-mail as {survivor.id}"
    created = [record.created_at for record in records if record.created_at]
    captured_at = min(created, default=None)
    person = Person(survivor, records, captured_at, settings.day(captured_at or settings.as_of))
    for record in records:
        if record.contact_id and _is_told(record, settings):
            person.contacts.add(record.contact_id)
    if _is_told(survivor, settings):
        person.company_id = survivor.company_id
    return person

"""Who is this? Records of one person, the one that stands for them, and what points at them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from .accounting import used
from .raw import Crm, Row
from .settings import Settings
from .values import key


@dataclass
class Person:
    """One lead: a person with all records of theirs.

    `contacts` are the contacts they became by as_of, `company_id` the account they were converted
    into, `captured_at` the earliest creation of their records (None in a snapshot export).
    """

    survivor: Row
    records: list[Row]
    captured_at: datetime | None
    day: date  # decides which definitions judge them
    contacts: set[str] = field(default_factory=set)
    company_id: str | None = None

    @property
    def id(self) -> str:
        return str(self.survivor["id"])

    @property
    def crm(self) -> str:
        return str(self.survivor["crm"])

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


def find_people(crms: list[Crm], settings: Settings) -> People:
    """Group the records that count into persons; marks the others as merged (rule 9)."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for crm in crms:
        for row in used(crm, "lead"):
            email = key(row["email"])
            groups[email if "@" in email else row["id"]].append(row)
    persons = [_person(records, settings) for records in groups.values()]
    by_record = {row["id"]: person for person in persons for row in person.records}
    for crm in crms:
        _follow_merges(crm, by_record)
    by_contact: dict[str, Person] = {}
    for person in sorted(persons, key=lambda one: one.earliest_first):
        for row in person.records:
            if row["converted_contact_id"]:
                by_contact.setdefault(row["converted_contact_id"], person)
    return People(persons, by_record, by_contact)


def has_converted(record: Row, settings: Settings) -> bool:
    """The record says it was converted, and not after as_of."""
    return bool(record["is_converted"]) and conversion_counts(record, settings)


def conversion_counts(record: Row, settings: Settings) -> bool:
    """A conversion dated later than as_of is no conversion, nor are its ids."""
    return record["converted_date"] is None or record["converted_date"] <= settings.as_of


def conversion_time(record: Row, settings: Settings) -> datetime | None:
    """converted_date, but not before the record's creation; None when it does not count."""
    converted: datetime | None = record["converted_date"]
    if converted is None or not conversion_counts(record, settings):
        return None
    return max(converted, record["created_date"] or datetime.min)


def _person(records: list[Row], settings: Settings) -> Person:
    """Survivor: a converted record first, then the oldest creation, then the smallest id."""

    def preference(row: Row) -> tuple[bool, datetime, str]:
        created = row["created_date"] or datetime.max
        return (not has_converted(row, settings), created, row["id"])

    survivor, *others = sorted(records, key=preference)
    for row in others:
        row["row_status"], row["row_reason"] = "merged", f"same e-mail as {survivor['id']}"
    created = [row["created_date"] for row in records if row["created_date"]]
    captured_at = min(created, default=None)
    person = Person(survivor, records, captured_at, settings.day(captured_at or settings.as_of))
    for row in records:
        if row["converted_contact_id"] and conversion_counts(row, settings):
            person.contacts.add(row["converted_contact_id"])
    if conversion_counts(survivor, settings):
        person.company_id = survivor["converted_account_id"]
    return person


def _follow_merges(crm: Crm, by_record: dict[str, Person]) -> None:
    """A merged-away record is the person's at the end of its chain, or nobody's."""
    counting = {
        row["id"]: row
        for row in crm.rows["lead"]
        if row["row_reason"] not in ("older_version", "duplicate_copy", "no id")
    }
    for start, row in counting.items():
        if row["master_record_id"]:
            seen: set[str] = set()
            place = start
            while place in counting and counting[place]["master_record_id"] and place not in seen:
                seen.add(place)
                place = counting[place]["master_record_id"]
            person = by_record.get(place)
            if person and place not in seen:
                by_record[start] = person

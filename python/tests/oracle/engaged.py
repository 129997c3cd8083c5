"""Who of a deal's company was engaged lately, and is not tied to the deal."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from typing import Any

from .settings import Settings
from .story import Story
from .touches import response_kind

Row = dict[str, Any]
Moments = dict[tuple[str, str], datetime]  # (kind, id) of a touch -> when it was
ENGAGING = ("call", "email", "meeting", "event", "material")


def engaged_untied_contacts(
    story: Story, touches: list[Row], deals: list[Row], settings: Settings
) -> list[Row]:
    """One row per open deal and engaged person of its company; from the rows of both facts."""
    engaged = _engaged_leads(touches, settings) | _engaged_contacts(story, settings)
    leads = {person.id for person in story.people.persons}
    members = {company: ids & engaged.keys() for company, ids in _members(story).items()}
    open_deals = Counter(one["company_id"] for one in deals if one["outcome"] == "open")
    rows = []
    for deal in deals:
        persons = members.get(deal["company_id"], set())
        is_crowded = open_deals[deal["company_id"]] * len(persons) > settings.max_pairs_of_a_company
        if deal["outcome"] == "open" and not is_crowded:
            untied = persons - _tied(deal["opportunity_id"], story)
            rows += [
                {
                    "opportunity_id": deal["opportunity_id"],
                    "company_id": deal["company_id"],
                    "person_id": person,
                    "lead_id": person if person in leads else None,
                    "touches": len(engaged[person]),
                    "last_touched_at": max(engaged[person].values()),
                    "source": deal["source"],
                }
                for person in untied
            ]
    return rows


def _is_lately(moment: datetime | None, settings: Settings) -> bool:
    window = timedelta(days=settings.account_link_days)
    return moment is not None and settings.as_of - window <= moment <= settings.as_of


def _engaged_leads(touches: list[Row], settings: Settings) -> dict[str, Moments]:
    found: dict[str, Moments] = defaultdict(dict)
    for row in touches:
        is_engaging = row["kind"] in ENGAGING and _is_lately(row["touched_at"], settings)
        if row["lead_id"] and is_engaging:
            found[row["lead_id"]][row["kind"], row["touch_id"]] = row["touched_at"]
    return dict(found)


def _engaged_contacts(story: Story, settings: Settings) -> dict[str, Moments]:
    """Contacts that are no lead's: their activities, and their responses to campaigns."""
    found: dict[str, Moments] = defaultdict(dict)
    for act in story.activities:
        if act.kind in ENGAGING and act.shows_life and act.done_at:
            for contact in act.who:
                if _is_lately(act.done_at, settings) and not story.people.of(contact):
                    found[contact][act.kind, act.id] = act.done_at
    for crm in story.crms:
        for record in crm.responses:
            whose = [one for one in (record.lead_id, record.contact_id) if one]
            at = record.responded_at
            if at and _is_lately(at, settings) and not any(map(story.people.of, whose)):
                campaign = story.campaigns.find(record.campaign_id)
                kind = response_kind(campaign, story.campaigns, settings)
                for contact in whose:
                    found[contact][kind, record.id] = at
    return dict(found)


def _members(story: Story) -> dict[str, set[str]]:
    """Company -> its persons: leads by their company, contacts by theirs, who may be leads'."""
    found: dict[str, set[str]] = defaultdict(set)
    for person in story.people.persons:
        if person.company_id:
            found[person.company_id].add(person.id)
    for crm in story.crms:
        for contact, company in crm.company_of.items():
            lead = story.people.of(contact)
            found[company].add(lead.id if lead else contact)
    return found


def _tied(deal: str, story: Story) -> set[str]:
    """Its contacts, as persons where they are leads', and the leads that are linked to it."""
    contacts = {one.contact_id for one in story.links.contacts_of[deal]}
    persons = {person.id for one in contacts if (person := story.people.of(one))}
    linked = {
        lead for lead, deals in story.links.deals_of.items() if any(one.id == deal for one in deals)
    }
    return contacts | persons | linked

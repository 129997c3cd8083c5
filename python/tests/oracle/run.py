"""The second road, from raw rows to every table that it is compared with."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from . import accounting, attributes, facts, scorecard
from .activities import Activity, by_lead, read_activities
from .attribution import (
    Campaigns,
    Response,
    deal_source,
    first_campaign,
    lead_source,
    read_responses,
    spend,
)
from .criteria import judge
from .deals import Deal, read_deals
from .dimensions import (
    dim_campaigns,
    dim_companies,
    dim_dates,
    dim_owners,
    dim_sources,
    row_profile,
)
from .disqualification import standing_reason
from .engaged import engaged_untied_contacts
from .forgotten import forget
from .hours import leads_before_activities, zone_of
from .layouts import folders, layout_of, raw_crm
from .lead_velocity import lead_velocity_by_source
from .lifecycle import is_truncated, live, mark_bulk
from .links import find_links
from .money import Rates, converted_at_home
from .people import People, Person, find_people
from .qualification import Evidence, qualify
from .raw import Crm, RawTables, Row, read_folder
from .records import CrmRecords
from .rules import Definitions
from .same_deals import join_deals
from .set_aside import set_aside_records
from .settings import Settings
from .story import Story
from .touches import touch_rows
from .trust import crm_trust
from .unmapped import unmapped_values
from .visits import lead_stages

Tables = dict[str, list[Row]]
SEEDS = Path(__file__).resolve().parents[3] / "seeds" / "definition"


def run_folder(raw: Path, settings: Settings, seeds: Path = SEEDS) -> Tables:
    """All tables of a raw folder, `<raw>/<crm>/<table>.csv`."""
    names = folders(raw, settings)
    return run({crm: read_folder(raw / crm) for crm in names}, settings, seeds)


def run(raw: Mapping[str, RawTables], settings: Settings, seeds: Path = SEEDS) -> Tables:
    """All tables of raw tables, crm -> table -> rows as text; see `Crm` for the first row."""
    rules = Definitions(seeds)
    raw_crms: list[Crm] = []
    crms: list[CrmRecords] = []
    found = [
        (raw_crm(name, tables, layout, settings), layout)
        for name, tables in raw.items()
        if (layout := layout_of(name, tables, settings))
    ]
    forget([(crm, layout.name) for crm, layout in found], settings)
    for crm, layout in found:
        accounting.settle(crm, layout, settings)
        raw_crms.append(crm)
        crms.append(layout.read(crm, settings))
    story = _read_story(crms, rules, settings)
    return _tables(story, rules, settings) | {
        "row_accounting": accounting.row_accounting(raw_crms),
        "quarantined_rows": accounting.quarantined_rows(raw_crms),
        "set_aside_records": set_aside_records(raw_crms, crms, settings),
        "row_profile": row_profile(raw_crms, story, settings),
    }


def _tables(story: Story, rules: Definitions, settings: Settings) -> Tables:
    opportunities, opportunity_stages = _deal_tables(story, rules, settings)
    leads = _lead_table(story, opportunities, rules, settings)
    _complete_deals(story, opportunities, leads, rules, settings)
    touches = touch_rows(story, settings)
    responses = [one for found in story.responses.values() for one in found]
    rates = Rates(story.crms, settings)
    cost = spend(story.crms, story.campaigns, responses, story.source_of, rates, settings)
    return {
        "fct_leads": leads,
        "fct_lead_stages": [
            row
            for person in story.people.persons
            for row in lead_stages(person, story.lives[person.id], settings)
        ],
        "fct_opportunities": opportunities,
        "fct_opportunity_stages": opportunity_stages,
        "fct_touches": touches,
        "fct_responses": _response_table(story, responses, settings),
        "engaged_untied_contacts": engaged_untied_contacts(story, touches, opportunities, settings),
        "lead_velocity_by_source": lead_velocity_by_source(leads, settings),
        "lead_quality_by_source": scorecard.lead_quality_by_source(leads, cost, settings),
        "win_rate_by_source": scorecard.win_rate_by_source(opportunities, settings),
        "velocity_by_source": scorecard.velocity_by_source(opportunity_stages, settings),
        "stage_reached_by_source": scorecard.stage_reached_by_source(opportunities),
        "disqualification_by_source": scorecard.disqualification_by_source(leads, settings),
        "follow_up_by_owner": scorecard.follow_up_by_owner(leads, settings),
        "pipeline_quality": scorecard.pipeline_quality(opportunities, settings),
        "contact_coverage_by_owner": scorecard.contact_coverage_by_owner(opportunities, settings),
        "dim_sources": dim_sources(rules, settings),
        "dim_dates": dim_dates(story, settings),
        "dim_campaigns": dim_campaigns(story, rates, settings),
        "dim_companies": dim_companies(story, rules, settings),
        "dim_owners": dim_owners(story, leads, opportunities),
        "unmapped_values": unmapped_values(story, rules, settings),
        "crm_trust": crm_trust(story, leads, opportunities, opportunity_stages, cost, settings),
    }


def _read_story(crms: list[CrmRecords], rules: Definitions, settings: Settings) -> Story:
    join_deals(crms, settings)
    people = find_people(crms, settings)
    deals = _priced_deals(crms, rules, settings)
    links = find_links(crms, deals, people, settings)
    activities = read_activities(crms, rules, settings)
    own_activities = by_lead(activities, people)
    campaigns = Campaigns(crms, rules)
    responses = read_responses(crms, people, campaigns, settings)
    changes = {
        record: own
        for crm in crms
        for record, own in mark_bulk(crm.changes, people, settings).items()
    }
    lives, source_of = {}, {}
    for person in people.persons:
        own = own_activities.get(person.id, [])
        linked = links.deals_of.get(person.id, [])
        lives[person.id] = live(person, changes, own, linked, rules, settings)
        first = first_campaign(responses.get(person.id, []))
        source_of[person.id] = lead_source(person, first, campaigns, rules)
    return Story(
        crms,
        people,
        deals,
        links,
        activities,
        own_activities,
        responses,
        campaigns,
        lives,
        source_of,
    )


def _priced_deals(crms: list[CrmRecords], rules: Definitions, settings: Settings) -> list[Deal]:
    """All deals with their money; where no rate is known, what the CRM itself converted."""
    rates = Rates(crms, settings)
    deals = read_deals(crms, rules, settings)
    for deal in deals:
        record = deal.record
        deal.money = rates.convert(record.crm, record.amount, record.currency, record.close_date)
        if deal.money.rate is None:
            deal.money = converted_at_home(record.amount, record.home_amount)
    return [deal for deal in deals if _is_retained(deal, settings)]


def _is_retained(deal: Deal, settings: Settings) -> bool:
    """Open, or closed not too long ago; else it is said of its row."""
    if deal.closed_on is None or deal.closed_on >= settings.first_kept_day:
        return True
    deal.record.row["row_status"], deal.record.row["row_reason"] = "excluded", "past_retention"
    return False


def _deal_tables(
    story: Story, rules: Definitions, settings: Settings
) -> tuple[list[Row], list[Row]]:
    titles = {contact: title for crm in story.crms for contact, title in crm.titles.items()}
    deal_rows, stage_rows = [], []
    for deal in story.deals:
        lead = story.links.lead_of.get(deal.id)
        contacts = story.links.contacts_of[deal.id]
        ids = {contact.contact_id for contact in contacts}
        around = _around(deal, ids, lead[0] if lead else None, story)
        source = deal_source(deal, story.links, story.source_of, story.campaigns, settings)
        count = _count_people(ids, story.people)
        criteria = judge(deal, contacts, count, titles, around, rules, settings)
        deal_rows.append(facts.deal_row(deal, lead, source, criteria, count, rules, settings))
        stage_rows += facts.deal_stage_rows(deal, source, settings)
    return deal_rows, stage_rows


def _complete_deals(
    story: Story, deals: list[Row], leads: list[Row], rules: Definitions, settings: Settings
) -> None:
    """What a deal has of its company and of the lead it came from."""
    by_id = {lead["lead_id"]: lead for lead in leads}
    for row in deals:
        lead = by_id.get(row["lead_id"] or "")
        company = story.companies.get(row["company_id"] or "")
        opened = settings.day(row["created_at"] or settings.as_of)
        row |= attributes.deal_attributes(company, opened, lead, rules)
        row |= attributes.lead_columns_of_deal(lead)
    attributes.mark_mature(deals, settings)


def _around(deal: Deal, contacts: set[str], lead: Person | None, story: Story) -> list[Activity]:
    """Activities on the deal, with its contacts as persons or as they are, and of its lead."""
    people = {person.id: person for one in contacts if (person := story.people.of(one))}
    people |= {lead.id: lead} if lead else {}
    around = [act for act in story.activities if deal.id in act.what or act.who & contacts]
    return around + [act for key in people for act in story.own_activities.get(key, [])]


def _count_people(contacts: set[str], people: People) -> int:
    """Contacts that are one lead are one."""
    persons = [people.of(contact) for contact in contacts]
    leads = {person.id for person in persons if person}
    return len(leads) + sum(person is None for person in persons)


def _lead_table(
    story: Story, opportunities: list[Row], rules: Definitions, settings: Settings
) -> list[Row]:
    strong = {row["opportunity_id"] for row in opportunities if row["is_strong_pipeline"]}
    by_lead_id = scorecard.grouped(opportunities, "lead_id")
    first_history = {crm.crm: at for crm in story.crms if (at := crm.first_history_at)}
    companies = story.companies
    zones = {owner: zone for crm in story.crms for owner, zone in crm.zones.items()}
    before = leads_before_activities(story.people.persons, story.lives, story.activities, settings)
    rows = []
    for person in story.people.persons:
        life, first = story.lives[person.id], story.first_response(person)
        campaign = first_campaign(story.responses.get(person.id, []))
        seen = Evidence(
            person,
            life,
            companies.get(person.company_id or ""),
            first.offer if first else None,
            _role_authorities(person, story, rules),
            standing_reason(person, life, rules)[1],
        )
        judged = qualify(seen, rules, settings)
        rows.append(
            facts.lead_row(person, life, judged, first, campaign, rules, settings)
            | attributes.lead_columns(person, seen.company, rules)
            | facts.source_columns(story.source_of[person.id], rules, person.day)
            | facts.milestone_columns(life, settings)
            | facts.follow_up_columns(
                life,
                zone_of(person.survivor.owner_id, zones, settings),
                rules.holidays(),
                settings,
            )
            | facts.conversion_columns(person, life, by_lead_id.get((person.id,), []), strong)
            | facts.maturity_columns(person, life, settings)
            | {
                "is_history_truncated": is_truncated(person, first_history),
                "is_before_activities": person.id in before and not life.touches,
            }
        )
    return rows


def _role_authorities(person: Person, story: Story, rules: Definitions) -> set[str]:
    """Authority of the roles that the person's contacts hold on deals that count."""
    authorities = {
        rules.mapped("contact_roles", contact.role, "authority", person.day)
        for deal in story.deals
        for contact in story.links.contacts_of[deal.id]
        if contact.contact_id in person.contacts
    }
    return {authority for authority in authorities if authority}


def _response_table(story: Story, responses: list[Response], settings: Settings) -> list[Row]:
    return [
        facts.response_row(
            response,
            story.campaigns.source(response.campaign, settings.today)
            or story.source_of[response.person.id],
        )
        for response in responses
    ]

"""Deals that stand in two CRMs, or were merged inside one: which one counts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from itertools import zip_longest

from .records import Company, CrmRecords, DealRecord, chain_ends
from .settings import Settings
from .values import key, words

Pair = tuple[DealRecord, DealRecord]  # the one that counts, the one that goes into it


def join_deals(crms: list[CrmRecords], settings: Settings) -> None:
    """Drop the deals that are another one, and point at that what pointed at them."""
    into = {gone: kept for crm in crms for gone, kept in crm.deal_merges.items()}
    for kept, gone in _pairs(crms, settings):
        gone.row["row_status"], gone.row["row_reason"] = "merged", f"same deal as {kept.id}"
        into[gone.id] = kept.id
    into = chain_ends(into)
    for crm in crms:
        crm.deals = [deal for deal in crm.deals if deal.id not in into]
        for lead in crm.leads:
            converted = lead.converted_opportunity_id
            lead.converted_opportunity_id = into.get(converted or "", converted)
        crm.deal_contacts = [
            replace(one, deal_id=into.get(one.deal_id, one.deal_id)) for one in crm.deal_contacts
        ]
        crm.tasks = [replace(task, what=_moved(task.what, into)) for task in crm.tasks]
        crm.meetings = [replace(one, what=_moved(one.what, into)) for one in crm.meetings]


def _moved(deals: frozenset[str], into: dict[str, str]) -> frozenset[str]:
    return frozenset(into.get(deal, deal) for deal in deals)


def _pairs(crms: list[CrmRecords], settings: Settings) -> list[Pair]:
    """By id, then by company name, then by domain, each of the deals that are in no pair yet."""
    companies = {key: company for crm in crms for key, company in crm.companies.items()}
    deals = [deal for crm in crms for deal in crm.deals]
    pairs = _named(deals)
    for sign in (_name, _domain):
        paired = {deal.id for pair in pairs for deal in pair}
        groups: dict[tuple[object, ...], list[DealRecord]] = defaultdict(list)
        for deal in deals:
            company = sign(companies.get(deal.company_id or ""))
            is_sure = company and deal.amount and deal.amount > 0 and deal.close_date
            if is_sure and deal.id not in paired:
                currency = key(deal.currency or settings.reporting_currency)
                groups[company, deal.amount, currency, deal.close_date].append(deal)
        for group in groups.values():
            pairs += _matched(group)
    return pairs


def are_alike(
    one: DealRecord, other: DealRecord, companies: dict[str, Company], settings: Settings
) -> bool:
    """Of one company, and either the amount or the close date is the same: perhaps one deal."""
    mine, theirs = companies.get(one.company_id or ""), companies.get(other.company_id or "")
    names, domains = (_name(mine), _name(theirs)), (_domain(mine), _domain(theirs))
    is_of_one = any(left and left == right for left, right in (names, domains))
    currencies = [key(deal.currency or settings.reporting_currency) for deal in (one, other)]
    has_same_amount = (
        one.amount is not None and one.amount > 0 and one.amount == other.amount
    ) and currencies[0] == currencies[1]
    has_same_day = one.close_date is not None and one.close_date == other.close_date
    return is_of_one and (has_same_amount or has_same_day)


def _matched(alike: list[DealRecord]) -> list[Pair]:
    """The first of one CRM is the first of all others, of them the first CRM's counts."""
    by_crm: dict[tuple[bool, str], list[DealRecord]] = defaultdict(list)
    for deal in sorted(alike, key=_age):
        by_crm[_rank(deal)].append(deal)
    found = []
    for same in zip_longest(*(by_crm[crm] for crm in sorted(by_crm))):
        kept, *others = [deal for deal in same if deal]
        found += [(kept, gone) for gone in others]
    return found


def _age(deal: DealRecord) -> tuple[datetime, str]:
    return (deal.created_at or datetime.max, deal.id)


def _rank(deal: DealRecord) -> tuple[bool, str]:
    return (deal.layout != "salesforce", deal.crm)


def _named(deals: list[DealRecord]) -> list[Pair]:
    """One of Salesforce and one of HubSpot, either of which says the raw id of the other.

    A HubSpot deal goes into the first that this holds of, unless an older one of its CRM does.
    """
    here = sorted((deal for deal in deals if deal.layout == "salesforce"), key=_place)
    there = sorted((deal for deal in deals if deal.layout == "hubspot"), key=_age)
    found: dict[tuple[str, str], Pair] = {}
    for gone in there:
        named = [
            kept
            for kept in here
            if kept.other_crm_id == _raw_id(gone) or gone.other_crm_id == _raw_id(kept)
        ]
        if named:
            found.setdefault((named[0].id, gone.crm), (named[0], gone))
    return list(found.values())


def _place(deal: DealRecord) -> tuple[object, ...]:
    return (_rank(deal), *_age(deal))


def _raw_id(deal: DealRecord) -> str:
    return deal.id.removeprefix(f"{deal.crm}:")


def _name(company: Company | None) -> str | None:
    """The name of a company by its words."""
    return (words(company.name).strip() or None) if company else None


def _domain(company: Company | None) -> str | None:
    """The domain of its website, without www."""
    website = key(company.website) if company else ""
    plain = website.partition("://")[2] or website
    for end in "/?#:":
        plain = plain.partition(end)[0]
    return plain.removeprefix("www.") or None

"""Deals that stand in two CRMs, or were merged inside one: which one counts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from itertools import combinations

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
    """By id, then by company name, then by domain: each deal into one, one of each other CRM."""
    companies = {key: company for crm in crms for key, company in crm.companies.items()}
    pairs = Pairs()
    deals = [deal for crm in crms for deal in crm.deals]
    pairs.add(_named(deals))
    for sign in (_name, _domain):
        groups: dict[tuple[object, ...], list[DealRecord]] = defaultdict(list)
        for deal in deals:
            company = sign(companies.get(deal.company_id or ""))
            if company and deal.amount and deal.amount > 0 and deal.close_date:
                currency = key(deal.currency or settings.reporting_currency)
                groups[company, deal.amount, currency, deal.close_date].append(deal)
        for group in groups.values():
            pairs.match(group)
    return pairs.found


class Pairs:
    """Pairs found so far. Of two CRMs Salesforce counts, else the one first in the alphabet."""

    def __init__(self) -> None:
        self.found: list[Pair] = []
        self.copies: set[str] = set()
        self.has_copy: set[tuple[str, str]] = set()  # deal that counts, CRM of its copy

    def add(self, candidates: list[Pair]) -> None:
        """Take the pairs that still can be, the first in order before others."""
        for kept, gone in sorted(candidates, key=_order):
            if gone.id not in self.copies and (kept.id, gone.crm) not in self.has_copy:
                self.copies.add(gone.id)
                self.has_copy.add((kept.id, gone.crm))
                self.found.append((kept, gone))

    def match(self, alike: list[DealRecord]) -> None:
        """The first of one CRM is the first of another, of those not paired yet."""
        by_crm: dict[tuple[bool, str], list[DealRecord]] = defaultdict(list)
        for deal in sorted(alike, key=_age):
            by_crm[_rank(deal)].append(deal)
        for here, there in combinations(sorted(by_crm), 2):
            crm = there[1]
            kept = [one for one in by_crm[here] if (one.id, crm) not in self.has_copy]
            kept = [one for one in kept if one.id not in self.copies]
            gone = [one for one in by_crm[there] if one.id not in self.copies]
            self.add(list(zip(kept, gone, strict=False)))


def _age(deal: DealRecord) -> tuple[datetime, str]:
    return (deal.created_at or datetime.max, deal.id)


def _rank(deal: DealRecord) -> tuple[bool, str]:
    return (deal.layout != "salesforce", deal.crm)


def _order(pair: Pair) -> tuple[object, ...]:
    kept, gone = pair
    return (_rank(kept), *_age(kept), *_age(gone))


def _named(deals: list[DealRecord]) -> list[Pair]:
    """One of Salesforce and one of HubSpot, either of which says the raw id of the other."""
    here = [deal for deal in deals if deal.layout == "salesforce"]
    there = [deal for deal in deals if deal.layout == "hubspot"]
    return [
        (one, other)
        for one in here
        for other in there
        if one.other_crm_id == _raw_id(other) or other.other_crm_id == _raw_id(one)
    ]


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

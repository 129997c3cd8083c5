"""Deals that stand in two CRMs, or were merged inside one: which one counts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from itertools import permutations

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
    """Those that name each other first, then the alike; each deal once, the oldest first."""
    companies = {key: company for crm in crms for key, company in crm.companies.items()}
    deals = [deal for crm in crms for deal in crm.deals]
    free = {deal.id for deal in deals}
    pairs: list[Pair] = []
    for candidates in (_named(deals), _alike(deals, companies, settings)):
        for kept, gone in sorted(candidates, key=_order):
            if kept.id in free and gone.id in free:
                free -= {kept.id, gone.id}
                pairs.append((kept, gone))
    return pairs


def _order(pair: Pair) -> tuple[tuple[bool, str], datetime, str, datetime, str]:
    kept, gone = pair
    latest = datetime.max
    return (_rank(kept), kept.created_at or latest, kept.id, gone.created_at or latest, gone.id)


def _counts_before(one: DealRecord, other: DealRecord) -> bool:
    """Of two CRMs Salesforce counts, else the one first in the alphabet."""
    return one.crm != other.crm and _rank(one) < _rank(other)


def _rank(deal: DealRecord) -> tuple[bool, str]:
    return (deal.layout != "salesforce", deal.crm)


def _raw_id(deal: DealRecord) -> str:
    return deal.id.removeprefix(f"{deal.crm}:")


def _named(deals: list[DealRecord]) -> list[Pair]:
    """Either says the raw id of the other."""
    by_raw_id = defaultdict(list)
    for deal in deals:
        by_raw_id[_raw_id(deal)].append(deal)
    found = []
    for deal in deals:
        for other in by_raw_id[deal.other_crm_id or ""]:
            if _counts_before(deal, other):
                found.append((deal, other))
            if _counts_before(other, deal):
                found.append((other, deal))
    return found


def _alike(
    deals: list[DealRecord], companies: dict[str, Company], settings: Settings
) -> list[Pair]:
    """Company, amount, currency and close date are the same."""
    groups: dict[tuple[object, ...], list[DealRecord]] = defaultdict(list)
    for deal in deals:
        if deal.amount and deal.amount > 0 and deal.close_date:
            currency = key(deal.currency or settings.reporting_currency)
            groups[deal.amount, currency, deal.close_date].append(deal)
    return [
        (kept, gone)
        for group in groups.values()
        for kept, gone in permutations(group, 2)
        if _counts_before(kept, gone)
        and _signs(companies.get(kept.company_id or ""))
        & _signs(companies.get(gone.company_id or ""))
    ]


def _signs(company: Company | None) -> set[str]:
    """What a company is known by: its name in words, and the domain of its website."""
    if company is None:
        return set()
    name, domain = words(company.name).strip(), site(company.website)
    return {sign for sign in (f"name {name}" if name else "", f"site {domain or ''}") if sign[5:]}


def site(website: str | None) -> str | None:
    """The domain of a web address, without www."""
    plain = key(website).partition("://")[2] or key(website)
    for end in "/?#:":
        plain = plain.partition(end)[0]
    return plain.removeprefix("www.") or None

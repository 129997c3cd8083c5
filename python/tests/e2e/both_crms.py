"""Several CRMs of one company, with copies of each other's people and deals."""

from __future__ import annotations

from hypothesis import strategies as st

from . import crms
from .dice import DICE, Dice
from .generic_crms import generic_crm
from .hubspot_crms import hubspot_crm
from .raw_tables import RawCrm, RawRow

WEBSITES = ["", "", "acme~.example", "https://www.Acme~.example/about", "http://globex~.example"]
SAME_TEXTS = ["{}", " {}", "{} ", "{}\t"]


@st.composite
def generic_and_hubspot(draw: st.DrawFn) -> dict[str, RawCrm]:
    """A portal beside a CRM that nobody foresaw; some e-mails stand in both."""
    dice = draw(DICE)
    return {"generic": generic_crm(dice), "hubspot": hubspot_crm(dice)}


@st.composite
def three_crms(draw: st.DrawFn) -> dict[str, RawCrm]:
    """Two Salesforce orgs, whose ids may be the same, and a portal between them."""
    dice = draw(DICE)
    crms_of = {name: crms.salesforce_crm(dice) for name in ("salesforce", "salesforce_emea")}
    hubspot = hubspot_crm(dice)
    for salesforce in crms_of.values():
        _give_signs(dice, salesforce, hubspot)
        _share_people(dice, salesforce, hubspot)
        _share_deals(dice, salesforce, hubspot)
    return crms_of | {"hubspot": hubspot}


@st.composite
def both_crms(draw: st.DrawFn) -> dict[str, RawCrm]:
    """CRM -> its tables; the same persons and deals stand in both, more or less alike."""
    dice = draw(DICE)
    salesforce, hubspot = crms.salesforce_crm(dice), hubspot_crm(dice)
    _give_signs(dice, salesforce, hubspot)
    _share_people(dice, salesforce, hubspot)
    _share_deals(dice, salesforce, hubspot)
    return {"salesforce": salesforce, "hubspot": hubspot}


def _give_signs(dice: Dice, salesforce: RawCrm, hubspot: RawCrm) -> None:
    """Names and websites, by which companies of two CRMs are one."""
    for account in salesforce["account"]:
        account |= {"name": dice.pick(crms.COMPANIES), "website": dice.pick(WEBSITES)}
    for company in hubspot["company"]:
        company |= {"property_website": dice.pick(WEBSITES)}
        company |= {"property_domain": dice.pick(["", "", "acme~.example"])}


def _share_people(dice: Dice, salesforce: RawCrm, hubspot: RawCrm) -> None:
    """Half of the contacts have the e-mail of a lead, in another spelling."""
    for contact in hubspot["contact"]:
        if dice.once_in(2):
            contact["property_email"] = respelled(dice, dice.pick(salesforce["lead"])["email"])


def respelled(dice: Dice, email: str) -> str:
    """The same e-mail in other case and blanks; seldom with a plus, which is a setting."""
    if dice.once_in(8) and "@" in email:
        name, _, domain = email.partition("@")
        email = f"{name}+news@{domain}"
    text: str = dice.pick(SAME_TEXTS).format(dice.pick([email, email.upper(), email.title()]))
    return text


def _share_deals(dice: Dice, salesforce: RawCrm, hubspot: RawCrm) -> None:
    """Deals that one CRM made from the other's: by id, by likeness, or only nearly alike."""
    if not salesforce["opportunity"]:
        return
    for deal in hubspot["deal"]:
        original = dice.pick(salesforce["opportunity"])
        how = dice.pick(["id", "id there", "like", "like", "near", "near", "not at all"])
        if how == "id":
            column = dice.pick(["hs_salesforceopportunityid", "salesforceopportunityid"])
            deal[f"property_{column}"] = dice.pick([original["id"], original["id"], "D-gone~"])
        elif how == "id there":
            original["hubspot_deal_id_c"] = deal["deal_id"]
        elif how in ("like", "near"):
            _make_alike(dice, deal, original, hubspot)
            if how == "near":
                column = dice.pick(["property_amount", "property_closedate"])
                deal[column] = dice.pick(["", "123", "2026-05-05"])


def _make_alike(dice: Dice, deal: RawRow, original: RawRow, hubspot: RawCrm) -> None:
    """The deal gets amount, currency, close date and a company of the other's name."""
    deal["property_amount"] = original.get("amount", "")
    deal["property_deal_currency_code"] = original.get("currency_iso_code", "")
    deal["property_closedate"] = original.get("close_date", "")
    key = deal["deal_id"]
    hubspot["deal_company"] = [row for row in hubspot["deal_company"] if row["deal_id"] != key]
    company = dice.pick(["700~", "701~", "702~"])
    hubspot["deal_company"].append({"deal_id": key, "company_id": company, "type_id": "5"})

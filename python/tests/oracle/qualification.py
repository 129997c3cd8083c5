"""Is it a good lead? Five verdicts, noise, target market, qualified, route."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from .attributes import country_of, employees_of, industry_of
from .lifecycle import Life
from .people import Person
from .records import Company
from .rules import Definitions, applies
from .settings import Settings
from .values import key, says_nothing, words

NOISE = ("test", "disposable", "student", "job_seeker", "vendor", "competitor", "internal")
DIMENSIONS = ("fit", "pain", "timing", "authority", "next_step")
Verdicts = dict[str, str]


@dataclass
class Qualification:
    """What the rules say of one lead. `verdicts` has the five that are published."""

    noise_class: str | None
    is_target_market: bool
    verdicts: Verdicts
    is_qualified: bool
    route: str


@dataclass
class Evidence:
    """What the verdicts of one lead are judged by."""

    person: Person
    life: Life
    company: Company | None
    offer: str | None
    roles: set[str]  # authority of the roles that its contacts hold
    rejected_issue: str | None  # issue of a standing rejection or disqualification


def qualify(seen: Evidence, rules: Definitions, settings: Settings) -> Qualification:
    """Judge one lead by the rules in force when it was created."""
    noise = noise_class(seen.person, rules)
    market = [_country(seen, rules), _industry(seen, rules)]
    by_rules = {
        "fit": _all_of([*market, _size(seen, rules), "fail" if noise else "pass"]),
        "pain": _pain(seen, rules),
        "timing": _timing(seen, rules, settings),
        "authority": _authority(seen, rules),
        "next_step": _next_step(seen.life, seen.person, settings),
    }
    verdicts = dict(by_rules)
    if seen.rejected_issue in DIMENSIONS:
        verdicts[seen.rejected_issue] = "fail"
    if seen.life.sales_decision in ("rejected", "disqualified"):
        verdicts["next_step"] = "fail"
    is_qualified = _is_qualified(by_rules, settings)
    return Qualification(
        noise, market == ["pass", "pass"], verdicts, is_qualified, _route(by_rules, is_qualified)
    )


def _is_qualified(verdicts: Verdicts, settings: Settings) -> bool:
    passed = sum(verdict == "pass" for verdict in verdicts.values())
    return (
        verdicts["fit"] == "pass"
        and "fail" not in (verdicts["pain"], verdicts["timing"], verdicts["authority"])
        and passed >= settings.min_dimensions_passed
    )


def _route(verdicts: Verdicts, is_qualified: bool) -> str:
    if is_qualified:
        return "sales"
    only_timing = "fail" not in (verdicts["pain"], verdicts["authority"])
    if verdicts["fit"] == "pass" and verdicts["timing"] == "fail" and only_timing:
        return "nurture"
    return "discard" if verdicts["fit"] == "fail" else "research"


def noise_class(person: Person, rules: Definitions) -> str | None:
    """Why this is no prospect, from attributes only; None for none."""
    email = key(person.survivor.email)
    fields = {name: getattr(person.survivor, name) for name in ("first_name", "last_name")}
    fields |= {"title": person.survivor.title, "company": person.survivor.company}
    fields |= {"email": email, "email_domain": email.rpartition("@")[2] if "@" in email else None}
    found = {
        rule["noise_class"]
        for rule in rules.in_force("noise_rules", person.day)
        if applies(rule["operator"], rule["value"], fields[rule["field"]])
    }
    return next((noise for noise in NOISE if noise in found), None)


def _all_of(verdicts: list[str]) -> str:
    """One fail fails, one unknown leaves it unknown."""
    if "fail" in verdicts:
        return "fail"
    return "unknown" if "unknown" in verdicts else "pass"


def _either(passes: bool, fails: bool) -> str:
    """Fail wins over pass."""
    return "fail" if fails else "pass" if passes else "unknown"


def _within(served: set[str], value: str, *, is_known: bool) -> str:
    """Where nothing is listed, nobody asks."""
    if not is_known:
        return "unknown"
    return "pass" if value in served or not served else "fail"


def _country(seen: Evidence, rules: Definitions) -> str:
    day = seen.person.day
    country = country_of(seen.person.survivor, seen.company)
    code = rules.mapped("country_names", country, "country_code", day)
    served = {key(rule["value"]) for rule in rules.icp(day)["country"]}
    return _within(served, key(code), is_known=bool(code))


def _industry(seen: Evidence, rules: Definitions) -> str:
    industry = industry_of(seen.person.survivor, seen.company)
    served = {words(rule["value"]) for rule in rules.icp(seen.person.day)["industry"]}
    return _within(served, words(industry), is_known=bool(industry))


def _size(seen: Evidence, rules: Definitions) -> str:
    employees = employees_of(seen.person.survivor, seen.company)
    if employees is None:
        return "unknown"
    for rule in rules.icp(seen.person.day)["employees"]:
        limit = float(rule["value"])
        if (rule["operator"] == "at_least" and employees < limit) or (
            rule["operator"] == "at_most" and employees > limit
        ):
            return "fail"
    return "pass"


def _pain(seen: Evidence, rules: Definitions) -> str:
    is_buying = rules.is_buying(seen.offer, seen.person.day)
    return _either(
        not says_nothing(seen.person.survivor.pain) or is_buying or bool(seen.life.deals), False
    )


def timeframe_months(stated: str | None, person: Person, rules: Definitions) -> float | None:
    """The stated time frame in months; None for a text that nobody mapped."""
    if re.fullmatch(r"\d+(\.\d+)?", key(stated)):
        return float(key(stated))
    months = rules.mapped("timeframes", stated, "months", person.day)
    return None if months is None else float(months)


def _timing(seen: Evidence, rules: Definitions, settings: Settings) -> str:
    months = timeframe_months(seen.person.survivor.timeframe, seen.person, rules)
    is_soon = months is not None and months <= settings.max_timeframe_months
    is_late = months is not None and not is_soon
    return _either(is_soon or bool(seen.life.deals), is_late and not seen.life.deals)


def _authority(seen: Evidence, rules: Definitions) -> str:
    deciding = {"decision_maker", "influencer"}
    by_title = rules.title_authority(seen.person.survivor.title, seen.person.day)
    return _either(by_title in deciding or bool(seen.roles & deciding), by_title == "none")


def _next_step(life: Life, person: Person, settings: Settings) -> str:
    has_met = any(act.is_meeting and act.done_at for act in life.activities)
    last_sign = life.touches[-1] if life.touches else person.captured_at
    is_silent = last_sign is not None and last_sign < settings.as_of - timedelta(
        days=settings.leak_days
    )
    is_alive = has_met or life.is_scheduled or bool(life.deals)
    return _either(is_alive, is_silent and not life.is_scheduled)

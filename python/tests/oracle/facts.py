"""The published facts, one row per lead, deal, visit and response, under their published names."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from .attribution import ORIGINS, Response
from .criteria import Criteria
from .deals import Deal
from .disqualification import is_due, is_followed_up, lead_state, standing_reason
from .hours import business_hours
from .lifecycle import Life
from .people import Person
from .qualification import DIMENSIONS, Qualification
from .records import Campaign
from .rules import Definitions
from .settings import Settings
from .visits import days

Row = dict[str, Any]


def source_columns(source: str, rules: Definitions, day: date) -> Row:
    """source, channel and demand_type as defined on the day."""
    return {
        "source": source,
        "channel": rules.about_source(source, "channel", day),
        "demand_type": rules.about_source(source, "demand_type", day),
    }


def lead_row(
    person: Person,
    life: Life,
    qualification: Qualification,
    first: Response | None,
    campaign: Campaign | None,
    rules: Definitions,
    settings: Settings,
) -> Row:
    """What a lead is, what the rules say of it, and where it is now; without its deals' money."""
    lead = person.survivor
    reason, issue = standing_reason(person, life, rules)
    return {
        "lead_id": person.id,
        "crm": person.crm,
        "created_at": person.captured_at,
        "created_on": settings.on(person.captured_at),
        "created_month": settings.month(person.captured_at),
        "source_raw": lead.lead_source,
        "campaign": (campaign.name if campaign else None) or lead.utm_campaign,
        "offer": first.offer if first else None,
        "offer_intent": _intent(first.offer if first else None, person, rules),
        "owner_id": lead.owner_id,
        "company_id": person.company_id,
        "is_target_market": qualification.is_target_market,
        "is_icp_fit": qualification.verdicts["fit"] == "pass",
        **{f"{name}_verdict": qualification.verdicts[name] for name in DIMENSIONS},
        "noise_class": qualification.noise_class,
        "is_qualified": qualification.is_qualified,
        "route": qualification.route,
        "lead_state": lead_state(life, issue, settings),
        "disqualification_reason": reason,
        "disqualification_issue": issue,
        "disqualification_reason_raw": lead.reason,
        "is_vague_rejection": life.sales_decision == "rejected" and reason == "unstated",
        "definition_version": rules.version(person.day),
    }


def _intent(offer: str | None, person: Person, rules: Definitions) -> str | None:
    if offer is None:
        return None
    return "buying" if rules.is_buying(offer, person.day) else "researching"


def follow_up_columns(life: Life, zone: ZoneInfo, holidays: set[date], settings: Settings) -> Row:
    """How soon sales followed up; `zone` is that of the owner."""
    handed_over_at, first_touch_at = life.handed_over_at, next(iter(life.touches), None)
    first = [act for act in life.activities if act.is_outbound_act and act.done_at]
    first = [act for act in first if act.done_at == first_touch_at]
    hours = working = None
    if first_touch_at and handed_over_at:
        hours = (first_touch_at - handed_over_at).total_seconds() / 3600
        working = business_hours(handed_over_at, first_touch_at, zone, holidays, settings)
    return {
        "first_touch_at": first_touch_at,
        "is_first_touch_inferred": bool(first) and all(act.is_time_guessed for act in first),
        "is_follow_up_due": is_due(life, settings),
        "is_follow_up_completed": is_followed_up(life, settings),
        "hours_to_first_touch": hours,
        "business_hours_to_first_touch": working,
        "touch_count": len(life.touches),
    }


def milestone_columns(life: Life, settings: Settings) -> Row:
    """What happened to a lead and when."""
    return {
        "handed_over_at": life.handed_over_at,
        "handed_over_on": settings.on(life.handed_over_at),
        "is_handover_inferred": life.is_handover_inferred,
        "accepted_at": life.accepted_at,
        "accepted_on": settings.on(life.accepted_at),
        "is_acceptance_inferred": life.is_acceptance_inferred,
        "rejected_at": life.rejected_at,
        "rejected_on": settings.on(life.rejected_at),
        "disqualified_at": life.disqualified_at,
        "sales_decision": life.sales_decision,
        "first_conversation_at": life.first_conversation_at,
        "opportunity_at": life.opportunity_at,
        "closed_at": life.closed_at,
        "outcome": life.outcome,
        "lifecycle_stage": life.lifecycle_stage,
        "skipped_stages": life.skipped_stages,
        "recycle_count": life.recycle_count,
        "inferred_event_count": sum(event.is_inferred for event in life.events),
        "has_bulk_changes": any(event.is_bulk for event in life.events),
    }


def conversion_columns(person: Person, life: Life, own: list[Row], strong: set[str]) -> Row:
    """The deals of a lead. `own` are the deal rows that carry its lead_id, `strong` deal ids."""
    return {
        "opportunity_id": life.deals[0].id if life.deals else None,
        "is_strong_pipeline": any(deal.id in strong for deal in life.deals),
        "opportunity_count": len(life.deals),
        "pipeline_amount": total(row["amount"] for row in own),
        "won_amount": total(row["amount"] for row in own if row["outcome"] == "won"),
    }


def maturity_columns(person: Person, life: Life, settings: Settings) -> Row:
    """Old enough for the conversion horizon, and converted inside it."""
    horizon = timedelta(days=settings.conversion_horizon_days)
    captured, opened = person.captured_at, life.opportunity_at
    is_mature = captured is not None and captured + horizon <= settings.as_of
    in_horizon = captured is not None and opened is not None and opened <= captured + horizon
    return {"is_mature": is_mature, "has_opportunity_in_horizon": is_mature and in_horizon}


def total(values: Any) -> float | None:
    """Sum of what is known; None when nothing is."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def deal_row(
    deal: Deal,
    lead: tuple[Person, int] | None,
    source: str,
    criteria: Criteria,
    contact_count: int,
    rules: Definitions,
    settings: Settings,
) -> Row:
    """One row of fct_opportunities."""
    day = lead[0].day if lead else settings.day(deal.created_at or settings.as_of)
    columns = source_columns(source, rules, day)
    return {
        **columns,
        **asdict(criteria),
        "opportunity_id": deal.id,
        "crm": deal.record.crm,
        "lead_id": lead[0].id if lead else None,
        "link_tier": lead[1] if lead else None,
        "origin": ORIGINS.get(columns["demand_type"], "unknown"),
        "owner_id": deal.record.owner_id,
        "company_id": deal.record.company_id,
        "created_at": deal.created_at,
        "opened_on": settings.on(deal.created_at),
        "opened_month": settings.month(deal.created_at),
        "closed_at": deal.closed_at,
        "closed_on": deal.closed_on,
        "closed_month": deal.closed_on.replace(day=1) if deal.closed_on else None,
        "outcome": deal.outcome,
        "stage": deal.stage,
        "stage_reached": deal.stage_reached,
        "amount": deal.money.amount,
        "amount_original": deal.record.amount,
        "currency": (deal.record.currency or settings.reporting_currency).upper(),
        "currency_rate": deal.money.rate,
        "currency_rate_on": deal.money.rate_on,
        "quality_criteria_met": criteria.met,
        "is_strong_pipeline": criteria.met >= settings.strong_pipeline_min_criteria,
        "contact_count": contact_count,
        "days_to_close": _days_to_close(deal, settings),
    }


def _days_to_close(deal: Deal, settings: Settings) -> float | None:
    created, closed = deal.created_at, deal.closed_at
    if created is None or closed is None or deal.closed_on is None:
        return None
    return days(created, closed) if deal.closed_on >= settings.day(created) else None


def deal_stage_rows(deal: Deal, source: str, settings: Settings) -> list[Row]:
    """Rows of fct_opportunity_stages of one deal."""
    rows = []
    for place, visit in enumerate(deal.visits, start=1):
        is_open = place == len(deal.visits) and not visit.is_closed
        until = visit.exited_at or (settings.as_of if is_open else None)
        lasts = visit.entered_at and until and not visit.is_closed
        rows.append(
            {
                "opportunity_id": deal.id,
                "stage": visit.stage,
                "stage_order": visit.order,
                "visit_number": visit.number,
                "entered_at": visit.entered_at,
                "exited_at": visit.exited_at,
                "days_in_stage": days(visit.entered_at, until) if lasts else None,  # type: ignore[arg-type]
                "is_open": is_open,
                "is_closed_stage": visit.is_closed,
                "is_inferred": visit.is_inferred,
                "outcome": deal.outcome,
                "source": source,
            }
        )
    return rows


def response_row(response: Response, source: str) -> Row:
    """One row of fct_responses."""
    return {
        "response_id": response.id,
        "lead_id": response.person.id,
        "responded_at": response.responded_at,
        "campaign": response.campaign_name,
        "offer": response.offer,
        "source": source,
        "response_number": response.number,
    }

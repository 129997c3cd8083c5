"""The tables of counts: every rate from its two counts, None where there is nothing to divide."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any

from .facts import Row, total
from .intervals import median_interval, wilson
from .settings import Settings
from .survival import median, median_with_open, quantile

Test = Callable[[Row], bool]
GONE = {"is_before_activities": True}


def grouped(rows: list[Row], *columns: str) -> dict[tuple[Any, ...], list[Row]]:
    """Rows by the values of some columns."""
    groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(row[column] for column in columns)].append(row)
    return groups


def count(rows: list[Row], **wanted: Any) -> int:
    """Rows whose columns have the wanted values."""
    return sum(all(row[column] == value for column, value in wanted.items()) for row in rows)


def known(rows: list[Row], column: str) -> int:
    """Rows with a value."""
    return sum(row[column] is not None for row in rows)


def rate(numerator: float | None, denominator: float | None) -> float | None:
    """None when either is not known or there is nothing to divide by."""
    return None if numerator is None or not denominator else numerator / denominator


def sure_rate(name: str, successes: int, cases: int, settings: Settings) -> Row:
    """A rate with both ends of its interval, all three None where there are no cases."""
    low, high = wilson(successes, cases) if cases else (None, None)
    return {
        name: rate(successes, cases),
        f"{name}_low": low,
        f"{name}_high": high,
        f"{name}_is_small_sample": cases < settings.min_sample,
    }


def lead_quality_by_source(
    leads: list[Row], spend: dict[tuple[date | None, str], float], settings: Settings
) -> list[Row]:
    """By month captured and source; a month with cost and no lead is a row too."""
    groups = grouped(leads, "created_month", "source")
    result = []
    for month, source in {*groups, *spend}:
        rows = groups.get((month, source), [])
        counts = _lead_counts(rows) | {"spend": spend.get((month, source))}
        key = {"created_month": month, "source": source}
        grade = {"follow_up_grade": follow_up_grade(rows, settings)}
        result.append({**key, **counts, **_lead_rates(counts, settings), **grade})
    return result


def follow_up_grade(rows: list[Row], settings: Settings) -> str:
    """Whether the CRM still has the activities that the due leads would be judged by."""
    due, gone = (count(rows, is_follow_up_due=True, **test) for test in ({}, GONE))
    if not due:
        return "none"
    return "unusable" if gone / due > 1 - settings.min_answerable else "usable"


def _lead_counts(rows: list[Row]) -> Row:
    return {
        "leads": len(rows),
        "target_market_leads": count(rows, is_target_market=True),
        "icp_fit_leads": count(rows, fit_verdict="pass"),
        "fit_known_leads": len(rows) - count(rows, fit_verdict="unknown"),
        "noise_leads": known(rows, "noise_class"),
        "qualified_leads": count(rows, is_qualified=True),
        "handed_over_leads": known(rows, "handed_over_at"),
        "accepted_leads": known(rows, "accepted_at"),
        "rejected_leads": count(rows, sales_decision="rejected"),
        "disqualified_leads": count(rows, sales_decision="disqualified"),
        "vague_rejections": count(rows, is_vague_rejection=True),
        "due_leads": count(rows, is_follow_up_due=True),
        "followed_up_leads": count(rows, is_follow_up_completed=True),
        "conversations": known(rows, "first_conversation_at"),
        "opportunities": known(rows, "opportunity_id"),
        "strong_opportunities": count(rows, is_strong_pipeline=True),
        "won": count(rows, outcome="won"),
        "lost": count(rows, outcome="lost"),
        "leaked_leads": count(rows, lead_state="ignored") + count(rows, lead_state="stalled"),
        "mature_leads": count(rows, is_mature=True),
        "mature_opportunity_leads": count(rows, has_opportunity_in_horizon=True),
        "pipeline_amount": total(row["pipeline_amount"] for row in rows),
        "won_amount": total(row["won_amount"] for row in rows),
    }


def _lead_rates(counts: Row, settings: Settings) -> Row:
    decided = counts["accepted_leads"] + counts["rejected_leads"]
    return {
        **sure_rate("target_market_rate", counts["target_market_leads"], counts["leads"], settings),
        **sure_rate("icp_fit_rate", counts["icp_fit_leads"], counts["leads"], settings),
        **sure_rate("qualified_rate", counts["qualified_leads"], counts["leads"], settings),
        **sure_rate("sales_acceptance_rate", counts["accepted_leads"], decided, settings),
        **sure_rate("decision_coverage_rate", decided, counts["handed_over_leads"], settings),
        **sure_rate(
            "follow_up_completion_rate", counts["followed_up_leads"], counts["due_leads"], settings
        ),
        **sure_rate(
            "lead_to_opportunity_rate",
            counts["mature_opportunity_leads"],
            counts["mature_leads"],
            settings,
        ),
        **sure_rate("win_rate", counts["won"], counts["won"] + counts["lost"], settings),
        "cost_per_lead": rate(counts["spend"], counts["leads"]),
        "cost_per_fit_lead": rate(counts["spend"], counts["icp_fit_leads"]),
        "cost_per_opportunity": rate(counts["spend"], counts["opportunities"]),
    }


def win_rate_by_source(deals: list[Row], settings: Settings) -> list[Row]:
    """By month closed and source."""
    closed = [deal for deal in deals if deal["closed_month"] is not None]
    result = []
    for (month, source), rows in grouped(closed, "closed_month", "source").items():
        won, lost = count(rows, outcome="won"), count(rows, outcome="lost")
        won_amount = total(row["amount"] for row in rows if row["outcome"] == "won")
        lost_amount = total(row["amount"] for row in rows if row["outcome"] == "lost")
        linked = [row for row in rows if row["lead_id"] is not None]
        linked_won, linked_lost = count(linked, outcome="won"), count(linked, outcome="lost")
        result.append(
            {
                "closed_month": month,
                "source": source,
                "won": won,
                "lost": lost,
                "won_amount": won_amount,
                "lost_amount": lost_amount,
                **sure_rate("win_rate", won, won + lost, settings),
                "value_win_rate": rate(won_amount or 0, (won_amount or 0) + (lost_amount or 0)),
                "linked_won": linked_won,
                "linked_lost": linked_lost,
                **sure_rate("linked_win_rate", linked_won, linked_won + linked_lost, settings),
            }
        )
    return result


def velocity_by_source(visits: list[Row], settings: Settings) -> list[Row]:
    """By source, open stage and outcome: how long visits last."""
    in_open_stages = [visit for visit in visits if not visit["is_closed_stage"]]
    result = []
    for (source, stage, outcome), rows in grouped(
        in_open_stages, "source", "stage", "outcome"
    ).items():
        lasting = [row for row in rows if row["days_in_stage"] is not None]
        finished = sorted(row["days_in_stage"] for row in lasting if not row["is_open"])
        still_open = [row["days_in_stage"] for row in lasting if row["is_open"]]
        low, high = median_interval(finished, still_open)
        result.append(
            {
                "source": source,
                "stage": stage,
                "outcome": outcome,
                "visits": len(rows),
                "open_visits": count(rows, is_open=True),
                "finished_visits": count(rows, is_open=False),
                "mean_days": sum(finished) / len(finished) if finished else None,
                "median_days": median_with_open(finished, still_open),
                "median_days_low": low,
                "median_days_high": high,
                "median_days_is_small_sample": len(lasting) < settings.min_sample,
                "p75_days": quantile(finished, 0.75),
                "p90_days": quantile(finished, 0.9),
            }
        )
    return result


def stage_reached_by_source(deals: list[Row]) -> list[Row]:
    """By source and furthest open stage."""
    named = [deal | {"reached": deal["stage_reached"] or "unknown"} for deal in deals]
    return [
        {
            "source": source,
            "stage": stage,
            "opportunities": len(rows),
            "lost": count(rows, outcome="lost"),
            "won": count(rows, outcome="won"),
        }
        for (source, stage), rows in grouped(named, "source", "reached").items()
    ]


def disqualification_by_source(leads: list[Row], settings: Settings) -> list[Row]:
    """By month of the standing decision, source and reason."""
    standing = []
    for lead in leads:
        if lead["sales_decision"] in ("rejected", "disqualified"):
            decided_at = lead[f"{lead['sales_decision']}_at"]
            standing.append(lead | {"month": settings.month(decided_at)})
    columns = ("month", "source", "disqualification_reason")
    return [
        {
            "decision_month": month,
            "source": source,
            "reason": reason,
            "issue": rows[0]["disqualification_issue"],
            "leads": len(rows),
        }
        for (month, source, reason), rows in grouped(standing, *columns).items()
    ]


def follow_up_by_owner(leads: list[Row], settings: Settings) -> list[Row]:
    """By month of handover and owner."""
    handed = [
        lead
        | {
            "month": settings.month(lead["handed_over_at"]),
            "owner": lead["owner_id"] or "unassigned",
            "is_touched": lead["touch_count"] > 0,
        }
        for lead in leads
        if lead["handed_over_at"]
    ]
    return [
        {
            "handed_over_month": month,
            "owner_id": owner,
            "handed_over_leads": len(rows),
            "due_leads": count(rows, is_follow_up_due=True),
            "touched_leads": count(rows, is_touched=True),
            "followed_up_leads": count(rows, is_follow_up_completed=True),
            "ignored_leads": count(rows, lead_state="ignored"),
            **_sure_median("hours_to_first_touch", rows, settings),
            **_sure_median("business_hours_to_first_touch", rows, settings),
            "follow_up_grade": follow_up_grade(rows, settings),
        }
        for (month, owner), rows in grouped(handed, "month", "owner").items()
    ]


def _sure_median(name: str, rows: list[Row], settings: Settings) -> Row:
    """The plain median of a duration of the rows that have one, and how sure it is."""
    known = sorted(row[name] for row in rows if row[name] is not None)
    low, high = median_interval(known, [])
    return {
        f"median_{name}": median(known),
        f"median_{name}_low": low,
        f"median_{name}_high": high,
        f"median_{name}_is_small_sample": len(known) < settings.min_sample,
    }


def pipeline_quality(deals: list[Row], settings: Settings) -> list[Row]:
    """By month opened and source."""
    result = []
    for (month, source), rows in grouped(deals, "opened_month", "source").items():
        strong = [row for row in rows if row["is_strong_pipeline"]]
        still_open = [row for row in rows if row["outcome"] == "open"]
        with_contact = sum(row["contact_count"] > 0 for row in still_open)
        result.append(
            {
                "opened_month": month,
                "source": source,
                "opportunities": len(rows),
                "strong_opportunities": len(strong),
                "open_opportunities": len(still_open),
                "open_with_contact": with_contact,
                "won": count(rows, outcome="won"),
                "lost": count(rows, outcome="lost"),
                "amount": total(row["amount"] for row in rows),
                "strong_amount": total(row["amount"] for row in strong),
                "open_amount": total(row["amount"] for row in still_open),
                "won_amount": total(row["amount"] for row in rows if row["outcome"] == "won"),
                **sure_rate("opportunity_quality_rate", len(strong), len(rows), settings),
                **sure_rate("contact_coverage_rate", with_contact, len(still_open), settings),
            }
        )
    return result


def contact_coverage_by_owner(deals: list[Row], settings: Settings) -> list[Row]:
    """By month opened and owner: open deals, and those with a contact."""
    still_open = [
        deal | {"owner": deal["owner_id"] or "unassigned"}
        for deal in deals
        if deal["outcome"] == "open"
    ]
    result = []
    for (month, owner), rows in grouped(still_open, "opened_month", "owner").items():
        with_contact = sum(row["contact_count"] > 0 for row in rows)
        result.append(
            {
                "opened_month": month,
                "owner_id": owner,
                "open_opportunities": len(rows),
                "open_with_contact": with_contact,
                **sure_rate("contact_coverage_rate", with_contact, len(rows), settings),
            }
        )
    return result

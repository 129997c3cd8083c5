"""Is a deal strong pipeline? Six criteria, at as_of while open, else at its closing."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from .activities import Activity
from .deals import Deal
from .records import DealContact
from .rules import Definitions
from .settings import Settings
from .values import says_nothing


@dataclass(frozen=True)
class Criteria:
    """The six quality criteria of a deal, under their published names."""

    has_amount: bool
    has_live_close_date: bool
    has_next_step: bool
    has_recent_activity: bool
    has_decision_maker: bool
    has_multiple_contacts: bool

    @property
    def met(self) -> int:
        return sum(getattr(self, criterion.name) for criterion in fields(self))


def judge(
    deal: Deal,
    contacts: list[DealContact],
    people_count: int,
    titles: dict[str, str | None],
    activities: list[Activity],
    rules: Definitions,
    settings: Settings,
) -> Criteria:
    """Judge one deal by its contacts (id -> title), the people they are, and all activities."""
    moment = settings.as_of if deal.outcome == "open" else deal.closed_at
    day_judged = settings.today if deal.outcome == "open" else deal.closed_on
    close_date = deal.record.close_date
    return Criteria(
        has_amount=(deal.record.amount or 0) > 0,
        has_live_close_date=deal.outcome == "won"
        or (close_date is not None and day_judged is not None and close_date >= day_judged),
        has_next_step=not says_nothing(deal.record.next_step),
        has_recent_activity=any(_is_recent(act, moment, settings) for act in activities),
        has_decision_maker=any(
            _decides(contact, titles, deal, rules, settings) for contact in contacts
        ),
        has_multiple_contacts=people_count >= 2,
    )


def _is_recent(activity: Activity, moment: datetime | None, settings: Settings) -> bool:
    if moment is None or activity.done_at is None or not activity.shows_life:
        return False
    return moment - timedelta(days=settings.active_days) <= activity.done_at <= moment


def _decides(
    contact: DealContact,
    titles: dict[str, str | None],
    deal: Deal,
    rules: Definitions,
    settings: Settings,
) -> bool:
    day = settings.day(deal.created_at or settings.as_of)
    by_role = rules.mapped("contact_roles", contact.role, "authority", day)
    by_title = rules.title_authority(titles.get(contact.contact_id), day)
    return "decision_maker" in (by_role, by_title)

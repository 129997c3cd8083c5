"""What the scorecard counts: each measure as two counts over a published table, by its own axis.

The definitions are those of the overview page; rates are formed from the counts, never averaged.
"""

from dataclasses import dataclass

ACCEPTED = "accepted_at is not null"
REJECTED = "sales_decision = 'rejected'"
LEAKED = "lead_state in ('ignored', 'stalled')"
HAS_ACTIVITIES = "is_before_activities is not true"
"""Of a lead handed over before the CRM's first activity nobody knows whether it was followed up."""


@dataclass(frozen=True)
class Axis:
    """The moment that decides which period a row counts in."""

    name: str
    table: str
    moment: str
    """A timestamp column, or nothing for what is true at `as_of`."""
    is_day: bool = False
    """`moment` is a calendar day where one reports, which no time zone moves."""


CAPTURED = Axis("captured", "leads", "created_at")
HANDED_OVER = Axis("handed over", "leads", "handed_over_at")
REJECTED_ON = Axis("rejected", "leads", "rejected_at")
OPENED = Axis("opened", "opportunities", "created_at")
CLOSED = Axis("closed", "opportunities", "closed_on", is_day=True)
AS_OF = Axis("as of", "opportunities", "")
AXES = (CAPTURED, HANDED_OVER, REJECTED_ON, OPENED, CLOSED, AS_OF)


@dataclass(frozen=True)
class Measure:
    """One line of the scorecard.

    `numerator` and `denominator` are conditions whose rows are counted, or amounts that are summed
    (kind 'share'). `questions` are the places in crm_trust of what the CRM must be able to answer.
    """

    name: str
    axis: Axis
    numerator: str
    denominator: str = "true"
    questions: tuple[int, ...] = ()
    kind: str = "rate"
    compared: tuple[str, str] | None = None
    """Numerator and denominator at the end of each period: an older period has had more time to
    be decided, so two periods are compared at the same age."""
    known: str = "true"
    """What must hold of a row to be counted here; the published tables count the others too."""
    settle_days: int = 0
    """Days after its end before a period can be compared, where the same age can't be had.

    UNTIL_CLOSED: until 90% of the deals opened in it have had the time to close, for an open deal
    loses and gains quality with age. NEVER: it only tells how old the period is.
    """


SOURCE, RESPONSE, PROFILE, DECISION, REASON, FOLLOW_UP, OPPORTUNITY, WHY_NOT, CONTACTS, COST = (
    range(1, 11)
)
LOST = 14
"""The questions of crm_trust by their place (question_order)."""
LOST_AMOUNTS = 0
"""No question of crm_trust: whether lost deals have an amount, told by the deals themselves."""

DECIDED = f"({ACCEPTED} or {REJECTED})"
ACCEPTED_BY_END = "accepted_at < periods.ends_at"
DECIDED_BY_END = f"({ACCEPTED_BY_END} or {REJECTED} and rejected_at < periods.ends_at)"
ENDED = "outcome in ('won', 'lost')"
WON_AMOUNT = "case outcome when 'won' then amount when 'lost' then 0 * amount end"
ENDED_AMOUNT = f"case when {ENDED} then amount end"
SETTLED = 30
UNTIL_CLOSED = -1
NEVER = 10**6

LEAD_MEASURES = (
    Measure("lead_volume", CAPTURED, "true", kind="count"),
    Measure("target_market_rate", CAPTURED, "is_target_market", questions=(PROFILE,)),
    Measure("icp_fit_rate", CAPTURED, "is_icp_fit", questions=(PROFILE,)),
    Measure("fit_known_rate", CAPTURED, "fit_verdict in ('pass', 'fail')"),
    Measure("noise_rate", CAPTURED, "noise_class is not null"),
    Measure("qualified_rate", CAPTURED, "is_qualified", questions=(PROFILE,)),
    Measure(
        "sales_acceptance_rate",
        HANDED_OVER,
        ACCEPTED,
        DECIDED,
        (DECISION,),
        compared=(ACCEPTED_BY_END, DECIDED_BY_END),
    ),
    Measure("decision_coverage_rate", HANDED_OVER, DECIDED, compared=(DECIDED_BY_END, "true")),
    Measure(
        "follow_up_completion_rate",
        HANDED_OVER,
        "is_follow_up_completed",
        "is_follow_up_due",
        (FOLLOW_UP,),
        known=HAS_ACTIVITIES,
        settle_days=SETTLED,
    ),
    Measure(
        "leak_rate",
        HANDED_OVER,
        LEAKED,
        questions=(FOLLOW_UP,),
        known=HAS_ACTIVITIES,
        settle_days=SETTLED,
    ),
    Measure("vague_rejection_rate", REJECTED_ON, "is_vague_rejection", REJECTED),
    Measure(
        "lead_to_opportunity_rate",
        CAPTURED,
        "has_opportunity_in_horizon",
        "is_mature",
        (OPPORTUNITY,),
    ),
    Measure("mature_share", CAPTURED, "is_mature", settle_days=NEVER),
)
DEAL_MEASURES = (
    Measure(
        "opportunity_quality_rate",
        OPENED,
        "is_strong_pipeline",
        questions=(CONTACTS,),
        settle_days=UNTIL_CLOSED,
    ),
    Measure(
        "cohort_win_rate",
        OPENED,
        "outcome = 'won'",
        questions=(LOST,),
        settle_days=UNTIL_CLOSED,
    ),
    Measure("win_rate", CLOSED, "outcome = 'won'", ENDED, (LOST,)),
    Measure("value_win_rate", CLOSED, WON_AMOUNT, ENDED_AMOUNT, (LOST, LOST_AMOUNTS), kind="share"),
    Measure("contact_coverage_rate", AS_OF, "contact_count > 0", "outcome = 'open'"),
)
MEASURES = LEAD_MEASURES + DEAL_MEASURES

COSTS = {
    "cost_per_lead": "leads",
    "cost_per_fit_lead": "icp_fit_leads",
    "cost_per_opportunity": "opportunities",
}
"""Cost measures (captured axis) and the count of lead_quality_by_source that the spend is for."""


@dataclass(frozen=True)
class Duration:
    """A median time; rows that are not `finished` are still going on at `as_of`."""

    name: str
    axis: Axis
    finished: str
    """The time it took, null when it is not finished."""
    going_on: str
    """The time so far; `{as_of}` stands for the clock of the build."""
    questions: tuple[int, ...]
    unit: str


DURATIONS = (
    Duration(
        "median_hours_to_first_touch",
        HANDED_OVER,
        f"case when {HAS_ACTIVITIES} then hours_to_first_touch end",
        f"case when first_touch_at is null and {HAS_ACTIVITIES} "
        "then epoch({as_of} - handed_over_at) / 3600 end",
        (FOLLOW_UP,),
        "hours",
    ),
    Duration(
        "median_days_to_close",
        OPENED,
        "days_to_close",
        "case when outcome = 'open' then epoch({as_of} - created_at) / 86400 end",
        (),
        "days",
    ),
)

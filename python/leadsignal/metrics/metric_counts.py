"""What `query` can compute: every rate of the scorecard, and the plain counts and amounts."""

from dataclasses import dataclass

from leadsignal.metrics import measures
from leadsignal.metrics.measures import AXES, CAPTURED, CLOSED, COSTS, HANDED_OVER, OPENED, Axis

SPENT = Axis("captured", "spend", "created_month")


@dataclass(frozen=True)
class Metric:
    """A number, or a rate: the quotient of two aggregates over one table, on its own time axis."""

    name: str
    axis: Axis
    numerator: str
    denominator: str = ""
    """An aggregate; empty for what is no rate."""

    @property
    def aggregates(self) -> dict[str, str]:
        """Names and SQL of the additive columns behind the metric."""
        if not self.denominator:
            return {self.name: self.numerator}
        return {
            f"{self.name}_numerator": self.numerator,
            f"{self.name}_denominator": self.denominator,
        }


def all_metrics() -> dict[str, Metric]:
    """Every metric by its name."""
    found = [_rate(measure) for measure in measures.MEASURES]
    found += [Metric(cost, SPENT, "sum(spend)", f"sum({count})") for cost, count in COSTS.items()]
    found += [
        Metric(name, axis, _count(condition))
        for axis in AXES
        for name, condition in _COUNTS.get(axis.name, {}).items()
    ]
    found += [Metric(name, axis, f"sum({amount})") for name, (axis, amount) in _AMOUNTS.items()]
    return {metric.name: metric for metric in found}


def _rate(measure: measures.Measure) -> Metric:
    if measure.kind == "count":
        return Metric(measure.name, measure.axis, _count(measure.numerator))
    if measure.kind == "share":
        sums = (f"sum({measure.numerator})", f"sum({measure.denominator})")
        return Metric(measure.name, measure.axis, *sums)
    both = f"{measure.denominator} and {measure.numerator}"
    return Metric(measure.name, measure.axis, _count(both), _count(measure.denominator))


def _count(condition: str) -> str:
    return f"count(*) filter ({condition})"


# Names as in the published tables. `opportunities` are deals; leads with a deal say so.
_COUNTS = {
    CAPTURED.name: {
        "leads": "true",
        "target_market_leads": "is_target_market",
        "icp_fit_leads": "is_icp_fit",
        "fit_known_leads": "fit_verdict in ('pass', 'fail')",
        "noise_leads": "noise_class is not null",
        "qualified_leads": "is_qualified",
        "accepted_leads": measures.ACCEPTED,
        "rejected_leads": measures.REJECTED,
        "disqualified_leads": "sales_decision = 'disqualified'",
        "vague_rejections": "is_vague_rejection",
        "leaked_leads": measures.LEAKED,
        "conversations": "first_conversation_at is not null",
        "leads_with_opportunity": "opportunity_at is not null",
        "mature_leads": "is_mature",
        "mature_opportunity_leads": "has_opportunity_in_horizon",
    },
    HANDED_OVER.name: {
        "handed_over_leads": "true",
        "due_leads": "is_follow_up_due",
        "touched_leads": "first_touch_at is not null",
        "followed_up_leads": "is_follow_up_completed",
    },
    OPENED.name: {
        "opportunities": "true",
        "strong_opportunities": "is_strong_pipeline",
        "open_opportunities": "outcome = 'open'",
    },
    CLOSED.name: {"won": "outcome = 'won'", "lost": "outcome = 'lost'"},
}
_AMOUNTS = {
    "pipeline_amount": (OPENED, "amount"),
    "open_amount": (OPENED, "case when outcome = 'open' then amount end"),
    "won_amount": (CLOSED, "case when outcome = 'won' then amount end"),
    "lost_amount": (CLOSED, "case when outcome = 'lost' then amount end"),
    "spend": (SPENT, "spend"),
}

"""Which metrics the scorecard shows, in its order, and what it says of each."""

from dataclasses import dataclass

from leadsignal.honesty.grades import COST
from leadsignal.metrics.measures import COSTS, DURATIONS, MEASURES
from leadsignal.scorecard.card import LAGGING, LEADING


@dataclass(frozen=True)
class Shown:
    """A metric as the scorecard shows it."""

    name: str
    axis: str
    unit: str
    questions: tuple[int, ...] = ()
    indicator: str | None = None
    better: str | None = None


INDICATORS = dict.fromkeys(
    (
        "lead_volume",
        "icp_fit_rate",
        "qualified_rate",
        "sales_acceptance_rate",
        "follow_up_completion_rate",
    ),
    LEADING,
) | dict.fromkeys(
    ("lead_to_opportunity_rate", "opportunity_quality_rate", "win_rate", "median_days_to_close"),
    LAGGING,
)
DOWN = ("noise_rate", "leak_rate", "vague_rejection_rate", *COSTS, *(d.name for d in DURATIONS))
SHOWN = {
    one.name: one
    for one in (
        *(
            Shown(
                m.name,
                m.axis.name,
                "count" if m.kind == "count" else "rate",
                m.questions,
                INDICATORS.get(m.name),
                "down" if m.name in DOWN else "up",
            )
            for m in MEASURES
        ),
        *(
            Shown(d.name, d.axis.name, d.unit, d.questions, INDICATORS.get(d.name), "down")
            for d in DURATIONS
        ),
        *(Shown(name, "captured", "amount", (COST,), None, "down") for name in COSTS),
    )
}

"""Where the demo's leads come from: how many, when, from which source, and what that cost."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

AS_OF = "2026-10-31"
FIRST_MONTH = date(2025, 5, 1)
CUTOFF = int(datetime.fromisoformat(f"{AS_OF}T23:59:59").replace(tzinfo=UTC).timestamp())

_SECONDS_PER_DAY = 86_400
_GROWTH_PER_MONTH = 1.045
# Calendar months, January first: quiet summers and Decembers, busy springs and autumns.
_SEASON = [0.95, 1.0, 1.1, 1.05, 1.0, 0.92, 0.75, 0.72, 1.12, 1.25, 1.1, 0.62]
_MONTHS = 18


@dataclass(frozen=True)
class Source:
    """One origin of leads; shares and chances are between 0 and 1.

    `match` is the chance of each of country, industry and size to be in the target market;
    `senior` the share of decision makers; `appeal` scales the chance of a deal and of winning it.
    """

    label: str
    first_share: float
    last_share: float
    match: float
    noise: float
    senior: float
    appeal: float
    medium: str = ""


# Paid social grows without fit: the volume story that the scorecard has to see through.
SOURCES = [
    Source("Paid Social", 0.19, 0.36, 0.62, 0.14, 0.22, 0.55, "paid-social"),
    Source("Paid Search", 0.15, 0.13, 0.84, 0.05, 0.38, 0.95, "cpc"),
    Source("Organic Search", 0.17, 0.15, 0.91, 0.03, 0.42, 1.15, "organic"),
    Source("Customer Referral", 0.08, 0.07, 0.97, 0.005, 0.60, 1.60),
    Source("Webinar", 0.13, 0.11, 0.83, 0.05, 0.34, 0.90, "webinar"),
    Source("Content Syndication", 0.10, 0.07, 0.69, 0.10, 0.20, 0.50),
    Source("Trade Show", 0.05, 0.03, 0.82, 0.04, 0.40, 0.90),
    Source("Partner Referral", 0.05, 0.04, 0.91, 0.01, 0.50, 1.25),
    Source("Outbound", 0.05, 0.02, 0.94, 0.0, 0.55, 0.75),
    Source("", 0.03, 0.02, 0.82, 0.05, 0.30, 0.80),
]


@dataclass(frozen=True)
class Campaign:
    """One thing offered by a source every month; `share` of the source's leads, cost per lead."""

    source: str
    name: str
    share: float
    cost_per_lead: int


CAMPAIGNS = [
    Campaign("Paid Social", "Ebook: the pipeline playbook", 0.80, 62),
    Campaign("Paid Social", "Social: request a demo", 0.20, 118),
    Campaign("Paid Search", "Search: request a demo", 0.60, 165),
    Campaign("Paid Search", "Search: pricing", 0.35, 140),
    Campaign("Organic Search", "Contact sales form", 0.45, 0),
    Campaign("Organic Search", "Lead quality guide", 0.40, 0),
    Campaign("Customer Referral", "Referral: consultation", 0.70, 0),
    Campaign("Webinar", "Webinar: forecasts that hold", 1.00, 88),
    Campaign("Content Syndication", "Whitepaper: state of revenue", 1.00, 71),
    Campaign("Trade Show", "Trade show: stand and assessment", 1.00, 310),
    Campaign("Partner Referral", "Partner: joint assessment", 0.80, 0),
]


def months() -> list[date]:
    """First days of the months of the demo, oldest first."""
    numbers = range(FIRST_MONTH.month - 1, FIRST_MONTH.month - 1 + _MONTHS)
    return [date(FIRST_MONTH.year + number // 12, number % 12 + 1, 1) for number in numbers]


def month_number(second: str) -> str:
    """SQL: 0 for the first month of the demo; earlier times count as the first."""
    start = FIRST_MONTH.year * 12 + FIRST_MONTH.month
    return f"greatest(0, year(at_time({second})) * 12 + month(at_time({second})) - {start})"


def month_weights() -> list[float]:
    """Share of all leads that each month gets; they add up to 1."""
    raw = [_GROWTH_PER_MONTH**i * _SEASON[day.month - 1] for i, day in enumerate(months())]
    return [weight / sum(raw) for weight in raw]


def created_day(position: str) -> str:
    """SQL: the day (since 1970) of the lead at this position, 0 to 1, in the demo's time."""
    starts = [(day - date(1970, 1, 1)).days for day in months()]
    starts.append(CUTOFF // _SECONDS_PER_DAY + 1)
    branches, begin = [], 0.0
    for index, weight in enumerate(month_weights()):
        length = starts[index + 1] - starts[index]
        slope = round(length / weight, 6)
        branches.append(
            (
                begin + weight,
                f"{starts[index]} + least({length - 1}, "
                f"floor(({position} - {round(begin, 9)}) * {slope}))",
            )
        )
        begin += weight
    cases = " ".join(f"when {position} < {round(end, 9)} then {day}" for end, day in branches)
    return f"cast(case {cases} else {starts[-1] - 1} end as bigint)"


def source_number(u: str, progress: str) -> str:
    """SQL: number of the source in SOURCES; its share drifts from the first to the last month."""
    cases, first, drift = [], 0.0, 0.0
    for number, source in enumerate(SOURCES[:-1]):
        first += source.first_share
        drift += source.last_share - source.first_share
        cases.append(f"when {u} < {round(first, 6)} + {progress} * {round(drift, 6)} then {number}")
    return f"case {' '.join(cases)} else {len(SOURCES) - 1} end"


def by_source(value: Callable[[Source], object], number: str = "source_no") -> str:
    """SQL: a property of the numbered source."""
    items = ", ".join(
        f"'{item}'" if isinstance(item, str) else str(item) for item in map(value, SOURCES)
    )
    return f"([{items}])[{number} + 1]"


def campaign_number(u: str, source_no: str) -> str:
    """SQL: number of the offer in CAMPAIGNS that brought the lead, null when there was none."""
    cases = []
    for number, source in enumerate(SOURCES):
        end = 0.0
        for offer, campaign in enumerate(CAMPAIGNS):
            if campaign.source == source.label:
                end += campaign.share
                cases.append(f"when {source_no} = {number} and {u} < {round(end, 6)} then {offer}")
    return f"case {' '.join(cases)} end"


def campaign_costs(leads: int) -> list[tuple[int, int, int]]:
    """(month number, offer number, planned cost): what marketing paid for about this many leads."""
    costs = []
    for month, weight in enumerate(month_weights()):
        progress = month / (_MONTHS - 1)
        for offer, campaign in enumerate(CAMPAIGNS):
            source = next(item for item in SOURCES if item.label == campaign.source)
            share = source.first_share + progress * (source.last_share - source.first_share)
            expected = leads * weight * share * campaign.share
            costs.append((month, offer, round(expected * campaign.cost_per_lead)))
    return costs

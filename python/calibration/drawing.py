"""The leads, deals and calls of a made-up CRM, drawn from what is true of it."""

from datetime import date, datetime

import numpy
import pyarrow

from calibration.worlds import (
    AS_OF,
    CLOSE_SIGMA,
    DEAL_DAYS,
    DECIDED,
    DECISION_DAYS,
    MONTHS,
    SCORES,
    SOURCES,
    TOUCH_SIGMA,
    World,
)

DAY = 86_400.0
NEVER = numpy.datetime64("NaT")
AS_OF_MOMENT = numpy.datetime64(f"{AS_OF}T23:59:59")
REASONS = ("No budget", "Too early", "No pain")
VAGUE = "Bad lead"

Columns = dict[str, numpy.ndarray]


def draw(world: World, rng: numpy.random.Generator) -> dict[str, pyarrow.Table]:
    """The raw tables of one world in the generic layout: leads, opportunities, activities."""
    parts = [_leads(world, month, rng) for month in range(len(MONTHS))]
    leads = {name: numpy.concatenate([part[name] for part in parts]) for name in parts[0]}
    ids = numpy.array([f"{world.prefix}{place:05d}" for place in range(len(leads["score"]))])
    deals = _deals(world, ids, leads, rng)
    calls = _calls(world, ids, leads["handed_over_at"], rng)
    is_deal = numpy.isin(ids, deals["lead_id"])
    table = {
        "lead_id": ids,
        **{name: leads[name] for name in ("created_at", "source", "score", "country", "reason")},
        **{name: leads[name] for name in ("handed_over_at", "accepted_at", "rejected_at")},
        "opportunity_id": _text(is_deal, numpy.char.add("d-", ids)),
    }
    table["disqualification_reason"] = table.pop("reason")
    return {
        "leads": _table(table | _constants(len(ids))),
        "opportunities": _table({k: v for k, v in deals.items() if k != "lead_id"}),
        "activities": _table(calls),
    }


def _leads(world: World, month: int, rng: numpy.random.Generator) -> Columns:
    this = world.months[month]
    count = this.leads
    source = rng.choice(len(SOURCES), count, p=this.shares)
    score = rng.choice(SCORES, count, p=world.scores(month))
    created_at = _month_start(month) + _seconds(rng.uniform(0, _month_days(month) * DAY, count))
    is_fit = rng.uniform(size=count) < numpy.array(this.fit)[source]
    is_handed_over = rng.uniform(size=count) < world.handed_over(month, score)
    handed_over_at = _if(is_handed_over, created_at + _seconds(rng.exponential(DAY / 24, count)))
    is_decided = rng.uniform(size=count) < DECIDED
    is_accepted = rng.uniform(size=count) < world.accepted(month, score)
    decided_at = handed_over_at + _seconds(rng.exponential(DECISION_DAYS * DAY, count))
    accepted_at = _if(is_decided & is_accepted, decided_at)
    rejected_at = _if(is_decided & ~is_accepted, decided_at)
    reason = numpy.where(
        rng.uniform(size=count) < this.vague, VAGUE, rng.choice(numpy.array(REASONS), count)
    )
    return {
        "created_at": created_at,
        "source": numpy.array(SOURCES)[source],
        "score": score.astype(float),
        "country": numpy.where(is_fit, "US", "BR"),
        "handed_over_at": handed_over_at,
        "accepted_at": accepted_at,
        "rejected_at": rejected_at,
        "reason": _text(~numpy.isnat(rejected_at), reason),
    }


def _deals(
    world: World, ids: numpy.ndarray, leads: Columns, rng: numpy.random.Generator
) -> Columns:
    count = len(ids)
    delay = _seconds(rng.exponential(DEAL_DAYS * DAY, count))
    is_deal = rng.uniform(size=count) < world.conversion
    opened_at = _if(is_deal, leads["accepted_at"] + delay)
    lasting = rng.lognormal(numpy.log(world.close_days * DAY), CLOSE_SIGMA, count)
    is_won = rng.uniform(size=count) < world.win
    known = ~numpy.isnat(opened_at)
    opened_at, is_won, lasting = opened_at[known], is_won[known], lasting[known]
    closed_at = _until_now(opened_at + _seconds(lasting))
    is_closed = ~numpy.isnat(closed_at)
    stage = numpy.where(is_closed, numpy.where(is_won, "Closed Won", "Closed Lost"), "Discovery")
    return {
        "lead_id": ids[known],
        "opportunity_id": numpy.char.add("d-", ids[known]),
        "created_at": opened_at,
        "stage": stage,
        "is_won": is_closed & is_won,
        "is_closed": is_closed,
        "amount": rng.uniform(5_000, 50_000, len(stage)).round(),
        "closed_at": closed_at,
        "source": leads["source"][known],
    }


def _calls(
    world: World, ids: numpy.ndarray, handed_over_at: numpy.ndarray, rng: numpy.random.Generator
) -> Columns:
    hours = rng.lognormal(numpy.log(world.touch_hours * 3600), TOUCH_SIGMA, len(ids))
    called_at = _until_now(handed_over_at + _seconds(hours))
    known = ~numpy.isnat(called_at)
    return {
        "activity_id": numpy.char.add("c-", ids[known]),
        "lead_id": ids[known],
        "type": numpy.full(known.sum(), "Call"),
        "direction": numpy.full(known.sum(), "outbound"),
        "completed_at": called_at[known],
    }


def _constants(count: int) -> Columns:
    constants = {"title": "VP Sales", "industry": "Software", "employees": 200.0}
    return {name: numpy.full(count, value) for name, value in constants.items()}


def _month_start(month: int) -> numpy.datetime64:
    return numpy.datetime64(datetime.combine(MONTHS[month], datetime.min.time()), "s")


def _month_days(month: int) -> int:
    following = [*MONTHS[1:], date(2026, 11, 1)][month]
    return (following - MONTHS[month]).days


def _seconds(seconds: numpy.ndarray) -> numpy.ndarray:
    return seconds.astype("timedelta64[s]")


def _if(holds: numpy.ndarray, moments: numpy.ndarray) -> numpy.ndarray:
    """The moments where it holds and that have come, else none."""
    return _until_now(numpy.where(holds, moments, NEVER))


def _text(holds: numpy.ndarray, words: numpy.ndarray) -> numpy.ndarray:
    """The words where it holds, else none."""
    found = words.astype(object)
    found[~holds] = None
    return found


def _until_now(moments: numpy.ndarray) -> numpy.ndarray:
    return numpy.where(moments <= AS_OF_MOMENT, moments, NEVER)


def _table(columns: Columns) -> pyarrow.Table:
    return pyarrow.table(
        {
            name: pyarrow.array(column.tolist() if column.dtype == object else column)
            for name, column in columns.items()
        }
    )

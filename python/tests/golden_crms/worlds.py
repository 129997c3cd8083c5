"""The golden CRMs by name: what is true of each stands in its sentence and in its rates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random

from e2e.raw_tables import RawCrm

from .cohorts import Cohort, Fate, Rates
from .leads import decide, plan_of, truth_of
from .truth import Funnel, Truth
from .writer import GoldenSalesforce

AS_OF = "2026-10-31 23:59:59"
BEFORE, NOW = datetime(2026, 9, 1), datetime(2026, 10, 1)
Made = tuple[RawCrm, Truth]


@dataclass(frozen=True)
class World:
    """A golden CRM.

    Attributes:
        sentence: what is true of it.
        cohorts: its leads.
        seed: of what is left to chance.
        is_exact: the rates hold exactly, up to rounding; else they are true rates of dice.
        missing: raw tables that are not there.
    """

    name: str
    sentence: str
    cohorts: tuple[Cohort, ...]
    seed: int
    is_exact: bool = True
    missing: tuple[str, ...] = ()

    def make(self) -> Made:
        """The raw tables, and the truth about them; always the same."""
        random, plans, drawn = Random(self.seed), [], {}
        funnels: dict[tuple[str, str], Funnel] = {}
        for space, cohort in enumerate(self.cohorts):
            fate = Fate(random, self.is_exact)
            leads = [decide(cohort, number, fate) for number in range(cohort.leads)]
            place = (f"{cohort.month:%Y-%m}", cohort.source)
            funnels[place] = sum(map(truth_of, leads), funnels.get(place, Funnel()))
            plans.append(plan_of(cohort, space, leads))
            drawn[space] = leads
        tables = GoldenSalesforce(list(self.cohorts), drawn).tables(plans)
        kept = {name: rows for name, rows in tables.items() if name not in self.missing}
        return kept, Truth(funnels)


def _both_months(cohort: Cohort) -> list[Cohort]:
    return [cohort, replace(cohort, month=NOW)]


def _of(raw: str, leads: int, cost: float | None = None, rates: Rates | None = None) -> Cohort:
    """A cohort of September, known by its source and with a campaign of that name."""
    source = raw.lower().replace(" ", "_")
    return Cohort(BEFORE, source, leads, rates or Rates(), raw, f"{raw}: buyer guide", cost)


def _quiet() -> World:
    cohorts = [_of("Paid Social", 200, 9000.0), _of("Webinar", 200, 4000.0)]
    cohorts += [_of(raw, 200) for raw in ("Organic Search", "Customer Referral", "Partner")]
    return World(
        "quiet",
        "Every source has the same true rates in both months: nothing is better or worse.",
        tuple(month for cohort in cohorts for month in _both_months(cohort)),
        seed=11,
        is_exact=False,
    )


def _small() -> World:
    cohorts = [_of("Paid Social", 5, 800.0), _of("Organic Search", 4), _of("Customer Referral", 3)]
    return World(
        "small",
        "Twelve leads in October: too few for any conclusion.",
        tuple(replace(cohort, month=NOW) for cohort in cohorts),
        seed=12,
        is_exact=False,
    )


def _broken_tracking() -> World:
    blank = Cohort(BEFORE, "unknown", 240)
    cohorts = [*_both_months(blank), *_both_months(replace(_of("Paid Search", 40), campaign=None))]
    return World(
        "broken_tracking",
        "Six in seven leads have no source; no calls, e-mails or meetings are logged; no costs.",
        tuple(cohorts),
        seed=13,
        missing=("task", "event", "campaign", "campaign_member"),
    )


def _no_reasons() -> World:
    rates = Rates(accepted=0.25, vague=0.9)
    cohorts = [_of("Paid Social", 150, 6000.0, rates), _of("Organic Search", 150, None, rates)]
    return World(
        "no_reasons",
        "Sales rejects three in four, and of nine in ten rejections nobody knows why.",
        tuple(month for cohort in cohorts for month in _both_months(cohort)),
        seed=14,
    )


def _score_inflation() -> World:
    before = {30: 0.3, 50: 0.5, 70: 0.7, 90: 0.8}
    now = {score: acceptance * 0.6 for score, acceptance in before.items()}
    cohorts = [replace(_of(raw, 160, cost), by_score=before)
               for raw, cost in (("Paid Social", 5000.0), ("Organic Search", None))]  # fmt: skip
    doubled = [replace(one, month=NOW, leads=320, by_score=now) for one in cohorts]
    return World(
        "score_inflation",
        "October has twice the leads with the same scores; sales takes 60% as many of each band.",
        (*cohorts, *doubled),
        seed=15,
    )


def _mix_shift() -> World:
    weak = _of("Paid Social", 300, 6000.0, Rates(accepted=0.15))
    good = [_of("Customer Referral", 150, None, Rates(accepted=0.7)),
            _of("Organic Search", 150, None, Rates(accepted=0.5))]  # fmt: skip
    now = [replace(weak, month=NOW, leads=600, cost=12000.0)]
    now += [replace(cohort, month=NOW) for cohort in good]
    return World(
        "mix_shift",
        "Acceptance of every source is the same in both months; the weakest source doubled.",
        (weak, *good, *now),
        seed=16,
    )


MAKERS: tuple[Callable[[], World], ...] = (_quiet, _small, _broken_tracking)
MAKERS += (_no_reasons, _score_inflation, _mix_shift)
WORLDS = {world.name: world for world in (maker() for maker in MAKERS)}

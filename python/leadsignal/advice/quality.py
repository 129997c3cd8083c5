"""Advice on sources: spend less where leads do not fit, and more where they talk to sales."""

from collections.abc import Iterator, Sequence

from leadsignal import words
from leadsignal.advice import intervals
from leadsignal.advice.recommendation import UP, Proof, Recommendation, Share
from leadsignal.evidence import Evidence
from leadsignal.facts import Facts
from leadsignal.metrics.filters import Where
from leadsignal.metrics.questions import COST, OPPORTUNITY, PROFILE, SOURCE
from leadsignal.standing import Comparison, Standing

BY_HUNDRED = 100
"""Leads that are moved from one source to another, for what that would bring."""


def reduce_spend(facts: Facts, sources: Comparison) -> Iterator[Recommendation]:
    """Of the sources whose leads fit less than the rest, and mostly do not, the largest."""
    if not facts.is_trusted(SOURCE, PROFILE):
        return
    for one in [one for one in sources.volume_without_fit if one.is_without_fit][:1]:
        name, funnel = words.source_name(one.name), one.funnel
        cost, costs = _cost(facts, one)
        is_paid = bool(cost) or funnel.paid > 0
        yield Recommendation(
            "reduce_spend",
            f"{'reduce spend on' if is_paid else 'change who is drawn by'} {name}",
            f"{words.out_of(funnel.fit, funnel.leads, 'lead')} from there fit{cost}",
            funnel.fit,
            funnel.leads,
            one.is_small,
            (*_steps(facts, {"source": one.name}, "fit", "leads", "opportunities"), *costs),
            intervals.of_difference(
                one.rest.fit, one.rest.leads, funnel.fit, funnel.leads, funnel.leads,
                "more fit lead{s}", "if as many came from elsewhere",
            ),
            _loss(funnel.fit, funnel.opportunities),
            _fit_rises(facts),
        )  # fmt: skip


def focus(facts: Facts, sources: Comparison) -> Iterator[Recommendation]:
    """The sources that stand out, by conversations where they do, else by fit."""
    best = [one for one in sources.quality if one.funnel.conversations]
    if not best or not facts.is_trusted(SOURCE, PROFILE):
        return
    talks = all(one.talk == "better" for one in best)
    step, what = ("conversations", "first conversation") if talks else ("fit", "fit lead")
    good, leads = (sum(getattr(one.funnel, name) for one in best) for name in (step, "leads"))
    every, others = getattr(facts.funnel, step), facts.funnel.leads - leads
    if not others:
        return
    names = words.listing([words.source_name(one.name) for one in best])
    yield Recommendation(
        "focus",
        f"focus on {names}",
        f"{words.out_of(good, every, what)} came from {words.counted(leads, 'lead')} there",
        good,
        leads,
        any(one.is_small for one in best),
        (*_steps(facts, {"source": [one.name for one in best]}, step, "leads"), facts.step(step)),
        intervals.of_difference(
            good, leads, every - good, others, BY_HUNDRED, f"more {what}{{s}}",
            f"for every {BY_HUNDRED} leads from there instead of elsewhere",
        ),
        "there is no more to be had from there, and the others are missed",
        _talks_rise(facts) if talks else _fit_rises(facts),
    )  # fmt: skip


def _steps(facts: Facts, where: Where, *steps: str) -> list[Evidence]:
    return [facts.step(step, where) for step in steps]


def _loss(fit: int, opportunities: int) -> str:
    became = "became an opportunity" if opportunities == 1 else "became opportunities"
    more = f" and the {words.number(opportunities)} that {became}" if opportunities else ""
    if not fit:
        return f"we lose leads of which none has fitted so far{more}"
    return f"we lose leads like the {words.number(fit)} from there that fit{more}"


def _cost(facts: Facts, one: Standing) -> tuple[str, list[Evidence]]:
    """What a source cost, per fit lead and per opportunity, beside all others with known spend.

    The words before it say of how few fit leads, and of opportunities nothing: their cost is left
    out where either side has fewer than `min_sample`.
    """
    spend = facts.spend.get(one.name)
    if not spend or not facts.is_trusted(COST):
        return "", []
    others = [name for name in facts.spend if name != one.name]
    beside = sum(facts.spend[name] for name in others)
    parts, counts = [], [facts.during("spend", {"source": one.name})]
    ways = [("fit", "fit lead", "cost_per_fit_lead")]
    n, rest = _both(facts, one, others, "opportunities")
    are_enough = min(n, rest if beside else n) >= facts.published.min_sample
    if facts.is_trusted(OPPORTUNITY) and are_enough:
        ways.append(("opportunities", "opportunity", "cost_per_opportunity"))
    against = []
    for step, noun, metric in ways:
        n, rest = _both(facts, one, others, step)
        if n:
            counts.append(facts.during(metric, {"source": one.name}))
            parts.append(f"{_money(facts, spend / n)} per {noun}")
            if rest and beside:
                counts.append(facts.during(metric, {"source": others}))
                against.append(_money(facts, beside / rest))
    more = f": {words.listing(parts)}" if parts else ""
    if against and len(against) == len(parts):
        more += f", against {words.listing(against)} from what else is paid for"
    return f", at a cost of {_money(facts, spend)}{more}", counts


def _both(facts: Facts, one: Standing, others: Sequence[str], step: str) -> tuple[int, int]:
    """How many leads of a source, and of the others, got to a step."""
    rest = sum(getattr(facts.of_source(name), step) for name in others)
    return getattr(one.funnel, step), rest


def _money(facts: Facts, amount: float) -> str:
    return words.money(amount, facts.published.reporting_currency)


def _fit_rises(facts: Facts) -> Proof:
    return Proof(
        "the share of leads that fit",
        facts.step("fit"),
        facts.step("leads"),
        UP,
        Share(facts.funnel.fit, facts.funnel.leads),
    )


def _talks_rise(facts: Facts) -> Proof:
    return Proof(
        "the share of leads with a first conversation in their own period",
        facts.step("conversations"),
        facts.step("leads"),
        UP,
        Share(facts.talked_in_time, facts.funnel.leads),
        by_end="first_conversation_at",
    )

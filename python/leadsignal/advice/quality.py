"""Advice on sources: spend less where leads do not fit, and more where they talk to sales."""

from collections.abc import Iterator

from leadsignal import words
from leadsignal.advice import intervals
from leadsignal.advice.recommendation import UP, Proof, Recommendation, Share
from leadsignal.evidence import Evidence
from leadsignal.facts import Facts
from leadsignal.metrics.filters import Where
from leadsignal.metrics.questions import COST, OPPORTUNITY, PROFILE, SOURCE
from leadsignal.standing import Comparison, Standing

BY_TEN = 10
"""Leads that are moved from one source to another, for what that would bring."""


def reduce_spend(facts: Facts, sources: Comparison) -> Iterator[Recommendation]:
    """Of the sources whose leads fit less than the rest, the largest."""
    if not facts.is_trusted(SOURCE, PROFILE):
        return
    for one in sources.volume_without_fit[:1]:
        name, funnel = words.source_name(one.name), one.funnel
        cost, costs = _cost(facts, one)
        is_paid = bool(cost) or funnel.paid > 0
        yield Recommendation(
            "reduce_spend",
            f"{'reduce spend on' if is_paid else 'rework what'} {name}"
            f"{'' if is_paid else ' attracts'}",
            f"{words.out_of(funnel.fit, funnel.leads, 'lead')} from there fit{cost}",
            funnel.fit,
            funnel.leads,
            one.is_small,
            (*_steps(facts, {"source": one.name}, "fit", "leads", "opportunities"), *costs),
            intervals.of_difference(
                one.rest.fit, one.rest.leads, funnel.fit, funnel.leads, funnel.leads,
                "more fit leads", "if as many came from elsewhere",
            ),
            _loss(funnel.fit, funnel.opportunities),
            _fit_rises(facts),
        )  # fmt: skip


def focus(facts: Facts, sources: Comparison) -> Iterator[Recommendation]:
    """The one or two sources that stand out, where they bring conversations."""
    best = [one for one in sources.quality if one.funnel.conversations]
    if not best or not facts.is_trusted(SOURCE, PROFILE):
        return
    names = words.listing([words.source_name(one.name) for one in best])
    talks = sum(one.funnel.conversations for one in best)
    leads = sum(one.funnel.leads for one in best)
    every = facts.funnel.conversations
    here: Where = {"source": [one.name for one in best]}
    others = (every - talks, facts.funnel.leads - leads)
    given = f"for every {BY_TEN} leads from there instead of elsewhere"
    if not others[1]:
        return
    yield Recommendation(
        "focus",
        f"focus on {names}",
        f"{words.out_of(talks, every, 'first conversation')} "
        f"came from {words.counted(leads, 'lead')} there",
        talks,
        leads,
        any(one.is_small for one in best),
        (*_steps(facts, here, "conversations", "leads"), facts.step("conversations")),
        intervals.of_difference(talks, leads, *others, BY_TEN, "more first conversations", given),
        "there is no more to be had from there, and the others are missed",
        _talks_rise(facts),
    )


def _steps(facts: Facts, where: Where, *steps: str) -> list[Evidence]:
    return [facts.step(step, where) for step in steps]


def _loss(fit: int, opportunities: int) -> str:
    if not fit:
        return "we lose leads of which none has fitted so far"
    became = "became an opportunity" if opportunities == 1 else "became opportunities"
    more = f" and the {words.number(opportunities)} that {became}" if opportunities else ""
    return f"we lose leads like the {words.number(fit)} from there that fit{more}"


def _cost(facts: Facts, one: Standing) -> tuple[str, list[Evidence]]:
    """What a source cost, per fit lead and per opportunity, beside all others with known spend."""
    spend = facts.spend.get(one.name)
    if not spend or not facts.is_trusted(COST):
        return "", []
    others = [name for name in facts.spend if name != one.name]
    segments = facts.cuts["source"]
    beside = sum(facts.spend[name] for name in others)
    parts, counts = [], [facts.during("spend", {"source": one.name})]
    ways = [("fit", "fit lead", "cost_per_fit_lead")]
    if facts.is_trusted(OPPORTUNITY):
        ways.append(("opportunities", "opportunity", "cost_per_opportunity"))
    for step, noun, metric in ways:
        n = getattr(one.funnel, step)
        rest = sum(getattr(segments[name], step) for name in others if name in segments)
        if n:
            counts.append(facts.during(metric, {"source": one.name}))
            against = ""
            if rest and beside:
                counts.append(facts.during(metric, {"source": others}))
                against = f" against {_money(facts, beside / rest)} from what else is paid for"
            parts.append(f"{_money(facts, spend / n)} per {noun}{against}")
    more = f": {words.listing(parts)}" if parts else ""
    return f", at a cost of {_money(facts, spend)}{more}", counts


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

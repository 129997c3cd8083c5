"""What marketing's money bought: cost per fit lead and per opportunity, source by source."""

from collections.abc import Iterator

from leadsignal.evidence import Evidence, Sentence, say
from leadsignal.facts import Facts
from leadsignal.funnel import Funnel
from leadsignal.metrics.questions import COST, OPPORTUNITY, PROFILE
from leadsignal.words import listing, money, number, source_name

NAMED = 5


def costs(facts: Facts) -> Iterator[Sentence]:
    """The known spend of the period, the largest first."""
    known = sorted(facts.spend.items(), key=lambda item: (-item[1], item[0]))
    known = [(name, spend) for name, spend in known if spend]
    if not known or not facts.is_trusted(COST):
        return
    parts, counts = [], [facts.during("spend")]
    for name, spend in known[:NAMED]:
        told, found = _each(facts, name, spend, facts.of_source(name))
        place = "leads without a known source" if name == "unknown" else source_name(name)
        parts.append(f"{place} {_money(facts, spend)} ({told})")
        counts += [facts.during("spend", {"source": name}), *found]
    total = _money(facts, sum(facts.spend.values()))
    rest = ":" if len(known) <= NAMED else ", most of it on"
    yield say(
        f"A spend of {total} is known of {facts.period.words}{rest} {listing(parts)}.", *counts
    )


def _each(facts: Facts, name: str, spend: float, funnel: Funnel) -> tuple[str, list[Evidence]]:
    where = {"source": name}
    parts, counts = [], []
    if facts.is_trusted(PROFILE):
        counts += [facts.during("cost_per_fit_lead", where), facts.step("fit", where)]
        parts.append(_per(facts, spend, funnel.fit, "fit lead") or "no fit lead")
    if facts.is_trusted(OPPORTUNITY):
        counts += [facts.during("cost_per_opportunity", where), facts.step("opportunities", where)]
        each = _per(facts, spend, funnel.opportunities, "opportunity")
        parts.append(each or "no opportunity so far")
    return ", ".join(parts), counts


def _per(facts: Facts, spend: float, n: int, noun: str) -> str:
    """The cost of each, which says so where it is of few; empty of none."""
    few = f" of only {number(n)}" if n < facts.published.min_sample else ""
    return f"{_money(facts, spend / n)} per {noun}{few}" if n else ""


def _money(facts: Facts, amount: float) -> str:
    return money(amount, facts.published.reporting_currency)

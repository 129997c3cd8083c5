"""What the leads that failed have in common and those that sales took have not."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from leadsignal import warehouse
from leadsignal.evidence import Sentence, say
from leadsignal.facts import FAILED, IN_THE_PERIOD, WITHOUT_A_DATE, Facts
from leadsignal.honesty.statistics import SIGNIFICANCE, discoveries, two_proportions
from leadsignal.metrics.questions import DECISION
from leadsignal.standing import FEW_LEADS
from leadsignal.words import percent, quoted, some, source_name

if TYPE_CHECKING:
    import duckdb

DECIDED = "sales_decision is not empty"
NAMED = 2
TRAITS = {
    "source": "from {}",
    "campaign": "from the campaign {}",
    "offer": "that answered {}",
    "industry": "from companies in the industry {}",
    "country_code": "from companies in {}",
    "company_size": "from companies with {} employees",
}
"""What a lead can have in common with others -> how a sentence says it after 'the leads'."""
TRAITS_SQL = """
    select {trait}, count(*), count(*) filter (sales_decision in ('rejected', 'disqualified'))
    from fct_leads
    where {captured} and sales_decision is not null and {trait} <> 'unknown'
    group by all order by all
"""
"""Leads of which the attribute is not known are neither here nor among the others."""


@dataclass(frozen=True)
class Trait:
    """One value of one attribute: how many of its decided leads failed, and of all others."""

    name: str
    value: str
    decided: int
    failed: int
    other_decided: int
    other_failed: int

    @property
    def excess(self) -> float:
        """How many more failed than would have at the others' rate."""
        if not self.other_decided:
            return 0.0
        return self.failed - self.decided * self.other_failed / self.other_decided

    @property
    def p_value(self) -> float | None:
        """Of 'its leads fail as often as the others'; None where too few are there to ask."""
        if min(self.decided, self.other_decided) < FEW_LEADS:
            return None
        return two_proportions(self.failed, self.decided, self.other_failed, self.other_decided)

    def is_more_than(self, source: "Trait") -> bool:
        """Whether a campaign fails more often than the rest of a source which it may be part of."""
        rest, failed = source.decided - self.decided, source.failed - self.failed
        if rest <= 0 or not 0 <= failed <= rest:
            return True
        p_value = two_proportions(self.failed, self.decided, failed, rest)
        return p_value is not None and p_value <= SIGNIFICANCE

    @property
    def words(self) -> str:
        """After 'the leads': 'from webinars'."""
        name = source_name(self.value) if self.name == "source" else self.value
        is_typed = self.name in ("campaign", "offer", "industry")
        return TRAITS[self.name].format(quoted(name) if is_typed else name)


def common(con: "duckdb.DuckDBPyConnection", facts: Facts, most: int = NAMED) -> Iterator[Sentence]:
    """What failed leads share, as an association that a test found, never as a cause.

    `most` traits are named at most, those that the most failures hang on first.
    """
    if not facts.funnel.failed or not facts.funnel.accepted or not facts.is_trusted(DECISION):
        return
    traits = [trait for name in TRAITS for trait in _traits(con, facts, name)]
    found = discoveries([trait.p_value for trait in traits])
    shared = [
        trait
        for trait, is_found in zip(traits, found, strict=True)
        if is_found and trait.excess > 0
    ]
    shared.sort(key=lambda trait: (-trait.excess, [*TRAITS].index(trait.name), trait.value))
    sources = [trait for trait in shared if trait.name == "source"]
    shared = [
        trait
        for trait in shared
        if trait.name != "campaign" or all(map(trait.is_more_than, sources))
    ]
    # A campaign or an offer of its own makes for the same leads as its source.
    shared = [*{(trait.decided, trait.failed): trait for trait in reversed(shared)}.values()][::-1]
    if shared:
        yield _said(facts, shared[:most])


def _traits(con: "duckdb.DuckDBPyConnection", facts: Facts, name: str) -> list[Trait]:
    captured = WITHOUT_A_DATE if facts.is_snapshot else IN_THE_PERIOD
    bounds = {"starts_at": facts.period.starts_at, "ends_at": facts.period.ends_at}
    which = {} if facts.is_snapshot else bounds
    rows = con.execute(TRAITS_SQL.format(trait=name, captured=captured), which).fetchall()
    every, failed = sum(row[1] for row in rows), sum(row[2] for row in rows)
    return [Trait(name, value, n, k, every - n, failed - k) for value, n, k in rows]


def _said(facts: Facts, shared: list[Trait]) -> Sentence:
    parts, counts = [], []
    for trait in shared:
        parts.append(
            f"{some(trait.failed, trait.decided)} {trait.words} failed, "
            f"against {percent(trait.other_failed / trait.other_decided)} of all others"
        )
        here = (f"{trait.name} = {warehouse.literal(trait.value)}",)
        others = (
            f"{trait.name} <> {warehouse.literal(trait.value)}",
            f"{trait.name} <> unknown",
            f"{trait.name} is not empty",
        )
        counts += [
            facts.captured("leads", decided, *whose)
            for whose in (here, others)
            for decided in (FAILED, DECIDED)
        ]
    few = min(trait.decided for trait in shared) < facts.published.min_sample
    hint = "; these are few leads: a first sign, not a pattern" if few else ""
    return say(f"Of the leads that sales decided on, {'; '.join(parts)}{hint}.", *counts)

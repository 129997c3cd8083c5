"""What to change next with the evidence for it, and what every number of the report means."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from leadsignal import advice, evidence
from leadsignal.advice import Recommendation, Review
from leadsignal.evidence import Evidence
from leadsignal.facts import Facts
from leadsignal.metrics import definitions
from leadsignal.metrics.definitions import Metric
from leadsignal.report.content import OWN, Column, Section, Table, tabled
from leadsignal.scorecard.figures import Figure
from leadsignal.standing import Comparison
from leadsignal.words import sentence

if TYPE_CHECKING:
    import duckdb

SETTINGS = {
    "definition_version": "Version of the definitions",
    "contract_version": "Version of the tables",
    "reporting_timezone": "Time zone of days, weeks and months",
    "reporting_currency": "Currency of amounts",
    "min_sample": "Fewer cases than this are a small sample",
    "follow_up_sla_hours": "Hours in which a lead is to be touched",
    "conversion_horizon_days": "Days after which a lead is mature",
}


def advised(con: "duckdb.DuckDBPyConnection", facts: Facts, sources: Comparison) -> Section:
    """The recommendations, each with what is at stake and the queries it rests on."""
    found = advice.recommend(facts, sources) if facts.funnel.leads else []
    last_second = facts.period.ends_at - timedelta(seconds=1)
    reviews = advice.review(con, facts.period.kind, last_second)
    tables = [
        tabled("advice", "What to change, in the order of the work", _ADVICE, _rows(found),
               is_open=True),
        tabled("evidence", "The queries behind the advice", _EVIDENCE, _evidence(con, found)),
        _reviewed(reviews),
    ]  # fmt: skip
    words = (
        "A change is advised only where a test finds more than chance explains and the CRM can "
        "answer what it rests on."
        if found
        else "The numbers of the period support no change.",
    )
    shown = tuple(table for table in tables if table.rows)
    return Section("advice", "What to change next", words, (), shown)


def _rows(found: Sequence[Recommendation]) -> list[dict[str, Any]]:
    return [
        {
            "place": place,
            "change": sentence(one.action),
            "evidence": sentence(one.evidence),
            "confidence": one.confidence,
            "at_stake": one.effect.words,
            "if_wrong": one.if_wrong,
            "proof": one.proof.words,
        }
        for place, one in enumerate(found, 1)
    ]


def _evidence(
    con: "duckdb.DuckDBPyConnection", found: Sequence[Recommendation]
) -> list[dict[str, Any]]:
    known = definitions.load(con)
    return [
        {"place": place, "query": each.text, "command": each.command,
         **_value(con, known.get(each.metric), each)}
        for place, one in enumerate(found, 1)
        for each in dict.fromkeys(one.counts)
    ]  # fmt: skip


def _value(
    con: "duckdb.DuckDBPyConnection", metric: Metric | None, one: Evidence
) -> dict[str, Any]:
    """What a query gives and its unit; a table's column is a count."""
    found, unit = evidence.value(con, one), metric.unit if metric else "count"
    if found.denominator is None:
        return {"unit": unit, "value": found.value}
    return {"unit": unit, "value": Figure(found.value, found.numerator, found.denominator)}


def _reviewed(reviews: Sequence[Review]) -> Table:
    rows = [
        {
            "period": one.period.words,
            "change": sentence(one.action),
            "proof": one.proof.what,
            "before": Figure(one.before.rate, one.before.successes, one.before.cases),
            "now": Figure(one.now.rate, one.now.successes, one.now.cases),
            "verdict": one.verdict,
        }
        for one in reviews
    ]
    return tabled("reviews", "What became of the advice before", _REVIEWS, rows)


def meanings(
    con: "duckdb.DuckDBPyConnection", facts: Facts, published: Mapping[str, Any]
) -> Section:
    """The definitions in force: settings, and what each figure counts on which day."""
    known = definitions.load(con)
    settings = [
        {"label": label, "value": str(published[name])}
        for name, label in SETTINGS.items()
        if published.get(name) not in (None, "")
    ]
    metrics = [
        {column.name: getattr(known[row.metric], column.name) or "" for column in _METRICS}
        for row in facts.card.rows
    ]
    words = (
        "Rates are 0 to 100% with 95% Wilson intervals, times are Kaplan-Meier medians. Unknown is "
        "a value, never a pass. A star marks a small sample; a change is called one only when a "
        "test says so, with false discoveries held at 5% over all that was compared.",
    )
    return Section(
        "definitions",
        "Definitions in force",
        words,
        (),
        (
            tabled("settings", "Settings of this build", _SETTINGS, settings, is_open=True),
            tabled("metrics", "What each figure means", _METRICS, metrics),
        ),
    )


_ADVICE = (
    Column("place", "No."),
    Column("change", "Change", "text"),
    Column("evidence", "Evidence", "text"),
    Column("confidence", "Is a", "text"),
    Column("at_stake", "At stake in a period", "text"),
    Column("if_wrong", "If it is wrong", "text"),
    Column("proof", "Confirmed if", "text"),
)
_EVIDENCE = (
    Column("place", "No."),
    Column("query", "Query", "text"),
    Column("value", "Value", OWN),
    Column("command", "How to ask it", "text"),
)
_REVIEWS = (
    Column("period", "Advised in", "text"),
    Column("change", "Change", "text"),
    Column("proof", "Measured by", "text"),
    Column("before", "Then", "rate"),
    Column("now", "Now", "rate"),
    Column("verdict", "Verdict", "text"),
)
_SETTINGS = (Column("label", "Setting", "text"), Column("value", "Value", "text"))
_METRICS = (
    Column("label", "Figure", "text"),
    Column("name", "Metric", "text"),
    Column("description", "Meaning", "text"),
    Column("axis", "Counted by the day", "text"),
    Column("unit", "Unit", "text"),
    Column("better", "Better", "text"),
)

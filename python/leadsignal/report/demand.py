"""The leads of the period: how far they got, what each source brings, and why they fail."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from leadsignal.facts import Facts
from leadsignal.funnel import Funnel
from leadsignal.metrics.questions import OPPORTUNITY, PROFILE, REASON, SOURCE
from leadsignal.periods import Period, containing
from leadsignal.report.content import Chart, Column, Section, counts, named, percents, tabled
from leadsignal.scorecard.counting import Tally, records
from leadsignal.scorecard.figures import Figure, counted
from leadsignal.standing import Comparison, Standing
from leadsignal.words import listing

if TYPE_CHECKING:
    import duckdb

GATES = {
    "leads": "Captured",
    "target_market": "In the target market",
    "fit": "Basic fit",
    "handed_over": "Handed over",
    "accepted": "Accepted by sales",
    "conversations": "First conversation",
    "opportunities": "Opportunity so far",
    "strong": "Strong pipeline so far",
}
JUDGED_BY = {
    "target_market": ("target_market_rate",),
    "fit": ("icp_fit_rate",),
    "fit_known": ("fit_known_rate",),
    "accepted": ("sales_acceptance_rate",),
    "conversations": ("conversation_rate",),
    "opportunities": ("lead_to_opportunity_rate",),
    "strong": ("lead_to_opportunity_rate", "opportunity_quality_rate"),
}
"""Gate -> the metrics that say whether the CRM can answer it."""
SAME_POPULATION = (
    "Every gate counts the same leads, those captured in the period. A lead may pass a gate "
    "without the one before it, so a later gate can be the larger one."
)
VERDICTS = {
    "better": "fits more than the rest",
    "worse": "fits less than the rest",
    "same": "no clear difference",
}
TOO_FEW, NOT_KNOWN, FIRST_SIGN = "too few leads to tell", "source not known", " (first sign)"
FIT_NOT_KNOWN = "fit not known"
MONTHS_SHOWN = 12
REASONS_SQL = """
    select
        strftime(decision_month, '%Y-%m') as month, source,
        replace(coalesce(issue, 'unstated'), '_', ' ') as issue,
        replace(coalesce(reason, 'unstated'), '_', ' ') as reason,
        sum(leads)::bigint as leads
    from disqualification_by_source
    where decision_month >= $first and decision_month < $ends_on
    group by all
    order by month desc, leads desc, issue, reason, source
"""
COHORTS_SQL = """
    select
        strftime(created_month, '%Y-%m') as month, source,
        sum(leads)::bigint as leads,
        sum(mature_leads)::bigint as mature,
        sum(leads - mature_leads)::bigint as immature,
        sum(mature_opportunity_leads)::bigint as converted,
        sum(opportunities)::bigint as opportunities,
        sum(won)::bigint as won,
        sum(lost)::bigint as lost
    from lead_quality_by_source
    where created_month >= $first and created_month < $ends_on
    group by grouping sets ((created_month), (created_month, source))
    order by month desc, source nulls first
"""


def funnel(facts: Facts) -> Section:
    """One population through its gates, for all sources and for each."""
    rows = [
        {"source": source, **_gates(one, facts.published.min_sample)}
        for source, one in _segments(facts)
    ]
    columns = [Column("source", "Source", "source")]
    columns += [
        Column(name, label, "count" if name == "leads" else "rate") for name, label in GATES.items()
    ]
    table = tabled("funnel", "Leads at each gate, by source", columns, rows, _doubted(facts))
    told = [
        f"{label.lower()} {counts(rows[0][gate])}{percents(rows[0][gate])}"
        for gate, label in GATES.items()
        if gate != "leads" and gate not in table.doubted
    ]
    if not facts.funnel.leads:
        return Section("funnel", "The funnel", (f"No lead was captured in {_when(facts)}.",))
    chart = Chart(
        "funnel",
        f"The leads of {_when(facts)} at each gate",
        f"Of {facts.funnel.leads:,} leads: {listing(told)}.",
        table,
    )
    return Section("funnel", "The funnel", (SAME_POPULATION, _maturity(facts)), (chart,))


def sources(facts: Facts, compared: Comparison) -> Section:
    """Each source's leads against how many of them fit."""
    title = "Quality against volume, by source"
    if not facts.funnel.leads:
        return Section("sources", title, (f"No lead was captured in {_when(facts)}.",))
    least = facts.published.min_sample
    rows: list[dict[str, Any]] = [
        {
            "source": source,
            "leads": one.leads,
            **{name: _rate(getattr(one, name), one.leads, least) for name in _STEPS},
            "verdict": _verdict(facts, compared, source),
        }
        for source, one in _segments(facts)
    ]
    table = tabled("sources", "Sources by volume and quality", _SOURCES, rows, _doubted(facts))
    told = [f"{named(row['source'])} {row['verdict']}" for row in rows if row["verdict"] in _CLEAR]
    said = (
        f"Beyond chance: {listing(told)}."
        if told
        else "No source fits more or less than the rest by more than chance explains."
    )
    doubts = [facts.trust[one].sentence for one in (SOURCE, PROFILE) if not facts.is_trusted(one)]
    said = " ".join(doubts) or said
    largest = listing([f"{named(row['source'])} ({row['leads']:,})" for row in rows[1:4]])
    chart = Chart(
        "sources",
        "Leads of each source, and the share of them that fits",
        f"Most leads came from {largest}. {said}",
        table,
    )
    if "fit" in table.doubted:
        return Section("sources", title, (said, _maturity(facts)), (), (table,))
    return Section("sources", title, (said, _maturity(facts)), (chart,))


def reasons(con: "duckdb.DuckDBPyConnection", facts: Facts) -> Section:
    """Why leads failed, by issue and source, by the month of the decision."""
    title = "Why leads were turned away"
    months = months_of(facts.period)
    found = records(con, REASONS_SQL, window(facts.period))
    now = [row for row in found if row["month"] in months]
    when = month_words(facts.period)
    total = sum(row["leads"] for row in now)
    merged: dict[tuple[str, str], int] = {}
    for row in now:
        key = row["issue"], row["reason"]
        merged[key] = merged.get(key, 0) + row["leads"]
    ordered = sorted(merged.items(), key=lambda one: (-one[1], one[0]))
    shares: list[dict[str, Any]] = [
        {
            "issue": issue,
            "reason": reason,
            "leads": _rate(leads, total, facts.published.min_sample),
        }
        for (issue, reason), leads in ordered
    ]
    doubted = ("leads",) if not facts.is_trusted(REASON) else ()
    tables = (
        tabled("reasons", f"Reasons given in {when}", _REASONS, shares, doubted),
        tabled("reasons_by_month", "Reasons by month and source", _REASON_ROWS, found),
    )
    if not now:
        nothing = f"No standing rejection or disqualification was decided in {when}."
        return Section("reasons", title, (nothing,), (), tables[1:] if found else ())
    said = (
        f"{total:,} standing rejections and disqualifications were decided in {when}, whenever the "
        "leads were captured."
    )
    words = (said, facts.trust[REASON].sentence) if doubted else (said,)
    by_source = tabled("reasons_by_source", f"Reasons in {when} by source", _REASON_ROWS, now)
    told = [f"{row['reason']} {counts(row['leads'])}" for row in shares[:3]]
    chart = Chart(
        "reasons",
        f"Reasons of {when}, by issue and source",
        f"Most often: {listing(told)}.",
        by_source,
    )
    return Section("reasons", title, words, (chart,), tables)


def cohorts(con: "duckdb.DuckDBPyConnection", facts: Facts) -> Section:
    """Leads by the month they were captured, and the share of the old enough that converted."""
    least, days = facts.published.min_sample, facts.published.conversion_horizon_days
    found = records(con, COHORTS_SQL, window(facts.period))
    rows = [row | {"rate": _rate(row["converted"], row["mature"], least)} for row in found]
    title = "Cohorts by month"
    if not rows:
        return Section("cohorts", title, ("No lead was captured in the last twelve months.",))
    doubted = ("rate",) if not facts.is_trusted(OPPORTUNITY) else ()
    table = tabled("cohorts", "Leads by month of capture and source", _COHORTS, rows, doubted)
    young = sum(row["immature"] for row in rows if row["source"] is None)
    said = (
        f"A lead is mature {days} days after its capture; only mature leads are in the rate. "
        f"{young:,} leads of these months are younger: hatched. A hollow point is a small sample."
    )
    words = (said, facts.trust[OPPORTUNITY].sentence) if doubted else (said,)
    judged = [row for row in rows if row["source"] is None and row["mature"]]
    newest = (
        f"The newest month with mature leads, {judged[0]['month']}: "
        f"{counts(judged[0]['rate'])}{percents(judged[0]['rate'])} became opportunities in time."
        if judged and not doubted
        else "No month has a conversion rate yet."
    )
    chart = Chart("cohorts", "Conversion of each month's leads, and how many there were", newest,
                  table)  # fmt: skip
    return Section("cohorts", title, words, (chart,))


def months_of(period: Period) -> tuple[str, ...]:
    """The months that the days of a period lie in; tables by month know no weeks."""
    first = containing(period.start, "month")
    last = containing(period.end - timedelta(days=1), "month")
    found = [last]
    while found[0].start > first.start:
        found.insert(0, found[0].before())
    return tuple(one.label for one in found)


def month_words(period: Period) -> str:
    """Those months as a sentence says them."""
    labels = [f"{label}-01" for label in months_of(period)]
    return listing([containing(date.fromisoformat(one), "month").words for one in labels])


def window(period: Period) -> dict[str, date]:
    """The first day of the months shown, and the first day after the period's last month."""
    last = containing(period.end - timedelta(days=1), "month")
    return {"first": last.before(MONTHS_SHOWN - 1).start, "ends_on": last.end}


def _when(facts: Facts) -> str:
    return "all time (no lead has a date)" if facts.is_snapshot else facts.period.words


def _maturity(facts: Facts) -> str:
    """How many of the leads have had the time after which a conversion is judged."""
    leads, mature = facts.funnel.leads, facts.funnel.mature
    others = "; the others may still become opportunities" if mature < leads else ""
    return (
        f"Of these leads, {mature:,} of {leads:,} {'is' if mature == 1 else 'are'}"
        f" mature ({facts.published.conversion_horizon_days} days old or more){others}."
    )


def _segments(facts: Facts) -> Iterator[tuple[str | None, Funnel]]:
    """All leads, and each source from the largest on, be it one that is not known."""
    yield None, facts.funnel
    cut = dict(facts.cuts.get("source", {}))
    if facts.unknown_source.leads:
        cut["unknown"] = facts.unknown_source
    yield from sorted(cut.items(), key=lambda one: (-one[1].leads, one[0]))


def _gates(one: Funnel, least: int) -> dict[str, Any]:
    reached = {**vars(one), "handed_over": one.leads - one.not_handed_over}
    return {
        gate: one.leads if gate == "leads" else _rate(reached[gate], one.leads, least)
        for gate in GATES
    }


def _rate(part: int, whole: int, least: int) -> Figure:
    return counted("rate", Tally(part, whole), least)


def _doubted(facts: Facts) -> Sequence[str]:
    low = {row.metric for row in facts.card.rows if not row.is_answerable}
    return [gate for gate, metrics in JUDGED_BY.items() if low.intersection(metrics)]


def _verdict(facts: Facts, compared: Comparison, source: str | None) -> str:
    known: Mapping[str, Standing] = {one.name: one for one in compared.standings}
    if source is None:
        return ""
    if source not in known or not facts.is_trusted(SOURCE):
        return NOT_KNOWN
    if not facts.is_trusted(PROFILE):
        return FIT_NOT_KNOWN
    one = known[source]
    is_few = one.is_small and one.fit == "same"
    return TOO_FEW if is_few else f"{VERDICTS[one.fit]}{FIRST_SIGN if one.is_small else ''}"


_CLEAR = {f"{VERDICTS[one]}{sign}" for one in ("better", "worse") for sign in ("", FIRST_SIGN)}
_STEPS = ("fit", "fit_known", "accepted", "conversations", "opportunities")
_SOURCES = (
    Column("source", "Source", "source"),
    Column("leads", "Leads"),
    Column("fit", "Basic fit", "rate"),
    Column("fit_known", "Fit is known", "rate"),
    Column("accepted", "Accepted by sales", "rate"),
    Column("conversations", "First conversation", "rate"),
    Column("opportunities", GATES["opportunities"], "rate"),
    Column("verdict", "Against the rest", "text"),
)
_REASONS = (
    Column("issue", "Issue", "text"),
    Column("reason", "Reason", "text"),
    Column("leads", "Share of all", "rate"),
)
_REASON_ROWS = (
    Column("month", "Decided in", "month"),
    Column("source", "Source", "source"),
    Column("issue", "Issue", "text"),
    Column("reason", "Reason", "text"),
    Column("leads", "Leads"),
)
_COHORTS = (
    Column("month", "Captured in", "month"),
    Column("source", "Source", "source"),
    Column("leads", "Leads"),
    Column("mature", "Mature"),
    Column("immature", "Not mature yet"),
    Column("rate", "Mature leads with an opportunity in time", "rate"),
    Column("opportunities", "With an opportunity so far"),
    Column("won", "Won"),
    Column("lost", "Lost"),
)

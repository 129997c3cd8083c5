"""Volume beside value: what a target on lead count rewards, and what qualified pipeline rewards."""

from typing import Any

from leadsignal.honesty.grades import grades
from leadsignal.metrics.questions import COST
from leadsignal.questions.asking import CAPTURED, Asked, Found, tabled
from leadsignal.words import counted, money, percent, source_name

VALUE_SQL = f"""
    with
    leads as (
        select source, count(*) as leads, count(*) filter (is_icp_fit) as fit_leads
        from fct_leads
        where {CAPTURED}
        group by source
    ),
    opened as (
        select
            source,
            count(*) as opportunities,
            count(*) filter (is_sales_qualified) as accepted_opportunities,
            coalesce(sum(amount) filter (is_sales_qualified), 0) as accepted_pipeline
        from fct_opportunities
        where opened_on >= $starts_on and opened_on < $ends_on
        group by source
    ),
    closed as (
        select source, coalesce(sum(amount), 0) as won_amount
        from fct_opportunities
        where outcome = 'won' and closed_on >= $starts_on and closed_on < $ends_on
        group by source
    ),
    paid as (
        select
            source,
            sum(spend) as spend,
            sum(opportunities) filter (spend is not null) as cohort_opportunities
        from lead_quality_by_source
        where created_month >= $starts_on and created_month < $ends_on
        group by source
    )
    select
        source,
        coalesce(leads, 0) as leads,
        coalesce(fit_leads, 0) as fit_leads,
        coalesce(opportunities, 0) as opportunities,
        coalesce(accepted_opportunities, 0) as accepted_opportunities,
        coalesce(accepted_pipeline, 0) as accepted_pipeline,
        coalesce(won_amount, 0) as won_amount,
        spend,
        coalesce(cohort_opportunities, 0) as cohort_opportunities
    from leads
    full join opened using (source)
    full join closed using (source)
    full join paid using (source)
    order by leads desc, accepted_pipeline desc, source
"""
SHARES = {
    "leads": "share_of_leads",
    "fit_leads": "share_of_fit_leads",
    "accepted_pipeline": "share_of_accepted_pipeline",
    "won_amount": "share_of_won_amount",
}
COLUMNS = (
    "source text, leads count, share_of_leads number, rank_by_volume count, fit_leads count,"
    "share_of_fit_leads number, accepted_opportunities count, accepted_pipeline number,"
    "share_of_accepted_pipeline number, rank_by_value count, won_amount number,"
    "share_of_won_amount number, spend number, cost_per_fit_lead number,"
    "cost_per_opportunity number"
)


def value(asked: Asked) -> Found:
    """One row per source and one for all, in the reporting currency.

    Leads are those captured, pipeline is what was opened and won amounts what was closed in the
    period. Spend is known by month only, so of a week nothing is said about costs.
    """
    rows = asked.rows(VALUE_SQL)
    known = grades(asked.con)
    if asked.period.kind == "week" or (COST in known and known[COST].is_low):
        rows = [row | {"spend": None} for row in rows]
    every = _every(rows)
    _ranked(rows, "leads", "rank_by_volume")
    _ranked(rows, "accepted_pipeline", "rank_by_value")
    table = [_costs(row | _shares(row, every)) for row in (every, *rows)]
    return Found(tabled(table, COLUMNS), _words(asked, every, rows))


def _every(rows: list[dict[str, Any]]) -> dict[str, Any]:
    names = ("leads", "fit_leads", "accepted_opportunities", "accepted_pipeline", "won_amount")
    spends = [row["spend"] for row in rows if row["spend"] is not None]
    return {
        "source": "all",
        **{name: sum(row[name] for row in rows) for name in names},
        "spend": sum(spends) if spends else None,
    }


def _ranked(rows: list[dict[str, Any]], by: str, name: str) -> None:
    """Gives each source with any of it its place; equals share one."""
    for row in rows:
        if row[by]:
            row[name] = 1 + sum(other[by] > row[by] for other in rows)


def _shares(row: dict[str, Any], every: dict[str, Any]) -> dict[str, float | None]:
    return {
        share: row[name] / every[name] if every[name] else None for name, share in SHARES.items()
    }


def _costs(row: dict[str, Any]) -> dict[str, Any]:
    """The costs of a source; all sources have none, for not every source's spend is known."""
    if row["source"] == "all" or row["spend"] is None:
        return row
    fit, deals = row["fit_leads"], row["cohort_opportunities"]
    return row | {
        "cost_per_fit_lead": row["spend"] / fit if fit else None,
        "cost_per_opportunity": row["spend"] / deals if deals else None,
    }


def _words(asked: Asked, every: dict[str, Any], rows: list[dict[str, Any]]) -> str:
    currency, deals = asked.published.reporting_currency, every["accepted_opportunities"]
    signed = (
        f"The number both teams can sign for {asked.period.words}: "
        f"{money(every['accepted_pipeline'], currency)} of pipeline that sales accepted, in "
        f"{counted(deals, 'opportunity', 'opportunities')}."
    )
    return " ".join([signed, *_rewarded(asked, rows, deals)])


def _rewarded(asked: Asked, rows: list[dict[str, Any]], deals: int) -> list[str]:
    """Where the two targets point; the amounts of few deals are no habit of a source."""
    by_volume = [row for row in rows if row.get("rank_by_volume") == 1]
    by_value = [row for row in rows if row.get("rank_by_value") == 1]
    if len(by_volume) != 1 or len(by_value) != 1:
        return []
    (most,), (best,) = by_volume, by_value
    if "unknown" in (most["source"], best["source"]):
        return []
    leads, pipeline = (sum(row[name] for row in rows) for name in ("leads", "accepted_pipeline"))
    first = (
        f"A target on lead count rewards {source_name(most['source'])} most "
        f"({percent(most['leads'] / leads)} of the leads, "
        f"{percent(most['accepted_pipeline'] / pipeline)} of the accepted pipeline)"
    )
    if most is best:
        second = "and so does a target on accepted pipeline."
    else:
        second = (
            f"while accepted pipeline rewards {source_name(best['source'])} "
            f"({percent(best['leads'] / leads)} of the leads, "
            f"{percent(best['accepted_pipeline'] / pipeline)} of the accepted pipeline)."
        )
    said = [f"{first}, {second}"]
    if deals < asked.min_sample:
        said.append(
            f"With {counted(deals, 'such deal')} that ranking is made by single deals: it is "
            "what happened, not what to expect."
        )
    return said

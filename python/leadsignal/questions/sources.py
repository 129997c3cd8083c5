"""Which sources created qualified opportunities, and which segments created noise."""

from typing import Any

from leadsignal.honesty.pooling import Ranking, ranked
from leadsignal.questions.asking import CAPTURED, Asked, Found, tabled
from leadsignal.questions.comparing import HIGHER, TOO_FEW, against_the_rest, rated
from leadsignal.questions.saying import TOO_SMALL, several
from leadsignal.words import counted, listing, money, number, opening, quoted, source_name, was

SOURCES_SQL = """
    with
    opened as (
        select
            source,
            count(*) as opportunities,
            count(*) filter (is_sales_qualified) as qualified_opportunities,
            count(*) filter (is_sales_qualified and is_strong_pipeline)
                as strong_qualified_opportunities,
            sum(amount) filter (is_sales_qualified) as qualified_amount
        from fct_opportunities
        where opened_on >= $starts_on and opened_on < $ends_on
        group by source
    ),
    judged as (
        select
            source,
            count(*) as mature_leads,
            count(*) filter (has_opportunity_in_horizon) as leads_with_opportunity
        from fct_leads
        where is_mature and created_at < $ends_at
            and created_at >= $year_began_at - to_days($horizon_days)
        group by source
    )
    select
        source,
        coalesce(opportunities, 0) as opportunities,
        coalesce(qualified_opportunities, 0) as qualified_opportunities,
        coalesce(strong_qualified_opportunities, 0) as strong_qualified_opportunities,
        qualified_amount,
        coalesce(mature_leads, 0) as mature_leads,
        coalesce(leads_with_opportunity, 0) as leads_with_opportunity
    from opened full join judged using (source)
"""
SOURCES_COLUMNS = (
    "rank count, source text, opportunities count, qualified_opportunities count,"
    "strong_qualified_opportunities count, qualified_amount number, mature_leads count,"
    "leads_with_opportunity count, raw_rate number, pooled_rate number, pooled_rate_low number,"
    "pooled_rate_high number, standing text"
)
CUTS = ("source", "campaign", "offer")
NOISE_SQL = f"""
    select
        case
            when grouping(source) = 0 then 'source'
            when grouping(campaign) = 0 then 'campaign'
            else 'offer'
        end as cut,
        coalesce(source, campaign, offer) as segment,
        count(*) as leads,
        count(noise_class) as noise_leads,
        count(*) filter (fit_verdict = 'fail') as unfit_leads,
        count(*) filter (accepted_at is not null) as accepted_leads
    from fct_leads
    where {CAPTURED}
    group by grouping sets ((source), (campaign), (offer))
    having segment is not null
    order by cut desc, leads desc, segment
"""
NOISE_COLUMNS = (
    "cut text, segment text, leads count, noise_leads count, unfit_leads count,"
    "accepted_leads count, unfit_rate number, unfit_rate_low number, unfit_rate_high number,"
    "pooled_unfit_rate number, against_the_rest text"
)


def sources(asked: Asked) -> Found:
    """One row per source: the qualified opportunities opened, and how its leads convert.

    The rate is of the leads of a year that are old enough; the rank goes by the pooled rate.
    """
    rows = asked.rows(SOURCES_SQL, horizon_days=asked.published.conversion_horizon_days)
    ranking = ranked(
        {row["source"]: (row["leads_with_opportunity"], row["mature_leads"]) for row in rows}
    )
    of = {row["source"]: row for row in rows}
    table = [
        of[one.segment]
        | {
            "rank": place,
            "raw_rate": one.raw,
            "pooled_rate": one.pooled,
            "pooled_rate_low": one.low,
            "pooled_rate_high": one.high,
            "standing": _standing(one.standing, one.n, asked),
        }
        for place, one in enumerate(ranking.segments, 1)
        if one.n
    ]
    table += [row for row in rows if not row["mature_leads"]]
    return Found(tabled(table, SOURCES_COLUMNS), _sources_words(asked, rows, ranking))


def _standing(standing: str, n: int, asked: Asked) -> str:
    return standing if n >= asked.min_sample else "too few leads"


def _sources_words(asked: Asked, rows: list[dict[str, Any]], ranking: Ranking) -> str:
    qualified = sum(row["qualified_opportunities"] for row in rows)
    amount = sum(row["qualified_amount"] or 0 for row in rows)
    if qualified:
        first = max(rows, key=lambda row: (row["qualified_opportunities"], row["source"]))
        start = (
            f"{opening(qualified)} qualified "
            f"{'opportunity' if qualified == 1 else 'opportunities'} "
            f"worth {money(amount, asked.published.reporting_currency)} {was(qualified)} opened in "
            f"{asked.period.words}, {number(first['qualified_opportunities'])} of them from "
            f"{source_name(first['source'])}."
        )
    else:
        start = f"No qualified opportunity was opened in {asked.period.words}."
    return f"{start} {_ranking_words(asked, ranking)}"


def _ranking_words(asked: Asked, ranking: Ranking) -> str:
    """What can be said of the rates; unknown is no source to recommend."""
    told = []
    for standing, verb in (("above", "turn more"), ("below", "turn fewer")):
        names = [
            source_name(one.segment)
            for one in ranking.segments
            if one.standing == standing and one.n >= asked.min_sample
            if one.segment != "unknown"
        ]
        if names:
            told.append(f"{several(names)} {verb}")
    days = asked.published.conversion_horizon_days
    judged = f"Of the leads that are old enough to judge ({days} days)"
    if not ranking.segments:
        return f"No lead on record is {days} days old, so no source can be ranked."
    if not told:
        return f"{judged}, no source turns more into opportunities than the others beyond chance."
    said = f"{judged}, {listing(told)} of them into opportunities than the average."
    if ranking.best is None or ranking.best == "unknown":
        return said
    first = next(one for one in ranking.segments if one.segment == ranking.best)
    if first.n < asked.min_sample:
        return said
    return f"{said} Every other source is behind {source_name(ranking.best)}, beyond chance."


def noise(asked: Asked) -> Found:
    """One row per source, campaign and offer: leads that are noise, and those known not to fit."""
    rows = asked.rows(NOISE_SQL)
    verdicts = against_the_rest(rows, "unfit_leads", "leads", asked.min_sample, "cut")
    pooled: dict[tuple[str, str], float] = {}
    for cut in CUTS:
        counts = {
            row["segment"]: (row["unfit_leads"], row["leads"]) for row in rows if row["cut"] == cut
        }
        pooled |= {(cut, one.segment): one.pooled for one in ranked(counts).segments}
    table = [
        rated(row, "unfit_leads", "leads", "unfit_rate")
        | {
            "against_the_rest": verdict,
            "pooled_unfit_rate": pooled[row["cut"], row["segment"]],
        }
        for row, verdict in zip(rows, verdicts, strict=True)
    ]
    table.sort(key=lambda row: (-CUTS.index(row["cut"]), row["pooled_unfit_rate"]), reverse=True)
    return Found(tabled(table, NOISE_COLUMNS), _noise_words(asked, table))


def _noise_words(asked: Asked, table: list[dict[str, Any]]) -> str:
    leads = sum(row["leads"] for row in table if row["cut"] == "source")
    if not leads:
        return f"No lead was captured in {asked.period.words}."
    unfit = sum(row["unfit_leads"] for row in table if row["cut"] == "source")
    noisy = sum(row["noise_leads"] for row in table if row["cut"] == "source")
    said = [
        f"Of {counted(leads, 'lead')} captured in {asked.period.words}, {number(unfit)} "
        f"{was(unfit)} known not to fit, {number(noisy)} of them noise such as students, vendors "
        "or job seekers."
    ]
    told, counted_already = [], set()
    for cut in CUTS:
        named, names = source_name if cut == "source" else quoted, []
        for row in table:
            counts = (row["leads"], row["unfit_leads"], row["noise_leads"])
            # A source with one campaign of one offer is one finding, not three.
            if (row["cut"], row["against_the_rest"]) == (cut, HIGHER) and (
                row["segment"] != "unknown" and counts not in counted_already
            ):
                names.append(named(row["segment"]))
                counted_already.add(counts)
        if names:
            told.append(f"{cut if len(names) == 1 else cut + 's'} {several(names)}")
    if all(row["against_the_rest"] == TOO_FEW for row in table):
        said.append(TOO_SMALL)
    elif told:
        said.append(f"More than the rest, beyond chance, came from the {listing(told)}.")
    else:
        said.append("No source, campaign or offer brought more of it than the rest beyond chance.")
    return " ".join(said)

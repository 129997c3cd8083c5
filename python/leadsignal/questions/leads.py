"""Which leads were a fit, which ones sales took, and which ones it turned down and why."""

from typing import Any

from leadsignal.advice import reason_words
from leadsignal.questions.asking import CAPTURED, HANDED_OVER, Asked, Found, tabled
from leadsignal.questions.comparing import by_source, rated
from leadsignal.questions.saying import differing, interval, share
from leadsignal.words import counted, listing, number, opening, sentence, source_name, was

FIT_SQL = f"""
    select
        case when grouping(fct_leads.source) = 1 then 'all' else fct_leads.source end as source,
        count(*) as leads,
        count(*) filter (is_target_market) as target_market_leads,
        count(*) filter (is_icp_fit) as fit_leads,
        count(*) filter (fit_verdict = 'fail') as unfit_leads,
        count(*) filter (fit_verdict not in ('pass', 'fail')) as unknown_leads,
        count(noise_class) as noise_leads
    from fct_leads
    where {CAPTURED}
    group by grouping sets ((), (fct_leads.source))
    order by grouping(fct_leads.source) desc, leads desc, source
"""
FIT_COLUMNS = (
    "source text, leads count, target_market_leads count, fit_leads count, unfit_leads count,"
    "unknown_leads count, noise_leads count, fit_rate number, fit_rate_low number,"
    "fit_rate_high number, against_the_rest text"
)
ACCEPTED_SQL = f"""
    select
        case when grouping(fct_leads.source) = 1 then 'all' else fct_leads.source end as source,
        count(*) as handed_over_leads,
        count(accepted_at) as accepted_leads,
        count(*) filter (accepted_at is null and sales_decision = 'rejected') as rejected_leads,
        count(*) filter (accepted_at is not null and is_icp_fit is not true)
            as accepted_without_fit,
        count(*) filter (sales_decision = 'rejected' and is_qualified)
            as rejected_though_qualified
    from fct_leads
    where {HANDED_OVER}
    group by grouping sets ((), (fct_leads.source))
    order by grouping(fct_leads.source) desc, handed_over_leads desc, source
"""
ACCEPTED_COLUMNS = (
    "source text, handed_over_leads count, accepted_leads count, rejected_leads count,"
    "undecided_leads count, acceptance_rate number, acceptance_rate_low number,"
    "acceptance_rate_high number, against_the_rest text, accepted_without_fit count,"
    "rejected_though_qualified count"
)
REJECTED_SQL = """
    with
    decided as (
        select
            *,
            case sales_decision
                when 'rejected' then rejected_at when 'disqualified' then disqualified_at
            end as decided_at,
            coalesce(disqualification_reason, 'unstated') as reason,
            coalesce(disqualification_issue, 'unstated') as issue
        from fct_leads
        where sales_decision in ('rejected', 'disqualified')
    )
    select
        issue, reason,
        count(*) as leads,
        count(*) filter (sales_decision = 'rejected') as rejected_leads,
        count(*) filter (sales_decision = 'disqualified') as disqualified_leads,
        count(*) filter (is_qualified) as qualified_by_the_rules,
        mode(source order by source) as most_from
    from decided
    where decided_at >= $starts_at and decided_at < $ends_at
    group by issue, reason
    order by leads desc, reason
"""
REJECTED_COLUMNS = (
    "issue text, reason text, leads count, share number, share_low number, share_high number,"
    "rejected_leads count, disqualified_leads count, qualified_by_the_rules count, most_from text"
)


def fit(asked: Asked) -> Found:
    """One row per source and one for all: the leads captured in the period, by their verdict."""
    every, *rows = asked.rows(FIT_SQL)
    verdicts = by_source(asked, rows, "fit_leads", "leads")
    table = [
        rated(row, "fit_leads", "leads", "fit_rate") | {"against_the_rest": verdict}
        for row, verdict in zip([every, *rows], [None, *verdicts], strict=True)
    ]
    return Found(tabled(table, FIT_COLUMNS), _fit_words(asked, every, rows, verdicts))


def _fit_words(
    asked: Asked, every: dict[str, Any], rows: list[dict[str, Any]], verdicts: list[str]
) -> str:
    if not every["leads"]:
        return f"No lead was captured in {asked.period.words}."
    said = share(every["fit_leads"], every["leads"], asked.min_sample)
    unknown = every["unknown_leads"]
    return " ".join([
        f"{opening(every['fit_leads'])} of {counted(every['leads'], 'lead')} captured in "
        f"{asked.period.words} {was(every['fit_leads'])} a fit{said};",
        f"{number(every['unfit_leads'])} {was(every['unfit_leads'])} not"
        f"{f', and of {number(unknown)} the CRM cannot tell' if unknown else ''}.",
        *differing(rows, verdicts, "source", "The share that fits is", source_name),
    ])  # fmt: skip


def accepted(asked: Asked) -> Found:
    """One row per source and one for all: what sales decided on the leads handed to it."""
    every, *rows = asked.rows(ACCEPTED_SQL)
    for row in (every, *rows):
        row["decided"] = row["accepted_leads"] + row["rejected_leads"]
    verdicts = by_source(asked, rows, "accepted_leads", "decided")
    table = [
        rated(row, "accepted_leads", "decided", "acceptance_rate")
        | {
            "against_the_rest": verdict,
            "undecided_leads": row["handed_over_leads"] - row["decided"],
        }
        for row, verdict in zip([every, *rows], [None, *verdicts], strict=True)
    ]
    return Found(tabled(table, ACCEPTED_COLUMNS), _accepted_words(asked, every, rows, verdicts))


def _accepted_words(
    asked: Asked, every: dict[str, Any], rows: list[dict[str, Any]], verdicts: list[str]
) -> str:
    handed_over, decided = every["handed_over_leads"], every["decided"]
    if not handed_over:
        return f"No lead was handed to sales in {asked.period.words}."
    waiting = handed_over - decided
    said = share(every["accepted_leads"], decided, asked.min_sample) if decided else ""
    parts = [
        f"Of {counted(handed_over, 'lead')} handed over in {asked.period.words}, sales accepted "
        f"{number(every['accepted_leads'])} and rejected {number(every['rejected_leads'])}{said};",
        f"on {number(waiting)} it has not decided." if waiting else "none is undecided.",
        *differing(rows, verdicts, "source", "Acceptance is", source_name),
    ]
    if every["rejected_though_qualified"]:
        parts.append(
            f"The rules and sales disagree on {every['rejected_though_qualified']:,} rejected "
            f"although qualified and {every['accepted_without_fit']:,} accepted without a known "
            "fit."
        )
    return " ".join(parts)


def rejected(asked: Asked) -> Found:
    """One row per reason: the rejections and disqualifications decided in the period that stand."""
    rows = asked.rows(REJECTED_SQL)
    total = sum(row["leads"] for row in rows)
    table = [rated(row | {"total": total}, "leads", "total", "share") for row in rows]
    return Found(tabled(table, REJECTED_COLUMNS), _rejected_words(asked, rows, total))


def _rejected_words(asked: Asked, rows: list[dict[str, Any]], total: int) -> str:
    if not total:
        return f"Sales turned no lead down in {asked.period.words}."
    stated = [row for row in rows if row["reason"] != "unstated"]
    reasons = [f"{number(row['leads'])} {reason_words(row['reason'])}" for row in stated[:3]]
    unstated = total - sum(row["leads"] for row in stated)
    parts = [f"Sales turned {counted(total, 'lead')} down in {asked.period.words}"]
    if reasons:
        parts[0] += f", most of all {listing(reasons)}"
    vague = interval(unstated, total, asked.min_sample)
    parts.append(f"{number(unstated)} came back without a usable reason{vague}")
    qualified = sum(row["qualified_by_the_rules"] for row in rows)
    if qualified:
        parts.append(f"{number(qualified)} {was(qualified)} qualified by the rules")
    return " ".join(map(sentence, parts))

"""What the leads that failed have in common, beyond what chance would give."""

from typing import Any

from leadsignal.honesty.pooling import homogeneity
from leadsignal.honesty.statistics import discoveries
from leadsignal.questions.asking import CAPTURED, Asked, Found, tabled
from leadsignal.questions.comparing import HIGHER, LOWER, SAME, TOO_FEW, against
from leadsignal.questions.saying import several
from leadsignal.words import counted, listing, percent, quoted, source_name

ATTRIBUTES = {
    "industry": "industry",
    "country_code": "country",
    "company_size": "company size",
    "source": "source",
    "campaign": "campaign",
    "offer": "offer",
    "authority": "authority by title",
}
SHOWN = 12
"""Values of one attribute that are compared: the most frequent ones among the failed leads."""
ATTRIBUTES_SQL = f"""
    with
    decided as (
        select
            sales_decision in ('rejected', 'disqualified') as failed,
            industry, country_code, company_size,
            nullif(source, 'unknown') as source, campaign, offer,
            case authority_rule_only_verdict
                when 'pass' then 'decides or influences' when 'fail' then 'no say'
            end as authority
        from fct_leads left join fct_lead_verdicts using (lead_id)
        where {CAPTURED} and sales_decision is not null
    ),
    attributes as (
        unpivot decided on {", ".join(ATTRIBUTES)} into name attribute value segment
    ),
    counted as (
        select
            attribute, segment,
            count(*) filter (failed) as failed_leads,
            count(*) filter (not failed) as other_leads
        from attributes
        group by attribute, segment
    )
    select
        *,
        sum(failed_leads) over (partition by attribute)::bigint as failed_with_attribute,
        sum(other_leads) over (partition by attribute)::bigint as others_with_attribute
    from counted
    qualify
        row_number() over (
            partition by attribute order by failed_leads desc, other_leads desc, segment
        ) <= {SHOWN}
    order by attribute, failed_leads desc, segment
"""
DECIDED_SQL = f"""
    select
        count(*) filter (sales_decision in ('rejected', 'disqualified')) as failed_leads,
        count(*) filter (sales_decision = 'accepted') as other_leads
    from fct_leads
    where {CAPTURED}
"""
COLUMNS = (
    "attribute text, value text, failed_leads count, failed_with_attribute count,"
    "failed_share number, other_leads count, others_with_attribute count, other_share number,"
    "times_as_frequent number, among_failed text"
)


def failed(asked: Asked) -> Found:
    """One row per attribute and value: its share of the failed leads and of those still standing.

    Failed: captured in the period, and turned down or disqualified by now. The others: accepted.
    A lead without a value is in neither share of that attribute.
    """
    rows = asked.rows(ATTRIBUTES_SQL)
    for row in rows:
        row["value"] = row["segment"]
        of_failed, of_others = row["failed_with_attribute"], row["others_with_attribute"]
        row["failed_share"] = row["failed_leads"] / of_failed if of_failed else None
        row["other_share"] = row["other_leads"] / of_others if of_others else None
        if row["failed_share"] and row["other_share"]:
            row["times_as_frequent"] = row["failed_share"] / row["other_share"]
    verdicts = against([_pair(row) for row in rows], asked.min_sample)
    differing = _differing(rows)
    for row, verdict in zip(rows, verdicts, strict=True):
        is_clear = verdict == TOO_FEW or row["attribute"] in differing
        row["among_failed"] = verdict if is_clear else SAME
    order = {HIGHER: 0, LOWER: 2}
    rows.sort(key=lambda row: (order.get(row["among_failed"], 1), -row["failed_leads"]))
    [decided] = asked.rows(DECIDED_SQL)
    said = _words(asked, rows, decided["failed_leads"], decided["other_leads"])
    return Found(tabled(rows, COLUMNS), said)


def _differing(rows: list[dict[str, Any]]) -> set[str]:
    """The attributes that differ as a whole, so that no value is picked from among many equals."""
    attributes = list(dict.fromkeys(row["attribute"] for row in rows))
    p_values = []
    for attribute in attributes:
        of = [row for row in rows if row["attribute"] == attribute]
        failed_leads = [row["failed_leads"] for row in of]
        every = [row["failed_leads"] + row["other_leads"] for row in of]
        p_values.append(homogeneity(failed_leads, every))
    found = discoveries(p_values)
    return {attribute for attribute, is_found in zip(attributes, found, strict=True) if is_found}


def _pair(row: dict[str, Any]) -> tuple[tuple[int, int], tuple[int, int]]:
    return (
        (row["failed_leads"], row["failed_with_attribute"]),
        (row["other_leads"], row["others_with_attribute"]),
    )


def _words(asked: Asked, rows: list[dict[str, Any]], lost: int, kept: int) -> str:
    if not lost + kept:
        return f"Sales has decided on no lead captured in {asked.period.words}."
    start = (
        f"{counted(lost, 'lead').capitalize()} captured in {asked.period.words} failed, "
        f"{counted(kept, 'lead')} stand."
    )
    if min(lost, kept) < asked.min_sample:
        return f"{start} That is too few to tell what they have in common."
    found = [row for row in rows if row["among_failed"] == HIGHER]
    if not found:
        return f"{start} No attribute is more frequent among the failed ones beyond chance."
    told, counted_already = [], set()
    for attribute, words in ATTRIBUTES.items():
        named = []
        for row in found:
            counts = (row["failed_leads"], row["other_leads"])
            # A source with one campaign of one offer is one finding, not three.
            if row["attribute"] == attribute and counts not in counted_already:
                named.append(_value(row))
                counted_already.add(counts)
        if named:
            told.append(f"{words} {several(named)}")
    return f"{start} More frequent among the failed ones, beyond chance: {listing(told)}."


def _value(row: dict[str, Any]) -> str:
    attribute, value = row["attribute"], row["segment"]
    if attribute == "source":
        value = source_name(value)
    elif attribute in ("campaign", "offer", "industry"):
        value = quoted(value)
    share, other = percent(row["failed_share"]), percent(row["other_share"])
    return f"{value} ({share} of the failed, {other} of the others)"

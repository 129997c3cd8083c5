"""What the offers that leads responded to say about their intent to buy."""

from typing import Any

from leadsignal.questions.asking import CAPTURED, Asked, Found, tabled
from leadsignal.questions.comparing import HIGHER, LOWER, against, rated
from leadsignal.words import counted, listing, number

BUYING, RESEARCHING, NO_OFFER = "buying", "researching", "no offer"
OUTCOMES = {
    "fit": "fit",
    "accepted": "acceptance",
    "conversation": "conversations",
    "opportunity": "opportunities",
}
"""What is held against intent: beginning of the column names -> how a sentence says it."""
INTENT_SQL = f"""
    with
    captured as (
        select *, coalesce(offer_intent, '{NO_OFFER}') as intent
        from fct_leads
        where {{captured}}
    )
    select
        intent,
        case when grouping(offer) = 1 then 'all' else coalesce(offer, 'none') end as offer,
        count(*) as leads,
        count(*) filter (is_icp_fit) as fit_leads,
        count(accepted_at) filter (handed_over_at is not null) as accepted_leads,
        count(*) filter (
            handed_over_at is not null and (accepted_at is not null or sales_decision = 'rejected')
        ) as decided_leads,
        count(first_conversation_at) as conversation_leads,
        count(*) filter (opportunity_count > 0) as opportunity_leads
    from captured
    group by grouping sets ((intent), (intent, captured.offer))
    order by intent, grouping(captured.offer) desc, leads desc, offer
"""
COLUMNS = (
    "intent text, offer text, leads count, fit_leads count, fit_rate number, decided_leads count,"
    "accepted_leads count, accepted_rate number, conversation_leads count,"
    "conversation_rate number, opportunity_leads count, opportunity_rate number,"
    "fit_against_researching text, accepted_against_researching text,"
    "conversation_against_researching text, opportunity_against_researching text"
)


def intent(asked: Asked) -> Found:
    """One row per intent and one per offer of it; buying offers are held against researching ones.

    The leads are those of the period; a lead's offers are all that it responded to.
    """
    rows = asked.rows(INTENT_SQL.format(captured=CAPTURED))
    for row in rows:
        for name in OUTCOMES:
            cases = "decided_leads" if name == "accepted" else "leads"
            row |= rated(row, f"{name}_leads", cases, f"{name}_rate")
    whole = {row["intent"]: row for row in rows if row["offer"] == "all"}
    if BUYING in whole and RESEARCHING in whole:
        verdicts = against(
            [_pair(whole[BUYING], whole[RESEARCHING], name) for name in OUTCOMES],
            asked.min_sample,
        )
        for name, verdict in zip(OUTCOMES, verdicts, strict=True):
            whole[BUYING][f"{name}_against_researching"] = verdict
    return Found(tabled(rows, COLUMNS), _words(asked, whole))


def _pair(
    one: dict[str, Any], other: dict[str, Any], name: str
) -> tuple[tuple[int, int], tuple[int, int]]:
    cases = "decided_leads" if name == "accepted" else "leads"
    return (one[f"{name}_leads"], one[cases]), (other[f"{name}_leads"], other[cases])


def _words(asked: Asked, whole: dict[str, dict[str, Any]]) -> str:
    leads = sum(row["leads"] for row in whole.values())
    if not leads:
        return f"No lead was captured in {asked.period.words}."
    counts = {name: whole[name]["leads"] if name in whole else 0 for name in (BUYING, RESEARCHING)}
    start = (
        f"Of {counted(leads, 'lead')} captured in {asked.period.words}, {number(counts[BUYING])} "
        f"responded to an offer that shows intent to buy, {number(counts[RESEARCHING])} only to "
        "offers that inform."
    )
    if not all(counts.values()):
        return f"{start} There is nothing to hold against each other."
    verdicts = {name: whole[BUYING][f"{name}_against_researching"] for name in OUTCOMES}
    told = [
        f"{verdict} {listing([OUTCOMES[name] for name in names])}"
        for verdict in (HIGHER, LOWER)
        if (names := [name for name, said in verdicts.items() if said == verdict])
    ]
    if told:
        return f"{start} Those with intent to buy show {listing(told)}, beyond chance."
    if min(counts.values()) < asked.min_sample:
        return f"{start} They are too few to be held against each other."
    return f"{start} How far they got does not differ beyond chance."

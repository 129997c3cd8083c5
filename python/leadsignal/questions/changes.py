"""What to change next: the advice of the period, in the order of the work."""

from datetime import timedelta

from leadsignal import standing
from leadsignal.advice import recommend
from leadsignal.facts import gather
from leadsignal.questions.asking import Asked, Found, tabled
from leadsignal.words import counted, sentence

COLUMNS = (
    "place count, change text, evidence text, leads count, of_leads count, confidence text,"
    "at_stake text, if_wrong text, what_would_prove_it text"
)


def changes(asked: Asked) -> Found:
    """One row per recommendation: what to change, why, what is at stake, what would prove it."""
    last_second = asked.period.ends_at - timedelta(seconds=1)
    facts = gather(asked.con, asked.period.kind, last_second)
    sources = standing.compare(facts.cuts["source"], facts.funnel, asked.min_sample)
    advice = recommend(facts, sources)
    rows = [
        {
            "place": place,
            "change": one.action,
            "evidence": one.evidence,
            "leads": one.cases,
            "of_leads": one.of,
            "confidence": one.confidence,
            "at_stake": one.effect.words,
            "if_wrong": one.if_wrong,
            "what_would_prove_it": one.proof.words,
        }
        for place, one in enumerate(advice, 1)
    ]
    if not rows:
        said = f"What {asked.period.words} shows supports no change."
    else:
        said = " ".join([
            f"What {asked.period.words} shows supports {counted(len(rows), 'change')}.",
            *(f"{place}. {sentence(one.text)}" for place, one in enumerate(advice, 1)),
        ])  # fmt: skip
    return Found(tabled(rows, COLUMNS), said)

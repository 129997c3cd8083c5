"""The leader's questions by their names, in the order in which a leader would ask them."""

from leadsignal.metrics.questions import (
    CONTACTS,
    DECISION,
    FOLLOW_UP,
    LOST,
    OPPORTUNITY,
    PROFILE,
    REASON,
    RESPONSE,
    SOURCE,
)
from leadsignal.questions import deals, follow_up, leads, sources, velocity
from leadsignal.questions.asking import Question
from leadsignal.questions.changes import changes
from leadsignal.questions.failed import failed
from leadsignal.questions.intent import intent
from leadsignal.questions.moves import moves
from leadsignal.questions.persistence import persistence
from leadsignal.questions.value import value

QUESTIONS: dict[str, Question] = {
    "fit": Question(
        "How many leads were actually a fit?",
        "One row per source: leads captured in the period by their fit verdict, the share that "
        "fits with its 95% interval, and whether it differs from the other sources' beyond chance.",
        leads.fit,
        "leads",
        (PROFILE,),
        ("fit_rate", "fit_rate_low", "fit_rate_high", "against_the_rest"),
    ),
    "accepted": Question(
        "Which leads did sales accept?",
        "One row per source: leads handed over in the period, what sales decided on them, the "
        "share accepted of those decided on, and whether it differs from the other sources'.",
        leads.accepted,
        "leads",
        (DECISION,),
        ("acceptance_rate", "acceptance_rate_low", "acceptance_rate_high", "against_the_rest"),
    ),
    "rejected": Question(
        "Which leads were rejected, and why?",
        "One row per reason of the rejections and disqualifications decided in the period that "
        "stand, its share of all of them with the 95% interval, and the source most came from.",
        leads.rejected,
        "leads",
        (DECISION, REASON),
        ("share", "share_low", "share_high"),
    ),
    "sources": Question(
        "Which sources created qualified opportunities?",
        "One row per source, best pooled rate first: qualified opportunities opened in the period, "
        "and the share of its old enough leads of the year that became opportunities, raw and "
        "pooled toward the average so that a small source is not ranked by luck.",
        sources.sources,
        "deals",
        (SOURCE, OPPORTUNITY),
        ("rank", "pooled_rate", "pooled_rate_low", "pooled_rate_high", "standing"),
    ),
    "noise": Question(
        "Which campaigns, sources and offers created noise?",
        "One row per source, campaign and offer, the noisiest first: leads of the period that are "
        "known not to fit (noise such as students among them), and whether that is more than the "
        "rest of the same kind brought.",
        sources.noise,
        "leads",
        (SOURCE, PROFILE),
        ("unfit_rate", "unfit_rate_low", "unfit_rate_high", "pooled_unfit_rate",
         "against_the_rest"),
    ),
    "follow-up": Question(
        "Where did follow-up break down?",
        "One row per source (weekday and hour of handover where they differ): leads due in the "
        "period, how many were followed up to the end, and at which step the others were left.",
        follow_up.by_step,
        "leads",
        (FOLLOW_UP,),
        ("completion_rate", "completion_rate_low", "completion_rate_high", "against_the_rest"),
    ),
    "follow-up-by-owner": Question(
        "How is follow-up spread over the team? (for the sales manager)",
        "One row per owner: as in follow-up; few leads, a hard territory or a holiday explain a "
        "difference as well as a person does.",
        follow_up.by_owner,
        "leads",
        (FOLLOW_UP,),
        ("completion_rate", "completion_rate_low", "completion_rate_high", "against_the_rest"),
    ),
    "intent": Question(
        "What did we learn about buyer intent?",
        "One row per intent and offer: leads of the period whose offers show intent to buy, or "
        "only inform, and how far they got; the last columns hold buying against researching.",
        intent,
        "leads",
        (RESPONSE,),
        ("fit_against_researching", "accepted_against_researching",
         "conversation_against_researching", "opportunity_against_researching"),
    ),
    "failed": Question(
        "What do the leads that failed have in common?",
        "One row per attribute and value: its share of the failed leads and of those still "
        "standing, and whether it is more frequent (higher) among the failed beyond chance.",
        failed,
        "leads",
        (DECISION,),
        ("times_as_frequent", "among_failed"),
    ),
    "value": Question(
        "What would a lead-count target reward, and what would qualified pipeline?",
        "One row per source: its share of leads, of fit leads, of the pipeline that sales accepted "
        "and of won amounts, side by side, and its rank by each.",
        value,
        "leads",
        (SOURCE,),
        ("rank_by_volume", "rank_by_value"),
    ),
    "moves": Question(
        "What moves deals?",
        "One row per kind of touch and stage: steps forward and days at risk with and without such "
        "a touch, and the ratio of the two paces at the same age of the stage with its 95% "
        "interval; an association, never a cause.",
        moves,
        "deals",
        (FOLLOW_UP,),
        ("rate_ratio", "rate_ratio_low", "rate_ratio_high", "progress"),
    ),
    "persistence": Question(
        "How many touches, and how fast, before an acceptance or a conversation?",
        "One row per number of touches: outcomes that came after exactly so many, and the chance "
        "of one within 14 days of that touch among the leads touched so often without it.",
        persistence,
        "leads",
        (FOLLOW_UP, DECISION),
        ("share", "share_so_far", "median_days", "answer_rate", "answer_rate_low",
         "answer_rate_high"),
    ),
    "untied": Question(
        "Who is engaged but not tied to the open deal of their company?",
        "One row per open deal, the largest first: people of its company who were called, mailed, "
        "met or responded lately and are not among its contacts.",
        deals.untied,
        "deals",
        (FOLLOW_UP, CONTACTS),
    ),
    "win-over-time": Question(
        "How often, and how soon, are opened deals won?",
        "One row per age of a deal: the share won and lost by then, where a lost deal can no "
        "longer be won and an open one is not known yet.",
        deals.win_over_time,
        "deals",
        (LOST,),
        ("win_rate", "low", "high", "loss_rate"),
    ),
    "velocity": Question(
        "Do winning deals move faster than losing ones?",
        "One row per stage and outcome: days in the stage (Kaplan-Meier median with its interval, "
        "90% quantile), and whether the won deals went through it faster than the lost ones.",
        velocity.velocity,
        "deals",
        (LOST,),
        ("winning_against_losing",),
    ),
    "lead-steps": Question(
        "How fast do leads go from step to step, and where do they wait?",
        "One row per step and how the leads ended: days from the milestone before to this one "
        "(Kaplan-Meier median with its interval, 90% quantile), and how many still wait for it.",
        velocity.lead_steps,
        "leads",
        (FOLLOW_UP,),
        ("median_days", "median_days_low", "median_days_high", "p90_days"),
    ),
    "stage-reached": Question(
        "How far do deals get before they are lost?",
        "One row per stage, in order: the deals that ended within a year, by the furthest stage "
        "they got to.",
        deals.stage_reached,
        "deals",
        (LOST,),
        ("share_of_losses", "share_of_losses_low", "share_of_losses_high"),
    ),
    "next": Question(
        "What should we change next?",
        "One row per change, in the order of the work: the evidence, what is at stake, what it "
        "costs when it is wrong, and what would prove it next time.",
        changes,
        "leads",
    ),
}  # fmt: skip

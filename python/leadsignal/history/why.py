"""Why a lead or a deal counts otherwise than it did: one cause, by the columns that changed."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from leadsignal.metrics.definitions import Metric

ALL = "all"
NEW, GONE, RULE, SOURCE, DATE = (
    "new", "merged or deleted", "rule changed", "source changed", "date changed"
)  # fmt: skip
DEFINITION, OTHER = "metric or setting changed", "otherwise"
FACTS = "facts about the lead changed"
FACTS_OR_RULES = "facts about the lead, or the definitions of its day, changed"
BY_INPUTS, SPEND = "by what it is computed from", "spend, or the leads it was for, changed"
TIMES = "the times themselves changed"

ATTRIBUTES = (
    *("industry", "country_code", "company_size", "noise_class"),
    *("fit_verdict", "pain_verdict", "timing_verdict", "authority_verdict", "next_step_verdict"),
)
TOUCHES = ("first_touch_at", "touch_count", "hours_to_first_touch")
DECISIONS = ("sales_decision", "accepted_at", "rejected_at", "disqualified_at",
             "disqualification_reason", "disqualification_issue")  # fmt: skip
CRITERIA = ("has_amount", "has_live_close_date", "has_next_step", "has_recent_activity",
            "has_decision_maker", "has_multiple_contacts")  # fmt: skip


@dataclass(frozen=True)
class Rules:
    """What a change of a column means, in the order in which a cause is looked for."""

    causes: Mapping[str, tuple[str, ...]]
    rests_on: Mapping[str, tuple[str, ...]]
    """A column that is made from others: those, for they say more."""

    def relevant(self, metric: Metric, columns: Iterable[str]) -> list[str]:
        """The columns of a row that decide what it counts in a metric, most telling first."""
        words = re.findall(r"[a-z_]+", f"{metric.numerator} {metric.denominator}")
        used = [column for column in columns if column in words]
        made_from = [one for column in used for one in self.rests_on.get(column, ())]
        return list(dict.fromkeys(column for column in [*made_from, *used] if column in columns))

    def cause(self, metric: Metric, columns: Iterable[str]) -> str:
        """SQL of the cause of a row whose `change`, `changed` (columns) and `segment` are known."""
        relevant = self.relevant(metric, columns)
        known = [
            (cause, [column for column in relevant if column in meant])
            for cause, meant in self.causes.items()
        ]
        tests = [
            f"when change = 'new' then '{NEW}'",
            f"when change = 'gone' then '{GONE}'",
            f"when {_any(['definition_version'])} then '{RULE}'",
            f"when segment <> '{ALL}' and {_any(['source'])} then '{SOURCE}'",
            *(f"when {_any(meant)} then '{cause}'" for cause, meant in known if meant),
            f"when {_any([metric.day])} then '{DATE}'",
        ]
        return f"case {' '.join(tests)} else '{OTHER}' end"

    def unsure(self) -> "Rules":
        """The same where rules of days past were changed: a lead's version does not tell it."""
        causes = {
            FACTS_OR_RULES if cause == FACTS else cause: meant
            for cause, meant in self.causes.items()
        }
        return replace(self, causes=causes)


LEADS = Rules(
    causes={
        "time passed": ("is_mature", "is_follow_up_due"),
        "touched later": TOUCHES,
        "decision changed": DECISIONS,
        "conversation changed": ("first_conversation_at",),
        "opportunity changed": ("opportunity_at", "outcome", "opportunity_id"),
        FACTS: (*ATTRIBUTES, "is_target_market", "is_qualified"),
    },
    rests_on={
        "is_icp_fit": (*ATTRIBUTES, "disqualification_issue"),
        "fit_verdict": (*ATTRIBUTES, "disqualification_issue"),
        "is_target_market": ATTRIBUTES,
        "is_qualified": (*ATTRIBUTES, "first_conversation_at", "opportunity_at"),
        "lead_state": (*TOUCHES, *DECISIONS, "first_conversation_at", "outcome"),
        "is_vague_rejection": ("disqualification_reason", "sales_decision"),
        "is_follow_up_completed": (
            *("is_follow_up_due", *TOUCHES, *DECISIONS, "first_conversation_at"),
        ),
        "has_opportunity_in_horizon": ("is_mature", "opportunity_at"),
    },
)
DEALS = Rules(
    causes={
        "outcome changed": ("outcome", "closed_at"),
        "amount changed": ("amount",),
        "lead behind it changed": ("lead_id", "is_sales_qualified"),
        "pipeline criteria changed": (*CRITERIA, "is_strong_pipeline", "contact_count"),
        "time passed": ("is_mature",),
    },
    rests_on={"is_strong_pipeline": CRITERIA, "contact_count": ("has_multiple_contacts",)},
)


def _any(columns: list[str]) -> str:
    listed = ", ".join(f"'{column}'" for column in columns)
    return f"list_has_any(changed, [{listed}])"

"""What to change next, with the evidence for it, and what became of the advice before."""

from leadsignal.advice.history import history_rows
from leadsignal.advice.reasons import issues, reason_words
from leadsignal.advice.recommendation import Recommendation
from leadsignal.advice.review import Review, review
from leadsignal.advice.rules import concerns, recommend
from leadsignal.advice.why import FEW_CASES

__all__ = [
    "FEW_CASES",
    "Recommendation",
    "Review",
    "concerns",
    "history_rows",
    "issues",
    "reason_words",
    "recommend",
    "review",
]

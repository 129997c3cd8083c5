"""What to change next, with the evidence for it."""

from leadsignal.advice.rules import FEW_CASES, Recommendation, issues, reason_words, recommend

__all__ = ["FEW_CASES", "Recommendation", "issues", "reason_words", "recommend"]

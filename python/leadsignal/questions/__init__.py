"""The leader's questions: each is one table with its answer in plain words."""

from leadsignal.questions.answering import Answer, answer, ask, listing
from leadsignal.questions.asking import Question
from leadsignal.questions.registry import QUESTIONS

__all__ = ["QUESTIONS", "Answer", "Question", "answer", "ask", "listing"]

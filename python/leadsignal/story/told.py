"""The story as a value: paragraphs of sentences, each with the queries it rests on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from leadsignal import evidence
from leadsignal.evidence import Evidence, Sentence
from leadsignal.periods import Period

if TYPE_CHECKING:
    import duckdb

SHOWN_IDS = 10
"""As many ids of one query as a trace prints."""

Paragraph = tuple[Sentence, ...]


@dataclass(frozen=True)
class Story:
    """What is told of one period, to whom, and of which leads."""

    period: Period
    as_of: datetime
    audience: str
    cut: str
    """The conditions that all of its leads meet; empty for all leads."""
    paragraphs: tuple[Paragraph, ...]

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """All of them in order."""
        return tuple(one for paragraph in self.paragraphs for one in paragraph)

    @property
    def text(self) -> str:
        """Plain paragraphs with a blank line between them."""
        return "\n\n".join(_joined(one.text for one in each) for each in self.paragraphs)

    def __str__(self) -> str:
        return self.text

    def render(self, trace: bool = False) -> str:
        """The text; with `trace` each sentence on its line, under it its queries and how to run
        them.
        """
        if not trace:
            return self.text
        return self._traced(lambda one: [f"{one.id}  {one.text}", f"          {one.command}"])

    def trace(self, con: "duckdb.DuckDBPyConnection") -> str:
        """As `render(trace=True)`, with the value of each query and the leads or deals behind it.

        `con` reads the published set that the story was told from. At most 10 ids are printed of
        a query, with how many more there are.
        """
        blocks = {one: _in_full(con, one) for one in evidence.everything(self.sentences).values()}
        return self._traced(blocks.__getitem__)

    def to_dict(self) -> dict[str, Any]:
        """Everything, in types that JSON has; evidence stands once, by its id."""
        return {
            "period": self.period.label,
            "as_of": self.as_of.isoformat(sep=" ", timespec="seconds"),
            "audience": self.audience,
            "cut": self.cut,
            "paragraphs": [
                [{"text": one.text, "evidence": [each.id for each in one.evidence]} for one in many]
                for many in self.paragraphs
            ],
            "evidence": {
                id_: {"query": one.text, "command": one.command}
                for id_, one in evidence.everything(self.sentences).items()
            },
        }

    def _traced(self, of_one: Callable[[Evidence], list[str]]) -> str:
        blocks = []
        for sentence in self.sentences:
            lines = [line for one in sentence.evidence for line in of_one(one)]
            blocks.append("\n".join([sentence.text, *(f"    {line}" for line in lines)]))
        return "\n\n".join(blocks)


def _joined(texts: Iterator[str]) -> str:
    """Sentences on one line, list items on their own."""
    text = next(texts, "")
    for more in texts:
        text += f"\n{more}" if more.startswith("- ") else f" {more}"
    return text


def _in_full(con: "duckdb.DuckDBPyConnection", one: Evidence) -> list[str]:
    lines = [f"{one.id}  {one.text}: {_value(con, one)}", f"          {one.command}"]
    found = evidence.ids(con, one)
    if found:
        more = len(found) - SHOWN_IDS
        listed = ", ".join(found[:SHOWN_IDS])
        lines.append(f"          {listed}{f' and {more:,} more' if more > 0 else ''}")
    return lines


def _value(con: "duckdb.DuckDBPyConnection", one: Evidence) -> str:
    found = evidence.value(con, one)
    if found.denominator is None:
        return "not known" if found.numerator is None else f"{found.numerator:,.12g}"
    share = "not known" if found.value is None else f"{found.value:.4g}"
    return f"{share} ({found.numerator or 0:,.12g} of {found.denominator:,.12g})"

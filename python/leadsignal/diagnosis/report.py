"""What a diagnosis is: the gap, its parts, and what is said about them."""

from dataclasses import asdict, dataclass
from typing import Any

import pyarrow as pa

from leadsignal import output
from leadsignal.evidence import Evidence
from leadsignal.periods import Period
from leadsignal.words import listing, tenths

EXPLAINS, AGAINST = "explains the gap", "works against the gap"
CHANCE, NO_WEIGHT, NOT_TESTED = "within chance", "beyond chance, of no weight", "nothing to test"
TRACKING_FIRST = "tracking first"


@dataclass(frozen=True)
class Part:
    """One of the things that "more leads" may mean, and what it did to the opportunities."""

    name: str
    """awareness, right-fit demand, conversion, positioning, follow-up, tracking, qualification,
    nurture, channel mix; or what none of them is."""
    what: str
    """The link of the chain."""
    opportunities: float
    """More or fewer than usual because of it. All parts together are the gap."""
    now: str
    usual: str
    p_value: float | None = None
    grade: str | None = None
    """Of what the CRM must be able to answer for it; None when it needs nothing answered."""
    finding: str = NOT_TESTED
    fix: str = ""
    """What to mend in the CRM first, when its grade is low."""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Diagnosis:
    """Why there are more or fewer opportunities than aimed at; `parts` add up to `gap`."""

    period: Period
    opened: float
    """Opportunities opened in the period."""
    aim: float | None
    """What that is held against; None when there is nothing to hold it against."""
    aim_words: str
    gap_p_value: float | None
    """Of 'deals came at the usual pace'."""
    is_beyond_chance: bool
    parts: tuple[Part, ...]
    sentences: tuple[str, ...]
    evidence: tuple[Evidence, ...] = ()

    @property
    def gap(self) -> float | None:
        """Opportunities above (below, when negative) what was aimed at."""
        return None if self.aim is None else self.opened - self.aim

    def part(self, what: str) -> Part:
        """The part of a link of the chain. Raises KeyError when there is none."""
        for part in self.parts:
            if part.what == what:
                return part
        raise KeyError(what)

    def found(self, finding: str = EXPLAINS) -> list[str]:
        """The names with that finding, the largest part first."""
        parts = sorted(self.parts, key=lambda part: -abs(part.opportunities))
        return list(dict.fromkeys(part.name for part in parts if part.finding == finding))

    def to_dict(self) -> dict[str, Any]:
        """Everything, in types that JSON has."""
        parts = [asdict(part) for part in self.parts]
        for part, one in zip(parts, self.parts, strict=True):
            part["evidence"] = [{"id": each.id, "query": each.text} for each in one.evidence]
        return {
            "period": self.period.label,
            "opened": self.opened,
            "aim": self.aim,
            "aim_is": self.aim_words,
            "gap": self.gap,
            "gap_p_value": self.gap_p_value,
            "is_beyond_chance": self.is_beyond_chance,
            "parts": parts,
            "sentences": list(self.sentences),
            "evidence": [{"id": each.id, "query": each.text} for each in self.evidence],
        }

    def to_table(self) -> pa.Table:
        """One row per part, without its evidence."""
        names = ("name", "what", "opportunities", "now", "usual", "finding")
        rows = [{name: getattr(part, name) for name in names} for part in self.parts]
        schema = pa.schema(
            [(name, pa.float64() if name == "opportunities" else pa.string()) for name in names]
        )
        return pa.Table.from_pylist(rows, schema=schema)

    def render(self) -> str:
        """The diagnosis as a leader reads it: what is said, then the parts."""
        lines = [f"“We need more leads”: what {self.period.words} says", "", *self.sentences]
        if self.parts:
            rounded = [
                row | {"opportunities": f"{tenths(row['opportunities']):+.1f}"}
                for row in self.to_table().to_pylist()
            ]
            lines += ["", output.aligned(pa.Table.from_pylist(rounded))]
        return "\n".join(lines)


def named(parts: list[Part]) -> str:
    """Parts in words, each with its opportunities: follow-up (5.1 fewer opportunities)."""
    ordered = sorted(parts, key=lambda part: -abs(part.opportunities))
    return listing(
        [
            f"{part.name} ({abs(part.opportunities):.1f} "
            f"{'fewer' if part.opportunities < 0 else 'more'}: {part.what} {part.now}, usually "
            f"{part.usual})"
            for part in ordered
        ]
    )

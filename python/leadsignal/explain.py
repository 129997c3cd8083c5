"""Why a lead is what it is: verdicts with rule and evidence, dates, the decision, the deals."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from leadsignal.errors import UsageError
from leadsignal.printable import on_one_line
from leadsignal.scorecard.counting import records

if TYPE_CHECKING:
    import duckdb

DIMENSIONS = ("fit", "pain", "timing", "authority", "next_step")
_DATES = {
    "captured": "created_at",
    "handed over": "handed_over_at",
    "first touch": "first_touch_at",
    "accepted": "accepted_at",
    "rejected": "rejected_at",
    "disqualified": "disqualified_at",
    "first conversation": "first_conversation_at",
    "opportunity": "opportunity_at",
    "closed": "closed_at",
}
_LINKS = {
    1: "the opportunity it was converted into",
    2: "its contact has a role on it",
    3: "same account, opened soon after",
}
_SHORT_ID = 15
"""Salesforce shows ids with 15 characters and exports them with 18."""


_BARE = "substr(lead_id, strpos(lead_id, ':') + 1)"


@dataclass(frozen=True)
class Verdict:
    """What one of the five dimensions says, and why."""

    dimension: str
    verdict: str
    rule: str
    """Id of the rule that decided it."""
    evidence: str
    """What the rule saw, without personal data."""
    rule_only_verdict: str
    """The verdict without what sales decided."""


@dataclass(frozen=True)
class Explanation:
    """Everything that was decided about one lead; `str()` is the text of `render`."""

    lead: dict[str, Any]
    """Its row of fct_leads."""
    verdicts: tuple[Verdict, ...]
    deals: tuple[dict[str, Any], ...]
    """Its rows of fct_opportunities, oldest first."""

    def __str__(self) -> str:
        """The explanation as text."""
        return self.render()

    def render(self) -> str:
        """The explanation as text of a few dozen short lines; times are UTC."""
        blocks = [self._origin(), self._verdicts(), self._outcome(), self._dates(), self._deals()]
        return "\n\n".join("\n".join(block) for block in blocks if block)

    def _origin(self) -> list[str]:
        lead = self.lead
        lines = [
            f"Lead {lead['lead_id']}",
            f"State {lead['lead_state']}; furthest stage {lead['lifecycle_stage']}.",
            f"Source {lead['source']} ({lead['demand_type']} demand)"
            + (f", the CRM says {_said(lead['source_raw'])}" if lead["source_raw"] else "")
            + (f", campaign {_said(lead['campaign'])}" if lead["campaign"] else "")
            + ".",
            f"Owner {lead['owner_id'] or 'nobody'}.",
        ]
        if lead["noise_class"]:
            lines.append(f"Noise: {lead['noise_class']}.")
        return lines

    def _verdicts(self) -> list[str]:
        rows: list[tuple[str, ...]] = [("dimension", "verdict", "decided by rule", "evidence")]
        for verdict in self.verdicts:
            name = verdict.verdict
            if verdict.rule_only_verdict != name:
                name += f" (by the rules alone {verdict.rule_only_verdict})"
            rows.append((verdict.dimension, name, verdict.rule, verdict.evidence))
        return _aligned(rows)

    def _outcome(self) -> list[str]:
        lead = self.lead
        said = "qualified" if lead["is_qualified"] else "not qualified"
        lines = [
            f"The rules say: {said}, route {lead['route']} "
            f"(definitions of {lead['definition_version']}).",
            f"Sales says: {lead['sales_decision'] or 'nothing yet'}.",
        ]
        if lead["disqualification_reason"]:
            raw = lead["disqualification_reason_raw"]
            lines.append(
                f"Reason {lead['disqualification_reason']}, "
                f"issue {lead['disqualification_issue']}; "
                + (f"the CRM says {_said(raw)}." if raw else "the CRM gives none.")
            )
        if lead["is_follow_up_due"]:
            done = "completed" if lead["is_follow_up_completed"] else "not completed"
            lines.append(f"Follow-up {done}; touches: {lead['touch_count']}.")
        return lines

    def _dates(self) -> list[str]:
        notes = {
            "handed over": (self.lead["is_handover_inferred"], "the first act of sales"),
            "accepted": (self.lead["is_acceptance_inferred"], "what followed from it"),
        }
        rows: list[tuple[str, ...]] = []
        for label, column in _DATES.items():
            at = self.lead[column]
            if at is not None:
                is_inferred, by = notes.get(label, (False, ""))
                rows.append((label, _time(at), f"inferred from {by}" if is_inferred else ""))
        lines = _aligned(rows)
        if self.lead["skipped_stages"]:
            lines.append(f"No time is known of: {self.lead['skipped_stages']}.")
        if self.lead["is_history_truncated"]:
            lines.append("It is older than the history of its CRM, so early steps may be missing.")
        return lines

    def _deals(self) -> list[str]:
        lines = [
            f"Opportunity {deal['opportunity_id']}: {deal['outcome']}, stage {deal['stage']}, "
            f"quality criteria met {deal['quality_criteria_met']} of 6. "
            f"Linked by tier {deal['link_tier']}: {_LINKS[deal['link_tier']]}."
            for deal in self.deals
        ]
        linked = self.lead["opportunity_id"]
        if linked and not lines:
            lines.append(f"Opportunity {linked}, which is counted with an earlier lead.")
        return lines


def explain(con: "duckdb.DuckDBPyConnection", lead_id: str) -> Explanation:
    """Explain one lead, named `<crm>:<id>` or by its bare id.

    Raises UsageError for an id that no lead or more than one lead has.
    """
    found = _find(con, lead_id.strip())
    verdict = records(con, "select * from fct_lead_verdicts where lead_id = $id", {"id": found})[0]
    deals = records(
        con,
        "select * from fct_opportunities where lead_id = $id order by created_at, opportunity_id",
        {"id": found},
    )
    return Explanation(
        lead=records(con, "select * from fct_leads where lead_id = $id", {"id": found})[0],
        verdicts=tuple(
            Verdict(
                dimension=name,
                verdict=verdict[f"{name}_verdict"],
                rule=verdict[f"{name}_rule"],
                evidence=verdict[f"{name}_evidence"],
                rule_only_verdict=verdict[f"{name}_rule_only_verdict"],
            )
            for name in DIMENSIONS
        ),
        deals=tuple(deals),
    )


def _find(con: "duckdb.DuckDBPyConnection", wanted: str) -> str:
    """The one lead_id that is meant."""
    conditions = ["lead_id = $wanted", f"{_BARE} = $wanted"]
    if len(wanted.rpartition(":")[2]) == _SHORT_ID:
        conditions += [f"starts_with({_BARE}, $wanted)", "starts_with(lead_id, $wanted)"]
    if "@" in wanted:  # such an id is published as macros/rules/business_text.sql says
        conditions.append(f"{_BARE} = 'id-' || md5(substr($wanted, strpos($wanted, ':') + 1))[:16]")
    rows = con.execute(
        f"select lead_id from fct_leads where {' or '.join(conditions)} order by lead_id limit 3",
        {"wanted": wanted},
    ).fetchall()
    if len(rows) == 1:
        return str(rows[0][0])
    if rows:
        names = " and ".join(row[0] for row in rows)
        raise UsageError(f"'{wanted}' is more than one lead: {names}.", "Name one with its CRM.")
    aside = con.execute(
        "select record_id, reason from set_aside_records where record_kind = 'lead'"
        " and $wanted in (record_id, substr(record_id, strpos(record_id, ':') + 1)) order by all",
        {"wanted": wanted},
    ).fetchone()
    if aside:
        raise UsageError(
            f"{aside[0]} is no lead of its own: {aside[1]}.",
            "A merged or doubled record counts under its survivor's id.",
        )
    near = _near(con, wanted)
    asked = f" Did you mean {' or '.join(near)}?" if near else ""
    raise UsageError(
        f"There is no lead '{wanted}'.",
        f"A merged or doubled record counts under its survivor's id.{asked}",
    )


def _near(con: "duckdb.DuckDBPyConnection", wanted: str) -> list[str]:
    """Up to three ids that are at most three letters off, the nearest first."""
    rows = con.execute(
        f"""
        with distances as (
            select lead_id, least(
                levenshtein(lower(lead_id), lower($wanted)),
                levenshtein(lower({_BARE}), lower($wanted))
            ) as distance
            from fct_leads
        )
        select lead_id from distances where distance <= 3 order by distance, lead_id limit 3
        """,
        {"wanted": wanted},
    ).fetchall()
    return [row[0] for row in rows]


def _said(text: str) -> str:
    """What the CRM has, on one line: it could pass for a line of ours."""
    return f"'{on_one_line(text)}'"


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"


def _aligned(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]

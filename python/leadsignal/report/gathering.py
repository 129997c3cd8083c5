"""From a published set to a report: every number from the code that defines it, none anew."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from leadsignal import standing
from leadsignal.facts import gather as facts_of
from leadsignal.printable import printable
from leadsignal.report import advised, deals, demand, work
from leadsignal.report.content import Report
from leadsignal.report.headline import headline
from leadsignal.scorecard.counting import records
from leadsignal.story import Story, story

if TYPE_CHECKING:
    import duckdb


def gather(
    con: "duckdb.DuckDBPyConnection",
    period: str = "month",
    as_of: str | date | datetime | None = None,
    audited: Mapping[str, Any] | None = None,
    told: Story | None = None,
) -> Report:
    """The report of the last period that is complete at `as_of`, as plain values.

    `audited` is the audit.json of the same build, where there is one. `told` is the leadership's
    story of the same period, if it has been told already. Raises UsageError as the scorecard.
    """
    facts = facts_of(con, period, as_of)
    [published] = records(con, "select * from publication")
    compared = standing.compare(facts.cuts["source"], facts.funnel, facts.published.min_sample)
    told = told or story(con, period, as_of)
    return Report(
        period=facts.period.label,
        publication=published,
        headline=headline(con, facts, published, _notes(audited)),
        story=tuple(printable(part) for part in told.text.split("\n\n") if part),
        sections=(
            demand.funnel(facts),
            demand.sources(facts, compared),
            demand.reasons(con, facts),
            deals.velocity(con, facts.period),
            demand.cohorts(con, facts),
            work.follow_up(con, facts),
            work.trust(con, facts),
            advised.advised(con, facts, compared),
            work.audit(audited),
            advised.meanings(con, facts, published),
        ),
    )


def _notes(audited: Mapping[str, Any] | None) -> list[str]:
    """What the audit warns of, one line each."""
    rules = audited.get("results", ()) if audited else ()
    return [str(rule["line"]) for rule in rules if not rule.get("success") and rule.get("line")]

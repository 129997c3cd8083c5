"""The counts behind the scorecard, read from the published tables, one query for each axis."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from leadsignal.errors import UsageError
from leadsignal.metrics.measures import AXES, COSTS, DURATIONS, MEASURES, Axis, Measure
from leadsignal.periods import Period, last_complete, moment

if TYPE_CHECKING:
    import duckdb

SEGMENTS = {
    None: "'all'",
    "month": "'all'",
    "source": "source",
    "owner": "coalesce(owner_id, 'unassigned')",
    "campaign": "coalesce(campaign, 'none')",
}
TABLES = {
    "leads": "select * from fct_leads",
    # A deal belongs to the campaign of the lead it came from.
    "opportunities": """
        select fct_opportunities.*, fct_leads.campaign
        from fct_opportunities left join fct_leads using (lead_id)
    """,
}


@dataclass(frozen=True)
class Publication:
    """The one row of `publication`, with the definitions' defaults for what it does not carry."""

    as_of: datetime
    data_through: datetime | None = None
    reporting_timezone: str = "UTC"
    reporting_currency: str = "USD"
    min_sample: int = 30
    follow_up_sla_hours: int = 24
    conversion_horizon_days: int = 90

    def period(self, kind: str, as_of: str | date | datetime | None) -> Period:
        """The last complete period at `as_of`, else at the build's own clock.

        Raises UsageError when `as_of` lies beyond what was built, or is no time.
        """
        wanted = moment(as_of, self.reporting_timezone) if as_of else self.as_of
        if wanted > self.as_of:
            raise UsageError(
                f"as_of {wanted} is later than the published set, which ends at {self.as_of}.",
                "Run `leadsignal build` with that --as-of first.",
            )
        return last_complete(wanted, kind, self.reporting_timezone)


@dataclass
class Tally:
    """Two counts (or sums), and the two that are compared between periods."""

    numerator: float | None = None
    denominator: float | None = None
    compared_numerator: float | None = None
    compared_denominator: float | None = None

    def add(self, other: "Tally") -> None:
        """Adds the counts of another group of rows; nothing known plus nothing is nothing."""
        for name in vars(self):
            known = [x for x in (getattr(self, name), getattr(other, name)) if x is not None]
            setattr(self, name, sum(known) if known else None)


Key = tuple[str, int, str]
"""Measure, place of the period (0 is the newest), segment."""


def publication(con: "duckdb.DuckDBPyConnection") -> Publication:
    """What was published, and with which settings. Raises UsageError when the row is missing."""
    rows = records(con, "select * from publication")
    if not rows:
        raise UsageError("The published set has no row in `publication`.", "Build it anew.")
    known = {name: rows[0].get(name) for name in Publication.__dataclass_fields__}
    return Publication(**{name: value for name, value in known.items() if value is not None})


def tallies(
    con: "duckdb.DuckDBPyConnection", periods: Sequence[Period], by: str | None
) -> dict[Key, dict[str, Tally]]:
    """Per measure, period and segment the counts of each source."""
    found: dict[Key, dict[str, Tally]] = defaultdict(dict)
    for axis in AXES:
        measures = [measure for measure in MEASURES if measure.axis is axis]
        counts = ", ".join(_counted(measure) for measure in measures)
        for number, segment, source, *values in _grouped(con, axis, periods, by, "source", counts):
            for place, measure in enumerate(measures):
                four = values[4 * place : 4 * place + 4]
                found[measure.name, number, segment][source] = Tally(*four)
    return found


def durations(
    con: "duckdb.DuckDBPyConnection",
    periods: Sequence[Period],
    by: str | None,
    as_of: datetime,
) -> dict[Key, tuple[list[float], list[float]]]:
    """Per duration, period and segment the finished times and those still going on."""
    found: dict[Key, tuple[list[float], list[float]]] = {}
    for duration in DURATIONS:
        going_on = duration.going_on.format(as_of=f"timestamp '{as_of}'")
        lists = ", ".join(
            f"coalesce(list({time}) filter ({time} >= 0), [])"
            for time in (duration.finished, going_on)
        )
        for number, segment, _, *times in _grouped(con, duration.axis, periods, by, "'all'", lists):
            found[duration.name, number, segment] = (times[0], times[1])
    return found


def without_activities(con: "duckdb.DuckDBPyConnection", periods: Sequence[Period]) -> int:
    """The leads handed over in the periods before the CRM's first activity on record."""
    sql = "select count(*) from fct_leads where is_before_activities and ({})".format(
        " or ".join("handed_over_at >= ? and handed_over_at < ?" for _ in periods)
    )
    bounds = [moment for period in periods for moment in (period.starts_at, period.ends_at)]
    return int(con.execute(sql, bounds).fetchall()[0][0])


def costs(
    con: "duckdb.DuckDBPyConnection", periods: Sequence[Period], by: str | None
) -> dict[Key, Tally]:
    """Spend and the count it is for. Spend is known by month and source, so only by those."""
    if by not in (None, "month", "source") or periods[0].kind == "week":
        return {}
    sums = ", ".join(f"sum(spend), sum({count})" for count in COSTS.values())
    sql = f"""
        with periods (number, starts_on, ends_on) as (values {_places(periods)})
        select number, {SEGMENTS[by]}, {sums}
        from lead_quality_by_source
        inner join periods on created_month >= starts_on and created_month < ends_on
        group by all
    """
    bounds = [day for period in periods for day in (period.start, period.end)]
    found = {}
    for number, segment, *values in con.execute(sql, bounds).fetchall():
        for place, name in enumerate(COSTS):
            found[name, number, segment] = Tally(*values[2 * place : 2 * place + 2])
    return found


def records(
    con: "duckdb.DuckDBPyConnection", sql: str, parameters: Mapping[str, object] | None = None
) -> list[dict[str, Any]]:
    """The rows of a query, each with its column names."""
    cursor = con.execute(sql, parameters or {})
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _grouped(
    con: "duckdb.DuckDBPyConnection",
    axis: Axis,
    periods: Sequence[Period],
    by: str | None,
    source: str,
    aggregates: str,
) -> list[tuple[Any, ...]]:
    inside = f"{axis.moment} >= starts_at and {axis.moment} < ends_at"
    sql = f"""
        with periods (number, starts_at, ends_at) as (values {_places(periods)})
        select number, {SEGMENTS[by]} as segment, {source} as source, {aggregates}
        from ({TABLES[axis.table]}) as counted
        inner join periods on {inside if axis.moment else "number = 0"}
        group by all
    """
    bounds: list[date] = []
    for period in periods:
        days = (period.start, period.end)
        bounds += days if axis.is_day else (period.starts_at, period.ends_at)
    return con.execute(sql, bounds).fetchall()


def _places(periods: Sequence[Period]) -> str:
    return ", ".join(f"({number}, ?, ?)" for number in range(len(periods)))


def _counted(measure: Measure) -> str:
    if measure.kind == "share":
        return f"sum({measure.numerator}), sum({measure.denominator}), null, null"
    own = (measure.numerator, measure.denominator)
    return ", ".join(
        f"count(*) filter ({cases} and {good} and {measure.known}), "
        f"count(*) filter ({cases} and {measure.known})"
        for good, cases in (own, measure.compared or own)
    )

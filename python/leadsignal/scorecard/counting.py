"""The counts behind the scorecard, read from the published tables, one query for each axis.

What is counted is what models/metrics says of a metric; here are only the periods, the segments
and what makes two periods comparable.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from leadsignal.errors import UsageError
from leadsignal.honesty import by_end
from leadsignal.metrics import definitions
from leadsignal.metrics.definitions import Metric
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
SUMMED = ("count", "amount", "rate", "share", "average")
FACTS = ("fct_leads", "fct_opportunities")

COMPARED = {
    "icp_fit_rate": (by_end.FIT, "true"),
    "fit_known_rate": (by_end.FIT_KNOWN, "true"),
    "sales_acceptance_rate": (by_end.ACCEPTED, by_end.DECIDED),
    "decision_coverage_rate": (by_end.DECIDED, "true"),
    "conversation_rate": ("first_conversation_at < ends_at", "true"),
}
"""Conditions at the end of each period for numerator and denominator: an older period has had more
time to be decided, so two periods are compared at the same age."""

SETTLED = 30
UNTIL_CLOSED = -1
NEVER = 10**6
SETTLE_DAYS = {
    "qualified_rate": SETTLED,
    "follow_up_completion_rate": SETTLED,
    "leak_rate": SETTLED,
    "mature_share": NEVER,
    "mature_opportunity_share": NEVER,
    "opportunity_quality_rate": UNTIL_CLOSED,
    "cohort_win_rate": UNTIL_CLOSED,
}
"""Days after its end before a period can be compared, where the same age can't be had.

UNTIL_CLOSED: until 90% of the deals opened in it have had the time to close, for an open deal loses
and gains quality with age. NEVER: it only tells how old the period is.
"""


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
    """Two counts (or sums), the two that are compared between periods, and the cases of a share."""

    numerator: float | None = None
    denominator: float | None = None
    compared_numerator: float | None = None
    compared_denominator: float | None = None
    cases: float | None = None

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
        raise UsageError("The published set has no row in publication.", "Run `leadsignal build`.")
    known = {name: rows[0].get(name) for name in Publication.__dataclass_fields__}
    return Publication(**{name: value for name, value in known.items() if value is not None})


def tallies(
    con: "duckdb.DuckDBPyConnection",
    periods: Sequence[Period],
    by: str | None,
    names: Sequence[str] | None = None,
) -> dict[Key, dict[str, Tally]]:
    """Per metric, period and segment the counts of each source.

    Of the metrics of these names, or of all that are sums or ratios of sums over the facts. A count
    and an amount have a numerator only; the sum of amounts of which none is known is None.
    """
    found: dict[Key, dict[str, Tally]] = defaultdict(dict)
    known = definitions.load(con)
    wanted = [known[name] for name in names or known]
    axes: dict[tuple[str, str], list[Metric]] = defaultdict(list)
    for metric in wanted:
        if metric.kind in SUMMED and metric.table in FACTS:
            axes[metric.table, metric.day].append(metric)
    for (table, day), metrics in axes.items():
        sums = ", ".join(_summed(metric) for metric in metrics)
        rows = by_end.leads(sums) if table == "fct_leads" else table
        for number, segment, source, *values in _grouped(con, rows, day, periods, by, sums):
            for place, metric in enumerate(metrics):
                five = values[5 * place : 5 * place + 5]
                found[metric.name, number, segment][source] = Tally(*five)
    return found


def durations(
    con: "duckdb.DuckDBPyConnection", periods: Sequence[Period], by: str | None
) -> dict[Key, tuple[list[float], list[float]]]:
    """Per duration, period and segment the finished times and those still going on."""
    found: dict[Key, tuple[list[float], list[float]]] = {}
    for metric in definitions.load(con).values():
        if metric.kind != "duration":
            continue
        lists = ", ".join(
            f"coalesce(list({time}) filter ({time} >= 0), [])"
            for time in (metric.numerator, metric.denominator)
        )
        rows = _grouped(con, metric.table, metric.day, periods, by, lists, source="'all'")
        for number, segment, _, *times in rows:
            found[metric.name, number, segment] = (times[0], times[1])
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
    metrics = [metric for metric in definitions.load(con).values() if metric.kind == "cost"]
    sums = ", ".join(f"sum({one.numerator}), sum({one.denominator})" for one in metrics)
    found = {}
    [(table, day)] = {(metric.table, metric.day) for metric in metrics}
    rows = _grouped(con, table, day, periods, by, sums, source="'all'")
    for number, segment, _, *values in rows:
        for place, metric in enumerate(metrics):
            found[metric.name, number, segment] = Tally(*values[2 * place : 2 * place + 2])
    return found


def leads_with_spend(
    con: "duckdb.DuckDBPyConnection", periods: Sequence[Period]
) -> tuple[int, int]:
    """The leads of the periods whose source has a known spend in their month, and all of them.

    None of either for weeks: spend is known by month.
    """
    if periods[0].kind == "week":
        return 0, 0
    sql = """
        select coalesce(sum(leads) filter (spend is not null), 0), coalesce(sum(leads), 0)
        from lead_quality_by_source where created_month >= ? and created_month < ?
    """
    [(known, leads)] = con.execute(sql, [periods[-1].start, periods[0].end]).fetchall()
    return int(known), int(leads)


def records(
    con: "duckdb.DuckDBPyConnection", sql: str, parameters: Mapping[str, object] | None = None
) -> list[dict[str, Any]]:
    """The rows of a query, each with its column names."""
    cursor = con.execute(sql, parameters or {})
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _grouped(
    con: "duckdb.DuckDBPyConnection",
    table: str,
    day: str,
    periods: Sequence[Period],
    by: str | None,
    aggregates: str,
    source: str = "source",
) -> list[tuple[Any, ...]]:
    places = ", ".join(f"({number}, ?, ?, ?)" for number in range(len(periods)))
    sql = f"""
        with periods (number, starts_on, ends_on, ends_at) as (values {places})
        select number, {SEGMENTS[by]} as segment, {source} as source, {aggregates}
        from {table} as facts
        inner join periods on {f"{day} >= starts_on and {day} < ends_on" if day else "number = 0"}
        group by all
    """
    bounds = [at for one in periods for at in (one.start, one.end, one.ends_at)]
    return con.execute(sql, bounds).fetchall()


def _summed(metric: Metric) -> str:
    """As in Tally: numerator and denominator, the two that are compared, and the cases."""
    parts = (metric.numerator, metric.denominator, metric.cases)
    *own, cases = [f"sum({part})" if part else "null" for part in parts]
    at_the_end = [f"count(*) filter ({part})" for part in COMPARED.get(metric.name, ())]
    return ", ".join([*own, *(at_the_end or own), cases])

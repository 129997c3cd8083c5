"""The builds whose numbers were kept, and the one that a person means."""

from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from leadsignal.errors import UsageError
from leadsignal.history.carrying import columns
from leadsignal.periods import moment

BUILDS_SQL = """
    select distinct build_number, build_id, as_of, reported_at, definition_version
    from scorecard_history order by build_number
"""


@dataclass(frozen=True)
class Reported:
    """A published build that kept its numbers; moments are UTC."""

    number: int
    build_id: str
    as_of: datetime
    reported_at: datetime
    definition_version: str


def builds(con: duckdb.DuckDBPyConnection) -> list[Reported]:
    """The builds that kept their numbers, oldest first; none in a set that keeps no history."""
    if not columns(con, "scorecard_history"):
        return []
    return [Reported(*row) for row in con.execute(BUILDS_SQL).fetchall()]


def find(con: duckdb.DuckDBPyConnection, since: str | date | datetime, timezone: str) -> Reported:
    """The build of that id (or its beginning), else the last one published by that date or moment.

    A day counts to its end in the reporting time zone. Raises UsageError when there is none.
    """
    known = builds(con)
    if not known:
        raise UsageError(
            "The published set has not kept what was reported.",
            "The next `leadsignal build` begins to; what changed is known from then on.",
        )
    meant = [build for build in known if build.build_id.startswith(str(since).strip() or "?")]
    if meant:
        return meant[-1]
    try:
        until = moment(since, timezone)
    except UsageError as error:
        raise UsageError(
            f"'{since}' is neither a build nor a date.",
            f"The last builds are {', '.join(build.build_id for build in known[-3:])};"
            " a date is written like 2026-10-31.",
        ) from error
    earlier = [build for build in known if build.reported_at <= until]
    if not earlier:
        raise UsageError(
            f"No build that kept its numbers was published by {since}.",
            f"The first is {known[0].build_id}, of {known[0].reported_at:%Y-%m-%d}.",
        )
    return earlier[-1]

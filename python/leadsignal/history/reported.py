"""The numbers of a build as its scorecard reports them, over all the periods that it shows."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

import duckdb
import pyarrow

from leadsignal.history.carrying import Build, carry
from leadsignal.honesty.grades import grades, worst
from leadsignal.metrics.questions import SOURCE
from leadsignal.periods import Period
from leadsignal.scorecard import counting
from leadsignal.scorecard.measured import measured

REPORTED = {"week": 13, "month": 13, "quarter": 5}
"""How many complete periods of each kind a build reports: a quarter of weeks, and a year back."""


def keep(con: duckdb.DuckDBPyConnection, build: Build) -> None:
    """Write scorecard_history: what earlier builds reported, and what this one does.

    Raises BuildFailed as `carry`.
    """
    named = {
        "build_number": build.number,
        "build_id": build.build_id,
        "as_of": build.as_of,
        "reported_at": build.reported_at,
        "definition_version": build.definition_version,
    }
    rows = [named | row for kind in REPORTED for row in rows_of(con, periods(con, kind))]
    con.register("reported", pyarrow.Table.from_pylist(rows))
    carry(con, "scorecard_history", "select * from reported")
    con.unregister("reported")


def periods(con: duckdb.DuckDBPyConnection, kind: str) -> list[Period]:
    """The complete periods that a build reports, newest first."""
    newest = counting.publication(con).period(kind, None)
    found = [newest]
    while len(found) < REPORTED[kind]:
        found.append(found[-1].before())
    return found


def rows_of(con: duckdb.DuckDBPyConnection, periods: Sequence[Period]) -> Iterator[dict[str, Any]]:
    """The numbers in periods of one kind, of all and by source, as scorecard_history has them."""
    known = grades(con)
    for by in (None, "source"):
        found = measured(con, periods, by)
        for (metric, place, segment), figure in found.figures.items():
            asked = found.metrics[metric].questions
            grade = worst(known, asked if by is None else (*asked, SOURCE))
            yield {
                "period_kind": periods[place].kind,
                "period_start": periods[place].start,
                "metric": metric,
                "segment": segment,
                "grade": grade.grade if grade else None,
                **asdict(figure),
            }

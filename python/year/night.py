"""One night: the raw data arrives, `leadsignal build` runs, and what it says is written down."""

import json
import os
import resource
import signal
from pathlib import Path
from typing import Any

from leadsignal import build, child, history, report, settings, story, warehouse
from leadsignal.errors import LeadsignalError
from leadsignal.history import carrying
from leadsignal.progress import Silent
from leadsignal.run_record import RunRecord
from leadsignal.scorecard import scorecard

from year.forked import Pool
from year.place import Place
from year.plan import Night

CHILDREN = 2
"""dbt and the audit."""
WHOLE_EACH = 7
"""One night of so many is a build with everything. The others leave out dbt's data tests, the story
and the report, which write nothing that is published; the audit runs every night."""
ASKED = [(by, period) for period in ("week", "month", "quarter") for by in (None, "source")]
HISTORY = tuple(carrying.contract())


class Killing(Silent):
    """Ends the process, as a power cut would, at the beginning of a step."""

    def __init__(self, step: str) -> None:
        self.at = step

    def step(self, text: str) -> None:
        """Kill this process when its step has come."""
        if text == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


def built(place: Place, night: Night, folder: Path) -> dict[str, Any]:
    """`leadsignal build` as of that night into a warehouse folder; its run record.

    In a process of its own: it changes what `leadsignal` starts its children by, and the folder.
    """
    pool = Pool(CHILDREN)
    child.running = pool.running  # type: ignore[assignment]
    if night.number % WHOLE_EACH:
        _lighten(pool)
    os.chdir(place.project)
    record = RunRecord()
    wanted = settings.load(raw=place.raw, as_of=night.day.isoformat(), warehouse=folder)
    try:
        build.run(wanted, progress=Killing(night.killed_at), record=record)
    except LeadsignalError as error:
        record.failed(error)
    return dict(json.loads(record.json()))


def lived(place: Place, night: Night, out: Path) -> None:
    """The whole night; what there is to say of it is written to `out`."""
    told = built(place, night, place.warehouse)
    told["cpu_seconds"] = round(_cpu(), 1)
    if told["status"] == "published":
        told |= reported(place, night)
    out.write_text(json.dumps(told), encoding="utf-8")


def reported(place: Place, night: Night) -> dict[str, Any]:
    """What readers are told that night: the scorecard, and what moved since the set before."""
    con = warehouse.open_published(place.published)
    try:
        before = place.last_published()
        rows = {table: _count(con, table) for table in HISTORY}
        cards = [row for by, period in ASKED for row in _card(con, by, period)]
        moved = []
        if before and any(edit.noticed == night.number for edit in place.edits):
            found = history.changed(con, before)
            moved = [[row["id"], row["cause"]] for row in found.rows.to_pylist()]
        [plain] = con.execute(PLAIN_SQL).fetchall()
    finally:
        con.close()
    return {
        "size": place.published.stat().st_size,
        "history": rows,
        "scorecard": cards,
        "moved": [list(pair) for pair in sorted({tuple(pair) for pair in moved})],
        "leads": plain[0],
        "leads_by_month": plain[1],
    }


PLAIN_SQL = """
    with months as (
        select cast(created_month as varchar) as month, count(*) as leads
        from fct_leads where created_month is not null group by all
    )
    select (select count(*) from fct_leads), map_from_entries(list((month, leads))) from months
"""
"""One number by the shortest road there is, beside the scorecard's own."""


def _card(con: Any, by: str | None, period: str) -> list[list[Any]]:
    card = scorecard(con, by, period)
    return [
        [period, card.period.start.isoformat(), row.metric, row.segment,
         row.value, row.numerator, row.denominator, row.low, row.high, row.grade]
        for row in card.rows
    ]  # fmt: skip


def _count(con: Any, table: str) -> int:
    [(count,)] = con.execute(f"select count(*) from {table}").fetchall()
    return int(count)


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _lighten(pool: Pool) -> None:
    """From now on builds of this process leave out dbt's data tests, the story and the report."""

    def untested(module: str, arguments: list[str], **rest: Any) -> Any:
        if module == "leadsignal.dbt_child":
            arguments = [*arguments, "--exclude-resource-type", "test"]
        return pool.running(module, arguments, **rest)

    def nothing(*_: Any, **__: Any) -> str:
        return ""

    child.running = untested  # type: ignore[assignment]
    story.story = report.gather = report.text = nothing  # type: ignore[assignment]

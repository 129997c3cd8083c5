"""`Metrics`: a published set that answers, with a warm engine behind it."""

import html
import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

import pyarrow as pa

from leadsignal.metrics import answering, catalog, filters, planning, values
from leadsignal.metrics.catalog import Catalog
from leadsignal.warehouse import open_published

if TYPE_CHECKING:
    import duckdb

    from leadsignal.scorecard.card import Scorecard
    from leadsignal.story import Story

Names = str | Sequence[str]
Day = str | date | None


class Metrics:
    """Any metric of a published set by any of its dimensions.

    Made by `Metrics.open`. It may be kept for as long as one likes: when a new set is published,
    the next question is answered from that. Safe to use from several threads, one at a time.
    """

    def __init__(self, con: "duckdb.DuckDBPyConnection", path: Path | None = None) -> None:
        self._con = con
        self._path = path
        self._lock = RLock()
        self._version = _version(path)
        self._catalog = catalog.read(con)

    @classmethod
    def open(cls, target: str | os.PathLike[str] | None = None) -> "Metrics":
        """Open a published file, or the folder that has it; by default that of the settings.

        Raises UsageError when there is none, or when it carries no definitions.
        """
        path = published_path(target)
        return cls(open_published(path), path)

    def query(
        self,
        metrics: Names,
        by: Names = (),
        where: filters.Where = None,
        grain: str | None = None,
        start: Day = None,
        end: Day = None,
    ) -> pa.Table:
        """The metrics of each group: a row for each group and metric, in the order of the groups.

        Columns: the dimensions of `by`; then metric, value (a rate is 0 to 1, a time in hours or
        days; null when not known), numerator and denominator (the sums behind a ratio; of a time
        the finished cases and all cases), low and high (the 95% interval of a rate or a median),
        is_small_sample (fewer cases than the published `min_sample`) and grade (how well the CRM
        can answer what the metric needs; null when any can).

        `by` are names of `dimensions()`; week, month and quarter are periods in the reporting time
        zone on each metric's own axis, as the date of their first day, and `grain` adds one of
        them. `where` is a filter such as "source = webinar and month >= 2026-09", several of them,
        or a mapping of names to values; a day, a month such as 2026-10 or a quarter is the whole of
        it. `start` is the first day on the metric's own axis, `end` the last, written alike.
        Raises UsageError, in one line, for what is not understood or not known to one of the
        metrics; warns (UserWarning) of a value of a filter that stands in no row.
        """
        with self._current() as (con, known):
            asked = planning.question(known, metrics, by, where, grain, start, end)
            for line in values.unknown(con, known, asked):
                warnings.warn(line, stacklevel=2)
            return answering.answer(con, known, asked)

    def explain_sql(
        self,
        metrics: Names,
        by: Names = (),
        where: filters.Where = None,
        grain: str | None = None,
        start: Day = None,
        end: Day = None,
    ) -> str:
        """The SQL behind `query` with the same arguments, one statement for each axis.

        The statements run as they are where the published file is attached as `leadsignal` and
        `leadsignal.marts` is in use.
        """
        with self._current() as (con, known):
            asked = planning.question(known, metrics, by, where, grain, start, end)
            found = answering.statements(con, known, asked)
        return ";\n\n".join(statement.text for statement in found) + ";"

    def metrics(self) -> pa.Table:
        """Every metric, a row each: name, label, what it means, kind, axis, unit, better."""
        columns = ("name", "label", "description", "kind", "axis", "unit", "indicator", "better")
        with self._current() as (_, known):
            rows = [
                {name: getattr(one, name) for name in columns} for one in known.metrics.values()
            ]
        return pa.Table.from_pylist(rows, pa.schema([(name, pa.string()) for name in columns]))

    def dimensions(self, metric: str | None = None) -> list[str]:
        """The names that every metric knows, or all that one metric knows, periods first."""
        with self._current() as (_, known):
            if metric is not None:
                return known.names([known.metric(metric)])
            # What is true as of now has no periods; it should not hide those of the others.
            return known.names(one for one in known.metrics.values() if one.day)

    def scorecard(
        self,
        by: str | None = None,
        period: str = "month",
        as_of: str | date | datetime | None = None,
    ) -> "Scorecard":
        """The scorecard of the last complete period; see `leadsignal.scorecard.scorecard`."""
        from leadsignal.scorecard import scorecard

        with self._current() as (con, _):
            return scorecard(con, by, period, as_of)

    def story(
        self,
        period: str = "month",
        as_of: str | date | datetime | None = None,
        audience: str = "leadership",
        where: filters.Where = None,
    ) -> "Story":
        """The written story of the last complete period; see `leadsignal.story.story`."""
        from leadsignal.story import story

        with self._current() as (con, _):
            return story(con, period, as_of, audience, where)

    def close(self) -> None:
        """Let go of the published file."""
        self._con.close()

    def __enter__(self) -> "Metrics":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        where = self._path or "an open connection"
        return f"Metrics({len(self._catalog.metrics)} metrics of {where})"

    def _repr_html_(self) -> str:
        """What can be asked, for a notebook."""
        rows = "".join(
            f"<tr><td><code>{html.escape(one.name)}</code></td>"
            f"<td>{html.escape(one.description)}</td><td>{html.escape(one.axis)}</td></tr>"
            for one in self._catalog.metrics.values()
        )
        by = ", ".join(html.escape(name) for name in self.dimensions())
        return (
            f"<p>{html.escape(repr(self))}. All by {by}.</p>"
            f"<table><tr><th>metric</th><th>what it is</th><th>axis</th></tr>{rows}</table>"
        )

    @contextmanager
    def _current(self) -> Iterator[tuple["duckdb.DuckDBPyConnection", Catalog]]:
        """The connection and the catalog of what is published now."""
        with self._lock:
            version = _version(self._path)
            if self._path and version != self._version:
                con = open_published(self._path)
                known = catalog.read(con)
                self._con.close()
                self._con, self._catalog, self._version = con, known, version
            yield self._con, self._catalog


def published_path(target: str | os.PathLike[str] | None) -> Path:
    """The published file of a target: a file, a folder that has one, or that of the settings."""
    from leadsignal import settings

    if target is None:
        return settings.load().published
    path = Path(target)
    return path / settings.Settings.published_name if path.is_dir() else path


def _version(path: Path | None) -> tuple[int, int] | None:
    """What changes when another file is published in this place."""
    if path is None or not path.exists():
        return None
    found = path.stat()
    return found.st_ino, found.st_mtime_ns

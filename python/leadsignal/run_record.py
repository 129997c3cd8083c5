"""What a build did, for whoever started it: a scheduler, a log, an alert.

The record fills as the build goes on, so that a build that fails has one too.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from leadsignal import warehouse
from leadsignal.discretion import without_values
from leadsignal.errors import LeadsignalError, Stopped

RUNNING, PUBLISHED, PREVIEWED = "running", "published", "previewed"
TOLD_OF_A_RULE = ("id", "severity", "observed", "line")


@dataclass
class RunRecord:
    """One run of `leadsignal build`. Moments are UTC, as ISO text without a zone; None: not known.

    docs/schedulers.md lists the fields.
    """

    status: str = RUNNING
    """published, previewed, refused, wrong usage, failed, locked or stopped."""
    exit_status: int | None = None
    errors: list[str] = field(default_factory=list)
    """One line of what, where and what to do for each cause."""
    warnings: list[str] = field(default_factory=list)
    build_id: str | None = None
    started_at: str = field(default_factory=lambda: _now())
    ended_at: str | None = None
    seconds: float = 0.0
    steps: list[dict[str, Any]] = field(default_factory=list)
    """`step` and its `seconds`, in order; of a failed build, the last is where it ended."""
    as_of: str | None = None
    data_through: str | None = None
    crms: list[dict[str, Any]] = field(default_factory=list)
    """`crm`, `data_through`, `hours_behind` and `is_stale` of each CRM."""
    rows: dict[str, int] = field(default_factory=dict)
    """Rows of each table."""
    audit_result: dict[str, Any] | None = None
    """`success`, counts of `critical_failures` and `warnings`, and the `broken` rules."""
    published: str | None = None
    """The file that readers open; after a failure, the one of the last good build, if any."""
    story: str | None = None
    report: str | None = None
    audit: str | None = None
    """The page of the audit; of a refused build, the page that says why."""
    preview: dict[str, Any] | None = None
    """What `--preview` found; see docs/long-life.md."""

    def __post_init__(self) -> None:
        """Start the clock."""
        self._begun = self._step_begun = time.monotonic()

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return round(time.monotonic() - self._begun, 1)

    def step(self, name: str) -> None:
        """A new part of the build begins, and the one before it ends."""
        self._end_step()
        self.steps.append({"step": name, "seconds": 0.0})

    def audited(self, result: Mapping[str, Any], page: Path) -> None:
        """Keep what audit.json says of the rules that are broken or could not be judged."""
        broken = [rule for rule in result["results"] if not rule["success"]]
        unjudged = [rule for rule in result["results"] if rule.get("skipped")]
        critical = sum(rule["severity"] == "critical" for rule in broken)
        self.audit_result = {
            "success": not critical,
            "critical_failures": critical,
            "warnings": len(broken) - critical,
            "broken": [{name: rule.get(name) for name in TOLD_OF_A_RULE} for rule in broken],
            "skipped": {rule["id"]: rule["skipped"] for rule in unjudged},
        }
        self.audit = str(page)

    def measure(self, marts: Path) -> None:
        """Keep what the finished set of tables says of itself, and how many rows each has."""
        from leadsignal.homes import serving
        from leadsignal.scorecard.counting import records

        con = warehouse.open_published(marts)
        try:
            row = con.execute(
                "select cast(as_of as varchar), cast(data_through as varchar) from publication"
            )
            self.as_of, self.data_through = row.fetchone() or (None, None)
            self.crms = records(
                con,
                "select crm, cast(data_through as varchar) as data_through,"
                " round(cast(hours_behind as double), 1) as hours_behind, is_stale"
                " from crm_freshness order by crm",
            )
        finally:
            con.close()
        self.rows = serving.counts(marts)

    def done(self, outcome: Mapping[str, Any]) -> None:
        """The build is published; `outcome` are the fields of what it gives back."""
        self._end(PUBLISHED, 0)
        for name, value in outcome.items():
            setattr(self, name, list(value) if isinstance(value, tuple) else value)

    def previewed(self, found: dict[str, Any], warnings: list[str]) -> None:
        """The build was compared with the published set, and is not published."""
        self._end(PREVIEWED, 0)
        self.preview, self.warnings = found, warnings

    def failed(self, error: BaseException) -> None:
        """The build ended with this error: nothing was published."""
        if isinstance(error, LeadsignalError):
            self._end(error.status, error.exit_code)
            self.errors = list(error.lines)
        elif isinstance(error, KeyboardInterrupt):
            self._end("stopped", 130)
            by = " by SIGTERM, as at a scheduler's time limit" if isinstance(error, Stopped) else ""
            self.errors = [f"The build was stopped{by}."]
        else:
            self._end(LeadsignalError.status, LeadsignalError.exit_code)
            self.errors = [
                f"{type(error).__name__}: {' '.join(without_values(str(error)).split())}"
            ]

    def json(self) -> str:
        """The record as one JSON object on one line."""
        return json.dumps({name: told for name, told in vars(self).items() if name[0] != "_"})

    def _end(self, status: str, exit_status: int) -> None:
        self._end_step()
        self.status, self.exit_status = status, exit_status
        self.ended_at = _now()
        self.seconds = self.elapsed

    def _end_step(self) -> None:
        now = time.monotonic()
        if self.steps:
            self.steps[-1]["seconds"] = round(now - self._step_begun, 1)
        self._step_begun = now


def _now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}"

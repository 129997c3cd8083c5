"""dbt in a process of its own, telling on stdout how it goes: one JSON object a line.

`{"node": name, "kind": ..., "status": ..., "seconds": ..., "done": n, "total": n}` for each
finished node, and one last `{"success": ..., "error": ..., "error_kind": ..., "failed": [...],
"warned": [...]}`.
"""

import json
import os
import sys
import time
from typing import Any, TextIO

from dbt.cli.main import dbtRunner
from dbt_common.events.base_types import EventLevel
from dbt_common.events.event_manager import EventManager
from dbt_common.exceptions import DbtRuntimeError

from leadsignal.discretion import without_values


class Reporter:
    """Writes a line for each finished node. dbt calls it from its worker threads in turn."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.total = 0
        self.done = 0
        self.begun: dict[str, float] = {}

    def __call__(self, event: Any) -> None:
        """Take one dbt event."""
        if event.info.name == "LogStartLine":
            self.total = event.data.total
        elif event.info.name == "NodeStart":
            self.begun[event.data.node_info.unique_id] = time.monotonic()
        elif event.info.name == "NodeFinished":
            now = time.monotonic()
            self.done += 1
            node = event.data.node_info
            self.say(
                node=node.node_name,
                kind=node.resource_type,
                status=node.node_status,
                # dbt's own time is that of a clock which may be set meanwhile.
                seconds=round(now - self.begun.pop(node.unique_id, now), 3),
                done=self.done,
                total=max(self.total, self.done),
            )

    def say(self, **fields: Any) -> None:
        """Write one line."""
        self.stream.write(json.dumps(fields) + "\n")
        self.stream.flush()


def main(arguments: list[str]) -> None:
    """Run dbt with these arguments; exit with 0 when it succeeded."""
    # Whatever dbt or a macro prints belongs to the log; stdout is for the lines alone.
    reporter = Reporter(os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8"))
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    _keep_values_out()
    _leave_out_what_no_log_takes()
    outcome = dbtRunner(callbacks=[reporter]).invoke(arguments)
    nodes = [_node(result) for result in getattr(outcome.result, "results", [])]
    reporter.say(
        success=outcome.success,
        error=str(outcome.exception) if outcome.exception else None,
        error_kind=type(outcome.exception).__name__,
        failed=[node for node in nodes if node["status"] in ("error", "fail", "runtime error")],
        warned=[node for node in nodes if node["status"] == "warn"],
    )
    sys.exit(0 if outcome.success else 1)


def _keep_values_out() -> None:
    """Have no value of the data in dbt's errors: its log and its artifacts keep their text."""
    errors: Any = DbtRuntimeError
    begin = errors.__init__

    def begin_without_values(error: Any, msg: Any, node: Any = None) -> None:
        begin(error, without_values(str(msg)), node)

    errors.__init__ = begin_without_values


def _leave_out_what_no_log_takes() -> None:
    """Have dbt make no debug event for logs that drop it: a tenth of its time on a small CRM."""
    manager: Any = EventManager
    fire = manager.fire_event

    def fire_what_is_taken(
        own: Any, event: Any, level: Any = None, *rest: Any, **more: Any
    ) -> None:
        if (
            (level or event.level_tag()) != EventLevel.DEBUG
            or type(event).__name__ in ("NodeStart", "NodeFinished")  # which the reporter takes
            or any(logger.level == EventLevel.DEBUG for logger in own.loggers)
        ):
            fire(own, event, level, *rest, **more)

    manager.fire_event = fire_what_is_taken


def _node(result: Any) -> dict[str, Any]:
    """What a message about this node can need."""
    node = result.node
    test = getattr(node, "test_metadata", None)
    return {
        "name": node.name,
        "kind": str(node.resource_type),
        "status": str(result.status),
        "message": result.message,
        "rows": result.failures,
        "description": getattr(node, "description", "") or "",
        "test": test.name if test else None,
        "column": getattr(node, "column_name", None),
        "of": (getattr(node, "attached_node", None) or "").rpartition(".")[2],
        "path": node.original_file_path,
    }


if __name__ == "__main__":
    main(sys.argv[1:])

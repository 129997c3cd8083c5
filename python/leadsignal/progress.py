"""How a build shows that it moves: a bar on a terminal, plain lines elsewhere, or not at all.

Progress goes to stderr, so that stdout holds the result alone.
"""

import sys
from types import TracebackType
from typing import Any, Self

from leadsignal.printable import printable

BAR_WIDTH = 12


class Silent:
    """Shows nothing. The other two have its methods."""

    def __enter__(self) -> Self:
        """Begin to show."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the terminal as it was."""

    def step(self, text: str) -> None:
        """A new part of the build begins."""

    def node(self, event: dict[str, Any]) -> None:
        """dbt finished a node: the fields of `dbt_child`'s line."""


class Plain(Silent):
    """One line for each part and each model; tests only when they do not pass."""

    def step(self, text: str) -> None:
        """A new part of the build begins."""
        print(printable(text), file=sys.stderr, flush=True)

    def node(self, event: dict[str, Any]) -> None:
        """dbt finished a node."""
        if event["kind"] in ("test", "unit_test") and event["status"] == "pass":
            return
        print(
            f"  {event['done']}/{event['total']} {event['kind']} {event['node']}: "
            f"{event['status']} in {event['seconds']:.1f} s",
            file=sys.stderr,
            flush=True,
        )


class Bar(Silent):
    """A bar that names the model finished last."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
        from rich.table import Column

        # In a narrow terminal it is the name that is cut, not what is done and since when.
        self.bar = Progress(
            TextColumn("{task.description}", table_column=Column(no_wrap=True)),
            BarColumn(BAR_WIDTH, table_column=Column(min_width=BAR_WIDTH)),
            TimeElapsedColumn(table_column=Column(min_width=len("0:00:00"))),
            TextColumn(
                "[dim]{task.fields[node]}",
                table_column=Column(no_wrap=True, overflow="ellipsis", ratio=1),
            ),
            console=Console(stderr=True),
            expand=True,
            transient=True,
        )
        self.task = self.bar.add_task("Starting", total=None, node="")

    def __enter__(self) -> Self:
        """Begin to show."""
        self.bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the terminal as it was."""
        self.bar.stop()

    def step(self, text: str) -> None:
        """A new part of the build begins."""
        self.bar.reset(self.task, description=text, total=None, node="")

    def node(self, event: dict[str, Any]) -> None:
        """dbt finished a node."""
        node = f"{event['done']}/{event['total']} {event['node']}"
        self.bar.update(self.task, total=event["total"], completed=event["done"], node=node)


def choose(*, silent: bool) -> Silent:
    """The form that suits where stderr goes."""
    if silent:
        return Silent()
    return Bar() if sys.stderr.isatty() else Plain()

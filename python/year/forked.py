"""Child processes forked off one that has imported everything already.

A plain `leadsignal build` starts three interpreters, which import for some ten seconds of CPU. Here
one process imports dbt, Great Expectations and the rest once and opens no database, so that it has
no threads; each night, and each child of a night, is forked off it, in the state that a process of
its own would be in after its imports.
"""

import gc
import json
import os
import runpy
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TextIO

IMPORTED = (
    *("dbt.cli.main", "dbt.adapters.duckdb", "dbt.task.build", "great_expectations", "altair"),
    *("leadsignal.audit.judgement", "leadsignal.build", "leadsignal.history", "leadsignal.report"),
    *("leadsignal.story", "leadsignal.scorecard", "leadsignal.advice", "scipy.stats", "pyarrow"),
    *("agate", "dbt.parser.manifest", "dbt.adapters.duckdb.impl", "duckdb_engine", "metricflow"),
)

ALLOCATOR = "jemalloc"
"""The one thread that Arrow's allocator has; it knows of forks, and starts anew in each."""


def warm() -> None:
    """Import what the children need. Raises RuntimeError when that has started a thread."""
    for name in IMPORTED:
        import_module(name)
    tasks = Path("/proc/self/task").glob("*/comm")
    names = [file.read_text().strip() for file in tasks if file.parent.name != str(os.getpid())]
    others = [name for name in names if not name.startswith(ALLOCATOR)]
    if others:
        raise RuntimeError(f"the imports started threads, which no fork would have: {others}")
    # The children live for seconds: to look through all that was imported again and again for
    # garbage would take a fifth of their time.
    gc.freeze()
    gc.disable()


def in_child(work: Callable[[], None]) -> int:
    """Do the work in a fork of this process; its exit status, negative for a signal."""
    process = os.fork()
    if process:
        return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    _leave(work)
    raise AssertionError


@dataclass
class Ready:
    """A forked child that waits to be told what to run, as `leadsignal.child` would."""

    process: int
    orders: TextIO
    stdout: TextIO
    returncode: int = 0


class Pool:
    """The children of one night, forked before it opens a database, and used in turn."""

    def __init__(self, size: int) -> None:
        self.ready: list[Ready] = []
        for _ in range(size):
            self.ready.append(self._fork())

    @contextmanager
    def running(
        self,
        module: str,
        arguments: Sequence[str],
        *,
        folder: Path,
        env: Mapping[str, str],
        log: Path,
    ) -> Iterator[Ready]:
        """`leadsignal.child.running`, by the next child that is ready."""
        one = self.ready.pop(0)
        order = {"module": module, "arguments": list(arguments), "folder": str(folder)}
        one.orders.write(json.dumps({**order, "env": dict(env), "log": str(log)}) + "\n")
        one.orders.flush()
        yield one
        one.returncode = os.waitstatus_to_exitcode(os.waitpid(one.process, 0)[1])
        one.orders.close()

    def _fork(self) -> Ready:
        orders_read, orders_write = os.pipe()
        out_read, out_write = os.pipe()
        process = os.fork()
        if process:
            os.close(orders_read)
            os.close(out_write)
            return Ready(process, os.fdopen(orders_write, "w"), os.fdopen(out_read))
        os.close(orders_write)
        os.close(out_read)
        for other in self.ready:  # else they would not see the end of the night
            os.close(other.orders.fileno())
        _leave(lambda: _serve(orders_read, out_write))
        raise AssertionError


def _serve(orders: int, out: int) -> None:
    with os.fdopen(orders, closefd=False) as stream:
        line = stream.readline()
    if not line:
        return
    order = json.loads(line)
    threading.Thread(target=_end_with_parent, args=(orders,), daemon=True).start()
    os.dup2(out, 1)
    os.dup2(os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["env"])
    sys.argv = [order["module"], *order["arguments"]]
    runpy.run_module(order["module"], run_name="__main__", alter_sys=True)


def _end_with_parent(orders: int) -> None:
    os.read(orders, 1)
    os._exit(1)


def _leave(work: Callable[[], None]) -> None:
    """Do the work and end the process, without what an interpreter's own end would do twice."""
    status = 1
    try:
        work()
        status = 0
    except SystemExit as error:
        status = error.code if isinstance(error.code, int) else int(error.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)

"""Child processes that end when their parent does.

dbt and the audit run as children: a child's end frees DuckDB's file locks and the memory, and
keeps the many globals of both out of the command line. `python -m leadsignal.child MODULE ARGS`
runs the module, and stops at once when its standard input is closed, as it is when the parent is
killed.
"""

import gc
import os
import runpy
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

GRACE_SECONDS = 5
PRIVATE = 0o077
"""What the children write holds the CRM's persons: it is for nobody but who runs them."""


@contextmanager
def running(
    module: str, arguments: Sequence[str], *, folder: Path, env: Mapping[str, str], log: Path
) -> "Iterator[subprocess.Popen[str]]":
    """The module as a process whose stdout can be read here and whose stderr goes to `log`.

    It is over when the block is left: awaited when it closed its stdout, ended when the block is
    left by an exception.
    """
    command = [sys.executable, "-m", "leadsignal.child", module, *arguments]
    with log.open("w", encoding="utf-8") as stderr:
        log.chmod(0o666 & ~PRIVATE)
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(env),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            encoding="utf-8",
            umask=PRIVATE,
            start_new_session=True,  # Ctrl-C reaches the parent alone, which then ends the child
        )
    try:
        yield process
        process.wait()
    except BaseException:
        _end(process)
        raise
    finally:
        for stream in (process.stdin, process.stdout):
            if stream:
                stream.close()


def ending(process: "subprocess.Popen[str]") -> str:
    """How a process that is over ended, as the end of a sentence."""
    status = process.returncode
    if status >= 0:
        return f"ended with status {status}"
    why = ", as a machine short of memory does it" if -status == signal.SIGKILL else ""
    return f"was ended by signal {-status}{why}"


def _end(process: "subprocess.Popen[str]") -> None:
    process.terminate()
    try:
        process.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _end_with_parent() -> None:
    os.read(sys.stdin.fileno(), 1)  # nothing is ever written: it returns when stdin is closed
    os._exit(1)


def main() -> None:
    """Run the module named first, with the rest as its arguments."""
    # What dbt and the audit make lives until they end: to look for garbage takes an eighth of it.
    gc.disable()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()

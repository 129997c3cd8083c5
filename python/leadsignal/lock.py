"""One build of a warehouse at a time."""

import getpass
import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout

from leadsignal.errors import BuildLocked

Held = TypeVar("Held")
PAUSE_SECONDS = 1.0


@contextmanager
def waited_for(
    opened: Callable[[], AbstractContextManager[Held]],
    until: float,
    waiting: Callable[[BuildLocked], None],
) -> Iterator[Held]:
    """What `opened` gives, tried again while another build has it, until a monotonic time.

    `waiting` is told once why it waits. Raises BuildLocked as `opened` does, when time is up.
    """
    with ExitStack() as stack:
        is_told = False
        while True:
            try:
                value = stack.enter_context(opened())
                break
            except BuildLocked as error:
                left = until - time.monotonic()
                if left <= 0:
                    raise
                if not is_told:
                    waiting(error)
                is_told = True
            time.sleep(min(PAUSE_SECONDS, left))
        yield value


@contextmanager
def held(warehouse: Path) -> Iterator[None]:
    """Hold the lock of the warehouse folder (which exists) for a while.

    The operating system frees it when the process ends, however it ends. Raises BuildLocked, which
    says who holds it and since when, if another process has it.
    """
    lock = FileLock(warehouse / "build.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise BuildLocked(
            f"Another build of {warehouse} is running: {_holder(warehouse)}.",
            "Wait until it has ended, or end that process.",
        ) from None
    try:
        _owner_file(warehouse).write_text(json.dumps(_this_process()), encoding="utf-8")
        yield
    finally:
        _owner_file(warehouse).unlink(missing_ok=True)
        lock.release()


def _owner_file(warehouse: Path) -> Path:
    # Beside the lock, because whoever asks for the lock empties the lock's own file.
    return warehouse / "build.lock.owner"


def _this_process() -> dict[str, str | int]:
    return {
        "pid": os.getpid(),
        "user": _user(),
        "host": socket.gethostname(),
        "since": f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC",
    }


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run under a number without a name
        return str(os.getuid())


def _holder(warehouse: Path) -> str:
    try:
        owner = json.loads(_owner_file(warehouse).read_text(encoding="utf-8"))
        return "process {pid} of {user} on {host}, since {since}".format(**owner)
    except (OSError, ValueError, KeyError):
        return "it has only just begun"

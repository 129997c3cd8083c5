"""A warehouse whose disk is full: too small from the beginning, or filled when a step begins."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from faults.harness import Harness
from faults.site import Run
from faults.trials import STEPS, Strike

FAULT = "disk"
WHOLE = 512
"""MB that are enough."""
ROOM = (0, 4, 8, 16, 24)
"""MB that a build finds free, of which it frees some more by clearing away the work of the last."""
CHUNK = 1 << 16


def full(harness: Harness) -> None:
    """Builds on a small file system in memory; a sentence where none can be mounted."""
    cases = [_room(room) for room in ROOM] + [f"from '{step}' on" for step in STEPS]
    if all(harness.results.has(FAULT, case) for case in cases):
        return
    if os.geteuid() != 0:
        harness.say("disk: left out, as only root may mount a small disk")
        return
    disk = harness.folder / "disk"
    with mounted(disk):
        place = harness.place("disk", disk)
        for room, case in zip(ROOM, cases, strict=False):
            harness.strike(
                FAULT, case, _shrunk(disk, room), lambda: place, repair=lambda: _resize(disk, WHOLE)
            )
        for step, case in zip(STEPS, cases[len(ROOM) :], strict=True):
            harness.strike(
                FAULT, case, _filled(disk, step), lambda: place, repair=lambda: _empty(disk)
            )


def _room(megabytes: int) -> str:
    return f"{megabytes:02d} MB free"


@contextmanager
def mounted(disk: Path) -> Iterator[None]:
    """A file system in memory at the folder. Raises CalledProcessError when it is refused."""
    disk.mkdir(exist_ok=True)
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={WHOLE}m", "faults", str(disk)], check=True
    )
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


def _resize(disk: Path, megabytes: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={megabytes}m", str(disk)], check=True)


def _shrunk(disk: Path, room: int) -> Strike:
    def strike(run: Run) -> str:
        used = os.statvfs(disk)
        megabytes = (used.f_blocks - used.f_bfree) * used.f_frsize / (1 << 20)
        _resize(disk, int(megabytes) + 1 + room)
        run.end()
        return f"{room} MB free at the start"

    return strike


def _filled(disk: Path, step: str) -> Strike:
    def strike(run: Run) -> str | None:
        if not run.until_step(step):
            return None
        with (disk / "filler").open("wb", buffering=0) as filler:
            try:
                while filler.write(b"x" * CHUNK):
                    pass
            except OSError:
                pass  # it is full
        run.end()
        return f"no byte free from '{step}' on"

    return strike


def _empty(disk: Path) -> None:
    (disk / "filler").unlink(missing_ok=True)

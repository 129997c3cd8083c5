"""Builds that are killed: at random moments, at every boundary, by the child, or asked to stop."""

import os
import random
import signal
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from faults.harness import Harness
from faults.site import PAGES, Run, Stopped
from faults.trials import STEPS, Place, Strike, Trial

START, END = "Starting", "end"
LONGEST_SPIN = 60
NODES = (1, 30)
"""So many lines about tables have been said."""
CHILDREN = (("Building the tables", 14.0), ("Auditing", 2.0))
"""A step and the seconds after which its child is killed."""
STOPS = (14.0, 22.0)


def at_random(harness: Harness) -> None:
    """SIGKILL to the process group, as often as was asked for, by several places at once."""
    every = range(1, harness.kills + 1)
    todo = iter([n for n in every if not harness.results.has("kill", f"{n:03d}")])

    def work(name: str) -> None:
        try:
            for number in todo:  # each place takes the next
                _random_kill(harness, harness.place(name), number)
        except Stopped:
            return

    workers = [threading.Thread(target=work, args=(f"kills_{one}",)) for one in range(harness.jobs)]
    for worker in workers:
        worker.start()
    try:
        for worker in workers:
            worker.join()
    except KeyboardInterrupt:
        harness.stop()
        raise


def _random_kill(harness: Harness, place: Place, number: int) -> None:
    dice = random.Random(f"{harness.seed} {number}")  # noqa: S311 (a moment, the same each time)
    is_done = False
    while not is_done:
        trial = Trial("kill", f"{number:03d}")
        step, seconds = moment(dice, place.steps)
        is_done = place.strike(trial, after(step, seconds))
    harness.keep(trial)


def moment(dice: random.Random, steps: Mapping[str, float]) -> tuple[str, float]:
    """A step and seconds after its beginning: half of all anywhere, half after dbt has ended.

    Of these each step has the same share, however short it is.
    """
    begins = [(START, 0.0), *steps.items()]
    if dice.random() < 1 / 2:
        when = dice.uniform(0, steps[END])
        step, begun = max((pair for pair in begins if pair[1] <= when), key=lambda pair: pair[1])
        return step, when - begun
    step = dice.choice(STEPS[1:])
    next_begun = begins[[name for name, _ in begins].index(step) + 1][1]
    return step, dice.uniform(0, next_begun - steps[step])


def after(step: str, seconds: float) -> Strike:
    """Kill a build so many seconds after a step has begun."""

    def strike(run: Run) -> str | None:
        if step != START and not run.until_step(step):
            return None
        time.sleep(seconds)
        return _killed(run, f"{seconds:.2f} s after '{step}'")

    return strike


def at_boundaries(harness: Harness) -> None:
    """SIGKILL at once when a step begins, a table is made, a child starts, a file is renamed."""
    cases: dict[str, Strike] = {f"'{step}'": after(step, 0) for step in STEPS}
    cases |= {f"{count} tables": _after_nodes(count) for count in NODES}
    cases |= {f"child of '{step}'": _as_child_begins(step) for step in (STEPS[0], STEPS[2])}
    cases |= {
        f"{name} renamed": _after_rename(harness, name) for name in ("leadsignal.duckdb", *PAGES)
    }
    for case, strike in cases.items():
        harness.strike("boundary", case, strike)


def _after_nodes(count: int) -> Strike:
    def strike(run: Run) -> str | None:
        if not run.until(lambda line: line.startswith("  "), count):
            return None
        return _killed(run, f"after '{run.lines[-1].strip()}'")

    return strike


def _as_child_begins(step: str) -> Strike:
    def strike(run: Run) -> str | None:
        if not run.until_step(step):
            return None
        until = time.monotonic() + LONGEST_SPIN
        while not run.children() and time.monotonic() < until:
            pass
        return _killed(run, f"as the child of '{step}' began")

    return strike


def _after_rename(harness: Harness, name: str) -> Strike:
    def strike(run: Run) -> str | None:
        file = harness.place().site.warehouse / name
        before = _inode(file)
        if not run.until_step("Publishing"):
            return None
        until = time.monotonic() + LONGEST_SPIN
        while _inode(file) == before and time.monotonic() < until:
            pass  # the next rename comes some milliseconds later
        return _killed(run, f"after {name} was renamed")

    return strike


def _killed(run: Run, what: str) -> str | None:
    """Kill it; None when it was over before."""
    run.kill()
    return what if run.end() == -signal.SIGKILL else None


def _inode(file: Path) -> int:
    try:
        return file.stat().st_ino
    except OSError:
        return 0


def of_children(harness: Harness) -> None:
    """SIGKILL to the child alone, as a machine short of memory sends it to the largest process."""
    for step, seconds in CHILDREN:

        def strike(run: Run, step: str = step, seconds: float = seconds) -> str | None:
            if not run.until_step(step):
                return None
            time.sleep(seconds)
            children = run.children()
            for pid in children:
                os.kill(pid, signal.SIGKILL)
            return f"{seconds:.0f} s after '{step}'" if children else None

        harness.strike("child", f"{step} {seconds:.0f}", strike)


def by_request(harness: Harness) -> None:
    """SIGTERM, as systemd and Airflow send it to a build that takes too long."""
    for seconds in STOPS:

        def strike(run: Run, seconds: float = seconds) -> str | None:
            time.sleep(seconds)
            if run.process.poll() is not None:
                return None
            run.orphans = run.children()
            run.process.terminate()
            return f"{seconds:.0f} s after the start"

        harness.strike("stop", f"{seconds:.0f} s", strike)

"""The machine's clock is set while a build runs, forwards or backwards.

A small library (shifted_clock.c) shifts what all processes of a build take for the time of day, by
as much as a file says, which changes while they run. Monotonic clocks go on, as they do when a real
clock is set.
"""

import json
import re
import shutil
import struct
import subprocess
import time
from pathlib import Path

from leadsignal import demo

from faults.harness import Harness
from faults.site import BUILD_ID, Run
from faults.trials import Place, Strike, Trial

FAULT = "clock"
SOURCE = Path(__file__).with_name("shifted_clock.c")
DAY = 86_400
AGO = re.compile(r"\bin (-?[\d.,]+) s\b")
LONGEST = 900.0
WATCHED_EVERY = 0.05
JUMPS = {
    "5 days on while dbt builds": ("  ", 5 * DAY),
    "5 days back while dbt builds": ("  ", -5 * DAY),
    "400 days on before the audit": ("Auditing", 400 * DAY),
    "400 days back before the history": ("Keeping what was reported", -400 * DAY),
}
"""The line after which the clock is set, and by how many seconds."""
RECORD = "a day back, with the run record"


def set_anew(harness: Harness) -> None:
    """Every jump once; a sentence where no C compiler is installed."""
    cases = [*JUMPS, RECORD]
    if all(harness.results.has(FAULT, case) for case in cases):
        return
    compiler = shutil.which("cc")
    if not compiler:
        harness.say("clock: left out, as there is no C compiler (Debian: apt install gcc)")
        return
    library, clock = harness.folder / "shifted_clock.so", harness.folder / "shift"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, SOURCE], check=True)
    for case, (line, seconds) in JUMPS.items():
        _trial(harness, case, library, clock, _jumped(clock, line, seconds))
    record = _recorded(clock, harness.place())
    _trial(harness, RECORD, library, clock, record, options=("--json",))


def _shift(clock: Path, seconds: int) -> None:
    """Written over in place, as processes have the file mapped into their memory."""
    with clock.open("r+b" if clock.exists() else "wb") as file:
        file.write(struct.pack("q", seconds))


def _trial(
    harness: Harness,
    case: str,
    library: Path,
    clock: Path,
    strike: Strike,
    options: tuple[str, ...] = (),
) -> None:
    if harness.results.has(FAULT, case):
        return
    place = harness.place()
    _shift(clock, 0)
    env = {"LD_PRELOAD": str(library), "SHIFTED_CLOCK": str(clock)}
    ended: list[Run] = []

    def watched(run: Run) -> str | None:
        ended.append(run)
        return strike(run)

    trial = Trial(FAULT, case)
    builds = len(place.known.exact)
    place.strike(trial, watched, options=options, env=env)
    trial.wrong += _odd(ended[0])
    published = len(place.known.exact) - builds
    if published != 2:
        trial.wrong.append(f"{published} sets with names of their own were published, not 2")
    harness.keep(trial)


def _jumped(clock: Path, line: str, seconds: int) -> Strike:
    def strike(run: Run) -> str | None:
        if not run.until(lambda said: said.startswith(line)):
            return None
        _shift(clock, seconds)
        return f"{seconds / DAY:+.0f} days in '{run.step}'"

    return strike


def _recorded(clock: Path, place: Place) -> Strike:
    """With --json nothing is said until the end: the work database tells that dbt has begun."""

    def strike(run: Run) -> str | None:
        work = place.site.warehouse / "build" / "work_marts.duckdb"
        before = _changed(work)
        while _changed(work) == before and run.process.poll() is None:
            time.sleep(WATCHED_EVERY)
        _shift(clock, -DAY)
        return "-1 day while dbt builds"

    return strike


def _changed(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0


def _odd(run: Run) -> list[str]:
    """Durations that cannot be, in the lines and in the run record."""
    said = [line for line in (*run.lines, *run.out.splitlines()) if line[:1] != "{"]
    as_of = [f" as of {demo.AS_OF} ", f'"as_of": "{demo.AS_OF} ']
    wrong = [] if any(one in run.out for one in as_of) else [f"it is not as of {demo.AS_OF}"]
    wrong += [
        f"it said: {line}"
        for line in said
        for seconds in AGO.findall(line)
        if not 0 <= float(seconds.replace(",", "")) <= LONGEST
    ]
    if run.out.startswith("{"):
        record = json.loads(run.out)
        spans = [record["seconds"], *(step["seconds"] for step in record["steps"])]
        wrong += [f"the record has {span} s" for span in spans if not 0 <= span <= LONGEST]
        if not BUILD_ID.fullmatch(record["build_id"]):
            wrong.append(f"the build is called {record['build_id']}")
    return wrong

"""The machine's clock is set while a build runs, forwards or backwards.

libfaketime (Debian's package faketime) shifts the clock of all processes of a build; what it reads
from a file can be changed while they run. Clocks that only count on, as Linux's monotonic one, go
on as they do when a real clock is set.
"""

import json
import re
from pathlib import Path

from leadsignal import demo

from faults.harness import Harness
from faults.site import BUILD_ID, Run
from faults.trials import Place, Strike, Trial

FAULT = "clock"
LIBRARIES = tuple(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
AGO = re.compile(r"\bin (-?[\d.,]+) s\b")
LONGEST = 900.0
JUMPS = {
    "5 days on while dbt builds": ("  ", "+5d"),
    "5 days back while dbt builds": ("  ", "-5d"),
    "400 days on before the audit": ("Auditing", "+400d"),
    "400 days back before the history": ("Keeping what was reported", "-400d"),
}
RECORD = "a day back, with the run record"


def set_anew(harness: Harness) -> None:
    """Every jump once; a sentence where libfaketime is not installed."""
    cases = [*JUMPS, RECORD]
    if all(harness.results.has(FAULT, case) for case in cases):
        return
    if not LIBRARIES:
        harness.say("clock: left out, as libfaketime is not there (Debian: apt install faketime)")
        return
    shift = harness.folder / "clock"
    for case, (line, jump) in JUMPS.items():
        _trial(harness, case, shift, _jumped(shift, line, jump))
    _trial(harness, RECORD, shift, _recorded(shift, harness.place()), options=("--json",))


def _trial(
    harness: Harness, case: str, shift: Path, strike: Strike, options: tuple[str, ...] = ()
) -> None:
    if harness.results.has(FAULT, case):
        return
    place = harness.place()
    shift.write_text("+0\n", encoding="ascii")
    env = {
        "LD_PRELOAD": str(LIBRARIES[0]),
        "FAKETIME_TIMESTAMP_FILE": str(shift),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
        "NO_FAKE_STAT": "1",
    }
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


def _jumped(shift: Path, line: str, jump: str) -> Strike:
    def strike(run: Run) -> str | None:
        if not run.until(lambda said: said.startswith(line)):
            return None
        shift.write_text(f"{jump}\n", encoding="ascii")
        return f"{jump} in '{run.step}'"

    return strike


def _recorded(shift: Path, place: Place) -> Strike:
    """With --json nothing is said until the end: the work database tells that dbt has begun."""

    def strike(run: Run) -> str | None:
        work = place.site.warehouse / "build" / "work_marts.duckdb"
        while not work.is_file() and run.process.poll() is None:
            pass
        shift.write_text("-1d\n", encoding="ascii")
        return "-1d while dbt builds"

    return strike


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

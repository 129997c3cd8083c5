"""Fifty readers of the published file through ten builds, each of another CRM."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
from leadsignal import warehouse

from faults.harness import Harness
from faults.reading import OF_A_PROCESS, PAUSE
from faults.site import PROJECT, Crm
from faults.trials import PUBLISHED, Place, Trial, ending, ill_said, mixtures

FAULT = "readers"
PROCESSES = 5
BUILDS = 10
LONGEST_END = 120


def through_builds(harness: Harness) -> None:
    """One trial for each build; what a reader saw counts in the trial of the build it saw."""
    sizes = [70 + 3 * number for number in range(BUILDS)]
    crms = harness.crms_of(sizes)
    cases = [f"{crm.name}" for crm in crms]
    if all(harness.results.has(FAULT, case) for case in cases):
        return
    place = harness.place("readers")
    before = place.published()
    trials: dict[str, Trial] = {before.build_id: Trial(FAULT, "before")} if before else {}
    leads = {_leads(place)}
    told: list[dict[str, Any]] = []
    try:
        with _reading(place, harness.folder, told):
            for crm, case in zip(crms, cases, strict=True):
                trial = _built(place, crm, case)
                found = place.published()
                if found is None:
                    raise RuntimeError("The published set is gone.")
                leads.add(_leads(place))
                trial.is_new = found.build_id not in trials
                trials[found.build_id] = trial
    finally:  # of a run that is interrupted, the builds until then count
        _share(told, trials, leads, place)
        for trial in trials.values():
            if trial.case in cases and not harness.results.has(FAULT, trial.case):
                harness.keep(trial)


def _built(place: Place, crm: Crm, case: str) -> Trial:
    began = time.monotonic()
    run = place.site.start(crm)
    try:
        status = run.end()
    except BaseException:
        run.kill()
        raise
    trial = Trial(FAULT, case, "fifty readers", ending(run, status), wrong=ill_said(run, status))
    trial.next_run = PUBLISHED if status == 0 else trial.ended
    trial.left_over = place.site.left_over()
    trial.seconds = round(time.monotonic() - began, 1)
    return trial


def _leads(place: Place) -> int:
    con = warehouse.open_published(place.site.published)
    try:
        [(leads,)] = con.execute("select count(*) from fct_leads").fetchall()
    except duckdb.Error:
        return -1
    finally:
        con.close()
    return int(leads)


@contextmanager
def _reading(place: Place, folder: Path, told: list[dict[str, Any]]) -> Iterator[None]:
    """The readers' processes for as long as the block lasts; what each saw is added to `told`."""
    outs = [folder / f"readers_{number}.json" for number in range(PROCESSES)]
    processes = [
        subprocess.Popen(
            [
                *(sys.executable, "-m", "faults.reading", str(place.site.published), str(out)),
                str(len(OF_A_PROCESS) * number),
            ],
            cwd=PROJECT / "python",
            env=os.environ | {"TMPDIR": str(place.site.temporary)},
            stdin=subprocess.PIPE,
        )
        for number, out in enumerate(outs)
    ]
    time.sleep(5 * PAUSE)  # each has read before the first build publishes
    try:
        yield
    finally:
        for process in processes:
            process.communicate(timeout=LONGEST_END)
    told += [json.loads(out.read_text(encoding="utf-8")) for out in outs]


def _share(
    told: list[dict[str, Any]], trials: dict[str, Trial], leads: set[int], place: Place
) -> None:
    """Give each trial what was read of its build; what is of none of them, the last one."""
    last = list(trials.values())[-1]
    for process in told:
        seen = [tuple(one) for one in process["seen"]]
        for build, _, _ in seen:
            trials.get(build, last).readings += 1
        last.wrong += mixtures(seen, place.known.exact)
        last.readings += len(process["leads"])
        last.reader_errors += process["errors"]
        last.wrong += [
            f"the metrics layer said {one} leads" for one in process["leads"] if one not in leads
        ]

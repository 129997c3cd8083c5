"""Builds of one warehouse that are started while another runs."""

from collections.abc import Callable

from faults.harness import Harness
from faults.site import Crm, Run
from faults.trials import Place, Trial, ending, ill_said

FAULT = "second"
WAITS = ("--wait", "10")


def at_once(harness: Harness) -> None:
    """A second build is refused, or waits; of three at once, one builds."""
    for case, act in {
        "refused": _refused,
        "waits": _waits,
        "waits for one that is killed": _waits_for_a_killed_one,
        "three at once": _three,
    }.items():
        if harness.results.has(FAULT, case):
            continue
        place = harness.place()
        trial = Trial(FAULT, case)
        crm = place.next_crm()
        before = place.published()
        with place.watched(trial):
            trial.wrong += act(place, crm, trial)
            # Two may have been published: what both say of the same CRM is all that can be held.
            after = place.look(trial, None if case == "waits" else before)
            trial.is_new = True
            place.again(trial, place.next_crm(), after)
        harness.keep(trial)


def _names(process: Run) -> Callable[[str], bool]:
    return lambda line: f"process {process.process.pid} of " in line


def _begun(place: Place, crm: Crm) -> Run:
    first = place.site.start(crm)
    first.until_step("Building the tables")
    return first


def _refused(place: Place, crm: Crm, trial: Trial) -> list[str]:
    first = _begun(place, crm)
    second = place.site.start(crm)
    status, of_first = second.end(), first.end()
    trial.what, trial.ended = "started while one builds", ending(second, status)
    wrong = ill_said(second, status) + ill_said(first, of_first)
    if (status, of_first) != (4, 0):
        wrong.append(f"the second ended with {status}, the first with {of_first}")
    if not any(map(_names(first), second.told)):
        wrong.append(f"it does not name process {first.process.pid}")
    return wrong


def _waits(place: Place, crm: Crm, trial: Trial) -> list[str]:
    first = _begun(place, crm)
    second = place.site.start(crm, *WAITS)
    is_told = second.until(_names(first))
    of_first = first.end()
    place.published()
    status = second.end()
    trial.what, trial.ended = "started with --wait while one builds", ending(second, status)
    wrong = [] if is_told else [f"it does not name process {first.process.pid}"]
    if (status, of_first) != (0, 0):
        wrong.append(f"the second ended with {status}, the first with {of_first}")
    return wrong


def _waits_for_a_killed_one(place: Place, crm: Crm, trial: Trial) -> list[str]:
    first = _begun(place, crm)
    second = place.site.start(crm, *WAITS)
    is_told = second.until(_names(first))
    first.until(lambda line: line.startswith("  "), 10)
    first.kill()
    first.end()
    status = second.end()
    trial.what, trial.ended = "waited for one that was killed", ending(second, status)
    wrong = [] if is_told else [f"it does not name process {first.process.pid}"]
    return wrong + ([f"the second ended with {status}"] if status else [])


def _three(place: Place, crm: Crm, trial: Trial) -> list[str]:
    runs = [place.site.start(crm) for _ in range(3)]
    statuses = [run.end() for run in runs]
    trial.what = "three started together"
    trial.ended = " | ".join(map(ending, runs, statuses))
    wrong = [
        line for run, status in zip(runs, statuses, strict=True) for line in ill_said(run, status)
    ]
    return wrong + ([] if sorted(statuses) == [0, 4, 4] else [f"they ended with {statuses}"])

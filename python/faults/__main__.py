"""`python -m faults`: does every fault to real builds, looks what is left, and counts.

It ends with status 1 when a fault was not survived.
"""

import argparse
import signal
import sys
from pathlib import Path

from faults import clocks, disks, fifty_readers, kills, raw_files, second_builds, servers
from faults.harness import Faults, Harness
from faults.page import page
from faults.site import PROJECT

FAULTS: Faults = {
    "kill": kills.at_random,
    "boundary": kills.at_boundaries,
    "child": kills.of_children,
    "stop": kills.by_request,
    "disk": disks.full,
    "raw": raw_files.harmed,
    "second": second_builds.at_once,
    "readers": fifty_readers.through_builds,
    "clock": clocks.set_anew,
    "postgres": servers.failing,
}
INTERRUPTED = 130
PAGE = PROJECT / "docs" / "reliability.md"


def main() -> int:
    """Runs what was asked for; the exit status."""
    parser = argparse.ArgumentParser(prog="faults", description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=FAULTS, default=list(FAULTS), metavar="NAME")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=1, help="warehouses that are killed in turn")
    parser.add_argument("--seed", type=int, default=20261031)
    parser.add_argument("--folder", type=Path, default=PROJECT / "warehouse" / "faults")
    parser.add_argument("--again", action="store_true", help="do again what was not survived")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name} from all results")
    asked = parser.parse_args()
    # Asked to stop, it ends the build that it watches and takes away the disk that it has mounted.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    harness = Harness(asked.folder.absolute(), kills=asked.kills, jobs=asked.jobs, seed=asked.seed)
    if asked.again:
        harness.results.forget(lambda trial: not trial.is_survived)
    for name in asked.only:
        FAULTS[name](harness)
    not_survived = [trial for trial in harness.results.trials if not trial.is_survived]
    if asked.write:
        PAGE.write_text(page(harness.results.trials), encoding="utf-8")
    for trial in not_survived:
        print(f"not survived: {trial.fault} {trial.case} ({trial.what})", file=sys.stderr)
    print(f"{len(harness.results.trials)} trials, {len(not_survived)} not survived")
    return int(bool(not_survived))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)

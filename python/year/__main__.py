"""`python -m year`: lives the nights that are left, then holds the last one against a rebuild.

It may be stopped at any time and goes on where it stopped. It ends with status 1 when something is
not as it has to be.
"""

import argparse
import os
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "warehouse" / "year"


def main() -> int:
    """Runs the whole of it; the exit status."""
    parser = argparse.ArgumentParser(prog="year", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--nights", type=int, help="how many in all; by default the plan's")
    parser.add_argument("--plan", choices=("year", "week"), default="year")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    asked = parser.parse_args()
    # One thread each, for a process that has threads cannot be forked in a known state.
    os.environ |= {"OPENBLAS_NUM_THREADS": "1", "DO_NOT_TRACK": "1"}
    for name in [name for name in os.environ if name.startswith("LEADSIGNAL_")]:
        del os.environ[name]
    from year.living import live
    from year.plan import PLANS

    plan = PLANS[asked.plan]
    return live(asked.folder.absolute(), plan, min(asked.nights or plan.length, plan.length))


if __name__ == "__main__":
    sys.exit(main())

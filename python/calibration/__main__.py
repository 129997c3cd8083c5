"""`python -m calibration`: draws the worlds, builds them, measures, and writes the page.

It ends with status 1 when a promise is not kept.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

import numpy

from calibration import building
from calibration.measuring import Findings, measure
from calibration.report import misses, page
from calibration.worlds import worlds

PAGE = Path(__file__).parents[2] / "docs" / "calibration.md"


def main() -> int:
    """Runs the whole of it; the exit status."""
    parser = argparse.ArgumentParser(prog="calibration", description=__doc__.splitlines()[0])
    parser.add_argument("--worlds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=20261031)
    parser.add_argument("--out", type=Path, default=PAGE)
    asked = parser.parse_args()
    started = time.monotonic()
    rng = numpy.random.default_rng(asked.seed)
    drawn = list(worlds(asked.worlds, rng))
    found = Findings()
    with tempfile.TemporaryDirectory() as folder:
        raw, warehouse = Path(folder) / "raw", Path(folder) / "warehouse"
        building.write(drawn, raw, rng)
        published = building.build(raw, warehouse)
        for world, con in building.each(published, drawn):
            measure(world, con, found)
    seconds = time.monotonic() - started
    asked.out.write_text(page(found, asked.worlds, asked.seed, seconds), encoding="utf-8")
    missed = misses(found)
    for line in missed:
        print(f"missed: {line}", file=sys.stderr)
    print(f"{asked.worlds} worlds in {seconds:.0f} s: {asked.out}")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())

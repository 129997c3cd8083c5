"""What a whole `leadsignal build` costs, and how that grows with the number of leads.

    python benchmarks/build.py [LEADS ...]

Each size is a demo CRM (CSV) built into a warehouse of its own under a temporary folder. Seconds
are wall time of the parts of a build; CPU seconds and peak memory (of the largest process) are of
the whole of it. Growth is the time for each lead against that of the size before: at most 1 when
time grows no faster than the leads.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from leadsignal import demo

SIZES = (10_000, 100_000, 1_000_000)
PARTS = {
    "Building the tables": "dbt",
    "Keeping what was reported": "history",
    "Auditing": "audit",
    "Writing the story": "story",
    "Publishing": "publish",
}


def main() -> None:
    """Build each size and print a row of a Markdown table for it."""
    sizes = [int(text) for text in sys.argv[1:]] or list(SIZES)
    print(f"| leads | raw MB | {' | '.join(PARTS.values())} | all s | CPU s | peak GB | growth |")
    print("|---:" * (len(PARTS) + 6) + "|")
    before = 0.0
    for leads in sizes:
        with tempfile.TemporaryDirectory() as folder:
            raw, warehouse = Path(folder) / "raw", Path(folder) / "warehouse"
            demo.write(raw, leads)
            size = sum(file.stat().st_size for file in raw.rglob("*.csv")) / 1e6
            parts, cpu, peak = timed_build(raw, warehouse)
        seconds = sum(parts.values())
        growth = f"{seconds / leads / before:.2f}" if before else ""
        before = seconds / leads
        listed = " | ".join(f"{parts[name]:.1f}" for name in PARTS)
        print(
            f"| {leads:,} | {size:,.0f} | {listed} | {seconds:.0f} | {cpu:.0f} | {peak:.1f} "
            f"| {growth} |",
            flush=True,
        )


def timed_build(raw: Path, warehouse: Path) -> tuple[dict[str, float], float, float]:
    """Wall seconds of each part, CPU seconds and peak gigabytes of a build in its own process."""
    leadsignal = str(Path(sys.executable).with_name("leadsignal"))
    process = subprocess.Popen(
        [leadsignal, "build", "--raw", str(raw), "--as-of", demo.AS_OF],
        env=os.environ | {"LEADSIGNAL_WAREHOUSE": str(warehouse)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    begun: list[tuple[str, float]] = []
    told: list[str] = []
    for line in process.stderr or ():
        told.append(line)
        if line.strip() in PARTS:
            begun.append((line.strip(), time.monotonic()))
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"The build of {raw} failed:\n{''.join(told[-5:])}")
    ends = [*(moment for _, moment in begun[1:]), time.monotonic()]
    parts = {name: end - start for (name, start), end in zip(begun, ends, strict=True)}
    return parts, used.ru_utime + used.ru_stime, used.ru_maxrss / 1e6


if __name__ == "__main__":
    main()

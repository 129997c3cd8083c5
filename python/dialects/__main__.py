"""`python -m dialects [DIALECT ...]`: compiles the project, and says what a dialect does not know.

Exit status 1 for faults.
"""

import csv
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from dialects.checking import Fault, faults
from dialects.compiling import COMPILED, compiled
from dialects.forms import DIALECTS


def main(asked: list[str]) -> int:
    """Checks the dialects asked for, or all; how many of them have faults, at most 1."""
    if missed := planted_missed():
        print(*missed, sep="\n")
        return 1
    try:
        return int(sum(_has_faults(dialect) for dialect in asked or DIALECTS) > 0)
    except subprocess.CalledProcessError as failure:
        print(f"dbt could not compile the project: exit status {failure.returncode}")
        return 1


def planted_missed() -> list[str]:
    """The statements of planted.csv that are misjudged: none, or the check is worth nothing."""
    with (Path(__file__).parent / "planted.csv").open(encoding="utf-8", newline="") as rows:
        return [
            f"planted for {row['dialect']}, valid: {row['is_valid']}, but misjudged: {row['sql']}"
            for row in csv.DictReader(rows)
            if bool(faults(row["sql"], row["dialect"])) == (row["is_valid"] == "yes")
        ]


def _has_faults(dialect: str) -> bool:
    files = compiled(dialect)
    with ProcessPoolExecutor(2) as workers:
        found = list(workers.map(partial(_faults_of, dialect), files, chunksize=8))
    for file, faulty in zip(files, found, strict=True):
        for fault in faulty:
            print(f"{file.relative_to(COMPILED)}:{fault.line}: {fault.what}")
    count = sum(map(bool, found))
    print(f"{dialect}: {len(files)} statements compiled, {count or 'none'} with faults")
    return count > 0 or not files


def _faults_of(dialect: str, file: Path) -> list[Fault]:
    return faults(file.read_text(encoding="utf-8"), dialect)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

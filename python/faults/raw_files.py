"""Raw files that are taken away, cut off, replaced or still written while a build reads them."""

import gzip
import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

from faults.harness import Harness
from faults.site import Crm, Run
from faults.trials import Place

FAULT = "raw"
Harm = Callable[[Path, Crm], None]
"""What is done to the folder of a CRM; the other CRM is where other content comes from."""
Moment = Callable[[Run], bool]
GROWS_EVERY = 0.05
GROWING = "lead.csv still growing"


def harmed(harness: Harness) -> None:
    """Every harm at the moments at which it matters."""
    cases: dict[str, tuple[Moment, Harm]] = {
        "lead.csv replaced while it is read": (_reading, _replace),
        "task.csv replaced between two models": (_between, _replace_tasks),
        "lead.csv.gz without its last byte": (_at_once, _last_byte_gz),
        "lead.csv removed as dbt starts": (_starting, _remove),
        "lead.csv removed while it is read": (_reading, _remove),
        "lead.csv cut off while it is read": (_reading, _cut),
        "all files of the CRM replaced while read": (_reading, _replace_all),
        "folder of the CRM gone while it is read": (_reading, _remove_folder),
        "lead.csv replaced during the audit": (_auditing, _replace),
        "lead.csv.gz cut off before the build": (_at_once, _cut_gz),
        "lead.parquet cut off before the build": (_at_once, _cut_parquet),
    }
    if not harness.results.has(FAULT, GROWING):
        _grow(harness)
    for case, (moment, harm) in cases.items():
        _strike(harness, case, moment, harm)


def _strike(harness: Harness, case: str, moment: Moment, harm: Harm) -> None:
    """One harm to a copy of the CRM whose turn it is; repaired by a whole export."""
    if harness.results.has(FAULT, case):
        return
    place = harness.place()
    struck, other, repair = _copy(place, harness.folder / "struck")

    def strike(run: Run) -> str | None:
        if not moment(run):
            return None
        at = run.step
        harm(struck.raw / "salesforce", other)
        return f"in '{at}'"

    harness.strike(FAULT, case, strike, crm=struck, repair=repair)


def _copy(place: Place, folder: Path) -> tuple[Crm, Crm, Callable[[], None]]:
    """A copy of the next CRM, the CRM after it, and what makes the copy whole again."""
    crm = place.next_crm()
    [other, *_] = [one for one in place.crms if one != crm]

    def repair() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(crm.raw, folder)

    repair()
    return Crm(crm.name, folder), other, repair


def _grow(harness: Harness) -> None:
    place = harness.place()
    struck, _, repair = _copy(place, harness.folder / "struck")
    file = struck.raw / "salesforce" / "lead.csv"
    rows = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(rows[:10]), encoding="utf-8")

    def strike(run: Run) -> str:
        is_over = threading.Event()

        def write() -> None:
            with file.open("a", encoding="utf-8") as export:
                number = 10
                while not is_over.wait(GROWS_EVERY):
                    export.write(rows[number % len(rows) or 1][: 40 if number % 7 else None])
                    export.flush()
                    number += 1

        writing = threading.Thread(target=write)
        writing.start()
        try:
            run.end()
        finally:
            is_over.set()
            writing.join()
        return f"{file.name} got a row every {GROWS_EVERY} s"

    harness.strike(FAULT, GROWING, strike, crm=struck, repair=repair)


def _at_once(run: Run) -> bool:
    return True


def _starting(run: Run) -> bool:
    return run.until_step("Building the tables")


def _reading(run: Run) -> bool:
    return run.until(lambda line: line.startswith("  "))


def _between(run: Run) -> bool:
    return run.until(lambda line: "int_activities" in line or "stg_salesforce__tasks" in line)


def _auditing(run: Run) -> bool:
    return run.until_step("Auditing")


def _remove(folder: Path, other: Crm) -> None:
    (folder / "lead.csv").unlink()


def _cut(folder: Path, other: Crm) -> None:
    _halve(folder / "lead.csv")


def _halve(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def _replace(folder: Path, other: Crm) -> None:
    _put(other.raw / "salesforce" / "lead.csv", folder)


def _replace_tasks(folder: Path, other: Crm) -> None:
    _put(other.raw / "salesforce" / "task.csv", folder)


def _replace_all(folder: Path, other: Crm) -> None:
    for file in sorted((other.raw / "salesforce").iterdir()):
        _put(file, folder)


def _put(file: Path, folder: Path) -> None:
    part = folder / f"{file.name}.part"
    shutil.copyfile(file, part)
    os.replace(part, folder / file.name)


def _remove_folder(folder: Path, other: Crm) -> None:
    shutil.rmtree(folder)


def _cut_gz(folder: Path, other: Crm) -> None:
    _halve(_as_gz(folder))


def _last_byte_gz(folder: Path, other: Crm) -> None:
    file = _as_gz(folder)
    os.truncate(file, file.stat().st_size - 1)


def _as_gz(folder: Path) -> Path:
    file = folder / "lead.csv"
    packed = folder / "lead.csv.gz"
    packed.write_bytes(gzip.compress(file.read_bytes()))
    file.unlink()
    return packed


def _cut_parquet(folder: Path, other: Crm) -> None:
    import pyarrow.csv
    import pyarrow.parquet

    file = folder / "lead.parquet"
    pyarrow.parquet.write_table(pyarrow.csv.read_csv(folder / "lead.csv"), file)
    (folder / "lead.csv").unlink()
    _halve(file)

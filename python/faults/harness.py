"""What all faults need: places to build in, CRMs to build, and where results go."""

import json
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from faults.results import Results
from faults.site import Crm, Site, crm
from faults.trials import Known, Place, Strike, Trial

TRIES = 3
SIZES = (60, 66)
"""Leads of the two CRMs that are built in turn."""


class Harness:
    """One run of the harness in a folder."""

    def __init__(self, folder: Path, *, kills: int, jobs: int, seed: int) -> None:
        """`folder` is made; results that it has are kept and not made again."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.kills = kills
        self.jobs = jobs
        self.seed = seed
        self.results = Results(folder / "results.jsonl")
        self.known = Known()
        self._contents = folder / "contents.json"
        if self._contents.is_file():
            self.known.contents.update(json.loads(self._contents.read_text(encoding="utf-8")))
        self.crms = self.crms_of(SIZES)
        self._places: dict[str, Place] = {}
        self._making = threading.Lock()

    def crms_of(self, sizes: Sequence[int]) -> list[Crm]:
        """Demo CRMs of about so many leads."""
        return [crm(self.folder / "crms", leads) for leads in sizes]

    def place(self, name: str = "kills_0", folder: Path | None = None) -> Place:
        """A place of that name, in which each CRM has been built."""
        with self._making:
            place = self._places.get(name)
            if place is None:
                where = folder or self.folder / name
                place = self._places[name] = Place(Site(where), self.crms, self.known)
        if not place.steps:
            self.say(f"{name}: begins")
            place.begin()
            contents = {name: dict(one) for name, one in self.known.contents.items()}
            self._contents.write_text(json.dumps(contents), encoding="utf-8")
        return place

    def stop(self) -> None:
        """End what runs in every place; threads that work there get Stopped."""
        for place in self._places.values():
            place.site.stop()

    def strike(
        self,
        fault: str,
        case: str,
        strike: Strike,
        place: Callable[[], Place] | None = None,
        **more: Any,
    ) -> None:
        """One trial, unless it has been done; tried again where the build was over too soon."""
        if self.results.has(fault, case):
            return
        where = place() if place else self.place()
        for _ in range(TRIES):
            trial = Trial(fault, case)
            if where.strike(trial, strike, **more):
                self.keep(trial)
                return
            self.say(f"{fault} {case}: the build was over before: {trial.ended}")

    def keep(self, trial: Trial) -> None:
        """Write a trial down, and say so."""
        self.results.keep(trial)
        verdict = "survived" if trial.is_survived else "NOT SURVIVED"
        self.say(f"{trial.fault} {trial.case}: {verdict} in {trial.seconds:.0f} s ({trial.what})")
        for line in (*trial.wrong, *trial.reader_errors, *trial.left_over):
            self.say(f"  {line}")

    def say(self, text: str) -> None:
        """A line for whoever waits."""
        print(text, file=sys.stderr, flush=True)


Fault = Callable[[Harness], None]
Faults = Mapping[str, Fault]

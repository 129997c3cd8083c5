"""Trials kept as they come, so that a run that was interrupted goes on where it was."""

import json
import threading
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from faults.trials import Trial


class Results:
    """A file with one trial a line."""

    def __init__(self, file: Path) -> None:
        """Trials that the file has already are not done again."""
        self.file = file
        self.trials: list[Trial] = []
        self._writing = threading.Lock()
        if file.is_file():
            lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
            self.trials = [Trial(**json.loads(line)) for line in lines if line.endswith("}\n")]
            self.forget(lambda trial: False)

    def has(self, fault: str, case: str) -> bool:
        """Whether this trial has been done."""
        return any((trial.fault, trial.case) == (fault, case) for trial in self.trials)

    def forget(self, is_unwanted: Callable[[Trial], bool]) -> None:
        """Write the file anew without these trials, and without a line that was cut off."""
        self.trials = [trial for trial in self.trials if not is_unwanted(trial)]
        self.file.write_text("".join(map(_line, self.trials)), encoding="utf-8")

    def keep(self, trial: Trial) -> None:
        """Add a trial, and write it down."""
        with self._writing:
            self.trials.append(trial)
            with self.file.open("a", encoding="utf-8") as lines:
                lines.write(_line(trial))


def _line(trial: Trial) -> str:
    return f"{json.dumps(asdict(trial))}\n"

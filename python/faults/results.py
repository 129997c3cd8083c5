"""Trials kept as they come, so that a run that was interrupted goes on where it was."""

import json
import threading
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
            whole = [line for line in lines if line.endswith("}\n")]
            file.write_text("".join(whole), encoding="utf-8")
            self.trials = [Trial(**json.loads(line)) for line in whole]

    def has(self, fault: str, case: str) -> bool:
        """Whether this trial has been done."""
        return any((trial.fault, trial.case) == (fault, case) for trial in self.trials)

    def keep(self, trial: Trial) -> None:
        """Add a trial, and write it down."""
        with self._writing:
            self.trials.append(trial)
            with self.file.open("a", encoding="utf-8") as lines:
                lines.write(f"{json.dumps(asdict(trial))}\n")

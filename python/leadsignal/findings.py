"""What the doctor says: one line each, with what to do about it."""

from dataclasses import dataclass
from typing import Literal

from leadsignal.printable import on_one_line

Level = Literal["ok", "note", "warning", "error"]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. An error stops a build; a warning spoils numbers."""

    level: Level
    what: str
    hint: str = ""
    """What to do; empty when nothing is."""

    def __str__(self) -> str:
        """One line: the level, what was found, what to do."""
        return f"{self.level:<8} {on_one_line(f'{self.what} {self.hint}')}"

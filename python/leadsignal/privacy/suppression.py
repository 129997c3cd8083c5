"""The list of those who asked to be forgotten: salted hashes, never an address in clear.

Whoever holds the list, salt included, can try addresses against it: it is private. It stays for
good, for it is what keeps a person out of every later build.
"""

import csv
import io
import os
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path

from leadsignal.errors import UsageError

COLUMNS = ("person_hash", "salt", "forgotten_on")
PRIVATE = 0o600
SALT_BYTES = 32
_HEX = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Suppression:
    """Hashes of addresses and ids, each with the day it was asked for; one salt for all."""

    days: Mapping[str, str] = field(default_factory=dict)
    """Hash -> ISO date."""
    salt: str = field(default_factory=lambda: secrets.token_hex(SALT_BYTES), repr=False)

    def hash(self, told: str) -> str:
        """What stands on the list for `address:<e-mail>`, `id:<crm>:<id>` and the like.

        The models say the same in SQL (macros/raw/forgotten.sql).
        """
        return sha256(f"{self.salt}{told}".encode()).hexdigest()

    def added(self, hashes: Iterable[str], day: date) -> "Suppression":
        """The list with these hashes too; those that are there keep their day."""
        return Suppression({**dict.fromkeys(hashes, day.isoformat()), **self.days}, self.salt)

    @property
    def rows(self) -> list[tuple[str, str, str]]:
        """The columns of `COLUMNS`."""
        return [(one, self.salt, day) for one, day in sorted(self.days.items())]


def of_rows(rows: Iterable[tuple[str, str, str]], place: str) -> Suppression | None:
    """The list from its rows; None when there is none. Raises UsageError, which shows no value."""
    found = [tuple(row) for row in rows]
    salts = {row[1] for row in found if len(row) == len(COLUMNS)}
    is_sound = all(
        len(row) == len(COLUMNS) and _HEX.fullmatch(row[0]) and _HEX.fullmatch(row[1])
        for row in found
    )
    if found and (not is_sound or len(salts) != 1):
        raise UsageError(
            f"{place} is not the list of forgotten persons as `leadsignal forget` wrote it.",
            "Bring it back from a backup: without it, those who asked would be read again.",
        )
    return Suppression({row[0]: row[2] for row in found}, salts.pop()) if found else None


def read(file: Path) -> Suppression | None:
    """The list of a file; None when there is none. Rights wider than its owner's are taken away.

    Raises UsageError when it cannot be read as such a list.
    """
    try:
        if file.stat().st_mode & 0o077:
            file.chmod(PRIVATE)
        header, *rows = csv.reader(io.StringIO(file.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, csv.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no such file"
        raise UsageError(
            f"The list of forgotten persons {file} cannot be read: {reason}.",
            "Bring it back from a backup, with rights for the user who builds.",
        ) from error
    if tuple(header) != COLUMNS:
        rows = [[]]
    return of_rows(((*row,) for row in rows), str(file))  # type: ignore[misc]


def write(suppression: Suppression, file: Path) -> None:
    """Put the list in the place of the file, in one step, readable by its owner alone."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([COLUMNS, *suppression.rows])
    new = file.with_name(f"{file.name}.new")
    new.unlink(missing_ok=True)
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text.getvalue())
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(new, file)

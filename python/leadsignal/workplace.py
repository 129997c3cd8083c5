"""Where a build works: the folder, its rights, what its children are told, and a full disk."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from leadsignal import alerts, dbt_run
from leadsignal.errors import BuildFailed, LeadsignalError, UsageError
from leadsignal.privacy import email_hashes
from leadsignal.settings import Settings

FOR_THE_OWNER = 0o700
"""Rights of the work place: its databases hold what the CRM says of persons."""
FULL = 1 << 20
"""Free bytes of a disk under which whatever went wrong went wrong for want of room."""


def make_folder(folder: Path) -> None:
    """Make the warehouse folder. Raises UsageError when it cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"The warehouse folder {folder} cannot be made: {error.strerror}.",
            "Set LEADSIGNAL_WAREHOUSE to a folder that can be written to.",
        ) from error


@contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """What goes wrong for want of room or rights is a BuildFailed that says so, whoever saw it."""
    try:
        yield
    except (OSError, duckdb.Error, BuildFailed, UsageError) as error:
        told = error.lines if isinstance(error, LeadsignalError) else ()
        if _is_full(folder):
            raise BuildFailed(
                f"The disk of {folder} is full.",
                f"Make room, and run `leadsignal build` again. {dbt_run.NOTHING_PUBLISHED}",
                more=tuple(line for line in told if os.strerror(errno.ENOSPC) not in line),
            ) from error
        if told:
            raise
        reason = getattr(error, "strerror", None) or str(error).partition("\n")[0]
        raise BuildFailed(
            f"Writing to {getattr(error, 'filename', None) or folder} failed: {reason}.",
            f"See to the folder's rights and space. {dbt_run.NOTHING_PUBLISHED}",
        ) from error


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < FULL
    except OSError:  # it is not even there
        return False


def clean(work: Path) -> None:
    """Begin with empty databases; dbt's parsed project stays, which saves a second.

    Only who runs the build can look into the work place, whatever it was before.
    """
    work.mkdir(exist_ok=True)
    work.chmod(FOR_THE_OWNER)
    remove_databases(work)
    for page in ("story.md", "report.html"):
        (work / page).unlink(missing_ok=True)
    shutil.rmtree(work / "audit", ignore_errors=True)


def remove_databases(work: Path) -> None:
    """Remove what the CRM says of persons from a work place, other work places in it too."""
    for file in work.rglob("*.duckdb*"):
        file.unlink(missing_ok=True)


def environment(settings: Settings, build_id: str) -> dict[str, str]:
    """The environment of the children: the settings in force, and no telemetry."""
    secret = (alerts.URL, email_hashes.SALT)
    inherited = {name: value for name, value in os.environ.items() if name not in secret}
    return inherited | {
        "LEADSIGNAL_RAW": str(settings.raw),
        "LEADSIGNAL_AS_OF": settings.as_of,
        "LEADSIGNAL_WORK": str(settings.work),
        "LEADSIGNAL_BUILD_ID": build_id,
        "LEADSIGNAL_FORGOTTEN": str(settings.forgotten),
        "DO_NOT_TRACK": "1",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "PYTHONUNBUFFERED": "1",
    }

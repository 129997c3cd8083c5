"""Putting a finished set in the place of the published one.

It is one rename: a reader that has the old file open goes on reading it, a new reader gets the new
one, and a build killed at any moment before changes nothing.
"""

import os
from pathlib import Path

import duckdb

from leadsignal.errors import BuildFailed

READABLE_BY_ALL = 0o644


def finish(marts: Path) -> None:
    """Close the work file for good: everything in the one file, no write-ahead log beside it.

    Raises BuildFailed when that cannot be done.
    """
    try:
        with duckdb.connect(marts) as con:
            con.execute("force checkpoint")
    except duckdb.Error as error:
        raise BuildFailed(
            f"{marts} cannot be completed: {error}.", "Run `leadsignal build` again."
        ) from error
    if _log_of(marts).exists():
        raise BuildFailed(
            f"{_log_of(marts)} is still there, so {marts.name} is not complete.",
            "See whether another program has it open, and run `leadsignal build` again.",
        )


def publish(marts: Path, published: Path) -> None:
    """Move the finished file to where readers look. Both are on one file system.

    Raises BuildFailed when the file is not complete or cannot be moved.
    """
    if _log_of(marts).exists():
        raise BuildFailed(f"{_log_of(marts)} is still there.", "Run `leadsignal build` again.")
    # A log beside the published file is that of a stranger who wrote into it: not for the new file.
    _log_of(published).unlink(missing_ok=True)
    replace(marts, published)


def replace(new: Path, old: Path) -> None:
    """Put `new` in the place of `old` in one step that survives a power cut.

    Raises BuildFailed when the file system refuses.
    """
    try:
        new.chmod(READABLE_BY_ALL)
        _to_disk(new)
        os.replace(new, old)
        _to_disk(old.parent)
    except OSError as error:
        raise BuildFailed(
            f"{old} cannot be replaced: {error.strerror}.", "See to the folder's rights and space."
        ) from error


def _log_of(database: Path) -> Path:
    return database.with_name(f"{database.name}.wal")


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

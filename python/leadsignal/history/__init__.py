"""What was reported stays reproducible: the numbers of every build, and what changed since.

`keep` writes the tables of tables.yml into a set that is about to be published; `changed` explains
the numbers of an earlier build that are different today.
"""

from pathlib import Path

import duckdb

from leadsignal.errors import BuildFailed
from leadsignal.history import advised, defined, reported, versions
from leadsignal.history.carrying import carry, current, opened
from leadsignal.history.changes import changed

__all__ = ["carry", "changed", "keep"]


def keep(marts: Path, published: Path | None, project: Path | None = None) -> None:
    """Carry the history of the published set into `marts`, and add what this build says.

    `project` is the folder whose definitions it was built with. Raises BuildFailed when that cannot
    be done; the published set is only read.
    """
    try:
        with opened(marts, published) as con:
            build = current(con)
            reported.keep(con, build)
            versions.keep(con, build)
            advised.keep(con, build)
            defined.keep(con, build, project)
    except duckdb.Error as error:
        raise BuildFailed(
            f"What earlier builds reported cannot be kept: {str(error).splitlines()[0]}.",
            "Run `leadsignal build` again; if it stays, move the published file away.",
        ) from error

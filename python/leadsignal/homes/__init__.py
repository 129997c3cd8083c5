"""Where the tables are built: DuckDB in this process's own files, or a larger home.

Everything that follows dbt (what was reported, audit, story, and every reader afterwards) works on
one DuckDB file, whatever the home: the *serving file*. On DuckDB it is what dbt has built; a larger
home copies its marts into it. So the numbers, the words and the commands are the same on each.

A home is a module of this package, named like the `type` in profiles.yml and listed in
`settings.HOMES`, with `opened(settings)`, a context manager that gives a `Home`.
"""

from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from leadsignal.settings import Settings

GENERATION = "LEADSIGNAL_GENERATION"
"""The environment variable that tells dbt where the marts of this build are made."""


class Home(Protocol):
    """One build's way through a home; the methods are called once each, but for
    `hold`, in this order.

    Each raises UsageError for what the user has to set right, else BuildFailed. Until `publish` has
    come back, readers see what they saw before; a build that ends earlier, however it ends, leaves
    nothing that the next one would trip over.
    """

    def prepare(self) -> Mapping[str, str]:
        """Make room for the marts of this build; variables for dbt's environment.

        `GENERATION` among them names the place, one that no reader is shown now. It is one of at
        most two names, each of which has a parsed project of its own in the work place.
        """
        ...

    def hold(self) -> None:
        """Say that the build goes on; called again and again while dbt runs.

        Raises BuildFailed when the home is held no more: another build may fill the same place.
        """
        ...

    def raw_tables(self) -> Mapping[str, Collection[str]]:
        """Normalised names of the raw tables that dbt can read, by the schema or folder."""
        ...

    def fetch(self, manifest: Path, marts: Path) -> None:
        """Copy what dbt has built into the serving file, which does not exist yet.

        `manifest` is dbt's manifest.json. Tables, types, comments and values are what a build on
        DuckDB gives (see `serving`).
        """
        ...

    def previous(self, local: Path, copy: Path) -> Path | None:
        """The set that readers of the home see now, as a DuckDB file; None when there is none.

        `local`, the file that this machine published last, when it is that set; else `copy`, filled
        from the home: an earlier build may have run on another machine.
        """
        ...

    def publish(self, marts: Path) -> None:
        """Put the tables into the home that only the finished serving file has; show the set.

        Readers of the home go over to it all at once. The home's tables have as many rows as the
        serving file's, else nothing is shown.
        """
        ...


def reach(settings: Settings) -> None:
    """Connect to the home, as a build will, and leave it again; raises as `opened`."""
    import_module(f"leadsignal.homes.{settings.home}").reach(settings)


def opened(settings: Settings) -> AbstractContextManager[Home]:
    """The home of the target, held against builds on other machines for as long as it is open.

    Raises UsageError when its adapter is not installed or the target is not whole, BuildFailed when
    the home cannot be reached, and BuildLocked when another build of it is running.
    """
    module = import_module(f"leadsignal.homes.{settings.home}")
    return cast("AbstractContextManager[Home]", module.opened(settings))

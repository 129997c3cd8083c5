"""`dbt build` in a child process, seen from the parent."""

import json
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from leadsignal import causes, child, homes
from leadsignal.errors import BuildFailed, UsageError
from leadsignal.layouts import layouts, layouts_of_crms
from leadsignal.progress import Silent
from leadsignal.settings import PROFILES_FILE, PROJECT_FILE, Settings

LOG = "dbt.log"
PROFILE_FAULTS = ("DbtProfileError", "ProfileConfigError", "EnvVarMissingError")
"""dbt's names for what is wrong with profiles.yml."""
NOTHING_PUBLISHED = "Nothing was published."


def build(
    settings: Settings,
    env: Mapping[str, str],
    tables: Mapping[str, Collection[str]],
    *,
    full_refresh: bool = False,
    is_tested: bool = True,
    progress: Silent,
    hold: Callable[[], None] = lambda: None,
) -> list[str]:
    """Run `dbt build`; its warnings, one line each. Raises BuildFailed with one line per cause,
    and UsageError for files of settings that dbt cannot use.

    `tables` are the names of the raw tables there are, by the folder or schema they are in. `hold`
    is called with each node that is done; what it raises ends dbt.
    """
    work = settings.work
    arguments = ["--log-level", "none", "--log-path", str(work / "logs"), "build"]
    arguments += ["--project-dir", str(settings.project_dir)]
    arguments += ["--profiles-dir", str(settings.profiles_dir), "--target", settings.target]
    arguments += ["--target-path", str(target(settings, env))]
    # Unit tests prove the rules, not the data: `make test` runs them, a build need not.
    arguments += ["--exclude-resource-type", "unit_test"]
    arguments += [] if is_tested else ["--exclude-resource-type", "test"]
    arguments += ["--full-refresh"] if full_refresh else []
    arguments += leaving_out(settings.project_dir, tables, settings.crms)
    log = work / LOG
    last: dict[str, Any] = {}
    with child.running(
        "leadsignal.dbt_child",
        arguments,
        folder=settings.project_dir,
        env=env,
        log=log,
    ) as process:
        for line in process.stdout or ():
            last = json.loads(line)
            if "node" in last:
                progress.node(last)
                hold()
    if last.get("success"):
        return [causes.of_node(node, work) for node in last["warned"]]
    _check_files(last, settings)
    raise _failure(last, work, child.ending(process))


def target(settings: Settings, env: Mapping[str, str]) -> Path:
    """Where dbt keeps what it has parsed: one place for each name that the marts may have."""
    return settings.work / "target" / env.get(homes.GENERATION, "")


def leaving_out(
    project: Path, tables: Mapping[str, Collection[str]], crms: dict[str, str] | list[str]
) -> list[str]:
    """Options of dbt that leave out the staging models of layouts that no CRM with `tables` has.

    The tables are the same with them, only later. A mapping of `crms` disables the models itself,
    and Salesforce's are always there, as the shape of the unions (see macros/rules/unioned.sql).
    """
    if crms and (isinstance(crms, dict) or not set(crms) <= tables.keys()):
        return []  # named otherwise than their schemas, too: nothing is told by that
    known = layouts(project, {})
    absent = sorted(known.keys() - {"salesforce", *layouts_of_crms(tables, crms, known).values()})
    return ["--exclude", *(f"path:models/staging/{name}" for name in absent)] if absent else []


def _check_files(last: Mapping[str, Any], settings: Settings) -> None:
    """Raises UsageError when dbt could not begin, for a file of settings is not as it should be."""
    files = {
        **dict.fromkeys(PROFILE_FAULTS, settings.profiles_dir / PROFILES_FILE),
        "DbtProjectError": settings.project_dir / PROJECT_FILE,
    }
    if file := files.get(last.get("error_kind", "")):
        raise UsageError(
            f"{file} cannot be used: {causes.plain(last['error'])}", "Mend it and run again."
        )


def _failure(last: dict[str, Any], work: Path, ending: str) -> BuildFailed:
    if last.get("failed"):
        # Many models read one raw table: its fault is one line.
        lines = tuple(dict.fromkeys(causes.of_node(node, work) for node in last["failed"]))
        return BuildFailed(lines[0], more=lines[1:])
    if last.get("error"):
        return BuildFailed(causes.plain(last["error"]), NOTHING_PUBLISHED)
    return BuildFailed(
        f"dbt's process {ending}.",
        f"See {work / LOG} for what it said. {NOTHING_PUBLISHED}",
    )

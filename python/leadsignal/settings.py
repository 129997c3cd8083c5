"""What a command works with: folders, the clock and the target.

An option wins over the environment, the environment over `vars:` in dbt_project.yml.
"""

import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from leadsignal import layouts, periods
from leadsignal import variables as checking
from leadsignal.errors import UsageError

PROJECT_FILE = "dbt_project.yml"
PREVIEW = "preview"
"""Work place of `build --preview`, in the warehouse folder."""
PROFILES_FILE = "profiles.yml"
HOMES = ("duckdb", "postgres", "spark")
"""Types of targets on which everything works; see `homes`."""
ENDS_OF_PATHS = frozenset("#;?")
"""What dbt-duckdb reads in a path as in a web address."""


@dataclass(frozen=True)
class Settings:
    """Where things are. Paths are absolute; nothing needs to exist but the project."""

    project_dir: Path
    profiles_dir: Path
    warehouse: Path
    """Folder of the published file, the story, the report and the work place of builds."""
    raw: Path
    """Folder with one folder per CRM (read on DuckDB only)."""
    as_of: str
    """The one "now" of a build as an ISO date or timestamp; empty means the start of the run."""
    target: str
    """Name of the output in profiles.yml."""
    crms: dict[str, str] | list[str]
    """Folders (or schemas) of raw tables that are read: name -> layout, or names; empty: all."""
    readers: tuple[str, ...] = ()
    """Roles that may read what is published (not on DuckDB)."""
    published_name: str = "leadsignal.duckdb"
    work_name: str = "build"
    variables: dict[str, Any] = field(default_factory=dict)
    """`vars:` of dbt_project.yml, as they stand there."""

    @property
    def published(self) -> Path:
        """The file that readers open."""
        return self.warehouse / self.published_name

    @property
    def story(self) -> Path:
        """The written story of the published set."""
        return self.warehouse / "story.md"

    @property
    def report(self) -> Path:
        """The page with the story, the figures and the charts of the published set."""
        return self.warehouse / "report.html"

    @property
    def audit(self) -> Path:
        """What the audit of the last build judged, for machines."""
        return self.work / "audit" / "audit.json"

    @property
    def forgotten(self) -> Path:
        """The private list of those who asked to be forgotten (on DuckDB)."""
        return self.warehouse / "forgotten.csv"

    @property
    def dbt_folders(self) -> tuple[Path, ...]:
        """Where dbt commands that are not leadsignal's leave what they compiled and logged."""
        return (self.project_dir / "target", self.project_dir / "logs")

    @property
    def retention_months(self) -> int:
        """Leads captured longer ago are not published; 0: all are."""
        return int(self.variables.get("retention_months") or 0)

    @property
    def has_email_hashes(self) -> bool:
        """Whether a salted hash of each lead's e-mail is published."""
        return self.variables.get("email_hash") is True

    @property
    def encoding(self) -> str:
        """The encoding of raw CSV files, a key of `variables.ENCODINGS`."""
        return checking.encoding(self.variables.get("encoding")) or "utf-8"

    @property
    def work(self) -> Path:
        """The work place of builds. Always the same one, so that dbt's partial parse holds."""
        return self.warehouse / self.work_name

    def check_target(self) -> None:
        """Raises UsageError when profiles.yml has no such target, or one that cannot be used."""
        outputs = _outputs(self.profiles_dir)
        if self.target not in outputs:
            raise UsageError(
                f"{self.profiles_dir / PROFILES_FILE} has no target '{self.target}'.",
                f"Use one of: {', '.join(sorted(outputs)) or 'none is defined'}.",
            )
        if self.home not in HOMES:
            raise UsageError(
                f"Target '{self.target}' is of type {self.home}: audit and publishing work on"
                f" {', '.join(HOMES)}.",
                f"Run `dbt build --target {self.target}` to build there without them.",
            )
        threads = self.output.get("threads", 1)
        if isinstance(threads, int) and threads < 1:
            raise UsageError(
                f"threads of '{self.target}' in {self.profiles_dir / PROFILES_FILE} is {threads}.",
                "Write 1 or more.",
            )

    def check_warehouse(self) -> None:
        """Raises UsageError when dbt-duckdb would not find its database by the path."""
        ends = sorted(set(str(self.work)) & ENDS_OF_PATHS)
        if self.home == "duckdb" and ends:
            raise UsageError(
                f"The path of the warehouse {self.warehouse} has a {ends[0]}, which dbt takes for"
                " the end of it.",
                f"Set LEADSIGNAL_WAREHOUSE to a folder without {' '.join(sorted(ENDS_OF_PATHS))}.",
            )

    @property
    def output(self) -> dict[str, Any]:
        """The target as profiles.yml has it."""
        return _outputs(self.profiles_dir).get(self.target, {})

    @property
    def home(self) -> str:
        """The kind of the target: duckdb, postgres, ..."""
        return str(self.output.get("type", ""))

    def check_raw(self) -> None:
        """Raises UsageError when a layout or column that the settings name is not known, or the raw
        folder or a CRM folder that is named is missing, or no folder is a CRM's.

        Only DuckDB reads files; elsewhere a loader has filled schemas.
        """
        layouts.check_names(self.project_dir, self.variables, self.crms)
        if self.home != "duckdb":
            return
        layouts.check_raw_folder(self.raw, self.project_dir)
        if not self.crms:
            layouts.check_any_crm(self.raw, self.project_dir)
        missing = [name for name in self.crms if not (self.raw / name).is_dir()]
        if missing:
            raise UsageError(
                f"The raw folder {self.raw} has no folder '{missing[0]}'.",
                "Put the CRM's tables there, or name its folder in `crms` in dbt_project.yml.",
            )


def load(
    *,
    raw: str | Path | None = None,
    as_of: str | None = None,
    target: str | None = None,
    warehouse: str | Path | None = None,
    project_dir: Path | None = None,
) -> Settings:
    """The settings in force, from options, then the environment, then dbt_project.yml.

    The warehouse may be named as a folder, or as the published file itself (`*.duckdb`).
    Raises UsageError when no project is found, `as_of` is neither a date nor a timestamp, or a
    setting in dbt_project.yml is unknown or not of its kind.
    """
    project = project_dir or find_project()
    variables = _read_yaml(project / PROJECT_FILE).get("vars") or {}
    if not isinstance(variables, dict):
        raise UsageError(
            f"vars in {project / PROJECT_FILE} is '{variables}'.", "Write one `name: value` a line."
        )
    checking.check(variables, str(project / PROJECT_FILE))
    profiles = _find_profiles(project)
    env = os.environ
    chosen_raw = raw or env.get("LEADSIGNAL_RAW") or project / str(variables.get("raw_path"))
    chosen_warehouse = warehouse or env.get("LEADSIGNAL_WAREHOUSE") or project / "warehouse"
    place = _absolute(chosen_warehouse)
    named_file = {"published_name": place.name} if place.suffix == ".duckdb" else {}
    chosen_as_of = as_of or env.get("LEADSIGNAL_AS_OF") or str(variables.get("as_of") or "")
    return Settings(
        project_dir=project,
        profiles_dir=profiles,
        warehouse=place.parent if named_file else place,
        raw=_absolute(chosen_raw),
        as_of=moment(chosen_as_of),
        target=target or _default_target(profiles),
        crms=_crms(variables.get("crms")),
        readers=tuple(variables.get("readers") or ()),
        variables=variables,
        **named_file,
    )


def _crms(wanted: object) -> dict[str, str] | list[str]:
    if isinstance(wanted, dict):
        return {str(crm): str(layout) for crm, layout in wanted.items()}
    return (
        [str(crm) for crm in wanted] if isinstance(wanted, list) else [str(wanted)] * bool(wanted)
    )


def moment(text: str) -> str:
    """`text` as a normal ISO date (10 characters) or timestamp; empty stays empty.

    Raises UsageError for anything else.
    """
    text = text.strip()
    if not text:
        return ""
    found = periods.parsed(text)
    periods.check_year(found)
    return found.isoformat(sep=" ") if isinstance(found, datetime) else found.isoformat()


def _absolute(place: str | Path) -> Path:
    """The place as it is seen from the current folder. Raises UsageError for a ~ of nobody."""
    try:
        return Path(place).expanduser().absolute()
    except RuntimeError as error:
        raise UsageError(f"There is no folder {place}: {error}", "Write it without ~.") from error


def find_project() -> Path:
    """The project around the current folder, else the one this package was installed from.

    Raises UsageError when there is none.
    """
    here = Path.cwd()
    for folder in (here, *here.parents, *Path(__file__).resolve().parents):
        file = folder / PROJECT_FILE
        if file.is_file() and _read_yaml(file).get("name") == "leadsignal":
            return folder
    raise UsageError(
        f"There is no leadsignal project in {here} or above it.",
        "Change to the folder that has its dbt_project.yml.",
    )


def _find_profiles(project: Path) -> Path:
    """The folder of profiles.yml, looked for where dbt looks for it."""
    named = os.environ.get("DBT_PROFILES_DIR")
    if named:
        return _absolute(named)
    home = Path.home() / ".dbt"
    if (project / PROFILES_FILE).is_file() or not (home / PROFILES_FILE).is_file():
        return project
    return home


def _default_target(profiles: Path) -> str:
    target = str(_profile(profiles).get("target") or "default")
    if target == "default" and target not in _outputs(profiles):
        raise UsageError(
            f"{profiles / PROFILES_FILE} does not say which target is used.",
            f"Write `target: {HOMES[0]}` there, as in {PROFILES_FILE}.example, or use --target.",
        )
    return target


def _outputs(profiles: Path) -> dict[str, dict[str, Any]]:
    outputs = _profile(profiles).get("outputs")
    if not isinstance(outputs, dict) or not all(isinstance(one, dict) for one in outputs.values()):
        raise UsageError(
            f"The outputs in {profiles / PROFILES_FILE} are not a mapping of targets.",
            f"Take them from {PROFILES_FILE}.example.",
        )
    return outputs


def _profile(profiles: Path) -> dict[str, Any]:
    file = profiles / PROFILES_FILE
    if not file.is_file():
        raise UsageError(f"There is no {file}.", f"Copy {PROFILES_FILE}.example to it.")
    profile = _read_yaml(file).get("leadsignal")
    if not isinstance(profile, dict):
        raise UsageError(
            f"{file} has no profile 'leadsignal'.", f"Take it from {PROFILES_FILE}.example."
        )
    return profile


def _read_yaml(file: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(f"{file} cannot be read: {error}.", "Mend it and run again.") from error
    except yaml.YAMLError as error:
        # Its own words quote the line, which may be that of a password.
        mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
        place = f", line {mark.line + 1}" if mark else ""
        raise UsageError(
            f"{file} cannot be read{place}: {problem or 'it is no YAML'}.",
            "Mend it and run again.",
        ) from error
    return content if isinstance(content, dict) else {}

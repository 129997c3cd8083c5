"""The kinds of CRM that are read, and which folder holds which, as the reading macros tell them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from leadsignal.errors import UsageError

ENDINGS = (".csv", ".csv.gz", ".parquet")
_POINT = "Name the one that has a folder for each CRM (--raw, LEADSIGNAL_RAW or raw_path)."


@dataclass(frozen=True)
class RawLayout:
    """The tables and columns that are read of a kind of CRM: the `tables` of its sources YAML."""

    name: str
    tables: tuple[dict[str, Any], ...]
    fields: dict[str, str]
    """Custom field names: name in the contract -> name in the CRM."""


def layouts(project: Path, variables: dict[str, Any]) -> dict[str, RawLayout]:
    """Every layout by its name, its tables gathered from all the YAML files that list some."""
    return {
        name: RawLayout(name, tuple(tables), variables.get(f"{name}_fields") or {})
        for name, tables in sorted(_tables(project).items())
    }


@cache  # a build asks three times, and reading the files takes a third of a second
def _tables(project: Path) -> dict[str, list[dict[str, Any]]]:
    tables: dict[str, list[dict[str, Any]]] = {}
    for file in sorted(project.glob("models/staging/**/_*__sources.yml")):
        for source in yaml.safe_load(file.read_text(encoding="utf-8")).get("sources") or []:
            tables.setdefault(source["name"], []).extend(source["tables"])
    return tables


def layouts_of_crms(
    tables: Mapping[str, Collection[str]],
    crms: dict[str, str] | list[str],
    known: dict[str, RawLayout],
) -> dict[str, str]:
    """Name -> layout of every CRM: of those named, else of every one that has `tables`.

    `tables` are normalised names by the name of the folder or schema. The layout is '' where
    neither name nor tables tell it, 'a or b' where tables tell two.
    """
    if crms and isinstance(crms, dict):
        return crms
    return {
        crm: _layout(tables[crm], crm, known, is_asked_for=bool(crms))
        for crm in crms or tables
        if crm in tables
    }


def tables_of_folders(raw: Path, named: Collection[str] = ()) -> dict[str, Collection[str]]:
    """The normalised names of the tables in each folder of `raw`, or in those that are named."""
    return {
        name: files_by_table(raw / name).keys()
        for name in named or sorted(place.name for place in raw.iterdir())
        if (raw / name).is_dir()
    }


def check_names(project: Path, variables: dict[str, Any], crms: Collection[str]) -> None:
    """Raises UsageError when a mapping of `crms` names a layout that there is not, or
    `<layout>_fields` a column; macros/raw/check_crm_settings.sql says it in a plain `dbt build`.
    """
    known = layouts(project, variables)
    named = crms.items() if isinstance(crms, dict) else ()
    wrong = [
        f"`crms` gives CRM `{crm}` the layout `{layout}`. Known: {', '.join(known)}."
        for crm, layout in named
        if layout not in known
    ]
    for layout in known.values():
        columns = {column["name"] for table in layout.tables for column in table["columns"]}
        wrong += [
            f"`{layout.name}_fields` names `{name}`, which no table has."
            f" Names are those of models/staging/{layout.name}."
            for name in layout.fields
            if name not in columns
        ]
    if wrong:
        first, *more = (f"{line} Mend it in dbt_project.yml." for line in wrong)
        raise UsageError(first, more=tuple(more))


def check_raw_folder(raw: Path, project: Path) -> None:
    """Raises UsageError when `raw` is no folder that has a folder; what is in those, others check.

    The likeliest slips are told apart: a file, tables without a folder, the CRM's own folder.
    """
    if raw.is_file():
        raise UsageError(f"{raw} is a file, not a folder.", _POINT)
    if not raw.is_dir():
        raise UsageError(f"The raw folder {raw} does not exist.", _POINT)
    if any(place.is_dir() for place in raw.iterdir()):
        return
    if files_by_table(raw):
        raise _loose_tables(raw, project)
    raise UsageError(
        f"The raw folder {raw} has no folder of a CRM.",
        "Put each CRM's tables (CSV or Parquet) into a folder of its own there.",
    )


def check_any_crm(raw: Path, project: Path) -> None:
    """Raises UsageError when no folder in `raw` has the tables, or the name, of a CRM."""
    known = layouts(project, {})
    if not any(layouts_of_crms(tables_of_folders(raw), {}, known).values()):
        raise UsageError(
            f"No CRM is found: looked in the folders of {raw} for the tables of"
            f" {', '.join(known)}.",
            "Load one there, correct raw_path, or name it in crms in dbt_project.yml.",
        )


def _loose_tables(raw: Path, project: Path) -> UsageError:
    known = layouts(project, {})
    if _by_name(raw.name, known):
        return UsageError(f"{raw} is the folder of one CRM.", f"Name the one above: {raw.parent}.")
    layout = _layout(files_by_table(raw).keys(), raw.name, known, is_asked_for=False)
    like = layout if layout in known else "salesforce"
    return UsageError(
        f"The tables in {raw} are not in the folder of a CRM.",
        f"Move them to one that is named like it, such as {raw / like}.",
    )


def files_by_table(folder: Path) -> dict[str, list[Path]]:
    """The raw files of a CRM by the normalised name of their table."""
    found: dict[str, list[Path]] = {}
    for file in sorted(folder.iterdir()):
        for ending in ENDINGS:
            if file.name.lower().endswith(ending) and file.is_file():
                found.setdefault(normal(file.name[: -len(ending)]), []).append(file)
    return found


def names_of_table(table: dict[str, Any]) -> tuple[str, ...]:
    """Every normalised name that the table may have."""
    return (normal(table["name"]), *meta(table).get("also", ()))


def names_of_column(column: dict[str, Any], layout: RawLayout) -> set[str]:
    """Every normalised name that the column may have."""
    spelt = layout.fields.get(column["name"], column["name"])
    return {normal_column(spelt), *meta(column).get("also", ())}


def meta(item: dict[str, Any]) -> dict[str, Any]:
    """What the YAML says of a table or column beside its name and type."""
    found: dict[str, Any] = (item.get("config") or {}).get("meta") or {}
    return found


def normal(name: str) -> str:
    """How names are compared: case, underscores, hyphens and blanks do not count."""
    return name.lower().replace("_", "").replace("-", "").replace(" ", "")


def normal_column(name: str) -> str:
    """The same for a column, which HubSpot's loaders put property_ or properties_ before, and
    Stitch __value behind.
    """
    name = name.lower()
    for suffix in ("__value__double", "__value__string", "__value"):
        name = name.removesuffix(suffix)
    for prefix in ("property_", "properties_"):
        name = name.removeprefix(prefix) or name
    return normal(name)


def _by_name(crm: str, known: dict[str, RawLayout]) -> str:
    folder = crm.split("/")[-1].lower()
    return next((name for name in known if folder.startswith(name)), "")


def _layout(
    there: Collection[str], crm: str, known: dict[str, RawLayout], *, is_asked_for: bool
) -> str:
    """By the beginning of the name; by the tables where that tells none.

    What only begins like a layout, and was not asked for, must have what the layout cannot do
    without: else it is none.
    """
    by_name, counts = _by_name(crm, known), _able(there, known)
    if by_name:
        is_sure = is_asked_for or by_name == crm.lower() or by_name in counts
        return by_name if is_sure else ""
    most = max(counts.values(), default=0)
    return " or ".join(name for name, count in counts.items() if count == most)


def _able(there: Collection[str], known: dict[str, RawLayout]) -> dict[str, int]:
    """Layouts that find a table they cannot do without, and how many of the tables they know."""
    return {
        name: sum(_is_there(table, there) for table in layout.tables)
        for name, layout in known.items()
        if any(_tells(table, there) for table in layout.tables)
    }


def _is_there(table: dict[str, Any], there: Collection[str]) -> bool:
    return any(name in there for name in names_of_table(table))


def _tells(table: dict[str, Any], there: Collection[str]) -> bool:
    other = meta(table).get("required_unless")
    is_needed = bool(meta(table).get("required"))
    return (is_needed and _is_there(table, there)) or bool(other and normal(other) in there)

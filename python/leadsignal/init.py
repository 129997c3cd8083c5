"""The first settings of a project: five answers, written to dbt_project.yml and profiles.yml.

Comments and every other setting stay as they are. Both files are written when both are known to
say what was answered; each is replaced whole.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from leadsignal import currencies
from leadsignal.errors import UsageError
from leadsignal.layouts import check_raw_folder, layouts, layouts_of_crms, tables_of_folders
from leadsignal.settings import HOMES, PROFILES_FILE, PROJECT_FILE
from leadsignal.variables import time_zones

Ask = Callable[[str, str], str]
"""Asks a question with a default; the answer."""
Complain = Callable[[str], None]
"""Tells why an answer is asked for again."""


@dataclass(frozen=True)
class Answers:
    """What is set."""

    target: str
    """Name of the home, an output of profiles.yml: duckdb, postgres or spark."""
    place: str
    """Of the raw tables: a folder with one folder per CRM; on a server its host:port."""
    crms: dict[str, str]
    """Folder or schema of each CRM -> its layout; empty: all that are found at each build."""
    timezone: str
    """IANA name, of days, weeks and months."""
    currency: str
    """ISO code, of every amount."""


def asked(project: Path, given: dict[str, str | None], ask: Ask, complain: Complain) -> Answers:
    """The answers to the questions that `given` (a value for each of the fields) leaves open.

    A wrong answer is asked for again; a wrong value of `given` raises UsageError.
    """

    def answer(name: str, question: str, default: str, read: Callable[[str], Any]) -> Any:
        value = given.get(name)
        if value is not None:
            return read(value)
        while True:
            text = ask(question, default)
            try:
                return read(text)
            except UsageError as error:
                complain(str(error))

    target = answer("target", f"Where are the tables built ({', '.join(HOMES)})?", HOMES[0], _home)
    if target == "duckdb":
        question = "Which folder has one folder for each CRM?"
        place = answer("place", question, "raw", lambda text: _folder(project, text))
        found = _found(project, place)
        names = ", ".join(f"{name} ({layout})" for name, layout in found.items())
        question = f"Which of its CRMs are read? Found: {names}."
    else:
        question = "At which host and port is the server?"
        place = answer("place", question, _PORTS[target], _server)
        found, question = {}, "Which schemas are read, such as salesforce, emea=salesforce?"
    crms = answer("crms", question, "all", lambda text: _crms(project, text, found))
    timezone = answer("timezone", "In which time zone do your days begin?", "UTC", _timezone)
    currency = answer("currency", "In which currency are amounts reported?", "USD", _currency)
    return Answers(target, place, crms, timezone, currency)


HIGHEST_PORT = 65535
QUOTED = r'"(?:[^"\\]|\\.)*"'
"""A YAML string, which may hold a #."""
_PORTS = {"postgres": "127.0.0.1:5432", "spark": "127.0.0.1:10000"}


def _home(text: str) -> str:
    home = text.strip().lower()
    if home not in HOMES:
        raise UsageError(f"'{text}' is no home of the tables.", f"Use one of: {', '.join(HOMES)}.")
    return home


def _folder(project: Path, text: str) -> str:
    folder = project / Path(text.strip()).expanduser()
    check_raw_folder(folder, project)
    if not _found(project, str(folder)):
        raise UsageError(
            f"No folder in {folder} holds the tables of a CRM that is known.",
            "Put each CRM's tables (CSV or Parquet) into a folder of its own there.",
        )
    return str(folder.relative_to(project) if folder.is_relative_to(project) else folder)


def _found(project: Path, place: str) -> dict[str, str]:
    """The CRMs in a folder: name -> layout."""
    tables = tables_of_folders(project / place)
    return {
        name: layout
        for name, layout in layouts_of_crms(tables, {}, layouts(project, {})).items()
        if layout in layouts(project, {})
    }


def _server(text: str) -> str:
    host, _, port = text.strip().rpartition(":")
    is_port = port.isdecimal() and 0 < int(port) <= HIGHEST_PORT
    if not is_port or not re.fullmatch(r"[\w.-]+", host):
        raise UsageError(f"'{text}' is no host and port.", "Write them like db.example.com:5432.")
    return text.strip()


def _crms(project: Path, text: str, found: dict[str, str]) -> dict[str, str]:
    """`all`, or names with a comma between them, each with `=layout` where it does not tell."""
    if text.strip().lower() == "all":
        return {}
    known = layouts(project, {})
    chosen = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, layout = (piece.strip() for piece in part.partition("="))
        begins = [one for one in known if name.startswith(one)]
        layout = layout or found.get(name) or (begins[0] if begins else "")
        if layout not in known or (found and name not in found):
            raise UsageError(
                f"'{part}' is no CRM that can be read.",
                f"Write {' or '.join(found) or 'name=layout'}; layouts are {', '.join(known)}.",
            )
        chosen[name] = layout
    return chosen


def _timezone(text: str) -> str:
    wanted = text.strip().replace(" ", "_").lower()
    zones = {zone.lower(): zone for zone in time_zones()}
    if wanted not in zones:
        meant = sorted(zone for zone in zones.values() if zone.lower().endswith(f"/{wanted}"))
        meant = meant or [zones[name] for name in get_close_matches(wanted, zones, 1)]
        raise UsageError(
            f"'{text}' is no time zone.", f"Write a name such as {[*meant, 'Europe/Dublin'][0]}."
        )
    return zones[wanted]


def _currency(text: str) -> str:
    code = text.strip().upper()
    if not currencies.is_known(code):
        raise UsageError(f"'{text}' is no currency.", "Write its ISO code, such as EUR.")
    return code


def write(project: Path, answers: Answers) -> list[Path]:
    """Put the answers into both files of the project, which are returned.

    Raises UsageError, before anything is written, when one of them has no place for an answer.
    """
    settings = {
        "crms": answers.crms,
        "reporting_timezone": answers.timezone,
        "reporting_currency": answers.currency,
    }
    if answers.target == "duckdb":
        settings["raw_path"] = answers.place
    project_file, profiles_file = project / PROJECT_FILE, project / PROFILES_FILE
    source = profiles_file if profiles_file.is_file() else project / f"{PROFILES_FILE}.example"
    texts = {
        project_file: _with_values(project_file.read_text(encoding="utf-8"), settings, 2),
        profiles_file: _with_target(source.read_text(encoding="utf-8"), answers),
    }
    _check(texts[project_file], ["vars"], settings)
    _check(texts[profiles_file], ["leadsignal"], {"target": answers.target})
    for file, text in texts.items():
        # Written in place: rights and links stay, and what is at stake is a few lines.
        try:
            file.write_text(text, encoding="utf-8")
        except OSError as error:
            raise UsageError(
                f"{file} cannot be written: {error.strerror}.", "See to its rights."
            ) from error
    return list(texts)


def _check(text: str, path: list[str], settings: dict[str, Any]) -> None:
    """Raises UsageError when the YAML does not say what it should, below `path`."""
    try:
        said = yaml.safe_load(text)
        for key in path:
            said = said[key]
    except (yaml.YAMLError, KeyError, TypeError):
        said = {}
    wrong = [name for name, value in settings.items() if said.get(name) != value]
    if wrong:
        raise UsageError(f"`{wrong[0]}` could not be set.", "Write it into the file by hand.")


def _with_target(text: str, answers: Answers) -> str:
    """profiles.yml with this target as the default, and with the server's address."""
    text = _with_values(text, {"target": answers.target}, 2)
    if answers.target == "duckdb":
        return text
    begin = re.search(rf"^    {answers.target}:\n", text, re.MULTILINE)
    if not begin:
        raise UsageError(
            f"{PROFILES_FILE} has no target '{answers.target}'.",
            f"Copy it from {PROFILES_FILE}.example.",
        )
    end = re.search(r"^ {0,4}\S", text[begin.end() :], re.MULTILINE)
    stop = begin.end() + end.start() if end else len(text)
    host, _, port = answers.place.partition(":")
    name = answers.target.upper()
    address = {
        "host": f"{{{{ env_var('{name}_HOST', '{host}') }}}}",
        "port": f"{{{{ env_var('{name}_PORT', '{port}') | as_number }}}}",
    }
    block = _with_values(text[begin.end() : stop], address, 6)
    return text[: begin.end()] + block + text[stop:]


def _with_values(text: str, values: dict[str, Any], indent: int) -> str:
    """YAML in which these keys, at this depth, have these values; all other lines as they are."""
    for key, value in values.items():
        # A value may go on in deeper lines below its key; a comment behind it stays.
        deeper = rf"(?:{' ' * (indent + 1)} *\S.*\n)*"
        value_there = rf"(?:\s*{QUOTED}|[^#\n]*?)(?P<comment>\s#.*)?"
        pattern = rf"^{' ' * indent}{key}:{value_there}\n{deeper}"
        found = re.search(pattern, text, re.MULTILINE)
        if not found:
            raise UsageError(
                f"There is no `{key}` to set.", "Take the line from the .example file."
            )
        line = f"{' ' * indent}{key}: {_flow(value)}{found['comment'] or ''}\n"
        text = text[: found.start()] + line + text[found.end() :]
    return text


def _flow(value: Any) -> str:
    """A value in one line of YAML."""
    return json.dumps(value, ensure_ascii=False) if value != {} else "{}"

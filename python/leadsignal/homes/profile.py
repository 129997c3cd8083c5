"""The connection of a target, as dbt would read it from profiles.yml."""

import os
from collections.abc import Mapping
from typing import Any

import jinja2

from leadsignal.errors import UsageError
from leadsignal.settings import PROFILES_FILE, Settings


def filled(settings: Settings) -> tuple[dict[str, Any], str]:
    """The target of the settings, rendered, and what it is called in errors."""
    place = f"Target '{settings.target}' in {settings.profiles_dir / PROFILES_FILE}"
    return rendered(settings.output, place), place


def rendered(output: Mapping[str, Any], place: str) -> dict[str, Any]:
    """The output with its `{{ env_var(...) }}` filled in; `place` is named in errors.

    Raises UsageError for a variable that is not set and has no default, and for anything else that
    dbt alone can fill in.
    """
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)  # noqa: S701 (no HTML)
    environment.globals["env_var"] = _variable
    for name in ("as_text", "as_bool", "as_number", "as_native"):
        environment.filters[name] = str
    try:
        return {
            name: environment.from_string(value).render() if isinstance(value, str) else value
            for name, value in output.items()
        }
    except (jinja2.TemplateError, KeyError) as error:
        raise UsageError(
            f"{place} cannot be filled in: {str(error).strip(chr(39))}.", "Set it, or write it out."
        ) from error


def _variable(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, default)
    if value is None:
        raise KeyError(f"the environment has no {name}")
    return value

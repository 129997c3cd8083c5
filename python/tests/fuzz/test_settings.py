"""Any setting is one that a build can work with, or refused in a line that names it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from builds import ROOT
from hypothesis import given
from hypothesis import strategies as st
from leadsignal import settings
from leadsignal.errors import UsageError

from . import odd
from .scale import inputs

VARIABLES = yaml.safe_load((ROOT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | odd.cells
    | st.dates()
    | st.datetimes()
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(odd.texts, inner, max_size=3),
)
NAMES = st.sampled_from([*VARIABLES, "leakdays", "raw_pth", "x_schema", "x_fields", "leadsignal"])


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    (folder / "profiles.yml").write_text((ROOT / "profiles.yml").read_text(encoding="utf-8"))
    return folder


def load(project: Path) -> settings.Settings | None:
    """The settings; None when they are refused as they should be."""
    try:
        found = settings.load(project_dir=project)
        found.check_target()
    except UsageError as error:
        refused = error.lines
    else:
        return found
    assert refused
    assert not any("\n" in line or "Traceback" in line for line in refused)
    return None


def assert_sound(variables: dict[str, Any]) -> None:
    """What is taken can be worked with, told without the checks themselves."""
    for name, default in VARIABLES.items():
        value = variables.get(name, default)
        if name == "encoding" and value is None:
            continue  # nothing said: UTF-8
        if isinstance(default, bool | str) and name != "as_of":
            assert isinstance(value, type(default))
        elif isinstance(default, int | float):
            assert isinstance(value, int | float)
            assert 0 <= value < 10**7
    assert variables["business_day_starts"] < variables["business_day_ends"] <= 24
    assert variables["min_answerable"] <= 1


@given(changed=st.dictionaries(NAMES, VALUES, min_size=1, max_size=3))
@inputs(60, of=2500)
def test_settings_are_sound_or_refused(project: Path, changed: dict[str, Any]) -> None:
    told = {"name": "leadsignal", "vars": VARIABLES | changed}
    (project / "dbt_project.yml").write_text(
        yaml.safe_dump(told, allow_unicode=True), encoding="utf-8"
    )
    if load(project):
        assert_sound(VARIABLES | changed)


LINES = st.sampled_from(
    [
        "vars:",
        "  leak_days: 14",
        "name: leadsignal",
        "  as_of: 2026-02-30",
        "- x",
        "{",
        "}",
        ":",
        "&a *a",
        "!!python/x",
        "\t",
    ]
)


@given(
    lines=st.lists(LINES | odd.texts, max_size=6), profile=st.lists(LINES | odd.texts, max_size=4)
)
@inputs(30, of=1000)
def test_files_of_settings_are_read_or_refused(
    project: Path, lines: list[str], profile: list[str]
) -> None:
    (project / "dbt_project.yml").write_text("\n".join(lines), encoding="utf-8")
    file = project / "profiles.yml"
    whole = file.read_text(encoding="utf-8")
    if profile:
        file.write_text("\n".join(["leadsignal:", *profile]), encoding="utf-8")
    try:
        load(project)
    finally:
        file.write_text(whole, encoding="utf-8")


@given(
    name=st.sampled_from(["RAW", "AS_OF", "WAREHOUSE"]),
    value=st.sampled_from(["~nobody/x", "", " ", ".", "/", "/dev/null", "2026-02-30"]) | odd.cells,
)
@inputs(30, of=1000)
def test_the_environment_is_read_or_refused(name: str, value: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        if "\0" not in value:
            patch.setenv(f"LEADSIGNAL_{name}", value)
            load(ROOT)

"""Fixtures of every test: a dbt build of any raw folder, the demo's marts, data beside the project."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

import pytest
from builds import ROOT, SHARED, run_dbt


class Build(Protocol):
    """`build(raw, as_of, variables)` runs `dbt build` and gives the path of the marts file."""

    def __call__(
        self, raw: Path, as_of: str, variables: Mapping[str, Any] | None = None
    ) -> Path: ...


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """A function that builds a raw folder and returns the marts file; see `builds.read_table`.

    The same raw folder, as_of and variables are built once a session: give a changed CRM a folder
    of its own. One work place serves all builds, so that dbt's partial parse keeps.
    """
    home = tmp_path_factory.mktemp("dbt")
    work = home / "work"
    work.mkdir()
    done: dict[tuple[str, str, str], Path] = {}

    def run(raw: Path, as_of: str, variables: Mapping[str, Any] | None = None) -> Path:
        key = (str(raw), as_of, json.dumps(dict(variables or {}), sort_keys=True))
        if key not in done:
            result = run_dbt(work, raw, as_of, variables)
            assert result.returncode == 0, f"dbt build of {raw} failed:\n{result.stdout[-6000:]}"
            done[key] = home / f"marts_{len(done)}.duckdb"
            shutil.move(work / "work_marts.duckdb", done[key])
        return done[key]

    return run


@pytest.fixture(scope="session")
def demo_marts(build: Build) -> Path:
    """The marts of the shipped demo CRM, built once a session."""
    return build(ROOT / "demo", "")


@pytest.fixture(scope="session")
def shared() -> Callable[[str], Path]:
    """`shared(name)` is a data set that lies beside the project, or a skip that says so."""

    def find(name: str) -> Path:
        folder = SHARED / name
        if not folder.is_dir():
            pytest.skip(f"needs ../shared/data/{name} beside the project")
        return folder

    return find

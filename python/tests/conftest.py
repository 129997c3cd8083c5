"""Fixtures of every test: a dbt build of any raw folder, and data beside the project."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

import pytest
from builds import ROOT, SHARED, run_dbt, target
from filelock import FileLock
from golden_crms import GoldenSet, publish
from leadsignal.demo.market import AS_OF as DEMO_AS_OF
from leadsignal.metrics import definitions
from mini_project import MiniProject


class Build(Protocol):
    """`build(raw, as_of, variables)` runs `dbt build` and gives the path of the marts file."""

    def __call__(
        self,
        raw: Path,
        as_of: str,
        variables: Mapping[str, Any] | None = None,
        project: Path = ROOT,
        tests: bool = True,
    ) -> Path: ...


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """A function that builds a raw folder and returns the marts file; see `builds.read_table`.

    The same raw folder, as_of and variables are built once a session, whichever process asks first:
    give a changed CRM a folder of its own. Each process has one work place for all its builds, so
    that dbt's partial parse keeps.
    """
    work = tmp_path_factory.mktemp("dbt")
    together = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        together = together.parent

    def run(
        raw: Path,
        as_of: str,
        variables: Mapping[str, Any] | None = None,
        project: Path = ROOT,
        tests: bool = True,
    ) -> Path:
        asked = json.dumps([str(raw), as_of, dict(variables or {}), str(project)], sort_keys=True)
        marts = together / f"marts_{sha256(asked.encode()).hexdigest()[:16]}.duckdb"
        with FileLock(marts.with_suffix(".lock")):
            if not marts.exists():
                result = run_dbt(work, raw, as_of, variables, project, tests)
                assert result.returncode == 0, f"dbt build of {raw}:\n{result.stdout[-6000:]}"
                made = work / "work_marts.duckdb"
                parsed = target(work, variables, project)
                definitions.store(parsed / "semantic_manifest.json", made)
                shutil.move(made, marts)
        return marts

    return run


@pytest.fixture(scope="session")
def demo_marts(build: Build) -> Path:
    """The marts of the shipped demo CRM as of its last day, built once a session."""
    return build(ROOT / "demo", DEMO_AS_OF)


@pytest.fixture(scope="module")
def first_build(tmp_path_factory: pytest.TempPathFactory) -> tuple[MiniProject, str, str]:
    """A mini project after a build, with what that said on stdout and stderr."""
    project = MiniProject(tmp_path_factory.mktemp("mini"))
    result = project.run("build")
    assert result.returncode == 0, result.stderr
    return project, result.stdout, result.stderr


@pytest.fixture
def mini(first_build: tuple[MiniProject, str, str]) -> MiniProject:
    """A mini project that has been built."""
    return first_build[0]


@pytest.fixture(scope="session")
def golden_set(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], GoldenSet]:
    """`golden_set(name)` is a golden CRM as a published set, made once: read it, never write it."""

    @cache
    def made(name: str) -> GoldenSet:
        return publish(name, tmp_path_factory.mktemp(f"golden_{name}"))

    return made


@pytest.fixture(scope="session")
def shared() -> Callable[[str], Path]:
    """`shared(name)` is a data set that lies beside the project, or a skip that says so."""

    def find(name: str) -> Path:
        folder = SHARED / name
        if not folder.is_dir():
            pytest.skip(f"needs ../shared/data/{name} beside the project")
        return folder

    return find

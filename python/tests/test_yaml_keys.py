import subprocess
import sys
from pathlib import Path

import pytest
from builds import ROOT

SCRIPT = ROOT / "scripts" / "check_yaml_keys.py"
PROJECT = "name: x\nversion: 1.0.0\nconfig-version: 2\n"


def check(root: Path) -> "subprocess.CompletedProcess[str]":
    copy = root / "scripts" / SCRIPT.name
    copy.parent.mkdir()
    copy.write_text(SCRIPT.read_text())
    return subprocess.run([sys.executable, copy], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("models: [{name: a, descripton: x}]", "models.a: .*'descripton'"),
        (
            "models: [{name: a, columns: [{name: b, data_test: [unique]}]}]",
            "a.columns.b: .*data_test",
        ),
        (
            "models: [{name: a, columns: [{name: b, data_tests: [{unique: {sevrity: warn}}]}]}]",
            "b.data_tests.0.*'sevrity'",
        ),
        ("models: [{name: a, config: {materialised: table}}]", "a.config: .*'materialised'"),
        ("unit_test: [{name: a}]", "top level: .*'unit_test'"),
        (
            "semantic_models: [{name: ab, model: b, measures: [{name: cd, agg: sum, exprr: d}]}]",
            "ab.measures.cd: .*'exprr'",
        ),
        (
            "metrics: [{name: abc, type: ratio, type_params: {numerator: b, denominater: c}}]",
            "abc.type_params: .*'denominater'",
        ),
    ],
)
def test_misspelt_key_is_named_with_its_place(tmp_path: Path, content: str, fault: str) -> None:
    import re

    (tmp_path / "dbt_project.yml").write_text(PROJECT)
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "m.yml").write_text(content)
    result = check(tmp_path)
    assert result.returncode == 1
    assert re.search(fault, result.stdout)
    assert result.stdout.endswith("2 YAML files checked, 1 faults\n")


def test_misspelt_key_of_the_project_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "dbt_project.yml").write_text(PROJECT + "seed-path: [seeds]\n")
    result = check(tmp_path)
    assert result.returncode == 1
    assert "'seed-path'" in result.stdout


def test_right_keys_pass(tmp_path: Path) -> None:
    (tmp_path / "dbt_project.yml").write_text(PROJECT)
    result = check(tmp_path)
    assert (result.returncode, result.stdout) == (0, "1 YAML files checked, 0 faults\n")

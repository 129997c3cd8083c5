"""Whatever stands on the command line or in the environment is a value, or refused in one line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from leadsignal import cli
from tiny_marts import fifty_leads

from .payloads import FEW, OBEYED
from .test_outputs import publish

OPTIONS = {
    "raw folder": ["build", "--raw", "nowhere/{}"],
    "moment": ["build", "--as-of", "{}"],
    "target": ["build", "--target", "{}"],
    "command": ["{}"],
    "lead": ["explain", "{}"],
    "metric": ["query", "--metrics", "{}"],
    "question": ["ask", "{}"],
    "build": ["changed", "--since", "{}"],
    "CRMs": ["init", "--target", "duckdb", "--place", "nowhere/{}"],
    "server": ["init", "--target", "postgres", "--place", "{}:5432"],
}
ENVIRONMENT = ["LEADSIGNAL_RAW", "LEADSIGNAL_AS_OF", "LEADSIGNAL_WAREHOUSE"]
FOLDERS = ['it\'s "a" {{ 7 * 7 }}', "{% do x() %} [a-z]*", "$(touch pwned) =1+1 <b>"]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    publish(fifty_leads(), folder / "leadsignal.duckdb")
    return folder


@pytest.fixture
def run(
    published: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LEADSIGNAL_WAREHOUSE", str(published))

    def command(*arguments: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as caught:
            cli.main(list(arguments))
        out, err = capsys.readouterr()
        return int(caught.value.code or 0), out + err

    return command


def refused(outcome: tuple[int, str]) -> bool:
    """Exit status 2, and one line that a terminal can show."""
    status, said = outcome
    lines = [line for line in said.splitlines() if not line.startswith("leadsignal: ")]
    return status == 2 and not lines and not set(said) & set(OBEYED)


@pytest.mark.parametrize("text", FEW)
@pytest.mark.parametrize("option", OPTIONS)
def test_what_is_no_value_is_refused(
    run: Callable[..., tuple[int, str]], option: str, text: str
) -> None:
    outcome = run(*(word.replace("{}", text) for word in OPTIONS[option]))
    assert refused(outcome), outcome


@pytest.mark.parametrize("text", FEW)
@pytest.mark.parametrize("name", ENVIRONMENT)
def test_what_is_no_value_of_the_environment_is_refused(
    run: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch, name: str, text: str
) -> None:
    monkeypatch.setenv(name, text if name.endswith("AS_OF") else f"/nowhere/{text}")
    command = ["scorecard"] if name.endswith("WAREHOUSE") else ["build"]
    outcome = run(*command)
    assert refused(outcome), outcome


@pytest.mark.parametrize("folder", FOLDERS)
def test_files_are_written_where_the_option_says(
    run: Callable[..., tuple[int, str]], tmp_path: Path, folder: str
) -> None:
    place = tmp_path / folder
    place.mkdir()
    for form in ("html", "md", "json"):
        assert run("report", "--format", form, "--out", str(place / f"r.{form}"))[0] == 0
    assert run("demo", "--leads", "20", "--out", str(place / "demo"))[0] == 0
    made = {file.name for file in place.iterdir()}
    assert made == {"r.html", "r.md", "r.json", "demo"}
    assert (place / "demo" / "salesforce" / "lead.csv").stat().st_size
    assert [file.name for file in tmp_path.iterdir()] == [folder]

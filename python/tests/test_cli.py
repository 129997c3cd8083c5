import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest
from golden_crms import GoldenSet
from leadsignal import cli

COMMANDS = [
    *("build", "scorecard", "query", "story", "report", "ask", "diagnose", "alarms", "changed"),
    *("explain", "doctor", "init", "demo"),
]
HEAVY = ["dbt", "duckdb", "great_expectations", "metricflow", "numpy", "pyarrow", "scipy"]


@pytest.fixture(autouse=True)
def empty_warehouse(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LEADSIGNAL_WAREHOUSE", str(tmp_path))
    for name in ("LEADSIGNAL_RAW", "LEADSIGNAL_AS_OF", "DBT_PROFILES_DIR"):
        monkeypatch.delenv(name, raising=False)


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as caught:
        cli.main(list(arguments))
    return int(caught.value.code or 0)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(command, "--help") == 0
    assert f"leadsignal {command}" in capsys.readouterr().out


def test_help_names_the_commands_and_imports_nothing_heavy() -> None:
    code = (
        "import sys; from leadsignal import cli\n"
        "try: cli.main(['--help'])\n"
        f"finally: print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert all(command in result.stdout for command in COMMANDS)
    assert result.stderr == "[]\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["scorecrad"], "No such command 'scorecrad'. Did you mean 'scorecard'?"),
        (["story", "--period", "year"], "'year' is not one of 'week', 'month', 'quarter'."),
        (["build", "--fast"], "No such option: --fast"),
        (["query"], "Missing option '--metrics'."),
        (["explain"], "Missing argument 'lead_id'."),
        (
            ["demo", "--leads", "0"],
            "Invalid value for '--leads': Input should be greater than or equal to 1.",
        ),
        (["build", "--as-of", "soon"], "as_of 'soon' is neither a date nor a timestamp."),
        (["story", "--as-of", "soon"], "as_of 'soon' is neither a date nor a timestamp."),
        (["build", "--target", "moon"], "has no target 'moon'."),
        (["build", "--raw", "nowhere"], "nowhere does not exist."),
        (["story"], "There is no published set at"),
        (["report"], "There is no published set at"),
        (["report", "--format", "docx"], "'docx' is not one of"),
        (["scorecard"], "There is no published set at"),
        (["ask", "noise"], "There is no published set at"),
        (["diagnose"], "There is no published set at"),
        (["alarms"], "There is no published set at"),
        (["changed", "--since", "2026-10-01"], "There is no published set at"),
        (["changed"], "Missing option '--since'."),
        (["story", "--audience", "board"], "'board' is not one of"),
        (["query", "--metrics", "leads"], "There is no published set at"),
        (["explain", "salesforce:1"], "There is no published set at"),
    ],
)
def test_wrong_usage_is_exit_2_and_one_line(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) == 2
    written = capsys.readouterr()
    assert written.out == ""
    assert written.err.startswith("leadsignal: ")
    assert says in written.err
    assert written.err.count("\n") == 1


@pytest.mark.parametrize("wrong", [["--fast"], ["--wait", "soon"], ["now"], ["--raw"]])
def test_wrong_usage_of_a_build_has_a_record_too(
    wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("build", "--json", *wrong) == 2
    written = capsys.readouterr()
    record = json.loads(written.out)
    assert (record["status"], record["exit_status"]) == ("wrong usage", 2)
    assert written.err == f"leadsignal: {record['errors'][0]}\n"


def test_no_command_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 2
    written = capsys.readouterr()
    assert "scorecard" in written.out + written.err
    assert "leadsignal: " not in written.err


@pytest.mark.parametrize("place", [["--debug", "story"], ["story", "--debug"]])
def test_debug_shows_the_traceback_and_keeps_the_status(place: list[str]) -> None:
    result = subprocess.run(
        [Path(sys.executable).with_name("leadsignal"), *place],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" in result.stderr
    assert "There is no published set at" in result.stderr
    assert result.returncode == 2


def test_unexpected_error_is_one_line_that_names_debug(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from leadsignal import settings

    def broken() -> None:
        raise ZeroDivisionError("of two\nlines")

    monkeypatch.setattr(settings, "load", broken)
    assert run("story") == 3
    assert capsys.readouterr().err == (
        "leadsignal: An unexpected error: ZeroDivisionError: of two lines. "
        "Run again with --debug to see where.\n"
    )


def test_interrupt_is_exit_130(monkeypatch: pytest.MonkeyPatch) -> None:
    from leadsignal import settings

    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(settings, "load", interrupted)
    assert run("story") == 130


def test_a_word_that_is_no_utf_8_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("explain", "caf\udce9") == 2
    said = "leadsignal: 'caf\ufffd' is no UTF-8. Write it in a terminal that uses UTF-8.\n"
    assert capsys.readouterr().err == said


def test_demo_writes_a_crm_and_says_how_to_build_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "crm"
    assert run("demo", "--leads", "20", "--out", str(out), "--format", "parquet") == 0
    assert (out / "salesforce" / "lead.parquet").exists()
    assert f"leadsignal build --raw {out} --as-of 2026-10-31" in capsys.readouterr().out


def test_doctor_is_exit_2_when_a_build_would_stop(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("doctor") == 0
    monkeypatch.setenv("LEADSIGNAL_RAW", str(tmp_path / "nowhere"))
    assert run("doctor") == 2
    assert "nowhere does not exist" in capsys.readouterr().out
    assert run("doctor", "--raw", str(tmp_path / "elsewhere")) == 2
    assert "elsewhere does not exist" in capsys.readouterr().out


def test_demo_into_a_folder_that_cannot_be_made_is_exit_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    assert run("demo", "--out", str(tmp_path / "file" / "crm")) == 2
    assert "cannot be made" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "begins"),
    [
        (["scorecard"], "Scorecard of October 2026"),
        (["scorecard", "--by", "source", "--format", "csv"], '"metric","segment"'),
        (["scorecard", "--format", "json"], "{"),
        (["query", "--metrics", "leads", "--by", "source", "--format", "csv"], '"source","leads"'),
        (
            ["query", "--metrics=leads", "--metrics=noise_leads", "--by=source", "--by=crm"],
            "source ",
        ),
        (["query", "--metrics", "leads", "--start", "2026-09", "--end", "2026-09-30"], "leads\n"),
        (["story"], "In October 2026 we captured"),
        (["story", "--audience", "sales", "--where", "source = webinar"], "This is the story of"),
        (["story", "--json"], "{"),
        (["ask"], "fit "),
        (["ask", "sources"], "Which sources created qualified opportunities?"),
        (["ask", "noise", "--format", "csv"], '"cut","segment"'),
        (["diagnose"], "“We need more leads”"),
        (["diagnose", "--json"], "{"),
        (["alarms"], "Alarms of October 2026"),
        (["alarms", "--json"], "{"),
    ],
)
def test_what_a_command_prints(
    arguments: list[str],
    begins: str,
    golden_set: Callable[[str], GoldenSet],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    con = golden_set("quiet").con
    monkeypatch.setattr(cli, "published", lambda: nullcontext(con))
    assert run(*arguments) == 0
    written = capfd.readouterr().out
    assert written.startswith(begins)
    if begins == "{":
        assert json.loads(written)


def test_trace_names_the_query_behind_each_sentence(
    golden_set: Callable[[str], GoldenSet],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    con = golden_set("small").con
    monkeypatch.setattr(cli, "published", lambda: nullcontext(con))
    assert run("story", "--trace") == 0
    written = capfd.readouterr().out
    assert "leadsignal query --metrics" in written
    assert "salesforce:" in written

import json
import os
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest
from golden_crms import GoldenSet
from leadsignal import cli, report
from leadsignal.errors import LeadsignalError, UsageError
from leadsignal.report import browser, files
from tiny_marts import TinyMarts

FAKE = """#!/bin/sh
for word in "$@"; do
    echo "$word" >> "{log}"
    case "$word" in
        --print-to-pdf=*) printf '%s' "%PDF" > "${{word#*=}}" ;;
        --screenshot=*) printf '%s' "PNG" > "${{word#*=}}" ;;
        --dump-dom) echo '<html data-height="4321">' ;;
    esac
done
exit {status}
"""


@pytest.fixture(scope="module")
def made() -> report.Report:
    return report.gather(TinyMarts().con)


@pytest.fixture
def chromium(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Path]:
    """A program in the place of Chromium that notes its arguments in the file given back."""

    def fake(status: int = 0) -> Path:
        log, program = tmp_path / "arguments", tmp_path / "fake chromium"
        program.write_text(FAKE.format(log=log, status=status))
        program.chmod(0o755)
        monkeypatch.setenv(browser.VARIABLE, str(program))
        return log

    return fake


@pytest.mark.parametrize("form", ["html", "md", "json"])
def test_file_is_written_whole_and_nothing_beside_it(
    form: str, made: report.Report, tmp_path: Path
) -> None:
    file = tmp_path / f"report.{form}"
    file.write_text("the old one")
    report.write(made, file, form)
    assert file.read_text() == files.text(made, form)
    assert os.listdir(tmp_path) == [file.name]


def test_report_that_fails_leaves_the_old_one(
    made: report.Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "report.html"
    file.write_text("the old one")

    def stop(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(files, "text", stop)
    with pytest.raises(KeyboardInterrupt):
        report.write(made, file)
    assert file.read_text() == "the old one"
    assert os.listdir(tmp_path) == [file.name]


def test_folder_that_is_not_there_is_one_line(made: report.Report, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        report.write(made, tmp_path / "nowhere" / "report.html")
    assert str(caught.value).endswith("No such file or directory. Name another file with --out.")
    assert len(caught.value.lines) == 1
    with pytest.raises(UsageError, match="it is a folder"):
        report.write(made, tmp_path)


def test_pdf_is_printed_by_chromium(
    made: report.Report, tmp_path: Path, chromium: Callable[[int], Path]
) -> None:
    log = chromium(0)
    report.write(made, tmp_path / "report.pdf", "pdf")
    assert (tmp_path / "report.pdf").read_text() == "%PDF"
    words = log.read_text().splitlines()
    assert "--no-pdf-header-footer" in words
    assert words[-1].startswith("file:///")
    assert ("--no-sandbox" in words) == (os.geteuid() == 0)


def test_png_is_as_tall_as_the_page_says(
    made: report.Report, tmp_path: Path, chromium: Callable[[int], Path]
) -> None:
    log = chromium(0)
    report.write(made, tmp_path / "report.png", "png")
    assert (tmp_path / "report.png").read_text() == "PNG"
    assert "--window-size=1280,4321" in log.read_text().splitlines()


def test_chromium_that_fails_leaves_nothing(
    made: report.Report, tmp_path: Path, chromium: Callable[[int], Path]
) -> None:
    chromium(7)
    with pytest.raises(LeadsignalError, match="ended with status 7") as caught:
        report.write(made, tmp_path / "report.pdf", "pdf")
    assert caught.value.exit_code == 3
    assert not (tmp_path / "report.pdf").exists()


def test_without_chromium_one_line_says_what_to_install(
    made: report.Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(browser.VARIABLE, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match=r"No Chromium is found.*Install chromium"):
        report.write(made, tmp_path / "report.pdf", "pdf")
    monkeypatch.setenv(browser.VARIABLE, "no-such-program")
    with pytest.raises(UsageError, match="no-such-program of LEADSIGNAL_CHROMIUM cannot be run"):
        report.write(made, tmp_path / "report.png", "png")
    assert os.listdir(tmp_path) == []


def test_pictures_do_not_go_to_a_terminal(made: report.Report) -> None:
    with pytest.raises(UsageError, match="pdf is not written to a terminal"):
        report.write(made, files.STDOUT, "pdf")


def test_audit_of_another_build_is_not_this_ones(tmp_path: Path) -> None:
    file = tmp_path / "audit.json"
    assert report.audited(file, "b") is None
    file.write_text("not json")
    assert report.audited(file, "b") is None
    file.write_text(json.dumps({"build_id": "a", "results": []}))
    assert report.audited(file, "b") is None
    assert report.audited(file, "a") == {"build_id": "a", "results": []}


def test_command_writes_into_the_warehouse_or_where_it_is_told(
    golden_set: Callable[[str], GoldenSet],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    con = golden_set("small").con
    monkeypatch.setattr(cli, "published", lambda: nullcontext(con))
    monkeypatch.setenv("LEADSIGNAL_WAREHOUSE", str(tmp_path))
    out = tmp_path / "elsewhere.md"
    for arguments, file in (
        (["--format", "json", "--period", "quarter"], tmp_path / "report.json"),
        (["--format", "md", "--out", str(out), "--as-of", "2026-10-31"], out),
    ):
        with pytest.raises(SystemExit) as caught:
            cli.main(["report", *arguments])
        assert caught.value.code == 0
        assert capsys.readouterr().out == f"Report: {file}\n"
    assert json.loads((tmp_path / "report.json").read_text())["period"] == "2026-Q3"
    with pytest.raises(SystemExit):
        cli.main(["report", "--format", "md", "--out", "-"])
    assert capsys.readouterr().out == out.read_text()

import re
import sys

import pytest
from leadsignal import progress

EVENT = {"node": "fct_leads", "kind": "model", "status": "success", "seconds": 0.25}


class Terminal:
    """A stderr that says it is a terminal."""

    def __init__(self) -> None:
        self.text = ""

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.text += text
        return len(text)

    def flush(self) -> None:
        pass


def test_bar_on_a_terminal_names_the_model_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    shown = progress.choose(silent=False)
    assert isinstance(shown, progress.Bar)
    with shown:
        shown.step("Building the tables")
        shown.node(EVENT | {"done": 3, "total": 12})
        shown.bar.refresh()
        assert "Building the tables" in terminal.text
        assert "3/12 fct_leads" in terminal.text
    assert terminal.text.endswith("\x1b[2K")


def test_bar_in_a_narrow_terminal_cuts_the_name_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "70")
    with progress.Bar() as shown:
        shown.step("Building the tables")
        shown.node(EVENT | {"done": 98, "total": 251, "node": "unique_" * 12})
        shown.bar.refresh()
    line = re.sub(r"\x1b\[[\d;?]*[a-zA-Z]", "", terminal.text.split("98/251")[0].split("\r")[-1])
    assert line.startswith("Building the tables ")
    assert "0:00:00" in line
    assert "98/251 unique_" in terminal.text


def test_plain_lines_leave_out_tests_that_pass(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.Plain() as shown:
        shown.step("Building the tables")
        shown.node(EVENT | {"done": 1, "total": 3})
        shown.node(EVENT | {"done": 2, "total": 3, "kind": "test", "status": "pass"})
        shown.node(EVENT | {"done": 3, "total": 3, "kind": "test", "status": "fail"})
    assert capsys.readouterr().err.splitlines() == [
        "Building the tables",
        "  1/3 model fct_leads: success in 0.2 s",
        "  3/3 test fct_leads: fail in 0.2 s",
    ]


def test_silent_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.choose(silent=True) as shown:
        shown.step("Building the tables")
        shown.node(EVENT | {"done": 1, "total": 3})
    assert capsys.readouterr() == ("", "")

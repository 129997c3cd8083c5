"""Any command line ends with a result or with lines that say what to do, and its exit status."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from builds import ROOT
from hypothesis import given
from hypothesis import strategies as st
from leadsignal import cli
from tiny_marts import fifty_leads

from . import odd
from .scale import inputs

pytestmark = pytest.mark.slow

ODD = odd.cells.filter(lambda text: "\0" not in text)
PERIODS = st.sampled_from(["week", "month", "quarter", "year", "MONTH", ""])
DAYS = st.sampled_from(["2026-10-31", "2026-10-31 18:30:00", "9999-12", "1999-12-31"]) | odd.dates
FORMS = st.sampled_from(["table", "csv", "json", "arrow", "xml", ""])
WHERES = (
    st.sampled_from(
        ["source = webinar", "source = nowhere", "owner = U1", "crm in (salesforce)", "x"]
    )
    | ODD
)
NAMES = (
    st.sampled_from(["leads", "leads,won", "win_rate", "source", "owner,month", ",", "x,,y"]) | ODD
)
PLACES = st.sampled_from(["nowhere", "dbt_project.yml", "", "~nobody", "/dev/null/x", "-x"])
NUMBERS = st.sampled_from(["0", "-1", "x", "1e3", "", "99999999999999999999", "1.5"])
OPTIONS: dict[str, dict[str, st.SearchStrategy[str] | None]] = {
    "build": {
        "--raw": PLACES, "--as-of": DAYS, "--target": ODD, "--wait": NUMBERS, "--json": None,
        "--full-refresh": None,
    },
    "scorecard": {
        "--by": st.sampled_from(["source", "owner", "campaign", "month", "stage"]),
        "--period": PERIODS, "--as-of": DAYS, "--format": FORMS,
    },
    "query": {
        "--metrics": NAMES, "--by": NAMES, "--where": WHERES, "--grain": PERIODS, "--start": DAYS,
        "--end": DAYS, "--format": FORMS,
    },
    "story": {
        "--period": PERIODS, "--as-of": DAYS, "--where": WHERES, "--trace": None, "--json": None,
        "--audience": st.sampled_from(["leadership", "marketing", "sales", "board"]),
    },
    "report": {
        "--period": PERIODS, "--as-of": DAYS, "--out": PLACES | st.just("-"),
        "--format": st.sampled_from(["html", "md", "json", "docx"]),
    },
    "ask": {"--period": PERIODS, "--as-of": DAYS, "--format": FORMS},
    "diagnose": {"--period": PERIODS, "--as-of": DAYS, "--json": None},
    "alarms": {"--period": PERIODS, "--as-of": DAYS, "--json": None},
    "changed": {"--since": DAYS | ODD, "--json": None},
    "explain": {"--debugger": None},
    "doctor": {"--raw": PLACES},
    "init": {
        "--target": st.sampled_from(["duckdb", "postgres", "spark", "moon"]), "--raw": PLACES | ODD,
        "--crms": NAMES, "--timezone": ODD, "--currency": st.sampled_from(["EUR", "ABC"]) | ODD,
    },
    "demo": {"--leads": NUMBERS, "--seed": NUMBERS, "--out": PLACES, "--format": FORMS},
    "nonsense": {"--help": None},
}  # fmt: skip
ARGUMENTS = {
    "ask": st.sampled_from(["fit", "noise", "sources", "failed", "value", "moves", "fitt"]) | ODD,
    "explain": st.sampled_from(["salesforce:lead1", "lead", "salesforce:"]) | ODD,
}
HEAVY = ("story", "report", "scorecard", "alarms", "diagnose", "ask")
"""These compute for a while: a tenth of the inputs is theirs."""


@st.composite
def lines(draw: st.DrawFn) -> list[str]:
    """A command with some of its options, and now and then a word that it does not know."""
    is_heavy = draw(st.integers(0, 9)) == 0
    command = draw(st.sampled_from([one for one in OPTIONS if (one in HEAVY) == is_heavy]))
    words = [command]
    for option in draw(st.lists(st.sampled_from(sorted(OPTIONS[command])), max_size=3)):
        value = OPTIONS[command][option]
        words += [option] if value is None else [option, draw(value)]
    if command in ARGUMENTS and draw(st.integers(0, 9)):
        words.append(draw(ARGUMENTS[command]))
    if not draw(st.integers(0, 9)):
        words.insert(draw(st.integers(0, len(words))), draw(ODD))
    # Nothing is built or made here: that takes longer than all else together.
    words += {"build": ["--raw", "nowhere"], "demo": ["--leads", "0"]}.get(command, [])
    return words


@dataclass
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str


@contextmanager
def caught() -> Iterator[tuple[io.BytesIO, io.BytesIO]]:
    """What is written to stdout and stderr, with nobody to answer on stdin."""
    streams = [io.BytesIO(), io.BytesIO()]
    before = sys.stdin, sys.stdout, sys.stderr
    sys.stdin = io.StringIO()
    sys.stdout, sys.stderr = (
        io.TextIOWrapper(one, encoding="utf-8", write_through=True) for one in streams
    )
    try:
        yield streams[0], streams[1]
    finally:
        for one in (sys.stdout, sys.stderr):
            one.flush()
            one.detach()
        sys.stdin, sys.stdout, sys.stderr = before


def run(words: list[str]) -> Ended:
    """`leadsignal WORDS` in this process."""
    with caught() as (out, err):
        try:
            cli.main(words)
        except SystemExit as error:
            status = error.code
    assert isinstance(status, int)
    return Ended(status, out.getvalue().decode(errors="replace"), err.getvalue().decode())


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A project of its own to stand in, with a published set of fifty leads."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("dbt_project.yml", "profiles.yml", "profiles.yml.example"):
        shutil.copy(ROOT / name, folder)
    for name in ("models", "seeds", "macros"):
        (folder / name).symlink_to(ROOT / name)
    con: Any = fifty_leads().con
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name in ("RAW", "AS_OF", "WAREHOUSE", "ALERT_URL"):
            patch.delenv(f"LEADSIGNAL_{name}", raising=False)
        patch.delenv("DBT_PROFILES_DIR", raising=False)
        patch.setattr(cli, "published", lambda: nullcontext(con))
        yield folder


@given(words=lines())
@inputs(80, of=1500)
def test_a_command_ends_as_it_should(project: Path, words: list[str]) -> None:
    ended = run(words)
    told = [line for line in ended.err.splitlines() if line]
    assert ended.status in (0, 2), (words, ended)
    assert "Traceback" not in ended.err + ended.out
    assert "unexpected error" not in ended.err
    if ended.status == 2 and words != []:
        shows_help = "Usage" in ended.out + ended.err
        assert told or shows_help or ended.out, words
    assert all(line.startswith("leadsignal: ") for line in told), told

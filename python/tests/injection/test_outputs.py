"""What a CRM calls its campaigns, sources, stages and reasons is text wherever it is shown."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from leadsignal import alerts, cli, report
from leadsignal.audit.evidence import Evidence
from leadsignal.audit.report import page
from leadsignal.audit.result import AuditResult, RuleResult
from leadsignal.audit.rules import load
from leadsignal.explain import DIMENSIONS
from leadsignal.findings import Finding
from leadsignal.questions import QUESTIONS
from leadsignal.run_record import RunRecord
from markdown_it import MarkdownIt
from nasty_crm import nasty_crm
from tiny_marts import TinyMarts

from .payloads import EVERY, OBEYED, SOME

LEAD = "salesforce:L1"
TEXTS = [
    ["scorecard"],
    *(["scorecard", "--by", by] for by in ("source", "owner", "campaign")),
    *(["story", "--audience", who] for who in ("leadership", "marketing", "sales")),
    ["story", "--where", "source is not empty"],
    ["story", "--trace"],
    *(["report", "--format", form, "--out", "-"] for form in ("html", "md", "json")),
    *(["ask", question] for question in QUESTIONS),
    ["query", "--metrics", "leads,sales_acceptance_rate", "--by", "campaign,source"],
    ["diagnose"],
    ["alarms"],
    ["explain", LEAD],
    ["explain", "\x1b[31mPWNED"],
    ["query", "--metrics", "\x1b[31mPWNED"],
    ["changed", "--since", "\x9b31mPWNED"],
]
TABLES = [
    *(["ask", question, "--format", "csv"] for question in QUESTIONS),
    *(["scorecard", "--by", by, "--format", "csv"] for by in ("source", "owner", "campaign")),
    *(
        ["query", "--metrics", "leads", "--by", by, "--format", "csv"]
        for by in ("campaign", "source", "offer")
    ),
]
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001


def publish(marts: TinyMarts, file: Path) -> None:
    """The set as a published file."""
    con = marts.con
    con.execute(f"attach '{file}' as written")
    con.execute("copy from database leadsignal to written")
    con.execute("detach written")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> TinyMarts:
    marts = nasty_crm(SOME)
    verdicts: dict[str, str] = {}
    for place, name in enumerate(DIMENSIONS):
        verdicts |= {
            f"{name}_verdict": "fail",
            f"{name}_rule": "r",
            f"{name}_rule_only_verdict": "fail",
        }
        verdicts[f"{name}_evidence"] = "".join(EVERY[place::5])
    marts.insert("fct_lead_verdicts", lead_id=LEAD, **verdicts)
    marts.con.execute(
        "update fct_leads set source_raw = ?, campaign = ? where lead_id = ?",
        ["\x1b[2Ja\nPWNED", "b\nPWNED", LEAD],
    )
    return marts


@pytest.fixture(scope="module")
def folder(hostile: TinyMarts, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    publish(hostile, folder / "leadsignal.duckdb")
    return folder


@pytest.fixture
def run(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Callable[..., str]:
    monkeypatch.setenv("LEADSIGNAL_WAREHOUSE", str(folder))

    def command(*arguments: str) -> str:
        with pytest.raises(SystemExit):
            cli.main(list(arguments))
        out, err = capfdbinary.readouterr()
        return (out + err).decode()

    return command


@pytest.mark.parametrize("arguments", TEXTS, ids=" ".join)
def test_terminal_gets_nothing_to_obey(run: Callable[..., str], arguments: list[str]) -> None:
    said = run(*arguments)
    assert said.strip()
    assert not set(said) & set(OBEYED)
    assert "An unexpected error" not in said
    assert not any(line.startswith("PWNED") for line in said.splitlines())


@pytest.mark.parametrize("arguments", TABLES, ids=" ".join)
def test_spreadsheet_gets_nothing_to_run(run: Callable[..., str], arguments: list[str]) -> None:
    rows = list(csv.reader(io.StringIO(run(*arguments), newline="")))
    assert rows
    for cell in (cell for row in rows for cell in row):
        assert not cell.startswith(STARTS) or _is_number(cell), cell
        assert not set(cell) & (set(OBEYED[:29]) - {"\r"}), cell


def _is_number(cell: str) -> bool:
    try:
        return float(cell) < 0
    except ValueError:
        return False


@pytest.mark.parametrize("arguments", TABLES[-3:], ids=" ".join)
def test_json_says_what_the_crm_says(run: Callable[..., str], arguments: list[str]) -> None:
    told = json.loads(run(*arguments[:-1], "json"))
    values = {value for row in told for value in row.values()}
    assert "=cmd|' /C calc'!A0" in values


MARKED = {"link_open", "image", "html_inline", "html_block", "code_inline", "strong_open", "s_open"}


@pytest.mark.parametrize(
    "arguments", [["report", "--format", "md", "--out", "-"], *TEXTS[4:7]], ids=" ".join
)
def test_markdown_has_no_markup_of_the_crm(run: Callable[..., str], arguments: list[str]) -> None:
    assert_plain_markdown(run(*arguments))


def assert_plain_markdown(text: str) -> None:
    """The only markup is ours: headings, tables and lists."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    kinds = {one.type for token in tokens for one in (token, *(token.children or ()))}
    assert not kinds & MARKED
    headings = [
        tokens[place + 1].content for place, one in enumerate(tokens) if one.type == "heading_open"
    ]
    assert not any("PWNED" in heading for heading in headings)
    _tables_are_whole(tokens)


def _tables_are_whole(tokens: list[Any]) -> None:
    """No bar of the CRM makes another cell: every row has as many as its heading."""
    widths: list[int] = []
    for token in tokens:
        if token.type == "table_open":
            widths = []
        elif token.type == "tr_open":
            widths.append(0)
        elif token.type in ("th_open", "td_open"):
            widths[-1] += 1
        elif token.type == "table_close":
            assert len(set(widths)) == 1, widths


class Elements(HTMLParser):
    """The names of all elements, and every attribute."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.names.append(tag)
        self.attributes |= {name for name, _ in attrs}


def audit_page() -> str:
    """The page of an audit whose every rule fails on rows with these names."""
    rules = load()
    found = Evidence(len(EVERY), len(EVERY), EVERY)
    told = tuple(RuleResult(rule, found, success=False) for rule in rules)
    return page(AuditResult(EVERY[0], EVERY[1], told))


def test_page_of_the_audit_has_no_element_of_the_crm() -> None:
    elements = Elements(audit_page())
    assert not {"script", "img", "svg", "iframe", "a", "form", "input"} & set(elements.names)
    assert not any(name.startswith("on") for name in elements.attributes)
    assert elements.names.count("style") == elements.names.count("title") == 1


def test_report_has_no_element_of_the_crm(hostile: TinyMarts) -> None:
    elements = Elements(report.text(report.gather(hostile.con), "html"))
    assert not {"img", "iframe", "object", "embed", "base"} & set(elements.names)
    assert not any(name.startswith("on") for name in elements.attributes)
    assert elements.names.count("script") == elements.names.count("style") == 1


@pytest.mark.parametrize(
    "text", [*EVERY, "<!channel> <@U1> @here", "[click](https://evil.example)"]
)
def test_alert_has_no_mention_and_no_link(text: str) -> None:
    record = RunRecord(status="failed", exit_status=3, errors=[f"Table {text} has no column id."])
    record.crms = [{"crm": text, "data_through": "2026-10-20", "is_stale": True}]
    told = alerts.message(record)
    assert not set("<>") & set(told)
    assert "](" not in told
    assert "@here" not in told
    assert not set(told) & set(OBEYED)
    assert len(told.splitlines()) == 3


@pytest.mark.parametrize("text", EVERY)
def test_finding_is_one_line(text: str) -> None:
    told = str(Finding("warning", f"lead source '{text}' is not mapped.", f"Add {text}."))
    assert len(told.splitlines()) == 1
    assert told.startswith("warning ")
    assert not set(told) & set(OBEYED)

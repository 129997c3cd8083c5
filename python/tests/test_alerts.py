import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from leadsignal import alerts
from leadsignal.errors import AuditRefused, BuildFailed, Stopped
from leadsignal.run_record import RunRecord
from mini_project import MiniProject

RULE = {"id": "one_outcome", "severity": "warning", "success": False, "observed": "3 of 9 leads",
        "line": "A lead has <one> outcome. Not so: 3 of 9 [one_outcome]. Mend them."}  # fmt: skip


@dataclass
class Webhook:
    """A server on this machine that keeps what it is told."""

    url: str = ""
    status: int = 200
    pause: float = 0
    told: list[dict[str, Any]] = field(default_factory=list)


@contextmanager
def serving(hook: Webhook) -> Iterator[Webhook]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.headers["Content-Type"] == "application/json"
            hook.told.append(json.loads(body))
            time.sleep(hook.pause)
            self.send_response(hook.status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hook.url = f"http://127.0.0.1:{server.server_port}/services/hush4711"
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield hook
    finally:
        server.shutdown()
        server.server_close()


def published(*rules: dict[str, Any], is_stale: bool = False) -> RunRecord:
    record = RunRecord(build_id="b1", as_of="2026-10-31 23:59:59")
    crm = {"crm": "hubspot", "data_through": "2026-10-20 08:00:00", "is_stale": is_stale}
    record.crms = [crm, crm | {"crm": "salesforce", "is_stale": False}]
    record.audited({"results": list(rules)}, Path("audit.html"))
    record.done({})
    return record


def failed(error: BaseException) -> RunRecord:
    record = RunRecord()
    record.failed(error)
    return record


def test_nothing_to_mend_is_not_told() -> None:
    assert alerts.message(published({**RULE, "success": True})) == ""


def test_a_build_stopped_by_a_time_limit_is_told() -> None:
    assert alerts.message(failed(Stopped())).splitlines() == [
        "leadsignal did not publish the build (stopped, exit status 130):",
        "- The build was stopped by SIGTERM, as at a scheduler's time limit.",
    ]


def test_broken_rules_and_stale_crms_are_told_without_markup() -> None:
    assert alerts.message(published(RULE, is_stale=True)).splitlines() == [
        "leadsignal published build b1 as of 2026-10-31 23:59:59, with warnings:",
        "- hubspot has no record after 2026-10-20 08:00:00 UTC: see whether its loader runs.",
        "- warning: A lead has &lt;one&gt; outcome. Not so: 3 of 9 [one_outcome]. Mend them.",
    ]


def test_refusal_tells_each_rule_once() -> None:
    record = RunRecord(build_id="b1")
    record.audited({"results": [RULE | {"severity": "critical"}]}, Path("audit.html"))
    record.failed(AuditRefused("The audit refused the build.", "See it.", more=(RULE["line"],)))
    lines = alerts.message(record).splitlines()
    assert lines[0] == "leadsignal did not publish build b1 (refused, exit status 1):"
    assert [line[:12] for line in lines[1:]] == ["- The audit ", "- critical: "]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Cannot convert string 'Ann O'Brien' to INT32", "Cannot convert string '…' to INT32"),
        ('invalid input syntax for integer: "Ann"', 'invalid input syntax for integer: "…"'),
        ("Key (email)=(ann@example.com) is twice", "Key (email)=(…) is twice"),
        ("A value ann@example.com is none", "A value … is none"),
        ("No value. DETAIL: Failing row contains (00Q1, Ann Lee, Acme).", "No value. …"),
        ("Key (name)=(Ann (Lee) junior) is twice", "Key (name)=(…) is twice"),
        ("Not a date: 'Ann's' day", "Not a date: '…' day"),
        ("The CRM's table is the lead's", "The CRM's table is the lead's"),
    ],
)
def test_values_of_the_crm_are_left_out(said: str, told: str) -> None:
    assert alerts.message(failed(BuildFailed(said))).splitlines()[1].strip("- ") == told


def test_long_messages_are_cut() -> None:
    lines = alerts.message(published(*[RULE | {"line": "x" * 1000}] * 30)).splitlines()
    assert len(lines) == alerts.MOST_LINES + 2
    assert lines[-1] == f"- {30 - alerts.MOST_LINES} more."
    assert max(map(len, lines)) == alerts.LONGEST_LINE + 2


@pytest.mark.parametrize(
    ("hook", "reason"),
    [
        (Webhook(status=404), "the webhook answered with status 404"),
        (Webhook(pause=2), "the webhook did not answer within 0.3 s"),
    ],
)
def test_webhook_that_fails_is_one_warning_without_its_address(
    hook: Webhook, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alerts, "SECONDS", 0.3)
    with serving(hook):
        monkeypatch.setenv(alerts.URL, hook.url)
        assert alerts.send(published(RULE)) == [
            f"The alert was not sent: {reason}. See to LEADSIGNAL_ALERT_URL."
        ]


@pytest.mark.parametrize(
    "url",
    ["file:///etc/SECRET", "http://127.0.0.1:1/SECRET", "http://[SECRET", "http://a b/SECRET"],
)
def test_address_that_cannot_be_reached_is_a_warning_without_it(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(alerts.URL, url)
    [warning] = alerts.send(published(RULE))
    assert "SECRET" not in warning


@pytest.mark.slow
def test_build_tells_the_webhook_and_shows_its_address_nowhere(tmp_path: Path) -> None:
    project = MiniProject(tmp_path)
    with serving(Webhook()) as hook:
        stale = project.run("build", LEADSIGNAL_ALERT_URL=hook.url, MINI_STALE="true")
        refused = project.run("build", LEADSIGNAL_ALERT_URL=hook.url, MINI_AUDIT="refuse")
        fine = project.run("build", LEADSIGNAL_ALERT_URL=hook.url)
        hook.status = 500
        unheard = project.run("build", "--json", LEADSIGNAL_ALERT_URL=hook.url, MINI_STALE="true")
    results = (stale, refused, fine, unheard)
    assert [one.returncode for one in results] == [0, 1, 0, 0]
    assert [list(body) for body in hook.told] == [["text"]] * 3
    assert "hubspot has no record after 2026-10-20" in hook.told[0]["text"]
    assert "3 leads are both won and lost" in hook.told[1]["text"]
    assert json.loads(unheard.stdout)["warnings"][-1].startswith("The alert was not sent: ")
    assert unheard.stderr.count("\n") == 1
    said = [text for one in results for text in (one.stdout, one.stderr)]
    files = [
        file.read_bytes().decode(errors="replace")
        for file in tmp_path.rglob("*.*")
        if file.is_file()
    ]
    assert not any("hush4711" in text for text in said + files)

"""A message to a webhook when a build was not published, or was published with something to mend.

Off unless the environment has LEADSIGNAL_ALERT_URL. The URL is a secret: it is in no setting, no
log, no message and no child's environment. A message says what is wrong, not about whom: values
that a database quotes from the CRM are left out.
"""

import json
import os
import re
import urllib.error
import urllib.request

from leadsignal.printable import on_one_line
from leadsignal.run_record import PUBLISHED, RunRecord

URL = "LEADSIGNAL_ALERT_URL"
SECONDS = 10
"""The webhook has so long to answer."""
MOST_LINES = 10
LONGEST_LINE = 300
MARKUP = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("@", "@\u200b"), ("](", "]\u200b("))
"""What chat programs would read as a mention or a link, and what shows the same and is none."""
STALE_RULE = "crms_fresh"
"""The audit's rule that says the same as the lines of the stale CRMs."""
VALUES = (
    (re.compile(r"\s*\b(DETAIL|CONTEXT|LINE \d+):.*", re.DOTALL), " …"),
    (re.compile(r"(?<!\w)'.*'(?!\w)"), "'…'"),
    (re.compile(r'(?<!\w)".*"(?!\w)'), '"…"'),
    (re.compile(r"=\(.*\)"), "=(…)"),
    (re.compile(r"\S+@\S+"), "…"),
)
"""Forms in which a database's message quotes values, and what stands in their place."""


def send(record: RunRecord) -> list[str]:
    """Tell the webhook of a finished run, when there is one and something to tell.

    Gives the warning, one line, when it could not be told; never raises.
    """
    url, text = os.environ.get(URL, "").strip(), message(record)
    if not url or not text:
        return []
    reason = _post(url, {"text": text})
    return [f"The alert was not sent: {reason}. See to {URL}."] if reason else []


def message(record: RunRecord) -> str:
    """What to tell of the run; empty when there is nothing to mend."""
    lines = [
        f"{crm['crm']} has no record after {crm['data_through']} UTC: see whether its loader runs."
        for crm in record.crms
        if crm["is_stale"]
    ]
    told = {STALE_RULE} if lines else set()
    broken = [
        rule for rule in (record.audit_result or {}).get("broken", []) if rule["id"] not in told
    ]
    lines += [f"{rule['severity']}: {rule['line']}" for rule in broken]
    if record.status != PUBLISHED:
        lines = [*map(_without_values, record.errors[:1]), *lines]
        lines += map(_without_values, [] if broken else record.errors[1:])
    if not lines:
        return ""
    more = len(lines) - MOST_LINES
    shown = lines if more <= 0 else [*lines[:MOST_LINES], f"{more} more."]
    return "\n".join([_title(record), *(f"- {_plain(line)}" for line in shown)])


def _title(record: RunRecord) -> str:
    if record.status == PUBLISHED:
        return f"leadsignal published build {record.build_id} as of {record.as_of}, with warnings:"
    build = f"build {record.build_id}" if record.build_id else "the build"
    return (
        f"leadsignal did not publish {build} ({record.status}, exit status {record.exit_status}):"
    )


def _without_values(line: str) -> str:
    for form, instead in VALUES:
        line = form.sub(instead, line)
    return line


def _plain(line: str) -> str:
    line = on_one_line(line)
    short = line if len(line) <= LONGEST_LINE else f"{line[: LONGEST_LINE - 1].rstrip()}…"
    for mark, instead in MARKUP:
        short = short.replace(mark, instead)
    return short


def _post(url: str, body: dict[str, str]) -> str:
    """Why it failed, in words that do not show the URL; empty when it did not."""
    if not url.startswith(("https://", "http://")):
        return "its address does not begin with https:// or http://"
    try:
        request = urllib.request.Request(  # noqa: S310 (the scheme is checked above)
            url,
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "User-Agent": "leadsignal"},
        )
        with urllib.request.urlopen(request, timeout=SECONDS):  # noqa: S310
            return ""
    except urllib.error.HTTPError as error:
        return f"the webhook answered with status {error.code}"
    except TimeoutError:
        return f"the webhook did not answer within {SECONDS} s"
    except Exception as error:  # whatever it is, a published build stays published
        return f"the webhook could not be reached ({type(error).__name__})"

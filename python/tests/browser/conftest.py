"""Reports in a real Chromium, opened from their files."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from golden_crms import GoldenSet
from leadsignal import report
from leadsignal.report import browser
from nasty_crm import nasty_crm
from playwright.sync_api import Browser, sync_playwright
from tiny_marts import TinyMarts

ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"),
    *("--disable-component-update", "--disable-sync"),
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=browser.find(), args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def reports(
    golden_set: Callable[[str], GoldenSet], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """The file of a usual report, of one full of attacks, and of one of nothing."""
    folder = tmp_path_factory.mktemp("reports")
    published = {
        "usual": golden_set("quiet").con,
        "nasty": nasty_crm().con,
        "empty": TinyMarts().con,
    }
    files = {name: folder / f"{name}.html" for name in published}
    for name, con in published.items():
        report.write(report.gather(con), files[name])
    return files

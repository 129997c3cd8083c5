"""Pages full of attacks in a real Chromium: none of them becomes an element or runs."""

from pathlib import Path

import pytest
from injection.payloads import EVERY
from injection.test_outputs import audit_page
from leadsignal import report
from nasty_crm import nasty_crm
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("hostile")
    files = {name: folder / f"{name}.html" for name in ("audit", "report")}
    files["audit"].write_text(audit_page(), encoding="utf-8")
    report.write(report.gather(nasty_crm(EVERY).con), files["report"])
    return files


@pytest.mark.parametrize("name", ["audit", "report"])
def test_nothing_of_the_crm_is_an_element(
    chromium: Browser, pages: dict[str, Path], name: str
) -> None:
    page = chromium.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.goto(pages[name].as_uri())
    page.mouse.move(300, 300)
    assert asked == [pages[name].as_uri()]
    assert said == []
    assert "PWNED" not in page.title()
    assert page.locator("img, iframe, object, embed, base, [onmouseover], [onerror]").count() == 0
    assert page.locator("a[href*='evil']").count() == 0
    assert "document.title = 'PWNED'" in (page.locator("main").text_content() or "")
    page.close()

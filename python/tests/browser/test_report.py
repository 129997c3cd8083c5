from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from leadsignal.report import browser
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

EVERY = ["usual", "nasty", "empty"]
SIZES = [(360, 740), (1440, 900)]
SERIOUS = ("serious", "critical")


@contextmanager
def shown(chromium: Browser, file: Path, **options: Any) -> Iterator[Page]:
    """The report on a page that may ask for nothing, say nothing and break nothing."""
    context = chromium.new_context(**options)
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.goto(file.as_uri())
    try:
        yield page
        assert asked == [file.as_uri()]
        assert said == []
    finally:
        context.close()


def rows(page: Page, table: str) -> Any:
    """The rows of the table under a caption, those that are not hidden."""
    return page.locator(f"table:has(caption:text-is('{table}')) tbody tr:not([hidden])")


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_report_opens_from_its_file_and_fits_its_window(
    name: str, scheme: Any, width: int, height: int, chromium: Browser, reports: dict[str, Path]
) -> None:
    size: Any = {"width": width, "height": height}
    with shown(chromium, reports[name], viewport=size, color_scheme=scheme) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        dark = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 22, 28)"
        assert dark == (scheme == "dark")


@pytest.mark.parametrize("name", ["usual", "nasty"])
def test_every_chart_is_drawn(name: str, chromium: Browser, reports: dict[str, Path]) -> None:
    with shown(chromium, reports[name]) as page:
        charts = page.locator("figure > svg.chart").all()
        assert len(charts) == 8
        for chart in charts:
            box = chart.bounding_box()
            assert box is not None
            assert box["width"] > 100
            assert box["height"] > 40
            seen = chart.locator(".mark:not(.off)").evaluate_all(
                "all => all.filter(one => one.getBoundingClientRect().width"
                " + one.getBoundingClientRect().height > 0).length"
            )
            assert seen >= 1
        sparks = page.locator(".tiles svg")
        assert sparks.count() >= 10
        # A hatched mark needs its pattern to be there.
        assert page.locator("pattern#hatch").count() == 1


def test_filters_change_what_is_shown(chromium: Browser, reports: dict[str, Path]) -> None:
    with shown(chromium, reports["usual"]) as page:
        funnel = page.locator("figure[data-one-at-a-time] svg").first
        every = rows(page, "Leads by month of capture and source").count()
        before = funnel.locator(".mark:not(.off)").evaluate_all(
            "all => all.map(o => o.textContent)"
        )
        page.select_option("[name=source]", "webinar")
        assert rows(page, "Leads by month of capture and source").count() < every
        of = rows(page, "Leads at each gate, by source").evaluate_all(
            "all => all.map(row => row.dataset.source ?? null)"
        )
        assert of == [None, "webinar"]
        after = funnel.locator(".mark:not(.off)").evaluate_all("all => all.map(o => o.textContent)")
        assert after
        assert after != before
        assert all("webinar" in words for words in after if words and ":" in words)
        assert page.locator("#sources .mark.dim").count() > 0
        assert "webinar" in page.locator("#state").inner_text()
        page.select_option("[name=month]", "2026-09")
        months = rows(page, "Leads by month of capture and source").evaluate_all(
            "all => all.map(row => row.dataset.month)"
        )
        assert set(months) == {"2026-09"}
        page.click("text=Show all")
        expect(page.locator("#state")).to_have_text("")  # a form is reset after its event
        assert rows(page, "Leads by month of capture and source").count() == every
        assert funnel.locator(".mark:not(.off)").evaluate_all(
            "all => all.map(o => o.textContent)"
        ) == before  # fmt: skip
        assert page.locator(".dim").count() == 0


def test_filter_by_a_name_that_is_an_attack(chromium: Browser, reports: dict[str, Path]) -> None:
    with shown(chromium, reports["nasty"]) as page:
        options = page.locator("[name=source] option").evaluate_all("all => all.map(o => o.value)")
        for value in options[1:]:
            page.select_option("[name=source]", value)
            sources = rows(page, "Leads at each gate, by source").evaluate_all(
                "all => all.map(row => row.dataset.source ?? null)"
            )
            assert sources == [None, value]


def test_without_script_everything_can_be_read(chromium: Browser, reports: dict[str, Path]) -> None:
    with shown(chromium, reports["usual"], java_script_enabled=False) as page:
        assert not page.locator(".filters").is_visible()
        assert page.locator("#story p").first.is_visible()
        page.locator("#funnel summary").click()
        assert page.locator("#funnel table").is_visible()


def test_keys_reach_everything(chromium: Browser, reports: dict[str, Path]) -> None:
    with shown(chromium, reports["usual"]) as page:
        page.keyboard.press("Tab")
        focused = "document.activeElement"
        assert page.evaluate(f"{focused}.textContent") == "Skip to the figures"
        assert page.locator(".skip").bounding_box()["x"] >= 0  # type: ignore[index]
        page.keyboard.press("Enter")
        assert page.evaluate(f"{focused}.id") == "main"
        page.keyboard.press("Tab")
        assert page.evaluate(f"{focused}.tagName") == "SUMMARY"
        assert page.evaluate(f"getComputedStyle({focused}).outlineStyle") == "solid"
        page.keyboard.press("Enter")
        assert page.evaluate(f"{focused}.parentElement.open") is True
        page.keyboard.press("Tab")
        assert page.evaluate(f"{focused}.getAttribute('role')") == "region"


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(
    name: str, scheme: Any, chromium: Browser, reports: dict[str, Path]
) -> None:
    with shown(chromium, reports[name], color_scheme=scheme, bypass_csp=True) as page:
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        found = Axe().run(page).response["violations"]
        assert [one["id"] for one in found if one["impact"] in SERIOUS] == []


def test_print_opens_every_table_on_its_pages(
    chromium: Browser, reports: dict[str, Path], tmp_path: Path
) -> None:
    with shown(chromium, reports["usual"]) as page:
        printed = page.pdf()
        assert printed.startswith(b"%PDF")
        assert printed.count(b"/Type /Page\n") >= 5
        page.set_viewport_size({"width": 1040, "height": 700})  # A4, landscape
        page.emulate_media(media="print")
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        assert page.evaluate("document.documentElement.scrollWidth") <= 1040
        assert page.locator("#funnel table").is_visible()
        assert not page.locator(".filters").is_visible()
    for form, start in (("pdf", b"%PDF"), ("png", b"\x89PNG")):
        out = tmp_path / f"report.{form}"
        browser.draw(browser.find(), reports["usual"], out, form)
        assert out.read_bytes().startswith(start)
        assert out.stat().st_size > 50_000

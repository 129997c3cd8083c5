import json
import re
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any
from xml.etree.ElementTree import XML, Element

import pytest
from golden_crms import GoldenSet
from leadsignal import report
from leadsignal.report import charts, drawing, files, theme
from leadsignal.report.content import Chart
from nasty_crm import NAMES, nasty_crm
from tiny_marts import TinyMarts

VOID = {"meta", "input", "br", "img", "link", "hr"}


class Page(HTMLParser):
    """Every element with its attributes and the text inside it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes nothing"

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.open:
            self.texts.append((self.open[-1], data))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def inside(self, tag: str) -> list[str]:
        return [text for name, text in self.texts if name == tag]


def drawn(chart: Chart, one_at_a_time: bool = False) -> Element:
    return XML(drawing.svg(charts.spec(chart), chart.kind, "Told.", one_at_a_time))


@pytest.fixture(scope="module")
def made(golden_set: Callable[[str], GoldenSet]) -> report.Report:
    return report.gather(golden_set("quiet").con)


@pytest.fixture(scope="module")
def html(made: report.Report) -> str:
    return files.text(made, "html")


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


@pytest.fixture(scope="module")
def nasty() -> report.Report:
    return report.gather(nasty_crm().con)


@pytest.fixture(scope="module")
def nasty_html(nasty: report.Report) -> str:
    return files.text(nasty, "html")


@pytest.fixture(scope="module")
def nasty_page(nasty_html: str) -> Page:
    return Page(nasty_html)


def test_policy_allows_the_one_style_and_the_one_script_and_nothing_else(page: Page) -> None:
    [policy] = [
        one["content"] or "" for one in page.all("meta")
        if one.get("http-equiv") == "Content-Security-Policy"
    ]  # fmt: skip
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules.keys() == {"default-src", "style-src", "script-src", "base-uri", "form-action"}
    assert rules["default-src"] == "'none'"
    assert rules["base-uri"] == rules["form-action"] == "'none'"
    for tag in ("style", "script"):
        [content] = ["".join(page.inside(tag))]
        digest = b64encode(sha256(content.encode()).digest()).decode()
        assert rules[f"{tag}-src"] == f"'sha256-{digest}'"
        assert len(page.all(tag)) == 1


@pytest.mark.parametrize("which", ["page", "nasty_page"])
def test_page_names_nothing_outside_itself(which: str, request: pytest.FixtureRequest) -> None:
    page: Page = request.getfixturevalue(which)
    for tag, attributes in page.elements:
        assert tag not in ("img", "link", "iframe", "object", "embed", "base", "image", "use")
        for name, value in attributes.items():
            assert not name.startswith("on"), (tag, name)
            assert name not in ("src", "srcset", "style", "action", "xlink:href"), (tag, name)
            if name == "href":
                assert value is not None
                assert re.fullmatch(r"#\w+", value)
            if value and "url(" in value:
                assert re.fullmatch(r"url\(#[\w-]+\)", value)
            if value and name not in ("data-source", "value", "aria-label"):
                assert "http" not in value or name.startswith("xmlns")


def test_names_of_a_crm_are_text_and_nothing_else(nasty_page: Page, nasty_html: str) -> None:
    assert len(nasty_page.all("script")) == 1
    assert nasty_html.count("</script>") == 1
    assert nasty_html.count("</style>") == 1
    texts = {text.strip() for tag, text in nasty_page.texts if tag == "td"}
    for name in NAMES[:8]:
        assert name.replace("_", " ") in texts, name
    assert "{{7*7}}" in texts
    assert "49" not in nasty_page.inside("option")


def test_filters_offer_the_sources_as_they_are(nasty_page: Page, nasty: report.Report) -> None:
    offered = [one["value"] for one in nasty_page.all("option")]
    assert offered == ["", *nasty.sources, "", *nasty.months]
    marked = {one["data-source"] for one in nasty_page.all("tr") if "data-source" in one}
    assert marked == set(nasty.sources)
    assert not [name for name in nasty.sources if re.search(r"[\x00\x0b]", name)]


def test_marks_carry_their_source_and_their_words(nasty: report.Report) -> None:
    [funnel] = nasty.sections[0].charts
    root = drawn(funnel, one_at_a_time=True)
    marks = [one for one in root.iter() if "mark" in (one.get("class") or "").split()]
    assert {one.get("data-source") for one in marks} <= {None, *nasty.sources}
    assert [one for one in marks if one.get("data-source") is None]
    off = [one for one in marks if "off" in (one.get("class") or "").split()]
    assert off == [one for one in marks if one.get("data-source") is not None]
    assert all(one.find(f"{{{drawing.SVG}}}title") is not None for one in marks)


def test_every_chart_is_an_image_with_words_and_its_table_beside_it(
    page: Page, made: report.Report, html: str
) -> None:
    shown = [chart for section in made.sections for chart in section.charts]
    assert {chart.kind for chart in shown} == set(charts.KINDS)
    images = [one for one in page.all("svg") if one.get("role") == "img"]
    assert all(one["aria-label"] for one in images)
    labels = [one["aria-label"] for one in images]
    figures = re.findall(r"<figure.*?</figure>", html, re.DOTALL)
    assert len(figures) == len(shown)
    for chart, figure in zip(shown, figures, strict=True):
        assert chart.alternative in labels
        assert figure.count("<tr") == len(chart.table.rows) + 1


def test_page_can_be_read_by_its_structure(page: Page) -> None:
    assert page.all("html")[0]["lang"] == "en"
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = [one["id"] for _, one in page.elements if "id" in one]
    assert len(ids) == len(set(ids))
    links = {(one["href"] or "").removeprefix("#") for one in page.all("a")}
    assert links <= set(ids)
    for box in (one for one in page.all("div") if one.get("class") == "wide"):
        assert (box["tabindex"], box["role"]) == ("0", "region")


def test_every_rate_stands_beside_its_two_counts(made: report.Report) -> None:
    for text in (files.text(made, "md"), files.text(made, "html")):
        assert "101 of" in text or re.search(r"\d+ of \d+", text)
    markdown = files.text(made, "md")
    [line] = [row for row in markdown.splitlines() if row.startswith("| all sources | ")][:1]
    cells = [cell.strip() for cell in line.split("|")[3:-1]]
    assert cells
    assert all(re.fullmatch(r"[\d,]+ of [\d,]+ \([\d.]+%\\?\*?; .*\)", cell) for cell in cells)


def test_markdown_holds_the_story_and_every_table_and_no_markup_of_a_name(
    made: report.Report, nasty: report.Report
) -> None:
    told = files.text(made, "md")
    assert "## The story" in told
    for table in made.tables:
        assert f"### {table.caption}" in told
    text = files.text(nasty, "md")
    assert not re.search(r"(?<!\\)<(script|img)", text)
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert all(line.endswith(" |") for line in rows)


def test_json_is_all_of_it_in_plain_types(made: report.Report, nasty: report.Report) -> None:
    read = json.loads(files.text(made, "json"))
    assert read == made.to_dict()
    assert list(read) == [
        "period", "publication", "warnings", "headline", "story", "sections"
    ]  # fmt: skip
    assert list(read["sections"]) == [section.name for section in made.sections]
    first = read["sections"]["funnel"]["tables"]["funnel"]["rows"][0]
    assert first["source"] is None
    assert first["fit"]["denominator"] == first["leads"]
    assert json.loads(files.text(nasty, "json"))["warnings"][0] == NAMES[0]


@pytest.mark.parametrize("form", ["html", "md", "json"])
def test_empty_crm_is_written_in_every_format(form: str) -> None:
    text = files.text(report.gather(TinyMarts().con), form)
    assert "No lead was captured in October 2026." in text


def test_curves_of_few_visits_are_thin(made: report.Report) -> None:
    [chart] = [one for part in made.sections for one in part.charts if one.kind == "survival"]
    marks = [one for one in drawn(chart).iter() if one.get("class") == "mark"]
    assert len(marks) == len(chart.table.rows)
    thin = [one for one in marks if float(one.get("stroke-width") or 0) < 2]
    assert len(thin) == sum(row["few"] for row in chart.table.rows)


def test_names_that_are_cut_alike_stay_apart() -> None:
    long = "x" * 100
    found = theme.labels([long, f"{long}y", "web", long])
    assert list(found) == [long, f"{long}y", "web"]
    assert found["web"] == "web"
    assert found[long] != found[f"{long}y"]
    assert max(map(len, found.values())) < 45


def test_drawing_says_nothing_by_itself(made: report.Report) -> None:
    for section in made.sections:
        for chart in section.charts:
            inner = list(drawn(chart).iter())[1:]
            assert not [one for one in inner if one.get("role") or one.get("aria-label")]
            colours = {one.get(side) for one in inner for side in ("fill", "stroke")} - {None}
            assert all(re.fullmatch(r"var\(--.*\)|url\(#.*\)|none|transparent", c or "")
                       for c in colours), colours  # fmt: skip

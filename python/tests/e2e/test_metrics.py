"""Every metric by any cut is what plain Python makes of the same rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest
from builds import ROOT
from conftest import Build
from golden_crms import WORLDS, GoldenSet, as_marts
from leadsignal.demo.market import AS_OF as DEMO_AS_OF
from leadsignal.honesty import outcomes
from leadsignal.metrics import Metrics, definitions
from oracle import Settings, Tables, run_folder
from oracle.metrics import Cut
from oracle.outcomes import win_rate_over_time

from . import layout_batches
from .batches import Batch, draw_crms, write_batch
from .both_crms import three_crms
from .compare import same
from .layout_batches import LayoutBatch
from .metrics_compare import NAMES, differences, differences_of, differences_of_cuts

Find = Callable[[str], Path]
FIFTY_AS_OF = "2026-10-31 23:59:59"
KIRITIMATI = Batch(
    "metrics_in_kiritimati", "2026-07-28 09:00:00", reporting_timezone="Pacific/Kiritimati"
)
SYDNEY = LayoutBatch(
    "metrics_of_three_crms_in_sydney",
    "2026-07-28",
    three_crms(),
    examples=30,
    reporting_timezone="Australia/Sydney",
    variables={"reporting_currency": "EUR"},
)


@pytest.mark.parametrize("name", WORLDS)
def test_golden_crms(name: str, golden_set: Callable[[str], GoldenSet]) -> None:
    golden = golden_set(name)
    as_of = datetime.fromisoformat(golden.as_of)
    assert differences(Metrics(golden.con), golden.tables, as_of) == []


def test_every_metric_is_compared(golden_set: Callable[[str], GoldenSet]) -> None:
    assert definitions.load(golden_set("small").con).keys() == set(NAMES)


def test_a_wrong_row_is_found(golden_set: Callable[[str], GoldenSet]) -> None:
    golden = golden_set("small")
    as_of = datetime.fromisoformat(golden.as_of)
    one, *others = golden.tables["fct_leads"]
    wrong = golden.tables | {"fct_leads": [one | {"source": "moon"}, *others]}
    found = differences(Metrics(golden.con), wrong, as_of)
    words = {word for line in found for word in line.split()}
    assert {"leads", "icp_fit_rate", "sales_acceptance_rate"} <= words


def test_the_demo(demo_marts: Path) -> None:
    settings = Settings(DEMO_AS_OF)
    tables = run_folder(ROOT / "demo", settings)
    assert differences(Metrics.open(demo_marts), tables, settings.as_of) == []


def test_fifty_leads(shared: Find, build: Build) -> None:
    folder, settings = shared("fifty_leads"), Settings(FIFTY_AS_OF)
    marts = build(folder, FIFTY_AS_OF)
    assert differences(Metrics.open(marts), run_folder(folder, settings), settings.as_of) == []


@pytest.fixture(scope="module")
def random_crms(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """Of a zone fourteen hours ahead: the last afternoon of a month in UTC is of the next."""
    raw = tmp_path_factory.mktemp("kiritimati") / "raw"
    write_batch(raw, draw_crms(200, KIRITIMATI.examples), KIRITIMATI)
    return run_folder(raw, KIRITIMATI.settings)


@pytest.fixture(scope="module")
def random_set(random_crms: Tables) -> duckdb.DuckDBPyConnection:
    return as_marts(random_crms, KIRITIMATI.settings)


@pytest.fixture(scope="module")
def metrics(random_set: duckdb.DuckDBPyConnection) -> Metrics:
    return Metrics(random_set)


def test_random_crms_of_another_day(metrics: Metrics, random_crms: Tables) -> None:
    assert differences(metrics, random_crms, KIRITIMATI.settings.as_of) == []


@pytest.mark.slow
def test_any_dimension_by_week_month_or_quarter(metrics: Metrics, random_crms: Tables) -> None:
    assert differences_of_cuts(metrics, random_crms, KIRITIMATI.settings.as_of) == []


@pytest.mark.parametrize(
    ("where", "cut"),
    [
        ("source in (webinar, web)", Cut(only=lambda row: row["source"] in ("webinar", "web"))),
        ("source != web", Cut(only=lambda row: row["source"] != "web")),
        ("month >= 2026-05", Cut(grain="month", first=date(2026, 5, 1))),
        (None, Cut(grain="quarter", first=date(2026, 4, 1), last=date(2026, 5, 31))),
    ],
    ids=["one of", "another", "since a month", "from day to day"],
)
def test_filters(where: str | None, cut: Cut, metrics: Metrics, random_crms: Tables) -> None:
    assert differences_of(metrics, random_crms, KIRITIMATI.settings.as_of, where, cut) == []


def test_random_crms_of_any_layout(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    layout_batches.write_batch(raw, layout_batches.draw(201, SYDNEY), SYDNEY)
    settings, tables = SYDNEY.settings, run_folder(raw, SYDNEY.settings)
    assert differences(Metrics(as_marts(tables, settings)), tables, settings.as_of) == []


def test_win_rate_over_time(random_set: duckdb.DuckDBPyConnection, random_crms: Tables) -> None:
    """A lost deal is another end, an open one is watched up to now."""
    days = (1, 7, 14, 30, 60, 90)
    deals, as_of = random_crms["fct_opportunities"], KIRITIMATI.settings.as_of
    expected = win_rate_over_time(deals, as_of, "source", days)
    table = outcomes.win_rate_over_time(random_set, by="source", days=days)
    rows = {(row["segment"], row["days"]): row for row in table.to_pylist()}
    assert rows.keys() == expected.keys()
    for group, found in expected.items():
        got = (rows[group]["win_rate"], rows[group]["loss_rate"])
        wanted = (found.won, found.lost) if found.is_known else (None, None)
        assert all(map(same, got, wanted)), (group, got, wanted)

"""Every metric by source and month is what plain Python makes of the same rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from builds import ROOT
from conftest import DEMO_AS_OF, Build
from golden_crms import WORLDS, GoldenSet, as_marts
from leadsignal.metrics import Metrics, definitions
from oracle import Settings, Tables, run_folder

from . import layout_batches
from .batches import Batch, draw_crms, write_batch
from .both_crms import three_crms
from .layout_batches import LayoutBatch
from .metrics_compare import NAMES, differences

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


def assert_same_metrics(tables: Tables, settings: Settings) -> None:
    metrics = Metrics(as_marts(tables, settings))
    found = differences(metrics, tables, settings.as_of)
    shown = "\n".join(found[:25])
    assert not found, f"{len(found)} differences between metrics and oracle, such as\n{shown}"


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
    assert {"leads", "icp_fit_rate", "sales_acceptance_rate"} <= {line.split()[0] for line in found}


def test_the_demo(demo_marts: Path) -> None:
    settings = Settings(DEMO_AS_OF)
    tables = run_folder(ROOT / "demo", settings)
    assert differences(Metrics.open(demo_marts), tables, settings.as_of) == []


def test_fifty_leads(shared: Find, build: Build) -> None:
    folder, settings = shared("fifty_leads"), Settings(FIFTY_AS_OF)
    marts = build(folder, FIFTY_AS_OF)
    assert differences(Metrics.open(marts), run_folder(folder, settings), settings.as_of) == []


def test_random_crms_of_another_day(tmp_path: Path) -> None:
    """Fourteen hours ahead: what is late in the evening of the month in UTC is of the next."""
    raw = tmp_path / "raw"
    write_batch(raw, draw_crms(200, KIRITIMATI.examples), KIRITIMATI)
    assert_same_metrics(run_folder(raw, KIRITIMATI.settings), KIRITIMATI.settings)


def test_random_crms_of_any_layout(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    layout_batches.write_batch(raw, layout_batches.draw(201, SYDNEY), SYDNEY)
    assert_same_metrics(run_folder(raw, SYDNEY.settings), SYDNEY.settings)

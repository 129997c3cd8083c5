import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from builds import ROOT
from leadsignal.dbt_child import Reporter
from leadsignal.dbt_run import leaving_out
from leadsignal.layouts import tables_of_folders
from raw_files import write_csv


def test_layouts_that_no_crm_has_are_left_out(tmp_path: Path) -> None:
    write_csv(tmp_path / "emea/lead.csv", "id", ["1"])
    write_csv(tmp_path / "notes/todo.csv", "what", ["nothing"])
    others = ["path:models/staging/generic", "path:models/staging/pipedrive"]
    assert leaving_out(ROOT, tables_of_folders(tmp_path), {}) == [
        "--exclude", "path:models/staging/generic", "path:models/staging/hubspot",
        "path:models/staging/pipedrive",
    ]  # fmt: skip
    write_csv(tmp_path / "hubspot/contact.csv", "id", ["1"])
    assert leaving_out(ROOT, tables_of_folders(tmp_path), {}) == ["--exclude", *others]
    assert leaving_out(ROOT, tables_of_folders(tmp_path), ["hubspot"]) == ["--exclude", *others]


def test_nothing_is_left_out_where_every_layout_is_there_or_the_settings_say_which(
    tmp_path: Path,
) -> None:
    write_csv(tmp_path / "crm/contact.csv", "id", ["1"])
    assert leaving_out(ROOT, tables_of_folders(tmp_path), {"crm": "hubspot"}) == []
    write_csv(tmp_path / "hubspot/contact.csv", "id", ["1"])
    write_csv(tmp_path / "generic/leads.csv", "lead_id", ["1"])
    write_csv(tmp_path / "pipedrive/persons.csv", "id", ["1"])
    assert leaving_out(ROOT, tables_of_folders(tmp_path), {}) == []


def event(name: str, **data: Any) -> SimpleNamespace:
    return SimpleNamespace(info=SimpleNamespace(name=name), data=SimpleNamespace(**data))


def test_seconds_of_a_node_are_its_own_when_the_clock_is_set_back_meanwhile() -> None:
    lines = io.StringIO()
    report = Reporter(lines)
    node = SimpleNamespace(
        unique_id="model.a", node_name="a", resource_type="model", node_status="success"
    )
    report(event("LogStartLine", total=1))
    report(event("NodeStart", node_info=node))
    result = SimpleNamespace(execution_time=-86_400.0)
    report(event("NodeFinished", node_info=node, run_result=result))
    told = json.loads(lines.getvalue())
    assert 0 <= told["seconds"] < 60
    assert (told["done"], told["total"]) == (1, 1)

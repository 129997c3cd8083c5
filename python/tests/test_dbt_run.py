from pathlib import Path

from builds import ROOT
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

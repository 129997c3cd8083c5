"""No published table or column changes under a reader without a new contract version."""

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
import yaml
from builds import ROOT
from leadsignal import contract
from leadsignal.contract import Table, Tables, recording, stated
from leadsignal.errors import UsageError

LEADS = Table(("lead_id",), {"lead_id": "varchar", "offer": "varchar", "touch_count": "integer"})
PROMISED = {"fct_leads": LEADS, "targets": Table(("metric",), {"metric": "varchar"})}


def with_leads(**changes: object) -> Tables:
    return PROMISED | {"fct_leads": replace(LEADS, **changes)}  # type: ignore[arg-type]


def test_the_project_publishes_what_is_recorded() -> None:
    assert recording.faults(ROOT) == []


@pytest.mark.parametrize(
    ("now", "sentence"),
    [
        ({"fct_leads": LEADS}, "The table targets is gone or renamed."),
        (
            with_leads(columns={"lead_id": "varchar", "touch_count": "integer"}),
            "The column fct_leads.offer is gone or renamed.",
        ),
        (
            with_leads(columns=LEADS.columns | {"touch_count": "bigint"}),
            "The column fct_leads.touch_count is bigint, not integer.",
        ),
        (
            with_leads(key=("lead_id", "crm")),
            "fct_leads has one row per lead_id, crm, not per lead_id.",
        ),
    ],
)
def test_what_breaks_a_reader_is_named(now: Tables, sentence: str) -> None:
    assert list(contract.broken(PROMISED, now)) == [sentence]


def test_what_is_new_breaks_nobody_and_is_named() -> None:
    now = with_leads(columns=LEADS.columns | {"score": "double"}) | {"fct_calls": LEADS}
    assert list(contract.broken(PROMISED, now)) == []
    assert list(contract.added(PROMISED, now)) == [
        "The column fct_leads.score is new.",
        "The table fct_calls is new.",
    ]


class Project:
    """A project of one table, and the folder that its contracts are recorded in."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.recorded = folder, folder / "contract"
        self.recorded.mkdir()
        (folder / "models" / "marts" / "core").mkdir(parents=True)
        self.says("1.0", "offer")
        (self.recorded / "1.0.yml").write_text("tables: {}\n")
        recording.record(folder, self.recorded)

    def says(self, version: str, *columns: str) -> None:
        model = {
            "name": "fct_leads",
            "description": "Leads. Key: lead_id.",
            "columns": [{"name": name, "data_type": "varchar"} for name in ("lead_id", *columns)],
        }
        marts = self.folder / "models" / "marts" / "core" / "_core__models.yml"
        marts.write_text(yaml.safe_dump({"models": [model]}))
        settings = {"vars": {"contract_version": version}}
        (self.folder / "dbt_project.yml").write_text(yaml.safe_dump(settings))

    @property
    def faults(self) -> list[str]:
        return [
            fault
            for fault in recording.faults(self.folder, self.recorded)
            if "_versions" not in fault
        ]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setattr(stated, "history_tables", dict)
    return Project(tmp_path)


def test_an_addition_has_to_be_recorded_and_can_be(project: Project) -> None:
    project.says("1.0", "offer", "score")
    assert project.faults == ["The column fct_leads.score is new. Record it: run `make contract`."]
    recording.record(project.folder, project.recorded)
    assert project.faults == []


def test_a_promise_is_not_taken_back_under_the_same_version(project: Project) -> None:
    project.says("1.0")
    [fault] = project.faults
    assert fault.startswith(
        "The column fct_leads.offer is gone or renamed. A reader may rely on it"
    )
    with pytest.raises(UsageError, match=r"fct_leads\.offer is gone or renamed"):
        recording.record(project.folder, project.recorded)


def test_a_raised_version_may_break_and_leaves_the_old_one_as_it_was(project: Project) -> None:
    old = (project.recorded / "1.0.yml").read_text()
    project.says("2.0")
    assert project.faults == ["Contract 2.0 is not recorded yet: run `make contract`."]
    recording.record(project.folder, project.recorded)
    assert project.faults == []
    assert (project.recorded / "1.0.yml").read_text() == old
    assert contract.versions(project.recorded) == ["1.0", "2.0"]
    project.says("1.0")
    assert project.faults == ["contract_version is 1.0, but 2.0 is recorded already: raise it."]
    with pytest.raises(UsageError, match=r"Contract 2\.0 is recorded already"):
        recording.record(project.folder, project.recorded)


def test_versions_are_ordered_as_numbers(tmp_path: Path) -> None:
    for version in ("1.10", "1.9", "10.0", "2.0"):
        (tmp_path / f"{version}.yml").touch()
    assert contract.versions(tmp_path) == ["1.9", "1.10", "2.0", "10.0"]


def test_a_build_makes_the_tables_of_the_contract(demo_marts: Path) -> None:
    promised = contract.recorded(contract.newest())
    with duckdb.connect(demo_marts, read_only=True) as con:
        rows = con.execute(
            "select table_name, map_from_entries(list((column_name, lower(data_type))))"
            " from duckdb_columns() where schema_name = 'marts' group by table_name"
        ).fetchall()
    built = dict(rows)
    assert built.keys() == promised.keys() - stated.history_tables().keys()
    for name, columns in built.items():
        assert columns == dict(promised[name].columns), name

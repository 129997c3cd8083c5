"""The embedded home notices raw files that change while the tables are built from them."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from leadsignal.errors import BuildFailed
from leadsignal.homes.duckdb import Embedded
from leadsignal.settings import Settings


@pytest.fixture
def home(tmp_path: Path) -> Embedded:
    folder = tmp_path / "raw" / "salesforce"
    folder.mkdir(parents=True)
    (folder / "lead.csv").write_text("id\n1\n")
    (folder / "task.csv").write_text("id\n1\n")
    made = Embedded(
        Settings(
            project_dir=tmp_path,
            profiles_dir=tmp_path,
            warehouse=tmp_path / "warehouse",
            raw=tmp_path / "raw",
            as_of="",
            target="duckdb",
            crms={},
        )
    )
    made.prepare()
    return made


def grow(folder: Path) -> None:
    with (folder / "lead.csv").open("a") as file:
        file.write("2\n")


def replace(folder: Path) -> None:
    other = folder / "lead.part"
    other.write_text("id\n77\n")
    os.replace(other, folder / "lead.csv")


def remove(folder: Path) -> None:
    (folder / "lead.csv").unlink()


def add(folder: Path) -> None:
    (folder / "event.csv").write_text("id\n")


@pytest.mark.parametrize(
    ("change", "named"),
    [(grow, "lead.csv"), (replace, "lead.csv"), (remove, "lead.csv"), (add, "event.csv")],
)
def test_changed_raw_file_stops_the_build(
    home: Embedded, change: Callable[[Path], None], named: str
) -> None:
    folder = home.settings.raw / "salesforce"
    change(folder)
    with pytest.raises(BuildFailed, match="changed while the tables were built") as caught:
        home.fetch(Path("manifest.json"), Path("marts.duckdb"))
    [line] = caught.value.lines
    assert line.startswith(f"{folder / named} changed")


def test_every_changed_file_is_counted(home: Embedded) -> None:
    shutil.rmtree(home.settings.raw)
    with pytest.raises(BuildFailed, match=r"lead\.csv \(and 1 more\) changed"):
        home.fetch(Path("manifest.json"), Path("marts.duckdb"))


def test_files_that_are_no_tables_may_change(home: Embedded) -> None:
    (home.settings.raw / "salesforce" / "loader.log").write_text("done")
    home.fetch(Path("manifest.json"), Path("marts.duckdb"))

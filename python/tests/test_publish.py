import stat
from pathlib import Path

import duckdb
import pytest
from leadsignal import publish, warehouse
from leadsignal.errors import BuildFailed


def write_set(file: Path, number: int, *, finish: bool = True) -> Path:
    with duckdb.connect() as con:
        con.execute(f"attach {warehouse.quoted(file)} as leadsignal (storage_version 'v1.0.0')")
        con.execute("create schema leadsignal.marts")
        con.execute(f"create table leadsignal.marts.publication as select {number} as build")
    if finish:
        publish.finish(file)
    return file


def read(file: Path) -> int:
    con = warehouse.open_published(file)
    try:
        row = con.execute("select build from publication").fetchone()
    finally:
        con.close()
    assert row is not None
    return int(row[0])


def test_first_set_is_published(tmp_path: Path) -> None:
    published = tmp_path / "leadsignal.duckdb"
    publish.publish(write_set(tmp_path / "work.duckdb", 1), published)
    assert read(published) == 1
    assert stat.S_IMODE(published.stat().st_mode) == 0o644
    assert [file.name for file in tmp_path.iterdir()] == ["leadsignal.duckdb"]


def test_reader_with_the_old_file_open_goes_on_and_a_new_one_sees_the_new(tmp_path: Path) -> None:
    published = tmp_path / "leadsignal.duckdb"
    publish.publish(write_set(tmp_path / "one.duckdb", 1), published)
    old_reader = warehouse.open_published(published)
    old_reader.execute("select build from publication").fetchone()
    publish.publish(write_set(tmp_path / "two.duckdb", 2), published)
    assert old_reader.execute("select build from publication").fetchone() == (1,)
    assert read(published) == 2
    assert old_reader.execute("select build from publication").fetchone() == (1,)
    old_reader.close()


def test_file_with_a_log_beside_it_is_not_published(tmp_path: Path) -> None:
    published = tmp_path / "leadsignal.duckdb"
    publish.publish(write_set(tmp_path / "one.duckdb", 1), published)
    new = write_set(tmp_path / "two.duckdb", 2)
    (tmp_path / "two.duckdb.wal").write_bytes(b"unfinished")
    with pytest.raises(BuildFailed, match=r"two\.duckdb\.wal is still there"):
        publish.publish(new, published)
    assert read(published) == 1


def test_finish_leaves_everything_in_the_one_file(tmp_path: Path) -> None:
    file = tmp_path / "work.duckdb"
    with duckdb.connect(file) as con:
        con.execute("pragma disable_checkpoint_on_shutdown")
        con.execute("create table numbers as select 1 as number")
    assert (tmp_path / "work.duckdb.wal").exists()
    publish.finish(file)
    assert not (tmp_path / "work.duckdb.wal").exists()


def test_log_of_a_stranger_does_not_meet_the_new_file(tmp_path: Path) -> None:
    published = tmp_path / "leadsignal.duckdb"
    publish.publish(write_set(tmp_path / "one.duckdb", 1), published)
    (tmp_path / "leadsignal.duckdb.wal").write_bytes(b"of the old file")
    publish.publish(write_set(tmp_path / "two.duckdb", 2), published)
    assert read(published) == 2


def test_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    new = write_set(tmp_path / "one.duckdb", 1)
    with pytest.raises(BuildFailed, match="cannot be replaced: No such file") as caught:
        publish.replace(new, tmp_path / "gone" / "leadsignal.duckdb")
    assert len(caught.value.lines) == 1

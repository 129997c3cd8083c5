from pathlib import Path

import duckdb
import pytest
from leadsignal import warehouse


@pytest.mark.parametrize(("own", "bound"), [(1.5, "1.5 GiB"), (64.0, "4.0 GiB")])
def test_memory_is_bounded_and_never_raised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own: float, bound: str
) -> None:
    monkeypatch.setattr(warehouse, "_own_bound", lambda: own)
    file = tmp_path / "it's.duckdb"
    with duckdb.connect() as con:
        con.execute(warehouse.bounds(file))
        found = con.execute(
            "select current_setting('memory_limit'), current_setting('temp_directory')"
        ).fetchone()
    assert found == (bound, f"{file}.tmp")


def test_own_bound_is_duckdbs() -> None:
    with duckdb.connect() as con:
        [(told,)] = con.execute("select current_setting('memory_limit')").fetchall()
        con.execute(f"set memory_limit = '{warehouse._own_bound()} GiB'")
        [(again,)] = con.execute("select current_setting('memory_limit')").fetchall()
    size, unit = told.split()
    assert again.split()[1] == unit
    assert float(again.split()[0]) == pytest.approx(float(size), abs=0.11)  # it rounds twice

"""Any definition file is read as DuckDB reads it, or refused by row; never both halves."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import duckdb
import pytest
from builds import ROOT
from hypothesis import given
from hypothesis import strategies as st
from leadsignal import seeds
from leadsignal.seeds import cells, reading, rules

from . import odd
from .raw_folders import PIECES
from .scale import inputs

pytestmark = pytest.mark.slow

SEEDS = rules.read(ROOT)
POOLS = {"date": odd.dates, "integer": odd.numbers, "number": odd.numbers, "boolean": odd.flags}
MACRO = (ROOT / "macros" / "cross_db" / "load_csv_rows.sql").read_text(encoding="utf-8")
COPY_OPTIONS = re.search(r"\(format csv.*\)", MACRO)[0]  # type: ignore[index] (it is there)
TYPES = {"text": "varchar", "number": "numeric(38, 9)"}


@st.composite
def definitions(draw: st.DrawFn) -> tuple[str, bytes]:
    """A seed and its file, with some of its lines changed, doubled, cut or made of odd cells."""
    seed = SEEDS[draw(st.sampled_from(sorted(SEEDS)))]
    lines = (ROOT / seed.path).read_text(encoding="utf-8").splitlines()[:8]
    for _ in range(draw(st.integers(0, 4))):
        made = [draw(POOLS.get(one.kind, odd.texts) | st.just("")) for one in seed.columns]
        quoted = [f'"{cell}"' if draw(st.booleans()) else cell for cell in made]
        lines.insert(draw(st.integers(0, len(lines))), ",".join(quoted))
    if draw(st.booleans()) and lines:
        lines.append(draw(st.sampled_from(lines)))
    ending = draw(st.sampled_from(("\n", "\r\n", "\r")))
    content = draw(st.sampled_from(("", "\ufeff"))).encode() + ending.join(lines).encode()
    if draw(st.booleans()):
        place = draw(st.integers(0, len(content)))
        content = content[:place] + draw(st.sampled_from((b"", *PIECES))) + content[place:]
    return seed.name, content


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    (folder / "models").mkdir()
    shutil.copytree(ROOT / "models" / "metrics", folder / "models" / "metrics")
    return folder


@given(made=definitions())
@inputs(130, of=4000)
def test_a_definition_is_read_or_refused_by_row(project: Path, made: tuple[str, bytes]) -> None:
    name, content = made
    seed = SEEDS[name]
    file = project / seed.path
    whole = file.read_bytes()
    file.write_bytes(content)
    try:
        found = seeds.faults(project)
        assert not any("\n" in fault.what or len(fault.what) > 600 for fault in found)
        assert all(fault.hint for fault in found)
        rows = reading.read(file, seed)
        if not rows.faults and not [*cells.faults(rows, seed)]:
            assert sorted(_as_dbt_reads(file, seed)) == sorted(
                tuple(_told(row[one.name], one.kind) for one in seed.columns)
                for row in rows.cells.values()
            )
    finally:
        file.write_bytes(whole)


def _as_dbt_reads(file: Path, seed: rules.Seed) -> list[tuple[str, ...]]:
    """The rows of the statement by which dbt fills a seed's table on DuckDB."""
    header = file.read_text(encoding="utf-8-sig").splitlines()[0].replace('"', "").split(",")
    kinds = {one.name: one.kind for one in seed.columns}
    with duckdb.connect() as con:
        listed = ", ".join(f'"{one}" {TYPES.get(kinds[one], kinds[one])}' for one in header)
        con.execute(f"create table seed ({listed})")
        con.execute(f"copy seed from '{file}' {COPY_OPTIONS}")
        names = ", ".join(f'"{one.name}"' for one in seed.columns)
        rows = con.execute(f"select {names} from seed").fetchall()
    return [
        tuple(_told(value, one.kind) for value, one in zip(row, seed.columns, strict=True))
        for row in rows
    ]


def _told(value: object, kind: str) -> str:
    text = "" if value is None else str(value)
    if kind in ("integer", "number") and text:
        return f"{float(text):.9f}"
    return text.lower() if kind == "boolean" else text

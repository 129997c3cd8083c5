"""Sets of other versions: read as far as they go, carried on, and never lost."""

from pathlib import Path

import duckdb
import pytest
from kept_sets import publish, read
from leadsignal import cli, contract, doctor, history, settings
from leadsignal.contract import sets
from leadsignal.errors import UsageError
from leadsignal.history.builds import builds
from mini_project import MiniProject
from older_sets import AGES, FIRST, aged, of_contract
from tiny_marts import TinyMarts, fifty_leads

COMMANDS = {
    "query": ["query", "--metrics", "leads,win_rate", "--by", "source"],
    "scorecard": ["scorecard", "--by", "source"],
    "story": ["story"],
    "report": ["report", "--out", "-", "--format", "md"],
    "explain": ["explain", FIRST],
    "changed": ["changed", "--since", "b"],
    "ask": ["ask", "sources"],
    "alarms": ["alarms"],
}
READ = {
    "the metrics layer": set(COMMANDS),
    "several CRMs": {"explain"},
    "the first version": {"explain"},
}
"""What still answers; each other command says in one line what to do."""


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as caught:
        cli.main(list(arguments))
    return int(caught.value.code or 0)


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("old")
    return {age: aged(fifty_leads(), folder / f"{place}.duckdb", age)
            for place, age in enumerate(AGES)}  # fmt: skip


def test_a_set_of_today_lacks_nothing(tmp_path: Path) -> None:
    assert sets.lacking(read(publish(fifty_leads(), tmp_path / "today.duckdb"))) == []


@pytest.mark.parametrize("age", AGES)
@pytest.mark.parametrize("command", COMMANDS)
def test_an_older_set_answers_or_says_what_to_do(
    old: dict[str, Path],
    age: str,
    command: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("LEADSIGNAL_WAREHOUSE", str(old[age]))
    status = run(*COMMANDS[command])
    said = capsys.readouterr()
    if command in READ[age]:
        assert (status, said.err) == (0, "")
        assert said.out
    else:
        assert status == 2
        [line] = said.err.splitlines()
        assert "`leadsignal build`" in line


@pytest.mark.parametrize("age", AGES)
def test_the_doctor_warns_of_an_older_set(
    old: dict[str, Path], age: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEADSIGNAL_WAREHOUSE", str(old[age]))
    told = [
        str(one) for one in doctor.diagnose(settings.load()) if "earlier leadsignal" in one.what
    ]
    assert len(told) == 1
    assert told[0].startswith("warning  The published set is of an earlier leadsignal: it has no ")


@pytest.mark.parametrize("age", AGES)
def test_a_build_carries_on_what_an_older_set_kept(
    old: dict[str, Path], age: str, tmp_path: Path
) -> None:
    later = fifty_leads()
    later.con.execute("update publication set build_id = 'later'")
    later.con.execute("delete from fct_leads where lead_id = (select min(lead_id) from fct_leads)")
    con = read(publish(later, tmp_path / "later.duckdb", old[age]))
    kept = [build.build_id for build in builds(con)]
    gone = con.execute("select change from lead_versions").fetchall()
    if age == "the metrics layer":
        assert (kept, gone) == (["b", "later"], [("gone",)])
        assert history.changed(con, "b").numbers
    else:
        assert (kept, gone) == (["later"], [])


@pytest.mark.parametrize("version", ["1.1", "2.0", "10.0", "newest"])
def test_a_newer_set_is_not_read(
    tmp_path: Path,
    version: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = of_contract(TinyMarts(), tmp_path / "newer.duckdb", version)
    monkeypatch.setenv("LEADSIGNAL_WAREHOUSE", str(file))
    for command in ("story", "explain"):
        assert run(*COMMANDS[command]) == 2
        assert capsys.readouterr().err == (
            f"leadsignal: {file} is of contract {version}, and this leadsignal knows"
            f" {contract.newest()}. Use a leadsignal as new as the one that published it.\n"
        )


@pytest.mark.parametrize("version", ["0.9", "1", "1.0"])
def test_a_set_of_ours_or_an_older_contract_is_read(tmp_path: Path, version: str) -> None:
    con = read(of_contract(TinyMarts(), tmp_path / "set.duckdb", version))
    assert con.execute("select contract_version from publication").fetchall() == [(version,)]


def test_a_newer_set_is_not_replaced(tmp_path: Path) -> None:
    project = MiniProject(tmp_path)
    project.warehouse.mkdir()
    of_contract(TinyMarts(), project.published, "2.0")
    before = project.published.read_bytes()
    result = project.run("build")
    assert result.returncode == UsageError.exit_code
    assert "is of contract 2.0, and this leadsignal knows" in result.stderr.splitlines()[-1]
    assert project.published.read_bytes() == before


def test_what_is_no_fault_of_an_older_set_is_not_blamed_on_it(tmp_path: Path) -> None:
    con = read(publish(TinyMarts(), tmp_path / "today.duckdb"))
    with pytest.raises(duckdb.CatalogException), sets.read(con):
        con.execute("select * from nothing_of_ours")

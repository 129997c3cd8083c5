"""How builds end that are refused, fail, are stopped, or find another one at work."""

import json
import os
import shutil
import signal
import subprocess
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest
from leadsignal import lock, workplace
from leadsignal.errors import BuildFailed
from mini_project import MiniProject
from waiting import wait_for

READABLE_BY_EVERY_1_X = 64


def child_of(pid: int) -> int:
    """The one child process of a process."""
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text())


def start_and_hang(project: MiniProject, **env: str) -> tuple["subprocess.Popen[str]", int]:
    """A build in the middle of a query that does not end, and the id of its dbt process."""
    database = project.warehouse / "build" / "work.duckdb"
    database.unlink(missing_ok=True)
    process = project.start("build", MINI_DBT="forever", **env)
    wait_for(database.exists)
    return process, child_of(process.pid)


def has_ended(pid: int) -> bool:
    try:
        return ") Z " in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return True


def test_refused_audit_is_exit_1_with_a_line_for_each_rule(mini: MiniProject) -> None:
    before = mini.build_id()
    result = mini.run("build", MINI_AUDIT="refuse")
    assert result.returncode == 1
    page = mini.warehouse / "build" / "audit" / "audit.html"
    assert result.stderr.splitlines()[-2:] == [
        f"leadsignal: The audit refused the build: 1 rule is broken. Nothing was published. "
        f"See {page}.",
        "leadsignal: 3 leads are both won and lost: mend their status.",
    ]
    assert page.exists()
    assert mini.build_id() == before


@pytest.mark.parametrize(
    ("how", "line"),
    [
        ("macro", "lead.csv has one column: 'a;b'. Looked in raw. Use commas."),
        ("sql", "Model numbers (models/numbers.sql): Binder Error: "),
        (
            "test",
            "Test not_null_numbers_number fails on 1 row (numbers.number: it has empty values)",
        ),
        ("parse", "Model 'model.leadsignal.publication' (models/marts/publication.sql) depends on"),
    ],
)
def test_failed_dbt_is_exit_3_with_the_cause_in_one_line(
    mini: MiniProject, how: str, line: str
) -> None:
    before = mini.build_id()
    result = mini.run("build", MINI_DBT=how)
    assert result.returncode == 3
    told = [line for line in result.stderr.splitlines() if line.startswith("leadsignal: ")]
    assert len(told) == 1
    assert told[0].startswith(f"leadsignal: {line}")
    assert "Traceback" not in result.stderr
    assert mini.build_id() == before


@pytest.mark.slow
def test_crashed_audit_is_exit_3(mini: MiniProject) -> None:
    before = mini.build_id()
    result = mini.run("build", "--json", MINI_AUDIT="crash")
    assert result.returncode == 3
    told = json.loads(result.stdout)
    assert (told["status"], told["exit_status"]) == ("failed", 3)
    assert told["errors"][0].startswith(
        "The audit ended with status 1 and without a result: no audit today See "
    )
    assert mini.build_id() == before


@pytest.mark.slow
def test_verdict_that_was_cut_off_is_none(mini: MiniProject) -> None:
    before = mini.build_id()
    result = mini.run("build", MINI_AUDIT="torn")
    assert result.returncode == 3
    assert result.stderr.splitlines()[-1].startswith(
        "leadsignal: The audit ended with status 0 and without a result: "
    )
    assert mini.build_id() == before


@pytest.mark.slow
def test_dbt_that_is_killed_is_one_line_that_says_why(mini: MiniProject) -> None:
    process, dbt = start_and_hang(mini)
    os.kill(dbt, signal.SIGKILL)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 3
    assert err.splitlines()[-1].startswith(
        "leadsignal: dbt's process was ended by signal 9, as a machine short of memory does it. "
    )


@pytest.mark.parametrize("error", [duckdb.IOException("no room"), OSError(28, "no room")])
def test_full_disk_is_named_first(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=0))
    full = f"The disk of {tmp_path} is full"
    with pytest.raises(BuildFailed, match=full) as caught, workplace.disk_errors(tmp_path):
        raise error
    assert len(caught.value.lines) == 1
    with pytest.raises(BuildFailed) as caught, workplace.disk_errors(tmp_path):
        raise BuildFailed("lead.csv is broken.", "Export it again.")
    assert caught.value.lines[1:] == ("lead.csv is broken. Export it again.",)


def test_writing_that_fails_with_room_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(BuildFailed, match="denied") as caught, workplace.disk_errors(tmp_path):
        raise duckdb.IOException("Permission denied\nand a stack")
    assert len(caught.value.lines) == 1
    with pytest.raises(BuildFailed, match="Use commas"), workplace.disk_errors(tmp_path):
        raise BuildFailed("lead.csv has one column.", "Use commas.")


def test_build_whose_lock_is_lost_ends_at_once(mini: MiniProject) -> None:
    before = mini.build_id()
    process = mini.start("build", MINI_LOST="")
    _, err = process.communicate(timeout=60)
    assert process.returncode == 3
    assert err.splitlines()[-1] == "leadsignal: The lock was lost. Build again."
    assert "Keeping what was reported" not in err
    assert mini.build_id() == before


def test_second_build_is_exit_4(mini: MiniProject) -> None:
    with lock.held(mini.warehouse):
        result = mini.run("build")
    assert result.returncode == 4
    assert result.stderr.count("\n") == 1
    assert f"process {os.getpid()} of " in result.stderr


@pytest.mark.slow
def test_second_build_waits_when_told_to(mini: MiniProject) -> None:
    with lock.held(mini.warehouse):
        process = mini.start("build", "--wait", "2")
        assert process.stderr is not None
        line = process.stderr.readline()
    _, err = process.communicate(timeout=120)
    assert line.startswith("Waiting: Another build of ")
    assert f"process {os.getpid()} of " in line
    assert (process.returncode, err.splitlines()[-1]) == (0, "Publishing")


def test_killed_build_changes_nothing_and_its_child_ends(mini: MiniProject) -> None:
    before, content = mini.build_id(), mini.published.read_bytes()
    process, dbt = start_and_hang(mini)
    process.kill()
    process.communicate()
    wait_for(lambda: has_ended(dbt))
    assert (mini.build_id(), mini.published.read_bytes()) == (before, content)
    assert mini.run("build").returncode == 0
    assert mini.build_id() != before


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_stop_is_exit_130_without_a_word(mini: MiniProject, sent: signal.Signals) -> None:
    before = mini.build_id()
    # An alert that cannot be sent is a line: whoever pressed Ctrl-C needs none.
    process, dbt = start_and_hang(mini, LEADSIGNAL_ALERT_URL="nowhere")
    process.send_signal(sent)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    begun, *told = err.splitlines()
    assert begun == "Building the tables"
    assert len(told) == (sent == signal.SIGTERM)
    assert all("The alert was not sent" in line for line in told)
    assert has_ended(dbt)
    assert mini.build_id() == before


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["Auditing", "Writing the story and the report", "Publishing"])
def test_build_killed_at_any_step_leaves_a_whole_set(mini: MiniProject, moment: str) -> None:
    before = mini.build_id()
    process = mini.start("build")
    assert process.stderr is not None
    while process.stderr.readline().strip() != moment:
        assert process.poll() is None
    process.kill()
    process.communicate()
    if moment == "Publishing":  # one rename: the old set or the new one
        assert mini.build_id()
    else:
        assert mini.build_id() == before

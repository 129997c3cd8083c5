import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from leadsignal import lock
from leadsignal.errors import BuildLocked

HOLDER = """
import sys
from pathlib import Path
from leadsignal import lock
with lock.held(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def hold_elsewhere(folder: Path) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_second_build_is_told_who_holds_the_lock_and_since_when(tmp_path: Path) -> None:
    with hold_elsewhere(tmp_path) as holder:
        with pytest.raises(BuildLocked) as caught, lock.held(tmp_path):
            pytest.fail("held twice")
        holder.communicate()
    message = str(caught.value)
    assert f"process {holder.pid} of " in message
    assert ", since 20" in message
    assert len(caught.value.lines) == 1
    assert caught.value.exit_code == 4


def test_waiting_for_another_build_says_so_once_and_goes_on(tmp_path: Path) -> None:
    told: list[BuildLocked] = []
    until = time.monotonic() + 60
    with hold_elsewhere(tmp_path) as holder:
        threading.Timer(1.5, holder.communicate).start()
        with lock.waited_for(lambda: lock.held(tmp_path), until, told.append):
            assert holder.poll() == 0
    assert [f"process {holder.pid} of " in str(error) for error in told] == [True]


def test_waiting_ends_when_its_time_is_up(tmp_path: Path) -> None:
    with hold_elsewhere(tmp_path) as holder:
        with (
            pytest.raises(BuildLocked, match=f"process {holder.pid} of "),
            lock.waited_for(lambda: lock.held(tmp_path), time.monotonic() + 0.2, lambda _: None),
        ):
            pytest.fail("held twice")
        holder.communicate()


def test_locked_inside_is_not_waited_for(tmp_path: Path) -> None:
    with (
        pytest.raises(BuildLocked, match="inner"),
        lock.waited_for(lambda: lock.held(tmp_path), time.monotonic() + 60, lambda _: None),
    ):
        raise BuildLocked("inner")


def test_lock_of_a_killed_build_is_free(tmp_path: Path) -> None:
    with hold_elsewhere(tmp_path) as holder:
        holder.kill()
    assert (tmp_path / "build.lock.owner").exists()
    with lock.held(tmp_path):
        pass
    assert not (tmp_path / "build.lock.owner").exists()


def test_lock_is_freed_by_an_error(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), lock.held(tmp_path):
        raise RuntimeError
    with lock.held(tmp_path):
        pass

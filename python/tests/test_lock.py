import subprocess
import sys
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

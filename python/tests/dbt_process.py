"""dbt commands in processes forked off one that has imported it: seven seconds less for each."""

from __future__ import annotations

import gc
import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from multiprocessing import forkserver
from pathlib import Path
from unittest import mock

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["dbt_parsed"])


def run_dbt_command(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """`dbt <arguments>` in the folder; a command that fails does not raise."""
    # The process forked off looks for modules in no other place, and says nothing of a missing one.
    paths = [str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]
    with mock.patch.dict(os.environ, {"PYTHONPATH": os.pathsep.join(filter(None, paths))}):
        forkserver.ensure_running()
    with tempfile.TemporaryDirectory() as place:
        out, err = Path(place) / "out", Path(place) / "err"
        process = _FORKS.Process(
            target=_dbt, args=(list(arguments), str(folder), dict(environment), str(out), str(err))
        )
        process.start()
        process.join()
        assert process.exitcode is not None
        return subprocess.CompletedProcess(
            ["dbt", *arguments], process.exitcode, out.read_text(), err.read_text()
        )


def _dbt(
    arguments: list[str], folder: str, environment: dict[str, str], out: str, err: str
) -> None:
    for stream, file in ((sys.stdout, out), (sys.stderr, err)):
        with open(file, "wb") as opened:
            os.dup2(opened.fileno(), stream.fileno())
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    assert "dbt_parsed" in sys.modules
    from dbt.cli.main import cli

    sys.argv = ["dbt", *arguments]
    gc.disable()  # as in a build's child
    cli()

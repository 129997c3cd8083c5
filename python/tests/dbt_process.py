"""dbt commands in processes forked off one that has imported it, which saves three seconds each."""

from __future__ import annotations

import gc
import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["dbt.cli.main", "dbt.adapters.duckdb", "dbt.task.build"])


def run_dbt_command(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """`dbt <arguments>` in the folder; a command that fails does not raise."""
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
    from dbt.cli.main import cli

    sys.argv = ["dbt", *arguments]
    gc.disable()  # as in a build's child
    cli()

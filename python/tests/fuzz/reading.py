"""The project's own staging models over one raw folder after another, in a process that stays.

dbt is started and the project parsed once. For each folder the models are compiled anew, so that
the reading macros look at it, and run as queries: some hundredths of a second instead of seconds.
"""

from __future__ import annotations

import copy
import json
import multiprocessing
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from builds import ROOT
from leadsignal import causes
from staging_builds import staging_project

_FORKS = multiprocessing.get_context("forkserver")
SECONDS = 30
"""One reading takes less than one; more is a hang."""


class Reader:
    """Reads the raw folder `raw` by the staging models of some layouts, and by `others`.

    `others` are files below models/ that refer to no other models than these.
    """

    def __init__(
        self,
        work: Path,
        layouts: Sequence[str],
        as_of: str,
        others: Sequence[str] = (),
        variables: Mapping[str, Any] | None = None,
    ) -> None:
        self.raw = work / "raw"
        self.raw.mkdir()
        self._project = staging_project(work / "-".join(layouts), layouts)
        for name in others:
            file = self._project / "models" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / "models" / name, file)
        self._variables = json.dumps(dict(variables or {}))
        self._work = work
        self._as_of = as_of
        self._start()

    def _start(self) -> None:
        environment = os.environ | {
            "LEADSIGNAL_RAW": str(self.raw),
            "LEADSIGNAL_AS_OF": self._as_of,
            "LEADSIGNAL_WORK": str(self._work),
            "DO_NOT_TRACK": "1",
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        }
        self._pipe, other = _FORKS.Pipe()
        self._process = _FORKS.Process(
            target=_serve,
            args=(other, str(self._project), str(self._work), self._variables, environment),
        )
        self._process.start()
        other.close()
        assert self._pipe.poll(120), "dbt did not start"
        assert self._pipe.recv() == "ready"

    def rows(self, models: Sequence[str]) -> dict[str, list[dict[str, Any]]] | str:
        """The rows of each model, which are read of what is in the folder now, or the complaint."""
        self._pipe.send(list(models))
        if not self._pipe.poll(SECONDS):
            self.close()
            self._start()
            raise AssertionError(f"reading {[*self.raw.rglob('*')]} took more than {SECONDS} s")
        found: dict[str, list[dict[str, Any]]] | str = self._pipe.recv()
        return found

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.join()


def _serve(
    pipe: Connection, project: str, work: str, variables: str, environment: Mapping[str, str]
) -> None:
    os.chdir(project)
    os.environ.update(environment)
    sys.stdout = sys.stderr = open(Path(work) / "dbt.out", "w")  # noqa: SIM115 (for its whole life)
    ask = _asked(work, variables)
    pipe.send("ready")
    while True:
        try:
            models = pipe.recv()
        except EOFError:
            return
        try:
            pipe.send({model: ask(model) for model in models})
        except Exception as error:
            pipe.send(_complaint(error))


def _complaint(error: Exception) -> str:
    """What a build would say of it, in one line."""
    node = {"kind": "model", "status": "error", "message": str(error), "name": "m", "path": "p"}
    return causes.of_node(node, Path("work"))


def _asked(work: str, variables: str) -> Any:
    """A function from a model to its rows."""
    from dbt.adapters.factory import get_adapter
    from dbt.cli.main import cli
    from dbt.compilation import Compiler
    from dbt.context.providers import generate_runtime_macro_context

    arguments = [
        "--quiet",
        "--log-path",
        f"{work}/logs",
        "parse",
        "--target-path",
        f"{work}/target",
    ]
    arguments += ["--vars", variables]
    context = cli.make_context("dbt", arguments)
    context.obj = {"manifest": None, "callbacks": []}
    cli.invoke(context)
    config, manifest = context.obj["runtime_config"], context.obj["manifest"]
    adapter = get_adapter(config)
    adapter.set_macro_resolver(manifest)
    adapter.set_macro_context_generator(generate_runtime_macro_context)
    compiler = Compiler(config)
    manifest.build_flat_graph()
    graph = manifest.flat_graph

    def ask(model: str) -> list[dict[str, Any]]:
        manifest.flat_graph = dict(graph)  # what was looked up in it is of another folder
        node = copy.deepcopy(manifest.nodes[f"model.leadsignal.{model}"])
        with adapter.connection_named(model):
            sql = compiler.compile_node(node, manifest, {}, write=False).compiled_code
            cursor = adapter.connections.get_thread_connection().handle.cursor()
            cursor.execute(f'create schema if not exists "{node.schema}"')
            cursor.execute(f"create or replace table {node.relation_name} as {sql}")
            cursor.execute(f"select * from {node.relation_name}")
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    return ask

"""Starting and ending the processes of the cluster."""

import ctypes
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import FrameType
from typing import Any

HOST = "127.0.0.1"
WORKERS = 2
START_SECONDS = 120
GRACE_SECONDS = 15
PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)
FRUGAL = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""Options of Java for what plans and watches: more compiling would not pay here."""

SERVER_SETTINGS = {
    "spark.executor.cores": "1",
    # Two executors of one core each: more partitions than this cost more than they bring here.
    "spark.sql.shuffle.partitions": "4",
    # A session that stays open looks at the files of a table anew: others overwrite them.
    "spark.sql.filesourceTableRelationCacheSize": "0",
    "spark.log.level": "WARN",
}


class NoCluster(Exception):
    """The cluster cannot be started; the message is for people."""


@dataclass(frozen=True)
class Cluster:
    """A running cluster."""

    folder: Path
    """Holds the tables (`tables/`), the catalog and the logs."""
    server: int
    """Port of the Thrift server on 127.0.0.1; user and password are not asked for."""
    master: int
    """Port of the master's web interface."""
    work: int
    """Port of the web interface of the server, which tells who did what."""
    workers: tuple[int, ...]
    """Process ids of the workers; each leads the process group of its executor."""

    def workers_alive(self) -> int:
        """How many workers the master knows to be alive."""
        return _alive(self.master)

    def tasks(self) -> dict[str, int]:
        """How many tasks each executor has done, dead ones too; `driver` is the server."""
        api = f"http://{HOST}:{self.work}/api/v1/applications"
        # A server in the middle of a build may take its time to answer.
        [application] = _asked(api, START_SECONDS)
        executors = _asked(f"{api}/{application['id']}/allexecutors", START_SECONDS)
        return {one["id"]: one["completedTasks"] for one in executors}


@contextmanager
def running(folder: Path, *, memory: str = "1g") -> Iterator[Cluster]:
    """A cluster whose tables and catalog lie in `folder`; `memory` is that of each executor.

    Raises NoCluster with one line when Java or pyspark is missing or a part does not come up.
    """
    _check_java()
    home = _spark_home()
    (folder / "logs").mkdir(parents=True, exist_ok=True)
    ports = {name: _free_port() for name in ("master", "web", "server", "work")}
    url = f"spark://{HOST}:{ports['master']}"
    with _ending_on_signal(), ExitStack() as parts:
        started: dict[str, subprocess.Popen[bytes]] = {}

        def start(name: str, command: tuple[str, ...], is_there: Callable[[], bool]) -> None:
            started[name] = parts.enter_context(_process(folder, home, name, command))
            _wait(started, folder / "logs", is_there)

        start("master", _master(ports), lambda: _answers(ports["web"]))
        for number in range(1, WORKERS + 1):
            start(
                f"worker{number}",
                _worker(folder, number, url, memory),
                lambda: _alive(ports["web"]) == len(started) - 1,
            )
        start("server", _server(folder, ports, url, memory), lambda: _answers(ports["server"]))
        workers = tuple(one.pid for name, one in started.items() if name.startswith("worker"))
        yield Cluster(folder, ports["server"], ports["web"], ports["work"], workers)


def _master(ports: dict[str, int]) -> tuple[str, ...]:
    return (
        *("bin/spark-class", "org.apache.spark.deploy.master.Master", "--host", HOST),
        *("--port", str(ports["master"]), "--webui-port", str(ports["web"])),
    )


def _worker(folder: Path, number: int, url: str, memory: str) -> tuple[str, ...]:
    return (
        *("bin/spark-class", "org.apache.spark.deploy.worker.Worker", "--host", HOST),
        *("--webui-port", "0", "--cores", "1", "--memory", memory),
        *("--work-dir", str(folder / f"worker{number}"), url),
    )


def _server(folder: Path, ports: dict[str, int], url: str, memory: str) -> tuple[str, ...]:
    settings = SERVER_SETTINGS | {
        "spark.driver.host": HOST,
        "spark.ui.port": str(ports["work"]),
        # A client that is killed leaves its connections to the catalog behind.
        "spark.hadoop.datanucleus.connectionPool.maxActive": "1000",
        "spark.sql.warehouse.dir": str(folder / "tables"),
        "spark.hadoop.javax.jdo.option.ConnectionURL": (
            f"jdbc:derby:;databaseName={folder / 'catalog'};create=true"
        ),
    }
    return (
        *("bin/spark-submit", "--master", url, "--executor-memory", memory),
        *("--driver-memory", "2g"),
        # The catalog is not worth a wait for the disk at each change.
        *("--driver-java-options", f"{FRUGAL} -Dderby.system.durability=test"),
        *("--class", "org.apache.spark.sql.hive.thriftserver.HiveThriftServer2"),
        *(part for name, value in settings.items() for part in ("--conf", f"{name}={value}")),
        *("spark-internal", "--hiveconf", f"hive.server2.thrift.bind.host={HOST}"),
        *("--hiveconf", f"hive.server2.thrift.port={ports['server']}"),
    )


@contextmanager
def _process(
    folder: Path, home: Path, name: str, command: tuple[str, ...]
) -> "Iterator[subprocess.Popen[bytes]]":
    """One part of the cluster; its process group is ended when the block is left."""
    env = os.environ | {"SPARK_HOME": str(home), "SPARK_LOCAL_IP": HOST}
    if command[0].endswith("spark-class"):
        env |= {"SPARK_DAEMON_JAVA_OPTS": FRUGAL, "SPARK_DAEMON_MEMORY": "256m"}
    with (folder / "logs" / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            [str(home / command[0]), *command[1:]],
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_end_with_parent,
        )
    try:
        yield process
    finally:
        _end(process)


def _end_with_parent() -> None:
    """Ask the kernel to end this process when its parent is killed (Linux has that)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGTERM)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the process; what it has started ends with it, being in its group."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(GRACE_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def _ending_on_signal() -> Iterator[None]:
    """A polite request to end (SIGTERM, SIGHUP) leaves the block as Ctrl-C does."""

    def leave(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, leave) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _check_java() -> None:
    home = os.environ.get("JAVA_HOME")
    if not (shutil.which("java") or (home and (Path(home) / "bin" / "java").is_file())):
        raise NoCluster("There is no Java: install Java 17 or 21, or set JAVA_HOME.")


def _spark_home() -> Path:
    found = find_spec("pyspark")
    if found is None or not found.origin:
        raise NoCluster("There is no pyspark here: run `make spark`, which makes .venv-spark.")
    return Path(found.origin).parent


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait(
    started: "dict[str, subprocess.Popen[bytes]]", logs: Path, is_there: Callable[[], bool]
) -> None:
    """Until the part that was started last is there. Raises NoCluster when a part ends, or late."""
    end = time.monotonic() + START_SECONDS
    while not is_there():
        ended = [name for name, process in started.items() if process.poll() is not None]
        if ended or time.monotonic() > end:
            name = [*started, *ended][-1]
            raise NoCluster(f"Spark's {name} does not come up: see {logs / f'{name}.log'}.")
        time.sleep(0.3)


def _alive(web: int) -> int:
    """How many workers the master with this web interface knows to be alive."""
    state = _asked(f"http://{HOST}:{web}/json/") or {}
    return [worker["state"] for worker in state.get("workers", [])].count("ALIVE")


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def _asked(url: str, seconds: float = 5) -> Any:
    """The JSON at one of our own addresses; None when nobody answers within so many seconds."""
    try:
        with urllib.request.urlopen(url, timeout=seconds) as answer:  # noqa: S310
            return json.load(answer)
    except (urllib.error.URLError, OSError, ValueError):
        return None

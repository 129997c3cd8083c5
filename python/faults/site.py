"""A warehouse of its own, in which real builds of small demo CRMs run."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from leadsignal import demo

PROJECT = Path(__file__).parents[2]
COMMAND = (str(Path(sys.executable).with_name("leadsignal")),)
LONGEST_BUILD = 900
"""Seconds; a build that takes longer hangs."""
PAGES = ("story.md", "report.html", "audit.html")
BUILD_ID = re.compile(r"\b\d{8}T\d{6}Z-[0-9a-f]{6}\b")
NOT_OURS = (".git", ".venv", "warehouse", "__pycache__", ".pytest_cache", ".mypy_cache")
"""What tools of the developer leave in the project folder, and the warehouses themselves."""
_KEPT_LOGS = re.compile(r"dbt\.log\.\d+$")


class Stopped(Exception):
    """The harness was asked to stop: no build is started any more, none that ran is judged."""


@dataclass(frozen=True)
class Crm:
    """The raw folder of a made-up CRM."""

    name: str
    raw: Path


def crm(folder: Path, leads: int) -> Crm:
    """The demo CRM of about so many leads, written under `folder` where it is not there."""
    raw = folder / f"crm_{leads}"
    if not raw.is_dir():
        raw.mkdir(parents=True)
        demo.write(raw, leads)
    return Crm(raw.name, raw)


@dataclass
class Run:
    """A build that runs, and what it says."""

    process: "subprocess.Popen[str]"
    began: float
    lines: list[str] = field(default_factory=list)
    """What it has said on stderr so far."""
    out: str = ""
    """What it has said on stdout, once it has ended."""

    def __post_init__(self) -> None:
        """Begin to listen."""
        self._said = threading.Condition()
        self._is_silent = False
        self._is_stopped = False
        self.orphans: list[int] = []
        """Its children at the moment at which it was killed."""
        self._ears = [
            threading.Thread(target=hear, daemon=True) for hear in (self._hear_err, self._hear_out)
        ]
        for ear in self._ears:
            ear.start()

    def _hear_err(self) -> None:
        for line in self.process.stderr or ():
            with self._said:
                self.lines.append(line.rstrip("\n"))
                self._said.notify_all()
        with self._said:
            self._is_silent = True
            self._said.notify_all()

    def _hear_out(self) -> None:
        self.out = (self.process.stdout.read() if self.process.stdout else "") or ""

    def until(self, is_said: Callable[[str], bool], count: int = 1) -> bool:
        """Wait until so many lines of this kind are said; False when the build ended before."""

        def is_over() -> bool:
            return self._is_silent or sum(map(is_said, self.lines)) >= count

        with self._said:
            self._said.wait_for(is_over, LONGEST_BUILD)
            return sum(map(is_said, self.lines)) >= count

    def until_step(self, step: str) -> bool:
        """Wait until the build says that this step begins; False when it ended before."""
        return self.until(lambda line: line.startswith(step))

    @property
    def step(self) -> str:
        """The step that it said last."""
        said = [line for line in self.lines if line[:1].isupper()]
        return said[-1] if said else "Starting"

    def children(self) -> list[int]:
        """The processes that it has started and that have not ended."""
        try:
            task = f"/proc/{self.process.pid}/task/{self.process.pid}/children"
            return [int(pid) for pid in Path(task).read_text(encoding="ascii").split()]
        except OSError:
            return []

    def kill(self) -> None:
        """SIGKILL to its process group. Its children have sessions of their own."""
        self.orphans = self.children()
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return

    def stop(self) -> None:
        """SIGKILL that is no fault: nothing is to be made of how it ends."""
        self._is_stopped = True
        self.kill()

    def end(self) -> int:
        """Wait for its end; the exit status, which is negative for a signal. Raises Stopped."""
        try:
            status = self.process.wait(LONGEST_BUILD)
        except subprocess.TimeoutExpired:
            self.kill()
            status = self.process.wait()
            self.lines.append(f"leadsignal: It hung for {LONGEST_BUILD} seconds.")
        for ear in self._ears:
            ear.join()
        if self._is_stopped:
            raise Stopped
        return status

    @property
    def told(self) -> list[str]:
        """Its lines that are neither a step nor a node: what it says to the user."""
        return [line for line in self.lines if line.startswith("leadsignal: ")]


class Site:
    """A warehouse folder, and a temporary folder that is empty between builds."""

    def __init__(
        self,
        folder: Path,
        *,
        project: Path = PROJECT,
        command: Sequence[str] = COMMAND,
        env: Mapping[str, str] | None = None,
        options: Sequence[str] = (),
    ) -> None:
        """Its two folders are made in `folder`; every build has this environment and options."""
        self.folder = folder
        self.project = project
        self.command = command
        self.env = dict(env or {})
        self.options = options
        self.warehouse = folder / "warehouse"
        self.temporary = folder / "tmp"
        self.usual: set[str] = set()
        """What lies there after a build that nothing has happened to."""
        self._run: Run | None = None
        self._is_stopped = False
        self.project_before: set[str] = set()
        for place in (self.warehouse, self.temporary):
            place.mkdir(parents=True, exist_ok=True)

    @property
    def published(self) -> Path:
        """The file that readers open."""
        return self.warehouse / "leadsignal.duckdb"

    def start(self, crm: Crm, *options: str, env: Mapping[str, str] | None = None) -> Run:
        """`leadsignal build` of a CRM, in a process group of its own. Raises Stopped."""
        if self._is_stopped:
            raise Stopped
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith("LEADSIGNAL_")
        }
        places = {
            "LEADSIGNAL_WAREHOUSE": str(self.warehouse),
            "LEADSIGNAL_RAW": str(crm.raw),
            "LEADSIGNAL_AS_OF": demo.AS_OF,
            "TMPDIR": str(self.temporary),
        }
        began = time.monotonic()
        process = subprocess.Popen(
            [*self.command, "build", *self.options, *options],
            cwd=self.project,
            env=inherited | places | self.env | dict(env or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self._run = Run(process, began)
        return self._run

    def stop(self) -> None:
        """End the build that runs, and start no other."""
        self._is_stopped = True
        if self._run:
            self._run.stop()

    def listing(self) -> set[str]:
        """Every path in the warehouse and the temporary folder, as from there; logs turn over."""
        return {
            str(path.relative_to(self.folder))
            for place in (self.warehouse, self.temporary)
            for path in place.rglob("*")
            if not _KEPT_LOGS.search(path.name)
        }

    def project_listing(self) -> set[str]:
        """Every path in the project folder that is not the developer's tools'."""
        found, places = set(), [self.project]
        while places:
            for path in places.pop().iterdir():
                if path.name not in NOT_OURS and not path.name.endswith(".egg-info"):
                    found.add(str(path))
                    if path.is_dir() and not path.is_symlink():
                        places.append(path)
        return found

    def left_over(self) -> list[str]:
        """What lies there and did not after an undisturbed build, or in the project before."""
        of_project = self.project_listing() - self.project_before
        return sorted((self.listing() - self.usual) | of_project)

    def page_builds(self) -> dict[str, str]:
        """Which build each page says that it is of; empty text where it says none."""
        builds = {}
        for name in PAGES:
            file = self.warehouse / name
            if file.is_file():
                found = BUILD_ID.search(file.read_text(encoding="utf-8"))
                builds[name] = found.group() if found else ""
        return builds

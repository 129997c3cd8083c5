"""Processes whose wall time, processor time and memory are measured."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cost:
    """Seconds by the clock, seconds of processors, gigabytes of the largest process at its peak."""

    wall: float
    cpu: float
    peak: float = 0.0


@dataclass(frozen=True)
class Run:
    """What a process cost, and each of its parts by name."""

    cost: Cost
    parts: dict[str, Cost] = field(default_factory=dict)


def run(
    command: Sequence[str], env: Mapping[str, str], parts: Mapping[str, str] | None = None
) -> Run:
    """Run the command to its end; exits with its last words when it fails.

    `parts` names the lines on stderr with which a part begins: line -> name. Its processor time is
    that of the process and of the children that have ended by then.
    """
    names = parts or {}
    begun: list[tuple[str, float, float]] = []
    told: list[str] = []
    started = time.monotonic()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as stdout:
        process = subprocess.Popen(
            command, env=dict(env), stdout=stdout, stderr=subprocess.PIPE, text=True
        )
        for line in process.stderr or ():
            told.append(line)
            if line.strip() in names:
                begun.append((names[line.strip()], time.monotonic(), _cpu(process.pid)))
        _, status, used = os.wait4(process.pid, 0)
        ended = time.monotonic()
        if status:
            stdout.seek(0)
            told = [*stdout.readlines(), *told]
            raise SystemExit(f"{' '.join(command)} failed:\n{''.join(told[-8:])}")
    cpu = used.ru_utime + used.ru_stime
    ends = [*begun[1:], ("", ended, cpu)]
    measured = {
        name: Cost(end - since, cpu_end - cpu_since)
        for (name, since, cpu_since), (_, end, cpu_end) in zip(begun, ends, strict=False)
    }
    return Run(Cost(ended - started, cpu, used.ru_maxrss / 1e6), measured)


def executable(name: str) -> str:
    """A command of the environment that this runs in."""
    return str(Path(sys.executable).with_name(name))


def _cpu(pid: int) -> float:
    """Processor seconds of a process and its ended children, where there is /proc."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    # The name of the command, in brackets, may hold blanks.
    return sum(int(ticks) for ticks in stat.rpartition(")")[2].split()[11:15]) / TICKS

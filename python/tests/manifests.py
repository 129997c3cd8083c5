"""The definitions of the metrics as a published set carries them, for sets made without dbt."""

import os
import subprocess
import sys
from functools import cache
from hashlib import sha256
from pathlib import Path

from builds import ROOT
from filelock import FileLock

KEPT = ROOT / "warehouse" / "test"
"""Parsing takes some seconds: the result is kept for all test processes, until the YAML changes."""
SAYING = (
    "dbt_project.yml",
    "profiles.yml",
    "models/metrics/*.yml",
    "models/marts/dimensions/*.yml",
)


@cache
def semantic_manifest() -> str:
    """The semantic manifest of the project, as JSON."""
    files = [file for pattern in SAYING for file in sorted(ROOT.glob(pattern))]
    digest = sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]
    kept = KEPT / f"semantic_manifest_{digest}.json"
    KEPT.mkdir(parents=True, exist_ok=True)
    with FileLock(KEPT / "semantic_manifest.lock"):
        if not kept.exists():
            _parse(KEPT / "parsed").replace(kept)
    return kept.read_text(encoding="utf-8")


def _parse(target: Path) -> Path:
    command = [str(Path(sys.executable).with_name("dbt")), "--quiet", "parse"]
    command += ["--target-path", str(target), "--log-path", str(target)]
    environment = os.environ | {"LEADSIGNAL_WORK": str(target), "DO_NOT_TRACK": "1"}
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert result.returncode == 0, f"dbt parse:\n{result.stdout[-3000:]}"
    return target / "semantic_manifest.json"

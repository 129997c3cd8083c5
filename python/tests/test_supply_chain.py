"""What is installed is pinned to a hash, comes from nowhere but the index, and has a licence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from builds import ROOT

LOCKS = sorted(ROOT.glob("requirements*.lock"))
REQUIREMENT = re.compile(r"([A-Za-z0-9._-]+)(?:\[[\w,-]+\])?==\S+(?: ; .+)? \\")
FREE = (
    "MIT",
    "BSD",
    "Apache",
    "MPL",
    "Mozilla Public",
    "PSF",
    "Python Software",
    "ISC",
    "0BSD",
    "3-Clause BSD",
)
LICENCES = ROOT / "docs" / "licences.md"


def plain(name: str) -> str:
    """A package's name as the index compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def requirements(lock: Path) -> dict[str, list[str]]:
    """Package -> the hashes of its files; a line that pins nothing fails."""
    found: dict[str, list[str]] = {}
    hashes: list[str] = []
    for line in lock.read_text(encoding="utf-8").splitlines():
        text = line.strip()
        if text.startswith("--hash=sha256:"):
            hashes.append(text)
        elif text and not text.startswith("#"):
            matched = REQUIREMENT.fullmatch(line)
            assert matched, f"{lock.name}: {line}"
            hashes = found.setdefault(plain(matched[1]), [])
    return found


def tables() -> list[dict[str, str]]:
    """The tables of docs/licences.md, each as first column -> second column."""
    found = []
    for block in LICENCES.read_text(encoding="utf-8").split("\n\n"):
        if block.startswith("|"):
            rows = [line.strip("| \n").split(" | ") for line in block.splitlines()[2:]]
            found.append({plain(row[0]): row[1] for row in rows})
    return found


def test_there_are_locks() -> None:
    assert ROOT / "requirements.lock" in LOCKS


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_package_is_pinned_to_hashes(lock: Path) -> None:
    pinned = requirements(lock)
    assert pinned
    assert [name for name, hashes in pinned.items() if not hashes] == []
    assert "://" not in lock.read_text(encoding="utf-8")


def test_licences_are_listed_and_free_or_explained() -> None:
    explained, listed = tables()
    assert listed.keys() == requirements(ROOT / "requirements.lock").keys(), (
        "run `make licences` after a change of requirements.lock"
    )
    doubtful = {name for name, text in listed.items() if not text.startswith(FREE) or "GPL" in text}
    assert doubtful == explained.keys()

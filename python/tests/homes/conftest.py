"""The server of a file of tests: what one file leaves there, no other one finds."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from .server import PROGRAMS, Server

PORT = 5456


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    if not (PROGRAMS / "initdb").exists():
        pytest.skip("needs PostgreSQL 15: apt-get install postgresql-15")
    folder = Path(tempfile.mkdtemp(prefix="leadsignal-postgres-"))
    folder.chmod(0o755)  # as root, the server runs as another user
    made = Server(folder, PORT)
    yield made
    made.stop()
    shutil.rmtree(folder)

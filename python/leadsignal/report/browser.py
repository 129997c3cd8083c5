"""The machine's own Chromium as a printer: the page as a PDF, or as one tall picture."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from leadsignal.errors import LeadsignalError, UsageError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
VARIABLE = "LEADSIGNAL_CHROMIUM"
QUIET = (
    *("--headless", "--disable-gpu", "--hide-scrollbars", "--no-first-run"),
    *("--no-default-browser-check", "--disable-background-networking", "--disable-sync"),
    *("--disable-component-update", "--disable-extensions", "--disable-default-apps"),
)
SECONDS = 120
WIDTH = 1280
TALLEST = 16000
"""Pixels that a picture may be tall; Chromium draws none above 16,384."""
HEIGHT = re.compile(r'data-height="(\d+)"')


def find() -> str:
    """The program: that of LEADSIGNAL_CHROMIUM, else the first of its usual names.

    Raises UsageError when there is none.
    """
    wanted = os.environ.get(VARIABLE)
    for name in (wanted,) if wanted else NAMES:
        program = shutil.which(name)
        if program:
            return program
    missing = f"{wanted} of {VARIABLE} cannot be run" if wanted else "No Chromium is found"
    raise UsageError(
        f"{missing}: a pdf or png is made by it.",
        f"Install chromium or google-chrome, set {VARIABLE} to its program, or use --format html.",
    )


def draw(program: str, page: Path, out: Path, form: str) -> None:
    """Print or picture the page of a file into `out`. Raises LeadsignalError when it fails."""
    if form == "pdf":
        _run(program, page, f"--print-to-pdf={out}", "--no-pdf-header-footer")
    else:
        size = f"--window-size={WIDTH},{_height(program, page)}"
        _run(program, page, f"--screenshot={out}", size)
    if not out.is_file() or not out.stat().st_size:
        raise LeadsignalError(f"{program} made no {form}.", "Use --format html and print that.")


def _height(program: str, page: Path) -> int:
    """How tall the page says it is at this width."""
    found = HEIGHT.search(_run(program, page, "--dump-dom", f"--window-size={WIDTH},900"))
    return min(int(found[1]), TALLEST) if found else TALLEST // 2


def _run(program: str, page: Path, *options: str) -> str:
    # Chromium refuses its sandbox to root; the page is our own and may load and run nothing else.
    root = ("--no-sandbox",) if os.geteuid() == 0 else ()
    profile = f"--user-data-dir={page.parent / 'profile'}"
    command = [program, *QUIET, *root, profile, *options, page.absolute().as_uri()]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=SECONDS, errors="replace", check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise LeadsignalError(f"{program} did not finish: {error}.", "Use --format html.") from None
    if done.returncode:
        raise LeadsignalError(
            f"{program} ended with status {done.returncode}.", "Use --format html and print that."
        )
    return done.stdout

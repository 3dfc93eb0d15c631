"""Find the Chromium that the browser tests drive.

In: what is installed. Out: the path of a Chromium that runs; or a message that says what to do, never a
skipped test. ``python tests/chromium.py`` prints the path, or the message and exits with 1: ``make test``
asks it before and after it installs a browser.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
"""What Chromium is started with, everywhere in the tests."""

REMEDY = (
    "The browser tests need Chromium and a font. "
    "On Debian: apt-get install chromium fontconfig fonts-dejavu-core. "
    "On Ubuntu: .venv/bin/python -m playwright install --with-deps chromium. "
    "Elsewhere install Chromium or Chrome, or name one in the variable CHROMIUM."
)


class NoChromiumError(Exception):
    """No Chromium was found that runs and has a font to write with."""


def find_chromium() -> str:
    """Return the path of a Chromium that runs.

    Raises
    ------
    NoChromiumError
        If there is none, or no font for it.
    """
    found = next(filter(_runs, _candidates()), None)
    if found is None:
        raise NoChromiumError(f"No Chromium was found that runs. {REMEDY}")
    if not _has_font():
        raise NoChromiumError(f"There is no font with Cyrillic letters. {REMEDY}")
    return found


def _candidates() -> Iterator[str]:
    if os.environ.get("CHROMIUM"):
        yield os.environ["CHROMIUM"]
        return
    yield from filter(None, map(shutil.which, NAMES))
    own = _playwrights_own()
    if Path(own).is_file():
        yield own


def _playwrights_own() -> str:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def _runs(path: str) -> bool:
    # Ubuntu's /usr/bin/chromium-browser is there without a browser behind it: it says so, and fails.
    try:
        asked = subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0


def _has_font() -> bool:
    if shutil.which("fc-list") is None:
        return sys.platform != "linux"
    return bool(subprocess.run(["fc-list", ":lang=ru"], capture_output=True, check=False).stdout.strip())


if __name__ == "__main__":
    try:
        print(find_chromium())
    except NoChromiumError as error:
        sys.exit(str(error))

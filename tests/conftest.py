"""Fixtures that tests of every kind share; those for the browser are in ``browser.py``."""

from __future__ import annotations

import os
from pathlib import Path

import hypothesis
import pytest

from tests.chromium import NoChromiumError, find_chromium

# The same examples in every run, and no limit on the time of one: a busy machine is no finding.
hypothesis.settings.register_profile("repeatable", derandomize=True, deadline=None)
hypothesis.settings.load_profile("repeatable")

# Tests make everything anew, and leave nothing in anybody's home; those of the cache name their own folder.
os.environ["MAPGEN_CACHE"] = ""


@pytest.fixture(scope="session")
def default_project_folder() -> Path:
    """The folder of the default project: the top of the repository, where ``mapgen.yaml`` lies."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium that runs. Without one the tests that need it fail; they are never skipped."""
    try:
        return find_chromium()
    except NoChromiumError as error:
        pytest.fail(str(error), pytrace=False)

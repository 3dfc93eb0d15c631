"""Changes during a build: noticed by content, not by dates."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from mapgen.changing import refuse_changes
from mapgen.digests import Digests
from mapgen.errors import InputError
from mapgen.inputs import Inputs, survey
from mapgen.model import Project
from mapgen.project import read_project
from tests.projects import write_project

AREA = {"type": "Polygon", "coordinates": [[[9.5, 47.1], [9.6, 47.1], [9.6, 47.2], [9.5, 47.1]]]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "areas").mkdir()
    (tmp_path / "areas" / "valley.geojson").write_text(json.dumps(AREA))
    return write_project(tmp_path, [{}, {"where": {"area": "areas/valley.geojson"}}])


def _read(folder: Path) -> tuple[Project, Inputs]:
    project = read_project(folder)
    return project, survey(folder / "mapgen.yaml", project, Digests())


def test_files_that_stay_are_not_read_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project, inputs = _read(folder)
    monkeypatch.setattr("mapgen.changing.read_project", lambda _: pytest.fail("read again"))
    refuse_changes(folder / "mapgen.yaml", project, inputs, time.time() + 60)


def test_a_file_that_is_touched_and_says_the_same_is_no_change(folder: Path) -> None:
    project, inputs = _read(folder)
    since = time.time()
    for name in ("mapgen.yaml", "sources.yaml", "claims.yaml"):
        path = folder / name
        path.write_text(path.read_text() + "\n")
    refuse_changes(folder / "mapgen.yaml", project, inputs, since)


@pytest.mark.parametrize("name", ["mapgen.yaml", "sources.yaml", "claims.yaml"])
def test_a_file_that_says_something_else_is_named(folder: Path, name: str) -> None:
    project, inputs = _read(folder)
    since = time.time()
    time.sleep(0.05)
    path = folder / name
    path.write_text(path.read_text().replace("A ", "Another "))
    os.utime(path, (0, 0))  # whatever date it is given
    with pytest.raises(InputError, match=rf"{name}: changed while the maps were built; nothing was written"):
        refuse_changes(folder / "mapgen.yaml", project, inputs, since)


def test_an_area_that_changes_late_is_named(folder: Path) -> None:
    project, inputs = _read(folder)
    since = time.time()
    time.sleep(0.05)
    (folder / "areas" / "valley.geojson").write_text(json.dumps(AREA).replace("9.6", "9.7"))
    with pytest.raises(InputError, match=r"areas/valley\.geojson: changed while"):
        refuse_changes(folder / "mapgen.yaml", project, inputs, since)


def test_a_file_that_is_gone_is_named(folder: Path) -> None:
    project, inputs = _read(folder)
    (folder / "claims.yaml").unlink()
    with pytest.raises(InputError, match=r"claims\.yaml: changed while"):
        refuse_changes(folder / "mapgen.yaml", project, inputs, time.time())

"""Watching: each input of a project is watched, wherever it lies, and nothing else."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mapgen.project import read_project
from mapgen.watching import PACKAGE, Watcher, claim_files, watched_folders
from tests.projects import REPOSITORY, write_project


@pytest.fixture
def watcher() -> Iterator[Watcher]:
    made = Watcher()
    yield made
    made.close()


def _own(file: Path, folder: Path, read: bool = False) -> set[str]:
    found = watched_folders(file, read_project(file) if read else None)
    return {path.relative_to(folder).as_posix() for path in found if path.is_relative_to(folder)}


def test_the_folders_of_all_inputs_are_watched(tmp_path: Path) -> None:
    for name in ("claims/deep/deeper", "claims/.hidden", "areas", "borders", "node_modules/x"):
        (tmp_path / name).mkdir(parents=True)
    write_project(
        tmp_path,
        [{"where": {"area": "areas/valley.geojson"}}],
        annotations=["claims.yaml", "claims/**/*.yaml", {"file": "tables/*.csv", "layer": "claims"}],
        boundaries="borders/own.shp",
    )
    assert _own(tmp_path / "mapgen.yaml", tmp_path) == {
        ".",
        "claims",
        "claims/deep",
        "claims/deep/deeper",
        "borders",
    }
    (tmp_path / "tables").mkdir()
    assert "tables" in _own(tmp_path / "mapgen.yaml", tmp_path)


def test_areas_are_known_from_the_claims(tmp_path: Path) -> None:
    write_project(tmp_path, [{"where": {"area": "areas/valley.geojson"}}])
    (tmp_path / "areas").mkdir()
    assert _own(tmp_path / "mapgen.yaml", tmp_path) == {"."}
    assert _own(tmp_path / "mapgen.yaml", tmp_path, read=True) == {".", "areas"}


def test_mapgens_own_templates_and_styles_are_watched(tmp_path: Path) -> None:
    found = watched_folders(write_project(tmp_path) / "mapgen.yaml")
    for name in ("templates", "assets", "assets/js"):
        assert PACKAGE / name in found


@pytest.mark.parametrize("text", ["", "[", "title: [a, b]\nsources: {x: y}", "\x00", "sources: /etc/x.yaml"])
def test_a_project_file_that_is_wrong_is_watched_all_the_same(tmp_path: Path, text: str) -> None:
    (tmp_path / "mapgen.yaml").write_text(text)
    assert _own(tmp_path / "mapgen.yaml", tmp_path) == {"."}
    assert Path("/etc") not in watched_folders(tmp_path / "mapgen.yaml")


def test_the_default_project_watches_few_folders() -> None:
    found = watched_folders(REPOSITORY / "mapgen.yaml", read_project(REPOSITORY))
    own = {path for path in found if not path.is_relative_to(PACKAGE)}
    assert {REPOSITORY, REPOSITORY / "data", REPOSITORY / "data" / "annotations"} <= own
    assert len(own) < 10
    assert not [path for path in own if ".git" in path.parts or ".venv" in path.parts]


def test_files_of_claims_are_those_that_a_person_can_write_to(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    for name in ("more/b.yaml", "more/a.yml", "more/c.csv"):
        (tmp_path / name).write_text("")
    write_project(tmp_path, annotations=["claims.yaml", "more/*", {"file": "missing.yaml"}])
    assert claim_files(tmp_path / "mapgen.yaml") == ["claims.yaml", "more/a.yml", "more/b.yaml"]


def test_a_change_is_noticed_at_once_however_it_is_written(tmp_path: Path, watcher: Watcher) -> None:
    path = tmp_path / "claims.yaml"
    path.write_text("")
    watcher.watch(frozenset({tmp_path}))
    watcher.wait_until_watching()

    def replace() -> None:
        (tmp_path / "new.yaml").write_text("replaced")
        os.replace(tmp_path / "new.yaml", path)

    for save in (lambda: path.write_text("written"), replace, path.unlink, lambda: path.write_text("again")):
        start = time.monotonic()
        save()
        assert path.resolve() in watcher.wait(5)
        assert time.monotonic() - start < 2


def test_what_is_no_input_is_not_noticed(tmp_path: Path, watcher: Watcher) -> None:
    (tmp_path / "deep").mkdir()
    watcher.watch(frozenset({tmp_path}))
    watcher.wait_until_watching()
    for name in ("claims.yaml~", ".claims.yaml.swp", "4913", "notes.txt", "map.html", "deep/claims.yaml"):
        (tmp_path / name).write_text("x")
    assert watcher.wait(0.5) == set()


def test_other_folders_are_watched_without_a_gap(tmp_path: Path, watcher: Watcher) -> None:
    other = tmp_path / "other"
    other.mkdir()
    watcher.watch(frozenset({tmp_path}))
    watcher.wait_until_watching()
    watcher.watch(frozenset({tmp_path, other}))
    (tmp_path / "a.yaml").write_text("while the watch changes")
    assert {path.name for path in watcher.wait(5)} == {"a.yaml"}
    watcher.wait_until_watching()
    (other / "b.yaml").write_text("in the new folder")
    # While both watch, a change is told twice.
    names = {path.name for _ in range(2) for path in watcher.wait(2)}
    assert "b.yaml" in names


def test_no_thread_is_left(tmp_path: Path) -> None:
    before = threading.active_count()
    watcher = Watcher()
    watcher.watch(frozenset({tmp_path}))
    watcher.watch(frozenset({tmp_path, tmp_path.parent}))
    watcher.close()
    assert threading.active_count() == before

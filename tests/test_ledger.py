"""The last build is remembered: nothing is done again if nothing changed, and any change is noticed."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import mapgen
from mapgen.cache import user_cache
from mapgen.inputs import Inputs, were_settled
from mapgen.ledger import recall
from tests.projects import write_project

SETTLED = 0.05
"""Seconds after which a file that was written is believed to be settled."""


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project that has been built, and that a second build finds current."""
    monkeypatch.setenv("MAPGEN_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "project"
    area = {"type": "Polygon", "coordinates": [[[9.4, 47], [9.7, 47], [9.7, 47.3], [9.4, 47]]]}
    claims = [{"where": {"area": "data/area.geojson"}}, {"asserts": [{"shares_border": ["LIE", "DEU"]}]}]
    write_project(folder, claims, annotations=["claims.yaml", "more/*.yaml", "table.csv"])
    (folder / "data").mkdir()
    (folder / "more").mkdir()
    (folder / "data" / "area.geojson").write_text(json.dumps(area), encoding="utf-8")
    (folder / "more" / "a.yaml").write_text("[]", encoding="utf-8")
    row = "id,layer,territory,claim,source\nfrom-table,claims,LIE,A claim in a table.,report\n"
    (folder / "table.csv").write_text(row, encoding="utf-8")
    for _ in range(2):  # the first build makes the output folder
        time.sleep(SETTLED)
        mapgen.load(folder).build()
    assert _is_unchanged(folder)
    return folder


def _is_unchanged(folder: Path) -> bool:
    loaded = mapgen.load(folder)
    written = loaded.build()
    assert [path.name for path in written] == ["map.html"]
    return loaded.unchanged


def _append(name: str, text: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(text)

    return change


def _same_size_and_date(folder: Path) -> None:
    file = folder / "sources.yaml"
    status = file.stat()
    file.write_text(file.read_text("utf-8").replace("A report", "B report"), encoding="utf-8")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))


CHANGES: dict[str, Callable[[Path], object]] = {
    "a comment in the project file": _append("mapgen.yaml", "\n"),
    "a source of the same size and date": _same_size_and_date,
    "a claim in a table": _append("table.csv", "two,claims,LIE,Another.,report\n"),
    "an area": _append("data/area.geojson", "\n"),
    "a new file that a pattern names": lambda folder: (folder / "more" / "b.yaml").write_text("[]"),
    "a file that is gone": lambda folder: (folder / "more" / "a.yaml").rename(folder / "more" / "c.yaml"),
    "the map": _append("output/map.html", " "),
    "the map is gone": lambda folder: (folder / "output" / "map.html").unlink(),
    "the manifest": _append("output/manifest.json", " "),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_any_change_is_noticed(built: Path, change: Callable[[Path], object]) -> None:
    change(built)
    assert not _is_unchanged(built)
    html = (built / "output" / "map.html").read_text("utf-8")
    assert [html] == [each.html for each in mapgen.load(built, cache=False).maps()]


def test_what_does_not_matter_changes_nothing(built: Path) -> None:
    os.utime(built / "claims.yaml")
    (built / "notes.txt").write_text("not an input")
    (built / "output" / "other.html").write_text("not a map of ours")
    assert _is_unchanged(built)


def test_findings_are_remembered_with_their_places(built: Path) -> None:
    remembered, fresh = mapgen.load(built), mapgen.load(built, cache=False)
    assert remembered.check() == fresh.check()
    assert {each.code for each in fresh.check()} >= {"assertion-refuted"}
    assert remembered.set_aside() == fresh.set_aside()
    assert [each.html for each in remembered.maps()] == [each.html for each in fresh.maps()]
    assert remembered.project == fresh.project


def test_without_the_cache_everything_is_made_again(built: Path) -> None:
    loaded = mapgen.load(built, cache=False)
    loaded.build()
    assert not loaded.unchanged


def test_another_folder_gets_its_maps(built: Path, tmp_path: Path) -> None:
    loaded = mapgen.load(built)
    assert [path.exists() for path in loaded.build(tmp_path / "elsewhere")] == [True]
    assert not loaded.unchanged


def test_a_damaged_memory_is_none(built: Path, tmp_path: Path) -> None:
    for path in (tmp_path / "cache").glob("build-*"):
        path.write_bytes(path.read_bytes().replace(b"claims", b"claimz"))
    assert recall(built / "mapgen.yaml", user_cache()) is None
    assert not _is_unchanged(built)


def test_what_changed_while_it_was_read_is_not_remembered(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a")
    time.sleep(SETTLED)
    inputs = Inputs({"*.yaml": ["a.yaml"]}, {}, {"a.yaml": "digest"})
    assert were_settled(tmp_path, inputs, time.time())
    since = time.time()
    time.sleep(0.01)
    (tmp_path / "b.yaml").write_text("a file came")
    assert not were_settled(tmp_path, inputs, since)
    time.sleep(SETTLED)
    assert were_settled(tmp_path, inputs, time.time())

"""Areas: outlines from files that may be missing, hostile, outside the project, or no outlines at all."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from mapgen.areafiles import LARGEST
from mapgen.areas import read_area
from mapgen.gazetteer import CannotPlace

SQUARE = [[[10, 45], [11, 45], [11, 46], [10, 46], [10, 45]]]
POLYGON = {"type": "Polygon", "coordinates": SQUARE}


def _feature(geometry: Any, name: object = "Square") -> dict[str, Any]:
    return {"type": "Feature", "properties": {"name": name}, "geometry": geometry}


def _write(folder: Path, content: object, name: str = "area.geojson") -> str:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return name


def _refusal(folder: Path, path: str) -> str:
    with pytest.raises(CannotPlace) as caught:
        read_area(folder, path)
    assert caught.value.code == "unreadable-area"
    assert caught.value.remedy.startswith("expected a GeoJSON file (RFC 7946) with polygons in degrees")
    return caught.value.message


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (POLYGON, "area"),
        (_feature(POLYGON), "Square"),
        (_feature(POLYGON, ""), "area"),
        (_feature(POLYGON, None), "area"),
        (_feature(POLYGON, ["no", "text"]), "area"),
        ({**_feature(POLYGON), "properties": None}, "area"),
        ({"type": "FeatureCollection", "features": [_feature(POLYGON, ""), _feature(POLYGON)]}, "Square"),
        (_feature({"type": "MultiPolygon", "coordinates": [SQUARE]}), "Square"),
        ("\ufeff" + json.dumps(POLYGON), "area"),
    ],
    ids=str,
)
def test_polygons_are_read_in_every_form_of_geojson(tmp_path: Path, content: object, name: str) -> None:
    read, geometry = read_area(tmp_path, _write(tmp_path, content))
    assert read == name
    assert geometry.geom_type == "Polygon"
    assert geometry.bounds == (10, 45, 11, 46)


def test_a_ring_that_crosses_itself_is_mended(tmp_path: Path) -> None:
    bow_tie = {"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}
    _, geometry = read_area(tmp_path, _write(tmp_path, bow_tie))
    assert geometry.is_valid
    assert geometry.area == 2


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "is not JSON (line 1, column 1)"),
        ('{"type": "Polygon",\n  "coordinates": [', "is not JSON (line 2, column"),
        (b"\xff\xfe\x00binary", "is not UTF-8"),
        ("[" * 100_000, "is nested too deeply"),
        ('{"a":' * 100_000, "is nested too deeply"),
        ("[1, 2]", "is JSON, but not GeoJSON"),
        ("null", "is JSON, but not GeoJSON"),
        (
            '{"type": "Polygon", "coordinates": [[[1e999, 45], [11, 45], [11, 46], [1e999, 45]]]}',
            "not degrees",
        ),
        ('{"type": "Polygon", "coordinates": [[[NaN, 45], [11, 45], [11, 46], [NaN, 45]]]}', "make no shape"),
        (
            '{"type": "Polygon", "coordinates": [[[1e300, 45], [11, 45], [11, 46], [1e300, 45]]]}',
            "not degrees",
        ),
        ('{"type": "Polygon", "coordinates": [[[' + "9" * 5000 + ", 45]]]}", "holds a number that is none"),
        (
            {"type": "Polygon", "coordinates": [[[500000, 5e6], [6e5, 5e6], [6e5, 6e6], [5e5, 5e6]]]},
            "(metres?)",
        ),
        ({"type": "Polygon", "coordinates": [[[10, 91], [11, 91], [11, 92], [10, 91]]]}, "not degrees"),
        ({"type": "Polygon", "coordinates": []}, "is empty"),
        ({"type": "Polygon", "coordinates": [[[10, 45]]]}, "make no shape"),
        ({"type": "Polygon", "coordinates": [[["a", "b"], [11, 45], [11, 46]]]}, "make no shape"),
        ({"type": "Polygon", "coordinates": {"a": 1}}, "make no shape"),
        ({"type": "Polygon"}, "make no shape"),
        ({"type": "<script>", "coordinates": SQUARE}, "make no shape"),
        ({"type": "Point", "coordinates": [10, 45]}, "something other than polygons"),
        ({"type": "LineString", "coordinates": [[10, 45], [11, 46]]}, "something other than polygons"),
        (
            {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [2, 2], [0, 0]]]},
            "something other than polygons",
        ),
        (
            {
                "type": "FeatureCollection",
                "features": [_feature(POLYGON), _feature({"type": "Point", "coordinates": [50, 5]})],
            },
            "other than polygons",
        ),
        ({"type": "FeatureCollection", "features": []}, "has no features"),
        ({"type": "FeatureCollection", "features": {"a": 1}}, "has no features"),
        ({"type": "FeatureCollection", "features": ["a", 1]}, "has features that are none"),
        ({"type": "FeatureCollection"}, "has no features"),
        (_feature(None), "make no shape"),
    ],
    ids=lambda value: str(value)[:50],
)
def test_what_is_no_outline_is_refused_in_words(tmp_path: Path, content: object, why: str) -> None:
    message = _refusal(tmp_path, _write(tmp_path, content))
    assert message.startswith("area 'area.geojson' ")
    assert why in message


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "folder.geojson").mkdir()
    assert _refusal(tmp_path, "none.geojson") == "area 'none.geojson' is not there"
    assert _refusal(tmp_path, "folder.geojson") == "area 'folder.geojson' is not a file"


def test_nothing_outside_the_project_is_read(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    _write(tmp_path, POLYGON, "outside.geojson")
    (project / "link.geojson").symlink_to(tmp_path / "outside.geojson")
    (project / "away").symlink_to(tmp_path)
    (project / "loop.geojson").symlink_to("loop.geojson")
    for path in (
        "../outside.geojson",
        "link.geojson",
        "away/outside.geojson",
        str(tmp_path / "outside.geojson"),
    ):
        assert _refusal(project, path).endswith("leads out of the project folder")
    assert "loop.geojson" in _refusal(project, "loop.geojson")


def test_a_link_within_the_project_is_followed(tmp_path: Path) -> None:
    _write(tmp_path, POLYGON, "data/area.geojson")
    (tmp_path / "link.geojson").symlink_to(tmp_path / "data" / "area.geojson")
    assert read_area(tmp_path, "link.geojson")[1].area == 1


def test_what_is_no_file_does_not_keep_the_build_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.geojson")
    assert _refusal(tmp_path, "pipe.geojson").endswith("is not a file")


def test_a_file_that_is_too_large_is_not_opened(tmp_path: Path) -> None:
    with (tmp_path / "large.geojson").open("wb") as file:
        file.truncate(LARGEST + 1)
    assert "more than 16,777,216" in _refusal(tmp_path, "large.geojson")


def test_an_unreadable_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied")

    name = _write(tmp_path, POLYGON)
    monkeypatch.setattr(Path, "read_text", refuse)
    assert "cannot be read" in _refusal(tmp_path, name)

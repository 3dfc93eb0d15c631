"""What a page carries is the same for the same claims, names no folder of a machine, and is distrusted."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from mapgen import __version__, carried
from mapgen.carried import areas_of, checksums, collect, contents, pack, unpack
from mapgen.errors import InputError
from mapgen.model import Project
from mapgen.writers.plain import plain_project
from tests.generated import projects
from tests.projects import at, claim, default_project


def packed(value: Any) -> str:
    return base64.b64encode(zlib.compress(json.dumps(value).encode())).decode()


def whole(**changes: Any) -> dict[str, Any]:
    return {
        "format": 1,
        "made_with": "0.1.0",
        "project": {},
        "sources": [],
        "annotations": [],
        "areas": {},
        "boundaries": {},
        **changes,
    }


@settings(max_examples=25)
@given(projects())
def test_what_is_packed_is_unpacked(project: Project) -> None:
    text = pack(contents(project, {"a.geojson": '{"type": "Polygon"}'}, {"data/b.shp": "0" * 64}))
    found = unpack(text)
    assert found.files == plain_project(project)
    assert found.areas == {"a.geojson": '{"type": "Polygon"}'}
    assert found.boundaries == {"data/b.shp": "0" * 64}
    assert found.made_with == __version__
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")


def test_the_folder_of_a_project_does_not_matter(tmp_path: Path) -> None:
    project = default_project()
    moved = project.model_copy(update={"folder": tmp_path / "elsewhere", "file": "other.yaml"})
    assert contents(moved, areas_of(project)) == collect(project)
    data = zlib.decompress(base64.b64decode(pack(collect(project)))).decode("utf-8")
    assert str(project.folder) not in data
    assert project.folder.name not in json.loads(data)


def test_areas_of_all_kinds_of_locations_are_carried(tmp_path: Path) -> None:
    for name in ("a", "b", "c", "unused"):
        (tmp_path / f"{name}.geojson").write_bytes(f'\ufeff{{"name":\r\n"{name}"}}'.encode())
    annotation = claim(
        at("area", "c.geojson"), at("route", ("AFG", "b.geojson")), at("relation", ("a.geojson", "Kabul"))
    )
    project = default_project().model_copy(update={"folder": tmp_path, "annotations": (annotation,)})
    assert list(areas_of(project)) == ["a.geojson", "b.geojson", "c.geojson"]
    assert areas_of(project)["a.geojson"] == '{"name":\n"a"}'


@pytest.mark.parametrize(
    ("boundaries", "inside"),
    [
        ("data/own.gpkg|layer one", "data/own.gpkg|layer one"),
        ("/srv/secret/own.gpkg|layer", "data/borders/own.gpkg|layer"),
        ("../../secret/own.shp", "data/borders/own.shp"),
        ("C:\\secret\\own.geojson", "data/borders/own.geojson"),
        ("~/secret/own.zip", "data/borders/own.zip"),
    ],
)
def test_paths_outside_the_project_are_not_carried(boundaries: str, inside: str) -> None:
    project = default_project().model_copy(update={"boundaries": boundaries})
    text = pack(contents(project, {}))
    assert unpack(text).files.settings["boundaries"] == inside
    assert "secret" not in zlib.decompress(base64.b64decode(text)).decode()


def test_a_boundary_file_of_ones_own_is_named_by_checksum(tmp_path: Path) -> None:
    for suffix in ("shp", "shx", "dbf", "prj", "txt"):
        (tmp_path / f"own.{suffix}").write_bytes(suffix.encode())
    project = default_project().model_copy(update={"folder": tmp_path, "boundaries": "own.shp"})
    assert checksums(project) == {
        f"own.{suffix}": hashlib.sha256(suffix.encode()).hexdigest()
        for suffix in ("shp", "shx", "dbf", "prj")
    }
    assert checksums(default_project()) == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "its end is missing"),
        ("not base64!", "no packed data"),
        ("Zm9v", "no packed data"),
        ("Ж", "no packed data"),
        (packed(whole())[:-8], "no packed data|its end is missing"),
        (base64.b64encode(zlib.compress(b"\xff{}")).decode(), "no JSON"),
        (base64.b64encode(zlib.compress(b"[" * 100_000)).decode(), "no JSON"),
        (base64.b64encode(zlib.compress(b"1" * 5000)).decode(), "no JSON"),
        (packed([]), "another form"),
        (packed(whole(format=2, made_with="9.9.9")), r"made the page \(9\.9\.9\)"),
        (packed(whole(areas=[])), "parts are missing"),
        (packed(whole(sources=["x"])), "the wrong kind"),
        (packed(whole(areas={"a.geojson": 1})), "the wrong kind"),
        (packed(whole(made_with=1)), "the wrong kind"),
    ],
)
def test_what_was_not_packed_is_refused(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        unpack(text)


def test_a_bomb_is_refused_before_it_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carried, "LARGEST", 1024 * 1024)
    bomb = base64.b64encode(zlib.compress(b" " * 300_000_000)).decode()
    with pytest.raises(InputError, match="more than 1 MiB"):
        unpack(bomb)

"""A build with a cache gives the bytes of one without, after any edit whatever; a text needs no geometry."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import mapgen
from mapgen.build import build_project
from mapgen.cache import Cache
from mapgen.errors import InputError
from mapgen.keeping import geometry_key, recall_geometry
from mapgen.loading import LoadedProject
from mapgen.prepared import without_texts
from mapgen.project import read_project
from tests.projects import REPOSITORY, write_project

CLAIMS: list[dict[str, Any]] = [
    {
        "where": {"border": "LIE-AUT"},
        "asserts": [{"shares_border": ["LIE", "CHE"]}],
        "quote": "So.",
        "note": "n",
    },
    {"where": {"route": ["LIE", "AUT"]}, "layer": "more", "date": "2024-01-05"},
    {"where": {"place": "Vaduz"}, "asserts": [{"shares_border": ["LIE", "DEU"]}]},
    {"where": {"area": "area.geojson"}, "speaker": {"name": "A. Speaker"}},
    {"where": [{"territory": "LIE"}, {"point": [16.4, 48.2]}]},
]
LAYERS = [{"name": "claims", "title": "Claims"}, {"name": "more", "title": "More"}]
AREA = {"type": "Polygon", "coordinates": [[[9.4, 47.0], [9.7, 47.0], [9.7, 47.3], [9.4, 47.3], [9.4, 47.0]]]}

Edit = Callable[[Any], None]


def _claim(number: int, **changes: Any) -> tuple[str, Edit]:
    return "claims.yaml", lambda claims: claims[number % len(claims)].update(changes)


def _settings(**changes: Any) -> tuple[str, Edit]:
    return "mapgen.yaml", lambda project: project.update(changes)


def _drop(claims: list[Any]) -> None:
    if len(claims) > 1:
        del claims[0]


def _move(area: Any) -> None:
    for point in area["coordinates"][0]:
        point[0] += 0.01


EDITS: list[tuple[str, Edit]] = [
    _claim(0, claim="Another claim."),
    _claim(1, quote="Other words.", speaker={"name": "B. Speaker"}),
    _claim(2, status="retracted", source_reliability="B"),
    _claim(3, where_precision=4, note="A note."),
    _claim(0, layer="more"),
    _claim(1, where={"route": ["CHE", "LIE", "AUT"]}),
    _claim(2, where={"place": "Vaduz", "label": "The capital"}),
    _claim(3, where={"territory": "CHE"}),
    _claim(4, where={"point": [9.52, 47.14]}),
    _claim(4, id="renamed"),
    _claim(0, asserts=[{"shares_border": ["CHE", "ITA"]}]),
    _claim(1, date="2030-01-01"),
    ("claims.yaml", lambda claims: claims.reverse()),
    ("claims.yaml", _drop),
    ("claims.yaml", lambda claims: claims.append({**claims[0], "id": f"added-{len(claims)}"})),
    ("sources.yaml", lambda sources: sources[0].update(title="Another report", date="2020")),
    ("area.geojson", _move),
    _settings(title="Another map", lead="A lead."),
    _settings(worldview="international"),
    _settings(language="de"),
    _settings(projection="mercator"),
    _settings(context="none"),
    _settings(territories=["LIE", "CHE"]),
    _settings(as_of="2024-06", credit="Somebody"),
    _settings(maps=[{"name": "one", "layers": ["more"]}, {"name": "two", "extent": [9, 46.5, 10.5, 47.6]}]),
    _settings(silence=[{"check": "assertion-refuted", "reason": "Known."}]),
    _settings(layers=[*reversed(LAYERS)]),
    _settings(boundaries="own.geojson", territories=["LIE", "CHE"]),
    ("mapgen.yaml", lambda _: None),
]


def _write(folder: Path) -> Path:
    write_project(folder, CLAIMS, layers=LAYERS)
    (folder / "area.geojson").write_text(json.dumps(AREA), encoding="utf-8")
    square = {"type": "Polygon", "coordinates": [[[9.4, 47], [9.6, 47], [9.6, 47.2], [9.4, 47.2], [9.4, 47]]]}
    beside = {"type": "Polygon", "coordinates": [[[9, 47], [9.4, 47], [9.4, 47.2], [9, 47.2], [9, 47]]]}
    features = [
        {"type": "Feature", "properties": {"iso_a3": code, "name": code}, "geometry": shape}
        for code, shape in (("LIE", square), ("CHE", beside))
    ]
    own = {"type": "FeatureCollection", "features": features}
    (folder / "own.geojson").write_text(json.dumps(own), encoding="utf-8")
    return folder


def _edit(folder: Path, edit: tuple[str, Edit], lines: int) -> None:
    """Edit a file, and put empty lines before it, so that all that is in it stands elsewhere."""
    name, change = edit
    value = json.loads((folder / name).read_text("utf-8"))
    change(value)
    (folder / name).write_text("\n" * lines + json.dumps(value, indent=1), encoding="utf-8")


def _outcome(loaded: LoadedProject) -> object:
    """Return all that a build gives, or all that is wrong."""
    found = loaded.check()
    try:
        return [each.html for each in loaded.maps()], found, loaded.set_aside()
    except InputError as error:
        return error.problems, found


@settings(max_examples=5, phases=[Phase.generate])
@given(edits=st.lists(st.tuples(st.sampled_from(EDITS), st.integers(0, 3)), min_size=2, max_size=3))
def test_any_edit_gives_the_same_bytes_with_and_without_a_cache(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[tuple[str, Edit], int]]
) -> None:
    folder = _write(tmp_path_factory.mktemp("project"))
    cache = tmp_path_factory.getbasetemp() / "shared-cache"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAPGEN_CACHE", str(cache))
        for edit, lines in edits:
            _edit(folder, edit, lines)
            outcome = _outcome(mapgen.load(folder))
            assert outcome == _outcome(mapgen.load(folder, cache=False)), edit
            if not isinstance(outcome[0], tuple):  # type: ignore[index]
                mapgen.load(folder).build(folder / "output")
                assert _outcome(mapgen.load(folder)) == outcome


def test_a_project_without_errors_can_be_edited_in_many_ways(tmp_path: Path) -> None:
    """The edits above are worth something only if most of them can be built."""
    folder = _write(tmp_path)
    built = 0
    for number, edit in enumerate(EDITS):
        name = edit[0]
        before = (folder / name).read_text("utf-8")
        _edit(folder, edit, number % 3)
        project = read_project(folder)
        built += project is not None
        (folder / name).write_text(before, encoding="utf-8")
    assert built == len(EDITS)


def test_geometry_depends_on_no_text(tmp_path: Path) -> None:
    folder, cache = _write(tmp_path / "project"), Cache(tmp_path / "cache")
    project = read_project(folder)
    build_project(project, cache=cache)
    key = geometry_key(without_texts(project), cache)
    assert recall_geometry(key, cache) is not None
    for edit in EDITS[:4]:
        _edit(folder, edit, 2)
    assert geometry_key(without_texts(read_project(folder)), cache) == key
    for edit in (EDITS[5], EDITS[16], EDITS[18]):
        before = key
        _edit(folder, edit, 0)
        key = geometry_key(without_texts(read_project(folder)), cache)
        assert key != before


HEAVY = ("geopandas", "shapely", "numpy", "pandas", "folium", "pyogrio", "pyproj")
BUILD = f"""
import sys
from mapgen.cli import main
try:
    main(["build", sys.argv[1], "--output", sys.argv[2]])
finally:
    print("imported:", *sorted({{*{HEAVY!r}, "pydantic", "jinja2", "yaml"}} & set(sys.modules)))
"""


def _run(folder: Path, cache: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", BUILD, folder, folder / "output"],
        env={**os.environ, "MAPGEN_CACHE": str(cache), "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=True,
        cwd=folder.parent,
    )
    return done.stdout


def test_a_changed_text_needs_no_geometry_and_nothing_changed_needs_nothing(tmp_path: Path) -> None:
    folder, cache = _write(tmp_path / "project"), tmp_path / "cache"
    assert "imported: folium geopandas" in _run(folder, cache)
    _edit(folder, EDITS[0], 1)
    after_text = _run(folder, cache)
    assert "wrote" in after_text
    assert "imported: jinja2 pydantic yaml" in after_text
    again = after_text
    for _ in range(3):  # files that were written just before are not believed to be settled
        if "wrote" in again:
            again = _run(folder, cache)
    assert again.startswith("nothing changed: ")
    assert again.endswith("imported:\n")

"""Layers: folium's elements write numbers, and refuse everything that could be a user's text."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import branca.element
import folium
import pytest

from mapgen import layers
from mapgen.build import build_project
from mapgen.layers import Layer, SealedMap, numbers
from mapgen.project import read_project
from tests.projects import write_project

FRAME = {"unit": 1.5, "home": [0, 0, 1, 1], "projection": {"name": "conic"}}


@pytest.mark.parametrize(
    "text",
    [
        "<script>",
        "</script>",
        "two words",
        "{{7*7}}",
        "{% for %}",
        "${x}",
        "`",
        "a.b",
        "a:b",
        "é",
        "\n",
        "\0",
        "\u2028",
        '"',
        "'",
        "&lt;",
        "javascript:",
    ],
)
def test_anything_but_plain_words_is_refused_wherever_it_stands(text: str) -> None:
    for value in (text, [text], {"a": text}, {text: 1}, {"a": [{"b": [1, [text]]}]}, (text,)):
        with pytest.raises(ValueError, match="more than numbers and plain words"):
            numbers(value)
        with pytest.raises(ValueError):
            Layer({"kind": value})
        with pytest.raises(ValueError):
            SealedMap({**FRAME, "more": value})


@pytest.mark.parametrize("number", [math.inf, -math.inf, math.nan])
def test_what_is_no_number_in_json_is_refused(number: float) -> None:
    with pytest.raises(ValueError):
        numbers([number])


def test_numbers_and_plain_words_are_written_as_json() -> None:
    value = {"kind": "arcs", "count": 2, "data": "eNoDAAAAAAE=+/", "grade": None, "on": True, "at": [1, -2.5]}
    text = numbers(value)
    assert json.loads(text) == value
    assert " " not in text


def test_a_map_renders_to_a_fragment_with_its_layers_in_order() -> None:
    sealed = SealedMap(FRAME)
    Layer({"kind": "arcs"}).add_to(sealed)
    Layer({"kind": "claims"}).add_to(sealed)
    text = sealed.get_root().render()
    assert text == (
        '<div class="map" id="map"></div>\n'
        '<script type="application/json" class="map-frame">'
        '{"unit":1.5,"home":[0,0,1,1],"projection":{"name":"conic"}}</script>\n'
        '<script type="application/json" class="map-layer">{"kind":"arcs"}</script>\n'
        '<script type="application/json" class="map-layer">{"kind":"claims"}</script>\n'
    )


def test_it_is_a_map_of_foliums_without_anything_from_elsewhere() -> None:
    sealed = SealedMap(FRAME)
    assert isinstance(sealed, folium.Map)
    text = sealed.get_root().render()
    assert not re.search(r"https?:|cdn|leaflet|jquery|bootstrap|src=|href=", text)


def test_rendering_twice_gives_the_same_text() -> None:
    sealed = SealedMap(FRAME)
    Layer({"kind": "arcs"}).add_to(sealed)
    assert sealed.get_root().render() == sealed.get_root().render()


SOURCE_TEXTS = ("title", "publisher", "author", "url", "archive_url", "archive_hash", "license", "note")


def _marked_project(folder: Path) -> list[str]:
    """Write a project with a marker in every field that takes free text; return the markers."""
    markers: list[str] = []

    def mark() -> str:
        markers.append(f"marker {len(markers)} {{{{7*7}}}} <b>")
        return markers[-1]

    area = {"type": "Polygon", "coordinates": [[[9.5, 47.1], [9.6, 47.1], [9.6, 47.2], [9.5, 47.1]]]}
    write_project(
        folder,
        [
            {
                "where": [{"territory": "LIE", "label": mark()}, {"area": "area.geojson"}],
                "claim": mark(),
                "quote": mark(),
                "speaker": {"name": mark(), "role": mark()},
                "analyst": mark(),
                "note": mark(),
            }
        ],
        title=mark(),
        lead=mark(),
        credit=mark(),
        layers=[{"name": "claims", "title": mark(), "description": mark()}],
        maps=[{"name": "one", "title": mark(), "lead": mark()}, {"name": "two", "projection": "mercator"}],
        publications=[
            {
                "id": "report",
                "carries": mark(),
                **{key: mark() for key in SOURCE_TEXTS},
            }
        ],
    )
    feature = {"type": "Feature", "properties": {"name": mark()}, "geometry": area}
    (folder / "area.geojson").write_text(json.dumps(feature))
    return markers


def test_no_text_of_a_users_reaches_folium_or_branca(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    markers = _marked_project(tmp_path)
    seen: list[str] = []

    def watch(owner: type, name: str) -> None:
        original = getattr(owner, name)

        def watched(self: object, *args: object, **kwargs: object) -> object:
            result = original(self, *args, **kwargs)
            seen.append(repr((args, kwargs, vars(self), result)))
            return result

        monkeypatch.setattr(owner, name, watched)

    for owner in (SealedMap, Layer, layers.SealedFigure, folium.Map, branca.element.Element):
        watch(owner, "__init__")
        watch(owner, "render")
    pages = build_project(read_project(tmp_path)).pages
    everything = "".join(seen)
    assert len(seen) > 40
    assert "map-layer" in everything, "the rendering was watched"
    assert "7*7" not in everything
    assert [marker for marker in markers if marker in everything] == []
    assert len(markers) == 24
    for marker in markers:
        escaped = marker.replace("<b>", "&lt;b&gt;")
        assert escaped in pages["one.html"] or escaped in pages["two.html"], marker

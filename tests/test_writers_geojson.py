"""GeoJSON keeps to RFC 7946: degrees on the globe, right-handed rings, nothing across longitude 180."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box, mapping
from shapely.geometry.base import BaseGeometry

from mapgen.model import Location, Project
from mapgen.places import Placement
from mapgen.writers.geojson import write_geojson
from mapgen.writers.shapes import bounding_box, clean, geometry_of
from tests.generated import projects
from tests.projects import at, boundaries, default_project, place
from tests.test_writers_flat import placed

DEPTH = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}


def positions(coordinates: Any) -> Iterator[list[float]]:
    if coordinates and isinstance(coordinates[0], int | float):
        yield coordinates
    else:
        for each in coordinates:
            yield from positions(each)


def depth(coordinates: Any) -> int:
    return 0 if isinstance(coordinates[0], int | float) else 1 + depth(coordinates[0])


def is_anticlockwise(ring: list[list[float]]) -> bool:
    area = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring))
    return area > 0


def check_geometry(geometry: dict[str, Any]) -> None:
    """Hold a geometry to section 3.1 of RFC 7946."""
    if geometry["type"] == "GeometryCollection":
        inside = geometry["geometries"]
        assert set(geometry) == {"type", "geometries"}
        assert all(each["type"] != "GeometryCollection" for each in inside), "collections are not nested"
        assert len({each["type"].removeprefix("Multi") for each in inside}) > 1, "else one Multi... does"
        for each in inside:
            check_geometry(each)
        return
    coordinates, kind = geometry["coordinates"], geometry["type"]
    assert set(geometry) == {"type", "coordinates"}
    assert depth(coordinates) == DEPTH[kind]
    for position in positions(coordinates):
        longitude, latitude = position
        assert -180 <= longitude <= 180
        assert -90 <= latitude <= 90
        assert position == [round(longitude, 6), round(latitude, 6)]
    lines = {"LineString": [coordinates], "MultiLineString": coordinates}.get(kind, [])
    assert all(len(line) >= 2 for line in lines)
    polygons = {"Polygon": [coordinates], "MultiPolygon": coordinates}.get(kind, [])
    for polygon in polygons:
        for number, ring in enumerate(polygon):
            assert len(ring) >= 4
            assert ring[0] == ring[-1], "rings are closed"
            assert is_anticlockwise(ring) == (number == 0), "outer rings anticlockwise, holes clockwise"


def check_collection(text: str, claims: int) -> Any:
    document = json.loads(text)
    assert document["type"] == "FeatureCollection"
    assert "crs" not in text
    assert not {"geometry", "properties", "coordinates", "geometries"} & set(document), "section 7.1"
    assert len(document["features"]) == claims
    for feature in document["features"]:
        assert set(feature) == {"type", "id", "bbox", "properties", "geometry"}
        check_geometry(feature["geometry"])
        west, south, east, north = feature["bbox"]
        assert south <= north
        for longitude, latitude in positions_of(feature["geometry"]):
            assert south <= latitude <= north
            assert west <= longitude <= east if west <= east else longitude >= west or longitude <= east
    return document


def positions_of(geometry: dict[str, Any]) -> Iterator[list[float]]:
    for each in geometry.get("geometries", [geometry]):
        yield from positions(each["coordinates"])


def test_the_default_project_keeps_to_the_standard() -> None:
    project = default_project()
    text = write_geojson(project, placed(project), ["Worldview: neutral."])
    document = check_collection(text, len(project.annotations))
    assert document["notice"] == ["Worldview: neutral."]
    kinds = {feature["geometry"]["type"] for feature in document["features"]}
    assert {"MultiLineString", "MultiPolygon"} <= kinds
    assert text == write_geojson(project, placed(project), ["Worldview: neutral."])


@settings(max_examples=20)
@given(projects())
def test_every_project_keeps_to_the_standard(project: Project) -> None:
    check_collection(write_geojson(project, placed(project)), len(project.annotations))


def test_a_project_without_claims_is_an_empty_collection() -> None:
    project = default_project().model_copy(update={"annotations": ()})
    document = json.loads(write_geojson(project, {}))
    assert document["features"] == []
    assert "bbox" not in document


@pytest.mark.parametrize("code", ["RUS", "FJI", "USA", "ATA", "ZAF", "NZL"])
def test_territories_are_cut_at_the_antimeridian_and_lose_nothing(code: str) -> None:
    whole = boundaries().territories.geometry.at[code]
    cut = clean(whole)
    check_geometry(json.loads(json.dumps(mapping(cut))))
    assert cut.is_valid
    assert cut.area == pytest.approx(whole.area, rel=1e-6)
    across = whole.bounds[2] > 180 or whole.bounds[0] < -180
    west, _, east, _ = bounding_box([whole])
    assert (west > east) == across


def test_russia_has_a_box_that_says_that_it_lies_across() -> None:
    west, south, east, north = bounding_box([boundaries().territories.geometry.at["RUS"]])
    assert (round(west), round(south), round(east), round(north)) == (20, 41, -169, 82)


boxes = st.builds(
    lambda west, south, width, height: box(west, south, west + width, south + height),
    st.floats(-200, 200),
    st.floats(-80, 70),
    st.floats(0.001, 150),
    st.floats(0.001, 10),
)


@given(st.lists(boxes, min_size=1, max_size=3))
def test_cut_shapes_cover_what_they_did(shapes: list[BaseGeometry]) -> None:
    whole = shapely.union_all(shapes)
    cut = clean(whole)
    for geometry in cut.geoms if isinstance(cut, MultiPolygon) else [cut]:
        check_geometry(json.loads(json.dumps(mapping(geometry))))
    assert cut.area == pytest.approx(sum(each.area for each in shapely.get_parts(whole)), abs=1e-3)


def test_lines_across_the_antimeridian_are_cut() -> None:
    cut = clean(LineString([(170, 60), (190, 62)]))
    assert mapping(cut) == {
        "type": "MultiLineString",
        "coordinates": (((170.0, 60.0), (180.0, 61.0)), ((-180.0, 61.0), (-170.0, 62.0))),
    }


def test_a_polygon_smaller_than_the_rounding_stays() -> None:
    tiny = Polygon([(7, 47), (7.0000001, 47), (7, 47.0000001)])
    assert not clean(tiny).is_empty


@pytest.mark.parametrize(
    ("where", "kind"),
    [
        ((at("place", "Vaduz"),), "Point"),
        ((at("place", "Vaduz"), at("point", (9.5, 47.0))), "MultiPoint"),
        ((at("relation", ("LIE", "CHE")),), "LineString"),
        ((at("border", ("LIE", "CHE")), at("border", ("LIE", "AUT"))), "MultiLineString"),
        ((at("territory", "LIE"),), "Polygon"),
        ((at("territory", "LIE"), at("territory", "AUT")), "MultiPolygon"),
        ((at("territory", "LIE"), at("place", "Vaduz")), "GeometryCollection"),
    ],
)
def test_several_locations_are_one_geometry(where: tuple[Location, ...], kind: str) -> None:
    placements, _ = place(*where)
    geometry = geometry_of(placements)
    assert geometry["type"] == kind
    check_geometry(geometry)


def test_minus_nought_is_nought() -> None:
    placement = Placement(at("point", (-0.0, 0.0)), Point(-0.0, -0.0000001), (0.0, 0.0), "")
    assert json.dumps(geometry_of([placement])["coordinates"]) == "[0.0, 0.0]"

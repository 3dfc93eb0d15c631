"""GeoJSON, KML, GeoPackage, shapefile, ACLED, UCDP GED, Web Annotations: what is read, and what is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import LineString, MultiPoint, Point, Polygon

from tests.reading import DATA, Read, read, write

GIVEN = {"layer": "events", "source": "survey"}


def feature(geometry: Any = None, number: str | None = None, **properties: Any) -> dict[str, Any]:
    own = {"id": number} if number else {}
    return {"type": "Feature", **own, "properties": properties, "geometry": geometry}


def point(*position: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": position}


def geojson(folder: Path, *features: Any, name: str = "f.geojson", **entry: Any) -> Read:
    content = {"type": "FeatureCollection", "features": features}
    return read(write(folder, name, json.dumps(content)), **{**GIVEN, **entry})


# ---- GeoJSON


def test_points_of_geojson(tmp_path):
    several = {"type": "MultiPoint", "coordinates": [[1, 2], [3.5, -4]]}
    found = geojson(
        tmp_path,
        feature(point(67.28, 37.22, 300), id="one", claim="first", date=2015, supports=["two"]),
        feature(several, id="two", claim="second", layer="own", info_credibility=2),
    )
    assert found.problems == found.notes == []
    one, two = found.claims
    assert (one.layer, one.date, one.supports) == ("events", "2015", ("two",))
    assert [each.value for each in one.where] == [(67.28, 37.22)]
    assert [each.value for each in two.where] == [(1, 2), (3.5, -4)]
    assert (two.layer, two.info_credibility) == ("own", 2)
    assert str(one.position("claim")) == "f.geojson:feature 1:claim"
    assert str(two.position("where", 1)) == "f.geojson:feature 2"


def test_properties_that_place_a_claim_go_before_its_geometry(tmp_path):
    outline = {"type": "Polygon", "coordinates": [[[9, 47], [10, 47], [10, 48], [9, 47]]]}
    where = [{"place": "Vaduz", "precision": 1}, {"point": [9.5, 47], "label": "x"}]
    found = geojson(
        tmp_path,
        feature(outline, id="one", claim="c", territory="LIE"),
        feature(point(1, 2), id="two", claim="c", where=where, asserts=[{"shares_border": ["LIE", "CHE"]}]),
    )
    assert found.problems == []
    one, two = found.claims
    assert [(each.kind, each.value) for each in one.where] == [("territory", "LIE")]
    assert [(each.value, each.precision, each.label) for each in two.where] == [
        ("Vaduz", 1, None),
        ((9.5, 47), None, "x"),
    ]
    assert two.asserts[0].pair == ("LIE", "CHE")


def test_features_without_an_id_are_told_of(tmp_path):
    found = geojson(
        tmp_path,
        feature(point(1, 2), "Way/12", claim="c"),
        feature(point(1, 2), claim="c"),
        name="My data.geojson",
    )
    assert [claim.id for claim in found.claims] == ["way-12", "my-data-2"]
    assert found.notes[0].startswith("ids-made: 2 claims have no id")


def test_all_features_that_are_wrong_are_told(tmp_path):
    line = {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}
    found = geojson(
        tmp_path,
        feature(line, id="one", claim="c"),
        feature(None, id="two", claim="c"),
        feature(point(7_500_000, 4_500_000), id="three", claim="c"),
        feature(point(1, 2), id="Four", claim={"a": 1}, when="x"),
        feature(point(200, 2), id="five", claim="a\x07"),
    )
    assert [problem.split(": ")[0] for problem in found.problems] == [
        "f.geojson:feature 1",
        "f.geojson:feature 2",
        "f.geojson:feature 3",
        "f.geojson:feature 4",
        "f.geojson:feature 4:id",
        "f.geojson:feature 4:claim",
        "f.geojson:feature 5",
        "f.geojson:feature 5:claim",
    ]
    text = "\n".join(found.problems)
    for part in (
        "a 'LineString' cannot place a claim",
        "expected text, got a mapping",
        "is not on the globe",
    ):
        assert part in text
    assert found.notes == ["columns-left-out: 1 property is not carried over: 'when'"]


BROKEN = [
    ("{", "b.geojson:1:2: this is not JSON"),
    ("[" * 5_000_000, "b.geojson: values are nested too deeply"),
    ('{"type": "Topology"}', "b.geojson: its type is 'Topology', expected a FeatureCollection"),
    ("[]", "b.geojson: it says no type, expected a FeatureCollection"),
    ('{"type": "FeatureCollection", "features": [1]}', "b.geojson:feature 1: this is no Feature"),
    ('{"type": "FeatureCollection", "features": [NaN]}', "b.geojson: it holds NaN"),
    (
        '{"type": "FeatureCollection", "crs": {"properties": {"name": "EPSG:3857"}}, "features": []}',
        "b.geojson: its coordinates are not longitude and latitude",
    ),
    (
        '{"type": "FeatureCollection", "features": [' + "{}," * 200_000 + "{}]}",
        "b.geojson: the file has 200,001",
    ),
    ("{" + " " * 17_000_000, "b.geojson: the file is larger than 16 MiB"),
    (b'{"a": "\xd0\xff"}', "b.geojson:1:8: row 1 is not UTF-8"),
]


@pytest.mark.parametrize(("content", "expected"), BROKEN)
def test_broken_geojson(tmp_path, content, expected):
    found = read(write(tmp_path, "b.geojson", content), **GIVEN)
    assert len(found.problems) == 1
    assert found.problems[0].startswith(expected)


# ---- KML


def test_placemarks():
    columns = {"claim": "name", "note": "description", "date": "when", "where_precision": "precision"}
    found = read(DATA / "claims.kml", **GIVEN, columns=columns)
    assert found.problems == []
    one, two = found.claims
    assert (one.id, one.claim, one.note) == ("vaduz", "Example: Vaduz is a town.", "Example <b>remark</b>")
    assert (one.date, one.where_precision, one.speaker.role) == ("2015-11/2015-12", 2, "an example")
    assert [each.value for each in one.where] == [(9.52, 47.14)]
    assert (two.id, two.date, two.where[0].value) == ("claims-2", "2015-12-07", "LIE")
    assert found.notes[0].startswith("ids-made: 2 claims")


KML = '<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><name>n</name>{}</Placemark></kml>'
BROKEN_KML = [
    ('<!DOCTYPE kml [<!ENTITY a "b">]>' + KML, "b.kml:1: a document type or entity is declared here"),
    (KML[:-5], "b.kml:1:84: this is not XML"),
    ("<gpx/>", "b.kml: its first element is 'gpx', expected 'kml'"),
    (KML.format("<Polygon/>"), "b.kml:feature 1: a 'Polygon' cannot place a claim"),
    (KML.format("<Point><coordinates>a,b</coordinates></Point>"), "b.kml:feature 1: point: expected numbers"),
    (KML.format("<a>" * 800_000), "b.kml:1:"),
    ("<kml>" + "<a/>" * 2_000_000 + "</kml>", "b.kml: the file has too many elements"),
]


@pytest.mark.parametrize(("content", "expected"), BROKEN_KML)
def test_broken_kml(tmp_path, content, expected):
    found = read(write(tmp_path, "b.kml", content), **GIVEN, columns={"claim": "name"})
    assert [problem[: len(expected)] for problem in found.problems] == [expected]


# ---- GeoPackage and shapefile


def frame(*geometries: Any, crs: int | None = 4326) -> gpd.GeoDataFrame:
    days = pd.to_datetime(["2015-12-07 00:00", "2016-01-01 10:30"])[: len(geometries)]
    texts = ["Example: кириллица", "Example: b"][: len(geometries)]
    data = {"remark": texts, "seen_on": days, "level": [2, 3][: len(geometries)], "half": 0.5}
    return gpd.GeoDataFrame(data, geometry=list(geometries), crs=crs)


COLUMNS = {"claim": "remark", "date": "seen_on", "where_precision": "level"}


@pytest.mark.filterwarnings("ignore:Field seen_on")
@pytest.mark.parametrize("name", ["points.gpkg", "points.shp"])
@pytest.mark.parametrize("crs", [4326, 3857])
def test_points_of_a_layer(tmp_path, name, crs):
    frame(Point(67.28, 37.22), Point(-9.5, 47.125)).to_crs(crs).to_file(tmp_path / name)
    found = read(tmp_path / name, **GIVEN, columns=COLUMNS)
    assert found.problems == []
    assert [(c.id, c.claim, c.date, c.where_precision, c.where[0].value) for c in found.claims] == [
        ("points-1", "Example: кириллица", "2015-12-07", 2, (67.28, 37.22)),
        ("points-2", "Example: b", "2016-01-01T10:30:00", 3, (-9.5, 47.125)),
    ]
    assert str(found.claims[0].position("claim")) == f"{name}:feature 1:remark"
    assert "columns-left-out: 1 property is not carried over: 'half'" in found.notes


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", ["points.gpkg", "points.shp"])
def test_a_layer_that_does_not_say_its_crs(tmp_path, name):
    frame(Point(67.28, 37.22), crs=None).to_file(tmp_path / name)
    found = read(tmp_path / name, **GIVEN, columns=COLUMNS)
    assert len(found.claims) == 1
    assert name.endswith("gpkg") or found.notes[0].startswith("claims-crs: it does not say its CRS")


@pytest.mark.filterwarnings("ignore")
def test_other_geometries_are_refused(tmp_path):
    outline, line = Polygon([(9, 47), (10, 47), (10, 48)]), LineString([(1, 2), (3, 4)])
    frame(outline).to_file(tmp_path / "a.shp")
    frame(line, MultiPoint([(1, 2), (3, 4)])).to_file(tmp_path / "a.gpkg")
    shp, gpkg = (read(tmp_path / name, **GIVEN, columns=COLUMNS) for name in ("a.shp", "a.gpkg"))
    assert shp.problems[0].startswith("a.shp: holds polygons, expected single points")
    assert gpkg.problems[0].startswith("a.gpkg:feature 1: a 'LineString' cannot place a claim")
    assert [len(claim.where) for claim in gpkg.claims] == [2]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("cut", [10, 99, 110, 150])
def test_a_truncated_shapefile_is_refused(tmp_path, cut):
    frame(Point(67.28, 37.22), Point(1, 2)).to_file(tmp_path / "a.shp")
    whole = (tmp_path / "a.shp").read_bytes()
    (tmp_path / "a.shp").write_bytes(whole[:cut])
    assert read(tmp_path / "a.shp", **GIVEN, columns=COLUMNS).problems


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("byte", range(100, 156, 4))
def test_a_damaged_record_is_told_or_harmless(tmp_path, byte):
    frame(Point(67.28, 37.22), Point(1, 2)).to_file(tmp_path / "a.shp")
    content = bytearray((tmp_path / "a.shp").read_bytes())
    content[byte : byte + 4] = b"\xff\xff\xff\xff"
    (tmp_path / "a.shp").write_bytes(content)
    found = read(tmp_path / "a.shp", **GIVEN, columns=COLUMNS)
    assert found.problems or [claim.where[0].value for claim in found.claims] != []


def test_files_that_are_not_what_their_names_say(tmp_path):
    for name in ("a.gpkg", "a.shp"):
        assert (
            read(write(tmp_path, name, "<OGRVRTDataSource/>"), **GIVEN)
            .problems[0]
            .startswith(f"{name}: begins")
        )


# ---- ACLED and UCDP GED


def test_an_export_of_acled():
    found = read(DATA / "acled.csv", **GIVEN, format="acled")
    assert found.problems == []
    one, two, three = found.claims
    assert [claim.id for claim in found.claims] == ["exa1001", "exa1002", "exa1003"]
    assert [claim.date for claim in found.claims] == ["2015-12-07", "2015-12-06/2015-12-12", "2015-12"]
    assert [claim.where_precision for claim in found.claims] == [1, 3, 4]
    assert one.claim.endswith('said to have happened near "Termez".')
    assert (one.where[0].kind, one.where[0].value, one.where[0].label) == (
        "point",
        (67.2783, 37.2242),
        "Termez",
    )
    assert [claim.note for claim in found.claims] == [
        "Source as given: Example Daily",
        "Source as given: Example Daily; Example Weekly",
        None,
    ]
    assert (one.layer, one.source, one.speaker) == ("events", "survey", None)
    assert [str(two.position(name)) for name in ("id", "claim", "date")] == [
        "acled.csv:3:1",
        "acled.csv:3:160",
        "acled.csv:3:9",
    ]
    assert str(three.position("where", 0)) == "acled.csv:4:115"
    assert found.notes == [
        "columns-left-out: 9 columns are not carried over: 'year', 'disorder_type', 'event_type', "
        "'sub_event_type', 'actor1', 'actor2', 'country', 'admin1', 'fatalities'"
    ]


def test_an_export_of_ucdp():
    found = read(DATA / "ucdp.csv", **GIVEN, format="ucdp")
    assert found.problems == []
    one, two = found.claims
    assert (one.id, one.date, one.where_precision) == ("900001", "2015-12-07", 1)
    assert one.claim == "Example headline: nothing of this happened"
    assert one.note == (
        "Deaths as estimated by UCDP: best 2, low 1, high 5. Source as given: "
        "Example Agency, 2015-12-08, Example headline; dated 2015-12-08; original source: Example officer"
    )
    assert (two.date, two.where_precision, two.where[0].label) == (
        "2015-12-01/2015-12-09",
        4,
        "Khatlon province",
    )
    assert two.claim == "Violence between Example A and Example B (conflict: Example: Government)."
    assert two.note == "Deaths as estimated by UCDP: best 0, low 0, high 0."
    assert "'adm_1', 'adm_2', 'country'" in found.notes[0]


def test_an_export_needs_a_layer_a_source_and_its_columns(tmp_path):
    [problem] = read(DATA / "acled.csv", format="acled").problems
    assert "does not name a layer and a source" in problem
    assert "{file: acled.csv, format: acled, layer: ..., source: ...}" in problem
    found = read(
        write(tmp_path, "a.csv", "event_id_cnty,event_date\na,2015-12-07\n"), **GIVEN, format="acled"
    )
    assert [problem.partition(".")[2].partition(".")[0] for problem in found.problems] == [
        "csv:1:1: there is no column 'latitude'",
        "csv:1:1: there is no column 'longitude'",
        "csv:1:1: there is no column 'notes'",
    ]


ROW = "EXA1,{date},{time},{geo},37,67,Example.\n"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"date": "yesterday"}, "a.csv:2:6: event_date: 'yesterday' is not a date that ACLED writes."),
        ({"time": "4"}, "a.csv:2:17: time_precision: expected 1, 2 or 3, got '4'."),
        ({"geo": "9"}, "a.csv:2:19: geo_precision: expected 1, 2 or 3, got '9'."),
    ],
)
def test_cells_that_acled_does_not_write(tmp_path, values, expected):
    head = "event_id_cnty,event_date,time_precision,geo_precision,latitude,longitude,notes\n"
    row = ROW.format(**{"date": "2015-12-07", "time": "1", "geo": "1", **values})
    found = read(write(tmp_path, "a.csv", head + row), **GIVEN, format="acled")
    assert found.problems[0].startswith(expected)


# ---- Web Annotations

ANNOTATION = {
    "@context": "http://www.w3.org/ns/anno.jsonld",
    "id": "urn:mapgen:claim:one",
    "type": "Annotation",
    "creator": {"type": "Person", "name": "An analyst"},
    "body": [
        {"type": "TextualBody", "value": "A claim.", "purpose": "describing"},
        {"type": "TextualBody", "value": "A note.", "purpose": "commenting"},
    ],
    "target": {"source": {"source_id": "report"}, "selector": {"exact": "words"}},
    "layer": "l",
    "where": {"territory": "LIE", "precision": 6},
    "supports": ["urn:mapgen:claim:two"],
    "speaker": {"role": "an example"},
}


@pytest.mark.parametrize("name", ["a.jsonld", "a.json"])
def test_web_annotations(tmp_path, name):
    collection = {"@context": [], "type": "AnnotationCollection", "first": {"items": [ANNOTATION]}}
    for content in (ANNOTATION, [ANNOTATION], collection):
        found = read(write(tmp_path, name, json.dumps(content)))
        assert found.problems == []
        [claim] = found.claims
        assert (claim.id, claim.claim, claim.note, claim.quote) == ("one", "A claim.", "A note.", "words")
        assert (claim.analyst, claim.source, claim.supports) == ("An analyst", "report", ("two",))
        assert (claim.where[0].value, claim.where[0].precision, claim.speaker.role) == (
            "LIE",
            6,
            "an example",
        )
        assert str(claim.position("where", 0)) == f"{name}:annotation 1:where"


def test_web_annotations_that_are_wrong(tmp_path):
    wrong = {**ANNOTATION, "where": {"place": 5, "town": "x"}, "id": "http://example.org/1", "date": "soon"}
    found = read(write(tmp_path, "a.jsonld", json.dumps([wrong, 3, {}])))
    assert {problem.split(": ")[0] for problem in found.problems} == {
        "a.jsonld:annotation 1:id",
        "a.jsonld:annotation 1:where",
        "a.jsonld:annotation 1:date",
        "a.jsonld:annotation 2",
        "a.jsonld:annotation 3",
    }
    [problem] = read(write(tmp_path, "a.jsonld", '{"type": "Person"}')).problems
    assert problem.startswith("a.jsonld: it holds no annotations")

"""Boundary files of a user's own: hostile ones, broken ones, and those that real data comes in."""

from __future__ import annotations

import json
import os
import re
import struct
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.geometry import MultiPolygon, Point, Polygon, box

from mapgen.boundaries import read_boundaries
from mapgen.errors import BoundaryDataError
from mapgen.examination import Examination
from mapgen.model import Finding
from mapgen.shapefile import examine_shapes
from mapgen.vectorfile import open_vector_file

BORDERS = Path(__file__).resolve().parent.parent / "data" / "borders" / "natural-earth-10m"
SUFFIXES = (".shp", ".shx", ".dbf", ".prj", ".cpg")
DEGREES_OFF = 1e-6
VRT = (
    '<OGRVRTDataSource><OGRVRTLayer name="passwd"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>'
    "</OGRVRTDataSource>"
)


@pytest.fixture(autouse=True)
def soon() -> Iterator[None]:
    """Whatever a file holds, its reading ends."""
    begun = time.monotonic()
    yield
    assert time.monotonic() - begun < 10


@pytest.fixture(scope="module")
def countries() -> gpd.GeoDataFrame:
    """Three neighbours of the bundled data."""
    frame = gpd.read_file(BORDERS / "countries.shp", columns=["ADM0_A3", "NAME_EN", "NAME_RU"])
    return frame[frame["ADM0_A3"].isin(["TJK", "KGZ", "UZB"])].reset_index(drop=True)


@pytest.fixture
def shapefile(tmp_path: Path, countries: gpd.GeoDataFrame) -> Path:
    """A sound shapefile of a user's own, called land.shp."""
    path = tmp_path / "land.shp"
    countries.to_file(path, encoding="UTF-8")
    return path


def read(path: Path | str, folder: Path | None = None) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    return open_vector_file(str(path), folder=folder).read()


def refused(path: Path | str, folder: Path | None = None) -> str:
    """Return what the error says of a file that is refused."""
    with pytest.raises(BoundaryDataError) as caught:
        read(path, folder)
    return str(caught.value)


def feature(geometry: dict[str, Any] | None, **properties: object) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def geojson(folder: Path, *features: dict[str, Any], name: str = "land.geojson") -> Path:
    path = folder / name
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}))
    return path


def square(west: float, south: float, size: float = 1) -> dict[str, Any]:
    return dict(shapely.geometry.mapping(box(west, south, west + size, south + size)))


def pack(folder: Path, files: dict[str, bytes]) -> Path:
    path = folder / "land.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def parts(shapefile: Path, stem: str = "land") -> dict[str, bytes]:
    return {stem + suffix: shapefile.with_suffix(suffix).read_bytes() for suffix in SUFFIXES}


# ---- sound files, of every kind


def test_every_kind_reads_the_same(shapefile: Path, countries: gpd.GeoDataFrame, tmp_path: Path) -> None:
    pack(
        tmp_path,
        {f"some folder/{name}": data for name, data in parts(shapefile).items()} | {"readme.txt": b""},
    )
    countries.to_file(tmp_path / "land.gpkg")
    countries.to_file(tmp_path / "land.geojson", RFC7946=False, COORDINATE_PRECISION=15)
    for name in ("land.shp", "land.zip", "land.gpkg", "land.geojson"):
        frame, findings = read(name, tmp_path)
        assert findings == [], name
        assert frame.crs.to_epsg() == 4326
        assert list(frame["NAME_RU"]) == list(countries["NAME_RU"]), name
        xy, expected = map(shapely.get_coordinates, (frame.geometry, countries.geometry))
        assert np.abs(xy - expected).max() < 1e-9, name


def test_columns_are_chosen(shapefile: Path) -> None:
    frame, _ = open_vector_file(str(shapefile)).read(["ADM0_A3", "not there"])
    assert list(frame.columns) == ["ADM0_A3", "geometry"]


def test_capital_suffixes(shapefile: Path, tmp_path: Path) -> None:
    for suffix in (".shx", ".dbf", ".prj", ".cpg"):
        shapefile.with_suffix(suffix).rename(tmp_path / f"LAND{suffix.upper()}")
    assert len(read(shapefile)[0]) == 3
    shapefile.rename(tmp_path / "LAND.SHP")
    frame, findings = read(tmp_path / "LAND.SHP")
    assert len(frame) == 3 and findings == []


def test_names_that_gdal_would_take_apart(shapefile: Path, tmp_path: Path) -> None:
    odd = tmp_path / "maps!of?1.zip#x"
    odd.mkdir()
    for suffix in SUFFIXES:
        shapefile.with_suffix(suffix).rename(odd / f"land{suffix}")
    assert len(read(odd / "land.shp")[0]) == 3


@pytest.mark.parametrize("crs", ["EPSG:3857", "EPSG:32642", "EPSG:4284", "ESRI:102025", "EPSG:8857"])
def test_any_crs_is_transformed(tmp_path: Path, countries: gpd.GeoDataFrame, crs: str) -> None:
    countries.to_crs(crs).to_file(tmp_path / "land.shp", encoding="UTF-8")
    frame, _ = read(tmp_path / "land.shp")
    assert frame.crs.to_epsg() == 4326
    off = np.abs(shapely.get_coordinates(frame.geometry) - shapely.get_coordinates(countries.geometry))
    assert off.max() < DEGREES_OFF


def test_height_and_measure_are_dropped(tmp_path: Path, countries: gpd.GeoDataFrame) -> None:
    raised = countries.set_geometry(shapely.force_3d(countries.geometry.to_numpy(), 100.0))
    raised.to_file(tmp_path / "land.shp", encoding="UTF-8")
    frame, _ = read(tmp_path / "land.shp")
    assert not shapely.has_z(frame.geometry).any()
    assert shapely.equals_exact(frame.geometry, countries.geometry, 1e-9).all()


GADM = {
    "GID_0": "UZB",
    "COUNTRY": "Uzbekistan",
    "GID_1": "UZB.1_1",
    "NAME_1": "Andijon",
    "VARNAME_1": "NA",
    "HASC_1": "UZ.AN",
}
GEOBOUNDARIES = {
    "shapeName": "Uzbekistan",
    "shapeISO": "UZB",
    "shapeID": "31B1",
    "shapeGroup": "UZB",
    "shapeType": "ADM0",
}
EUROSTAT = {"CNTR_ID": "UZ", "CNTR_NAME": "Oʻzbekiston", "NAME_ENGL": "Uzbekistan", "ISO3_CODE": "UZB"}


@pytest.mark.parametrize(("columns", "code"), [(GADM, "UZB.1_1"), (GEOBOUNDARIES, "UZB"), (EUROSTAT, "UZ")])
@pytest.mark.parametrize("suffix", [".shp", ".geojson", ".gpkg"])
def test_columns_of_known_datasets(tmp_path: Path, columns: dict[str, str], code: str, suffix: str) -> None:
    frame = gpd.GeoDataFrame([columns], geometry=[MultiPolygon([box(60, 40, 61, 41)])], crs="EPSG:4326")
    frame.to_file(tmp_path / f"own{suffix}", encoding="UTF-8")
    found = read_boundaries(f"own{suffix}", folder=tmp_path, worldview="de_facto")
    assert list(found.territories.index) == [code]


# ---- paths


@pytest.mark.parametrize(
    "path",
    [
        "/vsicurl/https://example.org/a.shp",
        "/vsizip/a.zip/a.shp",
        "/vsistdin/a.geojson",
        "https://example.org/a.geojson",
        "zip+https://example.org/a.zip",
        "file:///etc/a.geojson",
        "GeoJSON:a.geojson",
        "WFS:https://example.org/a.json",
        "PG:dbname=a.gpkg",
        "//example.org/share/a.json\0",
    ],
)
def test_paths_that_are_no_files(path: str, tmp_path: Path) -> None:
    assert "is no path of a file" in refused(path, tmp_path)


def test_what_is_not_there_or_no_file(tmp_path: Path) -> None:
    assert refused("gone.shp", tmp_path).startswith("gone.shp: cannot be read: no such file")
    (tmp_path / "folder.shp").mkdir()
    assert "no regular file" in refused("folder.shp", tmp_path)
    os.mkfifo(tmp_path / "pipe.geojson")
    assert "no regular file" in refused("pipe.geojson", tmp_path)
    assert "of a kind that cannot be read" in refused("land.kml", tmp_path)
    assert "after a GeoPackage only" in refused("land.shp|layername=a", tmp_path)


def test_messages_name_files_as_they_were_given(shapefile: Path, tmp_path: Path) -> None:
    shapefile.with_suffix(".dbf").unlink()
    shapefile.with_suffix(".shx").unlink()
    text = refused("land.shp", tmp_path)
    assert str(tmp_path) not in text
    assert [line.partition(" ")[0] for line in text.splitlines()] == ["land.dbf:", "land.shx:"]
    assert "QGIS" in text


# ---- files that are not what their name says


@pytest.mark.parametrize("name", ["a.shp", "a.geojson", "a.json", "a.gpkg", "a.zip"])
@pytest.mark.parametrize(
    "content", [VRT, " \n" + VRT, "<?xml version='1.0'?><kml/>", "", "PK\3\4", "\0" * 2000]
)
def test_other_content_than_the_name_promises(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    assert refused(name, tmp_path).startswith(f"{name}: ")


def test_database_that_is_no_geopackage(tmp_path: Path, countries: gpd.GeoDataFrame) -> None:
    good = tmp_path / "good.gpkg"
    countries.to_file(good)
    data = good.read_bytes()
    for name, content in {
        "cut.gpkg": data[: len(data) // 2],
        "head.gpkg": data[:100],
        "noise.gpkg": data[:16] + b"\xa5" * 5000,
        "zeros.gpkg": data[:4096] + bytes(len(data) - 4096),
    }.items():
        (tmp_path / name).write_bytes(content)
        assert refused(name, tmp_path).startswith(f"{name}: ")


def test_layers_of_a_geopackage(tmp_path: Path, countries: gpd.GeoDataFrame) -> None:
    countries.to_file(tmp_path / "two.gpkg", layer="states")
    countries.to_file(tmp_path / "two.gpkg", layer="regions")
    text = refused("two.gpkg", tmp_path)
    assert "'regions', 'states'" in text and "two.gpkg|layername=regions" in text
    assert "Did you mean 'states'?" in refused("two.gpkg|layername=sttes", tmp_path)
    assert len(read("two.gpkg|layername=states", tmp_path)[0]) == 3


# ---- GeoJSON


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"type": "FeatureCollection", "features": [', "is not JSON"),
        ('{"type": "FeatureCollection",\n "features": [}', "land.geojson:2:15: is not JSON"),
        ('{"type": "FeatureCollection", "features": []}', "has no features"),
        ('{"type": "Topology", "objects": {}, "arcs": []}', "TopoJSON"),
        ('{"geometryType": "esriGeometryPolygon", "features": []}', "ESRI"),
        ('{"a": 1}', "its type is"),
        ('{"type": "FeatureCollection", "features": [1]}', "row 1"),
        ('{"a":' * 100_000 + "1" + "}" * 100_000, "nested too deeply"),
        ('{"a":' + "[" * 100_000, "nested too deeply"),
        ('{"a": ' + "9" * 10_000 + "}", "expected finite numbers"),
        ("{" + " " * 2**24 + '"a": [' + "[]," * 2**23 + "1]}", "many small lists"),
    ],
)
def test_json_that_is_no_geojson(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "land.geojson").write_text(text)
    assert says in refused("land.geojson", tmp_path)


@pytest.mark.parametrize("number", ["1e999", "-1e999", "NaN", "Infinity", "1e300", "9" * 400])
def test_coordinates_that_are_no_numbers(tmp_path: Path, number: str) -> None:
    path = geojson(tmp_path, feature(square(60, 40)), feature(square(10, 50)))
    path.write_text(path.read_text().replace("11.0", number))
    text = refused("land.geojson", tmp_path)
    assert text.startswith("land.geojson: ")
    assert "row 2" in text or number in text


@pytest.mark.parametrize(
    "coordinates",
    [
        [],
        [[]],
        [[[]]],
        [[[1]]],
        [[[1, 2], [3, 4]]],
        [[["a", "b"], [1, 2], [3, 4], ["a", "b"]]],
        None,
        7,
        {"a": 1},
    ],
)
def test_polygons_that_are_none(tmp_path: Path, coordinates: object) -> None:
    broken = {"type": "Polygon", "coordinates": coordinates}
    path = geojson(tmp_path, feature(square(60, 40)), feature(broken))
    try:
        frame, findings = read(path)
    except BoundaryDataError:
        return
    assert len(frame) == 1
    assert any("row 2" in finding.message for finding in findings)


def test_other_kinds_than_polygons(tmp_path: Path) -> None:
    point = {"type": "Point", "coordinates": [1, 2]}
    text = refused(geojson(tmp_path, feature(square(60, 40)), feature(point)))
    assert "row 2: Point, expected Polygon" in text
    gpd.GeoDataFrame({"a": [1]}, geometry=[Point(1, 2)], crs=4326).to_file(tmp_path / "points.shp")
    assert "holds points, expected polygons" in refused("points.shp", tmp_path)


# ---- zips


def test_zip_bomb(tmp_path: Path, shapefile: Path) -> None:
    huge = bytes(64 * 1024 * 1024)
    path = pack(tmp_path, parts(shapefile) | {"land.dbf": huge})
    assert "packed 200 times or more" in refused(path)
    head = shapefile.read_bytes()
    path = pack(tmp_path, parts(shapefile) | {"land.shp": head + huge})
    assert "packed 200 times or more" in refused(path)


def test_zip_that_lies_about_sizes(tmp_path: Path, shapefile: Path) -> None:
    path = pack(tmp_path, parts(shapefile))
    data, size = path.read_bytes(), shapefile.stat().st_size
    path.write_bytes(data.replace(struct.pack("<I", size), struct.pack("<I", 1000)))
    assert "land.zip: " in refused("land.zip", tmp_path)


@pytest.mark.parametrize(
    "name", ["../land.shp", "/etc/land.shp", "a/../../land.shp", "..\\land.shp", "C:\\land.shp"]
)
def test_zip_that_leads_outside(tmp_path: Path, shapefile: Path, name: str) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    path = pack(
        inside,
        {name[:-4] + suffix: data for suffix, data in zip(SUFFIXES, parts(shapefile).values(), strict=True)},
    )
    assert "leads out of its folder" in refused(path)


def test_zip_with_none_or_several(tmp_path: Path, shapefile: Path) -> None:
    assert "holds 0 shapefiles" in refused(pack(tmp_path, {"a.txt": b""}))
    assert "'a.shp', 'b.shp'" in refused(pack(tmp_path, parts(shapefile, "a") | parts(shapefile, "b")))
    macos = {"__MACOSX/._land.shp": b"x"}
    assert len(read(pack(tmp_path, parts(shapefile) | macos))[0]) == 3
    pack(tmp_path, {"land.shp": shapefile.read_bytes()})
    text = refused("land.zip", tmp_path)
    assert "land.zip/land.dbf: is missing" in text and str(tmp_path) not in text


def test_damaged_and_encrypted_zips(tmp_path: Path, shapefile: Path) -> None:
    path = pack(tmp_path, parts(shapefile))
    data = path.read_bytes()
    for broken in (data[:100], data[: len(data) // 2], data[:200] + b"\xff" * 50 + data[250:]):
        path.write_bytes(broken)
        assert "cannot be unpacked" in refused(path)
    entry = data.index(b"PK\1\2")
    path.write_bytes(data[: entry + 8] + b"\1" + data[entry + 9 :])
    assert "is encrypted" in refused(path)


# ---- what goes wrong with real shapefiles


def test_without_prj(shapefile: Path, countries: gpd.GeoDataFrame) -> None:
    shapefile.with_suffix(".prj").unlink()
    frame, findings = read(shapefile)
    assert [finding.code for finding in findings] == ["boundary-crs"]
    assert len(frame) == 3
    countries.to_crs("EPSG:3857").to_file(shapefile, encoding="UTF-8")
    shapefile.with_suffix(".prj").unlink()
    text = refused(shapefile)
    assert "metres" in text and "QGIS" in text


@pytest.mark.parametrize(
    "text", ["", "EPSG:4326", "/etc/passwd", "GEOGCS[", 'LOCAL_CS["site",UNIT["metre",1]]', "\0\xff"]
)
def test_prj_that_is_none(shapefile: Path, text: str) -> None:
    shapefile.with_suffix(".prj").write_text(text)
    assert "land.prj: " in refused(shapefile)


def test_metres_in_a_file_that_promises_degrees(shapefile: Path, countries: gpd.GeoDataFrame) -> None:
    metres = countries.to_crs("EPSG:3857").set_crs("EPSG:4326", allow_override=True)
    metres.to_file(shapefile, encoding="UTF-8")
    text = refused(shapefile)
    assert "rows 1, 2 and 3" in text and "EPSG:3857" in text


def test_swapped_axes_are_told(tmp_path: Path) -> None:
    path = geojson(tmp_path, feature(square(40, 100)))
    assert "Latitude and longitude seem to be swapped" in refused(path)


@pytest.mark.parametrize("cpg", [None, "UTF-8"])
def test_text_in_another_encoding(shapefile: Path, countries: gpd.GeoDataFrame, cpg: str | None) -> None:
    countries[["NAME_RU", "geometry"]].to_file(shapefile, encoding="cp1251")
    shapefile.with_suffix(".cpg").unlink()
    dbf = shapefile.with_suffix(".dbf")
    data = bytearray(dbf.read_bytes())
    data[29] = 0
    dbf.write_bytes(data)
    if cpg:
        shapefile.with_suffix(".cpg").write_text(cpg)
    text = refused(shapefile)
    assert "land.dbf: row 1, column 'NAME_RU'" in text and "land.cpg" in text
    shapefile.with_suffix(".cpg").write_text("1251")
    frame, findings = read(shapefile)
    assert list(frame["NAME_RU"]) == list(countries["NAME_RU"]) and findings == []
    shapefile.with_suffix(".cpg").write_text("1252")
    assert [finding.code for finding in read(shapefile)[1]] == ["boundary-encoding"]
    shapefile.with_suffix(".cpg").write_text("klingon")
    assert "land.cpg: unknown encoding 'klingon'" in refused(shapefile)


def test_utf8_taken_for_something_else(shapefile: Path) -> None:
    shapefile.with_suffix(".cpg").write_text("1251")
    assert [finding.code for finding in read(shapefile)[1]] == ["boundary-encoding"]


def test_invalid_and_empty_geometry(tmp_path: Path) -> None:
    spur = Polygon([(0, 0), (10, 0), (10, 5), (12, 5), (10, 5), (10, 10), (0, 10)])
    bow = Polygon([(20, 0), (30, 10), (30, 0), (20, 10)])
    frame = gpd.GeoDataFrame({"a": [1, 2, 3]}, geometry=[box(50, 0, 51, 1), None, spur], crs=4326)
    frame.to_file(tmp_path / "land.shp")
    mended, findings = read("land.shp", tmp_path)
    assert list(mended["a"]) == [1, 3]
    assert [(each.code, each.message.partition(":")[0]) for each in findings] == [
        ("boundary-empty", "row 2"),
        ("boundary-mended", "row 3"),
    ]
    assert mended.geometry.is_valid.all()
    assert shapely.area(mended.geometry.to_numpy()).tolist() == [1, 100]
    gpd.GeoDataFrame({"a": [1]}, geometry=[bow], crs=4326).to_file(tmp_path / "bow.geojson")
    assert "row 1: the polygon is not valid and cannot be mended" in refused("bow.geojson", tmp_path)
    nothing = gpd.GeoDataFrame({"a": [1]}, geometry=[None], crs=4326)
    nothing.to_file(tmp_path / "nothing.geojson")
    assert "none of its features has a geometry" in refused("nothing.geojson", tmp_path)


def test_damage_that_stays_well_formed(tmp_path: Path, countries: gpd.GeoDataFrame) -> None:
    """What the structure cannot tell: a point far off, and a table of other polygons."""
    round_one = Point(60, 40).buffer(1, 32)
    xy = shapely.get_coordinates(round_one)
    xy[32] = xy[32] * 2 - (60, 40)
    damaged = Polygon(xy)
    gpd.GeoDataFrame(geometry=[damaged], crs=4326).to_file(tmp_path / "land.geojson")
    assert "boundary-jump" in [finding.code for finding in read("land.geojson", tmp_path)[1]]
    frame = gpd.GeoDataFrame(
        {"LABEL_X": [10.0, 60.5], "LABEL_Y": [50.5, 40.5]}, geometry=[box(60, 40, 61, 41)] * 2, crs=4326
    )
    frame.to_file(tmp_path / "label.geojson")
    found = read("label.geojson", tmp_path)[1]
    assert [(each.code, each.message.partition(":")[0]) for each in found] == [
        ("boundary-elsewhere", "row 1")
    ]


@pytest.mark.parametrize("name", ["countries", "lakes", "disputed_areas"])
def test_no_false_alarm(name: str) -> None:
    """Only what is wrong with Natural Earth is found in it: three outlines that touch themselves."""
    _, findings = read(BORDERS / f"{name}.shp")
    assert {finding.code for finding in findings} <= {"boundary-mended"}
    assert sum(len(re.findall(r"\d+", finding.message.partition(":")[0])) for finding in findings) <= 2


def test_nothing_stays_behind(shapefile: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    beside = sorted(path.name for path in tmp_path.iterdir())
    read(shapefile)
    refused(pack(tmp_path, {"land.shp": b"\0\0\x27\x0a"}))
    (tmp_path / "land.zip").unlink()
    assert list(scratch.iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == beside


def test_structure_is_examined_quickly() -> None:
    begun = time.perf_counter()
    report = Examination()
    examine_shapes(BORDERS / "countries.shp", BORDERS / "countries.shx", ("a.shp", "a.shx"), report)
    assert not report.problems
    assert time.perf_counter() - begun < 1  # some 0.05 s on a machine with nothing else to do

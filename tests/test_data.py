"""What the bundled boundary data must hold: meaning, fit and integrity of the files as they are committed."""

from __future__ import annotations

import hashlib
import json
import re
import struct
from functools import cache
from pathlib import Path
from typing import Any

import geopandas
import pytest
import shapely
from geopandas import GeoDataFrame

DATA = Path(__file__).resolve().parent.parent / "data"
FOLDER = DATA / "borders" / "natural-earth-10m"
DATASET: dict[str, Any] = json.loads((FOLDER / "dataset.json").read_text(encoding="utf-8"))
LAYERS = list(DATASET["layers"])
SIX = ["AFG", "TKM", "UZB", "TJK", "KAZ", "RUS"]
LANGUAGES = 26
VIEWS = 31


@cache
def layer(name: str) -> GeoDataFrame:
    return geopandas.read_file(FOLDER / DATASET["layers"][name]["file"])


@cache
def countries() -> GeoDataFrame:
    return layer("countries").set_index(DATASET["code_column"])


def vertices(geometry: Any) -> set[tuple[float, float]]:
    return set(map(tuple, shapely.get_coordinates(geometry)))


def test_every_file_is_the_one_that_dataset_json_describes() -> None:
    files = {path.name for path in FOLDER.iterdir()} - {"dataset.json", "README.md"}
    assert files == set(DATASET["sha256"])
    for name, expected in DATASET["sha256"].items():
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == expected, name


@pytest.mark.parametrize("name", LAYERS)
def test_layer_is_a_whole_shapefile_in_utf8_and_wgs84(name: str) -> None:
    for suffix in (".shp", ".shx", ".dbf", ".prj", ".cpg"):
        assert (FOLDER / f"{name}{suffix}").is_file()
    assert (FOLDER / f"{name}.cpg").read_text() == "UTF-8"
    assert layer(name).crs == "EPSG:4326"
    assert len(layer(name)) == DATASET["layers"][name]["features"]
    assert not layer(name).geometry.is_empty.any()


@pytest.mark.parametrize("name", LAYERS)
def test_dbf_header_has_the_fixed_date(name: str) -> None:
    year, month, day = struct.unpack("3B", (FOLDER / f"{name}.dbf").read_bytes()[1:4])
    assert f"{1900 + year}-{month:02}-{day:02}" == DATASET["date"]


def test_data_stays_small() -> None:
    assert sum(path.stat().st_size for path in DATA.rglob("*") if path.is_file()) < 30_000_000


def test_readme_names_every_file() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    missing = [path.name for path in FOLDER.iterdir() if path.name not in readme and path.name != "README.md"]
    assert missing == []
    assert "natural-earth-10m/README.md" in (DATA / "borders" / "README.md").read_text(encoding="utf-8")
    areas = (DATA / "areas" / "README.md").read_text(encoding="utf-8")
    assert all(path.name in areas for path in (DATA / "areas").glob("*.geojson"))


def test_readme_names_every_disputed_area() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert [code for code in layer("disputed_areas").CODE if not re.search(rf"\b{code}\b", readme)] == []


def test_all_countries_with_codes_of_their_own() -> None:
    assert len(countries()) == 258
    assert countries().index.is_unique
    assert countries().index.str.fullmatch("[A-Z0-9]{3}").all()
    assert countries()[DATASET["name_column"]].notna().all()
    assert countries()[DATASET["label_columns"]].notna().all(axis=None)


@pytest.mark.parametrize(
    ("code", "column", "name"),
    [
        ("TJK", "NAME_RU", "Таджикистан"),
        ("AFG", "NAME_FA", "افغانستان"),
        ("UZB", "NAME_ZH", "乌兹别克斯坦"),
        ("TKM", "NAME_TR", "Türkmenistan"),
        ("ALD", "NAME", "Åland"),
    ],
)
def test_names_survive_in_every_script(code: str, column: str, name: str) -> None:
    assert countries().loc[code, column] == name


def test_columns_are_those_in_use() -> None:
    columns = countries().columns
    assert sum(bool(re.fullmatch("NAME_(..|ZHT)", column)) for column in columns) == LANGUAGES
    assert sum(bool(re.fullmatch("ADM0_A3_..", column)) for column in columns) == VIEWS
    assert sum(bool(re.fullmatch("FCLASS_..", column)) for column in columns) == VIEWS
    counts = {name: len(layer(name).columns.drop("geometry")) for name in LAYERS}
    expected = {"lakes": 30, "rivers": 3, "populated_places": 11, "boundary_lines": 41}
    assert counts == expected | {"countries": 104, "disputed_areas": 8 + LANGUAGES + VIEWS}


def test_the_six_and_kyrgyzstan_are_valid() -> None:
    assert countries().loc[[*SIX, "KGZ", "KAB"]].is_valid.all()


@pytest.mark.parametrize(("left", "right"), [("AFG", "TJK"), ("AFG", "UZB"), ("KAZ", "UZB"), ("KAZ", "RUS")])
def test_neighbours_share_their_vertices_exactly(left: str, right: str) -> None:
    border = shapely.intersection(countries().geometry[left], countries().geometry[right])
    lines = [part for part in shapely.get_parts(border) if part.geom_type == "LineString"]
    both = vertices(countries().geometry[left]) & vertices(countries().geometry[right])
    assert lines
    assert vertices(shapely.multilinestrings(lines)) <= both


def test_leased_units_belong_to_a_country_and_fill_its_hole() -> None:
    assert DATASET["parts"] == {"KAB": "KAZ", "USG": "CUB"}
    whole = shapely.union(countries().geometry["KAZ"], countries().geometry["KAB"])
    assert sum(len(part.interiors) for part in shapely.get_parts(countries().geometry["KAZ"])) == 1
    assert sum(len(part.interiors) for part in shapely.get_parts(whole)) == 0


def test_russia_is_cut_at_180_degrees_as_the_readme_says() -> None:
    west, _, east, _ = countries().geometry["RUS"].bounds
    assert east == 180.0
    assert west == -179.99999999999991


def test_crimea_is_the_piece_of_russia_that_fits_ukraine() -> None:
    crimea = layer("disputed_areas").set_index("CODE").loc["CRM"]
    assert (crimea.ADMIN_BY, crimea.CLAIM_BY, crimea.BASE, crimea.VIEW_INT) == ("RUS", "UKR", "RUS", "UKR")
    assert (crimea.ADM0_A3_RU, crimea.ADM0_A3_UA, crimea.ADM0_A3_DE) == ("RUS", "UKR", "UKR")
    west, south, east, north = crimea.geometry.bounds
    assert (round(west, 1), round(south, 1), round(east, 1), round(north, 1)) == (32.5, 44.4, 36.6, 46.2)
    assert any(part.equals_exact(crimea.geometry) for part in shapely.get_parts(countries().geometry["RUS"]))
    assert len(vertices(crimea.geometry) & vertices(countries().geometry["UKR"])) == 46


def test_disputed_areas_lie_in_their_base_and_name_known_codes() -> None:
    areas, known = layer("disputed_areas"), set(countries().index)
    assert areas.CODE.is_unique
    assert areas.is_valid.all()
    assert set(areas.BASE) <= known
    for column in ("ADMIN_BY", "CLAIM_BY", "VIEW_INT"):
        assert {code for codes in areas[column].dropna() for code in codes.split()} <= known
    inside = [
        countries().geometry[row.BASE].contains(row.geometry.representative_point())
        for row in areas.itertuples()
    ]
    assert all(inside)
    assert {"CRM", "GOL", "ABY", "SAH", "WSM", "KAS", "KOS", "PSX", "TWN", "CYN", "SOL"} <= set(areas.CODE)
    assert areas[["NAME", "NOTE", "SOURCE"]].notna().all(axis=None)


def test_places_that_the_first_map_needs() -> None:
    places = layer("populated_places")
    termez = places[places.namealt == "Termez"].iloc[0]
    assert (termez["name"], termez.adm0_a3) == ("Termiz", "UZB")
    assert (round(termez.geometry.x, 1), round(termez.geometry.y, 1)) == (67.3, 37.2)
    capitals = places[(places.adm0cap == 1) & places.adm0_a3.isin(SIX)]
    assert set(capitals["name"]) == {"Kabul", "Ashgabat", "Tashkent", "Dushanbe", "Astana", "Moscow"}
    assert set(places.adm0_a3) <= set(countries().index)
    assert "Tønsberg" in set(places["name"])


def test_water() -> None:
    lakes = layer("lakes")
    assert {"North Aral Sea", "South Aral Sea", "Lake Balkhash", "Issyk-Kul"} <= set(lakes["name"])
    caspian = shapely.Point(50.5, 42)
    assert not lakes.contains(caspian).any()
    assert not countries().contains(caspian).any()
    assert {"Amu Darya", "Syr Darya", "Panj", "Volga", "Ural", "Harirud"} <= set(layer("rivers")["name"])


def test_north_caucasus_is_a_geojson_area_in_russia() -> None:
    feature = json.loads((DATA / "areas" / "north-caucasus.geojson").read_text(encoding="utf-8"))
    assert feature["type"] == "Feature"
    assert feature["properties"]["name"] == "North Caucasus"
    assert set(feature["properties"]) == {"name", "source", "version", "note"}
    area = shapely.geometry.shape(feature["geometry"])
    assert area.is_valid
    assert all(part.exterior.is_ccw for part in shapely.get_parts(area))
    coordinates = shapely.get_coordinates(area)
    assert (coordinates == coordinates.round(4)).all()
    grozny, krasnodar, tbilisi = shapely.points([(45.7, 43.3), (39.0, 45.0), (44.8, 41.7)])
    assert area.contains(grozny)
    assert not area.contains(krasnodar)
    assert not area.contains(tbilisi)

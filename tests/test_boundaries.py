"""Reading boundaries: the bundled ones, and files of a user's own with the columns that people have."""

from __future__ import annotations

import zipfile
from functools import cache
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely.geometry import Point

from mapgen.borders import border_length_km, shared_border
from mapgen.boundaries import Boundaries, read_boundaries
from mapgen.errors import BoundaryDataError, TerritoryNotFoundError

BORDERS = Path(__file__).resolve().parent.parent / "data" / "borders" / "natural-earth-10m"
SIX = ["AFG", "TKM", "UZB", "TJK", "KAZ", "RUS"]
THREE = ["KGZ", "TJK", "UZB"]


@cache
def bundled() -> Boundaries:
    return read_boundaries()


@cache
def three() -> gpd.GeoDataFrame:
    """Three neighbours with the columns of Natural Earth, as a user would cut them out."""
    frame = gpd.read_file(BORDERS / "countries.shp", columns=["ADM0_A3", "NAME_EN"])
    return frame[frame["ADM0_A3"].isin(THREE)].sort_values("ADM0_A3").reset_index(drop=True)


def save(frame: gpd.GeoDataFrame, path: Path, layer: str | None = None) -> str:
    """Write a frame and return its name, to be read with ``folder``."""
    more = {"encoding": "UTF-8"} if path.suffix == ".shp" else {"layer": layer} if layer else {}
    frame.to_file(path, **more)
    return path.name


def codes_of(findings: object) -> list[str]:
    return [finding.code for finding in findings]  # type: ignore[attr-defined]


def test_all_territories() -> None:
    table = bundled().territories
    assert len(table) == 256  # 258 features, of which Baikonur and Guantanamo are parts of others
    assert table.index.is_unique
    assert table.crs.to_epsg() == 4326
    assert table.columns.tolist() == ["name", "label_lon", "label_lat", "geometry"]
    assert not table.geometry.is_empty.any()
    assert bundled().findings == ()
    assert bundled().dataset.describe() == "Natural Earth 5.1.1, 1:10m"


def test_label_points_lie_in_their_territories() -> None:
    for code in SIX:
        row = bundled().territories.loc[code]
        assert row.geometry.contains(Point(row.label_lon, row.label_lat)), code


def test_few_territories_in_the_order_asked_for() -> None:
    few = read_boundaries(codes=["TJK", "AFG", "TJK"])
    assert few.territories.index.tolist() == ["TJK", "AFG"]
    assert few.require("AFG").equals(bundled().require("AFG"))


def test_baikonur_belongs_to_kazakhstan() -> None:
    whole = bundled().require("KAZ")
    assert "KAB" not in bundled().territories.index
    assert whole.contains(Point(63.31, 45.95))
    largest = max(shapely.get_parts(whole), key=lambda part: part.area)
    assert len(largest.interiors) == 0
    assert read_boundaries(codes=["KAZ"]).require("KAZ").equals(whole)


def test_russia_is_one_piece() -> None:
    russia = bundled().require("RUS")
    assert russia.bounds[0] > 19
    assert 190 < russia.bounds[2] < 192
    assert russia.contains(Point(360 - 175.0, 67.0))


def test_guantanamo_is_drawn_with_cuba() -> None:
    raw = gpd.read_file(BORDERS / "countries.shp", columns=["ADM0_A3"]).set_index("ADM0_A3").geometry
    assert "USG" not in bundled().territories.index
    assert bundled().require("CUB").contains(raw["USG"].representative_point())


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("en", "Tajikistan"),
        ("en-GB", "Tajikistan"),
        ("ru", "Таджикистан"),
        ("fa", "تاجیکستان"),
        ("xx", "Tajikistan"),
    ],
)
def test_names_follow_the_language(language: str, name: str) -> None:
    assert read_boundaries(codes=["TJK"], language=language).territories["name"].tolist() == [name]


def test_every_territory_has_a_name_in_every_language() -> None:
    names = read_boundaries(language="zh").territories["name"]
    assert names.map(lambda name: isinstance(name, str) and bool(name.strip())).all()


def test_unknown_codes_are_all_told() -> None:
    with pytest.raises(TerritoryNotFoundError) as caught:
        read_boundaries(codes=["TJK", "TJX", "Tajikistan", "Kirgizstan", "tjk"])
    data = "in Natural Earth 5.1.1, 1:10m."
    assert {problem.message for problem in caught.value.problems} == {
        f"unknown territory 'TJX' {data} Did you mean 'TJK'?",
        f"unknown territory 'Tajikistan' {data} Its code is 'TJK'.",
        f"unknown territory 'Kirgizstan' {data} Did you mean 'KGZ', Kyrgyzstan?",
        f"unknown territory 'tjk' {data} Did you mean 'TJK' or 'TKM'?",
    }
    with pytest.raises(TerritoryNotFoundError, match="Its code is 'AFG'"):
        bundled().require("afghanistan")


def test_hostile_code_is_shown_harmlessly() -> None:
    told = bundled().unknown("\x1b[31m" + "x" * 100_000)
    assert "\x1b" not in told
    assert len(told) < 300


@pytest.mark.parametrize("suffix", [".shp", ".gpkg", ".geojson"])
def test_own_file_gives_the_same_borders(tmp_path: Path, suffix: str) -> None:
    own = read_boundaries(save(three(), tmp_path / f"land{suffix}"), folder=tmp_path)
    assert own.territories.index.tolist() == THREE
    assert own.territories["name"].tolist() == ["Kyrgyzstan", "Tajikistan", "Uzbekistan"]
    assert own.dataset.describe() == f"land{suffix}"
    for pair in (("KGZ", "TJK"), ("TJK", "UZB")):
        length = border_length_km(shared_border(own.territories, *pair))
        assert length == pytest.approx(
            border_length_km(shared_border(bundled().territories, *pair)), rel=1e-6
        )


def test_zip(tmp_path: Path) -> None:
    save(three(), tmp_path / "land.shp")
    with zipfile.ZipFile(tmp_path / "land.zip", "w") as archive:
        for path in sorted(tmp_path.glob("land.*")):
            if path.suffix != ".zip":
                archive.write(path, path.name)
    assert read_boundaries("land.zip", folder=tmp_path).territories.index.tolist() == THREE


def test_layer_of_a_geopackage(tmp_path: Path) -> None:
    save(three(), tmp_path / "land.gpkg", "districts")
    save(three().iloc[:2], tmp_path / "land.gpkg", "states")
    found = read_boundaries("land.gpkg|layername=states", folder=tmp_path)
    assert found.territories.index.tolist() == THREE[:2]
    with pytest.raises(BoundaryDataError, match="has 2 layers: 'districts', 'states'"):
        read_boundaries("land.gpkg", folder=tmp_path)


@pytest.mark.parametrize("crs", ["EPSG:3857", "EPSG:32642", "ESRI:102025"])
def test_crs_is_transformed(tmp_path: Path, crs: str) -> None:
    found = read_boundaries(save(three().to_crs(crs), tmp_path / "land.gpkg"), folder=tmp_path).territories
    assert found.crs.to_epsg() == 4326
    assert np.allclose(found.total_bounds, three().total_bounds, atol=1e-6)


@pytest.mark.parametrize(
    ("columns", "codes", "names"),
    [
        ({"shapeISO": THREE, "shapeName": ["k", "t", "u"], "shapeGroup": ["X"] * 3}, THREE, ["k", "t", "u"]),
        ({"GID_0": THREE, "COUNTRY": ["k", "t", "u"]}, THREE, ["k", "t", "u"]),
        (
            {"GID_0": ["KGZ"] * 3, "COUNTRY": ["K"] * 3, "GID_1": ["KGZ.1_1", "KGZ.2_1", "KGZ.3_1"],
             "NAME_1": ["Batken", "Chuy", "Osh"]},
            ["KGZ.1_1", "KGZ.2_1", "KGZ.3_1"],
            ["Batken", "Chuy", "Osh"],
        ),
        ({"CNTR_ID": ["KG", "TJ", "UZ"], "NAME_ENGL": ["k", "t", "u"]}, ["KG", "TJ", "UZ"], ["k", "t", "u"]),
        ({"code": [1, 2, 3], "name": ["k", None, " "]}, ["1", "2", "3"], ["k", "2", "3"]),
        ({"ISO_A3": [" KGZ", "TJK ", "UZB"]}, THREE, THREE),
        ({"ISO_A3": ["-99"] * 3, "CODE": THREE}, THREE, THREE),
    ],
)  # fmt: skip
def test_columns_that_people_have(
    tmp_path: Path, columns: dict[str, list[object]], codes: list[str], names: list[str]
) -> None:
    frame = gpd.GeoDataFrame(columns, geometry=three().geometry.simplify(0.1).tolist(), crs="EPSG:4326")
    found = read_boundaries(save(frame, tmp_path / "land.gpkg"), folder=tmp_path).territories
    assert found.index.tolist() == codes
    assert found["name"].tolist() == names


def test_columns_that_the_project_names(tmp_path: Path) -> None:
    frame = three().rename(columns={"ADM0_A3": "key", "NAME_EN": "title"})
    path = save(frame, tmp_path / "land.shp")
    found = read_boundaries(path, folder=tmp_path, code_column="key", name_column="title")
    assert found.territories["name"].to_dict()["TJK"] == "Tajikistan"
    with pytest.raises(BoundaryDataError) as caught:
        read_boundaries(path, folder=tmp_path)
    assert str(caught.value) == (
        "land.shp: none of its columns is known to hold codes (key, title); "
        "name the one that does as code_column: in the project file"
    )
    with pytest.raises(BoundaryDataError) as caught:
        read_boundaries(path, folder=tmp_path, code_column="kay")
    expected = "land.shp: no column 'kay', which code_column names; it has key, title. Did you mean 'key'?"
    assert str(caught.value) == expected
    with pytest.raises(BoundaryDataError, match="no column 'nam', which name_column names"):
        read_boundaries(path, folder=tmp_path, code_column="key", name_column="nam")


def test_names_go_with_the_level_of_the_codes(tmp_path: Path) -> None:
    gadm = three().rename(columns={"ADM0_A3": "GID_0", "NAME_EN": "COUNTRY"})
    gadm = gadm.assign(GID_1=[f"{code}.1_1" for code in THREE], NAME_1=["Batken", "Sughd", "Andijon"])
    path = save(gadm, tmp_path / "gadm.gpkg")
    countries = read_boundaries(path, folder=tmp_path, code_column="GID_0")
    assert countries.territories["name"].tolist() == ["Kyrgyzstan", "Tajikistan", "Uzbekistan"]


def test_numbers_as_codes_have_no_decimals(tmp_path: Path) -> None:
    frame = three().assign(code=[1.0, np.nan, 3.0])[["code", "geometry"]]
    found = read_boundaries(save(frame, tmp_path / "land.gpkg"), folder=tmp_path)
    assert found.territories.index.tolist() == ["1", "3"]
    (finding, _) = found.findings
    assert (finding.severity, finding.code) == ("warning", "boundary-without-code")
    assert finding.message == "1 of 3 features are left out: no code in column 'code'"


def test_features_with_one_code_are_joined(tmp_path: Path) -> None:
    tajik = three().iloc[1].geometry
    west, south, east, north = tajik.bounds
    halves = [
        shapely.clip_by_rect(tajik, west, south, 71, north),
        shapely.clip_by_rect(tajik, 71, south, east, north),
    ]
    frame = gpd.GeoDataFrame({"code": ["TJK", "TJK"]}, geometry=halves, crs="EPSG:4326")
    found = read_boundaries(save(frame, tmp_path / "land.gpkg"), folder=tmp_path)
    assert found.territories.index.tolist() == ["TJK"]
    assert found.require("TJK").area == pytest.approx(tajik.area, rel=1e-9)
    assert codes_of(found.findings) == ["boundary-parts-joined", "worldview-unanswered"]


def test_own_data_has_no_label_points_and_no_disputes(tmp_path: Path) -> None:
    path = save(three(), tmp_path / "land.gpkg")
    found = read_boundaries(path, folder=tmp_path)
    assert found.territories[["label_lon", "label_lat"]].isna().all(axis=None)
    assert found.disputed.empty
    assert codes_of(found.findings) == ["worldview-unanswered"]
    assert codes_of(read_boundaries(path, folder=tmp_path, worldview="UA").findings) == [
        "worldview-unanswered"
    ]
    assert read_boundaries(path, folder=tmp_path, worldview="de_facto").findings == ()


def test_own_data_across_longitude_180(tmp_path: Path) -> None:
    raw = gpd.read_file(BORDERS / "countries.shp", columns=["ADM0_A3"])
    path = save(raw[raw["ADM0_A3"] == "FJI"], tmp_path / "fiji.geojson")
    west, _, east, _ = read_boundaries(path, folder=tmp_path).require("FJI").bounds
    assert (round(west), round(east)) == (175, 182)


def test_codes_of_an_own_file(tmp_path: Path) -> None:
    path = save(three(), tmp_path / "land.gpkg")
    assert read_boundaries(path, folder=tmp_path, codes=["UZB"]).territories.index.tolist() == ["UZB"]
    with pytest.raises(TerritoryNotFoundError) as caught:
        read_boundaries(path, folder=tmp_path, codes=["AFG", "Uzbekistan"])
    assert "unknown territory 'AFG' in land.gpkg." in str(caught.value)
    assert "Its code is 'UZB'." in str(caught.value)


def test_only_what_is_needed_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []
    real = gpd.read_file

    def spy(path: Path, **options: object) -> gpd.GeoDataFrame:
        asked.append(list(options["columns"]))  # type: ignore[call-overload]
        return real(path, **options)

    monkeypatch.setattr(gpd, "read_file", spy)
    read_boundaries(codes=["AFG"], language="ru")
    assert max(map(len, asked)) <= 9  # of 93 columns


def test_nothing_is_changed_for_the_next_reader() -> None:
    pd.testing.assert_frame_equal(
        pd.DataFrame(read_boundaries().territories.drop(columns="geometry")),
        pd.DataFrame(bundled().territories.drop(columns="geometry")),
    )

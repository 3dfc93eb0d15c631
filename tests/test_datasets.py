"""Which dataset a project names, and what is known of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from mapgen.datasets import Dataset, find_dataset, read_dataset, read_layer
from mapgen.errors import BoundaryDataError


def test_bundled_dataset_by_its_name() -> None:
    dataset = find_dataset("natural-earth-10m")
    assert dataset.describe() == "Natural Earth 5.1.1, 1:10m"
    assert (dataset.scale, dataset.code_column, dataset.license) == (10_000_000, "ADM0_A3", "public domain")
    assert dataset.parts == {"KAB": "KAZ", "USG": "CUB"}
    assert dataset == read_dataset("natural-earth-10m")


def test_own_file_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "land.gpkg").touch()
    dataset = find_dataset("sub/land.gpkg|layername=states", folder=tmp_path, code_column="key")
    assert (dataset.name, dataset.folder, dataset.scale) == ("land.gpkg", None, None)
    assert dataset.describe() == "land.gpkg"
    assert dataset.code_column == "key"


def test_a_file_does_not_hide_a_bundled_dataset(tmp_path: Path) -> None:
    (tmp_path / "natural-earth-10m").touch()
    assert find_dataset("natural-earth-10m", folder=tmp_path).scale == 10_000_000


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("natural-earth-50m", "Did you mean 'natural-earth-10m'?"),
        ("borders", "the path of a shapefile, zip, GeoPackage or GeoJSON file."),
        ("data/x.gpkg", "there is no file 'data/x.gpkg'. Paths start at the project folder."),
        ("borders.SHP|layername=a", "there is no file 'borders.SHP'. Paths start"),
        ("\0/", r"there is no file '\x00/'."),
        ("/vsicurl/https://example.org/x.zip", "there is no file '/vsicurl/https://example.org/x.zip'."),
        (".", "unknown boundary dataset '.': expected one of natural-earth-10m"),
        ("a\x1b[31m", r"unknown boundary dataset 'a\x1b[31m'"),
    ],
)
def test_what_is_neither(tmp_path: Path, given: str, says: str) -> None:
    with pytest.raises(BoundaryDataError) as caught:
        find_dataset(given, folder=tmp_path)
    assert says in str(caught.value)


def test_files_that_might_have_been_meant(tmp_path: Path) -> None:
    def told(given: str) -> str:
        with pytest.raises(BoundaryDataError) as caught:
            find_dataset(given, folder=tmp_path)
        return str(caught.value)

    (tmp_path / "data").mkdir()
    for name in ("notes.txt", "regions.gpkg", "rivers.gpkg", "x.geojson"):
        (tmp_path / "data" / name).touch()
    said = told("data/region.gpkg")
    assert said.startswith("there is no file 'data/region.gpkg'. Did you mean 'data/regions.gpkg'")
    assert told("regions.gpkg").endswith("Did you mean 'data/regions.gpkg'?")
    assert told("nowhere/q.shp").endswith(
        "There is 'data/regions.gpkg', 'data/rivers.gpkg', 'data/x.geojson'."
    )


def test_companion_layers_hold_the_columns_asked_for() -> None:
    dataset = read_dataset("natural-earth-10m")
    lakes = read_layer(dataset, "lakes", ["scalerank"], "scalerank <= 1")
    assert lakes is not None
    assert set(lakes.columns) == {"scalerank", "geometry"}
    assert 5 < len(lakes) < 100
    assert (lakes["scalerank"] <= 1).all()


def test_layers_that_are_not_there() -> None:
    assert read_layer(read_dataset("natural-earth-10m"), "glaciers", []) is None
    assert read_layer(Dataset(name="own", title="own"), "lakes", []) is None


@pytest.mark.parametrize(
    ("dataset", "described"),
    [
        (Dataset("a", "Atlas"), "Atlas"),
        (Dataset("a", "Atlas", version="2"), "Atlas 2"),
        (Dataset("a", "Atlas", version="2", scale=1_000_000), "Atlas 2, 1:1m"),
    ],
)
def test_description(dataset: Dataset, described: str) -> None:
    assert dataset.describe() == described

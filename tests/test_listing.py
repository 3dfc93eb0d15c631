"""What ``mapgen borders`` tells: the values themselves."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from shapely.geometry import box

from mapgen.errors import BorderNotFoundError, TerritoryNotFoundError
from mapgen.listing import describe_border, list_borders
from tests.projects import write_project

PROJECT = Path(__file__).resolve().parent.parent / "mapgen.yaml"
AMONG_THE_SIX = {
    ("AFG", "TJK"): 1170, ("AFG", "TKM"): 723, ("AFG", "UZB"): 137, ("TKM", "UZB"): 1596, ("TKM", "KAZ"): 373,
    ("UZB", "TJK"): 1120, ("UZB", "KAZ"): 2183, ("KAZ", "RUS"): 6658,
}  # fmt: skip


@cache
def listed() -> list[dict[str, Any]]:
    return list_borders(PROJECT)


def test_border_of_two() -> None:
    found = describe_border(PROJECT, "AFG", "TJK")
    assert list(found) == ["left", "right", "length_km", "parts", "dataset", "bounds"]
    assert (found["left"], found["right"], found["parts"]) == ("AFG", "TJK", 1)
    assert found["length_km"] == pytest.approx(1170, rel=0.005)
    assert found["dataset"] == "Natural Earth 5.1.1, 1:10m"
    west, south, east, north = found["bounds"]
    assert (round(west), round(south), round(east), round(north)) == (68, 37, 75, 38)


def test_order_of_codes_is_kept() -> None:
    one, other = describe_border(PROJECT, "AFG", "TJK"), describe_border(PROJECT, "TJK", "AFG")
    assert (other["left"], other["right"]) == ("TJK", "AFG")
    assert {**other, "left": "AFG", "right": "TJK"} == one


def test_values_are_plain() -> None:
    assert json.loads(json.dumps(listed(), allow_nan=False)) == listed()


def test_borders_among_the_territories_come_first() -> None:
    pairs = [(row["left"], row["right"]) for row in listed()]
    among = {(row["left"], row["right"]): row["length_km"] for row in listed()[: len(AMONG_THE_SIX)]}
    assert among == {pair: pytest.approx(length, rel=0.005) for pair, length in AMONG_THE_SIX.items()}
    assert len(set(map(frozenset, pairs))) == len(pairs)
    rest = pairs[len(AMONG_THE_SIX) :]
    assert ("KAZ", "KGZ") in rest
    assert ("RUS", "NOR") in rest
    assert all(left in {"AFG", "TKM", "UZB", "TJK", "KAZ", "RUS"} for left, _ in rest)
    assert not {"AFG", "TKM", "UZB", "TJK", "KAZ", "RUS"} & {right for _, right in rest}


def test_two_that_do_not_touch() -> None:
    with pytest.raises(BorderNotFoundError) as caught:
        describe_border(PROJECT, "TJK", "KAZ")
    assert str(caught.value) == (
        "Tajikistan (TJK) and Kazakhstan (KAZ) share no border in Natural Earth 5.1.1, 1:10m: "
        "46 km apart at the nearest; between them: China (CHN), Kyrgyzstan (KGZ), Uzbekistan (UZB)"
    )


def test_two_with_the_sea_between() -> None:
    with pytest.raises(BorderNotFoundError, match="no way by land leads from one to the other"):
        describe_border(PROJECT, "FJI", "AFG")


def test_a_territory_and_itself() -> None:
    with pytest.raises(BorderNotFoundError) as caught:
        describe_border(PROJECT, "AFG", "AFG")
    assert str(caught.value) == "Afghanistan (AFG) has no border with itself: name two territories"


def test_all_unknown_codes_are_told() -> None:
    with pytest.raises(TerritoryNotFoundError) as caught:
        describe_border(PROJECT, "Tajikistan", "KZA")
    assert "Its code is 'TJK'." in str(caught.value)
    assert "unknown territory 'KZA'" in str(caught.value)


def test_without_a_project_the_bundled_boundaries_are_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert describe_border(Path("mapgen.yaml"), "PRT", "ESP")["length_km"] == pytest.approx(1040, rel=0.1)


def test_project_with_boundaries_of_its_own(tmp_path: Path) -> None:
    squares = {"A": box(0, 0, 1, 1), "B": box(1, 0, 2, 1), "C": box(5, 0, 6, 1)}
    frame = gpd.GeoDataFrame({"code": list(squares)}, geometry=list(squares.values()), crs="EPSG:4326")
    frame.to_file(tmp_path / "own.geojson")
    write_project(tmp_path, [{"where": {"territory": "A"}}], territories=["A", "C"], boundaries="own.geojson")
    (row,) = list_borders(tmp_path)
    assert (row["left"], row["right"], row["length_km"], row["parts"]) == ("A", "B", 110.6, 1)
    assert (row["dataset"], row["bounds"]) == ("own.geojson", [1, 0, 1, 1])
    says = "A (A) and C (C) share no border in own.geojson: 445 km apart at the nearest; no way by land"
    with pytest.raises(BorderNotFoundError, match=re.escape(says)):
        describe_border(tmp_path, "A", "C")

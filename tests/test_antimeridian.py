"""Territories on both sides of longitude 180: whole afterwards, and nothing lost."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.geometry import MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from mapgen.antimeridian import across_antimeridian

BORDERS = Path(__file__).resolve().parent.parent / "data" / "borders" / "natural-earth-10m"
ACROSS = ["FJI", "KIR", "NZL", "RUS", "UMI", "USA"]


@cache
def raw() -> gpd.GeoSeries:
    """The countries as they are in the file."""
    return gpd.read_file(BORDERS / "countries.shp", columns=["ADM0_A3"]).set_index("ADM0_A3").geometry


@cache
def whole(code: str) -> BaseGeometry:
    return across_antimeridian(raw()[code])


def length_along(geometry: BaseGeometry, longitude: float) -> float:
    """Length of the outlines on a meridian, in degrees."""
    meridian = shapely.box(longitude - 1e-7, -90, longitude + 1e-7, 90)
    return float(shapely.intersection(geometry.boundary, meridian).length)


def test_only_territories_on_both_sides_change() -> None:
    changed = [code for code, shape in raw().items() if across_antimeridian(shape) is not shape]
    assert sorted(changed) == ACROSS


@pytest.mark.parametrize("code", ACROSS)
def test_territory_lies_together_and_keeps_its_area(code: str) -> None:
    west, _, east, _ = whole(code).bounds
    assert east - west < 180
    assert -220 < west < 180 < abs(west) + abs(east)
    assert whole(code).is_valid
    assert whole(code).area == pytest.approx(raw()[code].area, rel=1e-9)
    assert whole(code).bounds[1::2] == raw()[code].bounds[1::2]


def test_chukotka_is_joined_to_russia_without_a_seam() -> None:
    assert length_along(raw()["RUS"], 180.0) > 3
    # The coast makes a step of 200 m there: the data's two sides don't end at one place.
    assert length_along(whole("RUS"), 180.0) < 0.003
    assert len(shapely.get_parts(whole("RUS"))) == len(shapely.get_parts(raw()["RUS"])) - 2
    mainland = max(shapely.get_parts(whole("RUS")), key=lambda part: part.area)
    assert mainland.contains(Point(37.62, 55.75))
    assert mainland.contains(Point(360 - 175.0, 67.0))
    assert whole("RUS").bounds[2] == pytest.approx(191.0, abs=0.05)


def test_russias_other_vertices_are_as_they_were() -> None:
    kept = set(map(tuple, shapely.get_coordinates(whole("RUS"))))
    before = set(map(tuple, shapely.get_coordinates(raw()["RUS"])))
    assert {xy for xy in before if 0 < xy[0] < 179.999} <= kept


@pytest.mark.parametrize(("code", "lon"), [("USA", -187.0), ("NZL", 183.5), ("FJI", 180.2), ("KIR", -188.0)])
def test_smaller_side_moves_to_the_larger(code: str, lon: float) -> None:
    assert abs(whole(code).bounds[0] - lon) < 12 or abs(whole(code).bounds[2] - lon) < 12
    largest = max(shapely.get_parts(whole(code)), key=lambda part: part.area)
    assert largest.bounds[0] >= -180 and largest.bounds[2] <= 181


def test_what_lies_round_the_pole_stays() -> None:
    assert across_antimeridian(raw()["ATA"]) is raw()["ATA"]


def test_parts_that_end_almost_on_the_line_are_joined() -> None:
    halves = MultiPolygon([box(170, 0, 180 - 1e-9, 10), box(-180 + 1e-9, 0, -175, 10)])
    joined = across_antimeridian(halves)
    assert len(shapely.get_parts(joined)) == 1
    assert joined.equals(box(170, 0, 185, 10))


def test_larger_western_side_stays_where_it_is() -> None:
    joined = across_antimeridian(MultiPolygon([box(175, 0, 180, 10), box(-180, 0, -150, 10)]))
    assert joined.equals(box(-185, 0, -150, 10))


def test_hole_on_the_line_is_whole_too() -> None:
    east = Polygon([(170, 0), (180, 0), (180, 4), (178, 5), (180, 6), (180, 10), (170, 10)])
    west = Polygon([(-180, 0), (-175, 0), (-175, 10), (-180, 10), (-180, 6), (-178, 5), (-180, 4)])
    joined = across_antimeridian(MultiPolygon([east, west]))
    (part,) = shapely.get_parts(joined)
    assert len(part.interiors) == 1
    assert not joined.contains(Point(180, 5))
    assert joined.area == east.area + west.area


def test_longitudes_beyond_180_are_taken_as_they_come() -> None:
    shape = MultiPolygon([box(172, -20, 180, -10), box(180, -20, 190, -10)])
    assert across_antimeridian(shape) is shape


@pytest.mark.parametrize("shape", [Polygon(), MultiPolygon(), box(-180, -5, 180, 5), box(0, 0, 1, 1)])
def test_nothing_to_do(shape: BaseGeometry) -> None:
    assert across_antimeridian(shape) is shape


def test_islands_all_round_the_globe_are_divided_at_the_widest_gap() -> None:
    islands = MultiPolygon([box(lon, 0, lon + 1, 1) for lon in (-170, -100, 10, 60, 120, 170)])
    west, _, east, _ = across_antimeridian(islands).bounds
    assert east - west == pytest.approx(360 - 109)
    assert np.isclose(across_antimeridian(islands).area, islands.area)

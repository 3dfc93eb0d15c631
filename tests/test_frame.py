"""Frames of maps of many regions: everything is inside, and nothing runs away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import shapely
from shapely.geometry import MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

from mapgen.frame import (
    LEAST_PIXELS,
    PIXEL_SHARE,
    VIEW_PIXELS,
    ZOOM_LIMITS,
    Frame,
    extent_of_degrees,
    frame_map,
    gather,
    grow,
    main_parts,
    opening_extent,
)
from mapgen.places import Placement
from mapgen.projection import Extent, metres_per_pixel
from tests.projects import TERRITORIES, at, boundaries, default_frame, place

SCALE = 10_000_000
REGIONS: dict[str, Sequence[str]] = {
    "the six": TERRITORIES,
    "across longitude 180": ["USA", "RUS"],
    "islands across longitude 180": ["FJI"],
    "islands far across it": ["KIR"],
    "tiny": ["LIE"],
    "tiny and high": ["SMR"],
    "smallest": ["VAT"],
    "southern": ["ARG", "CHL"],
    "on the equator": ["COD"],
    "across the equator": ["BRA"],
    "northern": ["GRL"],
    "north and an island in the far south": ["NOR"],
    "round the south pole": ["ATA"],
    "two far apart": ["NZL", "ISL"],
    "two as far apart as can be": ["ESP", "NZL"],
    "north and south": ["JPN", "AUS"],
}
PROJECTIONS = ["auto", "mercator", "conic"]


def frame(codes: Sequence[str], *where: Any, projection: str = "auto", scale: int | None = SCALE) -> Frame:
    shapes = [boundaries().require(code) for code in codes]
    return frame_map(shapes, placed(*where), projection=projection, scale=scale)


def placed(*where: Any) -> list[Placement]:
    placements, findings = place(*where) if where else ([], [])
    assert [finding for finding in findings if finding.severity == "error"] == []
    return placements


def within(inner: Extent, outer: Extent, slack: float = 1.0) -> bool:
    west, south, east, north = outer
    return (
        inner[0] >= west - slack
        and inner[1] >= south - slack
        and inner[2] <= east + slack
        and inner[3] <= north + slack
    )


def is_sound(extent: Extent) -> bool:
    west, south, east, north = extent
    return bool(np.isfinite(extent).all()) and west < east and south < north


def share_inside(shape: BaseGeometry, framed: Frame, extent: Extent) -> float:
    """How much of a territory's outline lies in an extent."""
    xy = framed.projection.project(shapely.get_coordinates(shape))
    west, south, east, north = grow(extent, 1e-6)
    inside = (xy[:, 0] >= west) & (xy[:, 0] <= east) & (xy[:, 1] >= south) & (xy[:, 1] <= north)
    return float(inside.mean())


@pytest.mark.parametrize("projection", PROJECTIONS)
@pytest.mark.parametrize("region", REGIONS)
def test_any_region_is_framed(region: str, projection: str) -> None:
    codes = REGIONS[region]
    framed = frame(codes, projection=projection)
    extents = (framed.region, framed.opening, framed.panned, framed.drawn)
    assert all(is_sound(extent) for extent in extents)
    assert framed.opening == framed.region
    assert within(framed.region, framed.panned)
    assert within(framed.panned, framed.drawn)
    for code in codes:
        shape = main_parts(boundaries().require(code))
        assert share_inside(shape, framed, framed.region) == 1.0
    home = opening_extent(framed, [])
    assert is_sound(home)
    assert within(framed.region, home)


def test_the_whole_world() -> None:
    framed = frame(boundaries().territories.index)
    assert framed.projection.name == "mercator"
    assert is_sound(framed.drawn)
    width = framed.region[2] - framed.region[0]
    assert width == pytest.approx(2 * np.pi * 6378137, rel=0.01)


@pytest.mark.parametrize(
    ("codes", "degrees"),
    [
        (["FJI"], 8),
        (["USA", "RUS"], 280),
        (["KIR"], 40),
        (["NZL", "ISL"], 185),
        (["RUS"], 175),
        (["USA"], 125),
    ],
)
def test_region_across_longitude_180_is_as_wide_as_it_is(codes: Sequence[str], degrees: float) -> None:
    framed = frame(codes, projection="mercator")
    width = np.degrees((framed.region[2] - framed.region[0]) / 6378137)
    assert width <= degrees


def test_north_is_up_in_the_middle_of_the_claims() -> None:
    alone = frame(TERRITORIES).projection.lon_0
    claimed = frame(TERRITORIES, at("border", ("AFG", "UZB"))).projection.lon_0
    assert alone == pytest.approx(105, abs=2)
    assert claimed == pytest.approx(67, abs=2)


WHERES = {
    "border": at("border", ("AFG", "TJK")),
    "route": at("route", ("AFG", "TKM", "KAZ", "RUS")),
    "relation": at("relation", ("RUS", "TKM")),
    "place": at("place", "Termez"),
    "point far outside": at("point", (-74.0, 40.7)),
    "point across longitude 180": at("point", (-170.0, 66.0)),
}


@pytest.mark.parametrize("kind", WHERES)
@pytest.mark.parametrize("projection", PROJECTIONS)
def test_claims_are_inside(kind: str, projection: str) -> None:
    placements = placed(WHERES[kind])
    framed = frame(TERRITORIES, WHERES[kind], projection=projection)
    home = opening_extent(framed, placements)
    for placement in placements:
        assert share_inside(placement.geometry, framed, home) == 1.0
        assert share_inside(placement.geometry, framed, framed.panned) == 1.0
    assert within(framed.opening, framed.panned)
    assert within(framed.region, framed.panned)


def test_claim_on_a_whole_territory_does_not_open_on_all_of_it() -> None:
    framed = frame(TERRITORIES, at("territory", "RUS"))
    west, south, east, north = framed.opening
    assert max(east - west, north - south) <= 900_001
    lichtenstein = frame(["LIE"], at("territory", "LIE"))
    assert within(lichtenstein.opening, grow(lichtenstein.region, 0.01))


@pytest.mark.parametrize("where", [at("point", (67.27, 37.22)), at("place", "Termez")])
def test_point_opens_on_a_sensible_width(where: Any) -> None:
    framed = frame(TERRITORIES, where)
    west, south, east, north = opening_extent(framed, placed(where))
    least = LEAST_PIXELS * metres_per_pixel(framed.max_zoom)
    assert least <= east - west <= 1.2 * least
    assert least <= north - south <= 1.2 * least
    assert 100_000 < east - west < 200_000


def test_maps_open_on_what_they_are_told() -> None:
    told = (60.0, 35.0, 75.0, 42.0)
    framed = frame_map(
        [boundaries().require("AFG")], [], projection="conic", scale=SCALE, extents=[told, (100, 0, 110, 5)]
    )
    for extent in (told, (100.0, 0.0, 110.0, 5.0)):
        assert within(extent_of_degrees(framed, extent), framed.panned)
        assert within(extent_of_degrees(framed, extent), framed.opening)


def test_extent_in_degrees_includes_its_curved_edges() -> None:
    framed = frame(TERRITORIES)
    extent = extent_of_degrees(framed, (60.0, 35.0, 150.0, 60.0))
    edge = np.column_stack([np.linspace(60, 150, 400), np.full(400, 35.0)])
    xy = framed.projection.project(edge)
    assert xy[:, 1].min() >= extent[1] - 2000


def test_largest_zoom_follows_the_datas_scale() -> None:
    """At the largest zoom a millimetre of the data's own map is some millimetres on the screen, not more."""
    framed = frame(["TJK"])
    assert 6.5 <= framed.max_zoom <= 7.5
    assert framed.grid.unit == pytest.approx(metres_per_pixel(framed.max_zoom) * PIXEL_SHARE)
    assert frame(["TJK"], scale=1_000_000).max_zoom == pytest.approx(framed.max_zoom + np.log2(10), abs=0.1)
    assert frame(["TJK"], scale=1).max_zoom == ZOOM_LIMITS[1]
    assert frame(["TJK"], scale=10**9).max_zoom == ZOOM_LIMITS[0]


def test_largest_zoom_of_data_without_a_scale_is_judged_by_its_vertices() -> None:
    assert abs(frame(["TJK"], scale=None).max_zoom - frame(["TJK"]).max_zoom) <= 2.5
    fine = shapely.segmentize(box(10.0, 47.0, 10.1, 47.1), 0.0005)
    assert frame_map([fine], [], projection="auto", scale=None).max_zoom == ZOOM_LIMITS[1]
    coarse = box(10.0, 40.0, 20.0, 50.0)
    assert frame_map([coarse], [], projection="auto", scale=None).max_zoom == ZOOM_LIMITS[0]


def test_small_parts_far_away_do_not_frame_a_map() -> None:
    norway, france, usa = (main_parts(boundaries().require(code)) for code in ("NOR", "FRA", "USA"))
    assert norway.bounds[1] > 57
    assert norway.bounds[3] > 80  # Svalbard does
    assert france.bounds == pytest.approx((-5.1, 41.4, 9.6, 51.1), abs=0.1)  # with Corsica
    assert usa.bounds == pytest.approx((-168.1, 18.9, -67.0, 71.4), abs=0.1)  # with Alaska and Hawaii
    assert main_parts(Polygon([(0, 0), (1, 0), (0, 1)])).area == 0.5


def test_two_large_parts_both_frame_a_map() -> None:
    malaysia = main_parts(boundaries().require("MYS"))
    assert malaysia.bounds[0] < 101
    assert malaysia.bounds[2] > 119


def test_territories_are_gathered_round_the_widest() -> None:
    shapes = gather([box(20, 40, 190, 80), box(-187, 20, -67, 70), box(-10, 40, 0, 50)])
    assert [shape.bounds[0] for shape in shapes] == [20, 173, -10]
    (alone,) = gather([MultiPolygon([box(-190, 0, -180, 1)])])
    assert alone.bounds[0] == -190


@pytest.mark.parametrize("codes", [TERRITORIES, ("LIE",), ("FJI",), ("USA", "RUS")])
def test_one_can_zoom_in_farther_the_nearer_the_claims(codes: tuple[str, ...]) -> None:
    framed = frame(list(codes))
    nearest, around, everywhere = framed.reaches
    assert nearest.zoom == framed.max_zoom >= around.zoom >= everywhere.zoom
    assert within(framed.opening, nearest.extent)
    assert within(nearest.extent, around.extent)
    assert everywhere.extent == framed.panned
    for reach in framed.reaches:
        steps = framed.max_zoom - reach.zoom
        assert steps == pytest.approx(round(steps), abs=1e-9)


def test_the_largest_zoom_shows_a_whole_view_of_the_nearest_reach() -> None:
    shapes = [boundaries().require("TJK")]
    framed = frame_map(shapes, placed(at("point", (69.0, 39.0))), projection="auto", scale=SCALE)
    west, south, east, north = framed.reaches[0].extent
    pixel = metres_per_pixel(framed.max_zoom)
    assert east - west >= VIEW_PIXELS[0] * pixel - 1
    assert north - south >= VIEW_PIXELS[1] * pixel - 1


def test_what_opens_on_a_page_of_common_size_is_drawn_for_its_zoom() -> None:
    framed = default_frame()
    _, around, everywhere = framed.reaches
    for extent, reach in ((framed.opening, around), (framed.region, everywhere)):
        west, south, east, north = extent
        metres = max((east - west) / VIEW_PIXELS[0], (north - south) / VIEW_PIXELS[1])
        assert abs(np.log2(metres_per_pixel(0) / metres) - reach.zoom) <= 0.5

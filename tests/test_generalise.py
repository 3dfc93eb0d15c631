"""What is left of geometry on the map's grid: nothing that can be seen is missing or moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest
import shapely
from shapely.geometry import MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

from mapgen.frame import Frame, frame_map
from mapgen.generalise import FAR_ZOOMS, TOLERANCE_PIXELS, Arcs, Detail, inside, project_parts, to_grid
from mapgen.projection import metres_per_pixel
from mapgen.sheet import Sheet, lay_out
from mapgen.topology import build_topology
from tests.projects import TERRITORIES, at, boundaries, default_frame, default_placements, place

HALF_A_PIXEL = 0.5


@dataclass(frozen=True)
class Drawn:
    """Territories on their map's grid."""

    frame: Frame
    detail: Detail
    sheet: Sheet
    arcs: Arcs


@cache
def drawn(codes: tuple[str, ...], projection: str = "auto") -> Drawn:
    """Draw territories with all that lies around them."""
    if codes == TERRITORIES and projection == "auto":
        frame, placements = default_frame(), default_placements()
    else:
        shapes = [boundaries().require(code) for code in codes]
        frame, placements = frame_map(shapes, [], projection=projection, scale=10_000_000), {}
    detail = Detail.of(frame)
    sheet = lay_out(boundaries(), placements, frame, detail, focus=codes)
    return Drawn(frame, detail, sheet, Arcs(sheet.topology, frame, detail))


def level_of(each: Drawn, arc: int) -> int:
    """The level of detail of an arc."""
    start = each.sheet.topology.offsets[arc]
    return int(each.detail.level(each.sheet.topology.points[[start]])[0])


def pixel_at(each: Drawn, level: int) -> float:
    """Metres a pixel has at the largest zoom at which a reader can see what is of a level."""
    zooms = [reach.zoom for reach in each.frame.reaches]
    return float(metres_per_pixel([*zooms, zooms[-1] - FAR_ZOOMS][level]))


def on_the_grid(each: Drawn, arc: int) -> np.ndarray:
    """The vertices of an arc as they are drawn, in projected metres."""
    start, end = each.arcs.offsets[arc : arc + 2]
    metres: np.ndarray = each.arcs.positions[start:end] * (1.0, -1.0) * each.frame.grid.unit
    return metres


def distances(xy: np.ndarray, line: np.ndarray) -> np.ndarray:
    """How far positions lie from a line."""
    stretches = shapely.linestrings(np.stack([line[:-1], line[1:]], axis=1))
    (places, _), away = shapely.STRtree(stretches).query_nearest(
        shapely.points(xy), return_distance=True, all_matches=False
    )
    assert len(places) == len(xy)
    found: np.ndarray = away
    return found


def pixels_away(each: Drawn, arc: int) -> float:
    """The largest distance between an arc of the data and the arc drawn, both ways.

    In pixels at the largest zoom at which a reader can see the arc.
    """
    start, end = each.sheet.topology.offsets[arc : arc + 2]
    before, after = each.sheet.topology.points[start:end], on_the_grid(each, arc)
    there = distances(before, after).max()
    steps = np.linspace(0, 1, 9)[:, None, None]
    dense = ((1 - steps) * after[:-1] + steps * after[1:]).reshape(-1, 2)
    return float(max(there, distances(dense, before).max())) / pixel_at(each, level_of(each, arc))


@pytest.mark.parametrize("codes", [TERRITORIES, ("FJI",), ("ARG", "CHL"), ("LIE",)])
def test_nothing_is_off_by_more_than_half_a_pixel_where_it_can_be_seen(codes: tuple[str, ...]) -> None:
    """Neighbours, far land, lakes and rivers as well as the territories that the map is about."""
    each = drawn(codes)
    arcs = np.arange(len(each.arcs.offsets) - 1)
    levels = np.array([level_of(each, int(arc)) for arc in arcs])
    # All of what the claims are about, and every seventh of the rest.
    away = [pixels_away(each, int(arc)) for arc in arcs if levels[arc] == 0 or arc % 7 == 0]
    assert len(away) >= 5
    assert max(away) <= HALF_A_PIXEL


def test_the_territories_are_drawn_for_the_largest_zoom_where_claims_are() -> None:
    each = drawn(TERRITORIES)
    for code in ("AFG", "TJK", "TKM", "UZB"):
        chains = each.sheet.topology.chains[each.sheet.names.index(("territory", code))]
        assert {level_of(each, max(r, ~r)) for chain in chains for r in chain} == {0}
    middle = each.frame.projection.project(np.array([[67.28, 37.22], [37.6, 55.75], [71.4, 51.1]]))
    assert each.detail.level(middle).tolist() == [0, 0, 0]


def test_straight_lines_in_degrees_stay_in_place() -> None:
    """Between vertices the data runs straight in degrees, and the map straight in metres."""
    frame = default_frame()
    pixel = metres_per_pixel(frame.max_zoom)
    for code in TERRITORIES:
        rings = shapely.get_rings(shapely.get_parts(boundaries().require(code)))
        xy, ring = shapely.get_coordinates(rings, return_index=True)
        start, end = (each[ring[1:] == ring[:-1]] for each in (xy[:-1], xy[1:]))
        projected = frame.projection.project(start), frame.projection.project(end)
        middle = frame.projection.project((start + end) / 2)
        away = shapely.distance(shapely.points(middle), shapely.linestrings(np.stack(projected, axis=1)))
        assert away.max() < 0.2 * pixel


def test_neighbours_meet_in_the_same_positions() -> None:
    each = drawn(TERRITORIES)
    ends: dict[tuple[float, float], set[tuple[int, int]]] = {}
    for arc in range(len(each.arcs.offsets) - 1):
        start, end = each.sheet.topology.offsets[arc : arc + 2]
        first, last = each.arcs.offsets[arc], each.arcs.offsets[arc + 1] - 1
        for place_, position in ((start, first), (end - 1, last)):
            key = tuple(np.round(each.sheet.topology.points[place_], 2).tolist())
            ends.setdefault(key, set()).add(tuple(each.arcs.positions[position].tolist()))
    assert {len(positions) for positions in ends.values()} == {1}


def rings_of(each: Drawn, code: str) -> list[np.ndarray]:
    chains = each.sheet.topology.chains[each.sheet.names.index(("territory", code))]
    rings = []
    for chain in chains:
        if not each.arcs.visible(chain):
            continue
        pieces = [on_the_grid(each, r) if r >= 0 else on_the_grid(each, ~r)[::-1] for r in chain]
        assert all((a[-1] == b[0]).all() for a, b in zip(pieces, [*pieces[1:], pieces[0]], strict=True))
        rings.append(np.vstack([pieces[0], *(piece[1:] for piece in pieces[1:])]))
    return rings


def area_of(rings: Sequence[np.ndarray]) -> float:
    """The area inside rings; holes run the other way round."""
    return abs(
        sum(float((ring[:-1, 0] * ring[1:, 1] - ring[1:, 0] * ring[:-1, 1]).sum()) / 2 for ring in rings)
    )


@pytest.mark.parametrize("code", TERRITORIES)
def test_rings_close_and_keep_their_area(code: str) -> None:
    each = drawn(TERRITORIES)
    rings = rings_of(each, code)
    assert all(len(ring) >= 4 and (ring[0] == ring[-1]).all() for ring in rings)
    before = each.frame.project(boundaries().require(code)).area
    assert area_of(rings) == pytest.approx(before, rel=1e-3)
    crossing = [ring for ring in rings if not Polygon(ring).is_valid]
    # Each arc is simplified on its own, so that a ring may cross itself: by less than can be seen.
    assert len(crossing) <= max(2, 0.1 * len(rings))
    for ring in crossing:
        mended = shapely.make_valid(Polygon(ring)).area
        assert abs(mended - area_of([ring])) < pixel_at(each, len(each.frame.reaches) - 1) ** 2


@pytest.mark.parametrize(
    ("codes", "projection"),
    [
        (("USA", "RUS"), "auto"),
        (("RUS",), "mercator"),
        (("NZL", "ISL"), "auto"),
        (("ESP", "NZL"), "mercator"),
        (("COD",), "auto"),
        (("GRL",), "auto"),
    ],
)
def test_no_region_loses_a_part_of_its_territories(codes: tuple[str, ...], projection: str) -> None:
    each = drawn(codes, projection)
    for code in codes:
        index = each.sheet.names.index(("territory", code))
        whole = shapely.transform(boundaries().require(code), each.frame.projection.project)
        parts = shapely.get_parts(whole)
        seen = parts[inside(shapely.get_coordinates(shapely.centroid(parts)), each.frame.drawn)]
        assert each.sheet.geometry(index).area == pytest.approx(shapely.area(seen).sum(), rel=1e-3)


def cut(shapes: list[BaseGeometry], frame: Frame) -> list[BaseGeometry]:
    """The parts of each shape on the map, together."""
    parts, owner = project_parts(shapes, frame, np.zeros(len(shapes), dtype=bool), Detail.of(frame))
    assert (np.diff(owner) >= 0).all()
    return [shapely.union_all(parts[owner == index]) for index in range(len(shapes))]


def test_land_across_the_torn_meridian_is_cut_there_and_not_left_out() -> None:
    """Canada lies beyond the pole from Russia, on both sides of where its conic is torn."""
    frame = frame_map([boundaries().require("RUS")], [], projection="auto", scale=10_000_000)
    (canada,) = cut([boundaries().require("CAN")], frame)
    assert canada.area > 3e12
    world = [box(*edges) for edges in ((-180, -60, 180, 84), (-180, -60, 0, 84), (0, -60, 180, 84))]
    world_frame = frame_map([shapely.segmentize(world[0], 1.0)], [], projection="mercator", scale=10_000_000)
    whole, west, east = cut(world, world_frame)
    full = 2 * np.pi * 6378137 * (world_frame.region[3] - world_frame.region[1])
    assert whole.area == pytest.approx(full, rel=1e-5)
    assert west.area + east.area == pytest.approx(whole.area, rel=1e-5)


def test_antarctica_can_be_drawn() -> None:
    each = drawn(("ATA",))
    assert np.isfinite(each.sheet.topology.points).all()
    area = each.sheet.geometry(each.sheet.names.index(("territory", "ATA"))).area
    west, south, east, north = each.frame.region
    assert 0.6 * (east - west) * (north - south) < area < (east - west) * (north - south)


def test_parts_are_cut_to_what_is_drawn() -> None:
    frame = frame_map([boundaries().require("LIE")], [], projection="auto", scale=10_000_000)
    shapes = [boundaries().require(code) for code in ("CHE", "AUT", "FJI")]
    parts, owner = project_parts(shapes, frame, np.zeros(3, dtype=bool), Detail.of(frame))
    assert set(owner.tolist()) == {0, 1}
    west, south, east, north = shapely.total_bounds(parts)
    assert (west, south) >= frame.drawn[:2]
    assert east <= frame.drawn[2] and north <= frame.drawn[3]


def test_small_islands_may_vanish_only_where_they_may() -> None:
    frame = default_frame()
    islands = MultiPolygon([box(100, 74, 100.0001, 74.0001), box(101, 74, 103, 75)])
    for may_vanish, count in ((True, 1), (False, 2)):
        parts, _ = project_parts([islands], frame, [may_vanish], Detail.of(frame))
        assert len(parts) == count


def test_ring_too_small_to_be_seen_is_told() -> None:
    frame, detail = default_frame(), Detail.of(default_frame())
    x, y = frame.projection.project(np.array([[65.0, 40.0]]))[0]
    pixel = metres_per_pixel(frame.max_zoom)
    shapes = np.array(
        [box(x, y, x + size * pixel, y + size * pixel) for size in (0.1, 0.5, 10.0)], dtype=object
    )
    topology = build_topology(shapes[[1, 2]], np.arange(2), 2)
    arcs = Arcs(topology, frame, detail)
    assert [arcs.visible(chains[0]) for chains in topology.chains] == [False, True]
    topology = build_topology(shapes[[0]], np.arange(1), 1)
    arcs = Arcs(topology, frame, detail)
    assert not arcs.visible(topology.chains[0][0])


def test_arcs_are_numbered_as_they_are_used() -> None:
    each = drawn(("LIE",))
    arcs = Arcs(each.sheet.topology, each.frame, each.detail)
    assert arcs.refer((5, ~2, 5)) == [0, ~1, 0]
    coded = arcs.encode()
    assert coded.arcs == 2
    assert sum(coded.sizes) // 2 + 2 == sum(arcs.offsets[a + 1] - arcs.offsets[a] for a in (5, 2))


def test_detail_falls_off_with_the_distance_from_the_claims() -> None:
    placements, _ = place(at("border", ("AFG", "UZB")))
    shapes = [boundaries().require(code) for code in TERRITORIES]
    frame = frame_map(shapes, placements, projection="auto", scale=10_000_000)
    detail = Detail.of(frame)
    west, south, east, north = frame.opening
    middle = [(west + east) / 2, (south + north) / 2]
    beyond = [frame.panned[2] + 1e6, frame.panned[3] + 1e6]
    places = np.array([middle, [frame.panned[2] - 1, frame.panned[3] - 1], beyond])
    assert detail.level(places).tolist() == [0, 2, 3]
    assert detail.at(places).tolist() == [detail.tolerances[level] for level in (0, 2, 3)]
    assert list(detail.tolerances) == sorted(detail.tolerances)
    for tolerance, shift in zip(detail.tolerances, detail.shifts, strict=True):
        # Rounding and tolerance together stay within half a pixel.
        pixel = tolerance / TOLERANCE_PIXELS
        assert np.hypot(0.5, 0.5) * 2**shift * frame.grid.unit + tolerance <= 0.5 * pixel + 1e-9


def test_grid_runs_south() -> None:
    frame = default_frame()
    assert to_grid(np.array([[frame.grid.unit * 7.4, frame.grid.unit * 3.6]]), frame).tolist() == [[7, -4]]

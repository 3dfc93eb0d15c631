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
from mapgen.generalise import Arcs, Detail, inside, project_parts, to_grid
from mapgen.projection import metres_per_pixel
from mapgen.sheet import Sheet, lay_out
from mapgen.topology import build_topology
from tests.projects import TERRITORIES, at, boundaries, default_frame, default_placements, place

HALF_A_PIXEL = 0.5


@dataclass(frozen=True)
class Drawn:
    """Territories on their map's grid."""

    frame: Frame
    sheet: Sheet
    arcs: Arcs
    subject: np.ndarray


@cache
def drawn(codes: tuple[str, ...], projection: str = "auto") -> Drawn:
    """Draw territories with all that lies around them; all of their arcs keep all detail."""
    if codes == TERRITORIES and projection == "auto":
        frame, placements = default_frame(), default_placements()
    else:
        shapes = [boundaries().require(code) for code in codes]
        frame, placements = frame_map(shapes, [], projection=projection, scale=10_000_000), {}
    detail = Detail.of(frame)
    sheet = lay_out(boundaries(), placements, frame, detail, focus=codes)
    subject = np.zeros(len(sheet.topology.offsets) - 1, dtype=bool)
    for (kind, key), chains in zip(sheet.names, sheet.topology.chains, strict=True):
        if kind == "territory" and key in codes:
            subject[[max(r, ~r) for chain in chains for r in chain]] = True
    return Drawn(frame, sheet, Arcs(sheet.topology, frame, detail, subject), subject)


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
    """The largest distance between an arc of the data and the arc drawn, both ways, at the largest zoom."""
    start, end = each.sheet.topology.offsets[arc : arc + 2]
    pixel = metres_per_pixel(each.frame.max_zoom)
    before, after = each.sheet.topology.points[start:end], on_the_grid(each, arc)
    there = distances(before, after).max()
    steps = np.linspace(0, 1, 9)[:, None, None]
    dense = ((1 - steps) * after[:-1] + steps * after[1:]).reshape(-1, 2)
    return float(max(there, distances(dense, before).max())) / pixel


@pytest.mark.parametrize("codes", [TERRITORIES, ("FJI",), ("ARG", "CHL"), ("LIE",)])
def test_the_subject_is_nowhere_off_by_more_than_half_a_pixel(codes: tuple[str, ...]) -> None:
    each = drawn(codes)
    assert each.subject.sum() >= 1
    away = [pixels_away(each, int(arc)) for arc in np.flatnonzero(each.subject)]
    assert max(away) <= HALF_A_PIXEL


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


def test_what_lies_around_is_coarser_but_within_its_tolerance() -> None:
    each = drawn(TERRITORIES)
    detail = Detail.of(each.frame)
    assert detail.fine <= detail.context <= detail.around <= detail.far
    pixel = metres_per_pixel(each.frame.max_zoom)
    rest = np.flatnonzero(~each.subject)[::7]
    for arc in rest:
        start, end = each.sheet.topology.offsets[arc : arc + 2]
        allowed = detail.at(each.sheet.topology.points[start:end]).max() / pixel
        assert pixels_away(each, int(arc)) <= 1.5 * allowed + HALF_A_PIXEL


def test_neighbours_meet_in_the_same_positions() -> None:
    each = drawn(TERRITORIES)
    ends: dict[tuple[float, float], set[tuple[int, int]]] = {}
    for arc in range(len(each.subject)):
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
    assert len(crossing) <= max(2, 0.05 * len(rings))


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
    arcs = Arcs(topology, frame, detail, np.ones(len(topology.offsets) - 1, dtype=bool))
    assert [arcs.visible(chains[0]) for chains in topology.chains] == [False, True]
    topology = build_topology(shapes[[0]], np.arange(1), 1)
    arcs = Arcs(topology, frame, detail, np.ones(1, dtype=bool))
    assert not arcs.visible(topology.chains[0][0])


def test_arcs_are_numbered_as_they_are_used() -> None:
    each = drawn(("LIE",))
    arcs = Arcs(each.sheet.topology, each.frame, Detail.of(each.frame), each.subject)
    assert arcs.refer((5, ~2, 5)) == [0, ~1, 0]
    _, (count, positions) = arcs.encode()
    assert count == 2
    assert positions == sum(arcs.offsets[a + 1] - arcs.offsets[a] for a in (5, 2))


def test_claims_keep_their_detail_and_the_rest_is_judged_from_afar() -> None:
    placements, _ = place(at("border", ("AFG", "UZB")))
    shapes = [boundaries().require(code) for code in TERRITORIES]
    detail = Detail.of(frame_map(shapes, placements, projection="auto", scale=10_000_000))
    middle = np.array(
        [[(detail.claims[0] + detail.claims[2]) / 2, (detail.claims[1] + detail.claims[3]) / 2]]
    )
    away = np.array([[detail.panned[2] - 1, detail.panned[3] - 1]])
    beyond = np.array([[detail.panned[2] + 1e6, detail.panned[3] + 1e6]])
    tolerances = [float(detail.at(xy)[0]) for xy in (middle, away, beyond)]
    assert tolerances == [detail.context, detail.around, detail.far]
    assert detail.context < detail.around < detail.far


def test_grid_runs_south() -> None:
    frame = default_frame()
    assert to_grid(np.array([[frame.grid.unit * 7.4, frame.grid.unit * 3.6]]), frame).tolist() == [[7, -4]]

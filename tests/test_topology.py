"""Arcs: every ring comes back exactly, every border is stored once, and simplified neighbours still fit."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from mapgen.projection import Projection
from mapgen.topology import Chain, Topology, build_topology, simplify_arcs, split_arcs
from tests.projects import TERRITORIES, boundaries

Position = tuple[float, float]
CONIC = Projection("conic", 105.3, 55.6, 38.1, 73.1)
UNIT = 1000.0


def topology_of(shapes: list[BaseGeometry]) -> Topology:
    parts, owner = shapely.get_parts(np.array(shapes, dtype=object), return_index=True)
    return build_topology(parts, owner, len(shapes))


def arcs_of(topology: Topology, kept: np.ndarray | None = None) -> list[list[Position]]:
    """The vertices of each arc, of those that are kept."""
    kept = np.ones(len(topology.points), dtype=bool) if kept is None else kept
    bounds = pairwise(topology.offsets.tolist())
    return [[tuple(xy) for xy in topology.points[a:b][kept[a:b]].tolist()] for a, b in bounds]


def assemble(chain: Chain, arcs: list[list[Position]]) -> list[Position]:
    """The vertices of a chain; each of its arcs begins where the one before it ends."""
    way: list[Position] = []
    for reference in chain:
        piece = arcs[reference] if reference >= 0 else arcs[~reference][::-1]
        if way:
            assert way[-1] == piece[0]
        way += piece[1:] if way else piece
    return way


def canonical(way: list[Position]) -> tuple[Position, ...]:
    """The same for rings that begin elsewhere or run the other way, and for lines that run the other way."""
    if way[0] != way[-1]:
        return min(tuple(way), tuple(way[::-1]))
    ring = way[:-1]
    first = min(ring)
    turned = [ring[i:] + ring[:i] for i, xy in enumerate(ring) if xy == first]
    back = [[each[0], *each[:0:-1]] for each in turned]
    return min(map(tuple, turned + back))


def outlines(shape: BaseGeometry) -> Counter[tuple[Position, ...]]:
    parts = shapely.get_parts(shape)
    rings = shapely.get_rings(parts[shapely.get_dimensions(parts) == 2])
    lines = parts[shapely.get_dimensions(parts) == 1]
    return Counter(canonical([tuple(xy) for xy in line.coords]) for line in (*rings, *lines))


def edges(ways: list[list[Position]]) -> Counter[frozenset[Position]]:
    return Counter(frozenset(pair) for way in ways for pair in pairwise(way))


def check(shapes: list[BaseGeometry]) -> Topology:
    """Cut shapes into arcs and check all that holds for any: what comes back, and what is stored once."""
    topology = topology_of(shapes)
    arcs = arcs_of(topology)
    assert len(topology.chains) == len(shapes)
    for shape, chains in zip(shapes, topology.chains, strict=True):
        assert Counter(canonical(assemble(chain, arcs)) for chain in chains) == outlines(shape)
    stored = edges(arcs)
    assert max(stored.values(), default=1) == 1
    assert set(stored) == set(
        edges([assemble(chain, arcs) for chains in topology.chains for chain in chains])
    )
    return topology


@st.composite
def coverages(draw: st.DrawFn) -> list[BaseGeometry]:
    """Territories on a squared paper: neighbours, enclaves, islands, and parts that touch at corners only."""
    width, height = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    cells = draw(st.lists(st.integers(0, 4), min_size=width * height, max_size=width * height))
    shapes = []
    for owner in range(1, 5):
        own = [
            box(x * UNIT, y * UNIT, (x + 1) * UNIT, (y + 1) * UNIT)
            for x in range(width)
            for y in range(height)
            if cells[y * width + x] == owner
        ]
        if own:
            shapes.append(shapely.segmentize(shapely.union_all(own), UNIT))
    return shapes


@given(coverages())
def test_any_coverage_comes_back(shapes: list[BaseGeometry]) -> None:
    check(shapes)


@given(coverages(), st.data())
def test_lines_along_borders_are_the_borders_arcs(shapes: list[BaseGeometry], data: st.DataObject) -> None:
    lines = []
    for shape in shapes:
        ring = [tuple(xy) for xy in shapely.get_rings(shapely.get_parts(shape))[0].coords]
        start = data.draw(st.integers(0, len(ring) - 3))
        end = data.draw(st.integers(start + 1, len(ring) - 2))
        if len(set(ring[start : end + 1])) == end + 1 - start:
            lines.append(LineString(ring[start : end + 1]))
    topology = check([*shapes, *lines])
    drawn = {max(r, ~r) for chains in topology.chains[: len(shapes)] for c in chains for r in c}
    along = {max(r, ~r) for chains in topology.chains[len(shapes) :] for c in chains for r in c}
    assert along <= drawn


@given(coverages(), st.floats(1, 3 * UNIT))
def test_neighbours_fit_when_simplified(shapes: list[BaseGeometry], tolerance: float) -> None:
    topology = topology_of(shapes)
    kept = simplify_arcs(topology.points, topology.offsets, np.full(len(topology.offsets) - 1, tolerance))
    arcs = arcs_of(topology, kept)
    outlines_of = [[assemble(chain, arcs) for chain in chains] for chains in topology.chains]
    assert all(ring[0] == ring[-1] for rings in outlines_of for ring in rings)
    for arc, users in zip(arcs, topology.users(), strict=True):
        for user in users:
            assert not edges([arc]).keys() - edges(outlines_of[user]).keys()


WALKS = st.lists(
    st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=2, max_size=30),
    min_size=1,
    max_size=4,
)


@given(WALKS, st.lists(st.floats(0.1, 8), min_size=4, max_size=4))
def test_deviation_stays_within_the_tolerance(
    walks: list[list[tuple[int, int]]], tolerances: list[float]
) -> None:
    points = np.array([xy for walk in walks for xy in walk], dtype=float)
    offsets = np.concatenate([[0], np.cumsum([len(walk) for walk in walks])]).astype(np.int64)
    kept = simplify_arcs(points, offsets, np.array(tolerances[: len(walks)]))
    assert kept[offsets[:-1]].all()
    assert kept[offsets[1:] - 1].all()
    for (begin, end), tolerance in zip(pairwise(offsets.tolist()), tolerances, strict=False):
        marks = np.flatnonzero(kept[begin:end]) + begin
        for start, stop in pairwise(marks.tolist()):
            chord = LineString(points[[start, stop]])
            assert all(chord.distance(Point(*xy)) <= tolerance + 1e-9 for xy in points[start : stop + 1])


@given(coverages(), st.data())
def test_split_arcs_have_one_level_each_and_make_the_same_shapes(
    shapes: list[BaseGeometry], data: st.DataObject
) -> None:
    topology = topology_of(shapes)
    edge = data.draw(st.floats(-1, 6)) * UNIT
    level = (topology.points[:, 0] > edge).astype(np.int64) + (topology.points[:, 1] > edge)
    split = split_arcs(topology, level)
    before, after = arcs_of(topology), arcs_of(split)
    assert sum(map(len, after)) - len(after) == sum(map(len, before)) - len(before)
    for arc in after:
        levels = {int(x > edge) + int(y > edge) for x, y in arc[:-1]}
        assert len(levels) == 1
    for old, new in zip(topology.chains, split.chains, strict=True):
        assert [assemble(chain, before) for chain in old] == [assemble(chain, after) for chain in new]


def test_arcs_of_one_level_stay_whole() -> None:
    topology = topology_of([box(0, 0, 1e3, 1e3), box(1e3, 0, 2e3, 1e3)])
    split = split_arcs(topology, np.zeros(len(topology.points), dtype=np.int64))
    assert split.offsets.tolist() == topology.offsets.tolist()
    assert split.chains == topology.chains


def test_two_neighbours_and_their_outer_sides() -> None:
    topology = check([box(0, 0, 1e3, 1e3), box(1e3, 0, 2e3, 1e3)])
    assert len(topology.offsets) - 1 == 3
    assert sorted(map(sorted, topology.users())) == [[0], [0, 1], [1]]


def test_enclave_shares_the_whole_ring() -> None:
    hole = box(2e3, 2e3, 3e3, 3e3)
    around = box(0, 0, 9e3, 9e3).difference(hole)
    topology = check([around, shapely.reverse(hole)])
    assert len(topology.offsets) - 1 == 2
    assert sorted(map(sorted, topology.users())) == [[0], [0, 1]]


def test_equal_geometries_are_one_arc_wherever_their_rings_begin() -> None:
    ring = [(0.0, 0.0), (3e3, 0.0), (4e3, 2e3), (1e3, 5e3)]
    shapes = [Polygon(ring), Polygon(ring[2:] + ring[:2]), Polygon(ring[::-1])]
    topology = check(shapes)
    assert len(topology.offsets) - 1 == 1


def test_ring_that_touches_itself() -> None:
    eight = Polygon([(0, 0), (2e3, 2e3), (4e3, 0), (4e3, 4e3), (2e3, 2e3), (0, 4e3)])
    check([eight])


def test_island_is_one_arc_and_three_at_a_corner_are_three_borders() -> None:
    a, b, c = (
        box(0, 0, 1e3, 1e3),
        box(1e3, 0, 2e3, 1e3),
        Polygon([(0, 1e3), (1e3, 1e3), (2e3, 1e3), (1e3, 3e3)]),
    )
    island = box(8e3, 8e3, 9e3, 9e3)
    topology = check([a, b, c, island])
    assert Counter(len(users) for users in topology.users()) == {1: 4, 2: 3}


def test_line_that_ends_on_a_border_cuts_it() -> None:
    land = Polygon([(0, 0), (4e3, 0), (4e3, 2e3), (4e3, 4e3), (0, 4e3)])
    river = LineString([(1e3, 1e3), (3e3, 2e3), (4e3, 2e3)])
    topology = check([land, river])
    assert len(topology.offsets) - 1 == 2


def test_closed_line_is_no_ring_of_a_polygon_but_shares_its_arc() -> None:
    land = box(0, 0, 4e3, 4e3)
    topology = check([land, LineString(land.exterior.coords)])
    assert topology.chains[0] == topology.chains[1]


def test_vertices_that_agree_to_a_millimetre_are_one() -> None:
    off = 1e-5
    topology = topology_of([box(0, 0, 1e3, 1e3), box(1e3 + off, off, 2e3, 1e3 - off)])
    assert sorted(map(len, topology.users())) == [1, 1, 2]


def test_nothing_gives_nothing() -> None:
    topology = topology_of([])
    assert topology.chains == []
    assert topology.points.shape == (0, 2)
    assert simplify_arcs(topology.points, topology.offsets, np.zeros(0)).tolist() == []


# The six territories of the default project.


@pytest.fixture(scope="module")
def six() -> list[MultiPolygon]:
    return [shapely.transform(boundaries().require(code), CONIC.project) for code in TERRITORIES]


@pytest.fixture(scope="module")
def real(six: list[MultiPolygon]) -> Topology:
    return check(six)  # type: ignore[arg-type]


def deviation(topology: Topology, kept: np.ndarray) -> np.ndarray:
    """How far each vertex lies from the stretch that stands for it."""
    marks = np.flatnonzero(kept)
    after = np.searchsorted(marks, np.arange(len(kept))).clip(1)
    chords = shapely.linestrings(topology.points[np.column_stack([marks[after - 1], marks[after]])])
    away = shapely.distance(shapely.points(topology.points), chords)
    return np.where(kept, 0.0, away)


def test_the_six_are_stored_in_few_arcs(real: Topology) -> None:
    assert 230 <= len(real.offsets) - 1 <= 250
    assert 42_000 <= len(real.points) <= 44_000
    shared = [users for users in real.users() if len(users) == 2]
    pairs = {frozenset(TERRITORIES[i] for i in users) for users in shared}
    assert pairs == {
        frozenset(pair.split("-"))
        for pair in ["AFG-TJK", "AFG-TKM", "AFG-UZB", "KAZ-RUS", "KAZ-UZB", "KAZ-TKM", "TJK-UZB", "TKM-UZB"]
    }


@pytest.mark.parametrize("tolerance", [100.0, 400.0, 2000.0])
def test_the_six_simplified(real: Topology, tolerance: float) -> None:
    kept = simplify_arcs(real.points, real.offsets, np.full(len(real.offsets) - 1, tolerance))
    full, few = arcs_of(real), arcs_of(real, kept)
    assert [(line[0], line[-1]) for line in few] == [(line[0], line[-1]) for line in full]
    assert deviation(real, kept).max() <= tolerance + 1e-6
    rings = [(assemble(chain, full), assemble(chain, few)) for chains in real.chains for chain in chains]
    seen = [pair for pair in rings if len(pair[1]) > 3]
    change = sum(abs(Polygon(before).area - Polygon(after).area) for before, after in rings if len(after) > 3)
    assert change < 1e-3 * sum(Polygon(before).area for before, _ in rings)
    # Each arc is simplified on its own, so that a ring may cross itself: by less than can be seen.
    crossing = [after for _, after in seen if not Polygon(after).is_valid]
    assert len(crossing) <= 0.04 * len(seen)
    for after in crossing:
        mended = shapely.make_valid(Polygon(after))
        assert abs(mended.area - Polygon(after).area) < 1e-4 * mended.area + 4 * tolerance**2

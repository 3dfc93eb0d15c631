"""Routes: across the right borders, inside the territories at their ends, apart from each other."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
import shapely
from shapely.geometry import LineString, MultiLineString, Point, box

from mapgen import routes
from mapgen.borders import shared_border
from tests.projects import at, boundaries, default_project, place, placer

WAYS = (
    ("AFG", "TKM", "KAZ", "RUS"),
    ("AFG", "UZB", "KAZ", "RUS"),
    ("AFG", "TJK", "UZB", "KAZ", "RUS"),
    ("RUS", "CHN", "IND"),
    ("ZAF", "LSO"),
)


def _shape(code: str) -> shapely.Geometry:
    return boundaries().territories.geometry.at[code]


@pytest.mark.parametrize("codes", WAYS, ids="-".join)
def test_a_route_crosses_each_border_on_its_way_once_and_on_the_border(codes: tuple[str, ...]) -> None:
    [placement], findings = place(at("route", codes))
    way = shapely.get_coordinates(placement.geometry)
    assert findings == []
    assert len(way) == len(codes) + 1
    for crossing, (here, there) in zip(way[1:-1], pairwise(codes), strict=True):
        border = shared_border(boundaries().territories, here, there)
        assert shapely.distance(Point(crossing), border) < 1e-9


@pytest.mark.parametrize("codes", WAYS, ids="-".join)
def test_a_route_begins_and_ends_inside_and_not_far_from_the_border(codes: tuple[str, ...]) -> None:
    [placement], _ = place(at("route", codes))
    way = shapely.get_coordinates(placement.geometry)
    for end, crossing, code in ((way[0], way[1], codes[0]), (way[-1], way[-2], codes[-1])):
        assert shapely.contains(_shape(code), Point(end))
        assert routes.great_circle_km(end[None], crossing[None])[0, 0] <= 1.01 * routes.REACH_KM


def test_the_routes_of_one_claim_keep_apart_where_they_cross_one_border() -> None:
    passage = next(each for each in default_project().annotations if each.id == "hertling-passage")
    placements, findings = placer().place(passage)
    assert findings == []
    assert len(placements) == 3
    into_russia = np.array([shapely.get_coordinates(each.geometry)[-2] for each in placements])
    for left, right in combinations(into_russia, 2):
        assert routes.great_circle_km(left[None], right[None])[0, 0] > 150
    assert all(each.schematic for each in placements)


def test_a_gap_in_a_route_is_found_and_drawn_as_a_direct_line() -> None:
    [placement], [finding] = place(at("route", ("AFG", "KAZ", "RUS")))
    assert (finding.severity, finding.code) == ("warning", "route-gap")
    assert "from Afghanistan to Kazakhstan, which share no border" in finding.message
    assert "mapgen borders AFG KAZ" in finding.remedy
    assert len(shapely.get_coordinates(placement.geometry)) == 4


def test_a_route_may_begin_at_an_area_and_end_at_a_place() -> None:
    [placement], findings = place(at("route", ("data/areas/north-caucasus.geojson", "Damascus")))
    assert findings == []
    assert placement.text == "North Caucasus → Damascus"
    assert placement.codes == ()


def test_a_crossing_keeps_away_from_the_ends_of_a_border() -> None:
    line = MultiLineString([[(0, 0), (1, 0)], [(5, 5), (5, 15)]])
    places = routes.crossings(line)
    assert (places[:, 0] == 5).all()
    assert places[:, 1].min() == pytest.approx(5 + 10 * routes.KEPT_FROM_ENDS)
    assert places[:, 1].max() == pytest.approx(15 - 10 * routes.KEPT_FROM_ENDS)


def test_the_shortest_way_is_straight_where_nothing_is_taken() -> None:
    gates = np.array([[1.0, y] for y in (-2.0, 0.0, 2.0)])
    start, end = np.array([[0.0, 0.0]]), np.array([[2.0, 0.0]])
    assert routes.shortest_way([start, gates, end])[1].tolist() == [1.0, 0.0]
    taken = np.array([[1.0, 0.0]])
    assert routes.shortest_way([start, gates, end], [taken])[1].tolist() != [1.0, 0.0]


def test_great_circles_are_measured_on_the_sphere() -> None:
    quarter = routes.great_circle_km(np.array([[0.0, 0.0]]), np.array([[90.0, 0.0], [0.0, 90.0]]))
    assert quarter[0] == pytest.approx(routes.EARTH_RADIUS_KM * np.pi / 2)
    assert routes.great_circle_km(np.array([[179.0, 0.0]]), np.array([[-179.0, 0.0]]))[0, 0] < 223


def test_a_step_inside_stays_inside_narrow_and_tiny_territories() -> None:
    crossing, towards = np.array([0.0, 0.5]), np.array([-5.0, 0.5])
    corridor = box(0, 0.45, 40, 0.55)
    step = routes.step_inside(corridor, crossing, np.array([5.0, 0.5]))
    assert corridor.contains(LineString([(0.01, 0.5), step]))
    tiny = box(0, 0.45, 0.1, 0.55)
    assert tiny.contains(Point(routes.step_inside(tiny, crossing, towards)))


def test_the_midpoint_is_on_the_longest_part() -> None:
    assert routes.midpoint(MultiLineString([[(0, 0), (1, 0)], [(5, 5), (5, 15)]])) == (5, 10)

"""Labels: names stand inside what they name, and the cities on a map are those that help."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry import Point, box

from mapgen.gazetteer import Gazetteer
from mapgen.labelling import CITIES, GREAT_CITY, choose_cities, label_places
from tests.projects import TERRITORIES, boundaries, default_frame

NAMED = (*TERRITORIES, "KGZ", "IRN", "CHN", "SYR")


def _cities() -> list[tuple[str, dict]]:
    chosen = choose_cities(Gazetteer(TERRITORIES), default_frame(), named=NAMED, focus=TERRITORIES)
    return list(zip(*chosen, strict=True))


def test_all_capitals_are_named_and_come_first() -> None:
    cities = _cities()
    capitals = [name for name, shape in cities if shape["capital"]]
    assert {"Kabul", "Ashgabat", "Tashkent", "Dushanbe", "Astana", "Moscow", "Bishkek"} <= set(capitals)
    ranks = [shape["rank"] for _, shape in cities]
    assert ranks == sorted(ranks)
    assert all(shape["rank"] == 0 for _, shape in cities if shape["capital"])


def test_cities_help_to_find_ones_way_at_the_border() -> None:
    names = {name for name, _ in _cities()}
    assert {"Herat", "Kandahar"} <= names
    assert len(names) <= CITIES


def test_around_the_project_only_great_cities_are_named() -> None:
    gazetteer = Gazetteer(TERRITORIES)
    own = set(gazetteer.places.loc[gazetteer.places["adm0_a3"].isin(TERRITORIES), "name"])
    ranks = [shape["rank"] for name, shape in _cities() if name not in own]
    assert len(ranks) > 10
    assert max(ranks) <= GREAT_CITY


def test_names_stand_inside_spread_over_the_geometry() -> None:
    frame = default_frame()
    shape = frame.project(boundaries().territories.geometry.at["KAZ"])
    places = label_places(shape, np.array([[68.7, 49.1]]), frame)
    metres = places * (1, -1) * frame.grid.unit
    assert 1 < len(places) <= 8
    assert (places[0] == frame.grid.snap(np.array([[68.7, 49.1]]))[0]).all()
    assert all(shape.contains(Point(place)) for place in metres)
    assert shapely.distance(*shapely.points(metres[:2])) > 100_000


def test_a_geometry_out_of_view_still_has_a_place_for_its_name() -> None:
    frame = default_frame()
    west, south, _, _ = frame.drawn
    far = box(west - 3e6, south - 3e6, west - 2e6, south - 2e6)
    [place] = label_places(far, np.zeros((0, 2)), frame)
    assert far.contains(Point(place * (1, -1) * frame.grid.unit))


def test_a_label_point_that_is_no_number_is_left_out() -> None:
    frame = default_frame()
    shape = frame.project(boundaries().territories.geometry.at["AFG"])
    assert len(label_places(shape, np.array([[np.nan, np.nan]]), frame)) > 1

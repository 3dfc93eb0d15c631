"""What a place can mean: the border that it is near, the town, the territory, and the place itself."""

from __future__ import annotations

import pytest

from mapgen.nearby import find_nearby
from tests.projects import placer

AT = {
    "in the middle of Kazakhstan": ((68.0, 48.0), [{"territory": "KAZ"}, {"point": [68.0, 48.0]}]),
    "at the bridge of Termez": (
        (67.27, 37.22),
        [{"border": "AFG-UZB"}, {"place": "Termiz"}, {"territory": "UZB"}, {"territory": "AFG"}],
    ),
    "in the Arabian Sea": ((60.0, 20.0), [{"point": [60.0, 20.0]}]),
}


@pytest.mark.parametrize(("at", "wanted"), AT.values(), ids=AT)
def test_a_place_means_what_is_there(at: tuple[float, float], wanted: list[dict[str, object]]) -> None:
    found = [each.where for each in find_nearby(placer(), *at, 12.0)]
    assert all(each in found for each in wanted)
    assert "point" in found[-1]


def test_the_nearest_comes_first_and_reach_decides() -> None:
    near = find_nearby(placer(), 67.27, 37.22, 12.0)
    assert "border" in near[0].where or "place" in near[0].where
    named = [each.far for each in near if "border" in each.where or "place" in each.where]
    assert named == sorted(named)
    assert all(far <= 12.0 for far in named)
    close = find_nearby(placer(), 66.5, 37.9, 1.0)  # some sixty kilometres inside Uzbekistan
    assert [next(iter(each.where)) for each in close] == ["territory", "point"]


def test_three_borders_meet_in_one_place() -> None:
    # where Kazakhstan, Russia and China meet
    found = find_nearby(placer(), 87.32, 49.10, 20.0)
    borders = [each.where["border"] for each in found if "border" in each.where]
    assert set(borders) == {"KAZ-RUS", "KAZ-CHN", "RUS-CHN"}


@pytest.mark.parametrize("longitude", [179.5, -179.5, -175.0])
def test_russia_is_found_on_both_sides_of_the_antimeridian(longitude: float) -> None:
    found = find_nearby(placer(), longitude, 66.8, 5.0)
    assert {"territory": "RUS"} in [each.where for each in found]


def test_a_point_has_the_digits_that_can_be_pointed_at() -> None:
    assert find_nearby(placer(), 68.123456, 48.123456, 150.0)[-1].where == {"point": [68.1, 48.1]}
    assert find_nearby(placer(), 68.123456, 48.123456, 0.5)[-1].where == {"point": [68.1235, 48.1235]}


def test_a_town_whose_name_others_have_says_where_it_lies() -> None:
    [town] = [each.where for each in find_nearby(placer(), -89.65, 39.82, 10.0) if "place" in each.where]
    assert town == {"place": "Springfield, Illinois"}
    assert placer().gazetteer.find("Springfield, Illinois").anchor[0] == pytest.approx(-89.65, abs=0.01)

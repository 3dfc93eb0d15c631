"""Boundary lines: how each worldview grades them, by what the data says of it."""

from __future__ import annotations

from functools import cache

import pytest
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from mapgen.boundarylines import Grade, read_lines
from mapgen.datasets import find_dataset
from tests.projects import boundaries

VIEWS = ("neutral", "de_facto", "international", "UA", "RU", "MA", "CN")
PLACES = {"isthmus": (33.65, 46.2), "kerch": (36.6, 45.3), "berm": (-13.06, 24.4), "kurils": (145.5, 43.9)}
SOLID, DASHED = Grade("agreed", "agreed"), Grade("disputed", "disputed")
INNER, REFUSED = Grade("disputed", None), Grade("disputed", None)


@cache
def _lines() -> list[tuple[tuple[Grade, ...], BaseGeometry]]:
    return read_lines(find_dataset("natural-earth-10m"), VIEWS)


def _at(place: str, view: str) -> Grade:
    """The grade of the line that is nearest to a place."""
    grades, line = min(_lines(), key=lambda each: each[1].distance(Point(PLACES[place])))
    assert line.distance(Point(PLACES[place])) < 0.5
    return grades[VIEWS.index(view)]


@pytest.mark.parametrize(
    ("view", "isthmus", "kerch"),
    [
        ("neutral", DASHED, DASHED),
        ("de_facto", DASHED, DASHED),
        ("international", INNER, SOLID),
        ("UA", INNER, SOLID),
        ("RU", SOLID, INNER),
    ],
)
def test_around_crimea_each_view_has_its_own_lines(view: str, isthmus: Grade, kerch: Grade) -> None:
    """Solid on one side of Crimea, none on the other: on which side depends on whose it is."""
    assert (_at("isthmus", view), _at("kerch", view)) == (isthmus, kerch)


@pytest.mark.parametrize(
    ("view", "grade"), [("neutral", DASHED), ("international", REFUSED), ("MA", REFUSED), ("RU", REFUSED)]
)
def test_a_line_that_a_view_does_not_recognise_is_drawn_between_two_territories_only(
    view: str, grade: Grade
) -> None:
    assert _at("berm", view) == grade


def test_a_line_through_water_is_graded_too() -> None:
    assert _at("kurils", "RU") == SOLID
    assert _at("kurils", "neutral") == DASHED


def test_lines_that_all_views_draw_as_agreed_are_not_read() -> None:
    known = {frozenset(grades) for grades, _ in _lines()}
    assert frozenset({SOLID}) not in known
    assert len(_lines()) < 100


def test_few_views_read_no_more_than_they_need() -> None:
    ground = read_lines(find_dataset("natural-earth-10m"), ["neutral"])
    assert {grade for (grade,), _ in ground} == {DASHED, Grade("undefined", "undefined"), REFUSED}


def test_a_file_of_ones_own_has_no_lines() -> None:
    dataset = boundaries().dataset
    assert read_lines(type(dataset)(name="own.shp", title="own.shp"), ["neutral"]) == []

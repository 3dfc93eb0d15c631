"""Linework: which arcs are coasts and which are borders, under each worldview."""

from __future__ import annotations

from functools import cache

import pytest
import shapely
from shapely.geometry import LineString, Point

from mapgen.linework import Line, arcs_of, fold, grade_lines, grades_of, sides
from tests.disputed import arcs, drawing, frame, sheet

VIEWS = ("neutral", "de_facto", "international", "UA", "RU")
ISTHMUS, KERCH, DONBAS, YALTA = (33.65, 46.2), (36.6, 45.3), (39.8, 47.85), (34.15, 44.48)


@cache
def _lines(view: str) -> dict[Line, list[int]]:
    roles = {code: "focus" if code == "UKR" else "neighbour" for code in drawing("crimea").territories}
    number = VIEWS.index(view)
    areas = sheet("crimea").areas(number)
    seen = arcs_of([chain for chain in chains if arcs("crimea").visible(chain)] for chains in areas.values())
    graded = {arc: grades[number] for arc, grades in grades_of(sheet("crimea")).items()}
    return grade_lines(sides(areas), graded, roles, seen)


def _near(view: str, place: tuple[float, float], kilometres: float = 12) -> set[tuple[str, str]]:
    """Role and grade of the lines that pass near a place."""
    topology = sheet("crimea").topology
    spot = frame("crimea").project(Point(place))
    return {
        (line.role, line.grade)
        for line, several in _lines(view).items()
        for arc in several
        if shapely.distance(LineString(topology.points[slice(*topology.offsets[arc : arc + 2])]), spot)
        < kilometres * 1000
    }


@pytest.mark.parametrize(
    ("view", "grade"),
    [
        ("neutral", "disputed"),
        ("de_facto", "disputed"),
        ("international", None),
        ("UA", None),
        ("RU", "agreed"),
    ],
)
def test_the_line_at_the_isthmus(view: str, grade: str | None) -> None:
    borders = {grade for role, grade in _near(view, ISTHMUS) if role == "border"}
    assert borders == ({grade} if grade else set())


@pytest.mark.parametrize(
    ("view", "grade"),
    [
        ("neutral", "disputed"),
        ("de_facto", "disputed"),
        ("international", "agreed"),
        ("UA", "agreed"),
        ("RU", None),
    ],
)
def test_the_line_through_the_kerch_strait(view: str, grade: str | None) -> None:
    borders = {grade for role, grade in _near(view, KERCH, 5) if role == "border"}
    assert borders == ({grade} if grade else set())


@pytest.mark.parametrize("view", VIEWS)
def test_the_border_of_russia_and_ukraine_in_the_north_is_the_same_in_all(view: str) -> None:
    assert ("border", "agreed") in _near(view, DONBAS)


@pytest.mark.parametrize("view", VIEWS)
def test_the_shore_of_crimea_is_coast_unless_it_is_hatched(view: str) -> None:
    assert _near(view, YALTA, 8) == {("coast", "")}


def test_no_arc_is_of_two_kinds() -> None:
    for view in VIEWS:
        several = [arc for found in _lines(view).values() for arc in found]
        assert len(several) == len(set(several))


def test_borders_of_the_subject_stand_out() -> None:
    assert {line.emphasis for line in _lines("neutral")} == {False, True}
    assert Line("coast", "", True) not in _lines("neutral")


def test_an_arc_has_what_lies_beside_it() -> None:
    areas = {("territory", "A"): [(0, 1)], ("territory", "B"): [(~1, 2)], ("disputed", 7): [(~2,)]}
    assert sides(areas) == {
        0: [("territory", "A")],
        1: [("territory", "A"), ("territory", "B")],
        2: [("territory", "B"), ("disputed", 7)],
    }


def test_numbers_in_a_row_are_folded() -> None:
    assert fold([1, 2, 3, 7, 9, 10]) == [[1, 3], [7, 1], [9, 2]]
    assert fold([]) == []

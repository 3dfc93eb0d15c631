"""Drawings: arcs that fit together, shapes that refer to them, and marks where they belong."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import shapely
from shapely.geometry import LineString, Point

from mapgen.arccode import decode_arcs
from mapgen.drawing import Drawing, draw
from mapgen.gazetteer import Gazetteer
from mapgen.projection import metres_per_pixel
from tests.projects import (
    TERRITORIES,
    boundaries,
    default_drawing,
    default_frame,
    default_placements,
    default_project,
)


@cache
def _arcs() -> list[np.ndarray]:
    """The arcs of the default project's maps."""
    positions, lengths = decode_arcs(default_drawing().arcs)
    return np.split(positions, np.cumsum(lengths)[:-1])


def _arc(reference: int) -> np.ndarray:
    return _arcs()[reference] if reference >= 0 else _arcs()[~reference][::-1]


def _layers(kind: str, drawing: Drawing | None = None) -> list[dict[str, Any]]:
    return [layer for layer in (drawing or default_drawing()).base if layer["kind"] == kind]


def _areas(role: str, drawing: Drawing | None = None) -> list[dict[str, Any]]:
    return next(layer["shapes"] for layer in _layers("areas", drawing) if layer["role"] == role)


def _rings(shape: dict[str, Any]) -> list[list[int]]:
    return shape["rings"] + [[first + i] for first, count in shape["runs"] for i in range(count)]


def _names(shapes: list[dict[str, Any]], drawing: Drawing | None = None) -> set[str]:
    territories = (drawing or default_drawing()).territories
    return {territories[shape["id"]] for shape in shapes}


def _pixel() -> float:
    frame = default_frame()
    return metres_per_pixel(frame.max_zoom) / frame.grid.unit


def test_all_rings_are_closed_runs_of_arcs_that_meet() -> None:
    rings = [ring for layer in _layers("areas") for shape in layer["shapes"] for ring in _rings(shape)]
    claims = [shape for several in default_drawing().claims.values() for shape in several]
    rings += [ring for shape in claims for ring in shape.get("rings", [])]
    assert len(rings) > 500
    for ring in rings:
        arcs = [_arc(reference) for reference in ring]
        for left, right in pairwise([*arcs, arcs[0]]):
            assert (left[-1] == right[0]).all()


def test_the_projects_territories_are_its_focus_and_their_neighbours_are_named() -> None:
    assert _names(_areas("focus")) == set(TERRITORIES)
    muted = _names(_areas("neighbour"))
    assert {"KGZ", "CHN", "IRN", "PAK", "MNG", "UKR", "SYR"} <= muted
    assert "FRA" not in muted
    assert muted.isdisjoint(TERRITORIES)


def test_kazakhstan_has_no_hole_at_baikonur() -> None:
    kazakhstan = next(s for s in _areas("focus") if default_drawing().territories[s["id"]] == "KAZ")
    baikonur = default_frame().grid.snap(np.array([[63.3, 45.95]]))[0]
    paths = [np.vstack([_arc(reference) for reference in ring]) for ring in _rings(kazakhstan)]
    inside = [shapely.Polygon(path).contains(Point(baikonur)) for path in paths if len(path) > 3]
    assert inside.count(True) == 1


def test_a_claimed_border_is_the_drawn_border_within_half_a_pixel() -> None:
    frame = default_frame()
    for identity in ("hertling-north-afg", "hertling-kaz-between"):
        shapes = default_drawing().claims[identity]
        for placement, shape in zip(default_placements()[identity], shapes, strict=True):
            line = frame.project(placement.geometry)
            true = shapely.transform(line, lambda xy: xy * (1, -1) / frame.grid.unit)
            drawn = shapely.union_all([LineString(_arc(reference)) for reference in shape["arcs"]])
            assert shapely.hausdorff_distance(drawn, true, densify=0.05) <= _pixel()
            assert shapely.distance(Point(shape["anchor"]), drawn) <= _pixel()


def test_borders_are_graded_and_those_of_the_focus_stand_out() -> None:
    borders = [layer for layer in _layers("lines") if layer["role"] == "border"]
    assert {layer["grade"] for layer in borders} == {"agreed", "disputed", "undefined"}
    assert any(layer["emphasis"] for layer in borders)
    [coast] = [layer for layer in _layers("lines") if layer["role"] == "coast"]
    assert coast["grade"] is None


def test_no_line_is_drawn_twice() -> None:
    drawn = [
        first + step
        for layer in _layers("lines")
        for first, count in layer["runs"]
        for step in range(count)
        if layer["role"] != "river"
    ]
    assert len(drawn) == len(set(drawn))
    assert max(drawn) < default_drawing().arcs.arcs


def test_crimea_is_among_the_disputed_areas() -> None:
    names = boundaries().disputed["name"].loc[default_drawing().disputed].tolist()
    assert "Crimea" in names
    assert len(_areas("disputed")) == len(names)


@pytest.mark.parametrize("kind", ["labels", "cities"])
def test_names_are_numbered_and_have_a_place(kind: str) -> None:
    drawing = default_drawing()
    [layer] = _layers(kind)
    limit = len(drawing.cities if kind == "cities" else drawing.territories)
    for shape in layer["shapes"]:
        assert 0 <= shape["id"] < limit
        assert len(shape["at"]) > 0


def test_each_claim_has_a_shape_for_each_of_its_locations() -> None:
    for identity, placements in default_placements().items():
        shapes = default_drawing().claims[identity]
        assert [shape["form"] for shape in shapes] == [each.location.kind for each in placements]


def test_marks_stand_in_the_middle_of_routes_and_relations() -> None:
    for several in default_drawing().claims.values():
        for shape in several:
            if "path" in shape:
                path = LineString(shape["path"])
                assert path.distance(Point(shape["anchor"])) <= 1
                assert 0.2 < path.project(Point(shape["anchor"]), normalized=True) < 0.8


def test_a_claim_on_a_territory_refers_to_it() -> None:
    [shape] = default_drawing().claims["isis-3000"]
    assert default_drawing().territories[shape["territory"]] == "AFG"
    assert "rings" not in shape


def test_everything_is_a_whole_number() -> None:
    def leaves(value: Any) -> list[Any]:
        if isinstance(value, dict):
            return [leaf for each in value.values() for leaf in leaves(each)]
        return [leaf for each in value for leaf in leaves(each)] if isinstance(value, list) else [value]

    found = {type(leaf) for leaf in leaves([default_drawing().base, default_drawing().claims])}
    assert found == {int, str, bool, type(None)}


@pytest.mark.parametrize(
    ("context", "named", "land"),
    [("none", {"SYR"}, False), (("TUR",), {"SYR", "TUR"}, True)],
    ids=["none", "a list"],
)
def test_the_context_decides_what_is_drawn_around(context: Any, named: set[str], land: bool) -> None:
    project = default_project().model_copy(update={"context": context})
    drawing = draw(
        boundaries(), default_placements(), default_frame(), project=project, gazetteer=Gazetteer(TERRITORIES)
    )
    assert _names(_areas("focus", drawing), drawing) == set(TERRITORIES)
    assert _names(_areas("neighbour", drawing), drawing) == named
    assert ("IRN" in drawing.territories) == land

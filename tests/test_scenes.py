"""Scenes: what worldviews make of one sheet, and that their differences, applied, give each of them."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
import shapely
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry

from mapgen.linework import arcs_of, grade_lines, grades_of, sides
from mapgen.scenes import LAND, Scene, line_kinds, see
from tests.disputed import REGIONS, arcs, boundaries, drawing, frame, on_grid, sheet

PLACES = {
    "crimea": {"Simferopol": (34.10, 44.95), "Kherson": (32.62, 46.75), "Krasnodar": (38.98, 45.04)},
    "sahara": {"Laayoune": (-13.15, 27.13), "Tifariti": (-10.57, 26.15), "Rabat": (-6.83, 34.0)},
    "cyprus": {"Lefkosa": (33.45, 35.25), "Troodos": (32.87, 34.92)},
}
OWNERS = {
    ("crimea", "neutral"): ({"CRM"}, {"UKR"}, {"RUS"}),
    ("crimea", "de_facto"): ({"RUS"}, {"UKR"}, {"RUS"}),
    ("crimea", "international"): ({"UKR"}, {"UKR"}, {"RUS"}),
    ("crimea", "UA"): ({"UKR"}, {"UKR"}, {"RUS"}),
    ("crimea", "RU"): ({"RUS"}, {"UKR"}, {"RUS"}),
    ("sahara", "neutral"): ({"WSM"}, {"SAH", "SAH hatched"}, {"MAR"}),
    ("sahara", "de_facto"): ({"MAR"}, {"SAH"}, {"MAR"}),
    ("sahara", "international"): ({"SAH"}, {"SAH"}, {"MAR"}),
    ("sahara", "MA"): ({"MAR"}, {"MAR"}, {"MAR"}),
    ("cyprus", "neutral"): ({"CYN", "CYN hatched"}, {"CYP"}),
    ("cyprus", "international"): ({"CYP"}, {"CYP"}),
    ("cyprus", "TR"): ({"CYN"}, {"CYP"}),
}


@cache
def _scenes(region: str) -> list[Scene]:
    roles = dict.fromkeys(drawing(region).territories, "neighbour")
    return see(sheet(region), arcs(region), roles)


def _views(region: str) -> list[str]:
    return [view.worldview for view in boundaries(region).views]


@cache
def _shape(region: str, chains: tuple[tuple[int, ...], ...]) -> BaseGeometry:
    """What the page's script draws of rings: their even-odd area, on the grid."""
    own = arcs(region)
    whole: BaseGeometry = Polygon()
    for chain in chains:
        runs = [own.positions[slice(*own.offsets[[a, a + 1]])] for a in (max(r, ~r) for r in chain)]
        path = np.vstack([run[:: 1 if r >= 0 else -1] for run, r in zip(runs, chain, strict=True)])
        whole = shapely.symmetric_difference(whole, shapely.make_valid(Polygon(path)))
    return whole


def _shapes(region: str, view: str) -> dict[str, BaseGeometry]:
    rows = boundaries(region).all_disputed()
    scene = _scenes(region)[_views(region).index(view)]
    found = {}
    for (kind, key), chains in scene.rings.items():
        if chains and kind == "territory":
            found[key] = _shape(region, tuple(chains))
        elif chains:
            code, base = rows.loc[key, ["code", "base"]]
            found[f"{code} hatched" if code == base else code] = _shape(region, tuple(chains))
    return found


@pytest.mark.parametrize(("region", "view"), OWNERS)
def test_places_are_drawn_in_whose_they_are(region: str, view: str) -> None:
    shapes = _shapes(region, view)
    for (name, place), expected in zip(PLACES[region].items(), OWNERS[region, view], strict=True):
        spot = Point(on_grid(region, *place))
        assert {code for code, shape in shapes.items() if shape.contains(spot)} == expected, name


@pytest.mark.parametrize("region", PLACES)
def test_all_worldviews_cover_the_same_ground_once(region: str) -> None:
    grounds = []
    for view in _views(region):
        shapes = {code: shape for code, shape in _shapes(region, view).items() if "hatched" not in code}
        ground = shapely.union_all(list(shapes.values()))
        # The seam between two coarse outlines may be a sliver.
        assert sum(shape.area for shape in shapes.values()) == pytest.approx(ground.area, rel=1e-4)
        grounds.append(ground.area)
    assert grounds == pytest.approx([grounds[0]] * len(grounds), rel=1e-5)


def test_crimea_has_its_share_of_ukraine_in_one_view_and_none_in_the_other() -> None:
    """About 27,000 of some 600,000 square kilometres."""
    area = {view: _shapes("crimea", view)["UKR"].area for view in _views("crimea")}
    assert area["UA"] == area["international"] > area["neutral"]
    assert area["neutral"] == pytest.approx(area["de_facto"], rel=1e-3)
    assert area["neutral"] == pytest.approx(area["RU"], rel=1e-3)
    share = 1 - area["neutral"] / area["UA"]
    assert 0.040 < share < 0.050
    hatch = _shapes("crimea", "neutral")["CRM"].area
    assert hatch == pytest.approx(area["UA"] - area["neutral"], rel=1e-3)
    unit = frame("crimea").grid.unit
    assert 25_000 < hatch * unit**2 / 1e6 < 29_000, "the projection is equal-area"


def test_western_sahara_is_split_at_the_berm_or_whole() -> None:
    area = {view: {c: s.area for c, s in _shapes("sahara", view).items()} for view in _views("sahara")}
    assert "SAH" not in area["MA"]
    assert area["international"]["SAH"] == pytest.approx(
        area["de_facto"]["SAH"] + area["neutral"]["WSM"], rel=1e-3
    )
    assert area["neutral"]["MAR"] == pytest.approx(area["international"]["MAR"], rel=1e-3)
    assert area["de_facto"]["MAR"] == pytest.approx(area["neutral"]["MAR"] + area["neutral"]["WSM"], rel=1e-3)


@pytest.mark.parametrize("region", PLACES)
def test_the_page_can_make_each_scene_of_the_first_and_the_differences(region: str) -> None:
    """What is written, applied as the page's script does, gives each worldview's own rings and lines."""
    made = drawing(region)
    assert made.others is not None
    kinds = line_kinds(_scenes_as_drawn(region))
    opening_areas, opening_lines = _areas_of(made.base), _lines_of(made.base)
    for view, written in zip(_scenes_as_drawn(region), made.others["views"], strict=True):
        areas = {number: set(rings) for number, rings in opening_areas.items()}
        for number, *rings in written["areas"]:
            areas[number] ^= {tuple(ring) for ring in rings}
        lines = {place: set(numbers) for place, numbers in opening_lines.items()}
        for place, *runs in written["lines"]:
            lines[place] ^= {first + step for first, count in runs for step in range(count)}
        counted = {place: len(view.lines.get(line, ())) for place, line in enumerate(kinds)}
        assert {place: len(numbers) for place, numbers in lines.items()} == counted
        for number, code in enumerate(made.territories):
            if number in areas:
                assert len(areas[number]) == len(view.rings.get(("territory", code), ())), code
        assert {made.disputed[n] for n in written["disputed"]} == {
            key for kind, key in view.rings if kind == "disputed"
        }


@pytest.mark.parametrize("region", PLACES)
def test_what_changes_gives_the_same_as_looking_at_each_worldview_anew(region: str) -> None:
    roles = dict.fromkeys(drawing(region).territories, "neighbour")
    for view, scene in enumerate(_scenes(region)):
        areas = sheet(region).areas(view)
        rings = {name: [c for c in chains if arcs(region).visible(c)] for name, chains in areas.items()}
        assert {name: set(chains) for name, chains in rings.items()} == {
            name: set(chains) for name, chains in scene.rings.items()
        }
        others = [
            [c for c in chains if arcs(region).visible(c)]
            for kind in ("lake", "claim")
            for chains in sheet(region).chains(kind).values()
        ]
        drawn = arcs_of([*rings.values(), *others])
        graded = {arc: grades[view] for arc, grades in grades_of(sheet(region)).items()}
        lines = grade_lines(sides(areas), graded, roles, drawn)
        assert {line: set(several) for line, several in lines.items()} == {
            line: set(several) for line, several in scene.lines.items()
        }


def _scenes_as_drawn(region: str) -> list[Scene]:
    codes = drawing(region).territories
    focus = set(REGIONS[region]["territories"])
    roles = {code: "focus" if code in focus else "neighbour" for code in codes}
    return see(sheet(region), arcs(region), roles)


def _areas_of(base: list[dict[str, Any]]) -> dict[int, list[tuple[int, ...]]]:
    areas = {}
    for layer in base:
        if layer["kind"] == "areas" and layer["role"] in ("land", "focus", "neighbour"):
            for shape in layer["shapes"]:
                runs = [(first + i,) for first, count in shape["runs"] for i in range(count)]
                areas[shape.get("id", LAND)] = [*map(tuple, shape["rings"]), *runs]
    return areas


def _lines_of(base: list[dict[str, Any]]) -> dict[int, list[int]]:
    lines = [layer for layer in base if layer["kind"] == "lines" and layer["role"] != "river"]
    return {
        place: [first + i for first, count in layer["runs"] for i in range(count)]
        for place, layer in enumerate(lines)
    }


def test_a_worldview_adds_few_arcs() -> None:
    """They share what they draw alike: only what lies around disputes is added."""
    several, alone = drawing("crimea").arcs.arcs, drawing("crimea", "UA").arcs.arcs
    assert several <= 1.03 * alone


@pytest.mark.parametrize("worldview", ["UA", "neutral"])
def test_whichever_view_opens_all_are_there(worldview: str) -> None:
    """The areas that the opening view does not hatch are kept apart, for the others."""
    made = drawing("crimea", worldview)
    rows = boundaries("crimea", worldview).all_disputed()
    hatched = next(layer["shapes"] for layer in made.base if layer.get("role") == "disputed")
    assert made.others is not None
    both = [
        [rows["code"].at[made.disputed[s["id"]]] for s in shapes]
        for shapes in (hatched, made.others["shapes"])
    ]
    assert ("CRM" in both[0], "CRM" in both[1]) == (worldview == "neutral", worldview == "UA")

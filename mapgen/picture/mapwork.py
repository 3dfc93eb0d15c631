"""Draw the map of a picture: what the page's script draws, once, for one view.

In: a chart, the texts of its page, a view and styles. Out: shapes and lines of text, bottom first. The words
are those of the page; where the map stands on the sheet is decided in `sheetwork`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mapgen.languages import Words, read_words
from mapgen.page import Page
from mapgen.picture.chart import Chart
from mapgen.picture.claimwork import ClaimDrawer, locate
from mapgen.picture.fonts import Fonts, Letters, is_joined
from mapgen.picture.marks import Group, Mark, place_marks
from mapgen.picture.names import WIDEST, City, Name, Names, place_names
from mapgen.picture.outlines import Ground, Outlines, write_path
from mapgen.picture.room import Box, Room
from mapgen.picture.shapes import Shape, circle
from mapgen.picture.styles import Styles
from mapgen.picture.typeset import DROP, Line, isolate, shorten
from mapgen.picture.view import View, scale_bar

LABEL_RULES = {"focus": ".label.focus", "neighbour": ".label.neighbour", "disputed": ".label"}
MOST_SPACING = 0.09
"""Letters farther apart than this share of their size are words of their own to those who read a PDF."""

Attributes = dict[str, str]


@dataclass(frozen=True)
class MapWork:
    """A drawn map, in pixels from its corner.

    Attributes
    ----------
    base : list of Shape
        Land, water and borders: cut to what is drawn.
    drawn : Box
        What is drawn, in pixels: beyond it nothing is known.
    sea : str
        Colour of what no land covers.
    claims : list of Shape
        Claims' areas, lines and arrows.
    over : list of Shape
        Leaders, dots and marks.
    names, numbers : list of Line
    """

    base: list[Shape]
    drawn: Box
    sea: str
    claims: list[Shape]
    over: list[Shape]
    names: list[Line]
    numbers: list[Line]


class MapDrawer:
    """Draws one map in one view.

    Parameters
    ----------
    chart : Chart
    page : Page
        Names, and the claims' numbers and layers.
    view : View
    styles : Styles
    fonts : Fonts
    """

    def __init__(self, chart: Chart, page: Page, view: View, *, styles: Styles, fonts: Fonts) -> None:
        self.chart, self.page, self.view = chart, page, view
        self.styles, self.fonts = styles, fonts
        self.words = read_words(page.language)
        self.outlines = Outlines(chart.arcs, view)
        self.locations = locate(chart, page.claims, self.outlines)

    def draw(self, obstacles: Sequence[Box] = ()) -> MapWork:
        """Draw the map.

        Parameters
        ----------
        obstacles : sequence of Box
            What marks and names leave free.
        """
        chart, view = self.chart, self.view
        room = Room((0.0, 0.0, view.width, view.height), list(obstacles))
        locations, claims = self.locations, ClaimDrawer(self.page.claims, self.styles, self.words)
        marks = [Mark(each.claim, each.anchor, each.points, each.ground) for each in locations]
        for mark in marks:
            room.cross_by(mark.points)
        groups = place_marks(marks, room, view)
        names = self._names()
        place_names(names, room, view, view.zoom(chart.unit))
        corners = [view.point((chart.drawn[i], chart.drawn[i + 1])) for i in (0, 2)]
        signs, numbers = claims.signs(marks, locations)
        unknown = any(layer["kind"] == "ground" for layer in chart.layers)
        return MapWork(
            base=[*self._disputed_land(), *(shape for each in chart.layers for shape in self._ground(each))],
            drawn=(*corners[0], *corners[1]),
            sea=self.styles.of(".sea.unknown" if unknown else ".sea")["fill"],
            claims=[*claims.areas(locations), *claims.lines(locations), *claims.rings(locations)],
            over=[*self._dots(names.cities), *self._leaders(names.areas, groups), *signs],
            names=self._labels(names),
            numbers=numbers,
        )

    # ---- under the claims

    def _disputed_land(self) -> list[Shape]:
        """Return disputed areas as land: that they are, whoever has them."""
        rings = [
            ring
            for layer in self.chart.layers
            if layer.get("role") == "disputed"
            for shape in layer["shapes"]
            for ring in shape["rings"]
        ]
        d = self.outlines.area(rings)
        return [Shape(d, self.styles.of(".canvas .land"))] if d else []

    def _ground(self, layer: dict[str, object]) -> list[Shape]:
        """Return the paths of one layer of the base."""
        role = str(layer.get("role"))
        if layer["kind"] == "lines":
            d = self.outlines.lines(layer["arcs"])  # type: ignore[arg-type]
            return [Shape(d, self._line_style(role, layer))] if d else []
        if layer["kind"] != "areas":
            return []
        areas = [self.outlines.area(shape["rings"]) for shape in layer["shapes"]]  # type: ignore[attr-defined]
        if role == "disputed":
            style = self.styles.of(".canvas .area.disputed")
            return [Shape(d, {"fill-rule": "evenodd", **style}) for d in areas if d]
        style = {"fill-rule": "evenodd", **self.styles.of(f".canvas .{role}")}
        return [Shape("".join(areas), style)] if any(areas) else []

    def _line_style(self, role: str, layer: dict[str, object]) -> Attributes:
        rules = [".canvas .line"]
        if role in ("coast", "river"):
            rules.append(f".canvas .line.{role}")
        if layer.get("emphasis"):
            rules.append(".canvas .line.emphasis")
        if layer.get("grade") in ("disputed", "undefined"):
            rules.append(f".line.{layer['grade']}")
        return {"fill": "none", **self.styles.of(*rules)}

    def _leaders(self, names: Sequence[Name], groups: Sequence[Group]) -> list[Shape]:
        shapes = []
        of_names = [line for name in names if (line := name.line())]
        of_marks = [line for group in groups if (line := group.leader())]
        for lines, rule in ((of_names, ".name-leader"), (of_marks, ".leader")):
            d = "".join(write_path(np.array(line)) for line in lines)
            if rule == ".leader":
                d += "".join(circle(*line[0], 1.5) for line in lines)
            if d:
                shapes.append(Shape(d, {"fill": "none", **self.styles.of(rule)}))
        return shapes

    # ---- names

    def label_letters(self, kind: str, text: str) -> Letters:
        """Return how a name is set: ``focus``, ``neighbour``, ``disputed``, ``city`` or ``capital``."""
        number = self.styles.number
        rule = LABEL_RULES.get(kind, ".label")
        size = number(rule, "font-size")
        spacing = min(number(rule, "letter-spacing"), MOST_SPACING) * size if rule != ".label" else 0.0
        return Letters(
            size=size,
            weight=600 if kind in ("focus", "capital") else 400,
            italic=kind == "disputed",
            spacing=0.0 if is_joined(text) else round(spacing, 2),
        )

    def _named(self, text: str, kind: str) -> tuple[str, float, float]:
        """Return a name as it is set, its width and its height."""
        shown = text.upper() if kind == "focus" else text
        letters = self.label_letters(kind, shown)
        shown = shorten(self.fonts, shown, letters, WIDEST - 5)
        return shown, math.ceil(self.fonts.width(shown, letters) + 5), math.ceil(letters.size * 1.2)

    def _names(self) -> Names:
        grounds = {
            (layer["role"], shape["id"]): shape["rings"]
            for layer in self.chart.layers
            if layer["kind"] == "areas"
            for shape in layer["shapes"]
            if "id" in shape
        }
        areas = []
        for shape in self.chart.shapes("labels"):
            listed = self.page.disputed if shape["role"] == "disputed" else self.page.territories
            text, width, height = self._named(listed[shape["id"]].name, shape["role"])
            rings = grounds.get((shape["role"], shape["id"]))
            ground = Ground(self.outlines, rings) if rings is not None else None
            at = [self.view.point(place) for place in shape["at"]]
            areas.append(Name(text, shape["role"], at, width, height, ground))
        cities = []
        for shape in self.chart.shapes("cities"):
            capital = bool(shape["capital"])
            text, width, height = self._named(self.page.cities[shape["id"]], "capital" if capital else "city")
            dot = self.view.point(shape["at"])
            cities.append(City(text, dot, shape["rank"], capital, bool(shape.get("claimed")), width, height))
        return Names(areas, cities)

    def _dots(self, cities: Sequence[City]) -> list[Shape]:
        shapes = []
        for capital, radius, rules in ((False, 1.9, [".dots"]), (True, 2.6, [".dots", ".dots.capital"])):
            d = "".join(circle(*city.dot, radius) for city in cities if city.spot and city.capital is capital)
            if d:
                shapes.append(Shape(d, {**self.styles.of(*rules), "paint-order": "stroke"}))
        return shapes

    def _labels(self, names: Names) -> list[Line]:
        colours = {"focus": "name", "neighbour": "name-near", "disputed": "soft", "city": "city"}
        placed = [(name.text, name.role, name.spot) for name in names.areas]
        placed += [(city.text, "capital" if city.capital else "city", city.spot) for city in names.cities]
        lines = []
        for text, kind, spot in placed:
            if spot is None:
                continue
            letters = self.label_letters(kind, text)
            y = spot[1] + DROP * letters.size
            # The space after the last letter belongs to no letter.
            x = spot[0] + letters.spacing / 2
            colour = colours.get(kind, "city")
            lines.append(Line(x, y, isolate(text), letters, colour, "middle", "halo"))
        return lines


def obstacle_of_scale(view: View) -> Box:
    """Return the box that the scale bar takes, in the lower right corner."""
    return view.width - 140.0, view.height - 36.0, view.width, view.height


def draw_scale(chart: Chart, view: View, *, styles: Styles, words: Words) -> tuple[list[Shape], list[Line]]:
    """Return the scale bar and its text, in the lower right corner."""
    bar = scale_bar(chart, view)
    right, bottom = view.width - 12.0, view.height - 10.0
    left = right - bar.width
    d = f"M{left:.1f} {bottom - 5:.1f}v5h{bar.width:.1f}v-5"
    line = Shape(d, {"fill": "none", "stroke": styles.colour("soft"), "stroke-width": "1"})
    unit, value = ("kilometres", bar.metres / 1000) if bar.metres >= 1000 else ("metres", bar.metres)
    text = words(f"script.{unit}", value=value)
    return [line], [
        Line((left + right) / 2, bottom - 9, isolate(text), Letters(11.0), "soft", "middle", "halo")
    ]

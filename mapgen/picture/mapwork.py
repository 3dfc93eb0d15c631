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
from mapgen.page import ClaimView, Page
from mapgen.picture.chart import Chart
from mapgen.picture.fonts import Fonts, Letters, is_joined
from mapgen.picture.marks import Group, Mark, place_marks
from mapgen.picture.names import WIDEST, City, Name, Names, place_names
from mapgen.picture.outlines import Ground, Outlines, write_path
from mapgen.picture.room import Box, Room
from mapgen.picture.shapes import ARROW, Shape, circle, sign
from mapgen.picture.styles import HUES, Styles
from mapgen.picture.typeset import Line, isolate, shorten
from mapgen.picture.view import View, scale_bar
from mapgen.projection import Floats

LINE_FORMS = ("border", "route", "relation")
BROAD_FORMS = ("territory", "area")
LABEL_RULES = {"focus": ".label.focus", "neighbour": ".label.neighbour", "disputed": ".label"}
NUMBER_SIZE = 11.0
MOST_SPACING = 0.09
"""Letters farther apart, as a share of their size, are taken for words of their own by those who read a PDF."""

DROP = 0.36
"""From the middle of capital letters down to their base line, as a share of their size."""

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
        hidden = {index for index, claim in enumerate(page.claims) if claim.status == "retracted"}
        self.locations = [shape for shape in chart.claims if shape["claim"] not in hidden]
        self.locations.sort(key=lambda shape: int(shape["claim"]))

    def draw(self, obstacles: Sequence[Box] = ()) -> MapWork:
        """Draw the map.

        Parameters
        ----------
        obstacles : sequence of Box
            What marks and names leave free.
        """
        chart, view = self.chart, self.view
        room = Room((0.0, 0.0, view.width, view.height), list(obstacles))
        marks = [self._mark(location) for location in self.locations]
        for mark in marks:
            room.cross_by(mark.points)
        groups = place_marks(marks, room, view)
        names = self._names()
        place_names(names, room, view, view.zoom(chart.unit))
        corners = [view.point((chart.drawn[i], chart.drawn[i + 1])) for i in (0, 2)]
        signs, numbers = self._signs(marks)
        unknown = any(layer["kind"] == "ground" for layer in chart.layers)
        return MapWork(
            base=[shape for layer in chart.layers for shape in self._ground(layer)],
            drawn=(*corners[0], *corners[1]),
            sea=self.styles.of(".sea.unknown" if unknown else ".sea")["fill"],
            claims=[*self._rest(), *self._claim_lines()],
            over=[*self._dots(names.cities), *self._leaders(names.areas, groups), *signs],
            names=self._labels(names),
            numbers=numbers,
        )

    # ---- under the claims

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

    # ---- the claims

    def _layer(self, claim: int) -> int:
        return self.page.claims[claim].layer

    def _rest(self) -> list[Shape]:
        """Return the areas that claims are about, each once, tinted in the layer's hue if they share one."""
        layers: dict[str, set[int]] = {}
        for location in self.locations:
            if location["form"] in BROAD_FORMS:
                d = self.outlines.area(location["rings"])
                layers.setdefault(d, set()).add(self._layer(location["claim"]) % HUES)
        shapes = []
        for d, own in layers.items():
            style = self.styles.of(".canvas .claim-area.rest", layer=min(own))
            if len(own) > 1:
                style |= self.styles.of(".canvas .claim-area.rest.several")
            if d:
                shapes.append(Shape(d, {"fill-rule": "evenodd", **style}))
        return shapes

    def _claim_lines(self) -> list[Shape]:
        """Return the claims' lines on their casings, and the arrows of routes."""
        casings, lines, arrows = [], [], []
        for location in self.locations:
            form, layer = location["form"], self._layer(location["claim"])
            if form not in LINE_FORMS:
                continue
            d = (
                self.outlines.lines(location["arcs"])
                if "arcs" in location
                else write_path(self.outlines.path(location["path"]))
            )
            if not d:
                continue
            casings.append(Shape(d, self._claim_style("casing", form, layer)))
            lines.append(Shape(d, self._claim_style("line", form, layer)))
            if form == "route":
                arrows.append(self._arrow(self.outlines.path(location["path"]), layer))
        return [*casings, *lines, *arrows]

    def _claim_style(self, part: str, form: str, layer: int) -> Attributes:
        own = {"line": ".claim-line", "casing": ".canvas .casing"}[part]
        rules = [own]
        if part == "line" and layer % HUES == 0:
            rules.append(".claim-line.layer-0")
        if form != "border":
            rules.append(f".form-{form}.claim-line" if part == "line" else f".form-{form}.casing")
        return {"fill": "none", **self.styles.of(*rules, layer=layer)}

    def _arrow(self, path: Floats, layer: int) -> Shape:
        """Return a route's arrow, turned to its last step."""
        (x, y), (from_x, from_y) = path[-1].tolist(), path[max(0, len(path) - 3)].tolist()
        turn = math.degrees(math.atan2(y - from_y, x - from_x))
        style = self.styles.of(".canvas .arrow", layer=layer)
        return Shape(ARROW, {**style, "paint-order": "stroke"}, (x, y), turn)

    # ---- marks

    def _mark(self, location: dict[str, object]) -> Mark:
        empty: Floats = np.zeros((0, 2))
        points = empty
        if "path" in location:
            points = self.outlines.path(location["path"])  # type: ignore[arg-type]
        elif "arcs" in location:
            points = self.outlines.points(location["arcs"])  # type: ignore[arg-type]
        broad = location["form"] in BROAD_FORMS
        return Mark(
            claim=int(location["claim"]),  # type: ignore[call-overload]
            anchor=self.view.point(location["anchor"]),  # type: ignore[arg-type]
            points=points,
            ground=Ground(self.outlines, location["rings"]) if broad else None,  # type: ignore[arg-type]
        )

    def _signs(self, marks: Sequence[Mark]) -> tuple[list[Shape], list[Line]]:
        shapes: list[Shape] = []
        numbers: list[Line] = []
        for mark in marks:
            if mark.spot is None:
                continue
            claim = self.page.claims[mark.claim]
            broad = mark.ground is not None
            shapes += sign(self.styles, claim.layer, broad=broad, x=mark.spot[0], y=mark.spot[1])
            numbers.append(number_on_sign(claim, mark.spot, broad=broad, words=self.words))
        return shapes, numbers

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


def number_on_sign(claim: ClaimView, spot: tuple[float, float], *, broad: bool, words: Words) -> Line:
    """Return the number of a claim on its sign."""
    text = words.digits(str(claim.number))
    size = NUMBER_SIZE if len(text) < 3 else NUMBER_SIZE * 0.8
    letters = Letters(size, weight=600)
    colour = f"hue-{claim.layer % HUES}" if broad else "on-hue"
    return Line(spot[0], spot[1] + DROP * size, text, letters, colour, "middle")


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

"""Draw the claims of a map: their areas, lines and arrows, and their numbered marks.

In: a chart, the claims of its page, outlines and styles. Out: shapes and numbers, bottom first. What is
uncertain looks uncertain: low grades are thin and broken, a place that is not exact has a ring.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mapgen.languages import Words
from mapgen.page import ClaimView
from mapgen.picture.chart import Chart
from mapgen.picture.fonts import Letters
from mapgen.picture.marks import Mark
from mapgen.picture.outlines import Ground, Outlines, write_path
from mapgen.picture.shapes import ARROW, Shape, circle, sign
from mapgen.picture.styles import HUES, Styles
from mapgen.picture.typeset import DROP, Line
from mapgen.projection import Floats

LINE_FORMS = ("border", "route", "relation")
BROAD_FORMS = ("territory", "area")
POINT_FORMS = ("place", "point")

RINGS = {3: 20, 4: 27, 5: 27, 6: 36, 7: 46}
"""Pixels of the ring around a place that is only known as the middle of something, by UCDP's precision: the
wider, the less exact. It measures nothing on the ground."""

NUMBER_SIZE = 11.0

Attributes = dict[str, str]
Shapes = dict[str, Any]


@dataclass(frozen=True)
class Location:
    """One location of a claim.

    Attributes
    ----------
    claim : int
        Index of the claim.
    form : str
        How the claim says where.
    anchor : (x, y)
        Where its mark belongs, in pixels.
    d : str
        Path data of its line or area; empty for a point.
    points : float array of shape (n, 2)
        Its line, in pixels.
    ground : Ground or None
        Its area.
    radius : int
        Of the ring around a point that is not exact, 0 for none.
    """

    claim: int
    form: str
    anchor: tuple[float, float]
    d: str
    points: Floats
    ground: Ground | None
    radius: int

    @property
    def broad(self) -> bool:
        """Whether the claim is about all of something, or what lies around a place."""
        return self.ground is not None or self.radius > 0


def locate(chart: Chart, claims: Sequence[ClaimView], outlines: Outlines) -> list[Location]:
    """Return the locations of the claims that a picture shows, in their order; of retracted ones none."""
    found = []
    for index, place, shape in _places(chart):
        claim = claims[index]
        if claim.status == "retracted":
            continue
        form = str(shape["form"])
        points: Floats = np.zeros((0, 2))
        d, ground = "", None
        if "arcs" in shape:
            d, points = outlines.lines(shape["arcs"]), outlines.points(shape["arcs"])
        elif "path" in shape:
            points = outlines.path(shape["path"])
            d = write_path(points)
        elif "rings" in shape:
            d, ground = outlines.area(shape["rings"]), Ground(outlines, shape["rings"])
        anchor = outlines.view.point(shape["anchor"])
        found.append(Location(index, form, anchor, d, points, ground, _radius(form, claim, place)))
    return sorted(found, key=lambda location: location.claim)


def broad_claims(chart: Chart, claims: Sequence[ClaimView]) -> frozenset[int]:
    """Return the indexes of the claims that are known only for areas, or for what lies around a place."""
    placed = list(_places(chart))
    exact = {
        index
        for index, place, shape in placed
        if shape["form"] not in BROAD_FORMS and not _radius(shape["form"], claims[index], place)
    }
    return frozenset({index for index, _, _ in placed} - exact)


def _places(chart: Chart) -> Iterator[tuple[int, int, Shapes]]:
    """Yield (claim, which of its places, shape) of each location."""
    seen: dict[int, int] = {}
    for shape in chart.claims:
        index = int(shape["claim"])
        seen[index] = seen.get(index, -1) + 1
        yield index, seen[index], shape


def _radius(form: str, claim: ClaimView, place: int) -> int:
    """Return the radius of the ring around a place, 0 for one that is exact, and for what is no place."""
    level = claim.placements[place].level if place < len(claim.placements) else 0
    return RINGS.get(level, 0) if form in POINT_FORMS else 0


@dataclass(frozen=True)
class ClaimDrawer:
    """Draws claims.

    Attributes
    ----------
    claims : sequence of ClaimView
    styles : Styles
    words : Words
        Whose digits the numbers have.
    """

    claims: Sequence[ClaimView]
    styles: Styles
    words: Words

    def areas(self, locations: Sequence[Location]) -> list[Shape]:
        """Return the areas that claims are about, each once, tinted in the layer's hue if they share one."""
        layers: dict[str, set[int]] = {}
        for location in locations:
            if location.ground is not None and location.d:
                layers.setdefault(location.d, set()).add(self.claims[location.claim].layer % HUES)
        shapes = []
        for d, own in layers.items():
            style = self.styles.of(".canvas .claim-area.rest", layer=min(own))
            if len(own) > 1:
                style |= self.styles.of(".canvas .claim-area.rest.several")
            del style["opacity"]
            shapes.append(Shape(d, {"fill-rule": "evenodd", **style}))
        return shapes

    def lines(self, locations: Sequence[Location]) -> list[Shape]:
        """Return the claims' lines on their casings, and the arrows of routes."""
        casings, lines, arrows = [], [], []
        for location in locations:
            if location.form not in LINE_FORMS or not location.d:
                continue
            claim = self.claims[location.claim]
            casings.append(Shape(location.d, self._casing(location.form)))
            lines.append(Shape(location.d, self._line(location.form, claim)))
            if location.form == "route":
                arrows.append(self._arrow(location.points, claim))
        return [*casings, *lines, *arrows]

    def rings(self, locations: Sequence[Location]) -> list[Shape]:
        """Return the rings around places that are not exact."""
        return [
            Shape(
                circle(*location.anchor, location.radius),
                self.styles.of(".canvas .ring", layer=self.claims[location.claim].layer),
            )
            for location in locations
            if location.radius
        ]

    def signs(self, marks: Sequence[Mark], locations: Sequence[Location]) -> tuple[list[Shape], list[Line]]:
        """Return the signs of marks that have found their place, and the numbers on them."""
        shapes: list[Shape] = []
        numbers: list[Line] = []
        for mark, location in zip(marks, locations, strict=True):
            if mark.spot is not None:
                made, number = self.sign(self.claims[mark.claim], mark.spot, broad=location.broad)
                shapes += made
                numbers.append(number)
        return shapes, numbers

    def sign(self, claim: ClaimView, spot: tuple[float, float], *, broad: bool) -> tuple[list[Shape], Line]:
        """Return the sign of a claim, and the number on it."""
        struck = claim.superseded or claim.status == "retracted"
        shapes = sign(self.styles, claim.layer, spot, broad=broad, weak=claim.weak, struck=struck)
        text = self.words.digits(str(claim.number))
        letters = Letters(NUMBER_SIZE if len(text) < 3 else NUMBER_SIZE * 0.8, weight=600)
        colour = f"{'hue' if broad or claim.weak else 'on'}-{claim.layer % HUES}"
        return shapes, Line(spot[0], spot[1] + DROP * letters.size, text, letters, colour, "middle")

    def _casing(self, form: str) -> Attributes:
        rules = [".canvas .casing"] if form == "border" else [".canvas .casing", f".form-{form}.casing"]
        return {"fill": "none", **self.styles.of(*rules)}

    def _line(self, form: str, claim: ClaimView) -> Attributes:
        rules = [".claim-line"]
        if claim.layer % HUES == 0:
            rules.append(".claim-line.layer-0")
        if form != "border":
            rules.append(f".form-{form}.claim-line")
        if claim.weak:
            rules.append(".weak.claim-line")
            rules += [".weak.form-relation.claim-line"] if form == "relation" else []
        return {"fill": "none", **self.styles.of(*rules, layer=claim.layer)}

    def _arrow(self, path: Floats, claim: ClaimView) -> Shape:
        """Return a route's arrow, turned to its last step."""
        (x, y), (from_x, from_y) = path[-1].tolist(), path[max(0, len(path) - 3)].tolist()
        rules = [".canvas .arrow", *([".canvas .weak.arrow"] if claim.weak else [])]
        style = self.styles.of(*rules, layer=claim.layer)
        turn = math.degrees(math.atan2(y - from_y, x - from_x))
        return Shape(ARROW, {**style, "paint-order": "stroke"}, (x, y), turn)

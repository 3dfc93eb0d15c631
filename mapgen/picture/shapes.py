"""The shapes of a picture that are not geography: signs of layers, samples of the legend, arrows, dots.

In: styles. Out: paths with the attributes that they are drawn with, in pixels around a point of their own.
Where they stand is decided where the map and the sheet are laid out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from mapgen.picture.styles import HUES, Styles

ARROW = "M6 0L-5-5L-2 0L-5 5z"

WEAK_SHARE = 0.16
"""Of the hue, in the sign of a claim with a low grade."""

SIGN = 9.0
"""Half of a sign's width, in pixels."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A path.

    Attributes
    ----------
    d : str
        Path data, in pixels.
    attributes : mapping of str to str
        How it is drawn, as SVG writes it.
    at : (x, y) or None
        Where its own origin lies; None for the picture's.
    turn : float
        Degrees that it is turned by, clockwise.
    """

    d: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    at: tuple[float, float] | None = None
    turn: float = 0.0

    def moved(self, x: float, y: float) -> Shape:
        """Return the shape elsewhere."""
        here = self.at or (0.0, 0.0)
        return replace(self, at=(here[0] + x, here[1] + y))


def sign(
    styles: Styles,
    layer: int,
    spot: tuple[float, float],
    *,
    broad: bool = False,
    weak: bool = False,
    struck: bool = False,
) -> list[Shape]:
    """Return the sign of a layer, on which a number is written.

    Parameters
    ----------
    styles : Styles
    layer : int
        Its place among the layers, which gives its hue and form.
    spot : (x, y)
        Its middle.
    broad : bool
        Whether it is of a claim about a whole area: an outline.
    weak : bool
        Whether the claim has a low grade: a broken outline.
    struck : bool
        Whether the claim was retracted or another one replaces it: struck through.
    """
    hue, casing = styles.hue(layer), styles.colour("casing")
    shapes = [Shape(_sign(layer, SIGN), {"fill": casing, "stroke": casing, "stroke-width": "3"}, spot)]
    if broad or weak:
        fill = casing if broad else styles.mix(hue, casing, WEAK_SHARE)
        outline = {"fill": fill, "stroke": hue, "stroke-width": "1.2" if weak else "1.5"}
        dashes = {"stroke-dasharray": "3 2"} if weak else {}
        shapes.append(Shape(_sign(layer, SIGN - 0.75), {**outline, **dashes}, spot))
    else:
        shapes.append(Shape(_sign(layer, SIGN), {"fill": hue}, spot))
    if struck:
        line = {
            "stroke": hue if broad or weak else styles.colour(f"on-{layer % HUES}"),
            "stroke-width": "1.6",
        }
        shapes.append(Shape("M-5 5L5-5", line, spot))
    return shapes


def _sign(layer: int, half: float) -> str:
    """Return the form of a layer's sign, as in the page's style sheet."""
    match layer % HUES:
        case 1:
            return _rounded(half, (2.0, 2.0, 2.0, 2.0))
        case 2:
            # A square of 16 by 16 on its corner.
            far = (half - 1) * math.sqrt(2)
            return f"M0{-far:.2f}L{far:.2f} 0L0 {far:.2f}L{-far:.2f} 0z"
        case 3:
            return _rounded(half, (half * 1.2, 0.0, half * 1.2, 0.0))
        case 4:
            return _rounded(half, (half, half, 2.0, 2.0))
    return _rounded(half, (half, half, half, half))


def _rounded(half: float, radii: tuple[float, float, float, float]) -> str:
    """Return a square around the origin with rounded corners, clockwise from the upper left one."""
    one, two, three, four = radii
    corners = [
        (f"M{-half + one:.2f} {-half:.2f}", ""),
        (f"L{half - two:.2f} {-half:.2f}", _arc(two, half, -half + two)),
        (f"L{half:.2f} {half - three:.2f}", _arc(three, half - three, half)),
        (f"L{-half + four:.2f} {half:.2f}", _arc(four, -half, half - four)),
        (f"L{-half:.2f} {-half + one:.2f}", _arc(one, -half + one, -half)),
    ]
    return "".join(line + corner for line, corner in corners) + "z"


def _arc(radius: float, x: float, y: float) -> str:
    return f"A{radius:.2f} {radius:.2f} 0 0 1 {x:.2f} {y:.2f}" if radius else ""


def circle(x: float, y: float, radius: float) -> str:
    """Return the path data of a circle."""
    half = f"a{radius} {radius} 0 1 0 "
    return f"M{x - radius:.1f} {y:.1f}{half}{2 * radius:g} 0{half}{-2 * radius:g} 0z"


def layer_sample(styles: Styles, layer: int) -> list[Shape]:
    """Return a piece of a layer's line with its sign, 34 pixels wide, its middle at a height of 0."""
    own = styles.of(".claim-line", layer=layer)
    if layer % HUES == 0:
        own |= styles.of(".claim-line.layer-0", layer=layer)
    casing = styles.colour("paper")
    return [
        Shape("M2 0h30", {"fill": "none", **own}),
        Shape(
            _sign(layer, 6.0),
            {"fill": styles.hue(layer), "stroke": casing, "stroke-width": "1.5"},
            (17.0, 0.0),
        ),
    ]


def legend_sample(styles: Styles, kind: str) -> list[Shape]:
    """Return the sample of a line of the legend, 30 pixels wide, its middle at a height of 0."""
    own = {"fill": "none", **styles.of(".sample")}
    box = "M3.5-5.5h23v11h-23z"
    match kind:
        case "area-disputed":
            area = styles.of(".canvas .area.disputed")
            return [Shape(box, area)]
        case "area-unknown":
            return [Shape(box, own | styles.of(".sample.area-unknown"))]
        case "form-territory":
            return [Shape(box, own | styles.of(".sample.form-territory"))]
        case "form-place":
            return [Shape(circle(15, 0, 3.5), {"fill": styles.colour("ink")})]
        case "form-route":
            line = Shape("M3 4C10-4 16-4 22-2", own | styles.of(".sample.form-route"))
            return [line, Shape("M21-5.5l7 4.5-8 3z", {"fill": styles.colour("ink")})]
        case "form-relation":
            return [Shape("M3 4Q15-10 27 4", own | styles.of(".sample.form-relation"))]
        case "form-weak":
            broken = own | styles.of(".sample.form-weak")
            inner = {**own, "fill": styles.colour("paper"), "stroke-dasharray": "3 2"}
            return [Shape("M1 0h28", broken), Shape(circle(15, 0, 5.5), inner)]
        case "form-fuzzy":
            ring = own | {"fill": styles.colour("ink")} | styles.of(".sample.form-fuzzy .ring")
            return [
                Shape(circle(15, 0, 6.5), ring),
                Shape(circle(15, 0, 2.5), {"fill": styles.colour("ink")}),
            ]
        case "form-border" | "border-disputed" | "border-undefined":
            return [Shape("M2 0h26", own | styles.of(f".sample.{kind}"))]
    return [Shape("M2 0h26", own)]

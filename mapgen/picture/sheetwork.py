"""Lay out a picture: title above the map, legend, notes and footer below it.

In: a chart, the words of its page, and options. Out: a `Sheet` of shapes and lines, ready for the template.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from mapgen.errors import UsageError
from mapgen.languages import read_words
from mapgen.page import Page
from mapgen.picture.chart import Chart
from mapgen.picture.claimwork import broad_claims
from mapgen.picture.fonts import Fonts
from mapgen.picture.mapwork import MapDrawer, MapWork, draw_scale, obstacle_of_scale
from mapgen.picture.options import HEIGHT, NOTES_MAP, WIDTH, PictureOptions
from mapgen.picture.room import Box
from mapgen.picture.shapes import Shape
from mapgen.picture.sheetparts import NARROW, Piece, SheetWriter
from mapgen.picture.styles import Styles
from mapgen.picture.typeset import Line
from mapgen.picture.view import View, fit_view

LEAST_MAP = 120.0
"""Pixels that a map is high at least."""

LEAST_SHARE, LEAST_NARROW_SHARE = 0.45, 0.85
"""Height of a map as a share of its width, at least, where nothing is said of the height."""

MARGIN, NARROW_MARGIN = 24.0, 14.0


@dataclass(frozen=True)
class Sheet:
    """A laid out picture, in pixels.

    Attributes
    ----------
    width, height : int
    box : Box
        Of the map: left, top, right, bottom.
    view : View
    map : MapWork
        In pixels from the corner of its box.
    over : Piece
        The scale bar, in pixels from there too.
    around : Piece
        Everything else.
    """

    width: int
    height: int
    box: Box
    view: View
    map: MapWork
    over: Piece
    around: Piece

    def lines(self) -> Iterator[Line]:
        """Yield all lines of text."""
        yield from (*self.map.names, *self.map.numbers, *self.over.lines, *self.around.lines)


def lay_out(
    chart: Chart,
    page: Page,
    options: PictureOptions,
    *,
    styles: Styles,
    fonts: Fonts,
    view: View | None = None,
) -> Sheet:
    """Lay out a picture.

    Parameters
    ----------
    chart : Chart
    page : Page
    options : PictureOptions
    styles : Styles
    fonts : Fonts
    view : View, optional
        What the map shows, at its size; what the map opens on without, as large as it goes.

    Returns
    -------
    Sheet

    Raises
    ------
    UsageError
        If the height leaves no room for the map.
    """
    words = read_words(page.language)
    writer = SheetWriter(page, words, styles, fonts, broad_claims(chart, page.claims))
    margin = NARROW_MARGIN if options.width < NARROW else MARGIN
    width = options.width - 2 * margin
    head = writer.head(width) if options.title else Piece()
    below = [writer.legend(width)]
    if options.notes:
        below.append(writer.notes(width))
    foot = writer.footer(width)
    gaps = [head.height and margin * 0.5, *(9.0 if i == 0 else 14.0 for i in range(len(below)))]
    fixed = margin * 1.6 + head.height + sum(gaps) + sum(p.height for p in below) + foot.height + 12.0
    high = _map_height(options, width, fixed)
    around = Piece()
    around.add(head, margin, margin)
    top = margin + head.height + gaps[0]
    box = (margin, top, margin + width, top + high)
    drawer = MapDrawer(
        chart, page, view or fit_view(chart, chart.home, width, high), styles=styles, fonts=fonts
    )
    y = box[3]
    for gap, piece in zip(gaps[1:], below, strict=True):
        y += gap
        around.add(piece, margin, y)
        y += piece.height
    total = options.height or round(y + 12.0 + foot.height + margin * 0.6)
    rule = total - margin * 0.6 - foot.height - 6.0
    around.shapes.append(_rule(margin, rule, width, styles))
    around.add(foot, margin, rule + 6.0)
    shapes, lines = draw_scale(chart, drawer.view, styles=styles, words=words)
    return Sheet(
        width=options.width,
        height=total,
        box=box,
        view=drawer.view,
        map=drawer.draw([obstacle_of_scale(drawer.view)]),
        over=Piece(shapes=shapes, lines=lines),
        around=around,
    )


def _map_height(options: PictureOptions, width: float, fixed: float) -> float:
    """Return the height of the map; `fixed` is what everything else takes."""
    if options.height is not None:
        high: float = options.height - fixed
        if high < LEAST_MAP:
            needed = round(fixed + LEAST_MAP)
            expected = f"Expected {needed} at least{', or no notes' if options.notes else ''}."
            raise UsageError(f"height: {options.height} pixels leave no room for the map. {expected}")
        return high
    if options.notes:
        return width * NOTES_MAP
    least = width * (LEAST_SHARE if options.width >= NARROW else LEAST_NARROW_SHARE)
    return max(least, options.width * HEIGHT / WIDTH - fixed)


def _rule(x: float, y: float, width: float, styles: Styles) -> Shape:
    """Return the thin line above the footer."""
    return Shape(f"M{x:.1f} {y:.1f}h{width:.1f}", {"stroke": styles.colour("rule"), "stroke-width": "0.75"})


@dataclass(frozen=True)
class Run:
    """Lines that are set alike, one after another: SVG says once how."""

    attributes: dict[str, str]
    lines: list[Line]


def runs(lines: list[Line], fonts: Fonts, styles: Styles) -> list[Run]:
    """Gather lines that are set alike."""

    def key(line: Line) -> tuple[tuple[str, str], ...]:
        return tuple(_attributes(line, fonts, styles).items())

    return [Run(dict(attributes), list(several)) for attributes, several in groupby(lines, key)]


def _attributes(line: Line, fonts: Fonts, styles: Styles) -> dict[str, str]:
    letters = line.letters
    made = {"font-family": fonts.families(letters, line.text), "font-size": f"{letters.size:g}"}
    if letters.weight != 400:
        made["font-weight"] = str(letters.weight)
    if letters.italic:
        made["font-style"] = "italic"
    if letters.spacing:
        made["letter-spacing"] = f"{letters.spacing:g}"
    if line.anchor != "start":
        made["text-anchor"] = line.anchor
    if line.kind == "struck":
        made["text-decoration"] = "line-through"
    made["fill"] = styles.colour(line.colour)
    if line.kind == "halo":
        colour, _, opacity = styles.colour("halo").partition("/")
        made |= {"stroke": colour, "stroke-width": "3", "stroke-linejoin": "round", "paint-order": "stroke"}
        made["stroke-opacity"] = f"{int(opacity or 100) / 100:g}"
    return made

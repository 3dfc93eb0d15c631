"""Turn the arcs of a drawing into the outlines of a picture: decoded, at its scale, simplified, cut to it.

In: a drawing's arcs, in grid positions, and a view. Out: path data in pixels, to a tenth. Neighbours still
share their lines, since each arc is simplified once. Which outline means what is decided in `mapwork`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt
import shapely

from mapgen.arccode import CodedArcs, decode_arcs
from mapgen.picture.view import View
from mapgen.projection import Floats
from mapgen.topology import Ints, simplify_arcs

TOLERANCE = 0.12
"""Pixels that an outline may be off. Rounding adds 0.07: on A4 at 300 dpi, less than a dot in all."""

BEYOND = 12.0
"""Pixels around the map that outlines are kept in, so that no edge of theirs is seen."""

SMALLEST = 0.3
"""Rings that are smaller than this many pixels are left out."""

Rings = Sequence[Sequence[int]]
"""References to arcs: ``a`` is an arc forwards, ``~a`` the same one backwards."""


class Outlines:
    """The arcs of a drawing, as one view shows them.

    Parameters
    ----------
    arcs : CodedArcs
        As `drawing.Drawing` has them.
    view : View
    """

    def __init__(self, arcs: CodedArcs, view: View) -> None:
        self.view = view
        self.positions, lengths = decode_arcs(arcs)
        self.offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        self._box = (-BEYOND, -BEYOND, view.width + BEYOND, view.height + BEYOND)

    @cached_property
    def _simple(self) -> list[Floats]:
        """All arcs in pixels, simplified."""
        pixels = self.view.to_pixel(self.positions)
        kept = simplify_arcs(pixels, self.offsets, np.full(len(self.offsets) - 1, TOLERANCE))
        # A map without arcs has nothing to split.
        lengths = np.add.reduceat(kept, self.offsets[:-1]) if len(kept) else np.zeros(1, dtype=np.int64)
        return np.split(pixels[kept], np.cumsum(lengths)[:-1])

    def points(self, references: Iterable[int]) -> Floats:
        """Return the pixels of arcs one after another, not simplified."""
        return self.view.to_pixel(self.grid_points(references))

    def grid_points(self, references: Iterable[int]) -> Ints:
        """Return the grid positions of arcs one after another, as they stand in the drawing."""
        parts = [self.positions[self.offsets[a] : self.offsets[a + 1]] for a in map(_arc, references)]
        return np.concatenate(parts) if parts else np.zeros((0, 2), dtype=np.int64)

    def ring(self, references: Sequence[int]) -> Floats:
        """Return one ring in pixels, simplified, without its closing point."""
        parts = [self._simple[a] if a >= 0 else self._simple[~a][::-1] for a in references]
        return np.concatenate([part[:-1] for part in parts]) if parts else np.zeros((0, 2))

    def area(self, rings: Rings) -> str:
        """Return the path data of an area, to be filled by the even-odd rule."""
        made = (cut_ring(self.ring(ring), self._box) for ring in rings)
        return "".join(write_path(ring, closed=True) for ring in made if _is_seen(ring))

    def lines(self, references: Iterable[int]) -> str:
        """Return the path data of lines."""
        arcs = [self._simple[_arc(reference)] for reference in references]
        return "".join(write_path(line) for line in cut_lines(arcs, self._box))

    def path(self, positions: Sequence[Sequence[int]]) -> Floats:
        """Return a curve that is no arc, such as a route, in pixels."""
        return self.view.to_pixel(np.array(positions, dtype=np.int64))


class Ground:
    """An area that is asked again and again whether a place lies in it."""

    def __init__(self, outlines: Outlines, rings: Rings) -> None:
        arcs = [_arc(reference) for ring in rings for reference in ring]
        parts = [outlines.positions[outlines.offsets[a] : outlines.offsets[a + 1]] for a in arcs]
        empty = np.zeros((0, 2), dtype=np.int64)
        self._from = np.concatenate([part[:-1] for part in parts]) if parts else empty
        self._to = np.concatenate([part[1:] for part in parts]) if parts else empty
        every = np.concatenate(parts) if parts else np.zeros((1, 2), dtype=np.int64)
        self.width, self.height = (int(side) for side in np.ptp(every, axis=0))

    def contains(self, x: float, y: float) -> bool:
        """Tell whether a grid position lies inside, by the even-odd rule."""
        (x0, y0), (x1, y1) = self._from.T, self._to.T
        across = (y0 > y) != (y1 > y)
        x0, y0, x1, y1 = x0[across], y0[across], x1[across], y1[across]
        return bool(np.count_nonzero(x < x0 + (x1 - x0) * (y - y0) / (y1 - y0)) % 2)


def cut_ring(ring: Floats, box: tuple[float, float, float, float]) -> Floats:
    """Cut a ring to a box, as Sutherland and Hodgman do: what is left may run along its edges.

    Parameters
    ----------
    ring : float array of shape (n, 2)
        Without its closing point.
    box : (left, top, right, bottom)
    """
    left, top, right, bottom = box
    for axis, edge, sign in ((0, left, 1.0), (1, top, 1.0), (0, right, -1.0), (1, bottom, -1.0)):
        if not len(ring):
            break
        depth = sign * (ring[:, axis] - edge)
        inside = depth >= 0
        if inside.all():
            continue
        after = np.roll(ring, -1, axis=0)
        depth_after = np.roll(depth, -1)
        crosses = inside != np.roll(inside, -1)
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.where(crosses, depth / (depth - depth_after), 0.0)[:, None]
        met = ring + (after - ring) * share
        both = np.stack([ring, met], axis=1).reshape(-1, 2)
        ring = both[np.stack([inside, crosses], axis=1).reshape(-1)]
    return ring


def cut_lines(lines: Sequence[Floats], box: tuple[float, float, float, float]) -> list[Floats]:
    """Cut lines to a box; those outside are left out."""
    seen = [line for line in lines if _meets(line, box)]
    whole = [_within(line, box) for line in seen]
    made: list[Floats] = []
    for line, is_whole in zip(seen, whole, strict=True):
        if is_whole:
            made.append(line)
            continue
        parts = shapely.get_parts(shapely.clip_by_rect(shapely.linestrings(line), *box))
        made += [shapely.get_coordinates(part) for part in parts if shapely.get_dimensions(part) == 1]
    return made


def write_path(points: Floats, *, closed: bool = False) -> str:
    """Return path data, in tenths of pixels, each step relative to where the one before ended."""
    tenths = np.rint(points * 10).astype(np.int64)
    moves = np.append(True, (tenths[1:] != tenths[:-1]).any(axis=1))
    tenths = tenths[moves]
    if len(tenths) < (3 if closed else 2):
        return ""
    steps = np.diff(tenths, axis=0).tolist()
    x, y = tenths[0].tolist()
    return f"M{tenth(x)} {tenth(y)}l{''.join(map(_step, steps))}".rstrip() + ("z" if closed else "")


def _step(step: list[int]) -> str:
    return f"{tenth(step[0])} {tenth(step[1])} "


def tenth(value: int) -> str:
    """Write a number of tenths, as short as it goes."""
    whole, rest = divmod(abs(value), 10)
    sign = "-" if value < 0 else ""
    return f"{sign}{whole if whole or not rest else ''}{f'.{rest}' if rest else ''}"


def _meets(line: Floats, box: tuple[float, float, float, float]) -> bool:
    low, high = line.min(axis=0), line.max(axis=0)
    return bool((low <= box[2:]).all() and (high >= box[:2]).all())


def _within(line: Floats, box: tuple[float, float, float, float]) -> bool:
    return bool((line.min(axis=0) >= box[:2]).all() and (line.max(axis=0) <= box[2:]).all())


def _is_seen(ring: Floats) -> npt.NDArray[np.bool_] | bool:
    return len(ring) >= 3 and bool(np.ptp(ring, axis=0).max() >= SMALLEST)


def _arc(reference: int) -> int:
    return max(reference, ~reference)

"""What is taken on the map, in pixels: boxes that nothing may cover, lines that names rather do not cross.

In: boxes as (left, top, right, bottom) and lines. Out: whether a place is free, and how many lines it would
cross. The page's script keeps the same book in ``room.js``, so that both place things alike.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from mapgen.projection import Floats

CELL = 6
"""Lines are remembered by the cells of this many pixels that they pass through."""

MOST_STEPS = 400

Box = tuple[float, float, float, float]


def box_at(x: float, y: float, width: float, height: float) -> Box:
    """Return the box around a middle."""
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


@dataclass
class Room:
    """The map's room.

    Attributes
    ----------
    view : Box
        All of it.
    boxes : list of Box
        What is taken.
    """

    view: Box
    boxes: list[Box] = field(default_factory=list)
    _cells: set[tuple[int, int]] = field(default_factory=set, repr=False)

    def holds(self, box: Box, margin: float = 0.0) -> bool:
        """Tell whether a box lies in the room, this many pixels from its edges."""
        left, top, right, bottom = self.view
        return (
            box[0] >= left + margin
            and box[1] >= top + margin
            and box[2] <= right - margin
            and box[3] <= bottom - margin
        )

    def is_free(self, box: Box) -> bool:
        """Tell whether a box covers nothing that is taken."""
        left, top, right, bottom = box
        return all(right <= x0 or left >= x1 or bottom <= y0 or top >= y1 for x0, y0, x1, y1 in self.boxes)

    def take(self, box: Box) -> None:
        """Take a box."""
        self.boxes.append(box)

    def cross_by(self, points: Floats) -> None:
        """Remember the cells that a line passes through.

        Parameters
        ----------
        points : float array of shape (n, 2)
            In pixels.
        """
        last: tuple[float, float] | None = None
        final = len(points) - 1
        for i, (x, y) in enumerate(points.tolist()):
            if last and i < final and abs(x - last[0]) + abs(y - last[1]) < CELL:
                continue
            if last:
                self._cross_by_step(last, (x, y))
            last = (x, y)

    def _cross_by_step(self, here: tuple[float, float], there: tuple[float, float]) -> None:
        (x0, y0), (x1, y1) = here, there
        left, top, right, bottom = self.view
        if max(x0, x1) < left or min(x0, x1) > right or max(y0, y1) < top or min(y0, y1) > bottom:
            return
        count = min(MOST_STEPS, math.ceil(math.hypot(x1 - x0, y1 - y0) / CELL)) or 1
        for k in range(count + 1):
            self._cells.add(_cell(x0 + (x1 - x0) * k / count, y0 + (y1 - y0) * k / count))

    def crossings(self, box: Box) -> int:
        """Return how many cells of a box a line passes through."""
        left, top, right, bottom = box
        count, x = 0, left
        while x < right + CELL:
            y = top
            while y < bottom + CELL:
                count += _cell(x, y) in self._cells
                y += CELL
            x += CELL
        return count


def _cell(x: float, y: float) -> tuple[int, int]:
    return math.floor(x / CELL), math.floor(y / CELL)

"""Place the numbered marks: together in rows where they fall on one place, aside with a leader where not.

In: the locations of claims in pixels, and the room. Out: where each mark stands. The rules are those of the
page's script (``marks.js``), so that a picture and a page of one size agree.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from mapgen.picture.outlines import Ground
from mapgen.picture.room import Room, box_at
from mapgen.picture.view import View
from mapgen.projection import Floats

PITCH = 24.0
NEAR = 10.0
SAMPLES = 8
STEPS = (0, 22, 34, 48, 64, 84, 108, 140, 180, 230)
TURNS = (270, 0, 180, 90, 315, 45, 225, 135, 292, 22, 202, 112)

Spot = tuple[float, float]


@dataclass
class Mark:
    """The mark of one location of a claim.

    Attributes
    ----------
    claim : int
        Index of the claim.
    anchor : Spot
        Where the location has its mark if nothing is in the way, in pixels.
    points : float array of shape (n, 2)
        Its line, in pixels; empty for what is none.
    ground : Ground or None
        Its area, if the claim is about all of one.
    spot : Spot or None
        Where the mark stands; None if the location is out of view.
    """

    claim: int
    anchor: Spot
    points: Floats
    ground: Ground | None = None
    spot: Spot | None = None


@dataclass
class Group:
    """Marks that stand together, and where their place is."""

    x: float
    y: float
    marks: list[Mark] = field(default_factory=list)
    at: Spot | None = None
    size: tuple[float, float] = (0.0, 0.0)

    def leader(self) -> tuple[Spot, Spot] | None:
        """Return the line from the place to the marks, None where they stand on it."""
        if self.at is None or math.hypot(self.at[0] - self.x, self.at[1] - self.y) <= PITCH / 2:
            return None
        near = [
            max(middle - side / 2 + 9, min(middle + side / 2 - 9, place))
            for middle, side, place in zip(self.at, self.size, (self.x, self.y), strict=True)
        ]
        return (self.x, self.y), (near[0], near[1])


def place_marks(marks: Sequence[Mark], room: Room, view: View) -> list[Group]:
    """Find a place for every mark whose location is in view, and take it in the room.

    Parameters
    ----------
    marks : sequence of Mark
        In the order of their claims; each is told its spot.
    room : Room
    view : View

    Returns
    -------
    list of Group
    """
    groups: list[Group] = []
    for mark in marks:
        spot = _spot_in_view(mark, room, view)
        if spot is None:
            continue
        near = (each for each in groups if math.hypot(spot[0] - each.x, spot[1] - each.y) < NEAR)
        group = next(near, None)
        if group is None:
            group = Group(*spot)
            groups.append(group)
        group.marks.append(mark)
    for group in groups:
        _place_group(group, room)
    return groups


def _spot_in_view(mark: Mark, room: Room, view: View) -> Spot | None:
    """Return a location's anchor, or what is in view of its line or area and nearest to the anchor."""
    x, y = mark.anchor
    if room.holds((x, y, x, y), 4):
        return mark.anchor
    if mark.ground is not None:
        return _spot_in_area(mark, mark.ground, room, view)
    seen = [(px, py) for px, py in mark.points.tolist() if room.holds((px, py, px, py), PITCH)]
    return min(seen, key=lambda point: math.hypot(point[0] - x, point[1] - y), default=None)


def _spot_in_area(mark: Mark, ground: Ground, room: Room, view: View) -> Spot | None:
    left, top, right, bottom = room.view
    tried = [
        (left + (right - left) * i / SAMPLES, top + (bottom - top) * k / SAMPLES)
        for i in range(1, SAMPLES)
        for k in range(1, SAMPLES)
    ]
    tried.sort(key=lambda spot: math.hypot(spot[0] - mark.anchor[0], spot[1] - mark.anchor[1]))
    inside = [
        spot
        for spot in tried
        if room.is_free(box_at(*spot, PITCH, PITCH)) and ground.contains(*view.to_grid(*spot))
    ]
    clear = (spot for spot in inside if not room.crossings(box_at(*spot, 2 * PITCH, 2 * PITCH)))
    return next(clear, inside[0] if inside else None)


def _place_group(group: Group, room: Room) -> None:
    count = len(group.marks)
    columns = count if count < 4 else math.ceil(math.sqrt(count + 1))
    rows = math.ceil(count / columns)
    group.size = columns * PITCH, rows * PITCH
    group.at = _free_place(group, room)
    if group.at is None:
        return
    x, y = group.at
    for i, mark in enumerate(group.marks):
        row = i // columns
        in_row = min(columns, count - row * columns)
        mark.spot = x + (i % columns - (in_row - 1) / 2) * PITCH, y + (row - (rows - 1) / 2) * PITCH
        room.take(box_at(*mark.spot, PITCH, PITCH))


def _free_place(group: Group, room: Room) -> Spot | None:
    width, height = group.size
    for step in STEPS:
        for turn in TURNS if step else (0,):
            angle = math.radians(turn)
            x = group.x + (step + (width / 2 - PITCH / 2 if step else 0)) * math.cos(angle)
            y = group.y + (step + (height / 2 - PITCH / 2 if step else 0)) * math.sin(angle)
            box = box_at(x, y, width, height)
            if room.holds(box) and room.is_free(box):
                return x, y
    return None

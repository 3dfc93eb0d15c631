"""Place the names on the map: territories first, then neighbours, disputed areas and cities by rank.

In: names with their candidate places, in pixels, and the room that marks have left. Out: where each name
stands; what finds no place is left out. The rules are those of the page's script (``labels.js``).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from mapgen.picture.marks import Spot
from mapgen.picture.outlines import Ground
from mapgen.picture.room import Room, box_at
from mapgen.picture.view import View

WIDEST = 220.0
LEAST_AREA = {"focus": 14.0, "disputed": 24.0}
DENSITY = 16000.0
GAP = 7.0
MOST_COST = 5.0
ORDER = ("focus", "neighbour", "disputed")
SIDES = ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (1, 1), (-1, -1), (-1, 1))
NUDGES = ((0, 0), (0, -18), (0, 18), (-24, 0), (24, 0), (0, -34), (0, 34), (-44, 0), (44, 0))


@dataclass
class Name:
    """The name of a territory or of a disputed area.

    Attributes
    ----------
    text : str
    role : {"focus", "neighbour", "disputed"}
    at : sequence of Spot
        Candidate places, best first, in pixels.
    width, height : float
        Of the name as it is set, in pixels.
    ground : Ground or None
        The area that it names.
    spot : Spot or None
        Its middle; None if it found no place.
    leader : Spot or None
        Where a line leads to from a name beside its territory.
    """

    text: str
    role: str
    at: Sequence[Spot]
    width: float
    height: float
    ground: Ground | None = None
    spot: Spot | None = None
    leader: Spot | None = None

    def line(self) -> tuple[Spot, Spot] | None:
        """Return the leader line, from the territory to the name."""
        if self.spot is None or self.leader is None:
            return None
        x, y = self.spot
        far_x, far_y = self.leader
        to_x = max(x - self.width / 2, min(x + self.width / 2, far_x))
        return self.leader, (to_x, max(y - self.height / 2, min(y + self.height / 2, far_y)))


@dataclass
class City:
    """A city: where its dot is, and how its name is set."""

    text: str
    dot: Spot
    rank: int
    capital: bool
    claimed: bool
    width: float
    height: float
    spot: Spot | None = None


@dataclass(frozen=True)
class Names:
    """All names of a map, in the order in which they find their places."""

    areas: list[Name] = field(default_factory=list)
    cities: list[City] = field(default_factory=list)


def place_names(names: Names, room: Room, view: View, zoom: float) -> None:
    """Find a place for each name, and take it in the room.

    Parameters
    ----------
    names : Names
        Each is told its spot.
    room : Room
        With the marks in it.
    view : View
    zoom : float
        The zoom level of a web map at this scale: which cities are wanted.
    """
    areas = sorted(names.areas, key=lambda name: ORDER.index(name.role))
    focus = [name for name in areas if name.role == "focus"]
    for name in areas:
        _place_name(name, room, view, focus)
    left, top, right, bottom = room.view
    wanted = round((right - left) * (bottom - top) / DENSITY)
    for city in names.cities:
        if not wanted:
            break
        if _is_wanted(city, zoom) and _place_city(city, room):
            wanted -= 1


def _is_wanted(city: City, zoom: float) -> bool:
    return city.claimed or city.rank <= (zoom * 1.5 if city.capital else zoom * 1.5 - 2)


def _is_inside(name: Name, spot: Spot, view: View) -> bool:
    return name.ground is None or name.ground.contains(*view.to_grid(*spot))


def _has_room(name: Name, scale: float) -> bool:
    """Tell whether an area is large enough in the picture to be named."""
    if name.ground is None:
        return True
    if name.role == "neighbour":
        return name.ground.width * scale >= name.width * 0.7
    return max(name.ground.width, name.ground.height) * scale >= LEAST_AREA[name.role]


def _place_name(name: Name, room: Room, view: View, focus: Sequence[Name]) -> None:
    if not _has_room(name, view.scale):
        return
    is_focus = name.role == "focus"
    least = math.inf
    for order, (x, y) in enumerate(name.at):
        for nudge, (dx, dy) in enumerate(NUDGES if is_focus else NUDGES[:1]):
            cost = order * 0.8 + nudge * 0.5
            spot = (x + dx, y + dy)
            box = box_at(*spot, name.width + 2, name.height)
            if cost >= least or not room.holds(box, 3) or not room.is_free(box):
                continue
            cost += room.crossings(box)
            if cost >= least:
                continue
            if is_focus:
                if nudge and not _is_inside(name, spot, view):
                    continue
                sides = [(spot[0] + side * name.width, spot[1]) for side in (-0.4, 0.4)]
                cost += sum(2 for side in sides if not _is_inside(name, side, view))
            if cost < least:
                least, name.spot = cost, spot
    if name.spot is None and is_focus:
        _place_beside(name, room, view, [other for other in focus if other is not name])
    if name.spot is not None:
        room.take(box_at(*name.spot, name.width + 6, name.height + 2))


def _place_beside(name: Name, room: Room, view: View, others: Sequence[Name]) -> None:
    """Place the name of a territory too small for it beside it, but in no other of the project's."""
    x, y = name.at[0]
    if not room.holds((x, y, x, y)):
        return
    least = math.inf
    for far in (16, 28, 44):
        for side_x, side_y in SIDES:
            spot = (x + side_x * (name.width / 2 + far), y + side_y * (far + name.height / 2))
            box = box_at(*spot, name.width + 2, name.height)
            if not room.holds(box, 3) or not room.is_free(box):
                continue
            if any(_is_inside(other, spot, view) for other in others):
                continue
            cost = far / 8 + room.crossings(box)
            if cost < least:
                least, name.spot, name.leader = cost, spot, (x, y)


def _place_city(city: City, room: Room) -> bool:
    x, y = city.dot
    dot = box_at(x, y, 7, 7)
    marked = not room.is_free(dot)
    # A place that a claim names keeps its name beside the claim's mark.
    if not room.holds(dot, 4) or (marked and not city.claimed):
        return False
    gap = GAP + 9 if marked else GAP
    least = math.inf
    found: Spot | None = None
    for order, (side_x, side_y) in enumerate(SIDES):
        reach = 0.75 if side_x and side_y else 1.0
        spot = (
            x + side_x * (city.width / 2 + gap * reach - 2),
            y + side_y * (city.height / 2 + (-1 if side_x else 4)),
        )
        box = box_at(*spot, city.width, city.height - 2)
        if not room.holds(box, 3) or not room.is_free(box):
            continue
        cost = order * 0.5 + room.crossings(box)
        if cost < least:
            least, found = cost, spot
    if found is None or least > MOST_COST:
        return False
    city.spot = found
    room.take(box_at(*found, city.width + 4, city.height))
    room.take(dot)
    return True

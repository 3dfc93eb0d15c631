"""Find what a place on the map can mean: a border, a town, a territory, or the place itself.

In: a longitude and a latitude in degrees (EPSG:4326), and how far around it to look. Out: locations as a
claim gives them, the likeliest first. Which of them is meant is for a person to choose.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import shapely
from shapely.geometry import Point, box
from shapely.geometry.base import BaseGeometry

from mapgen.gazetteer import WITHIN, CannotPlace
from mapgen.places import Placer

DEGREE_KM = 111.2
MOST_BORDERS = 3
TURNS = (0.0, 360.0, -360.0)
"""Territories across the antimeridian have longitudes beyond 180."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A location that may be meant.

    Attributes
    ----------
    where : dict
        As a claim gives it, such as ``{"border": "AFG-TJK"}``.
    text : str
        In words.
    far : float
        Kilometres from the place that was pointed at.
    """

    where: dict[str, Any]
    text: str
    far: float


def find_nearby(placer: Placer, longitude: float, latitude: float, reach: float) -> list[Choice]:
    """Return what a place can mean, the likeliest first; the place itself is the last.

    Parameters
    ----------
    placer : Placer
    longitude, latitude : float
        Degrees.
    reach : float
        Kilometres within which a border or a town is meant.

    Returns
    -------
    list of Choice
        Borders and towns within reach by distance, the territory that the place is in, those on the other
        side of the borders, and the place itself as a point.
    """
    near, inside = _territories(placer, longitude, latitude, reach)
    borders = sorted(_borders(placer, near, longitude, latitude, reach))[:MOST_BORDERS]
    named = [_border(placer, *border) for border in borders]
    exact = sorted([*named, *_towns(placer, longitude, latitude, reach)], key=lambda each: each.far)
    codes = dict.fromkeys([*inside, *(code for _, *pair in borders for code in pair)])
    wholes = [Choice({"territory": code}, f"{placer.name(code)} ({code}), the whole", 0.0) for code in codes]
    return [*exact, *wholes, _point(longitude, latitude, reach)]


def _territories(placer: Placer, lon: float, lat: float, reach: float) -> tuple[list[str], list[str]]:
    """Return the codes of territories within reach of a place, and of those that it is in."""
    table = placer.boundaries.territories
    geometry = table.geometry.to_numpy()
    near: list[str] = []
    inside: list[str] = []
    for turn in TURNS:
        for index in np.flatnonzero(shapely.intersects(geometry, _around(lon + turn, lat, reach))):
            near.append(str(table.index[index]))
            if geometry[index].covers(Point(lon + turn, lat)):
                inside.append(near[-1])
    own = {code: number for number, code in enumerate(placer.project.territories)}
    ordered = sorted(dict.fromkeys(near), key=lambda code: (own.get(code, len(own)), code))
    return ordered, list(dict.fromkeys(inside))


def _around(lon: float, lat: float, reach: float) -> BaseGeometry:
    """Return the rectangle that is within reach of a place, in degrees."""
    high = reach / DEGREE_KM
    wide = min(90.0, high / max(0.01, math.cos(math.radians(lat))))
    return box(lon - wide, lat - high, lon + wide, lat + high)


def _borders(
    placer: Placer, codes: list[str], lon: float, lat: float, reach: float
) -> Iterator[tuple[float, str, str]]:
    """Yield the borders between territories that come within reach of a place, with their distance."""
    for left, right in combinations(codes, 2):
        line = placer.border(left, right)
        far = math.inf if line is None else min(_distance(line, lon + turn, lat, reach) for turn in TURNS)
        if far <= reach:
            yield far, left, right


def _border(placer: Placer, far: float, left: str, right: str) -> Choice:
    """Return a border as a location."""
    where = f"{left}-{right}" if "-" not in left + right else [left, right]
    text = f"Border {placer.name(left)}–{placer.name(right)} ({left}-{right})"
    return Choice({"border": where}, text, far)


def _distance(line: BaseGeometry, lon: float, lat: float, reach: float) -> float:
    """Return the kilometres from a place to a line, infinite for one that is far."""
    close = line.intersection(_around(lon, lat, reach))
    if close.is_empty:
        return math.inf
    shrink = math.cos(math.radians(lat))
    flat = shapely.transform(close, lambda xy: (xy - [lon, lat]) * [shrink, 1.0])
    return float(flat.distance(Point(0, 0))) * DEGREE_KM


def _towns(placer: Placer, lon: float, lat: float, reach: float) -> Iterator[Choice]:
    """Yield the town that is nearest to a place, if one is within reach and can be called by its name."""
    places = placer.gazetteer.places
    x, y = shapely.get_coordinates(places.geometry.to_numpy()).T
    turned = (x - lon + 180.0) % 360.0 - 180.0
    far = np.hypot(turned * math.cos(math.radians(lat)), y - lat) * DEGREE_KM
    row = int(np.argmin(far))
    if far[row] > reach:
        return
    name = str(places["name"].iloc[row])
    for call in (name, *(f"{name}, {places[column].iloc[row]}" for column in WITHIN)):
        try:
            found = placer.gazetteer.find(call)
        except CannotPlace:
            continue
        if found.anchor == (x[row], y[row]):
            yield Choice({"place": call}, f"Town {call}", float(far[row]))
            return


def _point(lon: float, lat: float, reach: float) -> Choice:
    """Return the place itself, to the digits that can be pointed at."""
    digits = min(4, max(1, math.ceil(-math.log10(max(1e-6, reach / 10 / DEGREE_KM)))))
    where = [round(lon, digits), round(lat, digits)]
    return Choice({"point": where}, f"Point, longitude {where[0]:g}°, latitude {where[1]:g}°", 0.0)

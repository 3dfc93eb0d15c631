"""Find a schematic way for a route: through its territories, across the borders they share.

In: for each leg the places where it may cross, as positions in degrees. Out: the positions to draw a line
through. The way is a drawing of "from here by way of there", not a road: pages mark it as schematic. Names
and codes are not known here.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

Floats = npt.NDArray[np.float64]

EARTH_RADIUS_KM = 6371.0088
CROSSINGS = 33
"""Places considered along each border."""
KEPT_FROM_ENDS = 0.12
"""Share of a border at either end that is not crossed: a tripoint would leave open which border is meant."""
REACH_KM = 260.0
"""How far a route begins and ends inside its first and last territory."""
SIDE_BY_SIDE_KM = 260.0
"""Routes of one claim keep this far apart where they cross one border, if it is long enough."""


def crossings(border: BaseGeometry) -> Floats:
    """Return places along a border where a route may cross it.

    Parameters
    ----------
    border : MultiLineString, EPSG:4326

    Returns
    -------
    float array of shape (n, 2)
        Longitude and latitude in degrees, evenly along the border's longest line, away from its ends.
    """
    line = max(shapely.get_parts(border), key=lambda part: part.length)
    steps = np.linspace(KEPT_FROM_ENDS, 1 - KEPT_FROM_ENDS, CROSSINGS)
    places: Floats = shapely.get_coordinates(shapely.line_interpolate_point(line, steps, normalized=True))
    return places


def shortest_way(stages: Sequence[Floats], taken: Sequence[Floats] = ()) -> Floats:
    """Choose one place of each stage such that the way through them is short and keeps clear of other routes.

    Parameters
    ----------
    stages : sequence of float arrays of shape (n, 2)
        Where the way may pass, stage by stage, longitude and latitude in degrees.
    taken : sequence of float arrays of shape (m, 2)
        Ways that are drawn already; a place near one of their places costs as much again as it is too near.

    Returns
    -------
    float array of shape (stages, 2)
    """
    cost: Floats = np.zeros(len(stages[0]))
    choices: list[npt.NDArray[np.intp]] = []
    for before, here in pairwise(stages):
        total = cost[:, None] + great_circle_km(before, here)
        choices.append(np.argmin(total, axis=0))
        cost = total.min(axis=0) + _crowding(here, taken)
    place = int(np.argmin(cost))
    way = [place]
    for choice in reversed(choices):
        place = int(choice[place])
        way.append(place)
    return np.array([stage[index] for stage, index in zip(stages, reversed(way), strict=True)])


def _crowding(places: Floats, taken: Sequence[Floats]) -> Floats:
    """Return what each place costs more for being near other ways, in kilometres."""
    if len(places) == 1 or not taken:
        return np.zeros(len(places))
    nearest = great_circle_km(places, np.concatenate(list(taken))).min(axis=1)
    crowding: Floats = 3 * np.maximum(SIDE_BY_SIDE_KM - nearest, 0.0)
    return crowding


def great_circle_km(left: Floats, right: Floats) -> Floats:
    """Return the distances in kilometres between all pairs of two lists of positions, shape (n, m)."""
    lon_1, lat_1 = np.radians(left).T[:, :, None]
    lon_2, lat_2 = np.radians(right).T[:, None, :]
    half = np.sin((lat_2 - lat_1) / 2) ** 2 + np.cos(lat_1) * np.cos(lat_2) * np.sin((lon_2 - lon_1) / 2) ** 2
    distances: Floats = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))
    return distances


def step_inside(territory: BaseGeometry, crossing: Floats, towards: Floats) -> Floats:
    """Return where a route that enters a territory ends, or one that leaves it begins.

    Parameters
    ----------
    territory : (Multi)Polygon, EPSG:4326
    crossing : float array of shape (2,)
        Where the route crosses the territory's border, in degrees.
    towards : float array of shape (2,)
        A place that the route would go to if the territory had no shape.

    Returns
    -------
    float array of shape (2,)
        A place about `REACH_KM` or less from the crossing, in that direction or as near to it as stays
        inside the territory.
    """
    shrink = np.array([np.cos(np.radians(crossing[1])), 1.0])
    aim = (towards - crossing) * shrink
    bearing = np.arctan2(aim[1], aim[0])
    shapely.prepare(territory)
    for reach in (REACH_KM, REACH_KM / 2, REACH_KM / 4):
        for turn in (0, 20, -20, 40, -40, 60, -60, 80, -80):
            angle = bearing + np.radians(turn)
            step = np.degrees(reach / EARTH_RADIUS_KM) * np.array([np.cos(angle), np.sin(angle)]) / shrink
            end: Floats = crossing + step
            # From a tenth of the way on: the crossing itself lies on the border.
            if shapely.contains(territory, LineString([crossing + step / 10, end])):
                return end
    inside: Floats = shapely.get_coordinates(shapely.point_on_surface(territory))[0]
    return inside if great_circle_km(crossing[None], inside[None])[0, 0] < REACH_KM else crossing


def midpoint(line: BaseGeometry) -> tuple[float, float]:
    """Return the place halfway along a line, or along its longest part, in degrees."""
    longest = max(shapely.get_parts(line), key=lambda part: part.length)
    place: Point = shapely.line_interpolate_point(longest, 0.5, normalized=True)
    return place.x, place.y

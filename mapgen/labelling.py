"""Choose where names can stand on a map, and which cities it names.

In: projected geometry, the gazetteer and a frame. Out: grid positions, best first. Which of them are used is
decided in the page, at each zoom, so that names do not collide.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from mapgen.frame import Frame
from mapgen.gazetteer import Gazetteer
from mapgen.generalise import inside, to_grid
from mapgen.projection import Floats
from mapgen.topology import Ints

GREAT_CITY = 3
"""Cities outside the project's territories are named up to this rank of Natural Earth's, and capitals."""

OUTLINE_PIXELS = 400
"""Room for names is measured on outlines as a view of this width shows them."""

CITIES = 130
"""Most cities that one map carries."""


def choose_cities(
    gazetteer: Gazetteer,
    frame: Frame,
    *,
    named: Collection[str],
    focus: Collection[str],
    claimed: Collection[tuple[float, float]] = (),
) -> tuple[list[str], list[dict[str, Any]]]:
    """Choose the cities that help to find one's way.

    Most of them lie in the project's territories; around these, only capitals and great cities are named.

    Parameters
    ----------
    gazetteer : Gazetteer
    frame : Frame
    named : collection of str
        Codes of the territories that have a name on the map.
    focus : collection of str
        Codes of the project's territories.
    claimed : collection of (longitude, latitude)
        Places that claims name, in degrees: these come first, wherever they are.

    Returns
    -------
    names : list of str
    shapes : list of dict
        For each name its position on the grid, its rank (0 for capitals) and whether it is a capital, most
        important first.
    """
    every = shapely.get_coordinates(gazetteer.places.geometry)
    by_claim = np.array([position in claimed for position in map(tuple, every.tolist())])
    listed = gazetteer.places["adm0_a3"].isin(list(named)).to_numpy() | by_claim
    places, xy, by_claim = gazetteer.places[listed], every[listed], by_claim[listed]
    capital = (places["adm0cap"] == 1).to_numpy()
    great = (places["scalerank"] <= GREAT_CITY).to_numpy()
    wanted = places["adm0_a3"].isin(list(focus)).to_numpy() | capital | great
    wanted = (wanted & inside(frame.projection.project(xy), frame.panned)) | by_claim
    rank = np.where(capital | by_claim, 0, places["scalerank"])
    order = np.lexsort([places["name"], -places["pop_max"].to_numpy(), rank, ~by_claim])
    chosen = order[wanted[order]][:CITIES]
    at = frame.grid.snap(xy[chosen]).tolist()
    shapes = [
        {
            "id": i,
            "at": at[i],
            "rank": int(rank[row]),
            "capital": bool(capital[row]),
            **({"claimed": True} if by_claim[row] else {}),
        }
        for i, row in enumerate(chosen)
    ]
    return places["name"].iloc[chosen].tolist(), shapes


def label_places(geometry: BaseGeometry, preferred: Floats, frame: Frame, count: int = 8) -> Ints:
    """Choose places for a name inside a geometry.

    Parameters
    ----------
    geometry : (Multi)Polygon, projected, in metres
    preferred : float array of shape (0 or 1, 2)
        The data's own label point in degrees, if it has one.
    frame : Frame
    count : int
        How many places are wanted.

    Returns
    -------
    int array of shape (n, 2)
        Grid positions, the preferred one first, then others well inside, spread over the geometry.
    """
    west, south, east, north = frame.panned
    largest = max(shapely.get_parts(geometry), key=lambda part: part.area)
    outline = shapely.simplify(largest, (east - west) / OUTLINE_PIXELS, preserve_topology=False)
    visible = shapely.clip_by_rect(outline, west, south, east, north)
    preferred = preferred[np.isfinite(preferred).all(axis=1)]
    chosen = [*frame.projection.project(preferred)] if len(preferred) else []
    if not visible.is_empty:
        x0, y0, x1, y1 = visible.bounds
        x, y = np.meshgrid(np.linspace(x0, x1, 14)[1:-1], np.linspace(y0, y1, 12)[1:-1])
        places = np.column_stack([x.ravel(), y.ravel()])
        shapely.prepare(visible)
        places = places[shapely.contains_xy(visible, places[:, 0], places[:, 1])]
        room = shapely.distance(shapely.boundary(visible), shapely.points(places))
        apart = max(x1 - x0, y1 - y0) / 6
        for place in places[np.argsort(-room, kind="stable")]:
            if len(chosen) >= count:
                break
            if all(np.hypot(*(place - other)) > apart for other in chosen):
                chosen.append(place)
    if not chosen:
        chosen = [shapely.get_coordinates(shapely.point_on_surface(geometry))[0]]
    return to_grid(np.array(chosen), frame)

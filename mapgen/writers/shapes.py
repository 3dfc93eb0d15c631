"""Turn placements into geometry that RFC 7946 allows: on the globe, cut at longitude 180, rings right-handed.

In: placements, in degrees, with longitudes beyond 180 where a territory lies across. Out: GeoJSON geometries
as plain values, and bounding boxes. What the features say is not known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil, floor
from typing import Any

import numpy as np
import shapely
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from mapgen.places import Placement

DECIMALS = 6
"""A millionth of a degree is a tenth of a metre."""

Geometry = dict[str, Any]


def geometry_of(placements: Sequence[Placement]) -> Geometry:
    """Return the geometry of a claim's locations.

    Parameters
    ----------
    placements : sequence of Placement
        At least one.

    Returns
    -------
    dict
        One geometry; for several locations a Multi... of them where they are alike, else a collection.
    """
    return _plain(_join([clean(each.geometry) for each in placements]))


def bounding_box(geometries: Iterable[BaseGeometry]) -> list[float]:
    """Return ``[west, south, east, north]`` in degrees; west is above east where longitude 180 lies inside.

    Parameters
    ----------
    geometries : iterable of shapely geometry, EPSG:4326
        As placed: not cut, with longitudes beyond 180.
    """
    west, south, east, north = shapely.total_bounds(list(geometries))
    if east - west >= 360:
        west, east = -180.0, 180.0
    box_ = (_wrapped(west), south, _wrapped(east), north)
    return [round(float(value), DECIMALS) + 0.0 for value in box_]


def clean(geometry: BaseGeometry) -> BaseGeometry:
    """Return a geometry cut at longitude 180, rounded, with outer rings anticlockwise and holes clockwise."""
    rounded = shapely.transform(_cut(geometry), lambda xy: np.round(xy, DECIMALS) + 0.0)
    if rounded.geom_type not in ("Polygon", "MultiPolygon"):
        return rounded
    # Rounding can make rings touch; a polygon smaller than the rounding stays as it was.
    valid = shapely.set_precision(rounded, 10.0**-DECIMALS)
    kept = rounded if valid.is_empty else shapely.transform(valid, lambda xy: np.round(xy, DECIMALS) + 0.0)
    return shapely.orient_polygons(kept)


def _cut(geometry: BaseGeometry) -> BaseGeometry:
    """Return a geometry in pieces that lie between the longitudes -180 and 180."""
    west, _, east, _ = geometry.bounds
    if west >= -180 and east <= 180:
        return geometry
    pieces = []
    for turn in range(floor((west + 180) / 360), ceil((east + 180) / 360)):
        window = box(360 * turn - 180, -90, 360 * turn + 180, 90)
        inside = shapely.get_parts(shapely.intersection(geometry, window))
        moved = shapely.transform(inside, lambda xy, by=360.0 * turn: xy - np.array([by, 0.0]))
        pieces += [part for part in moved if shapely.get_dimensions(part) == shapely.get_dimensions(geometry)]
    return _join(pieces)


def _join(geometries: Sequence[BaseGeometry]) -> BaseGeometry:
    """Return several geometries as one: a Multi... where all are of one kind."""
    if len(geometries) == 1:
        return geometries[0]
    dimensions = {int(shapely.get_dimensions(each)) for each in geometries}
    if len(dimensions) > 1:
        return shapely.geometrycollections(list(geometries))
    parts = [part for each in geometries for part in shapely.get_parts(each)]
    join = {0: shapely.multipoints, 1: shapely.multilinestrings, 2: shapely.multipolygons}
    return join[dimensions.pop()](parts)


def _plain(geometry: BaseGeometry) -> Geometry:
    kind = geometry.geom_type
    if kind == "GeometryCollection":
        return {"type": kind, "geometries": [_plain(each) for each in shapely.get_parts(geometry)]}
    return {"type": kind, "coordinates": _coordinates(geometry)}


def _coordinates(geometry: BaseGeometry) -> list[Any]:
    match geometry.geom_type:
        case "Point":
            return [geometry.x, geometry.y]
        case "LineString" | "LinearRing":
            return list(shapely.get_coordinates(geometry).tolist())
        case "Polygon":
            return [_coordinates(ring) for ring in (geometry.exterior, *geometry.interiors)]
        case _:
            return [_coordinates(part) for part in shapely.get_parts(geometry)]


def _wrapped(longitude: float) -> float:
    """Return a longitude between -180 and 180; the ends stay what they are."""
    return longitude if -180 <= longitude <= 180 else (longitude + 180) % 360 - 180

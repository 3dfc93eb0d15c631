"""Make territories whole that longitude 180 cuts: Russia is one piece.

In and out: polygons in degrees (EPSG:4326); what was cut has longitudes beyond 180, or below -180,
afterwards.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

Floats = npt.NDArray[np.float64]

ANTIMERIDIAN_SNAP = 1e-6
"""Degrees; a vertex this close to longitude 180 lies on it."""


def across_antimeridian(geometry: BaseGeometry) -> BaseGeometry:
    """Return a geometry that longitude 180 cuts in one piece.

    Parameters
    ----------
    geometry : (Multi)Polygon, EPSG:4326

    Returns
    -------
    (Multi)Polygon, EPSG:4326
        Whole parts on the smaller side are shifted by 360 degrees, and parts that meet at the line are
        joined; the same object if the line does not cut it. A geometry all the way round the pole
        (Antarctica) stays as it is.
    """
    west, _, east, _ = geometry.bounds if not geometry.is_empty else (0.0, 0.0, 0.0, 0.0)
    if west > -180 + ANTIMERIDIAN_SNAP or east < 180 - ANTIMERIDIAN_SNAP:
        return geometry
    parts = shapely.get_parts(geometry)
    bounds = shapely.bounds(parts)
    if (bounds[:, 2] - bounds[:, 0] > 350).any():
        return geometry
    middle = (bounds[:, 0] + bounds[:, 2]) / 2
    area = shapely.area(parts)
    move_west = area[middle < 0].sum() <= area[middle >= 0].sum()
    moves = middle < 0 if move_west else middle >= 0
    shift, line = (360.0, 180.0) if move_west else (-360.0, -180.0)
    shifted = shapely.transform(parts[moves], lambda xy: _snap(xy + np.array([shift, 0.0]), line))
    stay = (
        shapely.transform(parts[~moves], lambda xy: _snap(xy, line))
        if _off_line(bounds, line)
        else parts[~moves]
    )
    everything = np.concatenate([stay, shifted])
    edges = shapely.bounds(everything)
    touches = (np.abs(edges[:, 0] - line) < ANTIMERIDIAN_SNAP) | (
        np.abs(edges[:, 2] - line) < ANTIMERIDIAN_SNAP
    )
    joined = shapely.get_parts(shapely.union_all(everything[touches]))
    return shapely.multipolygons(np.concatenate([joined, everything[~touches]]))


def _off_line(bounds: Floats, line: float) -> bool:
    """Tell whether a part ends near the antimeridian but not on it."""
    near = np.abs(bounds[:, [0, 2]] - line)
    return bool(((near > 0) & (near < ANTIMERIDIAN_SNAP)).any())


def _snap(xy: Floats, line: float) -> Floats:
    """Put vertices that are all but on a meridian onto it."""
    xy[np.abs(xy[:, 0] - line) < ANTIMERIDIAN_SNAP, 0] = line
    return xy

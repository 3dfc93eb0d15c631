"""Make territories whole that lie on both sides of longitude 180: Russia is one piece.

In and out: polygons in degrees (EPSG:4326); what lies across has longitudes beyond 180, or below -180,
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
    """Return a geometry that lies on both sides of longitude 180 in one piece.

    Parameters
    ----------
    geometry : (Multi)Polygon, EPSG:4326

    Returns
    -------
    (Multi)Polygon, EPSG:4326
        Its parts are divided at the widest stretch of longitudes without any: whole parts on the smaller
        side are shifted by 360 degrees, and parts that meet at longitude 180 are joined. The same object if
        that stretch is the one across longitude 180, and if a part goes all the way round the pole
        (Antarctica).
    """
    west, _, east, _ = geometry.bounds
    # An empty geometry has no bounds: every comparison with NaN is false.
    if not east - west > 180:
        return geometry
    parts = shapely.get_parts(geometry)
    bounds = shapely.bounds(parts)
    divide = _widest_gap(bounds)
    if divide is None or (bounds[:, 2] - bounds[:, 0] > 350).any():
        return geometry
    area = shapely.area(parts)
    on_west = bounds[:, 0] < divide
    move_west = area[on_west].sum() <= area[~on_west].sum()
    moves = on_west if move_west else ~on_west
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


def _widest_gap(bounds: Floats) -> float | None:
    """Return the longitude at which the widest gap between parts ends, None if it is that across 180."""
    order = np.argsort(bounds[:, 0])
    reached = np.maximum.accumulate(bounds[order, 2])
    starts = bounds[order, 0]
    gaps = starts[1:] - reached[:-1]
    if not len(gaps) or gaps.max() <= starts[0] + 360 - reached[-1]:
        return None
    return float(starts[int(np.argmax(gaps)) + 1])


def _off_line(bounds: Floats, line: float) -> bool:
    """Tell whether a part ends near the antimeridian but not on it."""
    near = np.abs(bounds[:, [0, 2]] - line)
    return bool(((near > 0) & (near < ANTIMERIDIAN_SNAP)).any())


def _snap(xy: Floats, line: float) -> Floats:
    """Put vertices that are all but on a meridian onto it."""
    xy[np.abs(xy[:, 0] - line) < ANTIMERIDIAN_SNAP, 0] = line
    return xy

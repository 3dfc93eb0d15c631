"""Look for damage that leaves a boundary file well-formed: points that moved, a table of other polygons.

In: polygons in degrees. Out: warnings, told to an `Examination`; nothing is changed. No rule here finds
anything in Natural Earth's own layers, at any of their scales; a single bit that is turned over in a
coordinate is often found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from mapgen.examination import Examination, rows

JUMP_RATIO = 8.0
"""How many times all distances around it a point is off both neighbours; natural outlines reach 7."""

JUMP_RING = 12
"""Points that a ring needs for its shape to say which jumps are natural."""

JUMP_FROM = 1e-4
"""Degrees; shorter jumps are not seen on a map."""

FEW_MOVED = 10
"""In a dataset with more of them, points that differ are the way it was drawn."""

MOVED_FROM = 1e-6
"""Degrees, some 0.1 m."""

LABEL_MARGIN = 2.0
"""Degrees that a label point may lie outside its feature's box."""

_LABEL_COLUMNS = (("label_x", "label_y"), ("longitude", "latitude"), ("lon", "lat"), ("intptlon", "intptlat"))
_AGAIN = "look at it in QGIS, and compare the file with where it came from"

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Outlines:
    """The points of all rings, each ring's last point (which is its first) left out.

    ``before`` and ``after`` are the indexes of the points beside each point on its ring, ``size`` the
    number of points of that ring, ``feature`` the row of its feature.
    """

    xy: Floats
    before: Ints
    after: Ints
    size: Ints
    feature: Ints


def warn_of_damage(frame: gpd.GeoDataFrame, name: str, report: Examination) -> None:
    """Warn of what looks damaged.

    Parameters
    ----------
    frame : GeoDataFrame of (Multi)Polygon, EPSG:4326
        Indexed by the row in the file, from 0.
    name : str
        How messages call the file.
    report : Examination
        Takes the warnings.
    """
    outlines = _outlines(frame)
    _warn_of_jumps(outlines, name, report)
    _warn_of_mismatches(outlines, name, report)
    _warn_of_labels(frame, name, report)


def _outlines(frame: gpd.GeoDataFrame) -> _Outlines:
    parts, row = shapely.get_parts(frame.geometry.to_numpy(), return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    own = np.append(ring[1:] == ring[:-1], False)
    xy, ring = np.ascontiguousarray(xy[own]), ring[own]
    begins = np.flatnonzero(np.diff(ring, prepend=-1))
    ends = np.append(begins[1:], len(ring)) - 1
    after, before = np.arange(1, len(ring) + 1), np.arange(-1, len(ring) - 1)
    after[ends], before[begins] = begins, ends
    size = np.repeat(ends - begins + 1, ends - begins + 1)
    return _Outlines(xy, before, after, size, frame.index.to_numpy()[row[part[ring]]])


def _warn_of_jumps(outlines: _Outlines, name: str, report: Examination) -> None:
    """Warn of single points far off the line."""
    xy, before, after = outlines.xy, outlines.before, outlines.after
    step = np.hypot(*(xy[after] - xy).T)
    across = np.hypot(*(xy[after] - xy[before]).T)
    near = np.minimum(step, step[before])
    around = np.maximum.reduce([step[after], step[before[before]], across])
    far = (near > JUMP_FROM) & (near > JUMP_RATIO * around)
    jumps = np.flatnonzero(far & (outlines.size >= JUMP_RING))
    if jumps.size:
        x, y = xy[jumps[0]]
        message = f"{rows(outlines.feature[jumps])}: the outline jumps to ({x:.6g}, {y:.6g}) and back"
        report.warn("boundary-jump", name, message, _AGAIN)


def _warn_of_mismatches(outlines: _Outlines, name: str, report: Examination) -> None:
    """Warn of points that neighbours should share and do not, between points that they do share."""
    before, after = outlines.before, outlines.after
    places, point, count = np.unique(outlines.xy.view(np.complex128), return_inverse=True, return_counts=True)
    point = point.ravel()
    shared = count[point] > 1
    lone = np.flatnonzero(~shared & shared[before] & shared[after])
    moved = _moved(lone, point, places, outlines)
    if 0 < len(moved) <= FEW_MOVED:
        x, y = outlines.xy[moved[0]]
        found = rows(outlines.feature[moved])
        message = f"{found}: at ({x:.6g}, {y:.6g}) the border has a point where the neighbour has another"
        report.warn("boundary-mismatch", name, message, _AGAIN)


def _moved(lone: Ints, point: Ints, places: Any, outlines: _Outlines) -> list[int]:
    """Return those of the lone points for which another ring has one that differs in one coordinate."""
    before, after = outlines.before, outlines.after
    wanted = np.unique(np.concatenate([point[before[lone]], point[after[lone]]]))
    edges = np.flatnonzero(np.isin(point, wanted) | np.isin(point[after], wanted))
    beside: defaultdict[int, set[int]] = defaultdict(set)
    for left, right in zip(point[edges].tolist(), point[after[edges]].tolist(), strict=True):
        beside[left].add(right)
        beside[right].add(left)
    return [at for at in lone.tolist() if _has_moved(at, beside, point, places, outlines)]


def _has_moved(
    at: int, beside: Mapping[int, set[int]], point: Ints, places: Any, outlines: _Outlines
) -> bool:
    """Tell whether a point differs in one coordinate from a twin; borders along a grid do so by nature."""
    left, right = (int(point[ends[at]]) for ends in (outlines.before, outlines.after))
    here = places[point[at]]
    for other in beside[left] & beside[right] - {int(point[at])}:
        twin = places[other]
        near = (places[left], places[right])
        same_x = twin.real == here.real and all(end.real != here.real for end in near)
        same_y = twin.imag == here.imag and all(end.imag != here.imag for end in near)
        if same_x != same_y and abs(twin - here) > MOVED_FROM:
            return True
    return False


def _warn_of_labels(frame: gpd.GeoDataFrame, name: str, report: Examination) -> None:
    """Warn of features whose label point is elsewhere: another table, or axes that are swapped."""
    columns = {str(column).lower(): column for column in frame.columns}
    pair = next((pair for pair in _LABEL_COLUMNS if set(pair) <= set(columns)), None)
    if pair is None:
        return
    points = [_numbers(frame[columns[column]]) for column in pair]
    west, south, east, north = frame.bounds.to_numpy().T
    x, y = points
    beyond = np.maximum.reduce([west - x, x - east, south - y, y - north])
    astray = np.flatnonzero(beyond > LABEL_MARGIN)
    if astray.size:
        at = astray[0]
        named = f"{columns[pair[0]]}, {columns[pair[1]]}"
        message = f"{rows(frame.index[astray])}: the polygon is not where {named} ({x[at]:g}, {y[at]:g}) says"
        report.warn(
            "boundary-elsewhere", name, message, "see whether the table is of these polygons: " + _AGAIN
        )


def _numbers(values: Iterable[Any]) -> Floats:
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        return np.full(len(list(values)), np.nan)

"""Bring the features of a boundary file into EPSG:4326, and mend or drop those that cannot be drawn.

In: what GDAL read of a file. Out: polygons in degrees, valid and finite; what was mended, dropped or looks
wrong is told to an `Examination`. Reads no file.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyproj
import pyproj.network
import shapely

from mapgen.errors import quoted
from mapgen.examination import Examination, rows
from mapgen.plausibility import warn_of_damage

LONGITUDES = (-180.0001, 540.0)
"""Degrees; beyond 180 goes what lies across the antimeridian."""

LATITUDES = (-90.000001, 90.000001)
MENDED_AREA = 0.01
"""Share of its area that mending may change in a feature."""


_CHOOSE = "Choose the layer with the areas of the territories."
_AGAIN = "Take the file from where it came from again."

Coordinates = npt.NDArray[np.float64]
Indexes = npt.NDArray[np.int64]


def mend(frame: gpd.GeoDataFrame, name: str, report: Examination) -> gpd.GeoDataFrame:
    """Return the features that can be drawn, in degrees.

    Parameters
    ----------
    frame : GeoDataFrame
        As read, in any CRS; its rows in the order of the file.
    name : str
        How messages call the file.
    report : Examination
        Takes what was mended, and what cannot be.

    Returns
    -------
    GeoDataFrame of (Multi)Polygon, EPSG:4326
        The index counts the features that are left from 0. Not to be used if `report` has problems.
    """
    frame = _keep_polygons(frame, name, report)
    if report.problems:
        return frame
    if frame.crs is None:
        message = "does not say its CRS; read as degrees, EPSG:4326"
        report.warn("boundary-crs", name, message, "open it in QGIS, set the layer's CRS, and save it again")
        frame = frame.set_crs("EPSG:4326")
    if not frame.crs.is_geographic or not _off_globe(frame, name, report):
        frame = _to_degrees(frame, name, report)
        if not report.problems:
            _off_globe(frame, name, report)
    if report.problems:
        return frame
    warn_of_damage(frame, name, report)
    return _mend_invalid(frame, name, report)


def _keep_polygons(frame: gpd.GeoDataFrame, name: str, report: Examination) -> gpd.GeoDataFrame:
    """Leave out features without a geometry, and refuse other kinds than polygons."""
    geometry = frame.geometry.to_numpy()
    nothing = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    if nothing.all():
        report.refuse(
            name,
            f"none of its features has a geometry, expected polygons. {_CHOOSE}",
        )
        return frame
    other = ~nothing & ~np.isin(shapely.get_type_id(geometry), [3, 6])
    if other.any():
        given = geometry[other][0].geom_type
        message = f"{rows(np.flatnonzero(other))}: {given}, expected Polygon or MultiPolygon. {_CHOOSE}"
        report.refuse(name, message)
        return frame
    if nothing.any():
        message = f"{rows(np.flatnonzero(nothing))}: no geometry, left out"
        report.warn("boundary-empty", name, message, "delete the feature, or draw it")
    absurd = _rows_where(geometry, lambda xy: ~np.isfinite(xy).all(axis=1))
    if absurd.size:
        report.refuse(
            name,
            f"{rows(absurd)}: coordinates that are no finite numbers. {_AGAIN}",
        )
    frame = frame[~nothing].copy()
    frame.geometry = shapely.force_2d(frame.geometry.to_numpy())
    return frame


def _rows_where(geometry: Any, test: Any) -> Indexes:
    """Return the indexes of the geometries that have a point which a test says yes to."""
    xy, row = shapely.get_coordinates(geometry, return_index=True)
    found: Indexes = np.unique(row[test(xy)])
    return found


def _off_globe(frame: gpd.GeoDataFrame, name: str, report: Examination) -> bool:
    """Refuse coordinates that are no longitude and latitude; tell whether there were any."""

    def beyond(xy: Coordinates) -> npt.NDArray[np.bool_]:
        low, high = np.array([LONGITUDES, LATITUDES]).T
        outside: npt.NDArray[np.bool_] = ~((xy >= low) & (xy <= high)).all(axis=1)
        return outside

    geometry = frame.geometry.to_numpy()
    found = _rows_where(geometry, beyond)
    if not found.size:
        return False
    xy = shapely.get_coordinates(geometry[found])
    x, y = xy[beyond(xy)][0]
    numbers = frame.index.to_numpy()[found]
    crs = quoted(frame.crs.name)
    message = f"{rows(numbers)}: ({x:g}, {y:g}) is no longitude and latitude in degrees, as {crs} has them"
    report.refuse(name, f"{message}. {_guess(geometry)}")
    return True


def _guess(geometry: Any) -> str:
    """Return what coordinates that are no degrees may be, and what to do."""
    west, south, east, north = shapely.total_bounds(geometry)
    farthest = max(abs(west), abs(south), abs(east), abs(north))
    if max(abs(west), abs(east)) <= LATITUDES[1] and max(abs(south), abs(north)) <= LONGITUDES[1]:
        return "Latitude and longitude seem to be swapped: export it again with longitude first."
    if farthest < 1000:
        return f"The file is damaged, or in another unit. {_AGAIN}"
    likely = "a UTM zone" if west > 0 and east < 1_000_000 else "EPSG:3857"
    return f"They look like metres (perhaps {likely}): set the layer's true CRS in QGIS and save it again."


def _to_degrees(frame: gpd.GeoDataFrame, name: str, report: Examination) -> gpd.GeoDataFrame:
    """Transform to EPSG:4326, if it is not that already."""
    if frame.crs.equals("EPSG:4326", ignore_axis_order=True):
        return frame.set_crs("EPSG:4326", allow_override=True)
    remedy = "Open it in QGIS, and save it again with the CRS EPSG:4326."
    try:
        pyproj.network.set_network_enabled(active=False)  # type: ignore[attr-defined]  # a grid that is not there is not fetched
        degrees = frame.to_crs("EPSG:4326")
    except (pyproj.exceptions.ProjError, ValueError, RuntimeError) as error:
        report.refuse(
            name,
            f"its CRS, {quoted(frame.crs.name)}, cannot be transformed: {error}. {remedy}",
        )
        return frame
    lost = _rows_where(degrees.geometry.to_numpy(), lambda xy: ~np.isfinite(xy).all(axis=1))
    if lost.size:
        numbers = rows(frame.index.to_numpy()[lost])
        report.refuse(
            name, f"{numbers}: coordinates that its CRS, {quoted(frame.crs.name)}, has no place for. {remedy}"
        )
    return degrees


def _mend_invalid(frame: gpd.GeoDataFrame, name: str, report: Examination) -> gpd.GeoDataFrame:
    """Make geometries valid, where that keeps their area."""
    geometry = frame.geometry.to_numpy().copy()
    wrong = np.flatnonzero(~shapely.is_valid(geometry))
    if not wrong.size:
        return frame.reset_index(drop=True)
    before = shapely.area(geometry[wrong])
    reason = shapely.is_valid_reason(geometry[wrong[0]])
    mended = np.array([_polygons(each) for each in shapely.make_valid(geometry[wrong])])
    after = shapely.area(mended)
    numbers = frame.index.to_numpy()[wrong]
    lost = ~(np.abs(after - before) <= MENDED_AREA * before) | (after == 0)
    if lost.any():
        at = int(np.flatnonzero(lost)[0])
        share = f"its area would change from {before[at]:g} to {after[at]:g} square degrees"
        message = f"{rows(numbers[lost])}: the polygon is not valid and cannot be mended, {share}"
        report.refuse(name, f"{message}. Mend it in QGIS (Fix geometries).")
    else:
        message = f"{rows(numbers)}: not a valid polygon ({reason}), mended"
        report.warn(
            "boundary-mended", name, message, "compare the shape; QGIS has Check validity and Fix geometries"
        )
    geometry[wrong] = mended
    frame.geometry = geometry
    return frame.reset_index(drop=True)


def _polygons(geometry: Any) -> Any:
    """Return the polygons of a collection as one geometry."""
    parts = shapely.get_parts(shapely.get_parts(geometry))
    areas = parts[shapely.get_type_id(parts) == 3]
    return areas[0] if len(areas) == 1 else shapely.multipolygons(areas)

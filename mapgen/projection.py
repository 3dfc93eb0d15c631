"""Choose the map's projection and turn degrees into grid units, the whole numbers that the page draws.

In: longitudes and latitudes in degrees (EPSG:4326, longitude first). Out: integer grid positions, x to the
east and y to the south, ready for an SVG path. The page's script holds the same formulas, for the pointer,
the scale bar and addresses. What is drawn where, and how far a map can zoom, is not decided here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Extent = tuple[float, float, float, float]

AUTHALIC_RADIUS = 6371007.2
"""Radius in metres of the sphere with the area of the WGS84 ellipsoid: areas keep their size within 0.7 %."""

MERCATOR_RADIUS = 6378137.0
"""Radius in metres that web maps use (EPSG:3857)."""

DISTORTION_LIMIT = 2.0
"""Where Mercator would draw one end of the region at over twice the area of the other, ``auto`` takes the
conic."""

FARTHEST = 165.0
"""Degrees of longitude between the central meridian and any part of the region, at most."""

MERCATOR_LATITUDE_LIMIT = 85.0511287798


@dataclass(frozen=True, slots=True)
class Projection:
    """A projection of the sphere with its parameters.

    Attributes
    ----------
    name : {"conic", "mercator"}
        Albers equal-area conic, or spherical Mercator.
    lon_0, lat_0 : float
        Centre in degrees; ``lon_0`` may lie beyond 180 for regions across the antimeridian.
    lat_1, lat_2 : float
        Standard parallels in degrees; unused by Mercator.
    """

    name: Literal["conic", "mercator"]
    lon_0: float
    lat_0: float = 0.0
    lat_1: float = 0.0
    lat_2: float = 0.0

    @property
    def radius(self) -> float:
        """Radius of the sphere in metres."""
        return AUTHALIC_RADIUS if self.name == "conic" else MERCATOR_RADIUS

    def project(self, lonlat: Floats) -> Floats:
        """Project positions.

        Parameters
        ----------
        lonlat : float array of shape (n, 2)
            Longitude and latitude in degrees. Longitudes are taken relative to ``lon_0``, so 190 and -170 are
            one meridian.

        Returns
        -------
        float array of shape (n, 2)
            Metres east and north of the projection's origin.

        Notes
        -----
        Snyder, J. P. (1987), Map Projections: A Working Manual, USGS Professional Paper 1395, pages 41 and
        100.
        """
        lon = lonlat[:, 0] - self.lon_0
        lon = np.radians(lon - 360.0 * np.floor((lon + 180.0) / 360.0))
        if self.name == "mercator":
            lat = np.radians(np.clip(lonlat[:, 1], -MERCATOR_LATITUDE_LIMIT, MERCATOR_LATITUDE_LIMIT))
            return np.column_stack([self.radius * lon, self.radius * np.arctanh(np.sin(lat))])
        n, c = self._cone()
        rho = self.radius * np.sqrt(np.maximum(c - 2 * n * np.sin(np.radians(lonlat[:, 1])), 0.0)) / n
        rho_0 = self.radius * np.sqrt(c - 2 * n * np.sin(np.radians(self.lat_0))) / n
        return np.column_stack([rho * np.sin(n * lon), rho_0 - rho * np.cos(n * lon)])

    def _cone(self) -> tuple[float, float]:
        """Return the cone's constant and Snyder's C."""
        first, second = np.radians(self.lat_1), np.radians(self.lat_2)
        n = (np.sin(first) + np.sin(second)) / 2
        return float(n), float(np.cos(first) ** 2 + 2 * n * np.sin(first))


def choose_projection(extent: Extent, wanted: str = "auto", *, upright: float | None = None) -> Projection:
    """Return the projection for a region.

    Parameters
    ----------
    extent : (west, south, east, north)
        The region in degrees; ``east`` may be over 180.
    wanted : {"auto", "conic", "mercator"}
        ``auto`` is conic where Mercator would enlarge areas at one end of the region over twice as much as at
        the other (`DISTORTION_LIMIT`) and the region is no wider than a cone can show; else Mercator.
    upright : float, optional
        Longitude where north is to be up, in degrees: that of what the map opens on. The region's middle by
        default.

    Returns
    -------
    Projection
        The conic's standard parallels lie a sixth of the region's height inside its edges, the usual rule for
        Albers.
    """
    west, south, east, north = (float(edge) for edge in extent)
    middle = (west + east) / 2 if upright is None else upright
    if east - west <= 2 * FARTHEST:
        # No part of the region may come near the meridian opposite, where the projection is torn.
        middle = min(max(middle, east - FARTHEST), west + FARTHEST)
    lon_0 = round(float(middle), 1)
    inset = (north - south) / 6
    lat_1, lat_2 = round(south + inset, 1), round(north - inset, 1)
    conic = Projection("conic", lon_0, round((south + north) / 2, 1), lat_1, lat_2)
    mercator = Projection("mercator", lon_0)
    fits_a_cone = east - west <= 200 and abs(lat_1 + lat_2) >= 10
    if wanted == "mercator" or not fits_a_cone:
        return mercator
    if wanted == "conic":
        return conic
    return conic if mercator_distortion(south, north) > DISTORTION_LIMIT else mercator


def mercator_distortion(south: float, north: float) -> float:
    """Return how much larger Mercator draws an area at one latitude of a band than at another, at most.

    Parameters
    ----------
    south, north : float
        Edges of the band in degrees.

    Returns
    -------
    float
        Ratio of the areal scales, 1.0 for a band with no height.
    """
    limit = MERCATOR_LATITUDE_LIMIT
    south, north = max(south, -limit), min(north, limit)
    nearest = 0.0 if south <= 0.0 <= north else min(abs(south), abs(north))
    farthest = max(abs(south), abs(north))
    return float((np.cos(np.radians(nearest)) / np.cos(np.radians(farthest))) ** 2)


@dataclass(frozen=True, slots=True)
class Grid:
    """Whole-numbered positions on a projection.

    Attributes
    ----------
    projection : Projection
    unit : float
        Projected metres in one grid unit.
    """

    projection: Projection
    unit: float

    def snap(self, lonlat: Floats) -> npt.NDArray[np.int64]:
        """Return grid positions, x to the east and y to the south, for degrees; both of shape (n, 2)."""
        metres = self.projection.project(np.asarray(lonlat, dtype=np.float64).reshape(-1, 2))
        return np.rint(metres * (1.0, -1.0) / self.unit).astype(np.int64)


def metres_per_pixel(zoom: float) -> float:
    """Return projected metres a pixel at a web map's zoom level; level 0 shows the world in 256 pixels."""
    return float(2 * np.pi * MERCATOR_RADIUS / 256 / 2**zoom)

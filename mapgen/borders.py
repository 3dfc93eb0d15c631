"""Find the borders that territories share, their lengths, and what lies between those that share none.

In: territories by code, in degrees (EPSG:4326). Out: lines computed from the polygons, never drawn by hand,
and lengths along the geodesic. Claims are not known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely
from pyproj import Geod
from shapely.geometry import MultiLineString
from shapely.geometry.base import BaseGeometry

from mapgen.errors import BorderNotFoundError, TerritoryNotFoundError, suggest

if TYPE_CHECKING:
    from mapgen.boundaries import Boundaries

WGS84 = Geod(ellps="WGS84")

BAND = 5.0
"""Degrees of latitude in which one shrinking of longitudes is near enough to find the nearest places."""

DEGREE = 111_000.0
"""Metres in a degree of latitude, roughly."""


def shared_border(territories: gpd.GeoDataFrame, left: str, right: str) -> MultiLineString:
    """Return the border that two territories share.

    Parameters
    ----------
    territories : GeoDataFrame of (Multi)Polygon, EPSG:4326
        One row a territory, indexed by code (``"AFG"``).
    left, right : str
        Codes of the two territories; the order does not matter.

    Returns
    -------
    MultiLineString, EPSG:4326
        Merged lines as (longitude, latitude) in degrees, never empty.

    Raises
    ------
    TerritoryNotFoundError
        If a code is not in the index; suggests the closest.
    BorderNotFoundError
        If the territories do not touch, or only at points.
    """
    unknown = [code for code in (left, right) if code not in territories.index]
    if unknown:
        raise TerritoryNotFoundError(
            *(f"unknown territory {code!r}.{suggest(code, territories.index)}" for code in unknown)
        )
    line = (
        _common_line(territories.geometry.at[left], territories.geometry.at[right]) if left != right else None
    )
    if line is None:
        raise BorderNotFoundError(f"{left} and {right} share no border")
    return line


def border_length_km(line: BaseGeometry) -> float:
    """Return a line's length along the geodesic of the WGS84 ellipsoid.

    Parameters
    ----------
    line : LineString or MultiLineString, EPSG:4326

    Returns
    -------
    float
        Kilometres, at the scale of the data: rivers and ridges are generalised, so published lengths are
        often longer.
    """
    lines = (shapely.get_coordinates(part).T for part in shapely.get_parts(line))
    return sum(float(WGS84.line_length(lon, lat)) for lon, lat in lines) / 1000


def find_neighbours(territories: gpd.GeoDataFrame, codes: Iterable[str]) -> dict[str, list[str]]:
    """Return which territories share a border with each of some territories.

    Parameters
    ----------
    territories : GeoDataFrame of (Multi)Polygon, EPSG:4326
        Indexed by code.
    codes : iterable of str
        Territories whose neighbours are wanted.

    Returns
    -------
    dict of str to list of str
        Codes of the neighbours in alphabetical order; territories that meet at points only are not
        neighbours.
    """
    geometry = territories.geometry.to_numpy()
    tree = shapely.STRtree(geometry)
    neighbours = {}
    for code in codes:
        here = territories.geometry.at[code]
        near = [int(index) for index in tree.query(here) if territories.index[index] != code]
        neighbours[code] = sorted(
            str(territories.index[i]) for i in near if _common_line(here, geometry[i]) is not None
        )
    return neighbours


def find_between(territories: gpd.GeoDataFrame, left: str, right: str) -> list[str]:
    """Return the territories on a shortest way by land from one territory to another.

    Parameters
    ----------
    territories : GeoDataFrame of (Multi)Polygon, EPSG:4326
        Indexed by code.
    left, right : str
        Codes of two territories.

    Returns
    -------
    list of str
        If one crossing in between is enough, every territory that borders both, alphabetically; else the
        codes along one shortest way. Empty if they are neighbours, or if no way by land leads from one to the
        other: a territory's islands and exclaves are not joined to it.
    """
    land = _Land(territories)
    starts, ends = land.of(left), land.of(right)
    if land.beside(starts, set(ends)):
        return []
    near = land.meeting(starts) & land.meeting(ends)
    if both := land.beside(starts, near) & land.beside(ends, near):
        return sorted({land.codes[each] for each in both})
    beside_right = land.beside(ends)
    before: dict[int, int | None] = dict.fromkeys(starts)
    reached = starts
    while reached and not beside_right.intersection(reached):
        found = {new: old for old in reached for new in sorted(land.beside([old])) if new not in before}
        before |= found
        reached = list(found)
    last = sorted(beside_right.intersection(reached))
    if not last or last[0] in starts:
        return []
    if before[last[0]] in starts:
        return sorted({land.codes[each] for each in last})
    way: list[str] = []
    step: int | None = last[0]
    while step is not None and step not in starts:
        way.insert(0, land.codes[step])
        step = before[step]
    return way


class _Land:
    """The single polygons of all territories, and which of them share a border."""

    def __init__(self, territories: gpd.GeoDataFrame) -> None:
        self.parts, owner = shapely.get_parts(territories.geometry.to_numpy(), return_index=True)
        self.codes = [str(code) for code in territories.index[owner]]
        self.tree = shapely.STRtree(self.parts)

    def of(self, code: str) -> list[int]:
        """Return the polygons of a territory."""
        return [index for index, own in enumerate(self.codes) if own == code]

    def meeting(self, some: Sequence[int]) -> set[int]:
        """Return the polygons of other territories that meet some, if only at a point."""
        return {there for _, there in self._pairs(some)}

    def beside(self, some: Sequence[int], among: set[int] | None = None) -> set[int]:
        """Return the polygons of other territories that share a border with some."""
        pairs = [pair for pair in self._pairs(some) if among is None or pair[1] in among]
        return {there for here, there in pairs if _common_line(self.parts[here], self.parts[there])}

    def _pairs(self, some: Sequence[int]) -> list[tuple[int, int]]:
        pairs = self.tree.query(self.parts[list(some)], predicate="intersects").T.tolist()
        return [(some[here], there) for here, there in pairs if self.codes[some[here]] != self.codes[there]]


def distance_km(left: BaseGeometry, right: BaseGeometry) -> float:
    """Return the distance between two geometries at the nearest.

    Parameters
    ----------
    left, right : (Multi)Polygon, EPSG:4326

    Returns
    -------
    float
        Kilometres along the geodesic of the WGS84 ellipsoid, 0 if they meet.

    Notes
    -----
    Nearest in degrees is not nearest on the ground. So the nearest places are looked for in bands of
    latitude, in each with longitudes shrunk as they are there, and across longitude 180 too.
    """
    if left.bounds[3] - left.bounds[1] > right.bounds[3] - right.bounds[1]:
        left, right = right, left
    _, south, _, north = left.bounds
    nearest = np.inf
    for low in np.arange(np.floor(south / BAND) * BAND, north + BAND, BAND):
        band = shapely.clip_by_rect(left, -540, low, 540, low + BAND)
        shrink = max(float(np.cos(np.radians(low + BAND / 2))), 0.01)
        there = _shrunk(right, shrink)
        for turn in (-360.0, 0.0, 360.0):
            here = _shrunk(band, shrink, turn)
            # Boxes that are twice as far apart as what was found hold nothing nearer.
            if shapely.distance(shapely.envelope(here), shapely.envelope(there)) * DEGREE > 2 * nearest:
                continue
            line = shapely.get_coordinates(shapely.shortest_line(here, there)) / (shrink, 1.0)
            if len(line):
                nearest = min(nearest, WGS84.line_length(line[:, 0], line[:, 1]))
    return float(nearest) / 1000


def explain_no_border(boundaries: Boundaries, left: str, right: str) -> str:
    """Say of two territories that share no border how far apart they are, and what lies between.

    Parameters
    ----------
    boundaries : Boundaries
    left, right : str
        Codes of two territories that it has.
    """
    table = boundaries.territories
    gap = distance_km(table.geometry.at[left], table.geometry.at[right])
    between = [f"{table['name'].at[code]} ({code})" for code in find_between(table, left, right)]
    lies = f"between them: {', '.join(between)}" if between else "no way by land leads from one to the other"
    names = f"{table['name'].at[left]} ({left}) and {table['name'].at[right]} ({right})"
    dataset = boundaries.dataset.describe()
    return f"{names} share no border in {dataset}: {gap:,.0f} km apart at the nearest; {lies}"


def _shrunk(geometry: BaseGeometry, shrink: float, turn: float = 0.0) -> BaseGeometry:
    """Return a geometry in degrees, turned round the globe, with its longitudes shrunk."""
    return shapely.transform(geometry, lambda xy: (xy + np.array([turn, 0.0])) * (shrink, 1.0))


def _common_line(left: BaseGeometry, right: BaseGeometry) -> MultiLineString | None:
    """Return the lines that two polygons share, merged, or None."""
    common = shapely.intersection(left, right)
    parts = shapely.get_parts(shapely.get_parts(common))
    lines = parts[(shapely.get_dimensions(parts) == 1) & (shapely.length(parts) > 0)]
    if not len(lines):
        return None
    merged = shapely.line_merge(shapely.multilinestrings(lines))
    return shapely.multilinestrings(shapely.get_parts(merged))

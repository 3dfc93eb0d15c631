"""Find the borders that territories share, their lengths, and what lies between those that share none.

In: territories by code, in degrees (EPSG:4326). Out: lines computed from the polygons, never drawn by hand,
and lengths along the geodesic. Claims are not known here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import shapely
from pyproj import Geod
from shapely.geometry import LineString, MultiLineString
from shapely.geometry.base import BaseGeometry

from mapgen.errors import BorderNotFoundError, TerritoryNotFoundError, suggest

WGS84 = Geod(ellps="WGS84")


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
    return float(WGS84.geometry_length(line)) / 1000


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
    """Return the territories on a shortest way over shared borders from one territory to another.

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
        other.
    """
    if _touch(territories, left, right):
        return []
    near = shapely.STRtree(territories.geometry.to_numpy())
    by_left, by_right = (set(near.query(territories.geometry.at[code]).tolist()) for code in (left, right))
    both = [str(code) for code in territories.index[sorted(by_left & by_right)] if code not in (left, right)]
    both = [code for code in both if _touch(territories, left, code) and _touch(territories, code, right)]
    if both:
        return sorted(both)
    seen: dict[str, str | None] = {left: None}
    queue = deque([left])
    while queue:
        here = queue.popleft()
        if here == right:
            break
        for code in find_neighbours(territories, [here])[here]:
            if code not in seen:
                seen[code] = here
                queue.append(code)
    way = []
    step = seen.get(right)
    while step is not None and step != left:
        way.append(step)
        step = seen[step]
    return way[::-1]


def distance_km(left: BaseGeometry, right: BaseGeometry) -> float:
    """Return the geodesic distance between the nearest vertices of two geometries in kilometres.

    Nearest in degrees is not nearest on the ground, so degrees of longitude are first shrunk by the latitude.
    """
    middle = np.radians((left.bounds[1] + left.bounds[3] + right.bounds[1] + right.bounds[3]) / 4)
    scale = (float(np.cos(middle)), 1.0)
    near, far = (shapely.transform(each, lambda xy: xy * scale) for each in (left, right))
    line = shapely.get_coordinates(shapely.shortest_line(near, far)) / scale
    return float(WGS84.line_length(line[:, 0], line[:, 1])) / 1000


def _touch(territories: gpd.GeoDataFrame, left: str, right: str) -> bool:
    """Tell whether two territories share a border."""
    return _common_line(territories.geometry.at[left], territories.geometry.at[right]) is not None


def _common_line(left: BaseGeometry, right: BaseGeometry) -> MultiLineString | None:
    """Return the lines that two polygons share, merged, or None."""
    common = shapely.intersection(left, right)
    parts = shapely.get_parts(shapely.get_parts(common))
    lines = [part for part in parts if isinstance(part, LineString) and part.length > 0]
    if not lines:
        return None
    merged = shapely.line_merge(shapely.union_all(lines))
    return MultiLineString(list(shapely.get_parts(merged)))

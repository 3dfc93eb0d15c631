"""Frame a map: which part of the world it shows, what it opens on, and how far it can zoom.

In: the project's territories and the placements of its claims, in degrees (EPSG:4326). Out: a projection, a
grid, and extents in projected metres. What is drawn inside them is decided in `drawing`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Point
from shapely.geometry.base import BaseGeometry

from mapgen.places import Placement
from mapgen.projection import Extent, Grid, Projection, choose_projection, metres_per_pixel

PIXEL_SHARE = 0.25
"""A grid unit is this share of a pixel at the largest zoom: rounding moves a position by at most 0.18
pixels."""

MARGIN = 0.05
"""Margin around the territories, as a share of the larger side of their extent."""

AROUND_CLAIMS = 0.3
"""Margin around the claims that can be panned to, as a share of the larger side of their extent: a wide view
can still centre on them."""

LEAST_PIXELS = 100
"""A map opens on no less than this many pixels at its largest zoom, even for a claim on one point."""

WIDEST, TALLEST = 2.2, 1.25
"""The widest and the tallest view that still shows land out to its edges, as width by height and height by
width."""

TERRITORY_REACH = 450_000.0
"""Metres around its label point that a claim on a whole territory counts for, so that a map does not open on
all of Russia."""

LARGE_SHARE = 0.2
"""Parts of a territory that are this share of its largest part frame the map too, wherever they lie."""

NEAR_SHARE = 0.5
"""Smaller parts do if they are no farther from the largest than this share of its diagonal: Corsica does."""

PIXEL_METRES = 0.0254 / 96
"""Size of a pixel on a screen with 96 pixels an inch, as CSS counts them."""

ENLARGEMENT = 1.75
"""At its largest zoom a map is this many times as large as the scale that its data was made for."""

ZOOM_LIMITS = (6.0, 12.0)


VIEW_PIXELS = (1000, 650)
"""Width and height of the map on a page of common size: how far one can zoom where is decided for it."""

BESIDE_CLAIMS = 0.02
"""Margin around the claims in which one can zoom in farthest, as a share of their extent's larger side."""

VIEW_ASPECTS = (1.6, 0.8)
"""Width by height of the widest and of the narrowest view that opens on the claims, as it is drawn for."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a reader can zoom while the view is inside an extent.

    Attributes
    ----------
    extent : Extent
        In projected metres.
    zoom : float
        Largest zoom level there.
    """

    extent: Extent
    zoom: float


@dataclass(frozen=True, slots=True)
class Frame:
    """The extents of a map in projected metres, as (west, south, east, north).

    Attributes
    ----------
    grid : Grid
    max_zoom : float
        Largest zoom level; level 0 shows the world in 256 pixels.
    region : Extent
        The project's territories.
    opening : Extent
        What all claims of the project are about.
    panned : Extent
        What a reader can pan to.
    drawn : Extent
        What is drawn: `panned` and as much around it as a wide or tall view shows when it is zoomed out.
    reaches : tuple of Reach
        From what the claims are about, where the zoom is largest, out to `panned`.
    """

    grid: Grid
    max_zoom: float
    region: Extent
    opening: Extent
    panned: Extent
    drawn: Extent
    reaches: tuple[Reach, ...]

    @property
    def projection(self) -> Projection:
        """The grid's projection."""
        return self.grid.projection

    def project(self, geometry: BaseGeometry) -> BaseGeometry:
        """Project a geometry in degrees to metres."""
        return shapely.transform(geometry, self.projection.project)


def frame_map(
    territories: Iterable[BaseGeometry],
    placements: Sequence[Placement],
    *,
    projection: str,
    scale: int | None,
    extents: Sequence[Extent] = (),
) -> Frame:
    """Frame the maps of a project.

    Parameters
    ----------
    territories : iterable of (Multi)Polygon, EPSG:4326
        The project's territories.
    placements : sequence of Placement
        The claims of all its maps: what they name can be panned to, and north is up in their middle.
    projection : {"auto", "conic", "mercator"}
    scale : int or None
        Denominator of the data's scale; None for unknown, then it is judged by the distance between vertices.
    extents : sequence of (west, south, east, north), optional
        What maps are told to open on, in degrees.

    Returns
    -------
    Frame
    """
    shapes = gather([main_parts(territory) for territory in territories])
    west, south, east, north = shapely.total_bounds(shapes)
    chosen = choose_projection(
        (west, south, east, north), projection, upright=_middle(placements, (west + east) / 2)
    )
    project = partial(shapely.transform, transformation=chosen.project)
    region = _bounds(project(shapes))
    zoom = _largest_zoom(shapes, scale)
    told = [project(shapely.segmentize(shapely.box(*extent), 1.0)) for extent in extents]
    opening = _bounds([shapely.box(*(extent_of_claims(chosen, placements) or region)), *told])
    panned = _bounds([shapely.box(*grow(region, MARGIN)), shapely.box(*grow(opening, AROUND_CLAIMS))])
    grid = Grid(chosen, metres_per_pixel(zoom) * PIXEL_SHARE)
    reaches = _reaches(_at_least(grow(opening, BESIDE_CLAIMS), *VIEW_PIXELS, zoom), region, panned, zoom)
    return Frame(grid, zoom, region, opening, panned, _around(panned, WIDEST, 1 / TALLEST), reaches)


def main_parts(territory: BaseGeometry) -> BaseGeometry:
    """Return a territory without small parts far away, which would make a map of France one of the Atlantic.

    Parameters
    ----------
    territory : (Multi)Polygon, EPSG:4326

    Returns
    -------
    MultiPolygon, EPSG:4326
        The largest part, those of `LARGE_SHARE` of its area, and those within `NEAR_SHARE` of its diagonal.
    """
    parts = shapely.get_parts(territory)
    area = shapely.area(parts)
    largest = parts[int(np.argmax(area))]
    west, south, east, north = largest.bounds
    reach = NEAR_SHARE * float(np.hypot(east - west, north - south))
    bounds = shapely.bounds(parts)
    apart = np.maximum(bounds[:, :2] - (east, north), (west, south) - bounds[:, 2:]).clip(min=0.0)
    return MultiPolygon(list(parts[(area >= LARGE_SHARE * area.max()) | (np.hypot(*apart.T) <= reach)]))


def _middle(placements: Sequence[Placement], near: float) -> float:
    """Return the middle longitude of the claims, those on whole territories counted at their label point."""
    shapes = [Point(p.anchor) if p.location.kind == "territory" else p.geometry for p in placements]
    if not shapes:
        return near
    west, _, east, _ = shapely.total_bounds(gather([Point(near, 0.0), *shapes])[1:])
    return float(west + east) / 2


def gather(shapes: list[BaseGeometry]) -> list[BaseGeometry]:
    """Shift whole geometries by 360 degrees to where they lie together, beside the largest of them."""
    extents = np.array([shape.bounds for shape in shapes])
    middle = (extents[:, 0] + extents[:, 2]) / 2
    main = middle[int(np.argmax(extents[:, 2] - extents[:, 0]))]
    turns = np.rint((main - middle) / 360)
    return [
        shapely.transform(s, lambda xy, t=t: xy + np.array([360 * t, 0.0])) if t else s
        for s, t in zip(shapes, turns, strict=True)
    ]


def extent_of_claims(projection: Projection, placements: Iterable[Placement]) -> Extent | None:
    """Return the projected extent of what claims are about, in metres; None without claims."""
    # Of thousands of claims many share a location.
    apart = list({(each.location.kind, each.location.value): each for each in placements}.values())
    if not apart:
        return None
    shapes = shapely.transform(np.array([each.geometry for each in apart]), projection.project)
    for index, placement in enumerate(apart):
        if placement.location.kind == "territory":
            x, y = projection.project(np.array([placement.anchor]))[0]
            reach = shapely.box(
                x - TERRITORY_REACH, y - TERRITORY_REACH, x + TERRITORY_REACH, y + TERRITORY_REACH
            )
            shapes[index] = shapely.intersection(shapely.box(*shapes[index].bounds), reach)
    return _bounds(shapes)


def opening_extent(frame: Frame, placements: Iterable[Placement]) -> Extent:
    """Return what a map opens on: what its claims are about, with a margin, in projected metres."""
    about = extent_of_claims(frame.projection, placements) or frame.region
    return grow(_at_least(about, LEAST_PIXELS, LEAST_PIXELS, frame.max_zoom), MARGIN)


def extent_of_degrees(frame: Frame, extent: Extent) -> Extent:
    """Return the projected extent of (west, south, east, north) in degrees, its curved edges included."""
    return _bounds([frame.project(shapely.segmentize(shapely.box(*extent), 1.0))])


def grow(extent: Extent, share: float) -> Extent:
    """Widen an extent on each side by a share of its longer side."""
    west, south, east, north = extent
    margin = share * max(east - west, north - south)
    return west - margin, south - margin, east + margin, north + margin


def _bounds(shapes: Any) -> Extent:
    """Return the common extent of geometries."""
    west, south, east, north = (float(edge) for edge in shapely.total_bounds(shapes))
    return west, south, east, north


def _around(extent: Extent, widest: float, narrowest: float) -> Extent:
    """Return what views of these ratios of width to height show when they hold all of an extent."""
    west, south, east, north = extent
    width, height = east - west, north - south
    wide, high = max(width, widest * height), max(height, width / narrowest)
    x, y = (west + east) / 2, (south + north) / 2
    return x - wide / 2, y - high / 2, x + wide / 2, y + high / 2


def _at_least(extent: Extent, width: float, height: float, zoom: float) -> Extent:
    """Widen an extent to this many pixels at a zoom level."""
    west, south, east, north = extent
    pixel = metres_per_pixel(zoom)
    wide, high = max(width * pixel - (east - west), 0) / 2, max(height * pixel - (north - south), 0) / 2
    return west - wide, south - high, east + wide, north + high


def _reaches(opening: Extent, region: Extent, panned: Extent, largest: float) -> tuple[Reach, ...]:
    """Return how far a reader can zoom where.

    A map is about its claims: only in what it opens on does it go down to the largest zoom. Around that lies
    what a view of another shape shows that opens on it; elsewhere a view comes as close as one that shows the
    whole region.
    """
    opened, whole = (_zoom_of_view(extent, largest) for extent in (opening, region))
    around = _around(opening, *VIEW_ASPECTS)
    return Reach(opening, largest), Reach(around, opened), Reach(panned, min(whole, opened))


def _zoom_of_view(extent: Extent, largest: float) -> float:
    """Return the zoom level, whole levels below the largest, at which a view of common size holds an extent.

    Whole levels, since then the grid is coarser by a power of two.
    """
    west, south, east, north = extent
    metres = max((east - west) / VIEW_PIXELS[0], (north - south) / VIEW_PIXELS[1])
    steps = np.rint(np.log2(metres / metres_per_pixel(largest)))
    return round(largest - max(0.0, float(steps)), 1)


def _largest_zoom(shapes: list[BaseGeometry], scale: int | None) -> float:
    """Return the zoom level, in tenths, at which the data's own generalisation becomes visible."""
    if scale:
        metres = scale * PIXEL_METRES / ENLARGEMENT
    else:
        steps = np.diff(shapely.get_coordinates(shapes), axis=0)
        metres = float(np.median(np.hypot(steps[:, 0], steps[:, 1]))) * 111_000 / 4
    zoom = np.log2(metres_per_pixel(0) / max(metres, 1.0))
    return float(np.clip(np.floor(10 * zoom) / 10, *ZOOM_LIMITS))

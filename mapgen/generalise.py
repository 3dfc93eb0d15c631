"""Project, cut and simplify geometry to what a map can show.

In: geometries in degrees (EPSG:4326) and a frame. Out: arcs on the map's grid, each simplified once, to half
a pixel at the largest zoom at which a reader can see them. Which geometry means what is decided in `drawing`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from mapgen.arccode import CodedArcs, encode_arcs
from mapgen.frame import Frame
from mapgen.projection import Extent, Floats, metres_per_pixel
from mapgen.topology import Chain, Geometries, Ints, Topology, simplify_arcs

TOLERANCE_PIXELS = 0.32
"""Tolerance in pixels; rounding to the grid adds at most 0.18: together they stay within half a pixel."""

FAR_ZOOMS = 1.0
"""What cannot be panned to is seen beside the whole region only, where the zoom is this much smaller."""

FARTHEST_SOUTH = -80.0
"""Degrees; what lies beyond is left out, since projections run away to infinity near a pole."""

SEAM = 1e-6
"""Degrees left out on either side of the meridian where the projection is torn, which belongs to one side."""

SMALLEST = 4.0
"""Rings whose extent is less than this many times the tolerance are left out: those under about one and a
half pixels."""


@dataclass(frozen=True, slots=True)
class Detail:
    """How much detail a map has where: as much as can be seen at the zooms that a reader can go to there.

    Attributes
    ----------
    extents : tuple of Extent
        In projected metres, from what the claims are about outwards; what lies outside all of them has a
        level of its own.
    tolerances : tuple of float
        In metres, by level: one for each extent, and one for what lies outside.
    shifts : tuple of int
        By level: positions are rounded to multiples of ``2 ** shift`` grid units.
    """

    extents: tuple[Extent, ...]
    tolerances: tuple[float, ...]
    shifts: tuple[int, ...]

    @classmethod
    def of(cls, frame: Frame) -> Detail:
        """Return the detail of the maps in a frame."""
        zooms = [reach.zoom for reach in frame.reaches]
        pixels = [metres_per_pixel(zoom) for zoom in [*zooms, zooms[-1] - FAR_ZOOMS]]
        return cls(
            extents=tuple(reach.extent for reach in frame.reaches),
            tolerances=tuple(TOLERANCE_PIXELS * pixel for pixel in pixels),
            shifts=tuple(int(np.log2(pixel / pixels[0]) + 1e-9) for pixel in pixels),
        )

    def level(self, xy: Floats) -> Ints:
        """Return the level of detail at projected positions: an index of `tolerances`."""
        level = np.full(len(xy), len(self.extents), dtype=np.int64)
        for index in reversed(range(len(self.extents))):
            level[inside(xy, self.extents[index])] = index
        return level

    def at(self, xy: Floats) -> Floats:
        """Return the tolerance at projected positions, in metres."""
        tolerance: Floats = np.array(self.tolerances)[self.level(xy)]
        return tolerance


def project_parts(
    shapes: Sequence[BaseGeometry], frame: Frame, least: npt.ArrayLike, detail: Detail
) -> tuple[Geometries, Ints]:
    """Project geometries and cut them to what the frame draws.

    Parameters
    ----------
    shapes : sequence of Polygon, LineString and their multiples, EPSG:4326
    frame : Frame
    least : bool array
        For each shape, whether its small parts may be left out.
    detail : Detail

    Returns
    -------
    parts : array of Polygon and LineString, projected, in metres
        Cut along the meridian opposite the projection's central one, where it is torn. What lies beyond
        `FARTHEST_SOUTH` is left out.
    owner : int array
        Index of the shape that each part comes from.
    """
    parts, owner = shapely.get_parts(np.asarray(shapes, dtype=object), return_index=True)
    kept = _may_be_drawn(shapely.bounds(parts), frame)
    parts, owner = _cut_at_tear(parts[kept], owner[kept], frame.projection.lon_0)
    parts = shapely.transform(parts, frame.projection.project)
    bounds = shapely.bounds(parts)
    size = np.maximum(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1])
    small = size < SMALLEST * detail.at((bounds[:, :2] + bounds[:, 2:]) / 2)
    keep = ~(small & np.asarray(least)[owner])
    return _cut(parts[keep], owner[keep], bounds[keep], frame.drawn)


def _may_be_drawn(bounds: Floats, frame: Frame) -> npt.NDArray[np.bool_]:
    """Tell, by their bounds in degrees alone, which parts can lie in what is drawn."""
    steps = np.linspace(0, 1, 3)
    x = bounds[:, [0]] + np.outer(bounds[:, 2] - bounds[:, 0], np.tile(steps, 3))
    y = bounds[:, [1]] + np.outer(bounds[:, 3] - bounds[:, 1], np.repeat(steps, 3))
    net = frame.projection.project(np.column_stack([x.ravel(), y.ravel()])).reshape(len(bounds), -1, 2)
    low, high = net.min(axis=1), net.max(axis=1)
    # Between the points of the net an outline may bulge.
    bulge = (high - low) / 2 + 1.0
    west, south, east, north = frame.drawn
    near = ((low - bulge < (east, north)) & (high + bulge > (west, south))).all(axis=1)
    drawable: npt.NDArray[np.bool_] = near & (bounds[:, 3] > FARTHEST_SOUTH)
    return drawable


def _cut_at_tear(parts: Geometries, owner: Ints, lon_0: float) -> tuple[Geometries, Ints]:
    """Cut parts in degrees along the meridian opposite a projection's central one."""
    bounds = shapely.bounds(parts)
    turn = 360 * np.rint((lon_0 - (bounds[:, 0] + bounds[:, 2]) / 2) / 360)
    west, east = lon_0 - 180 + SEAM, lon_0 + 180 - SEAM
    torn = (bounds[:, 0] + turn < west) | (bounds[:, 2] + turn > east)
    if not torn.any():
        return parts, owner
    pieces, owners = [parts[~torn]], [owner[~torn]]
    for part, of, turned in zip(parts[torn], owner[torn], turn[torn], strict=True):
        for shift in (turned - 360, turned, turned + 360):
            moved = shapely.transform(part, lambda xy, shift=shift: xy + np.array([shift, 0.0]))
            # Straight lines in degrees, such as the one along the pole, are none on a cone.
            cut = shapely.segmentize(shapely.clip_by_rect(moved, west, -90.0, east, 90.0), 1.0)
            found = shapely.get_parts(cut)
            found = found[shapely.get_dimensions(found) == shapely.get_dimensions(part)]
            pieces.append(found)
            owners.append(np.full(len(found), of, dtype=np.int64))
    return np.concatenate(pieces), np.concatenate(owners)


def _cut(parts: Geometries, owner: Ints, bounds: Floats, extent: Extent) -> tuple[Geometries, Ints]:
    """Cut projected parts to an extent, touching only those that lie across its edge."""
    west, south, east, north = extent
    meets = (bounds[:, 0] < east) & (bounds[:, 2] > west) & (bounds[:, 1] < north) & (bounds[:, 3] > south)
    inside = (
        (bounds[:, 0] >= west) & (bounds[:, 2] <= east) & (bounds[:, 1] >= south) & (bounds[:, 3] <= north)
    )
    across = np.flatnonzero(meets & ~inside)
    pieces, piece_of = shapely.get_parts(
        shapely.clip_by_rect(parts[across], west, south, east, north), return_index=True
    )
    whole = shapely.get_dimensions(pieces) == shapely.get_dimensions(parts[across])[piece_of]
    every = np.concatenate([parts[inside], pieces[whole]])
    owners = np.concatenate([owner[inside], owner[across[piece_of[whole]]]]).astype(np.int64)
    order = np.argsort(owners, kind="stable")
    return every[order], owners[order]


def inside(xy: Floats, extent: Extent) -> npt.NDArray[np.bool_]:
    """Tell which positions lie in an extent."""
    west, south, east, north = extent
    return (xy[:, 0] >= west) & (xy[:, 0] <= east) & (xy[:, 1] >= south) & (xy[:, 1] <= north)


class Arcs:
    """The arcs of a topology on the map's grid, simplified, and numbered as they are drawn.

    Parameters
    ----------
    topology : Topology
        Each arc of one level of detail, as `topology.split_arcs` makes them.
    frame : Frame
    detail : Detail
    """

    def __init__(self, topology: Topology, frame: Frame, detail: Detail) -> None:
        starts, lengths = topology.offsets[:-1], np.diff(topology.offsets)
        level = detail.level(topology.points[starts])
        tolerance = np.array(detail.tolerances)[level]
        self.shifts = np.array(detail.shifts)[level]
        kept = simplify_arcs(topology.points, topology.offsets, tolerance)
        arc = np.repeat(np.arange(len(lengths)), lengths)[kept]
        grid = _round(topology.points[kept] * (1.0, -1.0) / frame.grid.unit, arc, self.shifts)
        # Neighbouring positions that fall on one grid position are one, but an arc keeps both of its ends.
        moved = np.append(True, (grid[1:] != grid[:-1]).any(axis=1) | (arc[1:] != arc[:-1]))
        moved |= np.append(arc[1:] != arc[:-1], True) & (np.bincount(arc, weights=moved)[arc] < 2)
        self.positions = grid[moved]
        self.offsets = np.concatenate(
            [[0], np.cumsum(np.bincount(arc[moved], minlength=len(lengths)))]
        ).astype(np.int64)
        self.low = np.minimum.reduceat(self.positions, self.offsets[:-1])
        self.high = np.maximum.reduceat(self.positions, self.offsets[:-1])
        least = SMALLEST * tolerance / frame.grid.unit
        # Plain numbers, since most rings are one arc, for which numpy takes longer.
        figures = (*self.low.T, *self.high.T, np.diff(self.offsets) - 1, least)
        self._outlines = list(zip(*(figure.tolist() for figure in figures), strict=True))
        self.number: dict[int, int] = {}

    def use(self, arc: int) -> int:
        """Return the number under which an arc is drawn."""
        return self.number.setdefault(arc, len(self.number))

    def refer(self, chain: Chain) -> list[int]:
        """Return a chain under the numbers that its arcs are drawn under."""
        return [self.use(reference) if reference >= 0 else ~self.use(~reference) for reference in chain]

    def visible(self, chain: Chain) -> bool:
        """Tell whether a ring is large enough to be seen."""
        own = [self._outlines[max(reference, ~reference)] for reference in chain]
        left, top, right, bottom, steps, least = zip(*own, strict=True)
        extent = max(max(right) - min(left), max(bottom) - min(top))
        return bool(sum(steps) >= 3 and extent >= min(least))

    def encode(self) -> CodedArcs:
        """Return all arcs in use as text."""
        used = np.fromiter(self.number, dtype=np.int64, count=len(self.number))
        lengths = np.diff(self.offsets)[used]
        arc = np.repeat(used, lengths)
        step = np.arange(len(arc)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        return encode_arcs(self.positions[self.offsets[arc] + step], lengths, self.shifts[used])


def _round(places: Floats, arc: Ints, shifts: Ints) -> Ints:
    """Round grid places to whole units at the ends of arcs, and between them to their arc's larger steps.

    The steps are counted from the arc's beginning, so that they are whole numbers of them.
    """
    whole = np.rint(places).astype(np.int64)
    changes = arc[1:] != arc[:-1]
    ends = np.append(True, changes) | np.append(changes, True)
    first = whole[np.append(True, changes)][np.cumsum(np.append(False, changes))]
    step = (1 << shifts[arc])[:, None]
    stepped: Ints = first + np.rint((places - first) / step).astype(np.int64) * step
    stepped[ends] = whole[ends]
    return stepped


def to_grid(xy: Floats, frame: Frame) -> Ints:
    """Return the grid positions of projected metres."""
    return np.rint(xy * (1.0, -1.0) / frame.grid.unit).astype(np.int64)

"""Project, cut and simplify geometry to what a map can show.

In: geometries in degrees (EPSG:4326) and a frame. Out: arcs on the map's grid, each simplified once, with
more detail where the claims are. Which geometry means what is decided in `drawing`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from mapgen.frame import Frame, grow
from mapgen.projection import Extent, Floats, metres_per_pixel
from mapgen.topology import Chain, Geometries, Ints, Topology, encode_arcs, simplify_arcs

TOLERANCE_PIXELS = 0.32
"""Tolerance in pixels; rounding to the grid adds at most 0.18: together they stay within half a pixel."""

VIEW_PIXELS = 1000
"""Context is judged by how it looks in a view of this width, which few readers enlarge where nothing is
claimed."""

CONTEXT_PIXELS, AROUND_PIXELS, FAR_PIXELS = 1.3, 1.5, 4.0
"""Tolerance in such a view: where the claims are, when it shows them; around that, when it shows all that can
be panned to; and outside, which is only seen in passing."""

BESIDE_CLAIMS = 0.15
"""Margin around the claims that has their detail, as a share of their extent: views have other shapes."""

FARTHEST_SOUTH = -80.0
"""Degrees; what lies beyond is left out, since projections run away to infinity near a pole."""

SEAM = 1e-6
"""Degrees left out on either side of the meridian where the projection is torn, which belongs to one side."""

COARSE_STEPS = 3.0
"""Where the tolerance is this many grid units or more, positions are rounded to a coarser grid: they take
fewer bytes."""

SMALLEST = 4.0
"""Rings whose extent is less than this many times the tolerance are left out: those under about one and a
half pixels."""


@dataclass(frozen=True, slots=True)
class Detail:
    """How much detail a map has where.

    Attributes
    ----------
    fine, context, around, far : float
        Tolerances in metres: for the map's subject, for context where the claims are, for context elsewhere,
        and for what lies outside the extent that can be panned to.
    claims, panned : Extent
        Where the claims are, with a margin, and what can be panned to, in projected metres.
    """

    fine: float
    context: float
    around: float
    far: float
    claims: Extent
    panned: Extent

    @classmethod
    def of(cls, frame: Frame) -> Detail:
        """Return the detail of the maps in a frame."""
        fine = TOLERANCE_PIXELS * metres_per_pixel(frame.max_zoom)
        closer, wider = ((east - west) / VIEW_PIXELS for west, _, east, _ in (frame.opening, frame.panned))
        context = max(fine, CONTEXT_PIXELS * closer)
        around = max(context, AROUND_PIXELS * wider)
        seen = grow(frame.opening, BESIDE_CLAIMS)
        return cls(fine, context, around, max(around, FAR_PIXELS * wider), seen, frame.panned)

    def at(self, xy: Floats) -> Floats:
        """Return the tolerance of context at projected positions."""
        tolerance = np.where(inside(xy, self.panned), self.around, self.far)
        return np.where(inside(xy, self.claims), self.context, tolerance)


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
    frame : Frame
    detail : Detail
    subject : bool array
        For each arc, whether it belongs to the map's subject and keeps all the detail that can be seen.
    """

    def __init__(
        self, topology: Topology, frame: Frame, detail: Detail, subject: npt.NDArray[np.bool_]
    ) -> None:
        lengths = np.diff(topology.offsets)
        tolerance = np.where(np.repeat(subject, lengths), detail.fine, detail.at(topology.points))
        kept = simplify_arcs(topology.points, topology.offsets, tolerance)
        arc = np.repeat(np.arange(len(lengths)), lengths)[kept]
        grid = _coarsen(to_grid(topology.points[kept], frame), arc, tolerance[kept] / frame.grid.unit)
        # Neighbouring positions that fall on one grid position are one, but an arc keeps both of its ends.
        moved = np.append(True, (grid[1:] != grid[:-1]).any(axis=1) | (arc[1:] != arc[:-1]))
        moved |= np.append(arc[1:] != arc[:-1], True) & (np.bincount(arc, weights=moved)[arc] < 2)
        self.positions = grid[moved]
        self.offsets = np.concatenate(
            [[0], np.cumsum(np.bincount(arc[moved], minlength=len(lengths)))]
        ).astype(np.int64)
        self.low = np.minimum.reduceat(self.positions, self.offsets[:-1])
        self.high = np.maximum.reduceat(self.positions, self.offsets[:-1])
        start = np.minimum.reduceat(tolerance, topology.offsets[:-1])
        self.least = SMALLEST * start / frame.grid.unit
        self.number: dict[int, int] = {}

    def use(self, arc: int) -> int:
        """Return the number under which an arc is drawn."""
        return self.number.setdefault(arc, len(self.number))

    def refer(self, chain: Chain) -> list[int]:
        """Return a chain under the numbers that its arcs are drawn under."""
        return [self.use(reference) if reference >= 0 else ~self.use(~reference) for reference in chain]

    def visible(self, chain: Chain) -> bool:
        """Tell whether a ring is large enough to be seen."""
        arcs = [max(reference, ~reference) for reference in chain]
        if sum(self.offsets[a + 1] - self.offsets[a] - 1 for a in arcs) < 3:
            return False
        extent = self.high[arcs].max(axis=0) - self.low[arcs].min(axis=0)
        return bool(extent.max() >= self.least[arcs].min())

    def encode(self) -> tuple[str, tuple[int, int]]:
        """Return all arcs in use as text, and how many arcs and positions there are."""
        used = np.fromiter(self.number, dtype=np.int64, count=len(self.number))
        lengths = np.diff(self.offsets)[used]
        arc = np.repeat(used, lengths)
        step = np.arange(len(arc)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        return encode_arcs(self.positions[self.offsets[arc] + step], lengths), (len(lengths), len(arc))


def _coarsen(positions: Ints, arc: Ints, tolerance: Floats) -> Ints:
    """Round positions to multiples of a power of two well below the tolerance, but not the ends of arcs."""
    step = 2 ** np.floor(np.log2(np.maximum(tolerance / COARSE_STEPS, 1.0))).astype(np.int64)
    changes = arc[1:] != arc[:-1]
    step[np.append(True, changes) | np.append(changes, True)] = 1
    return (positions + step[:, None] // 2) // step[:, None] * step[:, None]


def to_grid(xy: Floats, frame: Frame) -> Ints:
    """Return the grid positions of projected metres."""
    return np.rint(xy * (1.0, -1.0) / frame.grid.unit).astype(np.int64)

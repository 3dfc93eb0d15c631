"""What a picture shows of the map: a rectangle of the grid at a scale, and where things are in it.

In: boxes of the grid, and the size of the map in the picture. Out: positions in pixels, and how long a
kilometre is. What is drawn there is not known here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from mapgen.picture.chart import Chart, GridBox
from mapgen.projection import Floats, Projection, metres_per_pixel
from mapgen.topology import Ints

MARGIN = 24.0
"""Pixels around what a map is about, as on the page."""

EARTH_RADIUS = 6371008.8

SCALE_WIDTH = 120.0
"""Pixels that the scale bar takes at most."""

ROUND_LENGTHS = (1, 2, 3, 5, 10)


@dataclass(frozen=True, slots=True)
class View:
    """A rectangle of the grid in pixels.

    Attributes
    ----------
    scale : float
        Pixels in a grid unit.
    left, top : float
        The grid position of its corner.
    width, height : float
        In pixels.
    """

    scale: float
    left: float
    top: float
    width: float
    height: float

    def to_pixel(self, positions: Floats | Ints) -> Floats:
        """Return where grid positions are, both of shape (n, 2)."""
        shifted: Floats = (np.asarray(positions, dtype=np.float64) - (self.left, self.top)) * self.scale
        return shifted

    def point(self, position: tuple[float, float] | list[int]) -> tuple[float, float]:
        """Return where one grid position is."""
        return (position[0] - self.left) * self.scale, (position[1] - self.top) * self.scale

    def to_grid(self, x: float, y: float) -> tuple[float, float]:
        """Return the grid position of a pixel."""
        return x / self.scale + self.left, y / self.scale + self.top

    def zoom(self, unit: float) -> float:
        """Return the zoom level of a web map at this scale; `unit` is metres in a grid unit."""
        return math.log2(metres_per_pixel(0) * self.scale / unit)


def fit_view(chart: Chart, box: GridBox, width: float, height: float, *, margin: float = MARGIN) -> View:
    """Return the view that shows a box of the grid as large as it goes.

    Parameters
    ----------
    chart : Chart
        Nothing is shown larger than its data is good for, and what it has not drawn is kept out of the view
        where that can be.
    box : GridBox
    width, height : float
        Size of the map in pixels.
    margin : float
        Pixels around the box.
    """
    left, top, right, bottom = box
    across, down = max(1.0, width - 2 * margin), max(1.0, height - 2 * margin)
    largest = chart.unit / metres_per_pixel(chart.max_zoom)
    scale = min(across / max(1.0, right - left), down / max(1.0, bottom - top), largest)
    x = _within((left + right) / 2, width / scale, chart.drawn[0], chart.drawn[2])
    y = _within((top + bottom) / 2, height / scale, chart.drawn[1], chart.drawn[3])
    return View(scale, x - width / 2 / scale, y - height / 2 / scale, width, height)


def _within(middle: float, length: float, low: float, high: float) -> float:
    """Move the middle of a length so that it lies between two ends, if it fits between them."""
    if length >= high - low:
        return (low + high) / 2
    return min(max(middle, low + length / 2), high - length / 2)


@dataclass(frozen=True, slots=True)
class ScaleBar:
    """A length on the ground: how wide it is in the picture, in pixels, and how long, in metres."""

    width: float
    metres: float


def scale_bar(chart: Chart, view: View) -> ScaleBar:
    """Return a round length that is true in the middle of the view."""
    span = 100.0
    y = view.height / 2
    ends = [view.to_grid(x, y) for x in (view.width / 2 - span / 2, view.width / 2 + span / 2)]
    metres = _ground_distance(*(to_degrees(chart.projection, chart.unit, *end) for end in ends))
    most = metres / span * SCALE_WIDTH
    power = 10.0 ** math.floor(math.log10(most))
    length = max(step * power for step in ROUND_LENGTHS if step * power <= most)
    return ScaleBar(length / metres * span, length)


def to_degrees(projection: Projection, unit: float, x: float, y: float) -> tuple[float, float]:
    """Return the longitude and latitude of a grid position, in degrees.

    Notes
    -----
    Snyder, J. P. (1987), Map Projections: A Working Manual, USGS Professional Paper 1395, pages 44 and 101.
    """
    east, north, radius = x * unit, -y * unit, projection.radius
    if projection.name == "mercator":
        latitude = math.degrees(2 * math.atan(math.exp(north / radius)) - math.pi / 2)
        return projection.lon_0 + math.degrees(east / radius), latitude
    first, second = math.radians(projection.lat_1), math.radians(projection.lat_2)
    n = (math.sin(first) + math.sin(second)) / 2
    c = math.cos(first) ** 2 + 2 * n * math.sin(first)
    rho_0 = radius * math.sqrt(c - 2 * n * math.sin(math.radians(projection.lat_0))) / n
    side = math.copysign(1.0, n)
    rho = side * math.hypot(east, rho_0 - north)
    theta = math.atan2(side * east, side * (rho_0 - north))
    sine = (c - (rho * n / radius) ** 2) / (2 * n)
    return projection.lon_0 + math.degrees(theta / n), math.degrees(math.asin(max(-1.0, min(1.0, sine))))


def _ground_distance(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Return metres along the ground between two places in degrees."""
    (lon_a, lat_a), (lon_b, lat_b) = here, there

    def half(degrees: float) -> float:
        return math.sin(math.radians(degrees) / 2) ** 2

    h = half(lat_b - lat_a) + math.cos(math.radians(lat_a)) * math.cos(math.radians(lat_b)) * half(
        lon_b - lon_a
    )
    return 2 * EARTH_RADIUS * math.asin(math.sqrt(min(1.0, h)))

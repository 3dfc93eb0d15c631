"""Read what a page's script reads: the blocks of numbers that a map is drawn from.

In: a map's fragment, as `prepared.PreparedMap` keeps it. Out: a `Chart`. A picture drawn from it shows what
the page shows, since both have nothing else. How it looks is decided in `mapwork`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mapgen.arccode import CodedArcs
from mapgen.projection import Projection

Shape = dict[str, Any]
GridBox = tuple[float, float, float, float]

_FRAME = re.compile(r'<script type="application/json" class="map-frame">(.*?)</script>', re.DOTALL)
_LAYER = re.compile(r'<script type="application/json" class="map-layer">(.*?)</script>', re.DOTALL)


@dataclass(frozen=True)
class Chart:
    """What a map is drawn from; boxes are (left, top, right, bottom) on its grid.

    Attributes
    ----------
    projection : Projection
    unit : float
        Projected metres in a grid unit.
    max_zoom : float
    home, region, drawn : GridBox
        What the map opens on, the project's territories, and what is drawn.
    arcs : CodedArcs
    layers : list of dict
        What lies under the claims, bottom first.
    claims : list of dict
        The claims' locations, each with the index of its claim.
    """

    projection: Projection
    unit: float
    max_zoom: float
    home: GridBox
    region: GridBox
    drawn: GridBox
    arcs: CodedArcs
    layers: list[Shape]
    claims: list[Shape]

    def shapes(self, kind: str) -> list[Shape]:
        """Return the shapes of all layers of a kind, such as ``labels``."""
        return [shape for layer in self.layers if layer["kind"] == kind for shape in layer["shapes"]]


def read_chart(fragment: str) -> Chart:
    """Read a map's fragment.

    Parameters
    ----------
    fragment : str
        As folium's map renders it.

    Returns
    -------
    Chart
    """
    (framed,) = _FRAME.findall(fragment)
    frame = json.loads(framed)
    layers = [json.loads(each) for each in _LAYER.findall(fragment)]
    (coded,) = (layer for layer in layers if layer["kind"] == "arcs")
    _unfold(layers)
    told = frame["projection"]
    parallels = {key: told[key] for key in ("lat_0", "lat_1", "lat_2") if key in told}
    return Chart(
        projection=Projection(told["name"], told["lon_0"], **parallels),
        unit=frame["unit"],
        max_zoom=frame["max_zoom"],
        home=tuple(frame["home"]),
        region=tuple(frame["region"]),
        drawn=tuple(frame["drawn"]),
        arcs=CodedArcs(coded["data"], coded["count"], coded["sizes"]),
        layers=[layer for layer in layers if layer["kind"] not in ("arcs", "claims")],
        claims=[shape for layer in layers if layer["kind"] == "claims" for shape in layer["shapes"]],
    )


def _unfold(layers: list[Shape]) -> None:
    """Write out runs of arcs as references, and a claim on a territory as that territory's rings."""
    territories: dict[int, Any] = {}
    for layer in layers:
        if "runs" in layer:
            layer["arcs"] = list(_numbers(layer["runs"]))
        for shape in layer.get("shapes", ()):
            if "runs" in shape:
                shape["rings"] = [*shape["rings"], *([arc] for arc in _numbers(shape["runs"]))]
            if layer.get("role") in ("focus", "neighbour"):
                territories[shape["id"]] = shape["rings"]
            if "territory" in shape:
                shape["rings"] = territories.get(shape["territory"], [])


def _numbers(runs: list[list[int]]) -> Iterator[int]:
    for first, count in runs:
        yield from range(first, first + count)

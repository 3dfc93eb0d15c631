"""Compose folium maps: the base that a project's maps share, and the claims of each.

In: a drawing and its frame. Out: a folium map whose layers hold numbers only, and its fragment of HTML. Which
texts go with them is the work of `views` and `page`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mapgen.drawing import Drawing
from mapgen.frame import Frame
from mapgen.layers import Layer, SealedMap
from mapgen.projection import Extent


def compose_map(drawing: Drawing, frame: Frame, home: Extent, identities: Sequence[str]) -> SealedMap:
    """Compose one map.

    Parameters
    ----------
    drawing : Drawing
    frame : Frame
    home : Extent
        What the map opens on, in projected metres.
    identities : sequence of str
        Ids of the annotations that the map shows, in the order of their numbers.

    Returns
    -------
    SealedMap
        ``get_root().render()`` gives its fragment of HTML.
    """
    composed = SealedMap(describe_frame(frame, home))
    arcs = drawing.arcs
    Layer({"kind": "arcs", "count": arcs.arcs, "sizes": arcs.sizes, "data": arcs.text}).add_to(composed)
    for shapes in drawing.base:
        Layer(shapes).add_to(composed)
    if drawing.others:
        Layer(drawing.others).add_to(composed)
    claims = [
        {"claim": i, **shape} for i, identity in enumerate(identities) for shape in drawing.claims[identity]
    ]
    Layer({"kind": "claims", "shapes": claims}).add_to(composed)
    return composed


def describe_frame(frame: Frame, home: Extent) -> dict[str, Any]:
    """Return what the page's script needs to know of the projection and the extents."""
    projection = frame.projection
    conic = (
        {"lat_1": projection.lat_1, "lat_2": projection.lat_2, "lat_0": projection.lat_0}
        if projection.name == "conic"
        else {}
    )
    return {
        "projection": {
            "name": projection.name,
            "lon_0": projection.lon_0,
            "radius": projection.radius,
            **conic,
        },
        "unit": frame.grid.unit,
        "frame": _on_grid(frame.panned, frame.grid.unit),
        "drawn": _on_grid(frame.drawn, frame.grid.unit),
        "home": _on_grid(home, frame.grid.unit),
        "region": _on_grid(frame.region, frame.grid.unit),
        "max_zoom": frame.max_zoom,
        "reaches": [[*_on_grid(reach.extent, frame.grid.unit), reach.zoom] for reach in frame.reaches],
    }


def _on_grid(extent: Extent, unit: float) -> list[int]:
    """Return an extent as [left, top, right, bottom] in grid positions."""
    west, south, east, north = extent
    return [round(west / unit), round(-north / unit), round(east / unit), round(-south / unit)]

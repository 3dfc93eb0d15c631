"""Collect all that is to be drawn on one sheet, and cut it into arcs together: what touches shares its lines.

In: boundaries, their companion layers, and placements, in degrees (EPSG:4326). Out: a `Sheet` of arcs and of
names for what is made of them. What is drawn how is decided in `drawing`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from mapgen.boundaries import Boundaries
from mapgen.datasets import Dataset, read_layer
from mapgen.frame import Frame
from mapgen.generalise import Detail, project_parts
from mapgen.places import Placement
from mapgen.topology import Chain, Geometries, Ints, Topology, build_topology

WATER_RANK = 3
"""Lakes and rivers up to this rank of Natural Earth's are drawn."""

GRADES: Mapping[str, str] = {
    "Disputed": "disputed",
    "Line of control": "disputed",
    "Indefinite": "undefined",
    "Indeterminant frontier": "undefined",
    "Unrecognized": "disputed",
}
"""Grades of border lines by Natural Earth's feature class, without its "(please verify)"; all others are
agreed."""

NOT_AGREED = "FEATURECLA <> 'International boundary (verify)'"

Name = tuple[str, Any]
"""Kind and key: ``("territory", code)``, ``("disputed", row)``, ``("lake", n)``, ``("river", n)``, ``("line",
grade)``, ``("claim", (annotation id, index of the location))``."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Geometries cut into arcs together.

    Attributes
    ----------
    names : list of Name
        For each geometry what it is; those outside the frame are not there any more.
    topology : Topology
        With the chains of each geometry, in the order of `names`.
    parts, owner : array
        Projected parts, and the index of the geometry that each belongs to.
    """

    names: list[Name]
    topology: Topology
    parts: Geometries
    owner: Ints

    def chains(self, kind: str) -> dict[Any, tuple[Chain, ...]]:
        """Return the chains of all geometries of a kind by their key."""
        pairs = zip(self.names, self.topology.chains, strict=True)
        return {key: chains for (each, key), chains in pairs if each == kind}

    def geometry(self, index: int) -> MultiPolygon:
        """Return the projected polygons of a geometry."""
        start, end = np.searchsorted(self.owner, [index, index + 1])
        return MultiPolygon(list(self.parts[start:end]))


def lay_out(
    boundaries: Boundaries,
    placements: Mapping[str, Sequence[Placement]],
    frame: Frame,
    detail: Detail,
    *,
    focus: Collection[str],
    only: Collection[str] | None = None,
) -> Sheet:
    """Collect what is to be drawn and cut it into arcs.

    Parameters
    ----------
    boundaries : Boundaries
    placements : mapping of str to sequence of Placement
        By annotation id; borders and areas become geometries of their own.
    frame : Frame
    detail : Detail
    focus : collection of str
        Territories that keep their smallest islands.
    only : collection of str, optional
        Draw these territories only.

    Returns
    -------
    Sheet
    """
    table = boundaries.territories
    collected: list[tuple[Name, BaseGeometry]] = [
        (("territory", code), shape)
        for code, shape in zip(table.index, table.geometry, strict=True)
        if only is None or code in only
    ]
    collected += [(("disputed", row.Index), row.geometry) for row in boundaries.disputed.itertuples()]
    collected += _companions(boundaries.dataset)
    collected += [
        (("claim", (identity, index)), placement.geometry)
        for identity, several in placements.items()
        for index, placement in enumerate(several)
        if placement.location.kind in ("border", "area")
    ]
    names = [name for name, _ in collected]
    may_vanish = [kind == "lake" or (kind == "territory" and key not in focus) for kind, key in names]
    parts, owner = project_parts([shape for _, shape in collected], frame, may_vanish, detail)
    present, owner = np.unique(owner, return_inverse=True)
    owner = owner.astype(np.int64)
    return Sheet([names[i] for i in present], build_topology(parts, owner, len(present)), parts, owner)


def _companions(dataset: Dataset) -> list[tuple[Name, BaseGeometry]]:
    """Return lakes, rivers and the border lines that are not agreed."""
    collected: list[tuple[Name, BaseGeometry]] = []
    for kind, layer in (("lake", "lakes"), ("river", "rivers")):
        rows = read_layer(dataset, layer, ["scalerank"], f"scalerank <= {WATER_RANK}")
        collected += [] if rows is None else [((kind, i), shape) for i, shape in enumerate(rows.geometry)]
    lines = read_layer(dataset, "boundary_lines", ["FEATURECLA"], NOT_AGREED)
    if lines is not None:
        kinds = lines["FEATURECLA"].str.partition(" (")[0]
        collected += [
            (("line", GRADES[k]), shape)
            for k, shape in zip(kinds, lines.geometry, strict=True)
            if k in GRADES
        ]
    return collected

"""Collect all that is to be drawn on one sheet, and cut it into arcs together: what touches shares its lines.

In: boundaries, their companion layers, and placements, in degrees (EPSG:4326). Out: a `Sheet` of arcs and of
names for what is made of them, under one worldview or several: what they draw alike is on it once. What is
drawn how is decided in `drawing`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from mapgen.boundaries import Boundaries
from mapgen.boundarylines import read_lines
from mapgen.datasets import read_layer
from mapgen.frame import Frame
from mapgen.generalise import Detail, project_parts
from mapgen.places import Placement
from mapgen.topology import Chain, Geometries, Ints, Topology, build_topology, split_arcs

WATER_RANK = 3
"""Lakes and rivers up to this rank of Natural Earth's are drawn."""

Name = tuple[str, Any]
"""Kind and key: ``("territory", code)``, ``("disputed", row)``, ``("lake", n)``, ``("river", n)``, ``("line",
grades)``, ``("claim", (annotation id, index of the location))``; and what a territory has otherwise under the
n-th worldview, ``("gained", (n, code))`` and ``("lost", (n, code))``."""


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
    hatched : tuple of frozenset of int
        For each worldview the rows of the disputed areas that it has hatched.
    """

    names: list[Name]
    topology: Topology
    parts: Geometries
    owner: Ints
    hatched: tuple[frozenset[int], ...]

    def chains(self, kind: str) -> dict[Any, tuple[Chain, ...]]:
        """Return the chains of all geometries of a kind by their key."""
        pairs = zip(self.names, self.topology.chains, strict=True)
        return {key: chains for (each, key), chains in pairs if each == kind}

    def areas(self, view: int = 0) -> dict[Name, list[Chain]]:
        """Return the rings of territories and disputed areas under a worldview, by their number in `hatched`.

        A territory that a worldview does not have is not among them.
        """
        areas: dict[Name, list[Chain]] = {}
        changes: list[tuple[str, str, tuple[Chain, ...]]] = []
        for (kind, key), chains in zip(self.names, self.topology.chains, strict=True):
            if kind == "territory" or (kind == "disputed" and key in self.hatched[view]):
                areas[kind, key] = list(chains)
            elif kind in ("gained", "lost") and key[0] == view:
                changes.append((kind, key[1], chains))
        # Beyond the frame's edge two polygons may differ that are one within it: what is lost comes first.
        for kind, code, chains in changes:
            own = areas.setdefault(("territory", code), [])
            gone = frozenset(chains if kind == "lost" else ())
            own[:] = [chain for chain in own if chain not in gone]
            own += () if kind == "lost" else chains
        return {name: chains for name, chains in areas.items() if chains}

    def codes(self) -> list[str]:
        """Return the codes of the territories that any worldview has."""
        first = [key for kind, key in self.names if kind == "territory"]
        return list(dict.fromkeys([*first, *(key[1] for kind, key in self.names if kind == "gained")]))

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
    collected += _differences(boundaries, only)
    collected += [(("disputed", row.Index), row.geometry) for row in boundaries.all_disputed().itertuples()]
    collected += _companions(boundaries)
    collected += [
        (("claim", (identity, index)), placement.geometry)
        for identity, several in placements.items()
        for index, placement in enumerate(several)
        if placement.location.kind in ("border", "area")
    ]
    names = [name for name, _ in collected]
    may_vanish = [_may_vanish(name, focus) for name in names]
    parts, owner = project_parts([shape for _, shape in collected], frame, may_vanish, detail)
    present, owner = np.unique(owner, return_inverse=True)
    owner = owner.astype(np.int64)
    hatched = tuple(frozenset(view.disputed.index) for view in boundaries.views)
    topology = build_topology(parts, owner, len(present))
    topology = split_arcs(topology, detail.level(topology.points))
    return Sheet([names[i] for i in present], topology, parts, owner, hatched)


def _differences(boundaries: Boundaries, only: Collection[str] | None) -> Iterator[tuple[Name, BaseGeometry]]:
    """Yield the polygons that territories have otherwise under the other worldviews."""
    first = boundaries.territories.geometry.to_dict()
    # Several worldviews often draw the same.
    known: dict[int, dict[bytes, BaseGeometry]] = {}

    def polygons(geometry: BaseGeometry | None) -> dict[bytes, BaseGeometry]:
        if id(geometry) not in known:
            known[id(geometry)] = _polygons(geometry)
        return known[id(geometry)]

    for number, other in enumerate(boundaries.others, 1):
        second = other.territories.geometry.to_dict()
        for code in dict.fromkeys([*first, *second]):
            if first.get(code) is second.get(code) or (only is not None and code not in only):
                continue
            before, after = polygons(first.get(code)), polygons(second.get(code))
            for kind, these, those in (("lost", before, after), ("gained", after, before)):
                differing = [part for key, part in these.items() if key not in those]
                if differing:
                    yield (kind, (number, code)), MultiPolygon(differing)


def _polygons(geometry: BaseGeometry | None) -> dict[bytes, BaseGeometry]:
    """Return a territory's polygons by a key that those which no worldview touches keep."""
    parts = shapely.get_parts(geometry)
    return dict(zip(shapely.to_wkb(parts).tolist(), parts, strict=True))


def _companions(boundaries: Boundaries) -> list[tuple[Name, BaseGeometry]]:
    """Return lakes, rivers and the border lines that are not agreed."""
    dataset, worldviews = boundaries.dataset, [view.worldview for view in boundaries.views]
    collected: list[tuple[Name, BaseGeometry]] = []
    for kind, layer in (("lake", "lakes"), ("river", "rivers")):
        rows = read_layer(dataset, layer, ["scalerank"], f"scalerank <= {WATER_RANK}")
        collected += [] if rows is None else [((kind, i), shape) for i, shape in enumerate(rows.geometry)]
    return collected + [(("line", grades), shape) for grades, shape in read_lines(dataset, worldviews)]


def _may_vanish(name: Name, focus: Collection[str]) -> bool:
    """Tell whether small parts may be left out: of lakes, and of territories that are not the project's."""
    kind, key = name
    if kind in ("gained", "lost"):
        key = key[1]
    return kind == "lake" or (kind in ("territory", "gained", "lost") and key not in focus)

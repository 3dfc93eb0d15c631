"""Store shared borders once: cut polygons and lines into arcs, and simplify each once.

In: shapely polygons and lines in projected metres. Out: arcs, and for each geometry the arcs it is made of,
so that neighbours that share an arc still fit exactly after it is simplified. Which geometry means what is
not known here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Geometries = npt.NDArray[np.object_]

SAME_VERTEX = 1e-3
"""Metres; vertices that agree to this are one."""

Chain = tuple[int, ...]
"""References to arcs in order; ``a`` is arc a forwards, ``~a`` (negative) the same arc backwards."""


@dataclass(frozen=True, slots=True)
class Topology:
    """Arcs and the geometries made of them.

    Attributes
    ----------
    points : float array of shape (n, 2)
        Vertices of all arcs one after another, in projected metres.
    offsets : int array of shape (arcs + 1,)
        Arc ``i`` is ``points[offsets[i]:offsets[i + 1]]``.
    chains : list of tuple of Chain
        For each geometry given, its rings or lines as references to arcs.
    """

    points: Floats
    offsets: Ints
    chains: list[tuple[Chain, ...]]

    def users(self) -> list[set[int]]:
        """Return, for each arc, the indexes of the geometries that use it."""
        users: list[set[int]] = [set() for _ in range(len(self.offsets) - 1)]
        for index, chains in enumerate(self.chains):
            for chain in chains:
                for reference in chain:
                    users[max(reference, ~reference)].add(index)
        return users


def build_topology(parts: Geometries, owner: Ints, count: int) -> Topology:
    """Cut geometries into arcs that are shared wherever their vertices coincide.

    Parameters
    ----------
    parts : array of Polygon and LineString, projected, in metres
        Neighbours fit where they use the same vertices, as boundary datasets with one scale do.
    owner : int array, as long as `parts`
        Index of the geometry that each part belongs to, ascending.
    count : int
        Number of geometries.

    Returns
    -------
    Topology

    Notes
    -----
    A vertex ends an arc if the geometries that pass through it don't all have the same two vertices beside it
    there: the rule of Bostock's TopoJSON, here on whole arrays at once.
    """
    lines, owner = _as_lines(parts, owner)
    xy, line_of = shapely.get_coordinates(lines, return_index=True)
    closed = shapely.is_closed(lines)
    # The closing vertex of a ring repeats its first one.
    last_of_line = np.append(line_of[1:] != line_of[:-1], True) if len(line_of) else np.zeros(0, dtype=bool)
    keep = ~(last_of_line & closed[line_of])
    xy, line_of = xy[keep], line_of[keep]
    vertex = _vertex_ids(xy)
    counts = np.bincount(line_of, minlength=len(lines))
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    junction = _junctions(vertex, starts, closed)
    first, length, line_of_arc = _cut(vertex, junction, starts, closed)
    index = _vertex_indexes(first, length, starts[line_of_arc], counts[line_of_arc])
    ends = np.cumsum(length)
    reference, chosen = _share(vertex[index], ends - length, ends)
    order = np.argsort(chosen)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    chosen = chosen[order]
    reference = np.where(reference >= 0, rank[reference], ~rank[~reference])
    picked = (
        np.concatenate([np.arange(ends[a] - length[a], ends[a]) for a in chosen])
        if len(chosen)
        else index[:0]
    )
    return Topology(
        points=xy[index[picked]],
        offsets=np.concatenate([[0], np.cumsum(length[chosen])]).astype(np.int64),
        chains=_collect(reference, line_of_arc, owner, count),
    )


def _as_lines(parts: Geometries, owner: Ints) -> tuple[Geometries, Ints]:
    """Return the rings and lines of all parts, and the index of the geometry that each belongs to."""
    areal = shapely.get_dimensions(parts) == 2
    rings, ring_part = shapely.get_rings(parts[areal], return_index=True)
    lines = np.concatenate([rings, parts[~areal]])
    owners = np.concatenate([owner[areal][ring_part], owner[~areal]]).astype(np.int64)
    order = np.argsort(owners, kind="stable")
    return lines[order], owners[order]


def _vertex_ids(xy: Floats) -> Ints:
    """Return a number for each position, the same for the same position."""
    whole = np.rint(xy / SAME_VERTEX).astype(np.int64)
    # Two 40-bit numbers don't fit into 64 bits; a product with a large odd number spreads them without a
    # clash in practice.
    number: Ints = pd.factorize(whole[:, 0] * np.int64(0x9E3779B97F4A7C1) + whole[:, 1])[0].astype(np.int64)
    return number


def _junctions(vertex: Ints, starts: Ints, closed: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Tell, for each place in the lines, whether its vertex ends arcs."""
    total = len(vertex)
    before, after = np.arange(-1, total - 1), np.arange(1, total + 1)
    used = np.diff(starts) > 0
    begin, end = starts[:-1][used], starts[1:][used] - 1
    before[begin], after[end] = end, begin
    left, right = vertex[before], vertex[after]
    low, high = np.minimum(left, right), np.maximum(left, right)
    first = np.empty(vertex.max(initial=-1) + 1, dtype=np.int64)
    first[vertex[::-1]] = np.arange(total - 1, -1, -1)
    differs = (low != low[first[vertex]]) | (high != high[first[vertex]])
    ends = np.zeros(len(first), dtype=bool)
    ends[vertex[differs]] = True
    is_open = ~closed[used]
    ends[vertex[begin[is_open]]] = True
    ends[vertex[end[is_open]]] = True
    return ends[vertex]


def _cut(
    vertex: Ints, junction: npt.NDArray[np.bool_], starts: Ints, closed: npt.NDArray[np.bool_]
) -> tuple[Ints, Ints, Ints]:
    """Return for each arc: its first place, its number of vertices, and its line."""
    cut = junction.copy()
    cuts_per_line = np.add.reduceat(np.append(cut, False), starts[:-1]) if len(starts) > 1 else np.zeros(0)
    for ring in np.flatnonzero((cuts_per_line == 0) | (np.diff(starts) == 0)):
        if starts[ring + 1] > starts[ring]:
            # A ring that meets nothing: both of two equal rings begin at the same vertex.
            cut[starts[ring] + int(np.argmin(vertex[starts[ring] : starts[ring + 1]]))] = True
    place = np.flatnonzero(cut)
    line = np.searchsorted(starts, place, side="right") - 1
    next_place = np.append(place[1:], 0)
    wraps = np.append(line[1:] != line[:-1], True) if len(line) else np.zeros(0, dtype=bool)
    first_of_line = np.zeros(len(starts), dtype=np.int64)
    first_of_line[line[::-1]] = place[::-1]
    size = np.diff(starts)[line]
    next_place = np.where(wraps, first_of_line[line] + size, next_place)
    length = next_place - place + 1
    wanted = ~wraps | closed[line]
    return place[wanted], length[wanted], line[wanted]


def _vertex_indexes(first: Ints, length: Ints, line_start: Ints, line_size: Ints) -> Ints:
    """Return the places of all arcs' vertices one after another; arcs of rings go on past the ring's end."""
    arc = np.repeat(np.arange(len(first)), length)
    step = np.arange(len(arc)) - np.repeat(np.cumsum(length) - length, length)
    start = line_start[arc]
    return start + (first[arc] - start + step) % line_size[arc]


def _share(vertex: Ints, begin: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Give equal arcs one number, in whichever direction they run.

    Two arcs are equal if they begin with the same edge and end with the same edge: between junctions every
    line goes the same way.
    """
    forwards = np.column_stack([vertex[begin], vertex[begin + 1], vertex[end - 1], vertex[end - 2]])
    backwards = forwards[:, [2, 3, 0, 1]]
    decided = np.argmax(forwards != backwards, axis=1)
    rows = np.arange(len(forwards))
    flip = backwards[rows, decided] < forwards[rows, decided]
    key = np.where(flip[:, None], backwards, forwards)
    _, chosen, number = np.unique(key, axis=0, return_index=True, return_inverse=True)
    number = number.reshape(-1)
    reference = np.where(flip == flip[chosen][number], number, ~number)
    return reference, chosen


def _collect(reference: Ints, line_of_arc: Ints, owner: Ints, count: int) -> list[tuple[Chain, ...]]:
    """Return each geometry's chains."""
    chains: list[list[Chain]] = [[] for _ in range(count)]
    borders = np.flatnonzero(np.diff(line_of_arc)) + 1
    for group, line in zip(
        np.split(reference, borders),
        line_of_arc[np.append(0, borders).astype(int)] if len(line_of_arc) else [],
        strict=False,
    ):
        chains[owner[line]].append(tuple(group.tolist()))
    return [tuple(each) for each in chains]


def split_arcs(topology: Topology, level: Ints) -> Topology:
    """Split arcs where the level of their vertices changes, so that each arc has one level.

    Parameters
    ----------
    topology : Topology
    level : int array of shape (n,)
        For each vertex of `topology`; an arc's level is that of its vertices but the last.

    Returns
    -------
    Topology
        The vertex at which the level changes ends one arc and begins the next.
    """
    starts, stops = topology.offsets[:-1], topology.offsets[1:]
    changes = np.flatnonzero(level[1:] != level[:-1]) + 1
    arc_of = np.searchsorted(stops, changes, side="right")
    # The last vertex of an arc begins nothing.
    within = (changes > starts[arc_of]) & (changes < stops[arc_of] - 1)
    changes, arc_of = changes[within], arc_of[within]
    pieces = 1 + np.bincount(arc_of, minlength=len(starts))
    ends = np.sort(np.concatenate([changes, stops - 1]))
    index = np.sort(np.concatenate([np.arange(len(level)), changes]))
    lengths = np.diff(np.concatenate([[-1], ends])) + 1
    lengths[np.concatenate([[0], np.cumsum(pieces)[:-1]])[: len(starts)]] -= 1
    first = np.concatenate([[0], np.cumsum(pieces)])
    split = [tuple(range(a, b)) for a, b in zip(first[:-1].tolist(), first[1:].tolist(), strict=True)]
    back = [tuple(~piece for piece in reversed(each)) for each in split]
    return Topology(
        points=topology.points[index],
        offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        chains=[
            tuple(tuple(p for r in chain for p in (split[r] if r >= 0 else back[~r])) for chain in chains)
            for chains in topology.chains
        ],
    )


def simplify_arcs(points: Floats, offsets: Ints, tolerance: Floats) -> npt.NDArray[np.bool_]:
    """Choose the vertices that stay, by Douglas and Peucker's rule on each arc.

    Parameters
    ----------
    points : float array of shape (n, 2)
        Projected positions of all arcs' vertices, in any unit.
    offsets : int array of shape (arcs + 1,)
    tolerance : float array of shape (arcs,)
        Largest distance between each arc and its simplified form, in the unit of `points`.

    Returns
    -------
    bool array of shape (n,)
        True for vertices that stay; the ends of arcs always do.
    """
    lengths = np.diff(offsets)
    # Each vertex carries its place as a third coordinate, which Douglas and Peucker's rule ignores and keeps.
    place = np.arange(len(points))
    arc = np.repeat(np.arange(len(lengths)), lengths)
    lines = shapely.linestrings(np.column_stack([points, place]), indices=arc)
    simple = shapely.simplify(lines, tolerance, preserve_topology=False)
    kept = np.zeros(len(points), dtype=bool)
    kept[shapely.get_coordinates(simple, include_z=True)[:, 2].astype(np.int64)] = True
    return kept

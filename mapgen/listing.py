"""List and describe borders for the command line.

In: a project's path, or none, and codes of territories. Out: plain values, ready for a table or JSON. Borders
are found in `borders`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import shapely

from mapgen.borders import border_length_km, explain_no_border, find_neighbours, shared_border
from mapgen.boundaries import Boundaries, read_boundaries
from mapgen.errors import BorderNotFoundError, TerritoryNotFoundError
from mapgen.project import read_project


def describe_border(project: Path, left: str, right: str) -> dict[str, Any]:
    """Return what is known of the border of two territories.

    Parameters
    ----------
    project : Path
        A project file or its folder; without one there, the bundled boundaries are used.
    left, right : str
        Codes.

    Returns
    -------
    dict
        ``left``, ``right``, ``length_km`` (geodesic), ``parts``, ``dataset``, ``bounds`` as (west, south,
        east, north) in degrees.

    Raises
    ------
    TerritoryNotFoundError
        For each code that the dataset does not have.
    BorderNotFoundError
        If they share no border; says how far apart they are and what lies between them.
    """
    boundaries, _ = _read(project)
    table = boundaries.territories
    unknown = [code for code in dict.fromkeys((left, right)) if code not in table.index]
    if unknown:
        raise TerritoryNotFoundError(*(boundaries.unknown(code) for code in unknown))
    if left == right:
        name = table["name"].at[left]
        raise BorderNotFoundError(f"{name} ({left}) has no border with itself: name two territories")
    try:
        return _describe(boundaries, left, right)
    except BorderNotFoundError:
        raise BorderNotFoundError(explain_no_border(boundaries, left, right)) from None


def list_borders(project: Path) -> list[dict[str, Any]]:
    """Return the borders of a project's territories, those with each other first, in the project's order."""
    boundaries, codes = _read(project)
    missing = [code for code in codes if code not in boundaries.territories.index]
    if missing:
        raise TerritoryNotFoundError(*(boundaries.unknown(code) for code in missing))
    neighbours = find_neighbours(boundaries.territories, codes)
    order = {code: place for place, code in enumerate(codes)}
    pairs = [
        (left, right)
        for left in codes
        for right in neighbours[left]
        if order[left] < order.get(right, len(codes))
    ]
    pairs.sort(key=lambda pair: (pair[1] not in order, order[pair[0]], order.get(pair[1], 0), pair[1]))
    return [_describe(boundaries, left, right) for left, right in pairs]


def _read(project: Path) -> tuple[Boundaries, tuple[str, ...]]:
    """Read a project's boundaries and its territories; the bundled ones if there is no project."""
    if not project.exists() and project == Path("mapgen.yaml"):
        boundaries = read_boundaries()
        return boundaries, tuple(boundaries.territories.index)
    read = read_project(project)
    boundaries = read_boundaries(
        read.boundaries,
        worldview=read.worldview,
        language=read.language,
        folder=read.folder,
        code_column=read.code_column,
        name_column=read.name_column,
    )
    return boundaries, read.territories


def _describe(boundaries: Boundaries, left: str, right: str) -> dict[str, Any]:
    line = shared_border(boundaries.territories, left, right)
    return {
        "left": left,
        "right": right,
        "length_km": round(border_length_km(line), 1),
        "parts": len(shapely.get_parts(line)),
        "dataset": boundaries.dataset.describe(),
        "bounds": [round(edge, 4) for edge in line.bounds],
    }

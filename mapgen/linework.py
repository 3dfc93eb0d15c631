"""Decide which arcs of a sheet are coasts and which are borders, and how each is graded under a worldview.

In: a sheet and the rings that can be seen. Out: the arcs of each kind of line. The grades are the data's own,
read in `boundarylines`; where territories meet without a line of the data's, their border is agreed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from mapgen.boundarylines import Grade
from mapgen.sheet import Name, Sheet
from mapgen.topology import Chain


class Line(NamedTuple):
    """A kind of line: ``coast`` or ``border``, a border's grade, and whether it is of the map's subject."""

    role: str
    grade: str
    emphasis: bool


def arc_of(reference: int) -> int:
    """Return the arc that a reference means, forwards or backwards."""
    return max(reference, ~reference)


def arcs_of(several: Iterable[Iterable[Chain]]) -> set[int]:
    """Return the arcs that chains refer to."""
    return {arc_of(reference) for chains in several for chain in chains for reference in chain}


def fold(numbers: Iterable[int]) -> list[list[int]]:
    """Write ascending numbers as runs of [first, count]."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == sum(runs[-1]):
            runs[-1][1] += 1
        else:
            runs.append([number, 1])
    return runs


def sides(areas: Mapping[Name, Iterable[Chain]]) -> dict[int, list[int]]:
    """Return, for each arc, which areas lie beside it, by their place in the mapping."""
    beside: dict[int, list[int]] = {}
    for number, chains in enumerate(areas.values()):
        for arc in arcs_of([chains]):
            beside.setdefault(arc, []).append(number)
    return beside


def grade_lines(sheet: Sheet, view: int, roles: Mapping[str, str], drawn: set[int]) -> dict[Line, list[int]]:
    """Return the coasts and borders under one worldview: an arc of one area is coast, one of two is border.

    Parameters
    ----------
    sheet : Sheet
    view : int
        Number of the worldview.
    roles : mapping of str to str
        What each territory is on the map, by code.
    drawn : set of int
        Arcs of the rings that are large enough to be seen under this worldview.

    Returns
    -------
    dict of Line to list of int
        The arcs of each kind of line, those of one area together.
    """
    areas = sheet.areas(view)
    names, beside = list(areas), sides(areas)
    graded = _graded(sheet, view)
    lines: dict[Line, list[tuple[int, int]]] = {}
    for arc in sorted({*beside, *graded}):
        if arc not in graded and arc not in drawn:
            continue
        own = beside.get(arc, [])
        kinds = [names[i][0] for i in own]
        strong = any(names[i][0] == "territory" and roles[names[i][1]] == "focus" for i in own)
        line = _line(kinds, graded.get(arc), strong=strong)
        if line is not None:
            lines.setdefault(line, []).append((min(own, default=-1), arc))
    return {line: [arc for _, arc in sorted(arcs)] for line, arcs in lines.items()}


def _graded(sheet: Sheet, view: int) -> dict[int, Grade]:
    """Return how the data grades arcs under a worldview."""
    return {arc: grades[view] for grades, chains in sheet.chains("line").items() for arc in arcs_of([chains])}


def _line(beside: list[str], grade: Grade | None, *, strong: bool) -> Line | None:
    """Return the kind of line between areas of some kinds; None for one that is not drawn."""
    if len(beside) > 1:
        plain = "disputed" if "disputed" in beside else "agreed"
        return Line("border", grade.between if grade else plain, strong)
    if grade and grade.alone:
        return Line("border", grade.alone, strong)
    return Line("coast", "", False) if beside else None

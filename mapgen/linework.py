"""Decide which arcs of a sheet are coasts and which are borders, and how each is graded under a worldview.

In: a sheet and the rings that can be seen. Out: the arcs of each kind of line. The grades are the data's own,
read in `boundarylines`; where territories meet without a line of the data's, their border is agreed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
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


def sides(areas: Mapping[Name, Iterable[Chain]]) -> dict[int, list[Name]]:
    """Return, for each arc, which areas lie beside it, in their order."""
    beside: dict[int, list[Name]] = {}
    for name, chains in areas.items():
        for arc in arcs_of([chains]):
            beside.setdefault(arc, []).append(name)
    return beside


def grades_of(sheet: Sheet) -> dict[int, tuple[Grade, ...]]:
    """Return how the data grades arcs, under each worldview."""
    return {arc: grades for grades, chains in sheet.chains("line").items() for arc in arcs_of([chains])}


def grade_lines(
    beside: Mapping[int, Sequence[Name]],
    graded: Mapping[int, Grade],
    roles: Mapping[str, str],
    drawn: Collection[int],
) -> dict[Line, list[int]]:
    """Return the coasts and borders under one worldview: an arc of one area is coast, one of two is border.

    Parameters
    ----------
    beside : mapping of int to sequence of Name
        The areas beside each arc.
    graded : mapping of int to Grade
        How the data grades arcs under the worldview.
    roles : mapping of str to str
        What each territory is on the map, by code.
    drawn : collection of int
        Arcs of the rings that are large enough to be seen.

    Returns
    -------
    dict of Line to list of int
        The arcs of each kind of line.
    """
    lines: dict[Line, list[int]] = {}
    for arc in {**dict.fromkeys(beside), **dict.fromkeys(graded)}:
        if arc in graded or arc in drawn:
            names = beside.get(arc, ())
            strong = any(kind == "territory" and roles[key] == "focus" for kind, key in names)
            line = _line([kind for kind, _ in names], graded.get(arc), strong=strong)
            if line is not None:
                lines.setdefault(line, []).append(arc)
    return lines


def _line(beside: list[str], grade: Grade | None, *, strong: bool) -> Line | None:
    """Return the kind of line between areas of some kinds; None for one that is not drawn."""
    if len(beside) > 1:
        plain = "disputed" if "disputed" in beside else "agreed"
        return Line("border", grade.between if grade else plain, strong)
    if grade and grade.alone:
        return Line("border", grade.alone, strong)
    return Line("coast", "", False) if beside else None

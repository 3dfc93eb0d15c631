"""Say what each worldview shows of a sheet, and what others draw otherwise than that which a map opens on.

In: a sheet of several worldviews and its simplified arcs. Out: a `Scene` for each of them, and their
differences from the first, as numbers that the page's script applies. What all of them draw alike is nowhere
written twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from mapgen.generalise import Arcs
from mapgen.linework import Line, arcs_of, fold, grade_lines, grades_of, sides
from mapgen.sheet import Name, Sheet
from mapgen.topology import Chain

LAND = -1
"""Number of the one shape that all far territories are."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What one worldview shows.

    Attributes
    ----------
    rings : dict of Name to list of Chain
        The rings of each territory and hatched area that are large enough to be seen.
    lines : dict of Line to list of int
        The arcs of each kind of line.
    """

    rings: dict[Name, list[Chain]]
    lines: dict[Line, list[int]]


def see(sheet: Sheet, arcs: Arcs, roles: Mapping[str, str]) -> list[Scene]:
    """Return what each worldview on a sheet shows.

    Parameters
    ----------
    sheet : Sheet
    arcs : Arcs
    roles : mapping of str to str
        What each territory is on the map, by code.

    Returns
    -------
    list of Scene
        One for each worldview, the first that which the map opens on.
    """
    seer = _Seer(sheet, arcs, roles)
    return [seer.first, *(seer.other(view) for view in range(1, len(sheet.hatched)))]


class _Seer:
    """Sees the first worldview on a sheet, and of the others what changes."""

    def __init__(self, sheet: Sheet, arcs: Arcs, roles: Mapping[str, str]) -> None:
        self.sheet, self.roles, self.visible = sheet, roles, cache(arcs.visible)
        self.grades = grades_of(sheet)
        self.always = arcs_of(
            self.shown(chains) for kind in ("lake", "claim") for chains in sheet.chains(kind).values()
        )
        self.areas = sheet.areas()
        self.beside = sides(self.areas)
        rings = {name: self.shown(chains) for name, chains in self.areas.items()}
        drawn = self.always | arcs_of(rings.values())
        graded = {arc: grades[0] for arc, grades in self.grades.items()}
        lines = grade_lines(self.beside, graded, roles, drawn)
        # Those of one area together, so that their numbers are runs.
        place = {name: number for number, name in enumerate(self.areas)}
        first = {arc: place[names[0]] for arc, names in self.beside.items()}
        for several in lines.values():
            several.sort(key=lambda arc: (first.get(arc, -1), arc))
        self.first = Scene(rings, lines)

    def shown(self, chains: Iterable[Chain]) -> list[Chain]:
        """Return the rings that are large enough to be seen."""
        return [chain for chain in chains if self.visible(chain)]

    def other(self, view: int) -> Scene:
        """Return what another worldview shows: the first one's, but for the arcs that it touches."""
        areas, before = self.sheet.areas(view), self.areas
        changed = {
            name: areas.get(name, []) for name in {**before, **areas} if areas.get(name) != before.get(name)
        }
        rings = {**self.first.rings, **{name: self.shown(chains) for name, chains in changed.items()}}
        touched = {arc for arc, grades in self.grades.items() if grades[view] != grades[0]}
        touched |= arcs_of({*before.get(name, ())} ^ {*chains} for name, chains in changed.items())
        beside = {arc: [name for name in self.beside.get(arc, ()) if name not in changed] for arc in touched}
        for name, chains in changed.items():
            for arc in arcs_of([chains]) & touched:
                beside[arc].append(name)
        near = {name for names in beside.values() for name in names}
        drawn = self.always | arcs_of(rings[name] for name in near)
        graded = {arc: self.grades[arc][view] for arc in touched & self.grades.keys()}
        lines = grade_lines(beside, graded, self.roles, drawn)
        for line, kept in self.first.lines.items():
            lines.setdefault(line, []).extend(arc for arc in kept if arc not in touched)
        return Scene({name: rings[name] for name in areas}, {line: own for line, own in lines.items() if own})


def line_kinds(scenes: Iterable[Scene]) -> list[Line]:
    """Return the kinds of line that any scene has, in the order in which they are drawn: coasts first."""
    kinds = {line for scene in scenes for line in scene.lines}
    return sorted(kinds, key=lambda line: (line.role != "coast", line.emphasis, line.grade))


def compare(
    scenes: Sequence[Scene], arcs: Arcs, roles: Mapping[str, str], disputed: Sequence[int]
) -> list[dict[str, Any]]:
    """Return what each scene has otherwise than the first.

    Parameters
    ----------
    scenes : sequence of Scene
    arcs : Arcs
        Gives numbers to arcs that the first scene does not use.
    roles : mapping of str to str
        By code; the place in it is a territory's number.
    disputed : sequence of int
        Rows of the disputed areas; the place in it is an area's number.

    Returns
    -------
    list of dict
        For each scene ``areas``, lists of a territory's number (`LAND` for far ones) and the rings that only
        one of the two scenes has; ``lines``, lists of the kind's place in `line_kinds` and runs of such arcs;
        ``disputed``, the numbers of the areas that are hatched; ``absent``, those of the territories that are
        none. Empty if there is one scene only.
    """
    return [_compare(scenes, scene, arcs, roles, disputed) for scene in scenes] if len(scenes) > 1 else []


def _compare(
    scenes: Sequence[Scene], scene: Scene, arcs: Arcs, roles: Mapping[str, str], disputed: Sequence[int]
) -> dict[str, Any]:
    first = scenes[0]
    areas: dict[int, list[list[int]]] = {}
    for number, (code, role) in enumerate(roles.items()):
        before, after = (each.rings.get(("territory", code), []) for each in (first, scene))
        only_one = {*before} ^ {*after} if before != after else ()
        changed = [arcs.refer(chain) for chain in (*before, *after) if chain in only_one]
        if changed:
            areas.setdefault(LAND if role == "land" else number, []).extend(changed)
    lines = []
    for place, line in enumerate(line_kinds(scenes)):
        changed_arcs = {*first.lines.get(line, ())} ^ {*scene.lines.get(line, ())}
        if changed_arcs:
            lines.append([place, *fold(sorted(map(arcs.use, sorted(changed_arcs))))])
    return {
        "areas": [[number, *rings] for number, rings in areas.items()],
        "lines": lines,
        "disputed": [number for number, row in enumerate(disputed) if ("disputed", row) in scene.rings],
        "absent": [n for n, code in enumerate(roles) if ("territory", code) not in scene.rings],
    }

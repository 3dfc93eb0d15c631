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
from mapgen.linework import Line, arcs_of, fold, grade_lines
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
    visible = cache(arcs.visible)
    always = arcs_of(
        [chain for chain in chains if visible(chain)]
        for kind in ("lake", "claim")
        for chains in sheet.chains(kind).values()
    )
    scenes = []
    for view in range(len(sheet.hatched)):
        areas = sheet.areas(view)
        rings = {name: [chain for chain in chains if visible(chain)] for name, chains in areas.items()}
        drawn = always | arcs_of(rings.values())
        scenes.append(Scene(rings, grade_lines(sheet, view, roles, drawn)))
    return scenes


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
        changed = [arcs.refer(chain) for chain in (*before, *after) if (chain in before) != (chain in after)]
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

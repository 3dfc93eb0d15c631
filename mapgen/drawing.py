"""Make the shapes of a map of what lies on a sheet: areas, lines, names and claims, in numbers only.

In: boundaries, placements and a frame. Out: a `Drawing` of whole numbers, without any text of a user's, that
`layers` hands to folium. Colours, line widths and where names end up are the page's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any

import numpy as np
import pandas as pd
import shapely

from mapgen import curves
from mapgen.arccode import CodedArcs
from mapgen.boundaries import Boundaries
from mapgen.frame import Frame
from mapgen.gazetteer import Gazetteer
from mapgen.generalise import Arcs, Detail, to_grid
from mapgen.labelling import choose_cities, label_places
from mapgen.linework import arc_of, arcs_of, fold
from mapgen.missed import Missed, find_missed
from mapgen.model import Project
from mapgen.places import Placement, named_codes
from mapgen.scenes import Scene, compare, line_kinds, see
from mapgen.sheet import Name, Sheet, lay_out
from mapgen.topology import Chain

Shape = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Drawing:
    """The shapes of a map, in grid positions.

    Attributes
    ----------
    arcs : CodedArcs
    base : list of dict
        The layers under the claims, bottom first, in the form that the page's script reads.
    claims : dict of str to list of dict
        For each annotation's id the shapes of its placements.
    territories, cities, disputed : list
        Codes, names, and rows of the disputed areas: what the shapes' ids count.
    met : list of frozenset of str
        For each worldview the grades of the border lines that lie where the claims are, and ``area`` if a
        disputed area does.
    others : dict or None
        What is drawn when a reader chooses another worldview: areas and names that only others have, and what
        each draws otherwise than the first, as `scenes.compare` says it. None for one worldview only.
    missed : list of dict
        What each worldview does not have of what claims name, as `missed.find_missed` says it.
    """

    arcs: CodedArcs
    base: list[Shape]
    claims: dict[str, list[Shape]]
    territories: list[str]
    cities: list[str]
    disputed: list[int]
    met: list[frozenset[str]]
    others: Shape | None
    missed: list[Missed]


def draw(
    boundaries: Boundaries,
    placements: Mapping[str, Sequence[Placement]],
    frame: Frame,
    *,
    project: Project,
    gazetteer: Gazetteer,
) -> Drawing:
    """Draw everything that the maps of a project show.

    Parameters
    ----------
    boundaries : Boundaries
        Every territory of the dataset.
    placements : mapping of str to sequence of Placement
        By annotation id.
    frame : Frame
    project : Project
        Names the territories to draw, and the context.
    gazetteer : Gazetteer

    Returns
    -------
    Drawing
    """
    detail = Detail.of(frame)
    named = set(named_codes(placements))
    only = {*project.territories, *named} if project.context == "none" else None
    sheet = lay_out(boundaries, placements, frame, detail, focus=project.territories, only=only)
    roles = _roles(sheet, project, named)
    arcs = Arcs(sheet.topology, frame, detail)
    scenes = see(sheet, arcs, roles)
    cities, city_shapes = choose_cities(
        gazetteer,
        frame,
        named=[code for code, role in roles.items() if role != "land"],
        focus=project.territories,
        claimed=_named_places(placements),
    )
    disputed = list(sheet.chains("disputed"))
    names, other_names = _split(_labels(sheet, boundaries, frame, roles), scenes[0], roles, disputed)
    ground, other_areas = _ground(sheet, arcs, scenes, roles, boundaries)
    base = [*ground, {"kind": "labels", "shapes": names}, {"kind": "cities", "shapes": city_shapes}]
    claims = _claims(sheet, arcs, frame, placements, {code: i for i, code in enumerate(roles)})
    views = compare(scenes, arcs, roles, disputed)
    others = {"kind": "views", "shapes": other_areas, "names": other_names, "views": views}
    met = [_in_view(arcs, frame, scene) for scene in scenes]
    missed = find_missed(sheet, boundaries, placements)
    shapes = (base, claims, list(roles), cities, disputed, met, others if views else None)
    return Drawing(arcs.encode(), *shapes, missed)


def _ground(
    sheet: Sheet, arcs: Arcs, scenes: Sequence[Scene], roles: Mapping[str, str], boundaries: Boundaries
) -> tuple[list[Shape], list[Shape]]:
    """Return areas and lines, bottom first, as the map opens, and areas that only other worldviews hatch."""
    # Arcs get their numbers here, line by line, so that a line is a run of numbers.
    lines = [
        {
            "kind": "lines",
            "role": line.role,
            "grade": line.grade or None,
            "emphasis": line.emphasis,
            **_runs(arcs, [(arc,) for arc in scenes[0].lines.get(line, ())]),
        }
        for line in line_kinds(scenes)
    ]
    rings = scenes[0].rings
    territories = {code: chains for (kind, code), chains in rings.items() if kind == "territory"}
    lakes = [filter(arcs.visible, chains) for chains in sheet.chains("lake").values()]
    areas = _numbered(arcs, [filter(arcs.visible, chains) for chains in sheet.chains("disputed").values()])
    hatched = [("disputed", row) in rings for row in sheet.chains("disputed")]
    # A user's own file says nothing of what lies beyond its territories: that is no sea.
    unknown = [{"kind": "ground", "role": "unknown"}] if boundaries.dataset.folder is None else []
    return [
        *unknown,
        *_areas(territories, arcs, roles),
        {"kind": "lines", "role": "river", "grade": None, **_runs(arcs, sheet.chains("river").values())},
        {"kind": "areas", "role": "lake", "shapes": [_area(arcs, lakes)]},
        *lines,
        {"kind": "areas", "role": "disputed", "shapes": list(compress(areas, hatched))},
    ], [area for area, shown in zip(areas, hatched, strict=True) if not shown]


def _roles(sheet: Sheet, project: Project, named: set[str]) -> dict[str, str]:
    """Return what each territory is on the map: ``focus``, ``neighbour`` (muted, with a name) or ``land``."""
    focus = set(project.territories)
    if project.context == "neighbours":
        territories = dict(enumerate(map(_territory, sheet.names)))
        beside = [{territories[i] for i in each} for each in sheet.topology.users()]
        pairs = [{code for code in each if code} for each in beside]
        named = named.union(*(pair for pair in pairs if pair & focus))
    elif project.context != "none":
        named = named | set(project.context)
    codes = sheet.codes()
    return {code: "focus" if code in focus else "neighbour" if code in named else "land" for code in codes}


def _territory(name: Name) -> str | None:
    """Return the code of the territory that a geometry is of, under any worldview; None for another kind."""
    kind, key = name
    return str(key) if kind == "territory" else str(key[1]) if kind == "gained" else None


def _areas(rings: Mapping[str, Collection[Chain]], arcs: Arcs, roles: Mapping[str, str]) -> list[Shape]:
    """Return the territories, muted ones below; far land is one shape, since nothing is said of its parts."""
    shapes: dict[str, list[Shape]] = {"land": [], "neighbour": [], "focus": []}
    far = [chains for code, chains in rings.items() if roles[code] == "land"]
    shapes["land"] = [_area(arcs, far)]
    for number, code in enumerate(roles):
        if roles[code] != "land":
            shapes[roles[code]].append({"id": number, **_area(arcs, [rings.get(code, ())])})
    return [{"kind": "areas", "role": role, "shapes": each} for role, each in shapes.items()]


def _numbered(arcs: Arcs, several: Iterable[Iterable[Chain]]) -> list[Shape]:
    return [{"id": number, **_area(arcs, [chains])} for number, chains in enumerate(several)]


def _area(arcs: Arcs, several: Iterable[Iterable[Chain]]) -> Shape:
    """Return an area's rings; those of one arc each are written as runs of numbers."""
    rings = [arcs.refer(chain) for chains in several for chain in chains]
    alone = sorted(ring[0] for ring in rings if len(ring) == 1 and ring[0] >= 0)
    return {"rings": [ring for ring in rings if len(ring) > 1 or ring[0] < 0], "runs": fold(alone)}


def _runs(arcs: Arcs, several: Iterable[Iterable[Any]]) -> Shape:
    """Return the arcs of lines as runs of numbers; which way they run makes no difference."""
    chains = [chain if isinstance(chain, tuple) else (chain,) for chains in several for chain in chains]
    return {"runs": fold(sorted({arc_of(reference) for chain in chains for reference in arcs.refer(chain)}))}


def _labels(sheet: Sheet, boundaries: Boundaries, frame: Frame, roles: Mapping[str, str]) -> list[Shape]:
    """Return candidate places for the names of territories and disputed areas, best first."""
    points = {
        code: (row.label_lon, row.label_lat)
        for view in reversed(boundaries.views)
        for code, row in zip(view.territories.index, view.territories.itertuples(), strict=True)
    }
    shapes: list[Shape] = []
    numbers = {code: number for number, code in enumerate(roles)}
    for index, name in enumerate(sheet.names):
        code = _territory(name)
        # Whatever other worldviews make of a territory, its name stands where the first has it.
        if code is None or code not in numbers:
            continue
        number, role = numbers.pop(code), roles[code]
        if role != "land":
            at = label_places(sheet.geometry(index), np.array([points[code]], dtype=float), frame)
            shapes.append({"id": number, "role": role, "at": at.tolist()})
    disputed = boundaries.all_disputed()
    hatched = [index for index, (kind, _) in enumerate(sheet.names) if kind == "disputed"]
    for number, index in enumerate(hatched):
        area = disputed.loc[sheet.names[index][1]]
        # A territory of its own that is disputed as a whole has its name already.
        if _concerns(area, roles) and roles.get(area["code"], "land") == "land":
            at = label_places(sheet.geometry(index), np.zeros((0, 2)), frame)
            shapes.append({"id": number, "role": "disputed", "at": at.tolist()})
    return shapes


def _split(
    labels: Sequence[Shape], scene: Scene, roles: Mapping[str, str], disputed: Sequence[int]
) -> tuple[list[Shape], list[Shape]]:
    """Split names into those of what a scene has, and the rest."""
    codes = list(roles)
    sides: tuple[list[Shape], list[Shape]] = ([], [])
    for label in labels:
        number = label["id"]
        hatched = label["role"] == "disputed"
        name = ("disputed", disputed[number]) if hatched else ("territory", codes[number])
        sides[name not in scene.rings].append(label)
    return sides


def _concerns(area: pd.Series, roles: Mapping[str, str]) -> bool:
    """Tell whether a disputed area concerns a territory that has a name on the map."""
    parties = {area["base"], *area["administered_by"].split(), *area["claimed_by"].split()}
    return any(roles.get(code, "land") != "land" for code in parties)


def _claims(
    sheet: Sheet,
    arcs: Arcs,
    frame: Frame,
    placements: Mapping[str, Sequence[Placement]],
    numbers: Mapping[str, int],
) -> dict[str, list[Shape]]:
    """Return the shapes of each claim's locations."""
    own = sheet.chains("claim")
    anchors = np.array([each.anchor for several in placements.values() for each in several]).reshape(-1, 2)
    snapped = iter(frame.grid.snap(anchors).tolist())
    return {
        identity: [
            {
                **{"form": placement.location.kind, "anchor": next(snapped)},
                **_claim(placement, own.get((identity, index), ()), arcs, frame, numbers),
            }
            for index, placement in enumerate(several)
        ]
        for identity, several in placements.items()
    }


def _claim(
    placement: Placement, chains: Sequence[Chain], arcs: Arcs, frame: Frame, numbers: Mapping[str, int]
) -> Shape:
    """Return the shape of one location, where it is more than its anchor."""
    kind = placement.location.kind
    shape: Shape = {}
    match kind:
        case "border":
            shape["arcs"] = [reference for chain in chains for reference in arcs.refer(chain)]
        case "territory":
            shape["territory"] = numbers.get(placement.codes[0], -1)
        case "area":
            shape["rings"] = [arcs.refer(chain) for chain in chains if arcs.visible(chain)]
        case "route" | "relation":
            ends = frame.projection.project(shapely.get_coordinates(placement.geometry))
            path = curves.smooth(ends) if kind == "route" else curves.arc(ends[0], ends[-1])
            middle = path[len(path) // 2] if len(path) > 2 else path.mean(axis=0)
            shape["path"] = to_grid(path, frame).tolist()
            shape["anchor"] = to_grid(middle[None], frame)[0].tolist()
    return shape


def _named_places(placements: Mapping[str, Sequence[Placement]]) -> set[tuple[float, float]]:
    """Return the positions in degrees that claims name by a place, alone or as the end of a line."""
    shapes = [
        placement.geometry
        for several in placements.values()
        for placement in several
        if placement.location.kind in ("place", "route", "relation")
    ]
    return set(map(tuple, shapely.get_coordinates(shapes).tolist()))


def _in_view(arcs: Arcs, frame: Frame, scene: Scene) -> frozenset[str]:
    """Return which kinds of line, and whether disputed areas, lie where the claims are."""
    west, south, east, north = frame.opening
    low, high = to_grid(np.array([[west, north], [east, south]]), frame)
    met = (arcs.low <= high).all(axis=1) & (arcs.high >= low).all(axis=1)
    found = {line.grade for line, drawn in scene.lines.items() if line.role == "border" and met[drawn].any()}
    hatched = arcs_of(chains for (kind, _), chains in scene.rings.items() if kind == "disputed")
    return frozenset(found | ({"area"} if met[list(hatched)].any() else set()))

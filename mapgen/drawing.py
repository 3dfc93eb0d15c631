"""Make the shapes of a map of what lies on a sheet: areas, lines, names and claims, in numbers only.

In: boundaries, placements and a frame. Out: a `Drawing` of whole numbers, without any text of a user's, that
`layers` hands to folium. Colours, line widths and where names end up are the page's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from mapgen import curves
from mapgen.boundaries import Boundaries
from mapgen.frame import Frame
from mapgen.gazetteer import Gazetteer
from mapgen.generalise import Arcs, Detail, to_grid
from mapgen.labelling import choose_cities, label_places
from mapgen.model import Project
from mapgen.places import Placement, named_codes
from mapgen.sheet import Sheet, lay_out
from mapgen.topology import Chain

Shape = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Drawing:
    """The shapes of a map, in grid positions.

    Attributes
    ----------
    arcs : str
        All arcs, as `topology.encode_arcs` codes them.
    counts : (int, int)
        Number of arcs and of positions in them.
    base : list of dict
        The layers under the claims, bottom first, in the form that the page's script reads.
    claims : dict of str to list of dict
        For each annotation's id the shapes of its placements.
    territories, cities, disputed : list
        Codes, names, and rows of the disputed areas: what the shapes' ids count.
    in_view : frozenset of str
        Grades of the border lines that lie where the claims are, and ``area`` if a disputed area does.
    """

    arcs: str
    counts: tuple[int, int]
    base: list[Shape]
    claims: dict[str, list[Shape]]
    territories: list[str]
    cities: list[str]
    disputed: list[int]
    in_view: frozenset[str] = frozenset()


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
    arcs = Arcs(sheet.topology, frame, detail, _subject(sheet, roles, boundaries.disputed))
    rings = {
        kind: {key: [c for c in chains if arcs.visible(c)] for key, chains in sheet.chains(kind).items()}
        for kind in ("territory", "disputed", "lake", "claim")
    }
    lines = _lines(
        sheet,
        arcs,
        roles,
        {_arc(r) for each in rings.values() for cs in each.values() for c in cs for r in c},
    )
    cities, city_shapes = choose_cities(
        gazetteer,
        frame,
        named=[code for code, role in roles.items() if role != "land"],
        focus=project.territories,
        claimed=_named_places(placements),
    )
    # A user's own file says nothing of what lies beyond its territories: that is no sea.
    unknown = [{"kind": "ground", "role": "unknown"}] if boundaries.dataset.folder is None else []
    base = [
        *unknown,
        *_areas(rings["territory"], arcs, roles),
        {"kind": "lines", "role": "river", "grade": None, **_runs(arcs, sheet.chains("river").values())},
        {"kind": "areas", "role": "lake", "shapes": [_area(arcs, rings["lake"].values())]},
        *lines,
        {"kind": "areas", "role": "disputed", "shapes": _numbered(arcs, rings["disputed"].values())},
        {"kind": "labels", "shapes": _labels(sheet, boundaries, frame, roles)},
        {"kind": "cities", "shapes": city_shapes},
    ]
    claims = _claims(sheet, arcs, frame, placements, {code: i for i, code in enumerate(roles)})
    in_view = _in_view(arcs, frame, lines, rings["disputed"].values())
    text, counts = arcs.encode()
    return Drawing(text, counts, base, claims, list(roles), cities, list(rings["disputed"]), in_view)


def _roles(sheet: Sheet, project: Project, named: set[str]) -> dict[str, str]:
    """Return what each territory is on the map: ``focus``, ``neighbour`` (muted, with a name) or ``land``."""
    focus = set(project.territories)
    if project.context == "neighbours":
        pairs = [
            {sheet.names[i][1] for i in each if sheet.names[i][0] == "territory"}
            for each in sheet.topology.users()
        ]
        named = named.union(*(pair for pair in pairs if pair & focus))
    elif project.context != "none":
        named = named | set(project.context)
    codes = [str(key) for kind, key in sheet.names if kind == "territory"]
    return {code: "focus" if code in focus else "neighbour" if code in named else "land" for code in codes}


def _subject(sheet: Sheet, roles: Mapping[str, str], disputed: gpd.GeoDataFrame) -> Any:
    """Tell which arcs are of the project's territories, of disputed areas in them, or of claims."""
    subject = np.zeros(len(sheet.topology.offsets) - 1, dtype=bool)
    for (kind, key), chains in zip(sheet.names, sheet.topology.chains, strict=True):
        within = {
            "territory": key,
            "disputed": disputed["base"].get(key) if kind == "disputed" else None,
        }.get(kind)
        if kind == "claim" or roles.get(str(within)) == "focus":
            subject[[_arc(reference) for chain in chains for reference in chain]] = True
    return subject


def _lines(sheet: Sheet, arcs: Arcs, roles: Mapping[str, str], drawn: Collection[int]) -> list[Shape]:
    """Return coasts and borders: an arc of one territory is coast, one of two is border.

    A border is graded by the data's own line along it. Arcs get their numbers here, line by line, so that
    a line is a run of numbers.
    """
    lines: dict[tuple[str, str, bool], list[tuple[int, int]]] = {}
    for arc, users in enumerate(sheet.topology.users()):
        names = [sheet.names[i] for i in users]
        kinds = dict(names)
        owners = [i for i in users if sheet.names[i][0] in ("territory", "disputed")]
        strong = any(kind == "territory" and roles[key] == "focus" for kind, key in names)
        if "line" in kinds:
            key = ("border", kinds["line"], strong)
        elif arc not in drawn or not owners:
            continue
        elif len(owners) > 1:
            key = ("border", "disputed" if "disputed" in kinds else "agreed", strong)
        else:
            key = ("coast", "", False)
        lines.setdefault(key, []).append((min(owners, default=-1), arc))
    order = sorted(lines, key=lambda key: (key[0] != "coast", key[2], key[1]))
    return [
        {
            "kind": "lines",
            "role": key[0],
            "grade": key[1] or None,
            "emphasis": key[2],
            **_runs(arcs, [(arc,) for _, arc in sorted(lines[key])]),
        }
        for key in order
    ]


def _areas(rings: Mapping[str, list[Chain]], arcs: Arcs, roles: Mapping[str, str]) -> list[Shape]:
    """Return the territories, muted ones below; far land is one shape, since nothing is said of its parts."""
    shapes: dict[str, list[Shape]] = {"land": [], "neighbour": [], "focus": []}
    far = [chains for code, chains in rings.items() if roles[code] == "land"]
    shapes["land"] = [_area(arcs, far)]
    for number, code in enumerate(roles):
        if roles[code] != "land":
            shapes[roles[code]].append({"id": number, **_area(arcs, [rings[code]])})
    return [{"kind": "areas", "role": role, "shapes": each} for role, each in shapes.items()]


def _numbered(arcs: Arcs, several: Iterable[list[Chain]]) -> list[Shape]:
    return [{"id": number, **_area(arcs, [chains])} for number, chains in enumerate(several)]


def _area(arcs: Arcs, several: Iterable[list[Chain]]) -> Shape:
    """Return an area's rings; those of one arc each are written as runs of numbers."""
    rings = [arcs.refer(chain) for chains in several for chain in chains]
    alone = sorted(ring[0] for ring in rings if len(ring) == 1 and ring[0] >= 0)
    return {"rings": [ring for ring in rings if len(ring) > 1 or ring[0] < 0], "runs": _fold(alone)}


def _runs(arcs: Arcs, several: Iterable[Iterable[Any]]) -> Shape:
    """Return the arcs of lines as runs of numbers; which way they run makes no difference."""
    chains = [chain if isinstance(chain, tuple) else (chain,) for chains in several for chain in chains]
    return {"runs": _fold(sorted({_arc(reference) for chain in chains for reference in arcs.refer(chain)}))}


def _fold(numbers: Sequence[int]) -> list[list[int]]:
    """Write ascending numbers as runs of [first, count]."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == sum(runs[-1]):
            runs[-1][1] += 1
        else:
            runs.append([number, 1])
    return runs


def _labels(sheet: Sheet, boundaries: Boundaries, frame: Frame, roles: Mapping[str, str]) -> list[Shape]:
    """Return candidate places for the names of territories and disputed areas, best first."""
    shapes: list[Shape] = []
    points = boundaries.territories[["label_lon", "label_lat"]]
    seen = {"territory": 0, "disputed": 0}
    for index, (kind, key) in enumerate(sheet.names):
        if kind not in seen:
            continue
        number, seen[kind] = seen[kind], seen[kind] + 1
        role = roles[key] if kind == "territory" else "disputed"
        if role == "land" or (kind == "disputed" and not _concerns(boundaries, key, roles)):
            continue
        if kind == "disputed" and roles.get(boundaries.disputed["code"].at[key], "land") != "land":
            # A territory of its own that is disputed as a whole has its name already.
            continue
        preferred = points.loc[[key]].to_numpy(dtype=float) if kind == "territory" else np.zeros((0, 2))
        at = label_places(sheet.geometry(index), preferred, frame)
        shapes.append({"id": number, "role": role, "at": at.tolist()})
    return shapes


def _concerns(boundaries: Boundaries, row: int, roles: Mapping[str, str]) -> bool:
    """Tell whether a disputed area concerns a territory that has a name on the map."""
    area = boundaries.disputed.loc[row]
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
    return {
        identity: [
            _claim(placement, own.get((identity, index), ()), arcs, frame, numbers)
            for index, placement in enumerate(several)
        ]
        for identity, several in placements.items()
    }


def _claim(
    placement: Placement, chains: Sequence[Chain], arcs: Arcs, frame: Frame, numbers: Mapping[str, int]
) -> Shape:
    """Return the shape of one location."""
    kind = placement.location.kind
    shape: Shape = {"form": kind, "anchor": frame.grid.snap(np.array([placement.anchor]))[0].tolist()}
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


def _in_view(
    arcs: Arcs, frame: Frame, lines: Sequence[Shape], rings: Iterable[list[Chain]]
) -> frozenset[str]:
    """Return which kinds of line, and whether disputed areas, lie where the claims are."""
    west, south, east, north = frame.opening
    low, high = to_grid(np.array([[west, north], [east, south]]), frame)
    drawn = np.array(list(arcs.number), dtype=np.int64)
    met = (arcs.low[drawn] <= high).all(axis=1) & (arcs.high[drawn] >= low).all(axis=1)
    found = {
        str(line["grade"])
        for line in lines
        if line["role"] == "border" and any(met[first : first + count].any() for first, count in line["runs"])
    }
    area = any(
        met[arcs.number[_arc(reference)]] for chains in rings for chain in chains for reference in chain
    )
    return frozenset(found | ({"area"} if area else set()))


def _arc(reference: int) -> int:
    return max(reference, ~reference)

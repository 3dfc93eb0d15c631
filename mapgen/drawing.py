"""Turn territories, companions and claims into the shapes of a map: arcs stored once, and what is made of them.

In: boundaries, placements and a frame. Out: a `Drawing` of whole numbers, without any text, that `layers` hands to folium. Colours,
line widths and labels' words are the page's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import shapely
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from mapgen import curves
from mapgen.boundaries import Boundaries
from mapgen.datasets import read_layer
from mapgen.frame import Frame
from mapgen.generalise import Arcs, Detail, project_parts, to_grid
from mapgen.model import Project
from mapgen.gazetteer import Gazetteer
from mapgen.places import Placement, named_codes
from mapgen.projection import Extent, Floats
from mapgen.topology import Chain, Geometries, Ints, Topology, build_topology

WATER_RANK = 3
"""Lakes and rivers up to this rank of Natural Earth's are drawn."""

GREAT_CITY = 3
"""Cities outside the project's territories are drawn up to this rank of Natural Earth's, and capitals."""

CITIES = 130
"""Most cities that one map carries."""

GRADES: Mapping[str, str] = {
    "Disputed": "disputed",
    "Line of control": "disputed",
    "Indefinite": "undefined",
    "Indeterminant frontier": "undefined",
    "Unrecognized": "disputed",
}
"""Grades of border lines by Natural Earth's feature class, without its "(please verify)"; all others are agreed."""

Role = Literal["focus", "neighbour", "land"]
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
        Codes, gazetteer rows and rows of the disputed areas: what the shapes' ids count.
    """

    arcs: str
    counts: tuple[int, int]
    base: list[Shape]
    claims: dict[str, list[Shape]]
    territories: list[str]
    cities: list[tuple[str, str]]
    disputed: list[int] = field(default_factory=list)


def draw(
    boundaries: Boundaries,
    placements: Mapping[str, Sequence[Placement]],
    frame: Frame,
    *,
    project: Project,
    opening: Extent,
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
    opening : Extent
        What the claims are about, in projected metres: context has more detail there.
    gazetteer : Gazetteer

    Returns
    -------
    Drawing
    """
    return _Draughtsman(boundaries, frame, opening).draw(
        placements, project.territories, project.context, gazetteer
    )


class _Draughtsman:
    """Collects geometries under names, cuts them into arcs together, and makes shapes of what it collected."""

    def __init__(self, boundaries: Boundaries, frame: Frame, opening: Extent) -> None:
        self.boundaries = boundaries
        self.frame = frame
        self.detail = Detail.of(frame, opening)
        self.names: list[tuple[Any, ...]] = []
        self.shapes: list[BaseGeometry] = []

    def draw(
        self,
        placements: Mapping[str, Sequence[Placement]],
        focus: Sequence[str],
        context: str | Sequence[str],
        gazetteer: Gazetteer,
    ) -> Drawing:
        table = self.boundaries.territories
        named = set(named_codes(placements))
        only = {*focus, *named} if context == "none" else None
        for code, shape in zip(table.index, table.geometry, strict=True):
            if only is None or code in only:
                self._collect("territory", code, shape)
        for row in self.boundaries.disputed.itertuples():
            self._collect("disputed", row.Index, row.geometry)
        self._collect_companions()
        for identity, several in placements.items():
            for index, placement in enumerate(several):
                if placement.location.kind in ("border", "area"):
                    self._collect("claim", (identity, index), placement.geometry)
        topology, names, self.parts, self.owner = self._cut(set(focus))
        self.names = names
        owners = [[i for i in each if names[i][0] == "territory"] for each in topology.users()]
        codes = [str(key) for kind, key in names if kind == "territory"]
        neighbours = (
            self._neighbours(owners, focus)
            if context == "neighbours"
            else set()
            if context == "none"
            else set(context)
        )
        labelled = neighbours | named
        roles: dict[str, Role] = {
            c: "focus" if c in focus else "neighbour" if c in labelled else "land" for c in codes
        }
        arcs = Arcs(topology, self.frame, self.detail, self._subject(topology, owners, roles))
        base = [
            *self._areas(topology, arcs, roles, codes),
            *self._waters(topology, arcs),
            *self._lines(topology.users(), owners, arcs, roles),
            *self._disputed(topology, arcs),
            self._labels(roles),
        ]
        cities, city_shapes = self._cities(
            [code for code in codes if roles[code] != "land"], focus, gazetteer
        )
        claims = self._claims(topology, arcs, placements)
        text, counts = arcs.encode()
        rows = [int(key) for kind, key in names if kind == "disputed"]
        return Drawing(text, counts, [*base, city_shapes], claims, codes, cities, rows)

    def _collect(self, kind: str, key: Any, shape: BaseGeometry) -> None:
        self.names.append((kind, key))
        self.shapes.append(shape)

    def _collect_companions(self) -> None:
        """Add lakes, rivers and the lines that are not agreed."""
        for layer in ("lakes", "rivers"):
            rows = read_layer(self.boundaries.dataset, layer, ["scalerank"], f"scalerank <= {WATER_RANK}")
            for shape in [] if rows is None else rows.geometry:
                self._collect(layer, len(self.names), shape)
        lines = read_layer(
            self.boundaries.dataset,
            "boundary_lines",
            ["FEATURECLA"],
            "FEATURECLA <> 'International boundary (verify)'",
        )
        if lines is not None:
            for kind, shape in zip(lines["FEATURECLA"].str.partition(" (")[0], lines.geometry, strict=True):
                if kind in GRADES:
                    self._collect("line", GRADES[kind], shape)

    def _cut(self, focus: set[str]) -> tuple[Topology, list[tuple[Any, ...]], Geometries, Ints]:
        """Project all that was collected and cut it into arcs; what lies outside the frame is dropped."""
        least = [kind == "lakes" or (kind == "territory" and key not in focus) for kind, key in self.names]
        parts, owner = project_parts(self.shapes, self.frame, least, self.detail)
        present, owner = np.unique(owner, return_inverse=True)
        names = [self.names[i] for i in present]
        return build_topology(parts, owner.astype(np.int64), len(names)), names, parts, owner.astype(np.int64)

    def _subject(self, topology: Topology, owners: list[list[int]], roles: Mapping[str, Role]) -> Any:
        """Tell which arcs belong to the project's territories or to a claim."""
        subject = np.array([any(roles[str(self.names[i][1])] == "focus" for i in each) for each in owners])
        for (kind, _), chains in zip(self.names, topology.chains, strict=True):
            if kind in ("claim", "disputed"):
                subject[[max(r, ~r) for chain in chains for r in chain]] = True
        return subject

    def _neighbours(self, owner: list[list[int]], focus: Sequence[str]) -> set[str]:
        """Return the territories that share an arc with one of the project's."""
        pairs = [{str(self.names[i][1]) for i in each} for each in owner if len(each) > 1]
        return set().union(*(pair for pair in pairs if pair & set(focus))) - set(focus)

    def _areas(
        self, topology: Topology, arcs: Arcs, roles: Mapping[str, Role], codes: list[str]
    ) -> list[Shape]:
        shapes: dict[str, list[Shape]] = {"land": [], "neighbour": [], "focus": []}
        number = {code: i for i, code in enumerate(codes)}
        for (kind, key), chains in zip(self.names, topology.chains, strict=True):
            if kind == "territory" and (rings := arcs.rings(chains)):
                shapes[roles[str(key)]].append({"id": number[str(key)], "rings": rings})
        return [{"kind": "areas", "role": role, "shapes": each} for role, each in shapes.items() if each]

    def _waters(self, topology: Topology, arcs: Arcs) -> list[Shape]:
        lakes, rivers = [], []
        for index, ((kind, _), chains) in enumerate(zip(self.names, topology.chains, strict=True)):
            if kind == "lakes" and (rings := arcs.rings(chains)):
                lakes.append({"id": index, "rings": rings})
            elif kind == "rivers":
                rivers.extend(arcs.line(chains))
        return [
            {"kind": "lines", "role": "river", "grade": None, "arcs": rivers},
            {"kind": "areas", "role": "lake", "shapes": [{**lake, "id": i} for i, lake in enumerate(lakes)]},
        ]

    def _lines(
        self, users: list[set[int]], owner: list[list[int]], arcs: Arcs, roles: Mapping[str, Role]
    ) -> list[Shape]:
        """Return coasts and borders: an arc of one territory is coast, of two is border, graded by the lines that run along it."""
        lines: dict[tuple[str, str | None, bool], list[int]] = {}
        for arc, (each, owners) in enumerate(zip(users, owner, strict=True)):
            kinds = {self.names[i][0]: self.names[i][1] for i in each}
            touching = [roles[str(self.names[i][1])] for i in owners]
            disputed = "disputed" in kinds
            if "line" in kinds:
                key = ("border", str(kinds["line"]), "focus" in touching)
            elif len(owners) + disputed > 1:
                key = ("border", "disputed" if disputed else "agreed", "focus" in touching)
            elif owners or disputed:
                key = ("coast", None, False)
            else:
                continue
            lines.setdefault(key, []).append(arcs.use(arc))
        order = sorted(lines.items(), key=lambda item: (item[0][0] != "coast", item[0][2], str(item[0][1])))
        return [
            {"kind": "lines", "role": role, "grade": grade, "emphasis": strong, "arcs": each}
            for (role, grade, strong), each in order
        ]

    def _disputed(self, topology: Topology, arcs: Arcs) -> list[Shape]:
        shapes = []
        for (kind, _), chains in zip(self.names, topology.chains, strict=True):
            if kind == "disputed":
                shapes.append({"id": len(shapes), "rings": arcs.rings(chains)})
        return [{"kind": "areas", "role": "disputed", "shapes": shapes}] if shapes else []

    def _labels(self, roles: Mapping[str, Role]) -> Shape:
        """Return candidate places for the names of territories and disputed areas, best first."""
        shapes: list[Shape] = []
        points = self.boundaries.territories[["label_lon", "label_lat"]]
        seen = {"territory": 0, "disputed": 0}
        ends = np.searchsorted(self.owner, np.arange(len(self.names) + 1))
        for (kind, key), start, end in zip(self.names, ends, ends[1:], strict=False):
            if kind not in seen:
                continue
            geometry = MultiPolygon(list(self.parts[start:end]))
            number, seen[kind] = seen[kind], seen[kind] + 1
            role = roles[str(key)] if kind == "territory" else "disputed"
            if role != "land":
                preferred = (
                    points.loc[key].to_numpy(dtype=float)[None] if kind == "territory" else np.zeros((0, 2))
                )
                at = label_places(geometry, preferred, self.frame)
                shapes.append({"id": number, "role": role, "at": at.tolist()})
        return {"kind": "labels", "shapes": shapes}

    def _cities(
        self, codes: list[str], focus: Sequence[str], gazetteer: Gazetteer
    ) -> tuple[list[tuple[str, str]], Shape]:
        """Return the cities that help to find one's way: most in the project's territories, capitals and great ones around."""
        places = gazetteer.places[gazetteer.places["adm0_a3"].isin(codes)]
        xy = shapely.get_coordinates(places.geometry)
        x, y = self.frame.projection.project(xy).T
        west, south, east, north = self.frame.panned
        inside = (x > west) & (x < east) & (y > south) & (y < north)
        capital = (places["adm0cap"] == 1).to_numpy()
        wanted = (
            places["adm0_a3"].isin(list(focus)).to_numpy()
            | capital
            | (places["scalerank"] <= GREAT_CITY).to_numpy()
        )
        rank = np.where(capital, 0, places["scalerank"])
        order = np.lexsort([places["name"], -places["pop_max"].to_numpy(), rank])
        chosen = order[(inside & wanted)[order]][:CITIES]
        at = self.frame.grid.snap(xy[chosen]).tolist()
        shapes = [
            {"id": i, "at": at[i], "rank": int(rank[row]), "capital": bool(capital[row])}
            for i, row in enumerate(chosen)
        ]
        picked = places.iloc[chosen]
        return list(zip(picked["name"], picked["adm0_a3"], strict=True)), {"kind": "cities", "shapes": shapes}

    def _claims(
        self, topology: Topology, arcs: Arcs, placements: Mapping[str, Sequence[Placement]]
    ) -> dict[str, list[Shape]]:
        chains = dict(zip(self.names, topology.chains, strict=True))
        return {
            identity: [
                {"form": placement.location.kind, **self._claim(placement, chains, (identity, index), arcs)}
                for index, placement in enumerate(several)
            ]
            for identity, several in placements.items()
        }

    def _claim(
        self,
        placement: Placement,
        chains: Mapping[tuple[Any, ...], tuple[Chain, ...]],
        key: tuple[str, int],
        arcs: Arcs,
    ) -> Shape:
        grid = self.frame.grid
        anchor = grid.snap(np.array([placement.anchor]))[0].tolist()
        match placement.location.kind:
            case "border":
                return {"arcs": arcs.line(chains.get(("claim", key), ())), "anchor": anchor}
            case "territory":
                return {
                    "rings": arcs.rings(chains.get(("territory", placement.codes[0]), ())),
                    "anchor": anchor,
                }
            case "area":
                return {"rings": arcs.rings(chains.get(("claim", key), ())), "anchor": anchor}
            case "route" | "relation" as kind:
                ends = self.frame.projection.project(shapely.get_coordinates(placement.geometry))
                path = curves.smooth(ends) if kind == "route" else curves.arc(ends[0], ends[-1])
                whole = to_grid(path, self.frame)
                return {"path": whole.tolist(), "anchor": whole[len(whole) // 2].tolist()}
            case _:
                return {"anchor": anchor}


def label_places(geometry: BaseGeometry, preferred: Floats, frame: Frame, count: int = 8) -> Ints:
    """Choose places for a name inside a geometry.

    Parameters
    ----------
    geometry : (Multi)Polygon, projected, in metres
    preferred : float array of shape (0 or 1, 2)
        The data's own label point in degrees, if it has one.
    frame : Frame
    count : int
        How many places are wanted.

    Returns
    -------
    int array of shape (n, 2)
        Grid positions, the preferred one first, then others well inside, spread over the geometry.
    """
    west, south, east, north = frame.panned
    visible = shapely.clip_by_rect(shapely.simplify(geometry, (east - west) / 400), west, south, east, north)
    preferred = preferred[np.isfinite(preferred).all(axis=1)]
    chosen = [*frame.projection.project(preferred)] if len(preferred) else []
    if not visible.is_empty:
        x0, y0, x1, y1 = visible.bounds
        x, y = np.meshgrid(np.linspace(x0, x1, 14)[1:-1], np.linspace(y0, y1, 12)[1:-1])
        places = np.column_stack([x.ravel(), y.ravel()])
        shapely.prepare(visible)
        places = places[shapely.contains_xy(visible, places[:, 0], places[:, 1])]
        room = shapely.distance(shapely.boundary(visible), shapely.points(places))
        apart = max(x1 - x0, y1 - y0) / 6
        for place in places[np.argsort(-room, kind="stable")]:
            if len(chosen) >= count:
                break
            if all(np.hypot(*(place - other)) > apart for other in chosen):
                chosen.append(place)
    if not chosen:
        chosen = [shapely.get_coordinates(shapely.point_on_surface(geometry))[0]]
    return to_grid(np.array(chosen), frame)

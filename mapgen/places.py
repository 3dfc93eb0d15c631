"""Place annotations: from the codes, names and coordinates that a claim gives to geometry.

In: the project's annotations, the boundaries, the gazetteer of populated places. Out: a placement for each
location, with its geometry in degrees (EPSG:4326), the anchor of its mark, and a line of text for readers;
and findings for what cannot be placed or is placed with a reserve. Nothing is drawn here, and nothing is
invented: a claim on a whole territory stays a claim on the whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import shapely
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from mapgen import routes
from mapgen.areas import read_area
from mapgen.borders import border_length_km, explain_no_border, shared_border
from mapgen.boundaries import Boundaries
from mapgen.errors import BorderNotFoundError, CannotPlace, Position
from mapgen.gazetteer import Gazetteer, Stop
from mapgen.languages import Phrase, Said, read_words
from mapgen.model import Annotation, Finding, Location, Project, is_area

MOST_EXPLAINED = 10
"""Pairs without a border of which is told what lies between."""


@dataclass(frozen=True, slots=True)
class Placement:
    """One location of a claim, placed.

    Attributes
    ----------
    location : Location
    geometry : shapely geometry, EPSG:4326
        Border: MultiLineString. Route: LineString through few places, to be smoothed. Relation: LineString of
        two ends. Territory and area: (Multi)Polygon. Place and point: Point.
    anchor : (longitude, latitude)
        Where the claim's mark belongs, in degrees.
    said : Phrase, Name or str
        What the location is called: the label that the claim gives it, or else what its codes name.
    schematic : bool
        True where the line stands for a movement or a relation and is not a line on the ground.
    codes : tuple of str
        Territories that the location names.
    """

    location: Location
    geometry: BaseGeometry
    anchor: tuple[float, float]
    said: Said
    schematic: bool = False
    codes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The location in English, with names in the project's language."""
        return read_words("en").tell(self.said)


class Placer:
    """Turns locations into placements, one project at a time.

    Parameters
    ----------
    project : Project
    boundaries : Boundaries
        With every territory that the dataset has: claims may name territories beyond the project's own.
    """

    def __init__(self, project: Project, boundaries: Boundaries) -> None:
        self.project = project
        self.boundaries = boundaries
        self.gazetteer = Gazetteer(project.territories)
        self._borders: dict[frozenset[str], BaseGeometry] = {}
        self._apart: dict[tuple[str, str], str] = {}
        self._areas: dict[str, Stop] = {}
        self._territories: dict[str, Stop] = {}

    def place(self, annotation: Annotation) -> tuple[list[Placement], list[Finding]]:
        """Place all locations of an annotation; what cannot be placed becomes an ``error``."""
        placements: list[Placement] = []
        findings: list[Finding] = []
        ways: list[routes.Floats] = []
        for index, location in enumerate(annotation.where):
            at = annotation.position("where", index)
            try:
                placement, notes = self._place(location, ways, at)
            except CannotPlace as problem:
                findings.append(Finding("error", problem.code, at, problem.message, problem.remedy))
            else:
                placements.append(placement)
                findings.extend(notes)
        return placements, findings

    def _place(
        self, location: Location, ways: list[routes.Floats], at: Position | None
    ) -> tuple[Placement, list[Finding]]:
        value = location.value
        match location.kind:
            case "border":
                left, right = (str(code) for code in value)
                return self._border(location, left, right), []
            case "route":
                return self._route(location, [self.stop(str(stop)) for stop in value], ways, at)
            case "relation":
                here, there = (self.stop(str(end)) for end in value)
                line = LineString([here.anchor, there.anchor])
                said = location.label or Phrase("place.relation", {"left": here.named, "right": there.named})
                codes = tuple(stop.code for stop in (here, there) if stop.code)
                return Placement(location, line, routes.midpoint(line), said, True, codes), []
            case "point":
                longitude, latitude = (float(number) for number in value)
                said = location.label or _point_said(longitude, latitude)
                return Placement(location, Point(longitude, latitude), (longitude, latitude), said), []
            case _:
                stop = {"territory": self._territory, "area": self._area, "place": self.gazetteer.find}[
                    location.kind
                ](str(value))
                codes = (stop.code,) if stop.code else ()
                return Placement(
                    location, stop.geometry, stop.anchor, location.label or stop.named, False, codes
                ), []

    def stop(self, text: str) -> Stop:
        """Return what a waypoint or an end names: an area's file, a territory's code, or a place."""
        if is_area(text):
            return self._area(text)
        if text in self.boundaries.territories.index:
            return self._territory(text)
        try:
            return self.gazetteer.find(text)
        except CannotPlace as problem:
            if text.isupper() and len(text) == 3:
                raise CannotPlace("unknown-territory", self.boundaries.unknown(text)) from None
            raise problem

    def name(self, code: str) -> str:
        """Return a territory's name."""
        return str(self.boundaries.territories["name"].at[code])

    def label_point(self, code: str) -> tuple[float, float]:
        """Return where a territory's name belongs, in degrees: the data's label point, or one inside it."""
        row = self.boundaries.territories.loc[code]
        if np.isfinite(row["label_lon"]) and np.isfinite(row["label_lat"]):
            return float(row["label_lon"]), float(row["label_lat"])
        return _inside(row.geometry)

    def _territory(self, code: str) -> Stop:
        if code not in self._territories:
            table = self.boundaries.territories
            if code not in table.index:
                raise CannotPlace("unknown-territory", self.boundaries.unknown(code))
            self._territories[code] = Stop(
                self.name(code), self.label_point(code), table.geometry.at[code], code
            )
        return self._territories[code]

    def _area(self, path: str) -> Stop:
        if path not in self._areas:
            name, geometry = read_area(self.project.folder, path)
            self._areas[path] = Stop(name, _inside(geometry), geometry)
        return self._areas[path]

    def border(self, left: str, right: str) -> BaseGeometry | None:
        """Return the border that two territories share, None if they share none."""
        pair = frozenset((left, right))
        if pair not in self._borders:
            try:
                self._borders[pair] = shared_border(self.boundaries.territories, left, right)
            except BorderNotFoundError:
                return None
        return self._borders[pair]

    def _border(self, location: Location, left: str, right: str) -> Placement:
        here, there = self._territory(left), self._territory(right)
        line = self.border(left, right)
        if line is None:
            remedy = f"Name two that share one, or write relation: [{left}, {right}]"
            raise CannotPlace("no-such-border", self._no_border(left, right), remedy)
        said = location.label or Phrase("place.border", {"left": here.named, "right": there.named})
        return Placement(location, line, routes.midpoint(line), said, False, (left, right))

    def _no_border(self, left: str, right: str) -> str:
        """Say what lies between two territories, of the first pairs only: looking it up takes seconds."""
        if (left, right) not in self._apart and len(self._apart) < MOST_EXPLAINED:
            self._apart[left, right] = explain_no_border(self.boundaries, left, right)
        short = f"{self.name(left)} ({left}) and {self.name(right)} ({right}) share no border"
        return self._apart.get((left, right), f"{short}; `mapgen borders {left} {right}` tells more")

    def _route(
        self, location: Location, stops: list[Stop], ways: list[routes.Floats], at: Position | None
    ) -> tuple[Placement, list[Finding]]:
        findings = []
        stages: list[routes.Floats] = [np.array([stops[0].anchor])]
        crossed: list[bool] = []
        for here, there in pairwise(stops):
            line = self.border(here.code, there.code) if here.code and there.code else None
            crossed.append(line is not None)
            if line is not None:
                stages.append(routes.crossings(line))
            elif here.code and there.code:
                leg = f"the route passes from {here.name} to {there.name}"
                message = f"{leg}, which share no border: drawn as a direct line"
                remedy = f"name those between; `mapgen borders {here.code} {there.code}` tells which"
                findings.append(Finding("warning", "route-gap", at, message, remedy))
            if line is None:
                stages.append(np.array([there.anchor]))
        way = routes.shortest_way(stages, ways)
        ways.append(way[1:-1] if not crossed[-1] else way[1:])
        if crossed[-1]:
            end = routes.step_inside(stops[-1].geometry, way[-1], 2 * way[-1] - way[-2])
            way = np.vstack([way, end])
        if crossed[0]:
            way[0] = routes.step_inside(stops[0].geometry, way[1], way[0])
        line = LineString(way)
        said = location.label or _way_said([stop.named for stop in stops])
        codes = tuple(stop.code for stop in stops if stop.code)
        return Placement(location, line, routes.midpoint(line), said, True, codes), findings


def place_annotations(placer: Placer) -> tuple[dict[str, list[Placement]], list[Finding]]:
    """Place every annotation of a project.

    Parameters
    ----------
    placer : Placer

    Returns
    -------
    placements : dict of str to list of Placement
        By the annotation's id.
    findings : list of Finding
        Locations that name what is not there (severity ``error``), and reserves.
    """
    placements: dict[str, list[Placement]] = {}
    findings: list[Finding] = []
    for annotation in placer.project.annotations:
        placements[annotation.id], notes = placer.place(annotation)
        findings.extend(notes)
    return placements, findings


def _point_said(longitude: float, latitude: float) -> Phrase:
    """Return a point by its coordinates."""
    sides = {
        "north": Phrase("place.south" if latitude < 0 else "place.north"),
        "east": Phrase("place.west" if longitude < 0 else "place.east"),
    }
    return Phrase("place.point", {"latitude": abs(latitude), "longitude": abs(longitude), **sides})


def _way_said(stops: Sequence[Said]) -> Said:
    """Return the stops of a route, each told after the one before."""
    way, *others = stops
    for stop in others:
        way = Phrase("place.step", {"way": way, "stop": stop})
    return way


def describe_length(placement: Placement, scale: int | None) -> Phrase | None:
    """Return a border's length with the scale it was measured at, None for other locations."""
    return length_of(placement.geometry, scale) if placement.location.kind == "border" else None


@lru_cache(maxsize=1024)
def length_of(border: BaseGeometry, scale: int | None) -> Phrase:
    """Return the length of a border, with the scale that it was measured at where that is known."""
    length = round(border_length_km(border))
    if not scale:
        return Phrase("place.length", {"length": length})
    return Phrase("place.length_at", {"length": length, "scale": scale // 1_000_000})


def _inside(geometry: BaseGeometry) -> tuple[float, float]:
    """Return a point inside the largest part of a polygon, in degrees."""
    largest = max(shapely.get_parts(geometry), key=lambda part: part.area)
    point = shapely.point_on_surface(largest)
    return point.x, point.y


def named_codes(placements: Mapping[str, Sequence[Placement]]) -> list[str]:
    """Return the codes of all territories that placements name, in order of appearance."""
    return list(
        dict.fromkeys(code for each in placements.values() for placement in each for code in placement.codes)
    )

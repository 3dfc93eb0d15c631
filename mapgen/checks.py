"""Check what a project claims against the boundary data, and say what a reader has to know.

In: annotations, placements and boundaries. Out: the outcome of each assertion, in a sentence for readers, and
findings for authors. Never raises on content.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import shapely

from mapgen.borders import border_length_km, distance_km, find_between, find_neighbours
from mapgen.languages import Name, Phrase, read_words
from mapgen.model import Annotation, Assertion, Finding, Project
from mapgen.places import Placement, Placer, length_of
from mapgen.routes import midpoint

Result = Literal["holds", "partly", "refuted", "untested"]

SIDES = {"north": 0.0, "east": 90.0, "south": 180.0, "west": 270.0}
HALF_SIDE = 67.5
"""Degrees to either side of a compass direction that still count as that side: north-east counts as north and
as east."""

FAR = 2.0
"""Degrees that a point may lie off the coast of the territories around."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the boundary data says of an assertion, in sentences for readers."""

    assertion: Assertion
    result: Result
    said: tuple[Phrase, ...]

    @property
    def sentence(self) -> str:
        """The sentences in English, with names in the project's language."""
        return " ".join(map(read_words("en").tell, self.said))


class AssertionTester:
    """Tests assertions against one project's boundaries.

    Parameters
    ----------
    placer : Placer
        Knows territories by code, their names and their borders.
    """

    def __init__(self, placer: Placer) -> None:
        self.placer = placer
        self.boundaries = placer.boundaries

    def test(self, assertion: Assertion) -> Outcome:
        """Return an assertion's outcome: ``untested`` if it names a territory that the data lacks."""
        codes = [
            *(assertion.pair or ()),
            assertion.territory,
            *assertion.from_,
            assertion.to,
            *assertion.with_,
        ]
        unknown = [
            code for code in codes if code is not None and code not in self.boundaries.territories.index
        ]
        if unknown:
            why = " ".join(map(self.boundaries.unknown, dict.fromkeys(unknown)))
            return Outcome(assertion, "untested", (Phrase("tested.unknown", {"why": why}),))
        result, said = {
            "shares_border": self._shares,
            "between": self._between,
            "borders_on": self._borders_on,
        }[assertion.kind](assertion)
        return Outcome(assertion, result, tuple(said))

    def _shares(self, assertion: Assertion) -> tuple[Result, list[Phrase]]:
        assert assertion.pair is not None
        left, right = assertion.pair
        line = self.placer.border(left, right)
        if line is None:
            return "refuted", self._apart(left, right)
        length = length_of(line, self.boundaries.dataset.scale)
        values = {"left": self._name(left), "right": self._name(right), "length": length}
        return "holds", [Phrase("tested.shares", values)]

    def _between(self, assertion: Assertion) -> tuple[Result, list[Phrase]]:
        assert assertion.territory is not None and assertion.to is not None
        here, there = assertion.territory, assertion.to
        touching = [code for code in (*assertion.from_, there) if self.placer.border(here, code) is not None]
        missing = [code for code in (*assertion.from_, there) if code not in touching]
        direct = [
            code for code in assertion.from_ if code != there and self.placer.border(code, there) is not None
        ]
        said = [self._borders(here, touching)] if touching else []
        said += [phrase for code in missing for phrase in self._apart(here, code)]
        if direct:
            values = {"names": self._names(direct), "name": self._name(there), "count": len(direct)}
            said.append(Phrase("tested.direct", values))
        reached = [code for code in assertion.from_ if code in touching]
        if there in touching and len(reached) == len(assertion.from_) and not direct:
            return "holds", said
        return "partly" if there in touching and reached else "refuted", said

    def _borders(self, here: str, touching: Sequence[str]) -> Phrase:
        """Say with which territories one shares borders, and how long they are."""
        scale = self.boundaries.dataset.scale
        lengths = {code: round(border_length_km(self.placer.border(here, code))) for code in touching}
        others = tuple(
            Phrase("tested.of_length", {"name": self._name(code), "length": length})
            for code, length in lengths.items()
        )
        values = {"name": self._name(here), "others": others}
        if not scale:
            return Phrase("tested.borders", values)
        return Phrase("tested.borders_at", {**values, "scale": scale // 1_000_000})

    def _borders_on(self, assertion: Assertion) -> tuple[Result, list[Phrase]]:
        assert assertion.territory is not None and assertion.side is not None
        here, side = assertion.territory, assertion.side
        lying = [code for code in assertion.with_ if self._lies(here, code, side)]
        others = [code for code in assertion.with_ if code not in lying]
        said = []
        if lying:
            values = {"names": self._names(lying), "name": self._name(here), "count": len(lying)}
            said.append(Phrase(f"tested.lies.{side}", values))
        for code in others:
            if self.placer.border(here, code) is None:
                said += self._apart(here, code)
            else:
                values = {"other": self._name(code), "name": self._name(here)}
                said.append(Phrase(f"tested.lies_not.{side}", values))
        return "holds" if not others else "partly" if lying else "refuted", said

    def _lies(self, here: str, code: str, side: str) -> bool:
        """Tell whether the middle of a border lies on one side of a territory's centroid."""
        line = self.placer.border(here, code)
        if line is None:
            return False
        lon, lat = midpoint(line)
        centre = shapely.centroid(self.boundaries.territories.geometry.at[here])
        bearing = np.degrees(np.arctan2((lon - centre.x) * np.cos(np.radians(lat)), lat - centre.y))
        return bool(abs((bearing - SIDES[side] + 180) % 360 - 180) <= HALF_SIDE)

    def _apart(self, left: str, right: str) -> list[Phrase]:
        """Say that two territories share no border, how far apart they are, and what lies between."""
        if left == right:
            return [Phrase("tested.itself", {"name": self._name(left)})]
        table = self.boundaries.territories
        gap = distance_km(table.geometry.at[left], table.geometry.at[right])
        between = find_between(table, left, right)
        if not between:
            way = Phrase("tested.no_way")
        elif any(self.placer.border(code, end) is None for code in between for end in (left, right)):
            way = Phrase("tested.way", {"names": self._names(between)})
        else:
            way = Phrase("tested.between", {"names": self._names(between), "count": len(between)})
        values = {"left": self._name(left), "right": self._name(right), "distance": round(gap)}
        return [Phrase("tested.apart", values), way]

    def _name(self, code: str) -> Name:
        return Name(self.placer.name(code), "territory", code)

    def _names(self, codes: Sequence[str]) -> tuple[Name, ...]:
        return tuple(map(self._name, codes))


def check_assertions(
    annotations: Sequence[Annotation], tester: AssertionTester
) -> tuple[dict[str, list[Outcome]], list[Finding]]:
    """Test every assertion of a project.

    Parameters
    ----------
    annotations : sequence of Annotation
    tester : AssertionTester

    Returns
    -------
    outcomes : dict of str to list of Outcome
        By annotation id, in the order of the file.
    findings : list of Finding
        A warning for each assertion that the data refutes, a note for those that hold in part only.
    """
    outcomes: dict[str, list[Outcome]] = {}
    findings = []
    for annotation in annotations:
        outcomes[annotation.id] = [tester.test(assertion) for assertion in annotation.asserts]
        for index, outcome in enumerate(outcomes[annotation.id]):
            if outcome.result != "holds":
                severity: Literal["note", "warning"] = "note" if outcome.result == "partly" else "warning"
                at = annotation.position("asserts", index)
                remedy = (
                    "the map says so beside the claim; correct the assertion if it is not what was claimed"
                )
                findings.append(
                    Finding(severity, f"assertion-{outcome.result}", at, outcome.sentence, remedy)
                )
    return outcomes, findings


def check_points(placer: Placer) -> list[Finding]:
    """Warn of points that lie far off, as those do whose latitude is written first.

    Parameters
    ----------
    placer : Placer
        Its project's points are looked at, whether they are placed or not.

    Returns
    -------
    list of Finding
        For each point outside the project's territories, those of its context and the neighbours of both.
    """
    named = [
        (annotation, index, (float(location.value[0]), float(location.value[1])))
        for annotation in placer.project.annotations
        for index, location in enumerate(annotation.where)
        if location.kind == "point"
    ]
    around = _Surroundings(placer)
    held = around.hold([point for _, _, point in named])
    findings = []
    for (annotation, index, (longitude, latitude)), is_held in zip(named, held, strict=True):
        if is_held:
            continue
        turned = abs(longitude) <= 90 and around.hold([(latitude, longitude)])[0]
        if not turned and around.hold([(longitude, latitude)], FAR)[0]:
            continue
        lies = "lies outside the project's territories and their neighbours"
        meant = f"; did you mean [{latitude:g}, {longitude:g}]?" if turned else ""
        message = f"the point [{longitude:g}, {latitude:g}] {lies}{meant}"
        remedy = "Write [longitude, latitude], or name the territory that it lies in under 'context'"
        at = annotation.position("where", index)
        findings.append(Finding("warning", "point-far-away", at, message, remedy))
    return findings


def check_named_territories(
    project: Project, placements: Mapping[str, Sequence[Placement]]
) -> Iterator[Finding]:
    """Warn of points and places that lie outside the territories that their claim names too.

    Parameters
    ----------
    project : Project
    placements : mapping of str to sequence of Placement
        By annotation id.
    """
    for annotation in project.annotations:
        placed = placements.get(annotation.id, ())
        named = [p for p in placed if p.location.kind == "territory"]
        for index, placement in enumerate(placed):
            if placement.location.kind not in ("point", "place") or not named:
                continue
            if not any(shapely.intersects(each.geometry, placement.geometry) for each in named):
                names = ", ".join(each.text for each in named)
                message = f"{placement.text} lies outside {names}, which {annotation.id!r} names too"
                at = annotation.position("where", index)
                yield Finding(
                    "warning", "point-outside-territory", at, message, "Correct the point or the territory"
                )


class _Surroundings:
    """The territories of a project and its context, and their neighbours, looked up when they are needed."""

    def __init__(self, placer: Placer) -> None:
        self.table = placer.boundaries.territories
        context = placer.project.context if isinstance(placer.project.context, tuple) else ()
        named = dict.fromkeys((*placer.project.territories, *context))
        self.codes = [code for code in named if code in self.table.index]

    def hold(self, points: Sequence[tuple[float, float]], margin: float = 0.0) -> np.ndarray:
        """Tell which (longitude, latitude) lie in them, or not farther off than a margin in degrees."""
        held = np.zeros(len(points), dtype=bool)
        at = np.array(points, dtype=float).reshape(-1, 2)
        for shapes in self._shapes():
            left = np.flatnonzero(~held)
            if not left.size:
                break
            # territories across longitude 180 go on beyond it
            turned = np.vstack([at[left] + [turn, 0.0] for turn in (-360.0, 0.0, 360.0)])
            tree = shapely.STRtree(shapely.points(turned))
            _, found = tree.query(shapes, predicate="dwithin", distance=margin)
            held[left[found % left.size]] = True
        return held

    def _shapes(self) -> Iterator[np.ndarray]:
        yield self._own
        yield self._beside

    @cached_property
    def _own(self) -> np.ndarray:
        return self._prepared(self.codes)

    @cached_property
    def _beside(self) -> np.ndarray:
        around = find_neighbours(self.table, self.codes)
        return self._prepared(sorted({code for codes in around.values() for code in codes}))

    def _prepared(self, codes: Sequence[str]) -> np.ndarray:
        shapes: np.ndarray = self.table.geometry.loc[codes].to_numpy()
        shapely.prepare(shapes)
        return shapes

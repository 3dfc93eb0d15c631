"""Check what a project claims against the boundary data, and say what a reader has to know.

In: annotations, placements and boundaries. Out: the outcome of each assertion, in a sentence for readers, and
findings for authors. Never raises on content.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import shapely

from mapgen.borders import border_length_km, distance_km, find_between, find_neighbours
from mapgen.model import Annotation, Assertion, Finding
from mapgen.places import Placer
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
    """What the boundary data says of an assertion, in a sentence for readers."""

    assertion: Assertion
    result: Result
    sentence: str


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
            return Outcome(assertion, "untested", f"Not tested: {why}")
        result, sentence = {
            "shares_border": self._shares,
            "between": self._between,
            "borders_on": self._borders_on,
        }[assertion.kind](assertion)
        return Outcome(assertion, result, sentence)

    def _shares(self, assertion: Assertion) -> tuple[Result, str]:
        assert assertion.pair is not None
        left, right = assertion.pair
        line = self.placer.border(left, right)
        if line is None:
            return "refuted", self._apart(left, right)
        length = f"{border_length_km(line):,.0f} km{self._scale()}"
        return "holds", f"{self._name(left)} and {self._name(right)} share a border of {length}."

    def _between(self, assertion: Assertion) -> tuple[Result, str]:
        assert assertion.territory is not None and assertion.to is not None
        here, there = assertion.territory, assertion.to
        touching = [code for code in (*assertion.from_, there) if self.placer.border(here, code) is not None]
        missing = [code for code in (*assertion.from_, there) if code not in touching]
        direct = [
            code for code in assertion.from_ if code != there and self.placer.border(code, there) is not None
        ]
        sentences = []
        if touching:
            lengths = [
                f"{self._name(code)} ({border_length_km(self.placer.border(here, code)):,.0f} km)"
                for code in touching
            ]
            sentences.append(f"{self._name(here)} borders {_listed(lengths)}{self._scale()}.")
        sentences += [self._apart(here, code) for code in missing]
        if direct:
            verb = "border" if len(direct) > 1 else "borders"
            names = _listed(list(map(self._name, direct)))
            sentences.append(f"{names} also {verb} {self._name(there)} directly.")
        reached = [code for code in assertion.from_ if code in touching]
        if there in touching and len(reached) == len(assertion.from_) and not direct:
            return "holds", " ".join(sentences)
        return "partly" if there in touching and reached else "refuted", " ".join(sentences)

    def _borders_on(self, assertion: Assertion) -> tuple[Result, str]:
        assert assertion.territory is not None and assertion.side is not None
        here, side = assertion.territory, assertion.side
        lying = [code for code in assertion.with_ if self._lies(here, code, side)]
        others = [code for code in assertion.with_ if code not in lying]
        sentences = []
        if lying:
            names = _listed([self._name(code) for code in lying])
            lie = f"borders with {names} lie" if len(lying) > 1 else f"border with {names} lies"
            sentences.append(f"The {lie} in the {side} of {self._name(here)}.")
        for code in others:
            border = self.placer.border(here, code)
            lies = f"The border with {self._name(code)} does not lie in the {side} of {self._name(here)}."
            sentences.append(lies if border is not None else self._apart(here, code))
        return "holds" if not others else "partly" if lying else "refuted", " ".join(sentences)

    def _lies(self, here: str, code: str, side: str) -> bool:
        """Tell whether the middle of a border lies on one side of a territory's centroid."""
        line = self.placer.border(here, code)
        if line is None:
            return False
        lon, lat = midpoint(line)
        centre = shapely.centroid(self.boundaries.territories.geometry.at[here])
        bearing = np.degrees(np.arctan2((lon - centre.x) * np.cos(np.radians(lat)), lat - centre.y))
        return bool(abs((bearing - SIDES[side] + 180) % 360 - 180) <= HALF_SIDE)

    def _apart(self, left: str, right: str) -> str:
        """Say that two territories share no border, how far apart they are, and what lies between."""
        if left == right:
            return f"{self._name(left)} is one territory: it shares no border with itself."
        table = self.boundaries.territories
        gap = distance_km(table.geometry.at[left], table.geometry.at[right])
        between = find_between(table, left, right)
        names = _listed([self._name(code) for code in between])
        if not between:
            way = "No way by land leads from one to the other."
        elif any(self.placer.border(code, end) is None for code in between for end in (left, right)):
            way = f"A shortest way over land borders leads through {names}."
        else:
            way = f"{names} {'border' if len(between) > 1 else 'borders'} both."
        apart = f"they are {gap:,.0f} km apart at the nearest"
        return f"{self._name(left)} and {self._name(right)} share no border: {apart}. {way}"

    def _name(self, code: str) -> str:
        return self.placer.name(code)

    def _scale(self) -> str:
        scale = self.boundaries.dataset.scale
        return f" at 1:{scale // 1_000_000}m" if scale else ""


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
    findings = []
    around = _Surroundings(placer)
    for annotation in placer.project.annotations:
        for index, location in enumerate(annotation.where):
            if location.kind != "point":
                continue
            longitude, latitude = (float(number) for number in location.value)
            if around.hold(longitude, latitude):
                continue
            turned = abs(longitude) <= 90 and around.hold(latitude, longitude)
            if not turned and around.hold(longitude, latitude, FAR):
                continue
            lies = "lies outside the project's territories and their neighbours"
            meant = f"; did you mean [{latitude:g}, {longitude:g}]?" if turned else ""
            message = f"the point [{longitude:g}, {latitude:g}] {lies}{meant}"
            remedy = "Write [longitude, latitude], or name the territory that it lies in under 'context'"
            at = annotation.position("where", index)
            findings.append(Finding("warning", "point-far-away", at, message, remedy))
    return findings


class _Surroundings:
    """The territories of a project and its context, and their neighbours, looked up when they are needed."""

    def __init__(self, placer: Placer) -> None:
        self.table = placer.boundaries.territories
        context = placer.project.context if isinstance(placer.project.context, tuple) else ()
        named = dict.fromkeys((*placer.project.territories, *context))
        self.codes = [code for code in named if code in self.table.index]

    def hold(self, longitude: float, latitude: float, margin: float = 0.0) -> bool:
        """Tell whether a point lies in them, or not farther off than a margin in degrees."""
        # territories across longitude 180 go on beyond it
        points = shapely.points([longitude - 360, longitude, longitude + 360], latitude)[:, np.newaxis]
        return any(shapely.dwithin(shapes, points, margin).any() for shapes in self._shapes())

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


def _listed(names: Sequence[str]) -> str:
    """Join names as a sentence does: "A, B and C"."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))

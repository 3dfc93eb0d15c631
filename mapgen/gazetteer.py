"""Find populated places by name.

In: a name as a claim gives it, such as "Termez" or "Termez, UZB". Out: the place, or what to tell the author.
What is done with the place is decided in `places`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from mapgen.datasets import read_dataset, read_layer
from mapgen.errors import quoted, suggest

GAZETTEER = "natural-earth-10m"
"""The bundled dataset whose populated places are the gazetteer, whatever boundaries a project draws."""

COORDINATES = "give its coordinates as point: [longitude, latitude]"

WITHIN = ("adm1name", "adm0name", "adm0_a3")
"""Columns of what a place lies in: any of them can follow its name."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A waypoint of a route or an end of a relation: a territory, an area or a place."""

    name: str
    anchor: tuple[float, float]
    geometry: BaseGeometry
    code: str | None = None


class CannotPlace(Exception):
    """A location that names something that is not there; carries the finding's code, message and remedy."""

    def __init__(self, code: str, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.remedy = code, message, remedy


class Gazetteer:
    """Populated places by name.

    Parameters
    ----------
    preferred : iterable of str
        Codes of the project's territories: a name that several places have means the one in them, if there is
        only one.
    """

    def __init__(self, preferred: Iterable[str]) -> None:
        self.preferred = frozenset(preferred)

    @cached_property
    def places(self) -> gpd.GeoDataFrame:
        """All populated places; read when first asked for."""
        columns = [
            "name",
            "nameascii",
            "namealt",
            "adm0_a3",
            "adm0name",
            "adm1name",
            "adm0cap",
            "scalerank",
            "pop_max",
        ]
        found = read_layer(read_dataset(GAZETTEER), "populated_places", columns)
        assert found is not None
        found[columns[:6]] = found[columns[:6]].fillna("")
        return found

    @cached_property
    def spellings(self) -> list[str]:
        """For each of `places`, all spellings of its name, between bars."""
        names = self.places[["name", "nameascii", "namealt"]].to_numpy(dtype=object).tolist()
        return [f"|{'|'.join(each)}|".casefold() for each in names]

    def find(self, text: str) -> Stop:
        """Return the place that a text such as ``"Termez"`` or ``"Termez, UZB"`` names.

        Raises
        ------
        CannotPlace
            If no place has this name, or several have it and the text doesn't say which.
        """
        rows = self._called(text)
        if not rows:
            name, _, within = text.rpartition(",")
            rows = [row for row in self._called(name) if within.strip().casefold() in self._regions(row)]
        elif len(rows) > 1:
            rows = [row for row in rows if self.places.at[row, "adm0_a3"] in self.preferred] or rows
        if not rows:
            hint = suggest(text.partition(",")[0], self._names()).strip()
            remedy = hint or COORDINATES
            raise CannotPlace("unknown-place", f"unknown place {quoted(text)}", remedy)
        if len(rows) > 1:
            message = f"{len(rows)} places are called {quoted(text)}"
            raise CannotPlace("ambiguous-place", message, self._which(text, rows))
        point: Point = self.places.geometry.iloc[rows[0]]
        return Stop(str(self.places.at[rows[0], "name"]), (point.x, point.y), point)

    def _called(self, name: str) -> list[int]:
        """Return the rows of the places with a name, in any of its spellings."""
        name = name.replace("|", " ").strip().casefold()
        return [row for row, each in enumerate(self.spellings) if name and f"|{name}|" in each]

    def _regions(self, row: int) -> list[str]:
        """Return what may stand behind a place's name to tell it from others."""
        return [str(self.places.at[row, column]).casefold() for column in WITHIN]

    def _names(self) -> list[str]:
        """Return all spellings of all names, as they are written."""
        written = self.places[["name", "nameascii", "namealt"]].to_numpy(dtype=object).ravel()
        return [name for several in written for name in several.split("|") if name]

    def _which(self, text: str, rows: list[int]) -> str:
        """Say how several places of one name can be told apart, as far as what they lie in does that."""
        calls = [[f"{text.strip()}, {self.places.at[row, column]}" for column in WITHIN] for row in rows]
        alone = [next(filter(self._is_one, each), None) for each in calls]
        told = [quoted(call) for call in alone if call]
        return f"say which: {'; '.join(told[:4])}" if told else COORDINATES

    def _is_one(self, call: str) -> bool:
        name, _, within = call.rpartition(", ")
        return sum(within.casefold() in self._regions(row) for row in self._called(name)) == 1

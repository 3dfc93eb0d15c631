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
from mapgen.errors import suggest

GAZETTEER = "natural-earth-10m"
"""The bundled dataset whose populated places are the gazetteer, whatever boundaries a project draws."""


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
        name, _, within = (part.strip() for part in text.replace("|", " ").partition(","))
        spelling = f"|{name.casefold()}|"
        rows = [row for row, spellings in enumerate(self.spellings) if spelling in spellings]
        places = self.places
        if within:
            told = within.casefold()
            rows = [
                r
                for r in rows
                if told in (str(places.at[r, c]).casefold() for c in ("adm0_a3", "adm0name", "adm1name"))
            ]
        elif len(rows) > 1:
            rows = [row for row in rows if places.at[row, "adm0_a3"] in self.preferred] or rows
        if not rows:
            hint = suggest(name, places["name"]).strip()
            raise CannotPlace(
                "unknown-place",
                f"unknown place {text!r}",
                hint or "give its coordinates as point: [longitude, latitude]",
            )
        if len(rows) > 1:
            among = "; ".join(
                f"'{name}, {places.at[r, 'adm1name'] or places.at[r, 'adm0_a3']}'" for r in rows[:4]
            )
            raise CannotPlace(
                "ambiguous-place", f"{len(rows)} places are called {text!r}", f"say which: {among}"
            )
        point: Point = places.geometry.iloc[rows[0]]
        return Stop(str(places.at[rows[0], "name"]), (point.x, point.y), point)

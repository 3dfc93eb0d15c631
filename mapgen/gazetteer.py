"""Find populated places by name.

In: a name as a claim gives it, such as "Termez" or "Termez, UZB". Out: the place, or what to tell the author.
What is done with the place is decided in `places`.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import geopandas as gpd
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from mapgen.datasets import read_dataset, read_layer
from mapgen.errors import CannotPlace as CannotPlace
from mapgen.errors import quoted
from mapgen.languages import Name

GAZETTEER = "natural-earth-10m"
"""The bundled dataset whose populated places are the gazetteer, whatever boundaries a project draws."""

COORDINATES = "give it as point: [longitude, latitude]"

NAMES = ("name", "nameascii", "namealt")
"""Columns with a place's spellings; the last has several, between bars."""

WITHIN = ("adm0_a3", "adm1name", "adm0name")
"""Columns of what a place lies in: any of them can follow its name; the shortest that tells comes first."""

COMBINING = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
"""Accents, once they are taken off their letters."""

SPACES = re.compile(r" *[|\n] *| {2,}")

LETTERS = str.maketrans(
    {
        "ł": "l", "ø": "o", "đ": "d", "ð": "d", "\u0131": "i", "ħ": "h", "ŧ": "t",
        "æ": "ae", "œ": "oe", "þ": "th", "ə": "a", "-": " ", "\u2013": " ",
        **dict.fromkeys("'`\u2018\u2019\u02b9\u02ba\u02bb\u02bc\u02bd\u02be\u02bf"),
    }
)  # fmt: skip
"""What Unicode does not take apart, in the letters that are written instead."""

LONGEST = 100
"""Characters of a name that is compared with others: comparing takes the product of the lengths."""

NEAR, NEAR_OWN = 0.8, 0.7
"""How alike spellings are that are offered, from 0 to 1: anywhere, and in the project's territories."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A waypoint of a route or an end of a relation: a territory, an area or a place."""

    name: str
    anchor: tuple[float, float]
    geometry: BaseGeometry
    code: str | None = None

    @property
    def named(self) -> Name | str:
        """Its name, for readers of whatever language."""
        return self.name if self.code is None else Name(self.name, "territory", self.code)


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
        others = ("adm0cap", "scalerank", "pop_max")
        found = read_layer(read_dataset(GAZETTEER), "populated_places", [*NAMES, *WITHIN, *others])
        assert found is not None
        found[[*NAMES, *WITHIN]] = found[[*NAMES, *WITHIN]].fillna("")
        return found

    @cached_property
    def _text(self) -> str:
        """All spellings, folded as one text, a line a place: one by one that would take long."""
        names = self.places[[*NAMES]].to_numpy(dtype=object).tolist()
        return SPACES.sub(lambda match: match[0].strip(" ") or " ", _plain("\n".join(map("|".join, names))))

    @cached_property
    def _ends(self) -> list[int]:
        """Where the lines of the text end."""
        return [*accumulate(len(line) + 1 for line in self._text.split("\n"))]

    @cached_property
    def rows(self) -> dict[str, list[int]]:
        """The rows of `places` by each spelling of their names, folded."""
        rows: dict[str, list[int]] = defaultdict(list)
        for row, line in enumerate(self._text.split("\n")):
            for name in dict.fromkeys(line.split("|")):
                rows[name].append(row)
        rows.pop("", None)
        return dict(rows)

    def find(self, text: str) -> Stop:
        """Return the place that a text such as ``"Termez"`` or ``"Termez, UZB"`` names.

        Accents and capitals may be left out, here as in any other language's spelling that the data has.

        Raises
        ------
        CannotPlace
            If no place has this name, or several have it and the text doesn't say which.
        """
        rows = self._called(text)
        if not rows:
            name, _, within = text.rpartition(",")
            rows = [row for row in self._called(name) if fold(within) in self._regions(row)]
        elif len(rows) > 1:
            rows = [row for row in rows if self.places.at[row, "adm0_a3"] in self.preferred] or rows
        if not rows:
            raise CannotPlace("unknown-place", f"unknown place {quoted(text)}", self._instead(text))
        if len(rows) > 1:
            name = text if self._called(text) else text.rpartition(",")[0]
            calls = "".join(f"{quoted(call)}; " for call in self._calls(name, rows)[:4])
            message = f"{len(rows)} places are called {quoted(text)}"
            raise CannotPlace("ambiguous-place", message, f"Say which: {calls}or {COORDINATES}")
        point: Point = self.places.geometry.iloc[rows[0]]
        return Stop(str(self.places.at[rows[0], "name"]), (point.x, point.y), point)

    def _called(self, name: str) -> list[int]:
        """Return the rows of the places with a name, in any of its spellings."""
        wanted = fold(name)
        found = re.finditer(rf"(?<![^|\n]){re.escape(wanted)}(?![^|\n])", self._text) if wanted else ()
        return list(dict.fromkeys(bisect_right(self._ends, match.start()) for match in found))

    def _regions(self, row: int) -> list[str]:
        """Return what may stand behind a place's name to tell it from others, folded."""
        return [fold(str(self.places.at[row, column])) for column in WITHIN]

    @cached_property
    def _all_regions(self) -> frozenset[str]:
        return frozenset(map(fold, self.places[[*WITHIN]].to_numpy(dtype=object).ravel()))

    def _instead(self, text: str) -> str:
        """Say what can be written instead of a name that no place has."""
        name, comma, within = text.rpartition(",")
        known = self._called(name) if comma else []
        if known:  # where it is helps those who mistyped that, but not those who mean another of its name
            near = [] if fold(within) in self._all_regions else self._calls(name, known)
        else:
            near = self._near(text.partition(",")[0])
        *others, last = map(quoted, near[:3]) if near else [""]
        question = f"Did you mean {' or '.join(filter(None, [', '.join(others), last]))}? " if last else ""
        return f"{question}Correct the name, or {COORDINATES}"

    def _near(self, name: str) -> list[str]:
        """Return spellings like a name, those in the project's territories first."""
        wanted = fold(name[: LONGEST + 1])
        if len(wanted) > LONGEST:
            return []
        own = [each for each, rows in self.rows.items() if self._owned(rows)]
        near = difflib.get_close_matches(wanted, own, cutoff=NEAR_OWN)
        near += difflib.get_close_matches(wanted, self.rows, cutoff=NEAR)
        return list(dict.fromkeys(map(self._written, near)))

    def _owned(self, rows: list[int]) -> bool:
        return any(self._country[row] in self.preferred for row in rows)

    @cached_property
    def _country(self) -> list[str]:
        return [str(code) for code in self.places["adm0_a3"]]

    def _written(self, folded: str) -> str:
        """Return a folded spelling as the data writes it."""
        names = self.places.loc[self.rows[folded][0], [*NAMES]]
        return next(part for each in names for part in str(each).split("|") if fold(part) == folded)

    def _calls(self, name: str, rows: list[int]) -> list[str]:
        """Return how places of one name can be called apart, as far as what they lie in does that."""
        several = [[f"{name.strip()}, {self.places.at[row, column]}" for column in WITHIN] for row in rows]
        return [call for each in several if (call := next(filter(self._is_one, each), None))]

    def _is_one(self, call: str) -> bool:
        name, _, within = call.rpartition(", ")
        return bool(within) and sum(fold(within) in self._regions(row) for row in self._called(name)) == 1


def fold(name: str) -> str:
    """Return a name without what people write or leave out: capitals, accents, hyphens, apostrophes.

    Examples
    --------
    >>> fold(" Łódź")
    'lodz'
    """
    return " ".join(_plain(name).split())


def _plain(text: str) -> str:
    """Fold a text, its white space apart."""
    plain = text.casefold().translate(LETTERS)
    return plain if plain.isascii() else COMBINING.sub("", unicodedata.normalize("NFKD", plain))

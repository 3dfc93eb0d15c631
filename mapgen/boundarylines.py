"""Read a dataset's boundary lines, and how each worldview grades them: the line grammar, from the data.

In: a dataset and worldviews. Out: lines with a grade for each of them. Which lines are drawn depends on what
lies beside them, and is decided in `linework`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from shapely.geometry.base import BaseGeometry

from mapgen.datasets import Dataset, read_layer
from mapgen.worldviews import WORLDVIEWS

GRADES: Mapping[str, str] = {
    "International boundary": "agreed",
    "Disputed": "disputed",
    "Line of control": "disputed",
    "Indefinite": "undefined",
    "Indeterminant frontier": "undefined",
}
"""Grades of border lines by Natural Earth's class, without its "(please verify)"."""

UNRECOGNISED = "Unrecognized"
"""The class of lines that somebody draws and this view does not recognise."""

OWN = "FEATURECLA"
"""The column of a line's class on the ground; those of countries' views are empty where they agree."""

NOT_AGREED = "FEATURECLA <> 'International boundary (verify)'"


class Grade(NamedTuple):
    """How a line is drawn under one worldview.

    Attributes
    ----------
    between : str
        Its grade where two territories, or a territory and a disputed area, meet at it.
    alone : str or None
        Its grade where it runs through water, or through a territory, as a line of control may; None if the
        worldview does not draw it there.
    """

    between: str
    alone: str | None


PLAIN = frozenset({Grade("agreed", "agreed"), Grade("agreed", None)})
"""Grades of lines that need not be read: what territories share is drawn as agreed anyway."""


def read_lines(dataset: Dataset, worldviews: Sequence[str]) -> list[tuple[tuple[Grade, ...], BaseGeometry]]:
    """Read the boundary lines that some worldview does not draw as agreed, or draws where no territory is.

    Parameters
    ----------
    dataset : Dataset
    worldviews : sequence of str

    Returns
    -------
    list of (tuple of Grade, geometry)
        A grade for each worldview; lines in degrees, EPSG:4326. Empty if the dataset has no such layer.

    Notes
    -----
    ``neutral`` and ``de_facto`` take a line's class on the ground, a country's view its own class, and
    ``international`` the class that most countries' views give it.
    """
    countries = _countries(dataset, worldviews)
    rows = read_layer(
        dataset,
        "boundary_lines",
        [OWN, *(f"FCLASS_{code}" for code in countries)],
        " OR ".join([NOT_AGREED, *(f"FCLASS_{code} IS NOT NULL" for code in countries)]),
    )
    if rows is None:
        return []
    classes = rows.drop(columns="geometry").fillna("")
    lines = []
    for shape, row in zip(rows.geometry, classes.to_dict("records"), strict=True):
        ground = _class(row[OWN])
        said = {code: _class(row[f"FCLASS_{code}"]) or ground for code in countries}
        grades = tuple(_grade(view, ground, said) for view in worldviews)
        if {*grades, _grade("de_facto", ground, {})} - PLAIN:
            lines.append((grades, shape))
    return lines


def _countries(dataset: Dataset, worldviews: Sequence[str]) -> list[str]:
    """Return the countries whose classes of lines are needed, of those whose views the dataset has."""
    return [code for code in dataset.views if code in worldviews or "international" in worldviews]


def _class(text: str) -> str:
    """Return a class without what stands in brackets."""
    return text.partition(" (")[0]


def _grade(worldview: str, ground: str, said: Mapping[str, str]) -> Grade:
    """Return how a worldview draws a line of a class on the ground, given what countries' views say of it."""
    if worldview == "international" and said:
        seen = Counter(said.values()).most_common(1)[0][0]
    else:
        seen = said.get(worldview, ground) if worldview not in WORLDVIEWS else ground
    if seen == UNRECOGNISED:
        return Grade("disputed", None)
    return Grade(GRADES.get(seen) or GRADES.get(ground) or "agreed", GRADES.get(seen))

"""The columns of a flat table of claims, one row a claim: their names, and how a cell is made of parts.

In: a row's texts by column. Out: the annotation in the form that a YAML file has it, and which column each of
its values is from. Readers and writers of flat files share the names here. Whether a value is right is found
by ``annotations``, for all formats in the same words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from mapgen.model import LOCATION_KINDS, Annotation
from mapgen.modelwords import Path

SEPARATOR = ";"
"""Between several values of one cell: ``AFG-TJK; AFG-UZB``."""
WAYPOINT = ">"
"""Between the waypoints of a route and the ends of a relation: ``AFG > TJK > KAZ``."""

WHERE = (*LOCATION_KINDS, "longitude", "latitude")
"""Columns that place a claim."""
SPEAKER = {"speaker_name": "name", "speaker_role": "role"}
WHOLE = ("where", "asserts", "translations")
"""What no cell can say, in formats that have mappings and lists: in the form of the YAML files."""
LISTS = ("supersedes", "supports", "contradicts")
_CODED = frozenset(
    (
        *("id", "layer", "source", "quote_language", "date", "status", "likelihood", "analytic_confidence"),
        *("source_reliability", "info_credibility", "where_precision"),
    )
)
"""Columns in which blanks around a value mean nothing; other texts are kept as they are written."""
_EXPANDED = {"where": (*WHERE, "where_label"), "speaker": tuple(SPEAKER), "asserts": (), "translations": ()}

COLUMNS: tuple[str, ...] = tuple(
    column for name in Annotation.model_fields for column in _EXPANDED.get(name, (name,))
)
"""All of them, in their usual order."""


class Cell(NamedTuple):
    """A text of a row that is not blank, and the number of the column (from 0) that it is from.

    Where the column is one of `WHOLE`, it is the value of a YAML file instead of a text.
    """

    text: Any
    column: int | None


Item = dict[str, object]
Columns = dict[Path, int | None]


def normalised(name: str) -> str:
    """Return a column's name as `COLUMNS` spells it: ``Speaker name`` is ``speaker_name``."""
    return re.sub(r"[\s_-]+", "_", name.strip().casefold())


def item_of(cells: Mapping[str, Cell]) -> tuple[Item, Columns]:
    """Return an annotation in its YAML form.

    Parameters
    ----------
    cells : mapping of str to Cell
        By column, as `COLUMNS` spells it.

    Returns
    -------
    item : dict
        What the same claim is in a YAML file. A ``where`` without a location is an empty mapping, which
        ``annotations`` complains about.
    columns : dict of path to int or None
        The column that a value of the item is from.
    """
    item: Item = {}
    columns: Columns = {}
    where: list[Item] = []
    for name in filter(cells.__contains__, WHERE):  # in one order, whatever that of the file
        for value in _locations(name, cells):
            columns["where", len(where)] = cells[name].column
            where.append(value)
    for name, (text, column) in cells.items():
        if name in SPEAKER:
            speaker = item.setdefault("speaker", {})
            speaker[SPEAKER[name]] = text  # type: ignore[index]
            columns.setdefault(("speaker",), column)
            columns["speaker", SPEAKER[name]] = column
        elif name not in WHERE and name != "where_label":
            item[name] = split(text) if name in LISTS else text.strip() if name in _CODED else text
            columns[name,] = column
    label = cells.get("where_label")
    for number, location in enumerate(where if label else ()):
        location["label"] = label.text  # type: ignore[union-attr]
        columns["where", number, "label"] = label.column  # type: ignore[union-attr]
    if where or "where" not in item:
        item["where"] = where or {}
    return item, columns


def split(text: str, separator: str = SEPARATOR) -> list[str]:
    """Return the values of a cell, without blanks around them and without empty ones."""
    return [part.strip() for part in text.split(separator) if part.strip()]


def _locations(name: str, cells: Mapping[str, Cell]) -> list[Item]:
    """Return the locations that a column gives, each in its YAML form."""
    text = cells[name].text
    if name == "longitude":
        latitude = cells.get("latitude")
        return [{"point": [text.strip(), latitude.text.strip() if latitude else None]}]
    if name == "latitude":
        return [] if "longitude" in cells else [{"point": [None, text.strip()]}]
    return [{name: _value(name, part)} for part in split(text)]


def _value(kind: str, text: str) -> str | list[str] | list[list[str]]:
    if kind == "point":
        return [part for part in re.split(r"[,\s]+", text) if part]
    if kind == "border" and WAYPOINT in text:  # A-1 > B-2: codes with a dash
        return [split(text, WAYPOINT)]
    return split(text, WAYPOINT) if kind in ("route", "relation") else text

"""Features of a geographic format in, their claims out: what GeoJSON, KML, GeoPackages and shapefiles share.

A feature is a row whose columns are its properties. Where a property places the claim (``border``, ``place``
...), its geometry is only a drawing of that; else it has to be a point, or points, since a claim about an
area or a line names one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from mapgen.entries import AnnotationFile
from mapgen.errors import InputError, Position, Problem, quoted
from mapgen.model import Finding
from mapgen.readers.columns import COLUMNS, WHERE, WHOLE, Cell
from mapgen.readers.table import MAX_COLUMNS, MAX_ROWS, CellError, Reading, Row, Table, read_table

_EXTRA = ("$points", "$shape", "$name")
"""What of a feature is no property, as columns behind its properties."""
Point = tuple[str, str]
"""Longitude and latitude as they are written."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature of a file.

    Attributes
    ----------
    number : int
        Counted from 1.
    properties : mapping of str to object
        Texts; mappings and lists only where the format has them.
    points : sequence of Point
        Its geometry if it is a point or several, EPSG:4326.
    shape : str or None
        What its geometry is, such as ``"Polygon"``; None for none.
    name : str or None
        What the format itself identifies it by.
    """

    number: int
    properties: Mapping[str, Any]
    points: Sequence[Point] = ()
    shape: str | None = None
    name: str | None = None


def read_features(features: Sequence[Feature], file: str, entry: AnnotationFile) -> Reading:
    """Read the claims of features.

    Parameters
    ----------
    features : sequence of Feature
        In the order of the file.
    file : str
        The name to use in positions.
    entry : AnnotationFile
        What the project file says of the file.

    Returns
    -------
    Reading

    Raises
    ------
    InputError
        If there are too many of them, or their properties do not hold claims.
    """
    if len(features) > MAX_ROWS:
        message = f"the file has {len(features):,} features, expected at most {MAX_ROWS:,}. Split it."
        raise InputError(Problem(Position(file), message))
    names = list(dict.fromkeys(name for feature in features for name in feature.properties)) or list(COLUMNS)
    if len(names) > MAX_COLUMNS:
        message = f"its features have {len(names):,} properties, expected at most {MAX_COLUMNS}. Drop some."
        raise InputError(Problem(Position(file), message))

    def locate(row: int | None, column: int | None) -> Position:
        inside = [f"feature {row}"] if row is not None else []
        if column is not None and column < len(names):
            inside.append(names[column])
        return Position(file, cell=":".join(inside) or None)

    converter = _Converter(PurePosixPath(file).stem)
    reading = read_table(
        Table(file, names, _rows(features, names), locate, noun="property"),
        entry,
        known=(*COLUMNS, *WHOLE),
        strict=False,
        needed=("layer", "claim", "source"),
        places=(),
        extra={name: len(names) + number for number, name in enumerate(_EXTRA)},
        convert=converter,
    )
    if converter.made:
        count = "1 claim has" if converter.made == 1 else f"{converter.made:,} claims have"
        message = f"{count} no id; it is made of what the feature is called, or of its number"
        remedy = "give each feature a property 'id', so that links to a claim hold when others come or go"
        reading.notes.append(Finding("note", "ids-made", Position(file), message, remedy))
    return reading


def _rows(features: Sequence[Feature], names: Sequence[str]) -> Iterator[Row]:
    for feature in features:
        points = "; ".join(f"{longitude} {latitude}" for longitude, latitude in feature.points)
        own = (points, feature.shape, feature.name or str(feature.number))
        yield feature.number, [*(feature.properties.get(name) for name in names), *own]


class _Converter:
    """Gives a feature's cells a location and an id where its properties have none; counts made ids."""

    def __init__(self, stem: str) -> None:
        self.stem = _slug(stem) or "feature"
        self.made = 0

    def __call__(self, cells: Mapping[str, Cell]) -> dict[str, Cell]:
        own = dict(cells)
        points, shape, name = (own.pop(extra, None) for extra in _EXTRA)
        if not own.keys() & {*WHERE, "where"}:
            if points:
                own["point"] = points
            elif shape:
                expected = (
                    "Expected a point, or a property that places the claim (territory, border, area ...)."
                )
                remedy = "Save an outline as a GeoJSON file of its own, and name it in a property 'area'."
                raise CellError(shape, f"a {quoted(shape.text)} cannot place a claim. {expected} {remedy}")
        if "id" not in own and name:
            called = _slug(name.text)
            made = called if called and not called.isdigit() else f"{self.stem}-{called or name.text}"
            own["id"] = Cell(made[:64].strip("-"), name.column)
            self.made += 1
        return own


def _slug(text: str) -> str:
    return re.sub("[^a-z0-9]+", "-", text.casefold()).strip("-")

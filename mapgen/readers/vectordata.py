"""A GeoPackage or a shapefile with points in, its features out.

The file is examined before GDAL opens it (``vectorfile``). Dates become ISO dates, whole numbers stay whole,
coordinates become longitude and latitude.
"""

from __future__ import annotations

import datetime
import math
import re
from pathlib import Path
from typing import Any

import shapely

from mapgen.errors import InputError, Position, Problem
from mapgen.model import Finding
from mapgen.readers.features import Feature, Point
from mapgen.vectorfile import open_vector_file

MAX_BYTES = 64 * 1024**2
_DECIMALS = 7
_WORLD = "EPSG:4326"
_MOMENT = re.compile(r"^(\d{4})/(\d\d)/(\d\d) (\d\d:\d\d:\d\d)$")
"""A date and time as GDAL writes it into a shapefile, which has no type for it."""


def open_vector(folder: Path, file: str) -> tuple[list[Feature], list[Finding]]:
    """Read the features of a GeoPackage or a shapefile.

    Parameters
    ----------
    folder : Path
        The project folder.
    file : str
        Path in it; ``data/file.gpkg|layername=name`` if a GeoPackage has several layers.

    Returns
    -------
    features : list of Feature
        In the order of the file.
    findings : list of Finding
        What was assumed.

    Raises
    ------
    InputError
        If the file is damaged, too large, or of no CRS that leads to degrees.
    """
    source = open_vector_file(file, folder=folder)
    beside = [source.path.with_suffix(suffix) for suffix in (source.path.suffix, ".dbf", ".DBF")]
    size = max(path.stat().st_size for path in beside if path.is_file())
    if size > MAX_BYTES:
        message = f"the file has {size:,} bytes, expected at most {MAX_BYTES:,}. Save only the claims."
        raise InputError(Problem(Position(source.shown), message))
    frame, findings = source.read_rows()
    moved = frame.crs is not None and frame.crs != _WORLD
    if frame.crs is None:
        remedy = "set the layer's CRS in QGIS and save it again, if that is wrong"
        message = "it does not say its CRS; read as longitude and latitude (EPSG:4326)"
        findings.append(Finding("warning", "claims-crs", Position(source.shown), message, remedy))
    if moved:
        frame = frame.to_crs(_WORLD)
    names = [str(name) for name in frame.columns if name != frame.geometry.name]
    columns = [frame[name].tolist() for name in frame.columns if name != frame.geometry.name]
    features = []
    for number, geometry in enumerate(frame.geometry):
        properties = {
            name: text
            for name, column in zip(names, columns, strict=True)
            if (text := _text(column[number])) is not None
        }
        empty = geometry is None or geometry.is_empty
        shape = None if empty else geometry.geom_type
        points = () if empty else _points(geometry, rounded=moved)
        features.append(Feature(number + 1, properties, points, shape))
    return features, findings


def _points(geometry: Any, *, rounded: bool) -> tuple[Point, ...]:
    if geometry.geom_type not in ("Point", "MultiPoint"):
        return ()
    positions = shapely.get_coordinates(geometry).tolist()
    shown = [[round(n, _DECIMALS) if rounded else n for n in position] for position in positions]
    return tuple((repr(longitude), repr(latitude)) for longitude, latitude in shown)


def _text(value: Any) -> str | None:
    """Return a value as a person writes it."""
    if value is None or (isinstance(value, float) and math.isnan(value)) or value != value:
        return None
    if isinstance(value, str):
        return _MOMENT.sub(r"\1-\2-\3T\4", value).removesuffix("T00:00:00")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime.datetime):
        return _iso(value)
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def _iso(moment: datetime.datetime) -> str:
    return (
        moment.date().isoformat()
        if moment.time() == datetime.time()
        else moment.isoformat(timespec="seconds")
    )

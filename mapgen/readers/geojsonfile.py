"""A GeoJSON file (RFC 7946) in, its features out, with every text and number as it is written.

It is read as JSON, and not by GDAL, which would make dates of texts. Geometries other than points are only
named: they do not place claims.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from mapgen.documents import check_size, read_bytes
from mapgen.errors import InputError, Position, Problem, quoted
from mapgen.readers.encoding import decode
from mapgen.readers.features import Feature, Point
from mapgen.readers.table import MAX_PROBLEMS, MAX_ROWS

_WORLD = ("CRS84", "4326")
_CONVERT = "Open it in QGIS and save it as GeoJSON (RFC 7946)."


def open_geojson(path: Path, file: str) -> list[Feature]:
    """Read the features of a GeoJSON file.

    Parameters
    ----------
    path : Path
        The file, at most 16 MiB.
    file : str
        The name to use in positions.

    Raises
    ------
    InputError
        If it is not JSON or not GeoJSON; holds all features that are none.
    """
    return features_of(open_json(path, file), file)


def open_json(path: Path, file: str) -> Any:
    """Return what a JSON file holds; numbers are texts, as they are written."""
    data = read_bytes(path, file)
    check_size(data, file)
    text = decode(data, file)
    try:
        return json.loads(text, parse_int=str, parse_float=str, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        message = f"this is not JSON: {error.msg[0].lower()}{error.msg[1:]}."
        raise InputError(Problem(Position(file, error.lineno, error.colno), message)) from None
    except RecursionError:
        raise InputError(
            Problem(Position(file), "values are nested too deeply. Make the file flatter.")
        ) from None
    except ValueError as error:
        raise InputError(Problem(Position(file), f"{error}, expected finite numbers.")) from None


def features_of(top: Any, file: str) -> list[Feature]:
    """Return the features of a parsed GeoJSON file."""
    top = top if isinstance(top, dict) else {}
    kind = top.get("type")
    found = [top] if kind == "Feature" else top.get("features") if kind == "FeatureCollection" else None
    if not isinstance(found, list):
        given = f"its type is {quoted(str(kind))}" if kind else "it says no type"
        message = f"{given}, expected a FeatureCollection with features. {_CONVERT}"
        raise InputError(Problem(Position(file), message))
    if len(found) > MAX_ROWS:
        message = f"the file has {len(found):,} features, expected at most {MAX_ROWS:,}. Split it."
        raise InputError(Problem(Position(file), message))
    crs = json.dumps(top.get("crs")) if top.get("crs") else ""
    if crs and not any(name in crs for name in _WORLD):
        message = f"its coordinates are not longitude and latitude (crs: {quoted(crs)}). {_CONVERT}"
        raise InputError(Problem(Position(file), message))
    features, problems = [], []
    for number, each in enumerate(found, 1):
        try:
            features.append(_feature(number, each))
        except ValueError as error:
            problems.append(Problem(Position(file, cell=f"feature {number}"), str(error)))
    if problems:
        raise InputError(*problems[:MAX_PROBLEMS])
    return features


def _feature(number: int, value: Any) -> Feature:
    if not isinstance(value, dict) or value.get("type") != "Feature":
        raise ValueError('this is no Feature. Expected {"type": "Feature", "properties": ..., ...}.')
    properties = value.get("properties") or {}
    if not isinstance(properties, dict):
        raise ValueError("its properties are no mapping.")
    geometry: Any = value.get("geometry")
    if geometry is not None and not (isinstance(geometry, dict) and isinstance(geometry.get("type"), str)):
        raise ValueError("its geometry has no type.")
    name = value.get("id")
    return Feature(
        number,
        {key: _plain(inside) for key, inside in properties.items() if inside not in (None, "")},
        tuple(_points(geometry)) if geometry else (),
        geometry["type"] if geometry else None,
        name if isinstance(name, str) else None,
    )


def _points(geometry: dict[str, Any]) -> Iterator[Point]:
    """Yield the positions of a point or of points; of other geometries none."""
    kind, found = geometry["type"], geometry.get("coordinates")
    if kind not in ("Point", "MultiPoint"):
        return
    for position in found if kind == "MultiPoint" and isinstance(found, list) else [found]:
        numbers = position if isinstance(position, list) else []
        if len(numbers) < 2 or not all(isinstance(number, str) for number in numbers):
            raise ValueError(f"its {kind} has no position. Expected [longitude, latitude] in degrees.")
        yield numbers[0], numbers[1]


def _plain(value: Any) -> Any:
    """Return a property as text, several texts as those of one cell; other values as they are."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        return "; ".join(value)
    return value


def _no_number(constant: str) -> NoReturn:
    raise ValueError(f"it holds {constant}")

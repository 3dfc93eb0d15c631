"""Examine a GeoJSON file before GDAL reads it.

In: a path. Out: the number of its features. GDAL takes other JSON for vector data too (TopoJSON, ESRI's,
its own), and numbers for coordinates that are none: so the whole text is parsed here first. Makes no
geometries: GDAL does.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NoReturn

from mapgen.errors import Position, Problem, quoted
from mapgen.examination import Examination

MAX_BYTES = 96 * 1024**2
"""Parsing takes several times as much; larger datasets come as GeoPackages."""

MAX_DENSITY = 12
DENSITY_FROM = 16 * 1024**2
"""Bytes; above this, a file may not take more than so many times its size when it is parsed."""

_GEOMETRIES = frozenset(
    ["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"]
)
_TELLING = ("type", "features", "arcs", "geometryType", "spatialReference")
_FEATURE, _GEOMETRY, _NOTHING = {"type": "Feature"}, {"type": "Geometry"}, dict[str, Any]()
_CONVERT = "Open it in QGIS and save it as GeoJSON or as a GeoPackage."


def examine_geojson(path: Path, shown: str, report: Examination) -> int:
    """Examine a GeoJSON file.

    Parameters
    ----------
    path : Path
    shown : str
        What messages call it.
    report : Examination
        Takes what is wrong.

    Returns
    -------
    int
        Number of features in a sound file.
    """
    size = path.stat().st_size
    if size > MAX_BYTES:
        message = (
            f"has {size:,} bytes, expected at most {MAX_BYTES:,} of JSON. Save it as a GeoPackage in QGIS."
        )
        report.refuse(shown, message)
        return 0
    data = path.read_bytes()
    if _too_dense(data):
        report.refuse(shown, f"is made of many small lists, as no map is. {_CONVERT}")
        return 0
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        report.refuse(shown, f"is not UTF-8, as GeoJSON has to be: byte {error.start + 1:,}. {_CONVERT}")
        return 0
    del data
    try:
        top = json.loads(text, object_hook=_essence, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        message = (
            f"is not JSON: {error.msg[0].lower()}{error.msg[1:]}. Copy it again from where it came from."
        )
        report.problems.append(Problem(Position(shown, error.lineno, error.colno), message))
        return 0
    except RecursionError:
        report.refuse(shown, f"is nested too deeply for GeoJSON. {_CONVERT}")
        return 0
    except ValueError as error:  # a number that is none, or of thousands of digits
        report.refuse(
            shown, f"{error}, expected finite numbers. Take the file from where it came from again."
        )
        return 0
    return _count_features(top, shown, report)


def _too_dense(data: bytes) -> bool:
    """Tell whether a file is made to fill the memory, with lists in place of numbers."""
    taken = 72 * data.count(b"[") + 60 * data.count(b",") + 232 * data.count(b"{")
    return len(data) > DENSITY_FROM and taken > MAX_DENSITY * len(data)


def _essence(found: dict[str, Any]) -> object:
    """Let go of a parsed object but for what is asked of it later: the file may be large."""
    if found.get("type") == "Feature":
        return _FEATURE
    if str(found.get("type")) in _GEOMETRIES:
        return _GEOMETRY
    return {key: found[key] for key in found if key in _TELLING} or _NOTHING


def _no_number(constant: str) -> NoReturn:
    raise ValueError(f"holds {constant}")


def _count_features(top: Any, shown: str, report: Examination) -> int:
    """Return the number of features, if a parsed file is GeoJSON."""
    if not isinstance(top, dict):
        report.refuse(shown, f"is JSON, but not GeoJSON. {_CONVERT}")
        return 0
    kind = top.get("type")
    if kind == "Topology" or "arcs" in top:
        report.refuse(shown, f"is TopoJSON, expected GeoJSON. {_CONVERT}")
    elif "geometryType" in top or "spatialReference" in top:
        report.refuse(shown, f"is ESRI's own JSON, expected GeoJSON. {_CONVERT}")
    elif kind in ("Feature", "Geometry"):
        return 1
    elif kind != "FeatureCollection" or not isinstance(top.get("features"), list):
        given = quoted(str(kind))
        report.refuse(shown, f"its type is {given}, expected FeatureCollection with features. {_CONVERT}")
    elif not top["features"]:
        report.refuse(shown, "has no features, expected polygons of territories.")
    else:
        odd = [row for row, each in enumerate(top["features"], 1) if each is not _FEATURE]
        if odd:
            report.refuse(shown, f"row {odd[0]}: is no Feature. {_CONVERT}")
        return len(top["features"])
    return 0

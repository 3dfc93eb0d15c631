"""Read areas: outlines of an author's own, for claims about a region that is no territory.

In: the path of a GeoJSON file in the project folder. Out: its name and its polygon in degrees, or what to
tell the author. Files are distrusted: whoever wrote the project did not always draw its areas.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from mapgen.areafiles import read_area_text, refuse


def read_area(folder: Path, path: str) -> tuple[str, BaseGeometry]:
    """Read an area from a GeoJSON file of the project.

    Parameters
    ----------
    folder : Path
        The project folder.
    path : str
        Relative to it.

    Returns
    -------
    name : str
        The first feature's ``name`` that is not empty, or the file's.
    geometry : (Multi)Polygon, EPSG:4326
        Valid: a ring that crosses itself is mended.

    Raises
    ------
    CannotPlace
        If the file is missing, too large or outside the project folder, or holds no polygon in degrees.
    """
    features = _features(_parse(read_area_text(folder, path), path), path)
    try:
        shapes = [shapely.geometry.shape(feature.get("geometry", feature)) for feature in features]
        _check_degrees(shapes, path)
        geometry = shapely.union_all(shapely.make_valid(shapes))
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError, shapely.errors.ShapelyError):
        refuse(path, "holds coordinates that make no shape")
    if not isinstance(geometry, Polygon | MultiPolygon) or geometry.is_empty:
        refuse(path, "holds something other than polygons")
    return next(filter(None, map(_name, features)), Path(path).stem), geometry


def _parse(text: str, path: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError:
        refuse(path, "is nested too deeply")
    except json.JSONDecodeError as error:
        refuse(path, f"is not JSON (line {error.lineno}, column {error.colno})")
    except ValueError:  # a number of thousands of digits
        refuse(path, "holds a number that is none")


def _features(document: Any, path: str) -> list[dict[str, Any]]:
    """Return the features of a collection; a feature or a geometry is a list of one."""
    if not isinstance(document, dict):
        refuse(path, "is JSON, but not GeoJSON")
    features = document.get("features") if document.get("type") == "FeatureCollection" else [document]
    if not isinstance(features, list) or not features:
        refuse(path, "has no features")
    if not all(isinstance(feature, dict) for feature in features):
        refuse(path, "has features that are none")
    return features


def _check_degrees(shapes: list[BaseGeometry], path: str) -> None:
    """Refuse positions that are not on the globe; metres are by far the most common of them."""
    xy = shapely.get_coordinates(shapes)
    if not len(xy):
        refuse(path, "is empty")
    longitude, latitude = abs(xy[:, 0]).max(), abs(xy[:, 1]).max()
    if not (longitude <= 360 and latitude <= 90):  # false for what is not a number, too
        refuse(path, "has coordinates that are not degrees (metres?)")


def _name(feature: dict[str, Any]) -> str:
    properties = feature.get("properties")
    name = properties.get("name") if isinstance(properties, dict) else None
    return name if isinstance(name, str) and name.strip() else ""

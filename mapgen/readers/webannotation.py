"""Web Annotations in JSON-LD as mapgen writes them in, their claims out.

Read as JSON, by the terms that ``writers.webannotation`` uses; a context is neither fetched nor applied. What
the annotations say of their sources is not read: sources have files of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mapgen.documents import find_control
from mapgen.entries import AnnotationFile
from mapgen.errors import InputError, Position, Problem
from mapgen.model import Annotation
from mapgen.modelwords import what
from mapgen.readers.columns import Columns, Item
from mapgen.readers.geojsonfile import open_json
from mapgen.readers.table import MAX_ROWS, Reading, Table, TableDocument

CLAIM = "urn:mapgen:claim:"
_RELATIONS = ("supersedes", "supports", "contradicts")
_FIELDS = tuple(Annotation.model_fields)


def read_webannotation(path: Path, file: str, entry: AnnotationFile) -> Reading:
    """Read the claims of a JSON-LD file.

    Parameters
    ----------
    path : Path
        The file, at most 16 MiB: an annotation collection, a page, a list of annotations, or one.
    file : str
        The name to use in positions.
    entry : AnnotationFile
        What the project file says of the file.

    Raises
    ------
    InputError
        If it is not JSON, or holds no Web Annotations.
    """
    found = list(_annotations(open_json(path, file)))
    if not found:
        expected = "Expected Web Annotations, as 'mapgen export jsonld' writes them."
        raise InputError(Problem(Position(file), f"it holds no annotations. {expected}"))
    if len(found) > MAX_ROWS:
        message = f"it holds {len(found):,} annotations, expected at most {MAX_ROWS:,}. Split it."
        raise InputError(Problem(Position(file), message))

    def locate(row: int | None, column: int | None) -> Position:
        inside = "" if column is None else f":{_FIELDS[column]}"
        return Position(file, cell=f"annotation {row}{inside}")

    reading = Reading(document := TableDocument(Table(file, _FIELDS, (), locate)))
    own = {name: value for name in ("layer", "source") if (value := getattr(entry, name))}
    for number, each in enumerate(found, 1):
        if not isinstance(each, dict):
            message = f"expected an annotation, got {what(each)}."
            reading.problems.append(Problem(locate(number, None), message))
            continue
        item: Item = {name: value for name, value in _fields(each) if value is not None}
        columns: Columns = {(name,): _FIELDS.index(name) for name in item}
        for name, value in item.items():
            control = next(filter(None, map(find_control, _texts(value))), None)
            if control:
                reading.problems.append(Problem(locate(number, _FIELDS.index(name)), control[1]))
        document.append(number, {**own, **item}, columns)
    return reading


def _annotations(top: Any) -> Iterator[Any]:
    """Yield the annotations of a collection, a page, a list or a single one."""
    if isinstance(top, list):
        yield from top
    elif isinstance(top, dict) and top.get("type") == "Annotation":
        yield top
    elif isinstance(top, dict):
        for key in ("first", "items"):
            if isinstance(top.get(key), dict | list):
                yield from _annotations(top[key])


def _fields(annotation: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the fields of a claim, as a YAML file has them."""
    target = annotation.get("target")
    target = target if isinstance(target, dict) else {}
    for name in _FIELDS:
        value = annotation.get(name)
        if name in _RELATIONS and isinstance(value, str | list):
            several = value if isinstance(value, list) else [value]
            value = [each.removeprefix(CLAIM) if isinstance(each, str) else each for each in several]
        elif name == "id" and isinstance(value, str):
            value = value.removeprefix(CLAIM)
        elif name == "claim":
            value = _body(annotation, "describing")
        elif name == "note":
            value = _body(annotation, "commenting")
        elif name == "analyst":
            value = _of(annotation.get("creator"), "name")
        elif name == "quote":
            value = _of(target.get("selector"), "exact")
        elif name == "source":
            value = _of(target.get("source"), "source_id")
        yield name, value


def _body(annotation: dict[str, Any], purpose: str) -> Any:
    body = annotation.get("body")
    bodies = body if isinstance(body, list) else [body]
    return next((_of(each, "value") for each in bodies if _of(each, "purpose") == purpose), None)


def _of(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inside in value.values() if isinstance(value, dict) else value:
            yield from _texts(inside)

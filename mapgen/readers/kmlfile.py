"""A KML file in, its placemarks out as features: names, descriptions, extended data, times and points.

It is read as XML, without document types, entities or links to other files, which KML could have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from mapgen.documents import check_size, read_bytes
from mapgen.errors import InputError, Position, Problem, quoted
from mapgen.readers.encoding import decode
from mapgen.readers.features import Feature, Point
from mapgen.readers.table import MAX_ROWS

_GEOMETRIES = ("LineString", "LinearRing", "Polygon", "Model", "Track", "MultiTrack")
_DECLARATION = re.compile(r"<!(?!--|\[CDATA\[)")
MAX_ELEMENTS = 1_500_000


def open_kml(path: Path, file: str) -> list[Feature]:
    """Read the placemarks of a KML file.

    Parameters
    ----------
    path : Path
        The file, at most 16 MiB, UTF-8.
    file : str
        The name to use in positions.

    Returns
    -------
    list of Feature
        Their properties are ``name``, ``description``, ``when`` (an EDTF date or interval) and what their
        extended data names.

    Raises
    ------
    InputError
        If it is not KML, or more than data.
    """
    data = read_bytes(path, file)
    check_size(data, file)
    root = _parse(decode(data, file), file)
    if _local(root) != "kml":
        message = f"its first element is {quoted(_local(root))}, expected 'kml'. Save it as KML in QGIS."
        raise InputError(Problem(Position(file), message))
    placemarks = [each for each in root.iter() if _local(each) == "Placemark"]
    if len(placemarks) > MAX_ROWS:
        message = f"the file has {len(placemarks):,} placemarks, expected at most {MAX_ROWS:,}. Split it."
        raise InputError(Problem(Position(file), message))
    return [_feature(number, placemark) for number, placemark in enumerate(placemarks, 1)]


def _parse(text: str, file: str) -> ElementTree.Element:
    declared = _DECLARATION.search(text)
    if declared:
        line = text.count("\n", 0, declared.start()) + 1
        message = "a document type or entity is declared here, which KML has no use for. Remove it."
        raise InputError(Problem(Position(file, line), message))
    if text.count("<") > MAX_ELEMENTS:
        raise InputError(Problem(Position(file), "the file has too many elements. Split it."))
    parser = ElementTree.XMLParser(encoding="utf-8")
    try:
        parser.feed(text.encode("utf-8"))
        return parser.close()
    except (ElementTree.ParseError, ValueError) as error:
        at = getattr(error, "position", (None, None))
        column = None if at[1] is None else at[1] + 1
        reason = str(error).partition(":")[0]
        message = f"this is not XML ({reason}). Copy the file again from where it came from."
        raise InputError(Problem(Position(file, at[0], column), message)) from None


def _feature(number: int, placemark: ElementTree.Element) -> Feature:
    properties = dict(_properties(placemark))
    points: list[Point] = []
    shape = None
    for element in placemark.iter():
        kind = _local(element)
        if kind == "Point":
            shape = shape or kind
            points += _positions(element)
        elif kind in _GEOMETRIES:
            shape = kind
    mixed = shape is not None and shape != "Point"
    return Feature(number, properties, () if mixed else points, shape, placemark.get("id"))


def _properties(placemark: ElementTree.Element) -> Iterator[tuple[str, str]]:
    for child in placemark:
        kind = _local(child)
        if kind in ("name", "description"):
            yield kind, _text(child)
        elif kind == "TimeStamp":
            yield "when", _inside(child, "when")
        elif kind == "TimeSpan":
            begin, end = (_inside(child, name).partition("T")[0] or ".." for name in ("begin", "end"))
            yield "when", f"{begin}/{end}"
        elif kind == "ExtendedData":
            for data in child.iter():
                if _local(data) == "Data" and data.get("name"):
                    yield str(data.get("name")), _inside(data, "value")
                elif _local(data) == "SimpleData" and data.get("name"):
                    yield str(data.get("name")), _text(data)


def _positions(point: ElementTree.Element) -> Iterator[Point]:
    for position in _inside(point, "coordinates").split():
        longitude, _, rest = position.partition(",")
        yield longitude, rest.partition(",")[0]


def _inside(element: ElementTree.Element, name: str) -> str:
    return next((_text(child) for child in element if _local(child) == name), "")


def _text(element: ElementTree.Element) -> str:
    return "".join(element.itertext())


def _local(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]

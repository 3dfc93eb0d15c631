"""Write a project's claims as KML 2.2: a folder for each layer, a placemark for each claim.

In: a project and its placements. Out: the text of the file. ``ExtendedData`` has the flat columns;
description and name are for those who look. Texts go through an XML writer, and descriptions, which viewers
take for HTML, are escaped a second time.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

from mapgen import dates
from mapgen.model import Annotation, Project
from mapgen.places import Placement
from mapgen.writers.plain import plain
from mapgen.writers.shapes import Geometry, geometry_of
from mapgen.writers.table import (
    Cells,
    lost_controls,
    lost_in_row,
    row_of,
    source_cells,
    used_columns,
    without_controls,
)

NAMESPACE = "http://www.opengis.net/kml/2.2"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def write_kml(
    project: Project, placements: Mapping[str, Sequence[Placement]], notice: Sequence[str] = ()
) -> str:
    """Return a project's claims as KML.

    Parameters
    ----------
    project : Project
    placements : mapping of str to sequence of Placement
        By annotation id.
    notice : sequence of str
        What every map of these boundaries states: worldview, dataset, date.

    Returns
    -------
    str
        A KML document; coordinates as longitude,latitude in degrees (WGS84). Retracted claims are switched
        off.
    """
    kml = ElementTree.Element("kml", {"xmlns": NAMESPACE})
    document = ElementTree.SubElement(kml, "Document")
    rows = {annotation.id: row_of(annotation) for annotation in project.annotations}
    columns = used_columns(rows.values())  # the same in each placemark, for tools that make a table of them
    _add(document, "name", project.title)
    _add(document, "description", _as_html([project.lead or "", *notice]))
    for layer in project.layers:
        folder = ElementTree.SubElement(document, "Folder")
        _add(folder, "name", layer.title)
        if layer.description:
            _add(folder, "description", _as_html([layer.description]))
        for annotation in project.annotations:
            if annotation.layer == layer.name:
                cells = {**dict.fromkeys(columns, ""), **rows[annotation.id]}
                cells |= source_cells(project, annotation)
                placemark = _placemark(folder, project, annotation, cells)
                _geometry(placemark, geometry_of(placements[annotation.id]))
    ElementTree.indent(kml, " ")
    return _DECLARATION + ElementTree.tostring(kml, encoding="unicode") + "\n"


def lost_in_kml(annotation: Annotation) -> Iterator[str]:
    """Say what of a claim KML does not carry."""
    yield from lost_in_row(annotation)
    yield from lost_controls(annotation)
    if any("\r" in str(cell) for cell in row_of(annotation).values()):
        yield "carriage returns, which XML has no place for"


def _placemark(
    folder: ElementTree.Element, project: Project, annotation: Annotation, cells: Cells
) -> ElementTree.Element:
    """Add a claim without its geometry, its parts in the order that the schema of KML wants."""
    placemark = ElementTree.SubElement(folder, "Placemark")
    _add(placemark, "name", annotation.claim)
    if annotation.status == "retracted":
        _add(placemark, "visibility", "0")
    _add(placemark, "description", _as_html(_lines(project, annotation)))
    _time(placemark, annotation.date)
    data = ElementTree.SubElement(placemark, "ExtendedData")
    for name, value in cells.items():
        _add(ElementTree.SubElement(data, "Data", {"name": name}), "value", str(value))
    return placemark


def _lines(project: Project, annotation: Annotation) -> Iterator[str]:
    speaker, source = annotation.speaker, project.sources[annotation.source]
    yield annotation.status if annotation.status != "asserted" else ""
    yield f"“{annotation.quote}”" if annotation.quote else ""
    yield ", ".join(filter(None, [speaker.name, speaker.role])) if speaker else ""
    yield ", ".join(filter(None, [source.title, source.publisher, source.date]))
    yield source.url or ""


def _time(placemark: ElementTree.Element, date: str | None) -> None:
    """Add when a claim is about, as far as the calendar can say it."""
    parsed = dates.parse(date) if date else None
    days = {"begin": parsed.earliest, "end": parsed.latest} if parsed else {}
    said = {name: day.isoformat() for name, day in days.items() if day}
    if said:
        span = ElementTree.SubElement(placemark, "TimeSpan")
        for name, day in said.items():
            _add(span, name, day)


def _geometry(parent: ElementTree.Element, geometry: Geometry) -> None:
    kind, coordinates = geometry["type"], geometry.get("coordinates", [])
    if kind.startswith("Multi") or kind == "GeometryCollection":
        inside = geometry.get("geometries") or [
            {"type": kind.removeprefix("Multi"), "coordinates": part} for part in coordinates
        ]
        several = ElementTree.SubElement(parent, "MultiGeometry")
        for each in inside:
            _geometry(several, each)
    elif kind == "Polygon":
        polygon = ElementTree.SubElement(parent, "Polygon")
        for number, ring in enumerate(coordinates):
            boundary = ElementTree.SubElement(polygon, "innerBoundaryIs" if number else "outerBoundaryIs")
            _add(ElementTree.SubElement(boundary, "LinearRing"), "coordinates", _positions(ring))
    else:
        positions = [coordinates] if kind == "Point" else coordinates
        _add(ElementTree.SubElement(parent, kind), "coordinates", _positions(positions))


def _positions(positions: Sequence[Sequence[float]]) -> str:
    return " ".join(f"{longitude:.6f},{latitude:.6f}" for longitude, latitude in positions)


def _as_html(lines: Any) -> str:
    return "<br>".join(html.escape(line) for line in lines if line)


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    # XML cannot hold control characters, and turns a carriage return into a line feed
    visible = str(without_controls(plain(text)))
    ElementTree.SubElement(parent, name).text = visible.replace("\r\n", "\n").replace("\r", "␍")

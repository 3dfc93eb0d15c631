"""One row a claim: the cells of a flat table, by the columns that the readers know.

In: an annotation. Out: its cells as texts and whole numbers, and in words what of it has no cell. How several
values stand in one cell is said in ``readers.columns``; what a file may hold is its format's matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from mapgen.model import LOCATION_KINDS, Annotation, Location, LocationKind, Project
from mapgen.readers.columns import COLUMNS, SEPARATOR, WAYPOINT, WHOLE
from mapgen.writers.plain import plain, plain_annotation

Cells = dict[str, str | int]

_CONTROL = re.compile("[^\t\n\r -~\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def used_columns(rows: Iterable[Cells]) -> list[str]:
    """Return the columns that rows have cells in, in their usual order."""
    there = {name for row in rows for name in row}
    return [name for name in COLUMNS if name in there]


def row_of(annotation: Annotation) -> Cells:
    """Return the cells of a claim; empty ones are left out.

    Parameters
    ----------
    annotation : Annotation

    Returns
    -------
    dict of str to str or int
        In the order of `COLUMNS`.
    """
    cells = {**scalars(annotation), **_places(annotation)}
    return {name: cells[name] for name in COLUMNS if name in cells}


def scalars(annotation: Annotation) -> Cells:
    """Return the cells of a claim without those that place it."""
    written = plain(annotation.model_dump(exclude_defaults=True, exclude={*WHOLE, "speaker"}))
    cells: Cells = {name: _cell(value) for name, value in written.items()}
    if annotation.speaker:
        said = plain(annotation.speaker.model_dump(exclude_none=True))
        cells |= {f"speaker_{name}": value for name, value in said.items()}
    return cells


def is_flat(where: Sequence[Location]) -> bool:
    """Tell whether cells say all of where a claim is: one kind, one label, and no precisions."""
    alike = len({(each.kind, each.label, each.precision) for each in where}) == 1
    return alike and where[0].precision is None and not any(map(_is_split, where))


def lost_in_row(annotation: Annotation) -> Iterator[str]:
    """Say what of a claim is not in its row."""
    if annotation.asserts:
        yield "statements about geography (asserts)"
    if annotation.translations:
        yield "texts in other languages (translations)"
    where = annotation.where
    if len({each.label for each in where}) > 1:
        yield "labels that differ from location to location"
    precisions = {each.precision for each in where}
    if len(precisions) > 1 or (precisions != {None} and annotation.where_precision):
        yield "the precision of single locations"
    if any(map(_is_split, where)):
        yield f"'{SEPARATOR}' and '{WAYPOINT}' in names, which are read as several"


def without_controls(value: Any) -> Any:
    """Return plain values with control characters as visible signs (NUL as ␀); ends of lines stay.

    No format reads them again, and not all of them can hold them.
    """
    if isinstance(value, str):
        return _CONTROL.sub(lambda found: _sign(ord(found[0])), value)
    if isinstance(value, dict):
        return {key: without_controls(inside) for key, inside in value.items()}
    return list(map(without_controls, value)) if isinstance(value, list) else value


def lost_controls(annotation: Annotation) -> Iterator[str]:
    """Say whether a text of a claim holds control characters."""
    written = plain_annotation(annotation)
    if without_controls(written) != written:
        yield "control characters, written as visible signs"


def source_cells(project: Project, annotation: Annotation) -> Cells:
    """Return title and address of a claim's source, for readers who have no file of sources beside them."""
    source = project.sources[annotation.source]
    cells = {"source_title": source.title, "source_url": source.url, "source_date": source.date}
    return {name: plain(text) for name, text in cells.items() if text}


def _places(annotation: Annotation) -> Cells:
    where = annotation.where
    cells: Cells = {}
    for kind in LOCATION_KINDS:
        values = [_value(kind, each.value) for each in where if each.kind == kind]
        if values:
            cells[kind] = f"{SEPARATOR} ".join(values)
    labels = {each.label for each in where}
    if len(labels) == 1 and (label := labels.pop()):
        cells["where_label"] = plain(label)
    precisions = {each.precision for each in where}
    if annotation.where_precision is None and len(precisions) == 1 and (precision := precisions.pop()):
        cells["where_precision"] = precision
    return cells


def _value(kind: LocationKind, value: Any) -> str:
    if kind == "point":
        return ", ".join(map(repr, value))
    if isinstance(value, str):
        return str(plain(value))
    joint = "-" if kind == "border" and not any("-" in code for code in value) else f" {WAYPOINT} "
    return str(plain(joint.join(value)))


def _is_split(location: Location) -> bool:
    """Tell whether a name would be read as several, or without the blanks around it."""
    if location.kind == "point":
        return False
    one = isinstance(location.value, str)
    names = [location.value] if one else location.value
    marks = SEPARATOR if one else SEPARATOR + WAYPOINT
    return any(str(name) != str(name).strip() or set(marks) & set(str(name)) for name in names)


def _cell(value: Any) -> str | int:
    if isinstance(value, list):
        return f"{SEPARATOR} ".join(value)
    return value if isinstance(value, int) else str(value)


def _sign(code: int) -> str:
    return chr(0x2400 + code) if code < 0x20 else "␡" if code == 0x7F else "�"

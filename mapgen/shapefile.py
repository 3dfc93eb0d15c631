"""Examine the geometry files of a shapefile (.shp and its index .shx) before GDAL reads them.

In: two paths. Out: the number of records and which of them are empty; what does not hold together is told
to an `Examination`. GDAL leaves out records that it cannot make sense of, without a word, and takes any
coordinate for good: so lengths, counts, boxes, rings and coordinates are compared with each other here,
with numpy. Neither geometry objects are made here, nor is the attribute table looked at (`dbase`), nor
whether coordinates lie on the globe (`mending`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from mapgen.examination import Examination, rows

MAX_RECORDS = 1_000_000
MAX_COORDINATE = 1e10
"""In the units of the CRS; anything farther out is no place on Earth in any CRS."""

_HEADER_BYTES = 100
_RECORD_HEADER_BYTES = 8
_FILE_CODE = 9994
_VERSION = 1000
_NULL_SHAPE = 0
_POLYGON, _POLYGON_Z, _POLYGON_M = 5, 15, 25
_OTHER_SHAPES = {
    1: "points",
    11: "points",
    21: "points",
    3: "lines",
    13: "lines",
    23: "lines",
    8: "points",
    18: "points",
}
_POINT_BYTES = {1: 20, 11: 36, 21: 28}
_BOX = slice(4, 36)
_PARTS_AT, _POINTS_AT, _INDEXES_AT = 36, 40, 44
_AGAIN = "Copy the file again from where it came from, or open it in QGIS and save it as a new shapefile."

Bytes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Shapes:
    """What the geometry files hold.

    Attributes
    ----------
    count : int
        Number of records.
    empty : array of int
        Indexes (from 0) of the records without a geometry.
    points : array of int
        Number of points of each record.
    """

    count: int
    empty: Ints
    points: Ints


@dataclass(frozen=True, slots=True)
class _Records:
    """Where the records' contents begin, in bytes, and how many bytes, parts and points they have."""

    start: Ints
    size: Ints
    parts: Ints
    points: Ints


def examine_shapes(shp: Path, shx: Path, names: tuple[str, str], report: Examination) -> Shapes | None:
    """Examine the geometry files of a shapefile of polygons.

    Parameters
    ----------
    shp, shx : Path
        Regular files.
    names : tuple of str
        How messages call the two.
    report : Examination
        Takes what is wrong.

    Returns
    -------
    Shapes or None
        None if there is no use in looking further.
    """
    shp_name, shx_name = names
    data, index = _bytes(shp), _bytes(shx)
    shape_type = _check_header(data, shp_name, report)
    index_type = _check_header(index, shx_name, report)
    if shape_type is None or index_type is None:
        return None
    if shape_type not in (_POLYGON, _POLYGON_Z, _POLYGON_M):
        given = _OTHER_SHAPES.get(shape_type, f"shapes of type {shape_type}")
        report.refuse(
            shp_name, f"holds {given}, expected polygons. Choose the layer with the areas of the territories."
        )
        return None
    if index_type != shape_type:
        report.refuse(shx_name, f"says shape type {index_type}, but {shp_name} says {shape_type}. {_AGAIN}")
        return None
    found = _find_records(data, index, names, report)
    if found is None:
        return None
    start, size = found
    types = _ints(data, start)
    empty = types == _NULL_SHAPE
    other = np.flatnonzero(~empty & (types != shape_type))
    if other.size:
        report.refuse(
            shp_name,
            f"{rows(other)}: shape type {types[other[0]]}, expected {shape_type} as in the header. {_AGAIN}",
        )
        return None
    records = _measure(data, start, size, empty, shape_type, shp_name, report)
    if records is None:
        return None
    empty |= records.points == 0
    _check_polygons(data, records, np.flatnonzero(~empty), shp_name, report)
    return Shapes(len(start), np.flatnonzero(empty), records.points)


def examine_points(shp: Path, shx: Path, names: tuple[str, str], report: Examination) -> Shapes | None:
    """Examine the geometry files of a shapefile of points, as `examine_shapes` does those of polygons."""
    shp_name, shx_name = names
    data, index = _bytes(shp), _bytes(shx)
    shape_type = _check_header(data, shp_name, report)
    index_type = _check_header(index, shx_name, report)
    if shape_type is None or index_type is None:
        return None
    if shape_type not in _POINT_BYTES or index_type != shape_type:
        given = _OTHER_SHAPES.get(shape_type, f"shapes of type {shape_type}")
        given = "polygons" if shape_type in (_POLYGON, _POLYGON_Z, _POLYGON_M) else given
        remedy = "Save an outline as a GeoJSON file of its own, and name it in a claim's 'area'."
        report.refuse(shp_name, f"holds {given}, expected single points, one a claim. {remedy}")
        return None
    found = _find_records(data, index, names, report)
    if found is None:
        return None
    start, size = found
    types = _ints(data, start)
    empty = types == _NULL_SHAPE
    wrong = np.flatnonzero(~empty & ((types != shape_type) | (size != _POINT_BYTES[shape_type])))
    if wrong.size:
        report.refuse(shp_name, f"{rows(wrong)}: is no point of the type that the header says. {_AGAIN}")
        return None
    at = start[~empty][:, None] + np.arange(4, 20)
    numbers = data[at].view("<f8")
    if not (np.isfinite(numbers).all() and (np.abs(numbers) <= MAX_COORDINATE).all()):
        far = np.flatnonzero(~empty)[~(np.abs(numbers) <= MAX_COORDINATE).all(axis=1)]
        report.refuse(shp_name, f"{rows(far)}: the point lies nowhere on Earth. {_AGAIN}")
        return None
    return Shapes(len(start), np.flatnonzero(empty), (~empty).astype(np.int64))


def _bytes(path: Path) -> Bytes:
    return np.memmap(path, dtype=np.uint8, mode="r") if path.stat().st_size else np.empty(0, np.uint8)


def _ints(data: Bytes, at: Ints, order: str = "<") -> Ints:
    """Return the 4-byte integers that begin at these places."""
    found: Ints = data[at[:, None] + np.arange(4)].view(f"{order}i4").ravel().astype(np.int64)
    return found


def _check_header(data: Bytes, name: str, report: Examination) -> int | None:
    """Return the shape type that a header says, or None if it is no header of a whole file."""
    if len(data) < _HEADER_BYTES:
        report.refuse(
            name,
            f"has {len(data)} bytes, but the header alone takes {_HEADER_BYTES}: it is cut off. {_AGAIN}",
        )
        return None
    code, words = _ints(data, np.array([0, 24]), ">")
    version, shape_type = _ints(data, np.array([28, 32]))
    if code != _FILE_CODE or version != _VERSION:
        report.refuse(
            name,
            f"begins with {code}, {version}, expected {_FILE_CODE}, {_VERSION}. {_AGAIN}",
        )
        return None
    if words * 2 != len(data):
        report.refuse(
            name,
            f"has {len(data)} bytes, but its header says {words * 2}: it is cut off or damaged. {_AGAIN}",
        )
        return None
    return int(shape_type)


def _find_records(
    data: Bytes, index: Bytes, names: tuple[str, str], report: Examination
) -> tuple[Ints, Ints] | None:
    """Return where the records' contents begin and their sizes, if index and file agree on every record."""
    shp_name, shx_name = names
    count, rest = divmod(len(index) - _HEADER_BYTES, 8)
    if rest or not 0 < count <= MAX_RECORDS:
        said = f"has {count} records" if not rest else "ends inside a record"
        report.refuse(shx_name, f"{said}, expected 1 to {MAX_RECORDS:,} whole ones. {_AGAIN}")
        return None
    entries = index[_HEADER_BYTES:].view(">i4").astype(np.int64).reshape(-1, 2) * 2
    offset, size = entries[:, 0], entries[:, 1]
    end = offset + _RECORD_HEADER_BYTES + size
    fits = (size >= 4) & (offset == np.concatenate([[_HEADER_BYTES], end[:-1]])) & (end <= len(data))
    if not fits.all():
        wrong = np.flatnonzero(~fits)[:1]
        report.refuse(
            shx_name,
            f"{rows(wrong)}: does not fit {shp_name}, where records follow each other without gaps. {_AGAIN}",
        )
        return None
    if end[-1] != len(data):
        report.refuse(
            shx_name, f"ends with {rows([count - 1])}, but {shp_name} goes on: records are missing. {_AGAIN}"
        )
        return None
    number, length = _ints(data, offset, ">"), _ints(data, offset + 4, ">") * 2
    first = 0 if number[0] == 0 else 1  # some programs count from 0
    wrong = np.flatnonzero((number != np.arange(first, count + first)) | (length != size))
    if wrong.size:
        report.refuse(
            shp_name, f"{rows(wrong)}: number or length of the record is not what {shx_name} says. {_AGAIN}"
        )
        return None
    return offset + _RECORD_HEADER_BYTES, size


def _measure(
    data: Bytes,
    start: Ints,
    size: Ints,
    empty: npt.NDArray[np.bool_],
    shape_type: int,
    name: str,
    report: Examination,
) -> _Records | None:
    """Return the numbers of parts and points, if they fit the sizes of the records."""
    short = np.flatnonzero(~empty & (size < _INDEXES_AT))
    if short.size:
        report.refuse(name, f"{rows(short)}: the record is too short for a polygon. {_AGAIN}")
        return None
    parts, points = np.zeros_like(size), np.zeros_like(size)
    parts[~empty] = _ints(data, start[~empty] + _PARTS_AT)
    points[~empty] = _ints(data, start[~empty] + _POINTS_AT)
    bare = _INDEXES_AT + 4 * parts + 16 * points
    extra = 16 + 8 * points
    fits = bare + (extra if shape_type == _POLYGON_Z else 0) == size
    if shape_type in (_POLYGON_Z, _POLYGON_M):  # measures may be there or not
        fits |= bare + (extra * 2 if shape_type == _POLYGON_Z else extra) == size
    hollow = (parts == 0) & (points == 0)
    wrong = np.flatnonzero(~empty & ~(fits & (hollow | ((parts >= 1) & (points >= 4 * parts)))))
    if wrong.size:
        at = wrong[0]
        given = f"{parts[at]:,} rings with {points[at]:,} points do not fit its {size[at]:,} bytes"
        report.refuse(name, f"{rows(wrong)}: {given}, expected rings of 4 points or more. {_AGAIN}")
        return None
    return _Records(start, size, parts, points)


def _check_polygons(data: Bytes, records: _Records, at: Ints, name: str, report: Examination) -> None:
    """Check rings, coordinates and boxes of the records that have a geometry."""
    if not at.size:
        return
    points_before = np.concatenate([[0], np.cumsum(records.points[at])])
    ring_start, ring_of = _rings(data, records, at)
    ring_row = at[ring_of]
    first = ring_start == 0
    new_row = np.concatenate([[True], ring_of[1:] != ring_of[:-1]])
    ring_end = np.concatenate([ring_start[1:], [0]])
    ring_end[np.concatenate([new_row[1:], [True]])] = records.points[at]
    wrong = (first != new_row) | (ring_start < 0) | (ring_end - ring_start < 4)
    if wrong.any():
        report.refuse(
            name,
            f"{rows(ring_row[wrong])}: rings that are not in order, or of less than 4 points. {_AGAIN}",
        )
        return
    xy = _coordinates(data, records, at)
    with np.errstate(invalid="ignore"):
        absurd = np.flatnonzero(~(np.abs(xy) < MAX_COORDINATE).all(axis=1))
    if absurd.size:
        where = at[np.searchsorted(points_before, absurd, side="right") - 1]
        x, y = xy[absurd[0]]
        report.refuse(
            name, f"{rows(where)}: coordinates such as ({x:g}, {y:g}) are no place on Earth. {_AGAIN}"
        )
        return
    base = points_before[ring_of]
    open_rings = (xy[base + ring_start] != xy[base + ring_end - 1]).any(axis=1)
    if open_rings.any():
        report.refuse(name, f"{rows(ring_row[open_rings])}: a ring does not end where it begins. {_AGAIN}")
    _check_boxes(data, records, at, xy, points_before, name, report)


def _rings(data: Bytes, records: _Records, at: Ints) -> tuple[Ints, Ints]:
    """Return each ring's first point, counted in its record, and which of the records it is in."""
    places = zip((records.start[at] + _INDEXES_AT).tolist(), records.parts[at].tolist(), strict=True)
    starts = [np.frombuffer(data, "<i4", count, place) for place, count in places]
    return np.concatenate(starts).astype(np.int64), np.repeat(np.arange(at.size), records.parts[at])


def _coordinates(data: Bytes, records: _Records, at: Ints) -> Floats:
    """Return the points of all records, one after the other, as an array of x and y."""
    start = records.start[at] + _INDEXES_AT + 4 * records.parts[at]
    places = zip(start.tolist(), (2 * records.points[at]).tolist(), strict=True)
    found: Any = np.concatenate([np.frombuffer(data, "<f8", count, place) for place, count in places])
    return found.astype(np.float64, copy=False).reshape(-1, 2)  # type: ignore[no-any-return]


def _check_boxes(
    data: Bytes, records: _Records, at: Ints, xy: Floats, points_before: Ints, name: str, report: Examination
) -> None:
    """Compare the boxes that are written in records and header with those of the coordinates."""
    begin = points_before[:-1]
    boxes = np.hstack([np.minimum.reduceat(xy, begin), np.maximum.reduceat(xy, begin)])
    written = data[(records.start[at] + _BOX.start)[:, None] + np.arange(32)].view("<f8")
    wrong = ~_close(written, boxes)
    if wrong.any():
        report.refuse(
            name,
            f"{rows(at[wrong])}: the record's box is not that of its coordinates, one is damaged. {_AGAIN}",
        )
    whole = np.hstack([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)])
    header = data[36:68].view("<f8")
    if not wrong.any() and not _close(header[None], whole[None])[0]:
        message = f"the extent in the header is {_box(header)}, that of the coordinates {_box(whole)}"
        remedy = "see whether features are missing; save it again in QGIS to set it right"
        report.warn("boundary-extent", name, message, remedy)


def _close(written: Floats, computed: Floats) -> npt.NDArray[np.bool_]:
    """Tell which boxes are the same, but for what a program may have rounded off."""
    with np.errstate(invalid="ignore", over="ignore"):
        near = np.abs(written - computed) <= 1e-9 + 1e-12 * np.abs(computed)
    return np.asarray(near.all(axis=1))


def _box(box: Floats) -> str:
    return "(" + ", ".join(f"{number:g}" for number in box) + ")"

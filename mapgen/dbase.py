"""Examine the attribute table of a shapefile (.dbf) before GDAL reads it.

In: the path of a .dbf and what its .cpg says. Out: number of records, which are deleted, and the encoding
of the text. GDAL reads a table as far as it goes, takes any bytes for text and anything for a number: so
lengths, counts and every value are looked at here. Makes no table of values: GDAL does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from mapgen.encodings import find_encoding
from mapgen.errors import quoted
from mapgen.examination import Examination, rows

MAX_FIELDS = 255

_HEADER_BYTES = 32
_FIELD_BYTES = 32
_TEXT_KINDS = "CM"
_EXPECTED = {
    "N": (re.compile(rb"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|\*+|"), "a number"),
    "F": (re.compile(rb"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|\*+|"), "a number"),
    "D": (re.compile(rb"\d{8}|0|"), "a date as YYYYMMDD"),
    "L": (re.compile(rb"[TtFfYyNn?]|"), "T or F"),
}
_FIXED_LENGTHS = {"L": 1, "D": 8, "M": 10}
_KEPT, _DELETED = 0x20, 0x2A
# Text begins at the left of its column: what stands behind blanks is often a damaged byte.
_ODD_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|^ {2,}\\S|\\S {4,}\\S", re.MULTILINE)
_AGAIN = (
    "Copy the file again from where it came from, or open the shapefile in QGIS and save it as a new one."
)

Table = npt.NDArray[np.uint8]
"""One row of bytes for each record."""


@dataclass(frozen=True, slots=True)
class Attributes:
    """What an attribute table holds.

    Attributes
    ----------
    count : int
        Number of records, the deleted ones among them.
    deleted : array of int
        Indexes (from 0) of the records that are marked as deleted; GDAL leaves them out.
    encoding : str
        Name of the codec that every text in it can be read with.
    """

    count: int
    deleted: npt.NDArray[np.int64]
    encoding: str


@dataclass(frozen=True, slots=True)
class _Field:
    name: bytes
    kind: str
    start: int
    length: int
    decimals: int

    @property
    def shown(self) -> str:
        return quoted(self.name.decode("utf-8", "backslashreplace"))

    def values(self, table: Table) -> list[bytes]:
        """Return the column's values, without NULs at the end."""
        column = np.ascontiguousarray(table[:, self.start : self.start + self.length])
        found: list[bytes] = column.view(f"S{self.length}").ravel().tolist()
        return found


def examine_attributes(
    dbf: Path, cpg: str | None, names: tuple[str, str], report: Examination
) -> Attributes | None:
    """Examine an attribute table.

    Parameters
    ----------
    dbf : Path
        A regular file.
    cpg : str or None
        The content of the .cpg beside it, None if there is none.
    names : tuple of str
        How messages call the .dbf and the .cpg.
    report : Examination
        Takes what is wrong.

    Returns
    -------
    Attributes or None
        None if there is no use in looking further.
    """
    name = names[0]
    with dbf.open("rb") as file:
        header = file.read(_HEADER_BYTES + MAX_FIELDS * _FIELD_BYTES + 264)
    if len(header) <= _HEADER_BYTES:
        report.refuse(
            name, f"has {len(header)} bytes, less than the header of a table: it is cut off. {_AGAIN}"
        )
        return None
    fields = _read_fields(header)
    if not _check_fields(fields, header, name, report):
        return None
    table = _read_table(dbf, header, name, report)
    if table is None:
        return None
    texts = {each.name: each.values(table) if each.kind in _TEXT_KINDS else [] for each in fields}
    encoding = find_encoding(texts, cpg, header[29], names, report)
    if encoding is None:
        return None
    for each in fields:
        if each.kind in _TEXT_KINDS:
            _check_texts(each, texts[each.name], encoding, name, report)
        else:
            _check_values(each, each.values(table), name, report)
    _warn_of_blanks(table, name, report)
    return Attributes(len(table), np.flatnonzero(table[:, 0] == _DELETED), encoding)


def _read_fields(header: bytes) -> list[_Field]:
    """Return the fields that a header describes, up to the byte that ends it."""
    fields: list[_Field] = []
    at, start = _HEADER_BYTES, 1
    while len(fields) < MAX_FIELDS and len(header) >= at + _FIELD_BYTES and header[at] != 0x0D:
        entry = header[at : at + _FIELD_BYTES]
        kind, length, decimals = chr(entry[11]), entry[16], entry[17]
        if kind == "C":  # texts of more than 255 bytes
            length, decimals = length + 256 * decimals, 0
        fields.append(_Field(entry[:11].partition(b"\0")[0], kind, start, length, decimals))
        at, start = at + _FIELD_BYTES, start + length
    return fields


def _check_fields(fields: list[_Field], header: bytes, name: str, report: Examination) -> bool:
    """Tell whether the fields fit the lengths in the header and are of known types."""
    end = _HEADER_BYTES + _FIELD_BYTES * len(fields)
    header_length, record_length = (int.from_bytes(header[at : at + 2], "little") for at in (8, 10))
    # behind the byte that ends the fields there may be one of padding, or FoxPro's link to a database
    ends = header[end : end + 1] == b"\x0d" and header_length - end in (1, 2, 264)
    if not fields or not ends or fields[-1].start + fields[-1].length != record_length:
        report.refuse(name, f"the columns in its header do not fit the lengths that it says. {_AGAIN}")
        return False
    sound = True
    seen: set[bytes] = set()
    for number, column in enumerate(fields, 1):
        fault = _fault(column, seen)
        seen.add(column.name.upper())
        if fault:
            report.refuse(
                name, f"column {number}, {column.shown}: {fault}. Drop it or save the layer anew in QGIS."
            )
            sound = False
        elif not re.fullmatch(rb"[A-Za-z_\x80-\xff][\w\x80-\xff:.-]*", column.name):
            message = f"column {number} has the odd name {column.shown}"
            report.warn("boundary-column", name, message, "compare it with where the file came from")
    return sound


def _fault(column: _Field, seen: set[bytes]) -> str:
    """Return what is wrong with a field, empty if nothing is."""
    if column.kind not in _EXPECTED and column.kind not in _TEXT_KINDS:
        return f"type {quoted(column.kind)}, expected text, number, date or logical"
    if not column.length or column.length != _FIXED_LENGTHS.get(column.kind, column.length):
        return f"{column.length} bytes do not fit its type {column.kind}"
    if not column.name or re.search(rb"[\x00-\x1f\x7f]", column.name):
        return "the name is empty or has control characters"
    if column.name.upper() in seen:
        return "there is another column of this name"
    return ""


def _read_table(dbf: Path, header: bytes, name: str, report: Examination) -> Table | None:
    """Return the bytes of the records, if the file has as many as its header says."""
    count = int.from_bytes(header[4:8], "little")
    begin, size = (int.from_bytes(header[at : at + 2], "little") for at in (8, 10))
    room = dbf.stat().st_size - begin
    if not 0 <= room - count * size < max(size, 2):
        message = f"its header says {count:,} records, but there is room for {max(room, 0) // size:,}"
        report.refuse(name, f"{message}: it is cut off or damaged. {_AGAIN}")
        return None
    shape = (count, size)
    table = np.memmap(dbf, np.uint8, "r", begin, shape) if count else np.empty(shape, np.uint8)
    odd = np.flatnonzero((table[:, 0] != _KEPT) & (table[:, 0] != _DELETED))
    if odd.size:
        report.refuse(name, f"{rows(odd)}: the record does not begin as records do. {_AGAIN}")
        return None
    return table


def _check_values(column: _Field, values: list[bytes], name: str, report: Examination) -> None:
    """Refuse numbers, dates and logical values that are none."""
    pattern, expected = _EXPECTED[column.kind]
    wrong = [row for row, value in enumerate(values) if not pattern.fullmatch(value.strip(b" \0"))]
    if wrong:
        given = quoted(values[wrong[0]].strip().decode("ascii", "backslashreplace"))
        report.refuse(name, f"{rows(wrong)}, column {column.shown}: {given}, expected {expected}. {_AGAIN}")
    elif column.kind == "N" and column.decimals == 0:
        cut = [row for row, value in enumerate(values) if b"." in value or b"e" in value.lower()]
        if cut:  # GDAL would cut them off
            report.refuse(
                name, f"{rows(cut)}, column {column.shown}: a fraction among whole numbers. {_AGAIN}"
            )


def _check_texts(column: _Field, values: list[bytes], encoding: str, name: str, report: Examination) -> None:
    """Warn of text that looks as if bytes of it were damaged."""
    texts = [value.rstrip(b" \0") for value in values]
    if not _ODD_TEXT.search(b"\n".join(texts).decode(encoding)):
        return
    odd = [row for row, text in enumerate(texts) if _ODD_TEXT.search(text.decode(encoding))]
    message = f"{rows(odd)}, column {column.shown}: control characters or wide gaps in a text"
    report.warn("boundary-text", name, message, "compare it with where the file came from: it may be damaged")


def _warn_of_blanks(table: Table, name: str, report: Examination) -> None:
    """Warn of records with NULs, where the others have blanks: a lost block reads as empty values."""
    blank = (table == 0).any(axis=1)
    if 0 < blank.sum() <= len(table) // 2:
        message = f"{rows(np.flatnonzero(blank))}: NULs in the record, where others have blanks"
        report.warn(
            "boundary-blank", name, message, "compare it with where the file came from: it may be damaged"
        )

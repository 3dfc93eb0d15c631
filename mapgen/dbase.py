"""Examine the attribute table of a shapefile (.dbf) before GDAL reads it.

In: the path of a .dbf and what its .cpg says. Out: number of records, which are deleted, and the encoding that all its
text was found to be in. GDAL reads a table as far as it goes, takes any bytes for text and anything for a number: so
lengths, counts and every value are looked at here. Makes no table of values: GDAL does.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from mapgen.errors import quoted
from mapgen.examination import Examination, rows

MAX_FIELDS = 255

_HEADER_BYTES = 32
_FIELD_BYTES = 32
_FIELD_TYPES = "CNFLDM"
_FIXED_LENGTHS = {"L": 1, "D": 8, "M": 10}
_KEPT, _DELETED = 0x20, 0x2A
_NUMBER = re.compile(rb"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|\*+|", re.ASCII)
_DATE = re.compile(rb"\d{8}|0|", re.ASCII)
_LOGICAL = re.compile(rb"[TtFfYyNn?]|", re.ASCII)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_GAP = re.compile("\\S {4,}\\S")
# Language driver ids that name one code page; 0x57 and 0 say nothing.
_LANGUAGES = {
    0x01: "cp437", 0x02: "cp850", 0x03: "cp1252", 0x26: "cp866", 0x64: "cp852", 0x65: "cp866", 0x4D: "cp936",
    0x7B: "cp932", 0x7D: "cp1255", 0x7E: "cp1256", 0xC8: "cp1250", 0xC9: "cp1251", 0xCA: "cp1254", 0xCB: "cp1253", 0xCC: "cp1257",
}  # fmt: skip
_AGAIN = (
    "Copy the file again from where it came from, or open the shapefile in QGIS and save it as a new one."
)

Table = npt.NDArray[np.uint8]


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
        Name of the codec that every text in it was read with.
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


def examine_attributes(
    dbf: Path, cpg: str | None, names: tuple[str, str], report: Examination
) -> Attributes | None:
    """Examine an attribute table.

    Parameters
    ----------
    dbf : Path
        A regular file.
    cpg : str or None
        The content of the .cpg beside it.
    names : tuple of str
        How messages call the .dbf and the .cpg.
    report : Examination
        Takes what is wrong.

    Returns
    -------
    Attributes or None
        None if there is no use in looking further.
    """
    name, cpg_name = names
    with dbf.open("rb") as file:
        header = file.read(_HEADER_BYTES + MAX_FIELDS * _FIELD_BYTES + 264)
    size = dbf.stat().st_size
    if len(header) <= _HEADER_BYTES:
        report.refuse(name, f"has {size} bytes, less than the header of a table: it is cut off. {_AGAIN}")
        return None
    count = int.from_bytes(header[4:8], "little")
    header_length = int.from_bytes(header[8:10], "little")
    record_length = int.from_bytes(header[10:12], "little")
    fields = _read_fields(header, header_length, record_length, name, report)
    if fields is None:
        return None
    rest = size - header_length - count * record_length
    if rest < 0 or rest >= max(record_length, 2):
        holds = max(size - header_length, 0) // record_length
        report.refuse(
            name,
            f"its header says {count:,} records, but there is room for {holds:,}: it is cut off or damaged. {_AGAIN}",
        )
        return None
    shape = (count, record_length)
    data = np.memmap(dbf, np.uint8, "r", header_length, shape) if count else np.empty(shape, np.uint8)
    marks = data[:, 0]
    odd = np.flatnonzero((marks != _KEPT) & (marks != _DELETED))
    if odd.size:
        report.refuse(name, f"{rows(odd)}: the record does not begin as records do. {_AGAIN}")
        return None
    encoding = _find_encoding(data, fields, cpg, header[29], names, report)
    if encoding is None:
        return None
    _check_values(data, fields, encoding, name, report)
    return Attributes(count, np.flatnonzero(marks == _DELETED), encoding)


def _read_fields(
    header: bytes, header_length: int, record_length: int, name: str, report: Examination
) -> list[_Field] | None:
    """Return the fields that the header describes, if they fit the lengths that it says."""
    fields: list[_Field] = []
    at, start = _HEADER_BYTES, 1
    while len(fields) <= MAX_FIELDS and len(header) >= at + _FIELD_BYTES and header[at] != 0x0D:
        entry = header[at : at + _FIELD_BYTES]
        kind = chr(entry[11])
        length, decimals = entry[16], entry[17]
        if kind == "C":
            length, decimals = (
                length + 256 * decimals,
                0,
            )  # as some programs write texts of more than 255 bytes
        fields.append(_Field(entry[:11].partition(b"\0")[0], kind, start, length, decimals))
        at, start = at + _FIELD_BYTES, start + length
    # the terminator, sometimes with a byte of padding, or with FoxPro's link to a database
    ends = len(header) > at and header[at] == 0x0D and header_length - at in (1, 2, 264)
    if not fields or not ends or start != record_length:
        report.refuse(name, f"the columns in its header do not fit the lengths that it says. {_AGAIN}")
        return None
    sound = True
    for number, column in enumerate(fields, 1):
        called = f"column {number}, {_shown(column.name)}"
        if column.kind not in _FIELD_TYPES:
            given = quoted(column.kind)
            report.refuse(
                name,
                f"{called}: type {given}, expected text, number, date or logical. Drop the column in QGIS, or: {_AGAIN}",
            )
            sound = False
        elif not column.length or column.length != _FIXED_LENGTHS.get(column.kind, column.length):
            report.refuse(
                name, f"{called}: {column.length} bytes do not fit its type {column.kind}. {_AGAIN}"
            )
            sound = False
        elif not column.name or re.search(rb"[\x00-\x1f\x7f]", column.name):
            report.refuse(name, f"{called}: the name is empty or has control characters. {_AGAIN}")
            sound = False
    folded = [column.name.upper() for column in fields]
    if len(set(folded)) < len(folded):
        twice = next(each for each in folded if folded.count(each) > 1)
        report.refuse(
            name, f"several columns are called {_shown(twice)}. Rename or drop one in QGIS, or: {_AGAIN}"
        )
        sound = False
    return fields if sound else None


def _shown(name: bytes) -> str:
    return quoted(name.decode("utf-8", "backslashreplace"))


def _texts(data: Table, field: _Field) -> npt.NDArray[np.bytes_]:
    """Return a column's values as bytes, without NULs at the end."""
    column = np.ascontiguousarray(data[:, field.start : field.start + field.length])
    return column.view(f"S{field.length}").ravel()


def _find_encoding(
    data: Table,
    fields: list[_Field],
    cpg: str | None,
    language: int,
    names: tuple[str, str],
    report: Examination,
) -> str | None:
    """Return the encoding of the table's text: what the .cpg says, or UTF-8, or what the header says, if it fits."""
    name, cpg_name = names
    texts = [column for column in fields if column.kind in "CM"]
    utf8 = _first_undecodable(data, texts, fields, "utf-8")
    if cpg is not None and cpg.strip():
        encoding = codec_of(cpg)
        if encoding is None:
            report.refuse(
                cpg_name,
                f"unknown encoding {quoted(cpg.strip())}, expected one such as UTF-8 or 1251. Write the right one into it.",
            )
            return None
        wrong = utf8 if encoding == "utf-8" else _first_undecodable(data, texts, fields, encoding)
        if wrong is not None:
            remedy = "Write the encoding that the file is in, such as 1251 or ISO-8859-1, into the .cpg, or save it again in QGIS."
            report.refuse(name, f"{wrong} is not {quoted(cpg.strip())}, which {cpg_name} names. {remedy}")
            return None
        if encoding != "utf-8" and utf8 is None and _beyond_ascii(data, texts):
            message = f"{cpg_name} says {quoted(cpg.strip())}, but all of the text is well-formed UTF-8"
            report.warn(
                "boundary-encoding", name, message, f"if names look garbled, write UTF-8 into {cpg_name}"
            )
        return encoding
    if utf8 is None:
        return "utf-8"
    guess = _LANGUAGES.get(language)
    if guess is not None and _first_undecodable(data, texts, fields, guess) is None:
        message = f"{utf8} is not UTF-8, and there is no .cpg; read as {guess}, which its header says"
        report.warn(
            "boundary-encoding",
            name,
            message,
            f"if names look garbled, add {cpg_name} with the name of the encoding",
        )
        return guess
    remedy = f"Add {cpg_name}, a text file that names the encoding, such as 1251 or ISO-8859-1, or save it again in QGIS as UTF-8."
    report.refuse(name, f"{utf8} is not UTF-8, and nothing says what it is. {remedy}")
    return None


def codec_of(cpg: str) -> str | None:
    """Return the codec that the content of a .cpg names, or None if it is unknown or no superset of ASCII.

    Examples
    --------
    >>> codec_of("UTF8"), codec_of("ANSI 1251"), codec_of("88591"), codec_of("klingon")
    ('utf-8', 'cp1251', 'iso8859-1', None)
    """
    text = cpg.strip().lower()
    numbered = re.fullmatch(r"(?:ansi|oem|cp|windows)?[\s_-]*(\d{3,5})", text)
    if numbered:
        number = numbered[1]
        text = (
            "utf-8"
            if number == "65001"
            else f"iso-8859-{number[4:]}"
            if number.startswith("8859")
            else f"cp{number}"
        )
    try:
        codec = codecs.lookup(text).name
        ascii_text = bytes(range(0x20, 0x7F))
        return codec if ascii_text.decode(codec) == ascii_text.decode("ascii") else None
    except (LookupError, ValueError, UnicodeError):
        return None


def _beyond_ascii(data: Table, texts: list[_Field]) -> bool:
    return any(bool((data[:, column.start : column.start + column.length] >= 0x80).any()) for column in texts)


def _first_undecodable(data: Table, texts: list[_Field], fields: list[_Field], encoding: str) -> str | None:
    """Return which text cannot be read in an encoding, as a message names it; None if all can."""
    for number, column in enumerate(fields, 1):
        try:
            column.name.decode(encoding)
        except UnicodeError:
            return f"the name of column {number}, {_shown(column.name)},"
    for column in texts:
        values = _texts(data, column)
        try:
            b"\n".join(values.tolist()).decode(encoding)
        except UnicodeError:
            for row, value in enumerate(values.tolist()):
                try:
                    value.decode(encoding)
                except UnicodeError:
                    return f"{rows([row])}, column {_shown(column.name)}: {quoted(value.strip().decode('ascii', 'backslashreplace'))}"
    return None


def _check_values(data: Table, fields: list[_Field], encoding: str, name: str, report: Examination) -> None:
    """Check every value of every column."""
    for column in fields:
        values = _texts(data, column)
        called = f"column {_shown(column.name)}"
        if column.kind in "CM":
            _check_texts(values, called, encoding, name, report)
            continue
        pattern, expected = {"L": (_LOGICAL, "T or F"), "D": (_DATE, "YYYYMMDD")}.get(
            column.kind, (_NUMBER, "a number")
        )
        kept = values.tolist()
        wrong = [row for row, value in enumerate(kept) if not pattern.fullmatch(value.strip(b" \0"))]
        if wrong:
            given = quoted(kept[wrong[0]].strip().decode("ascii", "backslashreplace"))
            report.refuse(name, f"{rows(wrong)}, {called}: {given}, expected {expected}. {_AGAIN}")
        elif column.kind == "N" and column.decimals == 0:
            cut = [row for row, value in enumerate(kept) if b"." in value or b"e" in value.lower()]
            if cut:
                report.refuse(
                    name, f"{rows(cut)}, {called}: a fraction in a column of whole numbers. {_AGAIN}"
                )


def _check_texts(
    values: npt.NDArray[np.bytes_], called: str, encoding: str, name: str, report: Examination
) -> None:
    """Warn of text that looks as if bytes of it were damaged."""
    joined = b"\n".join(value.rstrip(b" \0") for value in values.tolist())
    if len(joined) < len(values):
        return
    text = joined.decode(encoding)
    if not _CONTROL.search(text) and not _GAP.search(text):
        return
    damaged = [
        row for row, value in enumerate(text.split("\n")) if _CONTROL.search(value) or _GAP.search(value)
    ]
    message = (
        f"{rows(damaged)}, {called}: control characters or a wide gap inside a text, as in a damaged file"
    )
    report.warn("boundary-text", name, message, "compare it with where it came from")

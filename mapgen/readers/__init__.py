"""Files of claims in, documents for ``annotations`` out: a small reader for each format that claims come in.

All readers give what the YAML reader gives, so that the same rules and the same words hold for all, and tell
where in the file a value stands. What a file has that an annotation has no place for is told in notes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from mapgen.documents import read_document
from mapgen.entries import AnnotationFile, Format
from mapgen.errors import InputError, Position, Problem

if TYPE_CHECKING:
    from mapgen.readers.table import Reading, Table

SUFFIXES: dict[str, Format | None] = {
    ".yaml": "yaml",
    ".yml": "yaml",
    ".csv": "csv",
    ".tsv": "csv",
    ".xlsx": "xlsx",
    ".geojson": "geojson",
    ".json": None,
    ".jsonld": "webannotation",
    ".kml": "kml",
    ".gpkg": "geopackage",
    ".shp": "shapefile",
}
"""What a file is by its name; JSON is known by what it holds."""


def read_claims(folder: Path, file: str, entry: AnnotationFile) -> Reading:
    """Read the claims of one file.

    Parameters
    ----------
    folder : Path
        The project folder.
    file : str
        Path of the file in it.
    entry : AnnotationFile
        What the project file says of the file: format, columns, layer and source of its claims.

    Returns
    -------
    Reading
        Its document, in the form of a YAML file, goes to ``annotations.read_annotations``.

    Raises
    ------
    InputError
        If the file cannot be read, or is no file of claims; holds everything that is wrong with it.
    """
    from mapgen.readers.table import Reading

    suffix = PurePosixPath(file.partition("|")[0]).suffix.lower()
    kind = entry.format or SUFFIXES.get(suffix) or "json"
    if kind == "yaml":
        return Reading(read_document(folder / file, file))
    return _READERS[kind](folder, file, entry)


def is_known(file: str) -> bool:
    """Tell whether a file's name says that it can hold claims."""
    return PurePosixPath(file.partition("|")[0]).suffix.lower() in SUFFIXES


def _read_csv(folder: Path, file: str, entry: AnnotationFile) -> Reading:
    from mapgen.readers.delimited import open_csv, unmarked
    from mapgen.readers.table import read_table

    table = open_csv(folder / file, file)
    _check_vocabulary(table, entry)
    return read_table(unmarked(table), entry)


def _read_xlsx(folder: Path, file: str, entry: AnnotationFile) -> Reading:
    from mapgen.readers.spreadsheet import open_xlsx
    from mapgen.readers.table import read_table

    table = open_xlsx(folder / file, file)
    _check_vocabulary(table, entry)
    return read_table(table, entry)


def _read_geojson(folder: Path, file: str, entry: AnnotationFile) -> Reading:
    from mapgen.readers.features import read_features
    from mapgen.readers.geojsonfile import open_geojson

    return read_features(open_geojson(folder / file, file), file, entry)


def _read_json(folder: Path, file: str, entry: AnnotationFile) -> Reading:
    """Read a file that is GeoJSON or JSON-LD, by what it holds."""
    from mapgen.readers.geojsonfile import open_json

    top = open_json(folder / file, file)
    linked = isinstance(top, list) or (isinstance(top, dict) and "@context" in top)
    return (_read_webannotation if linked else _read_geojson)(folder, file, entry)


def _read_kml(folder: Path, file: str, entry: AnnotationFile) -> Reading:
    from mapgen.readers.features import read_features
    from mapgen.readers.kmlfile import open_kml

    return read_features(open_kml(folder / file, file), file, entry)


def _read_vector(folder: Path, file: str, entry: AnnotationFile) -> Reading:
    from mapgen.readers.features import read_features
    from mapgen.readers.vectordata import open_vector

    features, findings = open_vector(folder, file)
    reading = read_features(features, file.partition("|")[0], entry)
    return replace(reading, notes=[*findings, *reading.notes])


def _read_webannotation(folder: Path, file: str, entry: AnnotationFile) -> Reading:
    from mapgen.readers.webannotation import read_webannotation

    return read_webannotation(folder / file, file, entry)


def _read_export(folder: Path, file: str, entry: AnnotationFile) -> Reading:
    """Read a table in the vocabulary of ACLED or UCDP, be it CSV or XLSX."""
    from mapgen.readers import acled, ucdp
    from mapgen.readers.delimited import open_csv
    from mapgen.readers.spreadsheet import open_xlsx
    from mapgen.readers.table import read_table

    name, words = ("ACLED", acled) if entry.format == "acled" else ("UCDP", ucdp)
    missing = [key for key in ("layer", "source") if getattr(entry, key) is None]
    if missing:
        named = " and ".join(f"a {key}" for key in missing)
        example = f"{{file: {file}, format: {entry.format}, layer: ..., source: ...}}"
        message = f"an export of {name} does not name {named} of the project. Write {example}."
        raise InputError(Problem(Position(file), message))
    is_xlsx = file.lower().endswith(".xlsx")
    table = (
        open_xlsx(folder / file, file) if is_xlsx else open_csv(folder / file, file, frozenset(words.COLUMNS))
    )
    return read_table(
        table, entry, known=words.USED, needed=words.NEEDED, places=(), strict=False, convert=words.convert
    )


def _check_vocabulary(table: Table, entry: AnnotationFile) -> None:
    """Refuse an export of ACLED or UCDP that the project file does not call one."""
    from mapgen.readers import acled, ucdp
    from mapgen.readers.columns import normalised

    names = {normalised(name) for name in table.names}
    for kind, words in (("acled", acled), ("ucdp", ucdp)):
        if names.issuperset(words.NEEDED) and entry.columns is None:
            example = f"{{file: {table.file}, format: {kind}, layer: ..., source: ...}}"
            message = (
                f"these are the columns of an export of {kind.upper()}. Write {example} in the project file."
            )
            raise InputError(Problem(table.locate(None, None), message))


_READERS: dict[str, Callable[[Path, str, AnnotationFile], Reading]] = {
    "csv": _read_csv,
    "xlsx": _read_xlsx,
    "json": _read_json,
    "geojson": _read_geojson,
    "kml": _read_kml,
    "geopackage": _read_vector,
    "shapefile": _read_vector,
    "webannotation": _read_webannotation,
    "acled": _read_export,
    "ucdp": _read_export,
}

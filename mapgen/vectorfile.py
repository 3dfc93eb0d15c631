"""Read a user's own boundary file, after looking at it with distrust.

In: the path of a shapefile, a zipped one, a GeoPackage or a GeoJSON file. Out: its features as polygons in
degrees, and what was mended or assumed. GDAL opens only files whose first bytes are those of the format
that their name promises, which are whole and hold together (`packing`, `shapefile`, `dbase`, `geojson`);
what it read is looked at again (`mending`). Which column holds the code is not known here (`boundaries`).
"""

from __future__ import annotations

import os
import re
import sqlite3
import stat
import time
import warnings
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from mapgen.dbase import Attributes, examine_attributes
from mapgen.errors import BoundaryDataError, Position, Problem, quoted, suggest
from mapgen.examination import Examination
from mapgen.gdal import forbid_virtual_files
from mapgen.geojson import examine_geojson
from mapgen.mending import mend
from mapgen.model import Finding
from mapgen.packing import Parts, alone, find_parts, unpacked
from mapgen.shapefile import Shapes, examine_points, examine_shapes

forbid_virtual_files()

MAX_BYTES = 2 * 1024**3
MAX_PRJ_BYTES = 64 * 1024
MAX_CHECK_SECONDS = 8.0

_MAGIC = {
    ".shp": (b"\x00\x00\x27\x0a", "a shapefile"),
    ".zip": (b"PK\x03\x04", "a zip file"),
    ".gpkg": (b"SQLite format 3\x00", "a GeoPackage"),
    ".geojson": (b"{", "a GeoJSON file"),
    ".json": (b"{", "a GeoJSON file"),
}
_KINDS = (
    "a shapefile (.shp), a zip with one shapefile in it, a GeoPackage (.gpkg) or a GeoJSON file (.geojson)"
)
_Examine = Callable[[Path, Path, tuple[str, str], Examination], Shapes | None]
_ELSEWHERE = re.compile(r"/vsi|\\\\|[a-z][a-z0-9_+.-]+:|.*://", re.IGNORECASE)
_SAVE_AGAIN = "Open it in QGIS and save it again as a GeoPackage."


@dataclass(frozen=True, slots=True)
class VectorFile:
    """A boundary file that is there and of a known kind; what it holds is examined when it is read.

    Attributes
    ----------
    shown : str
        Its path as the user gave it, for messages.
    path : Path
        Where it is.
    layer : str or None
        Layer of a GeoPackage.
    """

    shown: str
    path: Path
    layer: str | None = None

    @property
    def position(self) -> Position:
        """Position of the whole file, for problems and findings."""
        return Position(self.shown)

    def read(self, columns: Sequence[str] | None = None) -> tuple[gpd.GeoDataFrame, list[Finding]]:
        """Read the features.

        Parameters
        ----------
        columns : sequence of str, optional
            Columns to read besides the geometry; all by default, and those that are not there are left out.

        Returns
        -------
        features : GeoDataFrame of (Multi)Polygon, EPSG:4326
            Valid geometries in the order of the file; features without one are left out.
        findings : list of Finding
            What was mended, left out or assumed.

        Raises
        ------
        BoundaryDataError
            With everything that is wrong, naming files and feature rows (counted from 1).
        """
        report = Examination()
        wanted = None if columns is None else list(columns)
        frame = _READERS[self.path.suffix.lower()](self, wanted, report)
        report.raise_problems()
        frame = mend(frame, self.shown, report)
        report.raise_problems()
        return frame, report.findings

    def read_rows(self) -> tuple[gpd.GeoDataFrame, list[Finding]]:
        """Read the features of a GeoPackage or a shapefile of points as they are, in the CRS of the file.

        Returns
        -------
        features : GeoDataFrame
            Of any geometry in a GeoPackage; those without one are in it.
        findings : list of Finding
            What was left out or assumed.

        Raises
        ------
        BoundaryDataError
            With everything that is wrong, as for `read`.
        """
        report = Examination()
        if self.path.suffix.lower() == ".shp":
            frame = _read_parts(find_parts(self.path, self.shown), None, report, examine=examine_points)
        else:
            frame = _READERS[self.path.suffix.lower()](self, None, report)
        report.raise_problems()
        return frame, report.findings


def open_vector_file(path: str, *, folder: Path | None = None) -> VectorFile:
    """Find a boundary file.

    Parameters
    ----------
    path : str
        Path of a ``.shp``, ``.zip``, ``.gpkg`` (``file.gpkg|layername=name`` if it has several layers),
        ``.geojson`` or ``.json`` file.
    folder : Path, optional
        What a relative path is relative to; the working directory by default.

    Returns
    -------
    VectorFile

    Raises
    ------
    BoundaryDataError
        If it is not there, or not what its name promises.
    """
    name, bar, option = path.partition("|")
    shown = name.replace("\\", "/") if os.sep == "\\" else name
    if _ELSEWHERE.match(name) or "\0" in path:
        raise _refusal(
            shown,
            f"is no path of a file on this machine, expected {_KINDS}. Fetch it first, and give its path.",
        )
    full = (folder or Path()) / name
    suffix = full.suffix.lower()
    if suffix not in _MAGIC:
        raise _refusal(shown, f"is of a kind that cannot be read, expected {_KINDS}. Convert it in QGIS.")
    layer = option.removeprefix("layername=") or None
    if bar and (suffix != ".gpkg" or layer is None or layer == option):
        raise _refusal(
            shown,
            f"{quoted(bar + option)} after the path, expected '|layername=...', after a GeoPackage only.",
        )
    _check_beginning(full, suffix, shown)
    return VectorFile(shown, full, layer)


def _refusal(shown: str, message: str) -> BoundaryDataError:
    return BoundaryDataError(Problem(Position(shown), message))


def _check_beginning(path: Path, suffix: str, shown: str) -> None:
    """Refuse what is no regular file, too large, or does not begin as its name promises."""
    magic, kind = _MAGIC[suffix]
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise _refusal(shown, f"is no regular file, expected {_KINDS}.")
        if status.st_size > MAX_BYTES:
            raise _refusal(
                shown,
                f"has {status.st_size:,} bytes, expected at most {MAX_BYTES:,}. Save only your region.",
            )
        with path.open("rb") as file:
            begin = file.read(64)
    except OSError as error:
        remedy = "Check the path; it is relative to the project folder."
        raise _refusal(
            shown, f"cannot be read: {(error.strerror or 'unknown error').lower()}. {remedy}"
        ) from None
    text = begin.removeprefix(b"\xef\xbb\xbf").lstrip() if magic == b"{" else begin
    if not text.startswith(magic):
        given = quoted(begin[:16].decode("ascii", "backslashreplace")) if begin else "nothing"
        raise _refusal(
            shown,
            f"begins with {given}, not as {kind} does. Copy it again, or give it the name of what it is.",
        )


def _read_shapefile(file: VectorFile, columns: list[str] | None, report: Examination) -> gpd.GeoDataFrame:
    return _read_parts(find_parts(file.path, file.shown), columns, report)


def _read_zip(file: VectorFile, columns: list[str] | None, report: Examination) -> gpd.GeoDataFrame:
    with unpacked(file.path, file.shown) as parts:
        _check_beginning(parts.path(".shp"), ".shp", parts.name(".shp"))
        return _read_parts(parts, columns, report)


def _read_parts(
    parts: Parts, columns: list[str] | None, report: Examination, *, examine: _Examine = examine_shapes
) -> gpd.GeoDataFrame:
    """Read a shapefile after its parts have been examined."""
    parts.require(report)
    shapes = examine(parts.path(".shp"), parts.path(".shx"), (parts.name(".shp"), parts.name(".shx")), report)
    cpg = parts.text(".cpg", MAX_PRJ_BYTES)
    table = examine_attributes(parts.path(".dbf"), cpg, (parts.name(".dbf"), parts.name(".cpg")), report)
    crs = _read_crs(parts, report)
    if shapes is None or table is None:
        report.raise_problems()
    assert shapes is not None and table is not None
    if table.count != shapes.count:
        message = f"has {table.count:,} records, but {parts.name('.shp')} has {shapes.count:,}"
        report.refuse(parts.name(".dbf"), f"{message}. Copy both again from where they came from.")
    report.raise_problems()
    with alone(parts) as path:
        frame = _read_by_gdal(path, parts.name(".shp"), report, columns=columns, encoding=table.encoding)
    frame = frame.set_crs(crs, allow_override=True)
    _check_complete(frame, shapes, table, parts, report)
    return frame


def _read_crs(parts: Parts, report: Examination) -> pyproj.CRS | None:
    """Return the CRS that a .prj names, None if there is none."""
    text, name = parts.text(".prj", MAX_PRJ_BYTES), parts.name(".prj")
    remedy = "Copy it again from where it came from, or set the layer's CRS in QGIS and save it again."
    if text is None:
        return None
    try:
        crs = pyproj.CRS.from_wkt(text)
    except pyproj.exceptions.CRSError:
        report.refuse(name, f"{quoted(text.strip())} is no CRS in WKT. {remedy}")
        return None
    if not (crs.is_geographic or crs.is_projected):
        report.refuse(
            name,
            f"{quoted(crs.name)} is neither a geographic nor a projected CRS. {remedy}",
        )
    elif crs.is_geographic and crs.to_authority() is None:
        message = f"{quoted(crs.name)} has parameters that no known CRS has"
        report.warn(
            "boundary-crs", name, message, "compare the file with where it came from, or save it in EPSG:4326"
        )
    return crs


def _check_complete(
    frame: gpd.GeoDataFrame, shapes: Shapes, table: Attributes, parts: Parts, report: Examination
) -> None:
    """Compare what GDAL read with what the files hold: it leaves things out without a word."""
    name = parts.name(".shp")
    kept = np.setdiff1d(np.arange(shapes.count), table.deleted)
    if table.deleted.size:
        message = f"{table.deleted.size:,} of {table.count:,} records are marked as deleted, and left out"
        report.warn(
            "boundary-deleted",
            parts.name(".dbf"),
            message,
            "save the shapefile again in QGIS, and they are gone",
        )
    geometry = frame.geometry.to_numpy()
    gone = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    expected = np.isin(kept, shapes.empty)
    points = shapes.points[kept].sum()
    if (
        len(frame) != kept.size
        or (gone != expected).any()
        or shapely.get_num_coordinates(geometry).sum() != points
    ):
        report.refuse(
            name, f"not everything in it could be read: its rings contradict each other. {_SAVE_AGAIN}"
        )


def _read_geojson(file: VectorFile, columns: list[str] | None, report: Examination) -> gpd.GeoDataFrame:
    count = examine_geojson(file.path, file.shown, report)
    report.raise_problems()
    with alone(Parts({".geojson": file.path}, file.shown)) as path:
        frame = _read_by_gdal(path, file.shown, report, columns=columns)
    if len(frame) != count:
        report.refuse(file.shown, f"{len(frame):,} of its {count:,} features could be read. {_SAVE_AGAIN}")
    return frame


def _read_geopackage(file: VectorFile, columns: list[str] | None, report: Examination) -> gpd.GeoDataFrame:
    tables = _layers(file)
    if file.layer is None and len(tables) > 1:
        named = ", ".join(map(quoted, tables))
        raise _refusal(
            file.shown, f"has {len(tables)} layers: {named}. Name one: {file.shown}|layername={tables[0]}"
        )
    if file.layer is not None and file.layer not in tables:
        named = ", ".join(map(quoted, tables))
        raise _refusal(
            file.shown, f"has no layer {quoted(file.layer)}, it has {named}.{suggest(file.layer, tables)}"
        )
    with alone(Parts({".gpkg": file.path}, file.shown)) as path:
        return _read_by_gdal(path, file.shown, report, columns=columns, layer=file.layer or tables[0])


def _layers(file: VectorFile) -> list[str]:
    """Return the layers of a GeoPackage that have geometries, if the database in it is whole."""
    end = time.monotonic() + MAX_CHECK_SECONDS
    try:
        with closing(sqlite3.connect(f"{file.path.absolute().as_uri()}?mode=ro", uri=True)) as database:
            database.set_progress_handler(lambda: time.monotonic() > end, 10_000)
            faults = [str(row[0]) for row in database.execute("PRAGMA quick_check(1)")]
            found = database.execute(
                "SELECT table_name FROM gpkg_contents WHERE data_type = 'features' ORDER BY 1"
            )
            tables = [str(row[0]) for row in found]
    except sqlite3.Error as error:
        raise _refusal(
            file.shown, f"is no GeoPackage that can be read: {error}. Copy it again, or save it anew in QGIS."
        ) from None
    if faults != ["ok"]:
        raise _refusal(
            file.shown, f"is damaged: {faults[0].splitlines()[-1]}. Copy it again from where it came from."
        )
    if not tables:
        raise _refusal(
            file.shown, "has no layer with features. Save the territories' polygons into it in QGIS."
        )
    return tables


def _read_by_gdal(path: Path, name: str, report: Examination, **options: Any) -> gpd.GeoDataFrame:
    """Read a file by GDAL, whatever it says against it becoming one of our own errors or findings."""

    def said(message: object) -> str:
        return str(message).replace(str(path), name).replace(str(path.parent), "").splitlines()[0]

    given = {key: value for key, value in options.items() if value is not None}
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            frame = gpd.read_file(path, engine="pyogrio", **given)
    except Exception as error:  # GDAL's reasons to give up come as errors of many kinds
        raise _refusal(
            name, f"cannot be read: {said(error) or type(error).__name__}. {_SAVE_AGAIN}"
        ) from None
    for message in dict.fromkeys(said(warning.message) for warning in caught):
        report.warn("boundary-reader", name, message, "look at the file in QGIS, and save it again")
    if not isinstance(frame, gpd.GeoDataFrame):
        raise _refusal(
            name, "has no geometries, expected polygons. Choose the layer with the areas of the territories."
        )
    return frame


_READERS = {
    ".shp": _read_shapefile,
    ".zip": _read_zip,
    ".gpkg": _read_geopackage,
    ".geojson": _read_geojson,
    ".json": _read_geojson,
}

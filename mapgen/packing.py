"""Find the parts of a shapefile, in a folder or in a zip, and lay them out for GDAL.

In: the path of a .shp or a .zip. Out: the paths of the parts and what messages call them. GDAL is shown a
temporary folder with nothing in it but the parts that were examined, under names of our own: whatever else
lies beside them, it does not see. What is in the parts is not looked at here.
"""

from __future__ import annotations

import lzma
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from mapgen.errors import BoundaryDataError, Position, Problem, quoted
from mapgen.examination import Examination

MAX_UNPACKED = 2 * 1024**3
MAX_MEMBERS = 10_000
MAX_RATIO = 200
RATIO_FROM = 16 * 1024**2
"""Bytes; smaller members may be packed as tightly as they like, as tables full of blanks are."""

_SUFFIXES = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_NEEDED = {".shx": "the index of its records", ".dbf": "the table with codes and names"}
_ENCRYPTED = 0x1
_CHUNK = 1024**2


@dataclass(frozen=True, slots=True)
class Parts:
    """The files that a dataset is made of.

    Attributes
    ----------
    paths : mapping of str to Path
        By suffix, in small letters.
    shown : str
        What messages call the first of them.
    """

    paths: Mapping[str, Path]
    shown: str

    def path(self, suffix: str) -> Path:
        """Return where a part is."""
        return self.paths[suffix]

    def name(self, suffix: str) -> str:
        """Return what messages call a part, there or not."""
        stem, own = os.path.splitext(self.shown)
        return stem + (suffix.upper() if own.isupper() else suffix)

    def text(self, suffix: str, limit: int) -> str | None:
        """Return the beginning of a part as text, None if the part is not there."""
        if suffix not in self.paths:
            return None
        with self.paths[suffix].open("rb") as file:
            content = file.read(limit)
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return content.decode("latin-1")

    def require(self, report: Examination) -> None:
        """Refuse a shapefile that lacks a part that cannot be done without.

        Raises
        ------
        BoundaryDataError
            Names all parts that are missing.
        """
        for suffix, use in _NEEDED.items():
            if suffix not in self.paths:
                name, beside = self.name(suffix), self.name(".shp")
                remedy = f"Copy it beside {beside}, or open {beside} in QGIS and save it as a new shapefile."
                report.refuse(name, f"is missing, {use}. {remedy}")
        report.raise_problems()


def find_parts(shp: Path, shown: str) -> Parts:
    """Return the parts of a shapefile that lie beside its .shp.

    Parameters
    ----------
    shp : Path
        The .shp; the parts have the same name but for the suffix, in small or capital letters.
    shown : str
        What messages call it.

    Returns
    -------
    Parts
    """
    paths = {".shp": shp}
    stem = shp.name[: -len(shp.suffix)]
    beside = sorted(path for path in shp.parent.iterdir() if path.name.casefold().startswith(stem.casefold()))
    for suffix in _SUFFIXES[1:]:
        like = [
            path for path in beside if path.name.casefold() == (stem + suffix).casefold() and path.is_file()
        ]
        best = next((path for path in like if path.name.startswith(stem)), None) or next(iter(like), None)
        if best is not None:
            paths[suffix] = best
    return Parts(paths, shown)


@contextmanager
def alone(parts: Parts) -> Iterator[Path]:
    """Give a folder with nothing in it but the parts of a dataset; yields the path of the first of them."""
    with tempfile.TemporaryDirectory(prefix="mapgen-") as folder:
        for suffix, path in parts.paths.items():
            target = Path(folder) / f"data{suffix}"
            if suffix in (".prj", ".cpg"):
                continue
            try:
                target.symlink_to(path.absolute())
            except OSError:  # where links need a privilege
                shutil.copyfile(path, target)
        yield Path(folder) / f"data{next(iter(parts.paths))}"


@contextmanager
def unpacked(path: Path, shown: str) -> Iterator[Parts]:
    """Unpack the one shapefile in a zip into a temporary folder.

    Parameters
    ----------
    path : Path
    shown : str
        What messages call the zip.

    Yields
    ------
    Parts
        Usable until the context ends.

    Raises
    ------
    BoundaryDataError
        If the zip is damaged, encrypted, far larger unpacked than packed, or has not exactly one shapefile
        in it.
    """
    with tempfile.TemporaryDirectory(prefix="mapgen-") as folder:
        try:
            with zipfile.ZipFile(path) as archive:
                members = _choose(archive, shown)
                paths = {suffix: Path(folder) / f"data{suffix}" for suffix in members}
                for suffix, member in members.items():
                    with archive.open(member) as source, paths[suffix].open("wb") as target:
                        _copy(source, target, member.file_size)
        except (
            zipfile.BadZipFile,
            zlib.error,
            lzma.LZMAError,
            EOFError,
            NotImplementedError,
            RuntimeError,
            OSError,
            ValueError,
        ) as error:
            message = (
                f"is a zip that cannot be unpacked: {error}. Copy it again, or unpack it and name the .shp."
            )
            raise BoundaryDataError(Problem(Position(shown), message)) from None
        yield Parts(paths, f"{shown}/{members['.shp'].filename}")


def _copy(source: object, target: object, size: int) -> None:
    """Copy a member, but not more than the size that it says."""
    left = size
    while chunk := source.read(min(_CHUNK, left + 1)):  # type: ignore[attr-defined]
        left -= len(chunk)
        if left < 0:
            raise zipfile.BadZipFile("a member is larger than it says")
        target.write(chunk)  # type: ignore[attr-defined]


def _choose(archive: zipfile.ZipFile, shown: str) -> dict[str, zipfile.ZipInfo]:
    """Return the members that make up the one shapefile in a zip, the .shp first."""

    def refuse(message: str) -> BoundaryDataError:
        return BoundaryDataError(Problem(Position(shown), message))

    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MAX_MEMBERS:
        raise refuse(
            f"holds {len(entries):,} files, expected those of one shapefile. Unpack it, and name the .shp."
        )
    for entry in entries:
        if (
            entry.filename.startswith(("/", "\\"))
            or ".." in entry.filename.replace("\\", "/").split("/")
            or ":" in entry.filename
        ):
            raise refuse(f"{quoted(entry.filename)} in it leads out of its folder. Do not trust this file.")
    # what macOS adds
    own = [entry for entry in entries if not PurePosixPath(entry.filename).name.startswith("._")]
    shapes = [entry for entry in own if entry.filename.lower().endswith(".shp")]
    if len(shapes) != 1:
        named = ", ".join(quoted(entry.filename) for entry in shapes[:5]) or "none"
        raise refuse(f"holds {len(shapes)} shapefiles ({named}), expected one. Unpack it, and name the .shp.")
    stem = shapes[0].filename[:-4].casefold()
    by_name = {entry.filename.casefold(): entry for entry in own}
    chosen = {suffix: by_name[stem + suffix] for suffix in _SUFFIXES if stem + suffix in by_name}
    for entry in chosen.values():
        if entry.flag_bits & _ENCRYPTED:
            raise refuse(f"{quoted(entry.filename)} in it is encrypted. Unpack it, and name the .shp.")
        if entry.file_size > RATIO_FROM and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise refuse(
                f"{quoted(entry.filename)} in it is packed {MAX_RATIO} times or more. Do not trust it."
            )
    if sum(entry.file_size for entry in chosen.values()) > MAX_UNPACKED:
        raise refuse(f"takes more than {MAX_UNPACKED:,} bytes unpacked. Save only the region's features.")
    return chosen

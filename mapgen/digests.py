"""Know files by their content: SHA-256 of inputs, of mapgen itself, and of what it is made with.

In: paths. Out: digests. Content decides, never a date: the date of a file only spares reading it again, and
only where it cannot mislead. Nothing is imported here that takes time.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from mapgen.bundled import example_folder

PACKAGE = Path(__file__).resolve().parent

SMALL = 65_536
"""Files of fewer bytes are read each time."""

SETTLED_SECONDS = 2.0
"""A file that changed less than this ago may change again without its date telling."""

MADE_WITH = frozenset(
    [
        *("branca", "folium", "geopandas", "jinja2", "markupsafe", "numpy", "openpyxl", "pandas"),
        *("pydantic", "pydantic-core", "pyogrio", "pyproj", "pyyaml", "shapely"),
        *("resvg-py", "uharfbuzz"),
    ]
)
"""Packages on which the bytes of a map depend."""

VARIABLES = ("CPL_", "GDAL_", "OGR_", "PROJ_", "SHAPE_")
"""How the names of environment variables begin that GDAL and PROJ listen to."""

Signature = tuple[int, int, int, int]
"""Size, times of the last change of content and of anything (ns), and number of a file."""


class Digests:
    """Digests of files, of which large ones are read again only after a change.

    Parameters
    ----------
    known : mapping, optional
        What `remembered` returned, from an earlier process.
    """

    def __init__(self, known: object = None) -> None:
        self._known: dict[str, list[object]] = known if isinstance(known, dict) else {}
        self.changed = False

    def remembered(self) -> dict[str, list[object]]:
        """Return what a later process need not compute again, as plain data."""
        return self._known

    def file(self, path: Path) -> str | None:
        """Return a file's SHA-256, None if there is none that can be read."""
        try:
            before = _signature(path)
            if before[0] < SMALL:
                return hashlib.sha256(path.read_bytes()).hexdigest()
            name = os.path.abspath(path)
            entry = self._known.get(name)
            if isinstance(entry, list) and len(entry) == 5 and tuple(entry[:4]) == before:
                return str(entry[4])
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            if _signature(path) == before and time.time_ns() - max(before[1:3]) > SETTLED_SECONDS * 1e9:
                self._known[name] = [*before, digest]
                self.changed = True
            return digest
        except (OSError, ValueError):
            return None


def tools(without: tuple[str, ...] = ()) -> str:
    """Return a digest of mapgen's own files, of the packages that it uses, and of this Python.

    Parameters
    ----------
    without : tuple of str
        Folders of the package that do not count.

    Of mapgen's files the dates count too, as they do where Python decides whether to compile a module again:
    reading them all would take longer than what this is for.
    """
    left_out = tuple(f"{PACKAGE / folder}{os.sep}" for folder in without)
    own = [each for each in _files_below(PACKAGE) if not each[0].startswith(left_out)]
    own += _files_below(example_folder() / "data" / "borders")
    system = [sys.implementation.name, *sys.version_info[:3], sys.platform, *_machine()]
    variables = sorted(each for each in os.environ.items() if each[0].startswith(VARIABLES))
    return sha256(json.dumps([sorted(own), sorted(_installed()), system, variables]))


def siblings(path: Path) -> list[Path]:
    """Return a file and all beside it whose names begin as its own does: the parts of a shapefile."""
    stem = path.name.partition(".")[0]
    with suppress(OSError):
        beside = (entry for entry in os.scandir(path.parent) if entry.name.partition(".")[0] == stem)
        return sorted(path.parent / entry.name for entry in beside if entry.is_file())
    return [path]


def sha256(text: str | bytes) -> str:
    """Return the SHA-256 of bytes, or of a text in UTF-8, in hexadecimal digits."""
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    return hashlib.sha256(data).hexdigest()


def _signature(path: str | Path) -> Signature:
    status = os.stat(path)
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def _files_below(folder: Path) -> Iterator[tuple[str, ...]]:
    """Return names and signatures of all files of a folder but those that Python leaves behind."""
    for root, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in ("__pycache__", "example")]
        for name in names:
            path = os.path.join(root, name)
            with suppress(OSError):
                yield path, *map(str, _signature(path))


def _machine() -> list[str]:
    return [os.uname().machine] if hasattr(os, "uname") else []


def _installed() -> set[str]:
    """Return names and versions of the packages in use, as their folders of metadata are called."""
    found = set()
    for place in sys.path:
        with suppress(OSError):
            for name in os.listdir(place or "."):
                match = re.fullmatch(r"(.+?)-(\d.*)\.(?:dist-info|egg-info)", name)
                if match and match[1].lower().replace("_", "-") in MADE_WITH:
                    found.add(name)
    return found

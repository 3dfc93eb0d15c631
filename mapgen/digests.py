"""Know files by their content: SHA-256 of inputs, of mapgen itself, and of what it is made with.

In: paths. Out: digests. Content decides, never a date: the date of a file only spares reading it again, and
only where it cannot mislead. Nothing is imported here that takes time.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import sys
import time
from collections.abc import Iterable, Iterator
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

    def files(self, folder: Path, paths: Iterable[Path]) -> str:
        """Return one digest of several files and their names in a folder; which are missing counts too."""
        rows = sorted((path.relative_to(folder).as_posix(), self.file(path)) for path in paths)
        return hashlib.sha256(json.dumps(rows).encode("ascii")).hexdigest()

    def tools(self) -> str:
        """Return a digest of mapgen's own files, of the packages that it uses, and of this Python."""
        parts = [
            self.files(PACKAGE, _files_below(PACKAGE)),
            self.bundled(),
            sorted(_installed()),
            [platform.python_implementation(), *sys.version_info[:3], platform.machine(), sys.platform],
            sorted((k, v) for k, v in os.environ.items() if k.startswith(VARIABLES)),
        ]
        return hashlib.sha256(json.dumps(parts).encode("ascii")).hexdigest()

    def bundled(self) -> str:
        """Return a digest of the boundary data that comes with mapgen."""
        borders = example_folder() / "data" / "borders"
        return self.files(borders, _files_below(borders))


def siblings(path: Path) -> list[Path]:
    """Return a file and all beside it whose names begin as its own does: the parts of a shapefile."""
    stem = path.name.partition(".")[0]
    with suppress(OSError):
        beside = (entry for entry in os.scandir(path.parent) if entry.name.partition(".")[0] == stem)
        return sorted(path.parent / entry.name for entry in beside if entry.is_file())
    return [path]


def sha256(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _signature(path: Path) -> Signature:
    status = os.stat(path)
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def _files_below(folder: Path) -> Iterator[Path]:
    """Return the files of a folder that mapgen is made of: nothing that Python or a system leaves behind."""
    for root, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__" and name != "example"]
        yield from (Path(root, name) for name in names if not name.endswith((".pyc", "~")) and name[0] != ".")


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

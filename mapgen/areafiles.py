"""Read the files of areas as text.

In: the path of a file in the project folder. Out: its text, or what to tell the author. What it says is read
in ``areas``; pages carry it as it is.
"""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

from mapgen.errors import CannotPlace, quoted

LARGEST = 16 * 1024 * 1024
"""Bytes; an outline on a map has a thousandth of them."""

REMEDY = "expected a GeoJSON file (RFC 7946) with polygons in degrees, inside the project folder"


def read_area_text(folder: Path, path: str) -> str:
    """Return the text of an area's file, or refuse it as `read_area` does."""
    file = folder / path
    try:
        if not file.resolve().is_relative_to(folder.resolve()):
            refuse(path, "leads out of the project folder")
        if not file.is_file():
            refuse(path, "is not there" if not file.exists() else "is not a file")
        if file.stat().st_size > LARGEST:
            refuse(path, f"has {file.stat().st_size:,} bytes, more than {LARGEST:,}")
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        refuse(path, "is not UTF-8")
    except (OSError, RuntimeError) as error:  # RuntimeError: symbolic links that lead round in a circle
        refuse(path, f"cannot be read ({getattr(error, 'strerror', None) or 'a loop of links'})")


def refuse(path: str, why: str) -> NoReturn:
    """Raise what to tell an author whose area cannot be used."""
    raise CannotPlace("unreadable-area", f"area {quoted(path)} {why}", REMEDY)

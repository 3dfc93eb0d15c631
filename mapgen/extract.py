"""Take the project out of a map's page: the way back from a page to the files that it was built from.

In: the HTML of a page. Out: a new folder with the project file, sources, annotations and areas. Nothing of
the page is executed, nothing that is there already is changed, and nothing is written that does not read as
a project.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import NoReturn

from mapgen import __version__
from mapgen.carried import Carried, unpack
from mapgen.edition import save_folder
from mapgen.errors import InputError, Position, Problem, quoted
from mapgen.fields import check_path
from mapgen.model import is_area
from mapgen.project import read_project
from mapgen.writers.yamlfiles import yaml_files

LARGEST = 256 * 1024 * 1024
"""Bytes of a page."""

# The text of a page is escaped, so only mapgen's own markup has a "<"; the standard library's parser takes
# time that grows with the square of a hostile page's length.
_BLOCK = re.compile(
    r"""<script\s(?:[^<>]*\s)?id=["']?project-data["']?(?:\s[^<>]*)?>([^<]*)</script\s*>""", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Extracted:
    """What was taken out of a page.

    Attributes
    ----------
    files : list of Path
        The files written.
    notes : tuple of str
        What stands between these files and the same map.
    """

    files: list[Path]
    notes: tuple[str, ...]


def extract_project(page: Path, output: Path) -> Extracted:
    """Write the project that a page carries into a new folder.

    Parameters
    ----------
    page : Path
        A map that mapgen built.
    output : Path
        The folder to make; it must not be there.

    Raises
    ------
    InputError
        If the file is not a page of mapgen's, its data is no project, or the folder is there already; then
        nothing was written.
    """
    carried = carried_by(page)
    return Extracted(save_folder(output, files_of(carried), check=read_project), tuple(_notes(carried)))


def carried_by(page: Path) -> Carried:
    """Return the project that a page carries.

    Raises
    ------
    InputError
        If the file is not a page of mapgen's, or its data cannot be read.
    """
    return unpack(find_block(read_page(page).decode("utf-8", "replace"), page.as_posix()))


def find_block(text: str, file: str) -> str:
    """Return the packed data that a page carries.

    Raises
    ------
    InputError
        If there is none, or more than one.
    """
    blocks = _BLOCK.findall(text)
    if len(blocks) != 1:
        found = "more than one block" if blocks else "no block"
        message = f"{found} of project data is in this file. Expected an HTML file that mapgen built."
        raise InputError(Problem(Position(file), message))
    try:
        packed = json.loads(blocks[0])
    except (ValueError, RecursionError):
        packed = None
    return packed if isinstance(packed, str) else ""


def files_of(carried: Carried) -> dict[str, str]:
    """Return the files of the project that a page carries: text by path in the project folder.

    Raises
    ------
    InputError
        If an area would lie outside the folder, or is no GeoJSON file.
    """
    try:
        files = yaml_files(carried.files)
    except RecursionError:
        _refuse("nests values too deeply")
    boundaries = carried.files.settings.get("boundaries", "")
    try:
        check_path(boundaries if isinstance(boundaries, str) else "")
        for path, text in carried.areas.items():
            files[PurePosixPath(check_path(path)).as_posix()] = text
            if not is_area(path):
                _refuse(f"calls {quoted(path)} an area")
    except ValueError as error:
        _refuse(f"names files elsewhere: {error}")
    return files


def _refuse(why: str) -> NoReturn:
    raise InputError(f"the page's data {why}. It was not written by mapgen; nothing was written here.")


def _notes(carried: Carried) -> list[str]:
    notes = [
        f"The boundaries are its author's own file, which pages do not carry: put {path} there "
        f"(SHA-256 {checksum}) before you build."
        for path, checksum in carried.boundaries.items()
    ]
    if carried.made_with != __version__:
        notes.append(
            f"The page was made with mapgen {carried.made_with}, this is {__version__}: its maps may differ."
        )
    return notes


def read_page(page: Path) -> bytes:
    """Return the bytes of a page.

    Raises
    ------
    InputError
        If it cannot be read, or is larger than `LARGEST`.
    """
    at = Position(page.as_posix())
    try:
        with page.open("rb") as file:
            data = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(Problem(at, f"the file cannot be read ({reason}).")) from None
    if len(data) > LARGEST:
        raise InputError(
            Problem(at, f"the file is larger than {LARGEST // 1024 // 1024} MiB: no map of mapgen's.")
        )
    return data

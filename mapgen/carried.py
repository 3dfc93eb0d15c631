"""Pack a project's own data into the text that its pages carry, and take it out again.

In: a project, the areas that it draws, and the checksums of its own boundary file. Out: one line of base64,
the same for the same claims wherever they lay. No folder of this machine is in it. What comes back is
distrusted: it may be from a page that somebody else made.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import Any, NoReturn

from mapgen import __version__
from mapgen.areafiles import read_area_text
from mapgen.bundled import datasets
from mapgen.errors import InputError
from mapgen.fields import check_path
from mapgen.model import Project, is_area
from mapgen.writers.plain import PlainProject, plain, plain_project

FORMAT = 1
LARGEST = 64 * 1024 * 1024
"""Bytes of a project's data, unpacked; a project of 5,000 claims has a thirtieth of them."""

BOUNDARIES = "data/borders"
"""Where a boundary file from outside the project belongs in an extracted one."""

_SHAPEFILE = (".shp", ".shx", ".dbf", ".prj", ".cpg")


@dataclass(frozen=True, slots=True)
class Carried:
    """What a page carries.

    Attributes
    ----------
    made_with : str
        Version of mapgen that made the page.
    files : PlainProject
        What the project's files say.
    areas : dict of str to str
        Text of each GeoJSON file by its path in the project.
    boundaries : dict of str to str
        SHA-256 of each file of the author's own boundary data by its path; the files are not carried.
    """

    made_with: str
    files: PlainProject
    areas: Mapping[str, str]
    boundaries: Mapping[str, str]


def collect(project: Project) -> dict[str, Any]:
    """Return what the pages of a project carry, with its areas and checksums read from the disk."""
    return contents(project, areas_of(project), checksums(project))


def contents(
    project: Project, areas: Mapping[str, str], boundaries: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return a project's data as plain values.

    Parameters
    ----------
    project : Project
    areas : mapping of str to str
        Text of each GeoJSON file that annotations name, by path.
    boundaries : mapping of str to str, optional
        SHA-256 by path, for boundary data that does not come with mapgen.
    """
    files = plain_project(project)
    named = {"boundaries": _inside(project.boundaries)} if "boundaries" in files.settings else {}
    return {
        "format": FORMAT,
        "made_with": __version__,
        "project": {**files.settings, **named},
        "sources": files.sources,
        "annotations": files.annotations,
        "areas": plain(areas),
        "boundaries": plain(boundaries or {}),
    }


def pack(value: Mapping[str, Any]) -> str:
    """Return a project's data, as `contents` gives it, as base64 of deflated JSON."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode("utf-8"), 9)).decode("ascii")


def unpack(text: str) -> Carried:
    """Return the data that `pack` made a text of.

    Raises
    ------
    InputError
        If it is not such a text, or larger than `LARGEST` when it is unpacked. What the project says is not
        checked here.
    """
    value = _loads(_inflate(text))
    kinds = {"project": dict, "sources": list, "annotations": list, "areas": dict, "boundaries": dict}
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        made_with = value.get("made_with") if isinstance(value, dict) else None
        raise InputError(
            f"the page's data has another form than this mapgen ({__version__}) reads. Take the mapgen that "
            f"made the page{f' ({made_with})' if isinstance(made_with, str) else ''}, or a later one."
        )
    if not all(isinstance(value.get(name), kind) for name, kind in kinds.items()):
        _refuse("parts are missing")
    texts = (*value["areas"].values(), *value["boundaries"].values(), value.get("made_with"))
    items = (*value["sources"], *value["annotations"])
    if not all(isinstance(each, str) for each in texts) or not all(isinstance(each, dict) for each in items):
        _refuse("parts are of the wrong kind")
    files = PlainProject(value["project"], value["sources"], value["annotations"])
    return Carried(value["made_with"], files, value["areas"], value["boundaries"])


def areas_of(project: Project) -> dict[str, str]:
    """Return the text of each area's file that annotations name, sorted by path.

    Raises
    ------
    CannotPlace
        If one cannot be read.
    """
    named = set()
    for annotation in project.annotations:
        for location in annotation.where:
            value = location.value if isinstance(location.value, tuple) else (location.value,)
            if location.kind in ("area", "route", "relation"):
                named |= {each for each in value if isinstance(each, str) and is_area(each)}
    return {path: read_area_text(project.folder, path) for path in sorted(named)}


def checksums(project: Project) -> dict[str, str]:
    """Return the SHA-256 of each file of a project's own boundary data, nothing for bundled data."""
    if project.boundaries in datasets():
        return {}
    file = project.folder / project.boundaries.partition("|")[0]
    named = Path(_inside(project.boundaries).partition("|")[0])
    suffixes = _SHAPEFILE if file.suffix.lower() == ".shp" else (file.suffix,)
    there = {named.with_suffix(suffix).as_posix(): file.with_suffix(suffix) for suffix in suffixes}
    return {name: _sha256(path) for name, path in there.items() if path.is_file()}


def _inside(boundaries: str) -> str:
    """Return the path of a boundary file in the project; one from elsewhere keeps nothing but its name."""
    try:
        return check_path(boundaries)
    except ValueError:
        file, mark, layer = boundaries.partition("|")
        return f"{BOUNDARIES}/{PureWindowsPath(file).name}{mark}{layer}"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _inflate(text: str) -> bytes:
    try:
        packed = base64.b64decode(text, validate=True)
        stream = zlib.decompressobj()
        data = stream.decompress(packed, LARGEST)
    except (binascii.Error, ValueError, zlib.error):
        _refuse("it is no packed data")
    if stream.unconsumed_tail:
        _refuse(f"it holds more than {LARGEST // 1024 // 1024} MiB")
    if not stream.eof:
        _refuse("its end is missing")
    return data


def _loads(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):
        _refuse("it is no JSON that mapgen wrote")


def _refuse(why: str) -> NoReturn:
    raise InputError(
        f"the page's data cannot be read: {why}. Get the page again from where it was published."
    )

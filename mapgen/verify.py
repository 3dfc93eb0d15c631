"""Verify a map: whether its file is as it was built, and whether a build of its project would give the same.

In: the HTML file of a map, and a project. Out: a verdict, with what is different. A digest tells of accidents
and of changes that do not hide; it is no signature, and does not tell who made a map.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mapgen.errors import InputError, Position, Problem, quoted
from mapgen.extract import read_page
from mapgen.loading import load
from mapgen.manifest import is_whole

_BLOCK = re.compile(r'<script type="application/json" id="manifest">([^<]*)</script>')

NAMES = {
    "mapgen": "mapgen's version",
    "project": "the project file",
    "sources": "the sources",
    "annotations": "the claims",
    "areas": "the areas",
    "boundaries": "the boundary data",
    "worldview": "the worldview",
    "as_of": "the as-of date",
    "set_aside": "the findings set aside",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of a map.

    Attributes
    ----------
    whole : bool
        Whether every byte is as it was built.
    current : bool or None
        Whether a build of the project gives the same bytes; None if there is no project to compare with.
    manifest : mapping
        What the map says went into it.
    differences : tuple of str
        What is different in the project, in words.
    """

    whole: bool
    current: bool | None
    manifest: Mapping[str, Any]
    differences: tuple[str, ...] = ()


def verify_map(page: Path, project: Path | None = None) -> Verdict:
    """Verify a map.

    Parameters
    ----------
    page : Path
        The HTML file.
    project : Path, optional
        A project, by its file or folder, that the map is compared with. Nothing is written.

    Raises
    ------
    InputError
        If the file is no map with a manifest, or the project cannot be built.
    """
    data = read_page(page)
    whole, manifest = is_whole(data), read_manifest(data)
    if whole is None or manifest is None:
        message = (
            "no manifest is in this file. Expected an HTML file that mapgen built, of this version or later."
        )
        raise InputError(Problem(Position(page.as_posix()), message))
    if project is None:
        return Verdict(whole, None, manifest)
    maps = {each.name: each.html for each in load(project).maps()}
    built = maps.get(str(manifest.get("map")))
    if built is None:
        named = quoted(str(manifest.get("map")))
        return Verdict(whole, False, manifest, (f"the project has no map {named}",))
    current = built.encode("utf-8") == data
    found = read_manifest(built.encode("utf-8")) or {}
    return Verdict(whole, current, manifest, () if current else tuple(_differences(manifest, found)))


def read_manifest(page: bytes) -> dict[str, Any] | None:
    """Return the manifest that a page carries, None if it has none that can be read."""
    blocks = _BLOCK.findall(page.decode("utf-8", "replace"))
    try:
        value = json.loads(blocks[0]) if len(blocks) == 1 else None
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """Say what is different between a map's manifest and that of a build."""
    flat_old, flat_new = (
        {**manifest, **(parts if isinstance(parts := manifest.get("project"), dict) else {})}
        for manifest in (old, new)
    )
    for key, name in NAMES.items():
        if flat_old.get(key) != flat_new.get(key):
            texts = [_short(each.get(key)) for each in (flat_old, flat_new)]
            yield f"{name}: {texts[0]} in the map, {texts[1]} now" if all(texts) else f"{name} changed"


def _short(value: object) -> str:
    """Return a value that can be told in a word."""
    if isinstance(value, dict) and "title" in value:
        value = value["title"]
    text = value if isinstance(value, str) else "none" if value is None else ""
    return text if len(text) < 40 else ""


def describe_verdict(verdict: Verdict, page: Path, project: Path | None) -> tuple[list[str], list[str]]:
    """Return a verdict in sentences: what is as it should be, and what is not."""
    name, manifest = page.as_posix(), verdict.manifest
    made = (
        f"made with mapgen {manifest.get('mapgen')}",
        _short(manifest.get("boundaries")),
        f"worldview {_short(manifest.get('worldview'))}",
        f"as of {_short(manifest.get('as_of'))}" if manifest.get("as_of") else "no as-of date",
    )
    good, bad = [], []
    if verdict.whole:
        good.append(f"{name} is whole: {', '.join(filter(None, made))}")
    else:
        bad.append(f"{name} is not as it was built: its bytes do not fit its digest. Get it again.")
    if verdict.current:
        good.append(f"{name} is current: a build of {project} gives the same bytes")
    elif verdict.current is False and (verdict.whole or verdict.differences):
        why = "; ".join(verdict.differences) or "mapgen itself, or the libraries that it uses, changed"
        bad.append(f"{name} is not current: {why}. Build {project} again.")
    return good, bad

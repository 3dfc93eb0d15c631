"""Pictures for tests: of the default project, read once, and what is asked of an SVG.

In: options. Out: pictures, and their parts. What is expected of them is said in the tests.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import shapely

from mapgen.cache import Cache
from mapgen.picture import Picture, PictureOptions, Subject, draw_picture, read_subject
from tests.projects import default_project

SVG = "{http://www.w3.org/2000/svg}"

_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?")


KEPT = Cache(Path(tempfile.mkdtemp(prefix="mapgen-pictures-")))
"""Both maps of the default project have one geometry, which is made once."""


@cache
def subject(name: str = "overview", language: str | None = None) -> Subject:
    """Return a map of the default project."""
    return read_subject(default_project(), name, options=PictureOptions(language=language), cache=KEPT)


@cache
def picture(name: str = "overview", **options: Any) -> Picture:
    """Return a picture of a map of the default project."""
    return draw_picture(subject(name, options.get("language")), PictureOptions(**options))


def tree(svg: str) -> ElementTree.Element:
    """Return an SVG as XML."""
    return ElementTree.fromstring(svg)


def said(svg: str) -> list[str]:
    """Return the texts of an SVG, each as it stands there, without marks of direction."""
    return [(each.text or "").strip("\u2067\u2069") for each in tree(svg).iter(f"{SVG}text")]


def read_path(d: str) -> list[np.ndarray[Any, Any]]:
    """Return the lines of path data of M, L, l and z as arrays of positions; no curves."""
    lines = []
    for part in re.findall(r"M[^M]*", d):
        numbers = np.array([float(number) for number in _NUMBER.findall(part)]).reshape(-1, 2)
        assert not set(re.findall("[A-Za-z]", part)) - set("MLlz"), part[:80]
        lines.append(np.cumsum(numbers, axis=0) if "l" in part else numbers)
    return lines


def farthest(lines: list[np.ndarray[Any, Any]], others: list[np.ndarray[Any, Any]]) -> float:
    """Return how far the vertices of lines are from other lines, at most."""
    target = shapely.multilinestrings([shapely.linestrings(other) for other in others if len(other) > 1])
    shapely.prepare(target)
    return float(shapely.distance(shapely.points(np.concatenate(lines)), target).max())


def paths(svg: str, group: str) -> Iterator[ElementTree.Element]:
    """Yield the paths of one of the groups of an SVG, such as ``base``."""
    (found,) = (each for each in tree(svg).iter(f"{SVG}g") if each.get("id") == group)
    yield from found.iter(f"{SVG}path")

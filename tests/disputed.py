"""Projects that touch disputes, under several worldviews: what tests of drawings and of pages share.

In: the name of a region. Out: its project, and what is drawn of it, on the real boundary data. What is
expected of them is said in the tests.
"""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from mapgen.boundaries import Boundaries
from mapgen.build import build_project
from mapgen.drawing import Drawing, draw
from mapgen.frame import Frame
from mapgen.generalise import Arcs, Detail
from mapgen.model import Project
from mapgen.preparing import Placed, place
from mapgen.project import read_project
from mapgen.sheet import Sheet, lay_out
from tests.projects import write_project

CRIMEA: dict[str, Any] = {
    "territories": ["UKR"],
    "worldviews": ["neutral", "de_facto", "international", "UA", "RU"],
    "projection": "conic",
    "maps": [{"name": "map", "extent": [28, 43, 42, 51]}],
}
SAHARA: dict[str, Any] = {
    "territories": ["MAR"],
    "worldviews": ["neutral", "de_facto", "international", "MA"],
    "maps": [{"name": "map", "extent": [-18, 20, -1, 36]}],
}
GOLAN: dict[str, Any] = {
    "territories": ["ISR", "SYR"],
    "worldviews": ["neutral", "de_facto"],
    "maps": [{"name": "map", "extent": [34, 31, 38, 35]}],
}
CYPRUS: dict[str, Any] = {
    "territories": ["CYP", "CYN"],
    "worldview": "neutral",
    "worldviews": ["international", "TR"],
    "maps": [{"name": "map", "extent": [32, 34.4, 35, 35.8]}],
}
REGIONS = {"crimea": CRIMEA, "sahara": SAHARA, "cyprus": CYPRUS, "golan": GOLAN}
CLAIMS = {
    "crimea": [
        {"id": "border", "where": {"border": "RUS-UKR"}},
        {"id": "kyiv", "where": {"point": [30.5, 50.4]}},
    ],
    "sahara": [
        {"id": "rabat", "where": {"place": "Rabat"}},
        {"id": "border", "where": {"border": "MAR-SAH"}},
    ],
    "golan": [{"id": "border", "where": {"border": "ISR-SYR"}}],
    "cyprus": [
        {"id": "north", "where": {"territory": "CYN"}},
        {"id": "line", "where": {"border": "CYN-CNM"}},
        {"id": "troodos", "where": {"point": [32.87, 34.92]}},
    ],
}


@cache
def folder(region: str, worldview: str = "neutral") -> Path:
    keys = {**REGIONS[region], "worldview": worldview}
    made = Path(tempfile.mkdtemp(prefix=f"{region}-"))
    return write_project(made, CLAIMS[region], **keys)


@cache
def project(region: str, worldview: str = "neutral") -> Project:
    return read_project(folder(region, worldview))


@cache
def placed(region: str, worldview: str = "neutral") -> Placed:
    return place(project(region, worldview))


def boundaries(region: str, worldview: str = "neutral") -> Boundaries:
    return placed(region, worldview).placer.boundaries


def frame(region: str, worldview: str = "neutral") -> Frame:
    (only,) = placed(region, worldview).frames.values()
    return only


@cache
def sheet(region: str, worldview: str = "neutral") -> Sheet:
    known = placed(region, worldview)
    own = frame(region, worldview)
    focus = known.placer.project.territories
    return lay_out(known.placer.boundaries, known.placements, own, Detail.of(own), focus=focus)


@cache
def arcs(region: str) -> Arcs:
    own = frame(region)
    return Arcs(sheet(region).topology, own, Detail.of(own))


@cache
def drawing(region: str, worldview: str = "neutral") -> Drawing:
    known = placed(region, worldview)
    return draw(
        known.placer.boundaries,
        known.placements,
        frame(region, worldview),
        project=known.placer.project,
        gazetteer=known.placer.gazetteer,
    )


@cache
def page(region: str, worldview: str = "neutral") -> str:
    (text,) = build_project(project(region, worldview)).pages.values()
    return text


def on_grid(region: str, longitude: float, latitude: float) -> tuple[float, float]:
    """Where a place lies in the units of a map's grid."""
    x, y = frame(region).grid.snap(np.array([[longitude, latitude]]))[0]
    return float(x), float(y)
